//! Boosted trees: how likely it is that something described by numbers is so.
//!
//! Each tree asks the same question of all its nodes at one depth (Prokhorenkova et al. 2018, `CatBoost`), so that a leaf is
//! found by as many comparisons as the tree is deep and without a branch, in many rows at once.

/// Questions a tree asks.
const DEPTH: usize = 6;

/// Leaves of a tree.
const LEAVES: usize = 1 << DEPTH;

/// Numbers of a row, at most.
const COLUMNS: usize = 64;

/// Rows that are read together.
const ROWS: usize = 16;

/// Values that are told apart of each number while training.
const BINS: usize = 64;

/// Bytes of a tree in a file.
const TREE_BYTES: usize = DEPTH * 5 + LEAVES * 4;

/// How trees are grown.
#[derive(Debug, Clone, Copy)]
pub struct TreeSettings {
    /// How many.
    pub trees: usize,
    /// The share of its correction that each tree makes.
    pub rate: f32,
    /// L2 regularisation of the leaves.
    pub l2: f32,
}

/// Trees over rows of `N` numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trees<const N: usize> {
    trees: Vec<Tree>,
}

#[derive(Debug, Clone, PartialEq)]
struct Tree {
    /// The number that is looked at, and what it must exceed.
    questions: [(u8, f32); DEPTH],
    leaves: [f32; LEAVES],
}

impl<const N: usize> Trees<N> {
    /// The probability of each row. Rows are read together: what a tree asks is asked of many rows at once.
    pub fn probabilities(&self, rows: &[[f32; N]]) -> Vec<f32> {
        let mut probabilities = Vec::with_capacity(rows.len());
        for rows in rows.chunks(ROWS) {
            // With a length that every number of a column stays below, no access needs a check.
            let mut columns = [[0.0; ROWS]; COLUMNS];
            for (number, row) in rows.iter().enumerate() {
                columns.iter_mut().zip(row).for_each(|(column, value)| column[number] = *value);
            }
            let mut scores = [0.0; ROWS];
            for tree in &self.trees {
                let leaves = tree.leaves_of(&columns);
                scores.iter_mut().zip(leaves).for_each(|(score, leaf)| *score += tree.leaves[leaf as usize % LEAVES]);
            }
            probabilities.extend(scores[..rows.len()].iter().map(|score: &f32| 1.0 / (1.0 + (-score).exp())));
        }
        probabilities
    }

    /// Learns the targets of rows, each from 0 to 1. The same rows give the same trees.
    pub fn fit(rows: &[[f32; N]], targets: &[f32], settings: TreeSettings) -> Self {
        let cuts: Vec<Vec<f32>> = (0..N).map(|column| cuts(rows, column)).collect();
        let bins: Vec<Vec<u8>> = cuts
            .iter()
            .enumerate()
            .map(|(column, cuts)| rows.iter().map(|row| cuts.partition_point(|cut| *cut < row[column]) as u8).collect())
            .collect();
        let mut scores = vec![0.0f32; rows.len()];
        let trees = (0..settings.trees)
            .map(|number| {
                let slope = |(row, (score, target)): (usize, (&f32, &f32))| {
                    let p = 1.0 / (1.0 + (-score).exp());
                    // Each tree learns from half of the rows.
                    let counts = (row.wrapping_mul(0x9E37_79B9) >> (number % 16)) & 1 == 0;
                    if counts { [target - p, p * (1.0 - p)] } else { [0.0; 2] }
                };
                let slopes: Vec<[f32; 2]> = scores.iter().zip(targets).enumerate().map(slope).collect();
                let (tree, leaf) = grow(&bins, &cuts, &slopes, settings);
                scores.iter_mut().zip(leaf).for_each(|(score, leaf)| *score += tree.leaves[usize::from(leaf)]);
                tree
            })
            .collect();
        Trees { trees }
    }

    /// As a file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let tree = |tree: &Tree| -> Vec<u8> {
            let questions =
                tree.questions.iter().flat_map(|(column, cut)| std::iter::once(*column).chain(cut.to_le_bytes()));
            questions.chain(tree.leaves.iter().flat_map(|leaf| leaf.to_le_bytes())).collect()
        };
        self.trees.iter().flat_map(tree).collect()
    }

    /// From the bytes of a file; none if they are not trees over `N` numbers.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let trees = bytes.chunks(TREE_BYTES).map(|bytes| {
            let (questions, leaves) = bytes.split_at_checked(DEPTH * 5).filter(|_| bytes.len() == TREE_BYTES)?;
            let number = |bytes: &[u8]| bytes.try_into().ok().map(f32::from_le_bytes);
            let mut tree = Tree { questions: [(0, 0.0); DEPTH], leaves: [0.0; LEAVES] };
            for (question, bytes) in tree.questions.iter_mut().zip(questions.chunks_exact(5)) {
                *question = (bytes[0], number(&bytes[1..])?);
            }
            for (leaf, bytes) in tree.leaves.iter_mut().zip(leaves.chunks_exact(4)) {
                *leaf = number(bytes)?;
            }
            tree.questions.iter().all(|(column, _)| usize::from(*column) < N.min(COLUMNS)).then_some(tree)
        });
        Some(Trees { trees: trees.collect::<Option<_>>()? })
    }
}

impl Tree {
    /// The leaf of each row.
    #[inline]
    fn leaves_of(&self, columns: &[[f32; ROWS]; COLUMNS]) -> [u32; ROWS] {
        let mut leaves = [0; ROWS];
        for (depth, (column, cut)) in self.questions.iter().enumerate() {
            for (leaf, value) in leaves.iter_mut().zip(&columns[usize::from(*column) % COLUMNS]) {
                *leaf |= u32::from(value > cut) << depth;
            }
        }
        leaves
    }
}

/// Up to [`BINS`]` - 1` values between which the numbers of a column are shared out evenly.
fn cuts<const N: usize>(rows: &[[f32; N]], column: usize) -> Vec<f32> {
    let mut values: Vec<f32> = rows.iter().map(|row| row[column]).collect();
    values.sort_by(f32::total_cmp);
    let mut cuts: Vec<f32> = (1..BINS).filter_map(|n| values.get(n * values.len() / BINS).copied()).collect();
    cuts.dedup();
    // Nothing exceeds the highest value.
    cuts.retain(|cut| values.last().is_some_and(|last| cut < last));
    cuts
}

/// Grows a tree that follows the slopes of the loss, and says in which of its leaves each row is.
fn grow(bins: &[Vec<u8>], cuts: &[Vec<f32>], slopes: &[[f32; 2]], settings: TreeSettings) -> (Tree, Vec<u8>) {
    let mut leaf = vec![0u8; slopes.len()];
    let counted: Vec<u32> = (0..slopes.len() as u32).filter(|row| slopes[*row as usize][1] > 0.0).collect();
    let mut questions = [(0, f32::MAX); DEPTH];
    for (depth, question) in questions.iter_mut().enumerate() {
        let mut best = 0.0;
        let mut bin_of_best = 0;
        for (column, bins) in bins.iter().enumerate() {
            let mut sums = vec![[0.0f64; 2]; BINS << depth];
            for row in counted.iter().map(|row| *row as usize) {
                let (slope, sum) = (slopes[row], &mut sums[usize::from(leaf[row]) * BINS + usize::from(bins[row])]);
                sum[0] += f64::from(slope[0]);
                sum[1] += f64::from(slope[1]);
            }
            let mut gains = [0.0; BINS];
            for sums in sums.chunks(BINS) {
                let all = sums.iter().fold([0.0; 2], |a, b| [a[0] + b[0], a[1] + b[1]]);
                let gain = |sum: [f64; 2]| sum[0] * sum[0] / (sum[1] + f64::from(settings.l2));
                let mut low = [0.0; 2];
                for (gained, sum) in gains.iter_mut().zip(sums) {
                    low = [low[0] + sum[0], low[1] + sum[1]];
                    *gained += gain(low) + gain([all[0] - low[0], all[1] - low[1]]) - gain(all);
                }
            }
            for (bin, cut) in cuts[column].iter().enumerate() {
                if gains[bin] > best {
                    best = gains[bin];
                    bin_of_best = bin;
                    *question = (column as u8, *cut);
                }
            }
        }
        if best > 0.0 {
            for (leaf, bin) in leaf.iter_mut().zip(&bins[usize::from(question.0)]) {
                *leaf |= u8::from(usize::from(*bin) > bin_of_best) << depth;
            }
        }
    }
    let mut sums = [[0.0f64; 2]; LEAVES];
    for (leaf, slope) in leaf.iter().zip(slopes) {
        sums[usize::from(*leaf)][0] += f64::from(slope[0]);
        sums[usize::from(*leaf)][1] += f64::from(slope[1]);
    }
    let value = |sum: [f64; 2]| (sum[0] / (sum[1] + f64::from(settings.l2))) as f32 * settings.rate;
    (Tree { questions, leaves: sums.map(value) }, leaf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_learn_what_depends_on_two_numbers_and_are_read_back() {
        let rows: Vec<[f32; 3]> = (0..2000).map(|i| [(i % 7) as f32, (i % 11) as f32, (i % 13) as f32]).collect();
        let is_so = |row: &[f32; 3]| (row[0] > 3.0) != (row[1] > 5.0);
        let targets: Vec<f32> = rows.iter().map(|row| f32::from(u8::from(is_so(row)))).collect();
        let trees = Trees::fit(&rows, &targets, TreeSettings { trees: 30, rate: 0.3, l2: 1.0 });
        let found = trees.probabilities(&rows);
        assert!(found.len() == rows.len() && rows.iter().zip(&found).all(|(row, p)| (*p > 0.5) == is_so(row)));
        assert_eq!(Trees::from_bytes(&trees.to_bytes()).as_ref(), Some(&trees));
        assert_eq!(Trees::<1>::from_bytes(&trees.to_bytes()), None, "a number that is not there");
        assert_eq!(Trees::<3>::from_bytes(&trees.to_bytes()[1..]), None);
    }
}

//! Training by FTRL-proximal (`McMahan` et al., "Ad click prediction: a view from the trenches", 2013): stochastic
//! gradients with a learning rate of its own for each weight, L1 to keep few of them, L2 to keep them small.

use super::examples::{Examples, IGNORED};
use super::lattice::{Lattice, Transitions};
use super::model::Model;
use super::weights::Weights;

/// The constant that keeps the first steps of the learning rate small (β in the paper).
const DAMPING: f32 = 1.0;

/// Gradients below this change nothing worth the time.
const NEGLIGIBLE: f32 = 1e-4;

/// How to train.
#[derive(Debug, Clone)]
pub struct TrainSettings {
    /// Labels depend on the label before: a linear-chain CRF rather than a classifier of single tokens.
    pub chain: bool,
    /// Times that every sequence is looked at.
    pub epochs: usize,
    /// Learning rate (α in the paper).
    pub rate: f32,
    /// Strength of L1.
    pub l1: f32,
    /// Strength of L2.
    pub l2: f32,
    /// Features that occur in fewer tokens are left out.
    pub least: u32,
    /// At most so many features are kept, those with the largest weights.
    pub keep: usize,
    /// Models trained in different orders and averaged.
    pub seeds: u32,
}

/// Where training is: passed to the caller after every epoch.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Epochs done, over all seeds.
    pub done: usize,
    /// Epochs to do.
    pub of: usize,
    /// Mean loss a token in the last epoch, in nats.
    pub loss: f32,
}

/// The outcome of training, at full precision.
#[derive(Debug)]
pub struct Trained<'e, const L: usize> {
    examples: &'e Examples,
    transitions: Transitions<L>,
    /// The weights of each feature.
    weights: Vec<[f32; L]>,
    keep: usize,
}

/// Trains a model of `L` labels on the sequences of `examples` for which `chosen` holds.
/// The same input gives the same model.
pub fn train<'e, const L: usize>(
    examples: &'e Examples,
    chosen: impl Fn(usize) -> bool,
    settings: &TrainSettings,
    mut progress: impl FnMut(Progress),
) -> Trained<'e, L> {
    let mut order: Vec<usize> = (0..examples.len()).filter(|&s| chosen(s)).collect();
    let tokens: usize = order.iter().map(|&s| examples.sequence(s).len()).sum();
    let mut weights = vec![[0.0; L]; examples.hashes.len()];
    let mut transitions = [[0.0; L]; L];
    for seed in 0..settings.seeds {
        let mut learner = Learner::<L>::new(examples, settings);
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (u64::from(seed) << 17));
        for epoch in 0..settings.epochs {
            random.shuffle(&mut order);
            let loss: f32 = order.iter().map(|&s| learner.learn(examples, s)).sum();
            let done = seed as usize * settings.epochs + epoch + 1;
            let of = settings.seeds as usize * settings.epochs;
            progress(Progress { done, of, loss: loss / tokens.max(1) as f32 });
        }
        learner.add_to(&mut weights, &mut transitions);
    }
    let share = 1.0 / settings.seeds.max(1) as f32;
    weights.iter_mut().chain(&mut transitions).flatten().for_each(|w| *w *= share);
    Trained { examples, transitions, weights, keep: settings.keep }
}

impl<const L: usize> Trained<'_, L> {
    /// The model with the strongest features, quantised.
    pub fn model<const W: usize>(&self) -> Model<L, W> {
        let relative = |row: &[f32; L]| -> [f32; W] { std::array::from_fn(|label| row[label + 1] - row[0]) };
        let strength = |row: &[f32; L]| relative(row).iter().fold(0.0f32, |most, w| most.max(w.abs()));
        let strengths = self.weights.iter().map(strength).enumerate();
        let mut kept: Vec<(usize, f32)> = strengths.filter(|(_, strength)| *strength > 0.0).collect();
        kept.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        kept.truncate(self.keep);
        let most = kept.first().map_or(1.0, |k| k.1);
        let unit = most / 127.0;
        let quantise = |w: f32| (w / unit).round().clamp(-127.0, 127.0) as i8;
        let rows: Vec<(u64, [i8; W])> = kept
            .iter()
            .map(|&(feature, _)| (self.examples.hashes[feature], relative(&self.weights[feature]).map(quantise)))
            .filter(|(_, row)| row.iter().any(|w| *w != 0))
            .collect();
        Model::new(self.examples.templates.clone(), self.transitions, unit, Weights::build(rows.into_iter()))
    }
}

/// One weight while it is learnt.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    weight: f32,
    /// Sum of gradients, corrected for the changes of the learning rate.
    z: f32,
    /// Sum of squared gradients.
    n: f32,
}

struct Learner<'s, const L: usize> {
    settings: &'s TrainSettings,
    /// Index of each feature's weights in `cells`; none for rare ones.
    rows: Vec<u32>,
    cells: Vec<[Cell; L]>,
    transitions: [[Cell; L]; L],
    lattice: Lattice<L>,
}

const RARE: u32 = u32::MAX;

impl<'s, const L: usize> Learner<'s, L> {
    fn new(examples: &Examples, settings: &'s TrainSettings) -> Self {
        let mut used = 0;
        let rows = examples
            .counts
            .iter()
            .map(|&count| {
                if count < settings.least {
                    return RARE;
                }
                used += 1;
                used - 1
            })
            .collect();
        let cells = vec![[Cell::default(); L]; used as usize];
        Learner { settings, rows, cells, transitions: [[Cell::default(); L]; L], lattice: Lattice::default() }
    }

    /// Learns from one sequence; gives its loss.
    fn learn(&mut self, examples: &Examples, sequence: usize) -> f32 {
        let tokens = examples.sequence(sequence);
        self.lattice.start();
        for token in tokens.clone() {
            self.lattice.push(self.scores(examples.token(token).0));
        }
        let exp = self.transitions.map(|row| row.map(|cell| cell.weight.exp()));
        let marginals = self.lattice.marginals(&exp);
        let mut loss = 0.0;
        for (row, token) in marginals.iter().zip(tokens.clone()) {
            let (features, gold) = examples.token(token);
            if gold == IGNORED {
                continue;
            }
            loss -= row[usize::from(gold)].max(1e-9).ln();
            for (label, p) in row.iter().enumerate() {
                let gradient = p - f32::from(label == usize::from(gold));
                if gradient.abs() < NEGLIGIBLE {
                    continue;
                }
                for &feature in features {
                    let row = self.rows[feature as usize];
                    if row != RARE {
                        self.cells[row as usize][label].update(gradient, self.settings);
                    }
                }
            }
        }
        if self.settings.chain {
            self.learn_steps(examples, tokens, &exp);
        }
        loss
    }

    fn scores(&self, features: &[u32]) -> [f32; L] {
        let mut scores = [0.0; L];
        for &feature in features {
            let row = self.rows[feature as usize];
            if row != RARE {
                scores.iter_mut().zip(&self.cells[row as usize]).for_each(|(s, c)| *s += c.weight);
            }
        }
        scores
    }

    fn learn_steps(&mut self, examples: &Examples, tokens: std::ops::Range<usize>, exp: &Transitions<L>) {
        let mut gradients = [[0.0; L]; L];
        self.lattice.expected_steps(exp, &mut gradients);
        for token in tokens.skip(1) {
            let (from, to) = (examples.token(token - 1).1, examples.token(token).1);
            gradients[usize::from(from)][usize::from(to)] -= 1.0;
        }
        for (step, gradient) in self.transitions.iter_mut().flatten().zip(gradients.iter().flatten()) {
            step.update(*gradient, self.settings);
        }
    }

    fn add_to(&self, weights: &mut [[f32; L]], transitions: &mut Transitions<L>) {
        let add = |sum: &mut [f32; L], cells: &[Cell; L]| sum.iter_mut().zip(cells).for_each(|(w, c)| *w += c.weight);
        for (row, sum) in self.rows.iter().zip(weights) {
            if *row != RARE {
                add(sum, &self.cells[*row as usize]);
            }
        }
        transitions.iter_mut().zip(&self.transitions).for_each(|(sum, cells)| add(sum, cells));
    }
}

impl Cell {
    #[inline]
    fn update(&mut self, gradient: f32, settings: &TrainSettings) {
        let n = self.n + gradient * gradient;
        let root = n.sqrt();
        self.z += gradient - (root - self.n.sqrt()) / settings.rate * self.weight;
        self.n = n;
        self.weight = if self.z.abs() <= settings.l1 {
            0.0
        } else {
            -(self.z - settings.l1.copysign(self.z)) / ((DAMPING + root) / settings.rate + settings.l2)
        };
    }
}

/// Xorshift: a small generator, so that training is the same everywhere.
struct Random(u64);

impl Random {
    fn shuffle(&mut self, items: &mut [usize]) {
        for i in (1..items.len()).rev() {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            items.swap(i, (self.0 % (i as u64 + 1)) as usize);
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::tagger::{BORDER_ROWS, Column, Columns, Templates, TokenView};

    const TEMPLATES: &str = "word word-1";
    /// Words of the first test are looked up in a table, others are not.
    const COLUMNS: &[Column] = &[Column::few("word", 7)];

    fn settings(chain: bool) -> TrainSettings {
        TrainSettings { chain, epochs: 20, rate: 0.5, l1: 0.01, l2: 0.01, least: 1, keep: 1000, seeds: 2 }
    }

    fn columns(words: &[u32]) -> Columns {
        let mut columns = Columns::new(1);
        for word in words {
            columns.push(&[*word]);
        }
        columns.border();
        columns
    }

    type Data<'d> = &'d [(&'d [u32], &'d [u8])];

    fn examples(data: Data) -> Examples {
        let mut examples = Examples::new(Templates::parse(COLUMNS, &[], TEMPLATES).unwrap());
        for (words, gold) in data {
            let text = columns(words);
            examples.push((0..words.len()).map(|i| (TokenView::absolute(&text, BORDER_ROWS + i), gold[i])));
        }
        examples
    }

    /// What a model makes of the words of `data`, once it has gone through its own bytes.
    fn read<const L: usize, const W: usize, T>(
        model: &Model<L, W>,
        data: Data,
        tag: impl Fn(&Model<L, W>, &[[i16; W]]) -> T,
    ) -> Vec<T> {
        let model = Model::<L, W>::from_bytes(COLUMNS, &[], &model.to_bytes()).unwrap();
        let plan = model.plan(model.templates());
        let sums = |text: &Columns, i| {
            let view = TokenView::absolute(text, BORDER_ROWS + i);
            let (mut sums, mut by_plan) = ([0; W], [0; W]);
            model.add(model.templates(), view, &mut sums);
            model.add_by(&plan, view, &mut by_plan);
            assert_eq!(sums, by_plan);
            sums
        };
        let rows = |words: &[u32]| (0..words.len()).map(|i| sums(&columns(words), i)).collect::<Vec<_>>();
        data.iter().map(|(words, _)| tag(&model, &rows(words))).collect()
    }

    #[test]
    fn a_classifier_learns_words_in_context() {
        let data: Data = &[(&[5, 6, 7], &[0, 1, 0]), (&[9, 6, 7], &[0, 0, 0]), (&[5, 6], &[0, 1])];
        let examples = examples(data);
        let model = train::<2>(&examples, |_| true, &settings(false), |_| ()).model::<1>();
        let found = read(&model, data, |_, rows| rows.iter().map(|[sum]| u8::from(*sum > 0)).collect::<Vec<_>>());
        assert_eq!(found, [vec![0, 1, 0], vec![0, 0, 0], vec![0, 1]]);
    }

    #[test]
    fn a_chain_carries_a_label_on() {
        // Word 8 says nothing by itself: whether it is inside depends on how the run began, three words before.
        let data: Data =
            &[(&[5, 8, 8, 8], &[1, 2, 2, 2]), (&[6, 8, 8, 8], &[0, 0, 0, 0]), (&[5, 8, 8, 8], &[1, 2, 2, 2])];
        let examples = examples(data);
        let model = train::<3>(&examples, |_| true, &settings(true), |_| ()).model::<2>();
        let found = read(&model, data, |model, rows| {
            let (mut lattice, mut labels) = (Lattice::default(), Vec::new());
            lattice.start();
            for sums in rows {
                lattice.push(model.scores(*sums));
            }
            model.best(&mut lattice, &mut labels);
            labels
        });
        assert_eq!(found, [[1, 2, 2, 2], [0; 4], [1, 2, 2, 2]]);
    }
}

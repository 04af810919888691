//! The arithmetic of a linear chain: most likely labels and the probability of each.
//!
//! The number of labels is a constant of the type, so that the loops over them are unrolled.

/// What a step from one label (row) to the next (column) scores; all zero where labels do not depend on each other.
pub type Transitions<const L: usize> = [[f32; L]; L];

/// The score of a label that a token must not have.
const RULED_OUT: f32 = -1e4;

/// Scores of a sequence of tokens with `L` labels, and the working space to decode them.
/// Reused from sequence to sequence: nothing is allocated once it has grown.
#[derive(Debug)]
pub struct Lattice<const L: usize> {
    scores: Vec<[f32; L]>,
    /// Scores to the power of e, the highest of each token made 1.
    emitted: Vec<[f32; L]>,
    forward: Vec<[f32; L]>,
    backward: Vec<[f32; L]>,
    marginals: Vec<[f32; L]>,
    back: Vec<[u8; L]>,
}

impl<const L: usize> Default for Lattice<L> {
    fn default() -> Self {
        Lattice {
            scores: Vec::new(),
            emitted: Vec::new(),
            forward: Vec::new(),
            backward: Vec::new(),
            marginals: Vec::new(),
            back: Vec::new(),
        }
    }
}

impl<const L: usize> Lattice<L> {
    /// Makes ready for a sequence.
    pub fn start(&mut self) {
        self.scores.clear();
    }

    /// Appends a token's scores.
    pub fn push(&mut self, scores: [f32; L]) {
        self.scores.push(scores);
    }

    /// Tokens so far.
    pub fn len(&self) -> usize {
        self.scores.len()
    }

    /// True before the first token.
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// Writes the most likely sequence of labels to `out`.
    pub fn best(&mut self, transitions: &Transitions<L>, out: &mut Vec<u8>) {
        out.clear();
        self.back.clear();
        let Some((first, rest)) = self.scores.split_first() else { return };
        let mut here = *first;
        for scores in rest {
            let (next, from) = best_step(&here, transitions);
            here = next;
            here.iter_mut().zip(scores).for_each(|(h, s)| *h += s);
            self.back.push(from);
        }
        let mut label = highest(&here);
        out.push(label);
        for from in self.back.iter().rev() {
            label = from[usize::from(label)];
            out.push(label);
        }
        out.reverse();
    }

    /// The same as [`Lattice::best`], with one token limited to the `allowed` labels.
    pub fn best_where(&mut self, transitions: &Transitions<L>, token: usize, allowed: [bool; L], out: &mut Vec<u8>) {
        let Some(&scores) = self.scores.get(token) else { return out.clear() };
        self.scores[token] = std::array::from_fn(|label| if allowed[label] { scores[label] } else { RULED_OUT });
        self.best(transitions, out);
        self.scores[token] = scores;
    }

    /// The score of a sequence of labels.
    pub fn score(&self, transitions: &Transitions<L>, labels: &[u8]) -> f32 {
        let emitted: f32 = self.scores.iter().zip(labels).map(|(row, label)| row[usize::from(*label)]).sum();
        let steps = labels.windows(2).map(|pair| transitions[usize::from(pair[0])][usize::from(pair[1])]);
        emitted + steps.sum::<f32>()
    }

    /// The probability of each label at each token, by the forward-backward algorithm with scaling.
    /// `exp_steps` are the steps' scores to the power of e.
    pub fn marginals(&mut self, exp_steps: &Transitions<L>) -> &[[f32; L]] {
        self.emitted.clear();
        self.emitted.extend(self.scores.iter().map(|row| {
            let most = row.iter().copied().fold(f32::MIN, f32::max);
            row.map(|s| (s - most).exp())
        }));
        self.forward.clear();
        let mut before: Option<[f32; L]> = None;
        for emitted in &self.emitted {
            let mut here = *emitted;
            if let Some(before) = before {
                let came = product(&before, exp_steps);
                here.iter_mut().zip(came).for_each(|(h, c)| *h *= c);
            }
            normalise(&mut here);
            self.forward.push(here);
            before = Some(here);
        }
        let back_steps = transposed(exp_steps);
        self.backward.clear();
        self.backward.resize(self.scores.len(), [1.0; L]);
        for t in (0..self.scores.len().saturating_sub(1)).rev() {
            let mut ahead = self.emitted[t + 1];
            ahead.iter_mut().zip(self.backward[t + 1]).for_each(|(e, b)| *e *= b);
            let mut here = product(&ahead, &back_steps);
            normalise(&mut here);
            self.backward[t] = here;
        }
        self.marginals.clear();
        self.marginals.extend(self.forward.iter().zip(&self.backward).map(|(forward, backward)| {
            let mut row = *forward;
            row.iter_mut().zip(backward).for_each(|(f, b)| *f *= b);
            normalise(&mut row);
            row
        }));
        &self.marginals
    }

    /// After [`Lattice::marginals`]: adds the expected number of each step to `counts`. For training.
    pub(super) fn expected_steps(&self, exp_steps: &Transitions<L>, counts: &mut Transitions<L>) {
        for t in 1..self.scores.len() {
            let mut expected = *exp_steps;
            let mut sum = 0.0;
            for (row, forward) in expected.iter_mut().zip(self.forward[t - 1]) {
                for ((step, emitted), backward) in row.iter_mut().zip(self.emitted[t]).zip(self.backward[t]) {
                    *step *= forward * emitted * backward;
                    sum += *step;
                }
            }
            let scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
            counts.iter_mut().flatten().zip(expected.iter().flatten()).for_each(|(c, e)| *c += e * scale);
        }
    }
}

/// The best score with which each label can follow, and the label that it then follows.
#[inline]
fn best_step<const L: usize>(before: &[f32; L], transitions: &Transitions<L>) -> ([f32; L], [u8; L]) {
    let (mut best, mut label) = ([f32::MIN; L], [0; L]);
    for (from, (score, row)) in before.iter().zip(transitions).enumerate() {
        for to in 0..L {
            let score = score + row[to];
            let better = score > best[to];
            best[to] = if better { score } else { best[to] };
            label[to] = if better { from as u8 } else { label[to] };
        }
    }
    (best, label)
}

/// A row times a matrix.
#[inline]
fn product<const L: usize>(row: &[f32; L], matrix: &Transitions<L>) -> [f32; L] {
    let mut out = [0.0; L];
    for (value, transitions) in row.iter().zip(matrix) {
        for (sum, step) in out.iter_mut().zip(transitions) {
            *sum += value * step;
        }
    }
    out
}

fn transposed<const L: usize>(matrix: &Transitions<L>) -> Transitions<L> {
    std::array::from_fn(|column| std::array::from_fn(|row| matrix[row][column]))
}

fn highest<const L: usize>(row: &[f32; L]) -> u8 {
    let mut best = 0;
    for (label, score) in row.iter().enumerate() {
        if *score > row[best] {
            best = label;
        }
    }
    best as u8
}

#[inline]
fn normalise<const L: usize>(row: &mut [f32; L]) {
    let sum: f32 = row.iter().sum();
    let scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
    for value in row {
        *value *= scale;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every labelling of the sequence with its unnormalised probability.
    fn all(scores: &[[f32; 2]], transitions: Transitions<2>) -> Vec<(Vec<u8>, f32)> {
        (0..1 << scores.len())
            .map(|bits: u32| {
                let labels: Vec<u8> = (0..scores.len()).map(|t| (bits >> t & 1) as u8).collect();
                let emitted: f32 = labels.iter().zip(scores).map(|(l, s)| s[usize::from(*l)]).sum();
                let stepped: f32 = labels.windows(2).map(|w| transitions[usize::from(w[0])][usize::from(w[1])]).sum();
                (labels, (emitted + stepped).exp())
            })
            .collect()
    }

    proptest! {
        #[test]
        fn agrees_with_going_through_all_labellings(
            scores in prop::collection::vec(prop::array::uniform2(-3.0f32..3.0), 1..7),
            transitions in prop::array::uniform2(prop::array::uniform2(-2.0f32..2.0)),
        ) {
            let all = all(&scores, transitions);
            let total: f32 = all.iter().map(|a| a.1).sum();
            let exp = transitions.map(|row| row.map(f32::exp));
            let mut lattice = Lattice::default();
            lattice.start();
            for row in &scores {
                lattice.push(*row);
            }
            let mut best = Vec::new();
            lattice.best(&transitions, &mut best);
            let chosen = all.iter().find(|a| a.0 == best).unwrap().1;
            prop_assert!(all.iter().all(|a| a.1 <= chosen * 1.0001));
            let marginals = lattice.marginals(&exp).to_vec();
            prop_assert_eq!(marginals.len(), scores.len());
            for (t, marginal) in marginals.iter().enumerate() {
                let expect: f32 = all.iter().filter(|a| a.0[t] == 1).map(|a| a.1).sum::<f32>() / total;
                prop_assert!((marginal[1] - expect).abs() < 1e-3);
            }
            let mut counts = [[0.0; 2]; 2];
            lattice.expected_steps(&exp, &mut counts);
            for (k, step) in counts.iter().flatten().enumerate() {
                let count = |a: &[u8]| a.windows(2).filter(|w| usize::from(w[0] * 2 + w[1]) == k).count() as f32;
                let expect: f32 = all.iter().map(|a| count(&a.0) * a.1).sum::<f32>() / total;
                prop_assert!((step - expect).abs() < 1e-2);
            }
        }
    }
}

//! The arithmetic of a linear chain: most likely labels and the probability of each.

/// Scores of a sequence, a row of one number a label for each token, and the working space to decode them.
/// Reused from sequence to sequence: nothing is allocated once it has grown.
#[derive(Debug, Default)]
pub struct Lattice {
    labels: usize,
    /// Scores as given; after [`Lattice::marginals`] still the same.
    scores: Vec<f32>,
    forward: Vec<f32>,
    backward: Vec<f32>,
    marginals: Vec<f32>,
    back: Vec<u8>,
}

impl Lattice {
    /// Makes ready for a sequence of tokens with so many labels.
    pub fn start(&mut self, labels: usize) {
        self.labels = labels.max(1);
        self.scores.clear();
    }

    /// Appends a token's scores, one a label.
    pub fn push(&mut self, scores: impl Iterator<Item = f32>) {
        let end = self.scores.len() + self.labels;
        self.scores.extend(scores.take(self.labels));
        self.scores.resize(end, 0.0);
    }

    /// Tokens so far.
    pub fn len(&self) -> usize {
        self.scores.len() / self.labels.max(1)
    }

    /// True before the first token.
    pub fn is_empty(&self) -> bool {
        self.scores.is_empty()
    }

    /// The most likely sequence of labels. `transitions[from * labels + to]` scores a step; empty for none.
    pub fn best(&mut self, transitions: &[f32], out: &mut Vec<u8>) {
        let l = self.labels;
        out.clear();
        if transitions.is_empty() {
            out.extend(self.scores.chunks_exact(l).map(highest));
            return;
        }
        self.back.clear();
        self.back.resize(self.scores.len(), 0);
        self.forward.clear();
        self.forward.extend_from_slice(&self.scores);
        for t in 1..self.len() {
            let (before, here) = self.forward.split_at_mut(t * l);
            let before = &before[(t - 1) * l..];
            for (to, value) in here.iter_mut().enumerate().take(l) {
                let (from, score) = best_step(before, transitions, l, to);
                *value += score;
                self.back[t * l + to] = from;
            }
        }
        let Some(last) = self.forward.chunks_exact(l).next_back() else { return };
        let mut label = highest(last);
        for t in (0..self.len()).rev() {
            out.push(label);
            label = self.back[t * l + usize::from(label)];
        }
        out.reverse();
    }

    /// The probability of each label at each token, by the forward-backward algorithm with scaling.
    /// `exp_transitions` are transitions to the power of e; empty for none.
    pub fn marginals(&mut self, exp_transitions: &[f32]) -> &[f32] {
        let (l, n) = (self.labels, self.len());
        self.marginals.clear();
        for row in self.scores.chunks_exact(l) {
            let most = row.iter().copied().fold(f32::MIN, f32::max);
            self.marginals.extend(row.iter().map(|s| (s - most).exp()));
        }
        if exp_transitions.is_empty() {
            self.marginals.chunks_exact_mut(l).for_each(normalise);
            return &self.marginals;
        }
        self.forward.clear();
        self.forward.extend_from_slice(&self.marginals);
        self.backward.clear();
        self.backward.resize(n * l, 1.0);
        for t in 0..n {
            let (before, here) = self.forward.split_at_mut(t * l);
            let here = &mut here[..l];
            if t > 0 {
                let before = &before[(t - 1) * l..];
                for (to, value) in here.iter_mut().enumerate() {
                    *value *= (0..l).map(|from| before[from] * exp_transitions[from * l + to]).sum::<f32>();
                }
            }
            normalise(here);
        }
        for t in (0..n.saturating_sub(1)).rev() {
            let (here, after) = self.backward.split_at_mut((t + 1) * l);
            let here = &mut here[t * l..];
            let emitted = &self.marginals[(t + 1) * l..(t + 2) * l];
            for (from, value) in here.iter_mut().enumerate() {
                *value = (0..l).map(|to| exp_transitions[from * l + to] * emitted[to] * after[to]).sum();
            }
            normalise(here);
        }
        std::mem::swap(&mut self.marginals, &mut self.forward);
        for (row, backward) in self.marginals.chunks_exact_mut(l).zip(self.backward.chunks_exact(l)) {
            row.iter_mut().zip(backward).for_each(|(m, b)| *m *= b);
            normalise(row);
        }
        &self.marginals
    }

    /// After [`Lattice::marginals`]: adds the expected number of each step to `counts`. For training.
    pub(super) fn expected_steps(&self, exp_transitions: &[f32], counts: &mut [f32]) {
        let l = self.labels;
        let mut steps = vec![0.0; l * l];
        // `forward` holds the emissions after the swap at the end of `marginals`; forward sums are recomputed from them.
        let mut forward: Vec<f32> = self.forward.get(..l).unwrap_or(&[]).to_vec();
        normalise(&mut forward);
        for t in 1..self.len() {
            let (emitted, backward) = (&self.forward[t * l..(t + 1) * l], &self.backward[t * l..(t + 1) * l]);
            let mut next = vec![0.0; l];
            for from in 0..l {
                for to in 0..l {
                    let step = forward[from] * exp_transitions[from * l + to] * emitted[to];
                    next[to] += step;
                    steps[from * l + to] = step * backward[to];
                }
            }
            normalise(&mut steps);
            counts.iter_mut().zip(&steps).for_each(|(c, s)| *c += s);
            normalise(&mut next);
            forward = next;
        }
    }
}

fn best_step(before: &[f32], transitions: &[f32], labels: usize, to: usize) -> (u8, f32) {
    let mut best = (0, f32::MIN);
    for (from, score) in before.iter().enumerate().take(labels) {
        let score = score + transitions[from * labels + to];
        if score > best.1 {
            best = (from as u8, score);
        }
    }
    best
}

fn highest(row: &[f32]) -> u8 {
    let mut best = 0;
    for (label, score) in row.iter().enumerate() {
        if *score > row[best] {
            best = label;
        }
    }
    best as u8
}

#[inline]
fn normalise(row: &mut [f32]) {
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
    fn all(scores: &[[f32; 2]], transitions: [f32; 4]) -> Vec<(Vec<u8>, f32)> {
        (0..1 << scores.len())
            .map(|bits: u32| {
                let labels: Vec<u8> = (0..scores.len()).map(|t| (bits >> t & 1) as u8).collect();
                let emitted: f32 = labels.iter().zip(scores).map(|(l, s)| s[usize::from(*l)]).sum();
                let steps: f32 = labels.windows(2).map(|w| transitions[usize::from(w[0] * 2 + w[1])]).sum();
                (labels, (emitted + steps).exp())
            })
            .collect()
    }

    proptest! {
        #[test]
        fn agrees_with_going_through_all_labellings(
            scores in prop::collection::vec(prop::array::uniform2(-3.0f32..3.0), 1..7),
            transitions in prop::array::uniform4(-2.0f32..2.0),
        ) {
            let all = all(&scores, transitions);
            let total: f32 = all.iter().map(|a| a.1).sum();
            let exp: Vec<f32> = transitions.iter().map(|t| t.exp()).collect();
            let mut lattice = Lattice::default();
            lattice.start(2);
            for row in &scores {
                lattice.push(row.iter().copied());
            }
            let mut best = Vec::new();
            lattice.best(&transitions, &mut best);
            let chosen = all.iter().find(|a| a.0 == best).unwrap().1;
            prop_assert!(all.iter().all(|a| a.1 <= chosen * 1.0001));
            let marginals = lattice.marginals(&exp).to_vec();
            for t in 0..scores.len() {
                let expect: f32 = all.iter().filter(|a| a.0[t] == 1).map(|a| a.1).sum::<f32>() / total;
                prop_assert!((marginals[t * 2 + 1] - expect).abs() < 1e-3);
            }
            let mut steps = [0.0; 4];
            lattice.expected_steps(&exp, &mut steps);
            for (k, step) in steps.iter().enumerate() {
                let count = |a: &[u8]| a.windows(2).filter(|w| usize::from(w[0] * 2 + w[1]) == k).count() as f32;
                let expect: f32 = all.iter().map(|a| count(&a.0) * a.1).sum::<f32>() / total;
                prop_assert!((step - expect).abs() < 1e-2);
            }
        }
    }
}

//! Training by FTRL-proximal (`McMahan` et al., "Ad click prediction: a view from the trenches", 2013): stochastic
//! gradients with a learning rate of its own for each weight, L1 to keep few of them, L2 to keep them small.

use super::chain::Lattice;
use super::examples::{Examples, IGNORED};
use super::model::{Model, outputs};
use super::weights::Weights;

/// The constant that keeps the first steps of the learning rate small (β in the paper).
const DAMPING: f32 = 1.0;

/// Gradients below this change nothing worth the time.
const NEGLIGIBLE: f32 = 1e-4;

/// How to train.
#[derive(Debug, Clone)]
pub struct Settings {
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

/// Where training stands: passed to the caller after every epoch.
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
pub struct Trained<'e> {
    examples: &'e Examples,
    transitions: Vec<f32>,
    /// A row of one weight a label for each feature.
    weights: Vec<f32>,
    keep: usize,
}

/// Trains a model on the sequences of `examples` for which `chosen` holds. The same input gives the same model.
pub fn train<'e>(
    examples: &'e Examples,
    chosen: impl Fn(usize) -> bool,
    settings: &Settings,
    mut progress: impl FnMut(Progress),
) -> Trained<'e> {
    let labels = examples.labels;
    let mut order: Vec<usize> = (0..examples.len()).filter(|&s| chosen(s)).collect();
    let tokens: usize = order.iter().map(|&s| examples.sequence(s).len()).sum();
    let mut sum = vec![0.0; examples.hashes.len() * labels];
    let mut transitions = vec![0.0; if settings.chain { labels * labels } else { 0 }];
    for seed in 0..settings.seeds {
        let mut learner = Learner::new(examples, settings);
        let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (u64::from(seed) << 17));
        for epoch in 0..settings.epochs {
            random.shuffle(&mut order);
            let loss: f32 = order.iter().map(|&s| learner.learn(examples, s)).sum();
            let done = seed as usize * settings.epochs + epoch + 1;
            let of = settings.seeds as usize * settings.epochs;
            progress(Progress { done, of, loss: loss / tokens.max(1) as f32 });
        }
        learner.add_to(&mut sum, &mut transitions);
    }
    let share = 1.0 / settings.seeds.max(1) as f32;
    sum.iter_mut().chain(&mut transitions).for_each(|w| *w *= share);
    Trained { examples, transitions, weights: sum, keep: settings.keep }
}

impl Trained<'_> {
    /// Prunes and quantises it.
    pub fn model(&self) -> Model {
        let labels = self.examples.labels;
        let outputs = outputs(labels, &self.transitions);
        let strength = |row: &[f32]| row.iter().fold(0.0f32, |most, w| most.max(w.abs()));
        let mut kept: Vec<(usize, f32)> = self
            .weights
            .chunks_exact(labels)
            .map(|row| if outputs == 1 { (row[1] - row[0]).abs() } else { strength(row) })
            .enumerate()
            .filter(|(_, strength)| *strength > 0.0)
            .collect();
        kept.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        kept.truncate(self.keep);
        let most = kept.first().map_or(1.0, |k| k.1);
        let unit = most / 127.0;
        let quantise = |w: f32| (w / unit).round().clamp(-127.0, 127.0) as i8;
        let rows: Vec<(u64, Vec<i8>)> = kept
            .iter()
            .map(|&(feature, _)| {
                let row = &self.weights[feature * labels..(feature + 1) * labels];
                let row = if outputs == 1 {
                    vec![quantise(row[1] - row[0])]
                } else {
                    row.iter().map(|w| quantise(*w)).collect()
                };
                (self.examples.hashes[feature], row)
            })
            .filter(|(_, row)| row.iter().any(|w| *w != 0))
            .collect();
        let weights = Weights::build(outputs, rows.iter().map(|(hash, row)| (*hash, &row[..])));
        Model::new(labels, self.examples.templates.clone(), self.transitions.clone(), unit, weights)
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

struct Learner<'s> {
    settings: &'s Settings,
    labels: usize,
    /// Index of each feature's first cell in `cells`; none for rare ones.
    rows: Vec<u32>,
    cells: Vec<Cell>,
    steps: Vec<Cell>,
    lattice: Lattice,
    scores: Vec<f32>,
    marginals: Vec<f32>,
}

const RARE: u32 = u32::MAX;

impl<'s> Learner<'s> {
    fn new(examples: &Examples, settings: &'s Settings) -> Self {
        let labels = examples.labels;
        let mut used = 0;
        let rows = examples
            .counts
            .iter()
            .map(|&count| {
                if count < settings.least {
                    return RARE;
                }
                used += 1;
                (used - 1) * labels as u32
            })
            .collect();
        Learner {
            settings,
            labels,
            rows,
            cells: vec![Cell::default(); used as usize * labels],
            steps: vec![Cell::default(); if settings.chain { labels * labels } else { 0 }],
            lattice: Lattice::default(),
            scores: vec![0.0; labels],
            marginals: Vec::new(),
        }
    }

    /// Learns from one sequence; gives its loss.
    fn learn(&mut self, examples: &Examples, sequence: usize) -> f32 {
        let l = self.labels;
        let tokens = examples.sequence(sequence);
        self.lattice.start(l);
        for token in tokens.clone() {
            self.score(examples.token(token).0);
            self.lattice.push(self.scores.iter().copied());
        }
        let exp: Vec<f32> = self.steps.iter().map(|s| s.weight.exp()).collect();
        let mut marginals = std::mem::take(&mut self.marginals);
        marginals.clear();
        marginals.extend_from_slice(self.lattice.marginals(&exp));
        if self.settings.chain {
            self.learn_steps(examples, tokens.clone(), &exp);
        }
        let mut loss = 0.0;
        for (row, token) in marginals.chunks_exact(l).zip(tokens) {
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
                        self.cells[row as usize + label].update(gradient, self.settings);
                    }
                }
            }
        }
        self.marginals = marginals;
        loss
    }

    fn score(&mut self, features: &[u32]) {
        self.scores.fill(0.0);
        for &feature in features {
            let row = self.rows[feature as usize];
            if row != RARE {
                let cells = &self.cells[row as usize..row as usize + self.labels];
                self.scores.iter_mut().zip(cells).for_each(|(s, c)| *s += c.weight);
            }
        }
    }

    fn learn_steps(&mut self, examples: &Examples, tokens: std::ops::Range<usize>, exp: &[f32]) {
        let mut gradients = vec![0.0; self.steps.len()];
        self.lattice.expected_steps(exp, &mut gradients);
        for token in tokens.skip(1) {
            let (from, to) = (examples.token(token - 1).1, examples.token(token).1);
            gradients[usize::from(from) * self.labels + usize::from(to)] -= 1.0;
        }
        for (step, gradient) in self.steps.iter_mut().zip(gradients) {
            step.update(gradient, self.settings);
        }
    }

    fn add_to(&self, weights: &mut [f32], transitions: &mut [f32]) {
        for (row, out) in self.rows.iter().zip(weights.chunks_exact_mut(self.labels)) {
            if *row != RARE {
                let cells = &self.cells[*row as usize..*row as usize + self.labels];
                out.iter_mut().zip(cells).for_each(|(w, c)| *w += c.weight);
            }
        }
        transitions.iter_mut().zip(&self.steps).for_each(|(t, s)| *t += s.weight);
    }
}

impl Cell {
    #[inline]
    fn update(&mut self, gradient: f32, settings: &Settings) {
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
    use std::borrow::Cow;

    use super::*;
    use crate::tagger::{BORDER_ROWS, Columns, Templates, View};

    const TEMPLATES: &str = "word word-1";

    fn settings(chain: bool) -> Settings {
        Settings { chain, epochs: 20, rate: 0.5, l1: 0.01, l2: 0.01, least: 1, keep: 1000, seeds: 2 }
    }

    fn columns(words: &[u32]) -> Columns {
        let mut columns = Columns::new(1);
        for word in words {
            columns.push(&[*word]);
        }
        columns.border();
        columns
    }

    /// Trains on `(words, labels)` and tags the words again with the model as read back from its bytes.
    fn learn(chain: bool, labels: usize, data: &[(&[u32], &[u8])]) -> Vec<Vec<u8>> {
        let templates = Templates::parse(&["word"], &[], TEMPLATES).unwrap();
        let mut examples = Examples::new(templates, labels);
        let texts: Vec<Columns> = data.iter().map(|(words, _)| columns(words)).collect();
        for (text, (words, gold)) in texts.iter().zip(data) {
            let view = |i| View::fixed(text, BORDER_ROWS + i);
            examples.push((0..words.len()).map(|i| (view(i), gold[i])));
        }
        let trained = train(&examples, |_| true, &settings(chain), |_| ());
        let model = Model::from_bytes(&["word"], &[], Cow::Owned(trained.model().to_bytes())).unwrap();
        let mut lattice = Lattice::default();
        let tag = |(text, (words, _)): (&Columns, &(&[u32], &[u8]))| {
            model.read((0..words.len()).map(|i| View::fixed(text, BORDER_ROWS + i)), &mut lattice);
            let mut out = Vec::new();
            model.best(&mut lattice, &mut out);
            out
        };
        texts.iter().zip(data).map(tag).collect()
    }

    #[test]
    fn a_classifier_learns_words_in_context() {
        let data: &[(&[u32], &[u8])] = &[(&[5, 6, 7], &[0, 1, 0]), (&[9, 6, 7], &[0, 0, 0]), (&[5, 6], &[0, 1])];
        assert_eq!(learn(false, 2, data), vec![vec![0, 1, 0], vec![0, 0, 0], vec![0, 1]]);
    }

    #[test]
    fn a_chain_carries_a_label_on() {
        // Word 8 says nothing by itself: whether it is inside depends on how the run began, three words before.
        let data: &[(&[u32], &[u8])] =
            &[(&[5, 8, 8, 8], &[1, 2, 2, 2]), (&[6, 8, 8, 8], &[0, 0, 0, 0]), (&[5, 8, 8, 8], &[1, 2, 2, 2])];
        assert_eq!(learn(true, 3, data), vec![vec![1, 2, 2, 2], vec![0; 4], vec![1, 2, 2, 2]]);
    }
}

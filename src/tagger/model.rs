//! A trained model: templates, weights and transitions.
//!
//! Layout, little-endian: `ORT1`, number of labels (`u8`), length (`u32`) and text of the templates, number of
//! transitions (`u16`, labels² or 0) and each (`f32`), what one unit of a weight is worth (`f32`), then the table of
//! weights. A model of two labels without transitions keeps one weight a feature, that of the second label: the
//! first one's would be its opposite.

use std::borrow::Cow;

use super::chain::Lattice;
use super::columns::View;
use super::template::{Neighbourhood, TemplateError, Templates};
use super::weights::Weights;

const MAGIC: &[u8; 4] = b"ORT1";

/// Features looked up together: enough to keep memory busy, few enough for the registers and the first-level cache.
const BATCH: usize = 16;

/// A tagger ready for use.
#[derive(Debug, Clone)]
pub struct Model {
    labels: usize,
    templates: Templates,
    /// The numbers of all templates.
    all: Vec<u16>,
    transitions: Vec<f32>,
    exp_transitions: Vec<f32>,
    unit: f32,
    weights: Weights,
}

/// Why bytes are no model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ModelError {
    /// They are not in the format of this version.
    #[error("not a model of this version: train it again with `onrecord train`")]
    Format,
    /// They are, but ask for columns that are not there.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl Model {
    /// Takes up a model over the named columns, borrowing its weights.
    pub fn from_bytes(fixed: &[&str], moving: &[&str], bytes: Cow<'static, [u8]>) -> Result<Self, ModelError> {
        let head = Head::read(&bytes).ok_or(ModelError::Format)?;
        let templates = Templates::parse(fixed, moving, &head.templates)?;
        let table = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(head.length..).unwrap_or(&[])),
            Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(head.length)),
        };
        let weights = Weights::from_bytes(outputs(head.labels, &head.transitions), table).ok_or(ModelError::Format)?;
        Ok(Model::new(head.labels, templates, head.transitions, head.unit, weights))
    }

    pub(super) fn new(labels: usize, templates: Templates, transitions: Vec<f32>, unit: f32, weights: Weights) -> Self {
        let exp_transitions = transitions.iter().map(|t| t.exp()).collect();
        let all = (0..templates.len() as u16).collect();
        Model { labels, templates, all, transitions, exp_transitions, unit, weights }
    }

    /// As a file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.push(self.labels as u8);
        out.extend((self.templates.text().len() as u32).to_le_bytes());
        out.extend(self.templates.text().as_bytes());
        out.extend((self.transitions.len() as u16).to_le_bytes());
        out.extend(self.transitions.iter().flat_map(|t| t.to_le_bytes()));
        out.extend(self.unit.to_le_bytes());
        out.extend(self.weights.bytes());
        out
    }

    /// How many labels it knows.
    pub fn labels(&self) -> usize {
        self.labels
    }

    /// How many sums a token has: one a label, or a single one where two labels are told apart point by point.
    pub fn outputs(&self) -> usize {
        outputs(self.labels, &self.transitions)
    }

    /// Its templates.
    pub fn templates(&self) -> &Templates {
        &self.templates
    }

    /// Adds the weights of some templates at a token to `sums`, which holds [`Model::outputs`] numbers.
    #[inline]
    pub fn add(&self, templates: &[u16], view: View, sums: &mut [i32]) {
        let near = Neighbourhood::of(view);
        for batch in templates.chunks(BATCH) {
            let mut probes = [None; BATCH];
            for (probe, template) in probes.iter_mut().zip(batch) {
                let feature = self.templates.feature(usize::from(*template), &near);
                *probe = feature.map(|feature| self.weights.probe(feature));
            }
            for probe in probes.iter().flatten() {
                self.weights.add(probe, sums);
            }
        }
    }

    /// Adds the weights of all templates at a token to `sums`, which holds [`Model::outputs`] numbers.
    #[inline]
    pub fn add_all(&self, view: View, sums: &mut [i32]) {
        self.add(&self.all, view, sums);
    }

    /// What a sum is worth, in log odds.
    #[inline]
    pub fn score(&self, sum: i32) -> f32 {
        sum as f32 * self.unit
    }

    /// The probability of the second label at a token, for a model that tells two labels apart point by point.
    pub fn probability(&self, view: View) -> f32 {
        let mut sums = [0];
        self.add_all(view, &mut sums);
        1.0 / (1.0 + (-self.score(sums[0])).exp())
    }

    /// Scores a sequence of tokens, ready to be decoded by [`Model::best`] and [`Model::marginals`].
    pub fn read<'a>(&self, tokens: impl Iterator<Item = View<'a>>, lattice: &mut Lattice) {
        lattice.start(self.labels);
        let mut sums = vec![0; self.outputs()];
        for view in tokens {
            sums.fill(0);
            self.add_all(view, &mut sums);
            self.push(&sums, lattice);
        }
    }

    /// Appends a token with these sums to the lattice.
    pub fn push(&self, sums: &[i32], lattice: &mut Lattice) {
        let first = (self.outputs() < self.labels).then_some(0.0);
        lattice.push(first.into_iter().chain(sums.iter().map(|s| self.score(*s))));
    }

    /// The most likely labels of the sequence in the lattice.
    pub fn best(&self, lattice: &mut Lattice, out: &mut Vec<u8>) {
        lattice.best(&self.transitions, out);
    }

    /// The probability of each label at each token of the sequence in the lattice, a row a token.
    pub fn marginals<'l>(&self, lattice: &'l mut Lattice) -> &'l [f32] {
        lattice.marginals(&self.exp_transitions)
    }
}

/// Weights kept for a feature.
pub(super) fn outputs(labels: usize, transitions: &[f32]) -> usize {
    if labels == 2 && transitions.is_empty() { 1 } else { labels }
}

/// What stands before the table.
struct Head {
    labels: usize,
    templates: String,
    transitions: Vec<f32>,
    unit: f32,
    length: usize,
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut at = 0;
        let mut take = |length: usize| {
            let taken = bytes.get(at..at + length)?;
            at += length;
            Some(taken)
        };
        if take(4)? != MAGIC {
            return None;
        }
        let labels = usize::from(take(1)?[0]);
        let length = u32::from_le_bytes(take(4)?.try_into().ok()?) as usize;
        let templates = String::from_utf8(take(length)?.to_vec()).ok()?;
        let steps = usize::from(u16::from_le_bytes(take(2)?.try_into().ok()?));
        let number = |bytes: &[u8]| bytes.try_into().ok().map(f32::from_le_bytes);
        let transitions = take(steps * 4)?.chunks_exact(4).map(number).collect::<Option<Vec<_>>>()?;
        let unit = number(take(4)?)?;
        let fits = labels > 1 && (steps == 0 || steps == labels * labels);
        fits.then_some(Head { labels, templates, transitions, unit, length: at })
    }
}

//! A trained model: templates, weights and transitions.
//!
//! Layout, little-endian: `ORT2`, number of labels (`u8`), length (`u32`) and text of the templates, the score of each
//! step from label to label (`f32`), what one unit of a weight is worth (`f32`), then the table of weights.
//!
//! Only differences between the scores of labels matter. So weights are relative to the first label, which has none: a
//! feature of a model with `L` labels has `W` = `L` − 1 weights.

use super::columns::{Column, TokenView};
use super::lattice::{Lattice, Transitions};
use super::sum_tables::{Lookups, SumTables};
use super::template::{Neighbourhood, TemplateError, Templates};
use super::weights::Weights;

const MAGIC: &[u8; 4] = b"ORT2";

/// A tagger of `L` labels ready for use, with `W` = `L` − 1 weights a feature.
#[derive(Debug, Clone)]
pub struct Model<const L: usize, const W: usize> {
    templates: Templates,
    transitions: Transitions<L>,
    exp_steps: Transitions<L>,
    unit: f32,
    weights: Weights<W>,
}

/// Why bytes cannot be read as a model.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ModelError {
    /// They are not in the format of this version, or of another number of labels.
    #[error("not a model of this version: train it again with `onrecord train`")]
    Format,
    /// They are, but ask for columns that are not there.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl<const L: usize, const W: usize> Model<L, W> {
    /// Takes up a model over the named columns.
    pub fn from_bytes(absolute: &[Column], relative: &[Column], bytes: &[u8]) -> Result<Self, ModelError> {
        let head = Head::<L>::read(bytes).ok_or(ModelError::Format)?;
        let templates = Templates::parse(absolute, relative, &head.templates)?;
        let table = bytes.get(head.length..).unwrap_or(&[]);
        let weights = Weights::from_bytes(table).ok_or(ModelError::Format)?;
        Ok(Model::new(templates, head.transitions, head.unit, weights))
    }

    pub(super) fn new(templates: Templates, transitions: Transitions<L>, unit: f32, weights: Weights<W>) -> Self {
        const { assert!(W + 1 == L, "weights are relative to the first label") };
        Model { templates, transitions, exp_steps: transitions.map(|row| row.map(f32::exp)), unit, weights }
    }

    /// As a file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let templates = self.templates.text();
        let mut out = MAGIC.to_vec();
        out.push(L as u8);
        out.extend((templates.len() as u32).to_le_bytes());
        out.extend(templates.as_bytes());
        out.extend(self.transitions.iter().flatten().flat_map(|step| step.to_le_bytes()));
        out.extend(self.unit.to_le_bytes());
        out.extend(self.weights.bytes());
        out
    }

    /// Its templates.
    pub fn templates(&self) -> &Templates {
        &self.templates
    }

    /// Adds the weights of the features that some of its templates make at a token to `sums`.
    #[inline]
    pub fn add(&self, templates: &Templates, view: TokenView, sums: &mut [i16; W]) {
        self.weights.add_all(templates.features(Neighbourhood::of(view)), sums);
    }

    /// A plan by which to sum some of its templates.
    pub fn plan(&self, templates: &Templates) -> SumTables<W> {
        SumTables::new(&self.weights, templates)
    }

    /// The same as [`Model::add`], by a plan of this model for the templates.
    #[inline]
    pub fn add_by(&self, plan: &SumTables<W>, view: TokenView, sums: &mut [i16; W]) {
        plan.add(&self.weights, view, sums);
    }

    /// Gives the sums at each of some tokens by a plan of this model, in order; faster than to ask for one after the other.
    #[inline]
    pub fn each_by<'v>(
        &self,
        plan: &SumTables<W>,
        views: impl Iterator<Item = TokenView<'v>> + Clone,
        lookups: &mut Lookups,
        give: impl FnMut([i16; W]),
    ) {
        plan.each(&self.weights, views, lookups, give);
    }

    /// What the sums of a token's weights are worth, in log odds against the first label.
    #[inline]
    pub fn scores(&self, sums: [i16; W]) -> [f32; L] {
        let mut scores = [0.0; L];
        for (score, sum) in scores.iter_mut().skip(1).zip(sums) {
            *score = f32::from(sum) * self.unit;
        }
        scores
    }

    /// The most likely labels of the sequence in the lattice.
    pub fn best(&self, lattice: &mut Lattice<L>, out: &mut Vec<u8>) {
        lattice.best(&self.transitions, out);
    }

    /// The most likely labels with one token limited to those `allowed`, and how much less likely they are than `best`, in
    /// log odds.
    pub fn best_where(
        &self,
        lattice: &mut Lattice<L>,
        best: &[u8],
        (token, allowed): (usize, [bool; L]),
        out: &mut Vec<u8>,
    ) -> f32 {
        lattice.best_where(&self.transitions, token, allowed, out);
        lattice.score(&self.transitions, best) - lattice.score(&self.transitions, out)
    }

    /// The probability of each label at each token of the sequence in the lattice.
    pub fn marginals<'l>(&self, lattice: &'l mut Lattice<L>) -> &'l [[f32; L]] {
        lattice.marginals(&self.exp_steps)
    }
}

/// What is before the table.
struct Head<const L: usize> {
    templates: String,
    transitions: Transitions<L>,
    unit: f32,
    length: usize,
}

impl<const L: usize> Head<L> {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut at = 0;
        let mut take = |length: usize| {
            let taken = bytes.get(at..at + length)?;
            at += length;
            Some(taken)
        };
        if take(4)? != MAGIC || usize::from(take(1)?[0]) != L {
            return None;
        }
        let length = u32::from_le_bytes(take(4)?.try_into().ok()?) as usize;
        let templates = String::from_utf8(take(length)?.to_vec()).ok()?;
        let number = |bytes: &[u8]| bytes.try_into().ok().map(f32::from_le_bytes);
        let mut transitions = [[0.0; L]; L];
        for (step, bytes) in transitions.iter_mut().flatten().zip(take(L * L * 4)?.chunks_exact(4)) {
            *step = number(bytes)?;
        }
        let unit = number(take(4)?)?;
        Some(Head { templates, transitions, unit, length: at })
    }
}

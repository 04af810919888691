//! Labels of single tokens: yes or no.

use super::columns::{Column, View};
use super::model::{Model, ModelError};
use super::plan::Plan;

/// A model that says how likely a token has the second of two labels.
#[derive(Debug)]
pub struct Classifier {
    model: Model<2, 1>,
    plan: Plan<1>,
}

impl From<Model<2, 1>> for Classifier {
    fn from(model: Model<2, 1>) -> Self {
        Classifier { plan: model.plan(model.templates()), model }
    }
}

impl Classifier {
    /// Takes up a model over the named columns.
    pub fn from_bytes(columns: &[Column], bytes: &[u8]) -> Result<Self, ModelError> {
        Model::from_bytes(columns, &[], bytes).map(Classifier::from)
    }

    /// As a file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.model.to_bytes()
    }

    /// The probability of the second label at a token.
    pub fn probability(&self, view: View) -> f32 {
        let mut sums = [0];
        self.model.add_by(&self.plan, view, &mut sums);
        let [_, score] = self.model.scores(sums);
        1.0 / (1.0 + (-score).exp())
    }
}

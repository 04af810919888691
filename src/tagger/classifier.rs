//! Labels of single tokens: yes or no.

use super::columns::{Column, TokenView};
use super::model::{Model, ModelError};
use super::sum_tables::SumTables;

/// A model that says how likely a token has the second of two labels.
///
/// Most tokens are plain after a first look: with few templates summed, they score so low that the others would not make up
/// for it (a cascade of two stages after Bourdev & Brandt, "Robust object detection via soft cascade", 2005).
#[derive(Debug)]
pub struct Classifier {
    model: Model<2, 1>,
    /// The templates of the first look.
    first: SumTables<1>,
    /// All others.
    others: SumTables<1>,
    /// What scores less at the first look is not looked at again, in log odds.
    hopeless: f32,
}

impl From<Model<2, 1>> for Classifier {
    fn from(model: Model<2, 1>) -> Self {
        let (first, others) = model.templates().clone().part(|_| true);
        Classifier { first: model.plan(&first), others: model.plan(&others), model, hopeless: f32::NEG_INFINITY }
    }
}

impl Classifier {
    /// Takes up a model over the named columns.
    pub fn from_bytes(columns: &[Column], bytes: &[u8]) -> Result<Self, ModelError> {
        Model::from_bytes(columns, &[], bytes).map(Classifier::from)
    }

    /// Takes a first look by the templates of this text alone: what scores less than `hopeless` then, in log odds, has the
    /// probability 0.
    #[must_use]
    pub fn with_first_look(mut self, templates: &str, hopeless: f32) -> Self {
        let is_first = |template: &str| templates.split_whitespace().any(|first| first == template);
        let (first, others) = self.model.templates().clone().part(is_first);
        (self.first, self.others) = (self.model.plan(&first), self.model.plan(&others));
        self.hopeless = hopeless;
        self
    }

    /// As a file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.model.to_bytes()
    }

    /// The probability of the second label at a token.
    pub fn probability(&self, view: TokenView) -> f32 {
        let mut sums = [0];
        self.model.add_by(&self.first, view, &mut sums);
        let [_, score] = self.model.scores(sums);
        if score < self.hopeless {
            return 0.0;
        }
        self.model.add_by(&self.others, view, &mut sums);
        let [_, score] = self.model.scores(sums);
        1.0 / (1.0 + (-score).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagger::template::{Neighbourhood, Templates};
    use crate::tagger::weights::Weights;
    use crate::tagger::{BORDER_ROWS, Columns};

    const COLUMNS: [Column; 2] = [Column::many("low"), Column::few("tag", 4)];

    #[test]
    fn what_scores_low_at_first_is_not_looked_at_again() {
        let mut text = Columns::new(COLUMNS.len());
        text.push(&[7, 1]);
        text.push(&[8, 1]);
        text.border();
        let templates = Templates::parse(&COLUMNS, &[], "low tag").unwrap();
        let view = |row| TokenView::absolute(&text, BORDER_ROWS + row);
        let features = |row| templates.features(Neighbourhood::of(view(row))).collect::<Vec<_>>();
        // The first word tells against it, the second for it; the part of speech tells for it more than either.
        let weights = [(features(0)[0], [-30]), (features(1)[0], [10]), (features(0)[1], [50])];
        let model = Model::new(templates.clone(), [[0.0; 2]; 2], 0.1, Weights::build(weights.into_iter()));
        let thorough = Classifier::from(model.clone());
        let quick = Classifier::from(model).with_first_look("low", -2.0);
        assert!(thorough.probability(view(0)) > 0.8);
        assert_eq!(quick.probability(view(0)).to_bits(), 0.0_f32.to_bits());
        assert_eq!(quick.probability(view(1)).to_bits(), thorough.probability(view(1)).to_bits());
    }
}

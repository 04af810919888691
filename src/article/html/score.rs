//! One score a block: the weighted sum of its features.
//!
//! The weights are those of a logistic regression, trained by `just train-pages`; `models/pages.md` says on what and how
//! well.

use std::sync::LazyLock;

use super::features::{Features, NAMES};

/// The weights, one a line: the weight, a tab, the feature's name.
static WEIGHTS: LazyLock<Features> = LazyLock::new(|| {
    let mut weights = [0.0; NAMES.len()];
    for line in include_str!("../../../models/pages.tsv").lines() {
        if let Some((weight, name)) = line.split_once('\t')
            && let Ok(weight) = weight.parse()
            && let Some(place) = NAMES.iter().position(|known| *known == name).and_then(|at| weights.get_mut(at))
        {
            *place = weight;
        }
    }
    weights
});

/// True if a block with these features is rather part of the article than not.
pub(super) fn is_article(features: &Features) -> bool {
    features.iter().zip(WEIGHTS.iter()).map(|(value, weight)| value * weight).sum::<f32>() > 0.0
}

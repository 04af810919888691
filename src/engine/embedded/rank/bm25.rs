//! What finding something is worth: BM25 (Robertson and Zaragoza 2009).

use crate::search::MatchClass;

/// How fast repeated words stop counting, in a passage and in a whole article.
pub(crate) const K1: f32 = 1.5;

/// How much the length of a text counts; the usual value.
pub(crate) const B: f32 = 0.75;

/// What a term set is worth and how long texts are: the statistics of BM25 over a whole field.
#[derive(Debug, Clone)]
pub(crate) struct Statistics {
    /// By term set: the inverse document frequency.
    pub(crate) idf: Vec<f32>,
    /// Average number of terms of a text.
    pub(crate) length: f32,
}

/// What was found of a part in one text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SpanFrequency {
    /// How faithful it is to what was asked for, 0 to 1.
    pub(crate) share: f32,
    /// How often it was found.
    pub(crate) frequency: f32,
    /// How closely it matches.
    pub(crate) class: MatchClass,
}

impl Default for SpanFrequency {
    fn default() -> Self {
        SpanFrequency { share: 0.0, frequency: 0.0, class: MatchClass::Form }
    }
}

impl SpanFrequency {
    /// Found so often, as asked for.
    pub(crate) fn times(frequency: f32) -> Self {
        SpanFrequency { share: 1.0, frequency, ..SpanFrequency::default() }
    }

    /// Adds what was found in another passage of the same article.
    pub(crate) fn add(&mut self, other: SpanFrequency) {
        self.share = self.share.max(other.share);
        self.frequency += other.frequency;
    }

    /// Its score beside the most it could have, in a text `relative` times as long as the average: 0 to 1.
    pub(crate) fn saturated(self, relative: f32) -> f32 {
        self.share * self.frequency / (self.frequency + K1 * length_norm(relative, B))
    }
}

/// How much less a text counts that is `relative` times as long as the average.
pub(crate) fn length_norm(relative: f32, b: f32) -> f32 {
    1.0 - b + b * relative
}

/// The inverse document frequency of what `holding` of `documents` hold.
pub(crate) fn idf(holding: f32, documents: f32) -> f32 {
    ((documents - holding + 0.5) / (holding + 0.5)).ln_1p()
}

/// Estimates how many of `articles` hold what `holding` of their `passages` hold. How common a word is shows
/// in articles: nearly all of them have `the`, but a third of their passages have not.
pub(crate) fn articles_holding(holding: f32, passages: f32, articles: f32) -> f32 {
    let each = (passages / articles).max(1.0);
    articles * (1.0 - (1.0 - holding / passages).max(0.0).powf(each))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_words_count_less_and_less() {
        let span_frequency = |frequency| SpanFrequency::times(frequency).saturated(1.0);
        assert!(span_frequency(2.0) - span_frequency(1.0) < span_frequency(1.0));
        assert!(span_frequency(1000.0) < 1.0);
    }

    #[test]
    fn articles_lie_between_one_and_all_of_the_passages() {
        assert!((articles_holding(1.0, 1000.0, 1000.0) - 1.0).abs() < 0.01);
        assert!(articles_holding(500.0, 1000.0, 100.0) > 95.0);
        assert!(articles_holding(1000.0, 1000.0, 100.0) <= 100.0);
        assert!(articles_holding(10.0, 1000.0, 100.0) < 10.0);
    }
}

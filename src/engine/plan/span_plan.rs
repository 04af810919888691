//! What is searched for in one field.

use crate::engine::plan::prefilter::Prefilter;
use crate::engine::spans::query::SpanQuery;
use crate::text::normal::written;

/// What is searched for in one field, and by which terms.
#[derive(Debug, Clone)]
pub(crate) struct SpanPlan {
    pub(crate) query: SpanQuery,
    /// What a document must hold to be looked at closely.
    pub(crate) prefilter: Prefilter,
    /// The terms of each term set, as they stand in the index.
    pub(crate) term_sets: Vec<Vec<String>>,
}

impl SpanPlan {
    /// A word just as it was typed, but for case and diacritics; none for what is more than one word.
    pub(crate) fn as_typed(word: &str) -> Option<SpanPlan> {
        if !word.chars().all(char::is_alphabetic) {
            return None;
        }
        Some(SpanPlan {
            query: SpanQuery::TermSet(0),
            prefilter: Prefilter::TermSet(0),
            term_sets: vec![written(word).to_vec()],
        })
    }
}

/// How the text of a field was analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Analysis {
    /// Running text.
    Text,
    /// Names: no forms, no variants.
    Name,
}

//! What is searched for in one field.

use crate::engine::plan::prefilter::Prefilter;
use crate::engine::spans::find::BufferPool;
use crate::engine::spans::memory::Memory;
use crate::engine::spans::query::{PositionSpan, SpanQuery};

/// What is searched for in one field, and by which terms.
#[derive(Debug, Clone)]
pub(crate) struct SpanPlan {
    pub(crate) query: SpanQuery,
    /// What a document must hold to be looked at closely.
    pub(crate) prefilter: Prefilter,
    /// The terms of each term set, as they are in the index.
    pub(crate) term_sets: Vec<Vec<String>>,
    pub(crate) as_written: AsWritten,
}

/// When a text that matches does so as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AsWritten {
    /// Always: nothing else is searched for.
    Always,
    /// Where it holds one of the first so many terms of the only term set.
    Terms(usize),
    /// Where this matches, too.
    Query(SpanQuery),
}

impl SpanPlan {
    /// Where a text holds what is searched for in other words than those typed; nowhere if it has these, too.
    pub(crate) fn variants_in(&self, text: &mut Memory) -> Vec<PositionSpan> {
        let pool = &mut BufferPool::default();
        let as_typed = match &self.as_written {
            AsWritten::Always => return Vec::new(),
            AsWritten::Terms(first) => {
                let own = self.term_sets.first().and_then(|terms| terms.get(..*first)).unwrap_or(&[]);
                SpanQuery::TermSet(0).spans(text.for_term_sets(&[own.to_vec()]), pool)
            }
            AsWritten::Query(query) => query.spans(text.for_term_sets(&self.term_sets), pool),
        };
        if !as_typed.is_empty() {
            return Vec::new();
        }
        let text = text.for_term_sets(&self.term_sets);
        match &self.query {
            SpanQuery::Variants(variants) => {
                let mut found = variants.iter().map(|variant| variant.query.spans(text, pool));
                found.find(|spans| !spans.is_empty()).unwrap_or_default()
            }
            query => query.spans(text, pool),
        }
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

//! What the headlines of a segment hold of a part of a query, article after article.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, SegmentReader};

use crate::engine::embedded::rank::bm25::SpanFrequency;
use crate::engine::embedded::scan::conjunction::SpanScorer;
use crate::engine::embedded::scan::cursor::{Lists, SIDE_BY_SIDE};
use crate::engine::embedded::scan::field_query::FieldQuery;
use crate::engine::spans::counts::word;

/// The lists of a word that together have no more postings than this are read at once: it takes less time than to open
/// windows over them.
const MOST_LISTED: u32 = 16_384;

/// Looks for a part in the headlines of one segment.
pub(crate) enum Headlines {
    /// The articles that have the word which is all that is asked for, in order, and how often; how far we are.
    ListedVariant { holding: Vec<(DocId, u32)>, at: usize, norms: FieldNormReader },
    /// What takes more is searched for.
    SpanQuery(Box<SpanScorer>),
}

/// What a headline holds, and its number of terms.
pub(crate) type InHeadline = (SpanFrequency, f32);

impl Headlines {
    pub(crate) fn open(query: &FieldQuery, segment: &SegmentReader) -> tantivy::Result<Self> {
        if let Some(set) = word(&query.plan.query)
            && let Some(norms) = segment.fieldnorms_readers().get_field(query.field)?
        {
            let Lists { postings, counted, .. } = query.lists(set, &*segment.inverted_index(query.field)?)?;
            let size = postings.iter().map(BlockSegmentPostings::doc_freq).fold(0, u32::saturating_add);
            if counted && postings.len() <= SIDE_BY_SIDE && size <= MOST_LISTED {
                return Ok(Headlines::ListedVariant { holding: listed(postings), at: 0, norms });
            }
        }
        Ok(Headlines::SpanQuery(Box::new(query.open(segment)?)))
    }

    /// True if it takes a closer look to know what the headline of an article holds.
    pub(crate) fn needs_a_look(&mut self, article: DocId) -> bool {
        match self {
            Headlines::ListedVariant { .. } => false,
            Headlines::SpanQuery(query) => query.may_hold(article),
        }
    }

    /// What the headline of an article holds, and its number of terms; none where it holds nothing. Articles are asked for
    /// in order.
    pub(crate) fn of(&mut self, article: DocId) -> Option<InHeadline> {
        match self {
            Headlines::ListedVariant { holding, at, norms } => {
                *at += ahead(holding.get(*at..).unwrap_or(&[]), article);
                let &(_, count) = holding.get(*at).filter(|(holding, _)| *holding == article)?;
                Some((SpanFrequency::times(count as f32), norms.fieldnorm(article) as f32))
            }
            Headlines::SpanQuery(query) => query.holds(article).then(|| (query.span_frequency(), query.length())),
        }
    }
}

/// How many come before `target`; it is near as a rule.
fn ahead(holding: &[(DocId, u32)], target: DocId) -> usize {
    let mut step = 1;
    while holding.get(step - 1).is_some_and(|&(doc, _)| doc < target) {
        step *= 2;
    }
    let (start, end) = (step / 2, step.min(holding.len()));
    start + holding.get(start..end).unwrap_or(&[]).partition_point(|&(doc, _)| doc < target)
}

/// The documents that any of the lists holds, in order, and how often.
fn listed(lists: Vec<BlockSegmentPostings>) -> Vec<(DocId, u32)> {
    let several = lists.len() > 1;
    let mut all: Vec<(DocId, u32)> = Vec::new();
    for mut list in lists {
        while !list.docs().is_empty() {
            all.extend(list.docs().iter().copied().zip(list.freqs().iter().copied()));
            list.advance();
        }
    }
    if several {
        // The lists are in order each, so putting all in order takes little more than merging them.
        all.sort_by_key(|(doc, _)| *doc);
        all.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = kept.1.saturating_add(next.1);
            }
            same
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_next_is_found_from_anywhere() {
        let holding: Vec<(DocId, u32)> = [1, 4, 5, 9, 20, 21, 40].into_iter().map(|doc| (doc, 1)).collect();
        for from in 0..=holding.len() {
            for target in 0..50 {
                let rest = &holding[from..];
                assert_eq!(ahead(rest, target), rest.iter().filter(|(doc, _)| *doc < target).count());
            }
        }
    }
}

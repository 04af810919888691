//! What the headlines of a segment hold of a part of a query, article after article.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, InvertedIndexReader, SegmentReader};

use crate::engine::embedded::rank::bm25::SpanFrequency;
use crate::engine::embedded::scan::conjunction::SpanScorer;
use crate::engine::embedded::scan::cursor::{List, Lists, SIDE_BY_SIDE};
use crate::engine::embedded::scan::field_query::{FieldQuery, SpanMatcher};
use crate::engine::plan::prefilter::Prefilter;
use crate::engine::spans::counts::word;

/// The lists of a word that together have no more postings than this are read at once: it takes less time than to open
/// windows over them.
const MOST_LISTED: u32 = 16_384;

/// Looking articles up in more lists than this takes longer than to open windows over them.
const MOST_LISTS: usize = 64;

/// Looks for a part in the headlines of one segment.
pub(crate) enum Headlines {
    /// The articles that have the word which is all that is asked for, in order, and how often; how far we are.
    ListedVariant { holding: Vec<(DocId, u32)>, at: usize, norms: FieldNormReader },
    /// The words of what is asked for: the articles that are asked about are looked up in their lists.
    Listed { words: Words, matcher: Box<SpanMatcher> },
    /// What takes more is searched for.
    SpanQuery(Box<SpanScorer>),
}

/// The words that a headline must have.
pub(crate) enum Words {
    TermSet(Vec<List>),
    All(Vec<Words>),
    Any(Vec<Words>),
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
        let (index, mut left) = (segment.inverted_index(query.field)?, MOST_LISTS);
        if word(&query.plan.query).is_none()
            && let Some(words) = Words::open(query, &query.plan.prefilter, &index, &mut left)?
        {
            return Ok(Headlines::Listed { words, matcher: Box::new(query.matcher(segment, 1.0)?) });
        }
        Ok(Headlines::SpanQuery(Box::new(query.open(segment)?)))
    }

    /// True if it takes a closer look to know what the headline of an article holds.
    pub(crate) fn needs_a_look(&mut self, article: DocId) -> bool {
        match self {
            Headlines::ListedVariant { .. } => false,
            Headlines::Listed { words, .. } => words.are_in(article),
            Headlines::SpanQuery(query) => query.may_hold(article),
        }
    }

    /// What the headline of an article holds, and its number of terms; none where it holds nothing. Articles are asked for
    /// in order.
    pub(crate) fn of(&mut self, article: DocId) -> Option<InHeadline> {
        match self {
            Headlines::ListedVariant { holding, at, norms } => {
                *at += ahead(holding.get(*at..).unwrap_or(&[]), |(before, _)| before < article);
                let &(_, count) = holding.get(*at).filter(|(holding, _)| *holding == article)?;
                Some((SpanFrequency::times(count as f32), norms.fieldnorm(article) as f32))
            }
            Headlines::Listed { words, matcher } => {
                let holds = words.are_in(article) && matcher.holds(article);
                holds.then(|| (matcher.found(), matcher.length(article)))
            }
            Headlines::SpanQuery(query) => query.holds(article).then(|| (query.span_frequency(), query.length())),
        }
    }
}

/// How many come before the one that is looked for; it is near as a rule.
fn ahead<T: Copy>(list: &[T], is_before: impl Fn(T) -> bool) -> usize {
    let mut step = 1;
    while list.get(step - 1).is_some_and(|&item| is_before(item)) {
        step *= 2;
    }
    let (start, end) = (step / 2, step.min(list.len()));
    start + list.get(start..end).unwrap_or(&[]).partition_point(|&item| is_before(item))
}

impl Words {
    /// Opens what the prefilter of a query asks for; none where that is more than `left` lists, or any document may pass.
    fn open(
        query: &FieldQuery,
        prefilter: &Prefilter,
        index: &InvertedIndexReader,
        left: &mut usize,
    ) -> tantivy::Result<Option<Self>> {
        let (Prefilter::All(parts) | Prefilter::Any(parts)) = prefilter else {
            let Prefilter::TermSet(set) = prefilter else { return Ok(None) };
            let Lists { postings, .. } = query.lists(*set, index)?;
            let Some(rest) = left.checked_sub(postings.len()) else { return Ok(None) };
            *left = rest;
            return Ok(Some(Words::TermSet(postings.into_iter().map(List::new).collect())));
        };
        let mut opened = Vec::with_capacity(parts.len());
        for part in parts {
            let Some(part) = Words::open(query, part, index, left)? else { return Ok(None) };
            opened.push(part);
        }
        Ok(Some(if matches!(prefilter, Prefilter::All(_)) { Words::All(opened) } else { Words::Any(opened) }))
    }

    /// True if an article has them; never one before that of the last call.
    fn are_in(&mut self, article: DocId) -> bool {
        match self {
            Words::TermSet(lists) => lists.iter_mut().any(|list| list.seek(article) == article),
            Words::All(parts) => parts.iter_mut().all(|part| part.are_in(article)),
            Words::Any(parts) => parts.iter_mut().any(|part| part.are_in(article)),
        }
    }
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
                assert_eq!(ahead(rest, |(doc, _)| doc < target), rest.iter().filter(|(doc, _)| *doc < target).count());
            }
        }
    }
}

//! What the headlines of a segment hold of a part of a query, article after article.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, InvertedIndexReader, SegmentReader};

use crate::engine::embedded::rank::bm25::SpanFrequency;
use crate::engine::embedded::scan::conjunction::SpanScorer;
use crate::engine::embedded::scan::cursor::{Lists, SIDE_BY_SIDE};
use crate::engine::embedded::scan::field_query::{FieldQuery, SpanMatcher};
use crate::engine::plan::prefilter::Prefilter;
use crate::engine::spans::counts::word;

/// The lists of a word that together have no more postings than this are read at once: it takes less time than to open
/// windows over them.
const MOST_LISTED: u32 = 16_384;

/// The same where several words are asked for.
const MOST_SCANNED: u32 = 65_536;

/// Looks for a part in the headlines of one segment.
pub(crate) enum Headlines {
    /// The articles that have the word which is all that is asked for, in order, and how often; how far we are.
    ListedVariant { holding: Vec<(DocId, u32)>, at: usize, norms: FieldNormReader },
    /// The articles that have the words of what is asked for, in order; how far we are.
    Candidates { articles: Vec<DocId>, at: usize, matcher: Box<SpanMatcher> },
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
        let mut left = MOST_SCANNED;
        if word(&query.plan.query).is_none()
            && let Some(articles) =
                candidates(query, &query.plan.prefilter, &*segment.inverted_index(query.field)?, &mut left)?
        {
            return Ok(Headlines::Candidates { articles, at: 0, matcher: Box::new(query.matcher(segment, 1.0)?) });
        }
        Ok(Headlines::SpanQuery(Box::new(query.open(segment)?)))
    }

    /// True if it takes a closer look to know what the headline of an article holds.
    pub(crate) fn needs_a_look(&mut self, article: DocId) -> bool {
        match self {
            Headlines::ListedVariant { .. } => false,
            Headlines::Candidates { articles, at, .. } => is_among(articles, at, article),
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
            Headlines::Candidates { articles, at, matcher } => {
                let holds = is_among(articles, at, article) && matcher.holds(article);
                holds.then(|| (matcher.found(), matcher.length(article)))
            }
            Headlines::SpanQuery(query) => query.holds(article).then(|| (query.span_frequency(), query.length())),
        }
    }
}

/// True if an article is among those; `at` is how far we are, and moves on to it.
fn is_among(articles: &[DocId], at: &mut usize, article: DocId) -> bool {
    *at += ahead(articles.get(*at..).unwrap_or(&[]), |before| before < article);
    articles.get(*at) == Some(&article)
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

/// The documents that pass the prefilter of a query, in order; none where that takes more than `left` postings, or any
/// document may pass.
fn candidates(
    query: &FieldQuery,
    prefilter: &Prefilter,
    index: &InvertedIndexReader,
    left: &mut u32,
) -> tantivy::Result<Option<Vec<DocId>>> {
    let mut found: Option<Vec<DocId>> = None;
    match prefilter {
        Prefilter::Every => {}
        Prefilter::TermSet(set) => {
            let Lists { postings, .. } = query.lists(*set, index)?;
            let size = postings.iter().map(BlockSegmentPostings::doc_freq).fold(0, u32::saturating_add);
            let Some(rest) = left.checked_sub(size) else { return Ok(None) };
            *left = rest;
            let mut all = Vec::with_capacity(size as usize);
            for mut list in postings {
                while !list.docs().is_empty() {
                    all.extend_from_slice(list.docs());
                    list.advance();
                }
            }
            found = Some(in_order(all));
        }
        Prefilter::All(parts) => {
            for part in parts {
                let Some(docs) = candidates(query, part, index, left)? else { return Ok(None) };
                found = Some(match found {
                    None => docs,
                    Some(mut both) => {
                        let mut at = 0;
                        both.retain(|doc| is_among(&docs, &mut at, *doc));
                        both
                    }
                });
            }
        }
        Prefilter::Any(parts) => {
            let mut all = Vec::new();
            for part in parts {
                let Some(docs) = candidates(query, part, index, left)? else { return Ok(None) };
                all.extend(docs);
            }
            found = Some(in_order(all));
        }
    }
    Ok(found)
}

/// Documents in order, each once.
fn in_order(mut docs: Vec<DocId>) -> Vec<DocId> {
    // Lists are in order each, so putting all in order takes little more than merging them.
    docs.sort_by_key(|doc| *doc);
    docs.dedup();
    docs
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

//! Walks all documents a query matches: what is counted is what is listed.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::query::{EnableScoring, Query, Scorer};
use tantivy::{DocAddress, DocSet as _, Score, Searcher, SegmentReader, TERMINATED};

use crate::search::Sort;

/// A matching document and what it is sorted by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) score: Score,
    /// Days since 1970-01-01; none where the article is undated, or the order does not ask for it.
    pub(super) day: Option<i64>,
    pub(super) at: DocAddress,
}

impl Found {
    /// The order of hits: what comes first is less.
    pub(super) fn order(&self, other: &Found, sort: Sort) -> Ordering {
        let dated = |found: &Found| Reverse(found.day.is_some());
        let by_sort = match sort {
            Sort::Rank => other.score.total_cmp(&self.score),
            Sort::Newest => dated(self).cmp(&dated(other)).then(other.day.cmp(&self.day)),
            Sort::Oldest => dated(self).cmp(&dated(other)).then(self.day.cmp(&other.day)),
        };
        by_sort.then_with(|| other.score.total_cmp(&self.score)).then_with(|| self.at.cmp(&other.at))
    }
}

/// Calls `each` for every document a query matches, in order of document; the segment comes with its number, and the
/// scorer stands at the document. Without `scored`, nothing is spent on scores.
pub(super) fn walk(
    searcher: &Searcher,
    query: &dyn Query,
    scored: bool,
    mut each: impl FnMut(u32, &SegmentReader, &mut dyn Scorer) -> Result<(), super::Error>,
) -> Result<(), super::Error> {
    let scoring = if scored {
        EnableScoring::enabled_from_searcher(searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    };
    let weight = query.weight(scoring)?;
    for (number, segment) in (0..).zip(searcher.segment_readers()) {
        let mut scorer = weight.scorer(segment, 1.0)?;
        let alive = segment.alive_bitset();
        let mut doc = scorer.doc();
        while doc != TERMINATED {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                each(number, segment, scorer.as_mut())?;
            }
            doc = scorer.advance();
        }
    }
    Ok(())
}

/// Keeps the first of all that are put in.
pub(super) struct Top {
    limit: usize,
    sort: Sort,
    heap: BinaryHeap<Last>,
}

/// Orders a heap so that the hit that comes last is on top.
struct Last(Found, Sort);

impl Ord for Last {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order(&other.0, self.1)
    }
}

impl PartialOrd for Last {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Last {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Last {}

impl Top {
    pub(super) fn new(limit: usize, sort: Sort) -> Self {
        Top { limit, sort, heap: BinaryHeap::new() }
    }

    /// True if nothing is kept, whatever comes.
    pub(super) fn is_closed(&self) -> bool {
        self.limit == 0
    }

    /// What a hit must score to be kept, if that decides.
    pub(super) fn least(&self) -> Score {
        match (self.sort, self.heap.peek()) {
            (Sort::Rank, Some(last)) if self.heap.len() >= self.limit => last.0.score,
            _ => Score::NEG_INFINITY,
        }
    }

    pub(super) fn push(&mut self, found: Found) {
        if self.heap.len() < self.limit {
            self.heap.push(Last(found, self.sort));
        } else if let Some(mut last) = self.heap.peek_mut()
            && found.order(&last.0, self.sort) == Ordering::Less
        {
            last.0 = found;
        }
    }

    /// All that were kept, the first first.
    pub(super) fn into_sorted(self) -> Vec<Found> {
        self.heap.into_sorted_vec().into_iter().map(|last| last.0).collect()
    }
}

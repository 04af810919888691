//! Keeps the first of all that is found.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use tantivy::{DocAddress, Score};

use crate::engine::{Engine, Error};
use crate::search::{MatchClass, Sort};

/// A matching document and what it is sorted by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ScoredDoc {
    pub(crate) score: Score,
    /// Days since 1970-01-01; none where the article is undated, or the order does not ask for it.
    pub(crate) day: Option<i64>,
    pub(crate) at: DocAddress,
    /// How closely it matches, where that is asked for.
    pub(crate) class: Option<MatchClass>,
    /// Where hits are grouped by how closely they match: its group, the closest first; else 0.
    pub(crate) group: u8,
}

impl ScoredDoc {
    /// Takes over what is best of a near-identical hit.
    pub(crate) fn take_best_of(&mut self, other: &ScoredDoc) {
        if (other.group, other.class) < (self.group, self.class) {
            (self.group, self.class) = (other.group, other.class);
        }
        self.score = self.score.max(other.score);
    }

    /// The order of hits by the request's sort key; a hit that comes first compares as less.
    fn order(&self, other: &ScoredDoc, sort: Sort) -> Ordering {
        let dated = |found: &ScoredDoc| Reverse(found.day.is_some());
        let by_sort = match sort {
            Sort::Rank => self.group.cmp(&other.group).then(other.score.total_cmp(&self.score)),
            Sort::Newest => dated(self).cmp(&dated(other)).then(other.day.cmp(&self.day)),
            Sort::Oldest => dated(self).cmp(&dated(other)).then(self.day.cmp(&other.day)),
        };
        by_sort.then_with(|| other.score.total_cmp(&self.score))
    }
}

/// Hits that tie with the last kept one are gathered up to this number before their ids decide.
const MOST_TIED: usize = 1 << 10;

/// Keeps the first of all that are put in. Of hits that the request does not tell apart, those come first whose article's
/// id does, so that the answer is the same in whatever order the articles were read.
pub(crate) struct Top<'e> {
    engine: &'e Engine,
    limit: usize,
    sort: Sort,
    /// Only hits after this one are kept.
    after: Option<ScoredDoc>,
    heap: BinaryHeap<Last>,
    /// As good as the last of those that are kept.
    tied: Vec<ScoredDoc>,
    /// Where ids have decided: the last that was kept. What comes after it need not be gathered.
    edge: Option<DocAddress>,
}

/// Orders a heap so that the hit that comes last is on top.
struct Last(ScoredDoc, Sort);

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

impl<'e> Top<'e> {
    pub(crate) fn new(engine: &'e Engine, limit: usize, sort: Sort, after: Option<ScoredDoc>) -> Self {
        Top { engine, limit, sort, after, heap: BinaryHeap::new(), tied: Vec::new(), edge: None }
    }

    /// The last hit that is kept, if scores decide which hits are and no more are wanted.
    pub(crate) fn last(&self) -> Option<&ScoredDoc> {
        let full = self.sort == Sort::Rank && self.heap.len() >= self.limit;
        self.heap.peek().filter(|_| full).map(|last| &last.0)
    }

    pub(crate) fn push(&mut self, found: ScoredDoc) -> Result<(), Error> {
        if let Some(after) = &self.after {
            let order = match found.order(after, self.sort) {
                Ordering::Equal => self.engine.ids.compare(self.engine, found.at, after.at)?,
                order => order,
            };
            if order != Ordering::Greater {
                return Ok(());
            }
        }
        if self.heap.len() < self.limit {
            self.heap.push(Last(found, self.sort));
            return Ok(());
        }
        let Some(last) = self.heap.peek() else { return Ok(()) };
        match found.order(&last.0, self.sort) {
            Ordering::Greater => return Ok(()),
            Ordering::Equal => {
                if let Some(edge) = self.edge
                    && self.engine.ids.compare(self.engine, found.at, edge)? == Ordering::Greater
                {
                    return Ok(());
                }
                self.tied.push(found);
            }
            Ordering::Less => {
                let out = self.heap.pop();
                self.heap.push(Last(found, self.sort));
                match (out, self.heap.peek()) {
                    (Some(out), Some(last)) if out.cmp(last) == Ordering::Equal => self.tied.push(out.0),
                    _ => {
                        self.tied.clear();
                        self.edge = None;
                    }
                }
            }
        }
        if self.tied.len() >= MOST_TIED { self.settle() } else { Ok(()) }
    }

    /// Takes over what was kept elsewhere.
    pub(crate) fn join(&mut self, other: Top) -> Result<(), Error> {
        let kept = other.heap.into_iter().map(|last| last.0);
        kept.chain(other.tied).try_for_each(|found| self.push(found))
    }

    /// All that were kept, the first first.
    pub(crate) fn into_sorted(mut self) -> Result<Vec<ScoredDoc>, Error> {
        self.settle()?;
        let sort = self.sort;
        let mut kept: Vec<ScoredDoc> = self.heap.into_sorted_vec().into_iter().map(|last| last.0).collect();
        for same in kept.chunk_by_mut(|a, b| a.order(b, sort) == Ordering::Equal) {
            self.engine.ids.sort(self.engine, same)?;
        }
        Ok(kept)
    }

    /// Has ids decide which of the last hits are kept.
    fn settle(&mut self) -> Result<(), Error> {
        if self.tied.is_empty() {
            return Ok(());
        }
        let mut last = std::mem::take(&mut self.tied);
        let more = last.len();
        while let Some(kept) = self.heap.peek()
            && last.first().is_some_and(|tied| kept.0.order(tied, self.sort) == Ordering::Equal)
        {
            last.extend(self.heap.pop().map(|kept| kept.0));
        }
        let kept = last.len() - more;
        self.engine.ids.sort_first(self.engine, &mut last, kept)?;
        last.truncate(kept);
        self.edge = last.last().map(|found| found.at);
        self.heap.extend(last.into_iter().map(|found| Last(found, self.sort)));
        Ok(())
    }
}

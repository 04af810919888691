//! Walks all documents a query matches: what is counted is what is listed.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader};

use super::{Engine, Error};

/// About so many postings are read in the time that it takes to start other threads and to open the lists for them.
const FEW: u64 = 32_768;

/// Walking is bound by memory: more threads than this help little, and others want to search, too.
const MOST_THREADS: usize = 8;

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS)
}

/// The score that a hit needs to be among the first, as far as anybody who walks a share knows. Scores are never negative.
#[derive(Default)]
pub(super) struct Threshold(AtomicU32);

impl Threshold {
    /// What is needed according to all.
    pub(super) fn get(&self) -> Score {
        Score::from_bits(self.0.load(Ordering::Relaxed))
    }

    /// Tells all what is needed according to one.
    pub(super) fn raise(&self, least: Score) {
        // Numbers that are not negative are ordered as their bits are.
        self.0.fetch_max(least.max(0.0).to_bits(), Ordering::Relaxed);
    }
}

/// What takes in a document that matches: the number of its segment, and the scorer that stands at it.
pub(super) type Take<'a> = &'a mut dyn FnMut(u32, &mut dyn Scorer) -> Result<(), Error>;

/// Calls `take` for every document a query matches, in order of document. Without `scored`, nothing is spent on scores.
pub(super) fn walk(searcher: &Searcher, query: &dyn Query, scored: bool, take: Take) -> Result<(), Error> {
    let weight = weight(searcher, query, scored)?;
    for (number, segment) in (0..).zip(searcher.segment_readers()) {
        let scorer = weight.scorer(segment, 1.0)?;
        walk_share(segment, number, scorer, &(0..segment.max_doc()), take)?;
    }
    Ok(())
}

fn weight(searcher: &Searcher, query: &dyn Query, scored: bool) -> tantivy::Result<Box<dyn Weight>> {
    query.weight(if scored {
        EnableScoring::enabled_from_searcher(searcher)
    } else {
        EnableScoring::disabled_from_searcher(searcher)
    })
}

fn walk_share(
    segment: &SegmentReader,
    number: u32,
    mut scorer: Box<dyn Scorer>,
    docs: &Range<DocId>,
    take: Take,
) -> Result<(), Error> {
    let alive = segment.alive_bitset();
    let mut doc = if scorer.doc() < docs.start { scorer.seek(docs.start) } else { scorer.doc() };
    while doc < docs.end {
        if alive.is_none_or(|alive| alive.is_alive(doc)) {
            take(number, scorer.as_mut())?;
        }
        doc = scorer.advance();
    }
    Ok(())
}

/// Neighbouring documents of a segment that make up whole articles.
struct Share<'s> {
    number: u32,
    segment: &'s SegmentReader,
    docs: Range<DocId>,
    /// If it is open already.
    scorer: Option<Box<dyn Scorer>>,
}

/// What is made of the documents of a share.
pub(super) trait Gather: Send {
    /// Takes in a document that matches, in order: the number of its segment, and the scorer that stands at it.
    fn take(&mut self, segment: u32, scorer: &mut dyn Scorer) -> Result<(), Error>;
    /// Takes in what waits for others of its share.
    fn finish(&mut self) -> Result<(), Error>;
}

impl Engine {
    /// Walks every document a query matches: where there are many, in a share for each core. Gives what was made of the
    /// shares, in order of document.
    pub(super) fn gather<G: Gather>(
        &self,
        query: &dyn Query,
        scored: bool,
        start: &(dyn Fn() -> G + Sync),
    ) -> Result<Vec<G>, Error> {
        let searcher = self.searcher();
        let weight = weight(searcher, query, scored)?;
        let mut scorers = Vec::new();
        for segment in searcher.segment_readers() {
            scorers.push(weight.scorer(segment, 1.0)?);
        }
        let postings: u64 = scorers.iter().map(DocSet::cost).sum();
        let cores = cores();
        if postings < FEW || cores < 2 {
            let mut all = start();
            for ((number, segment), scorer) in (0..).zip(searcher.segment_readers()).zip(scorers) {
                let take: Take = &mut |number, scorer| all.take(number, scorer);
                walk_share(segment, number, scorer, &(0..segment.max_doc()), take)?;
            }
            all.finish()?;
            return Ok(vec![all]);
        }
        let shares = Mutex::new(self.shares(scorers, cores)?.into_iter().enumerate());
        let gathered = Mutex::new(Vec::with_capacity(cores));
        let work = || loop {
            let Some((place, share)) = shares.lock().unwrap_or_else(PoisonError::into_inner).next() else { break };
            let made = gather_share(share, weight.as_ref(), start());
            gathered.lock().unwrap_or_else(PoisonError::into_inner).push((place, made));
        };
        thread::scope(|scope| {
            for _ in 1..cores {
                // Where no thread can be had, those there are do its work.
                drop(thread::Builder::new().spawn_scoped(scope, work));
            }
            work();
        });
        let mut gathered = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        gathered.sort_unstable_by_key(|(place, _)| *place);
        gathered.into_iter().map(|(_, made)| made).collect()
    }

    /// A share or more of each segment, about as many as there are threads in all.
    fn shares(&self, scorers: Vec<Box<dyn Scorer>>, cores: usize) -> Result<Vec<Share<'_>>, Error> {
        let segments = self.searcher().segment_readers();
        let documents: u64 = segments.iter().map(|segment| u64::from(segment.max_doc())).sum();
        let mut shares = Vec::new();
        for ((number, segment), scorer) in (0..).zip(segments).zip(scorers) {
            let end = u64::from(segment.max_doc());
            let parts = ((end * cores as u64 + documents / 2) / documents.max(1)).max(1);
            let blocks = self.shapes.of(segment)?;
            let edge =
                |part: u64| if part == parts { end as DocId } else { blocks.article((end * part / parts) as DocId) };
            let mut opened = Some(scorer);
            for part in 0..parts {
                shares.push(Share { number, segment, docs: edge(part)..edge(part + 1), scorer: opened.take() });
            }
        }
        Ok(shares)
    }
}

fn gather_share<G: Gather>(share: Share, weight: &dyn Weight, mut gathered: G) -> Result<G, Error> {
    let scorer = match share.scorer {
        Some(scorer) => scorer,
        None => weight.scorer(share.segment, 1.0)?,
    };
    walk_share(share.segment, share.number, scorer, &share.docs, &mut |number, scorer| gathered.take(number, scorer))?;
    gathered.finish()?;
    Ok(gathered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_only_rises() {
        let threshold = Threshold::default();
        let mut seen = Vec::new();
        for least in [f32::NEG_INFINITY, 0.5, 2.5, 1.0, 30.0] {
            threshold.raise(least);
            seen.push(threshold.get());
        }
        assert_eq!(seen, [0.0, 0.5, 2.5, 2.5, 30.0]);
    }
}

//! Scans all documents a query matches: what is counted is what is listed.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::thread;
use std::vec::IntoIter;

use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader};

use crate::engine::embedded::scan::context::{ScanContext, Steps};
use crate::engine::{Engine, Error};

/// About so many postings are read in the time that it takes to start other threads and to open the lists for them.
const FEW: u64 = 32_768;

/// Walking is bound by memory: more threads than this help little, and others want to search, too.
const MOST_THREADS: usize = 8;

/// Asked for once: the system reads files to tell it.
fn cores() -> usize {
    static CORES: LazyLock<usize> =
        LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS));
    *CORES
}

/// What a hit needs to be among the first ones, as all threads know it: its group, the smaller the better, and its score.
/// Scores are never negative.
#[derive(Default)]
pub(crate) struct Threshold(AtomicU64);

impl Threshold {
    /// The score that a hit of this group needs.
    pub(crate) fn least(&self, group: u8) -> Score {
        let bits = self.0.load(Ordering::Relaxed);
        let (needed, score) = (u8::MAX - (bits >> 32) as u8, Score::from_bits(bits as u32));
        match group.cmp(&needed) {
            std::cmp::Ordering::Less => Score::NEG_INFINITY,
            std::cmp::Ordering::Equal => score,
            std::cmp::Ordering::Greater => Score::INFINITY,
        }
    }

    /// Raises it to the last hit that one thread keeps.
    pub(crate) fn raise(&self, group: u8, least: Score) {
        // Numbers that are not negative are ordered as their bits are.
        let bits = u64::from(u8::MAX - group) << 32 | u64::from(least.max(0.0).to_bits());
        if bits > self.0.load(Ordering::Relaxed) {
            self.0.fetch_max(bits, Ordering::Relaxed);
        }
    }
}

/// What takes in a document that matches: the number of its segment, and the scorer that is at it.
pub(crate) type Collect<'a> = &'a mut dyn FnMut(u32, &mut dyn Scorer) -> Result<(), Error>;

/// Calls `take` for every document a query matches, in order of document. Without `scored`, nothing is spent on scores.
pub(crate) fn scan(
    searcher: &Searcher,
    query: &dyn Query,
    scored: bool,
    context: &Arc<ScanContext>,
    take: Collect,
) -> Result<(), Error> {
    let weight = weight(searcher, query, scored)?;
    for (number, segment) in (0..).zip(searcher.segment_readers()) {
        let mut scorer = weight.scorer(segment, 1.0)?;
        scan_share(segment, number, scorer.as_mut(), &(0..segment.max_doc()), &Steps::new(context.clone()), take)?;
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

/// Goes on with a scorer through the documents of a share.
fn scan_share(
    segment: &SegmentReader,
    number: u32,
    scorer: &mut dyn Scorer,
    docs: &Range<DocId>,
    steps: &Steps,
    take: Collect,
) -> Result<(), Error> {
    let alive = segment.alive_bitset();
    let mut doc = if scorer.doc() < docs.start { scorer.seek(docs.start) } else { scorer.doc() };
    while doc < docs.end && steps.go_on(1) {
        if alive.is_none_or(|alive| alive.is_alive(doc)) {
            take(number, scorer)?;
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
}

/// Shares for each core: whoever has done one takes the next, so a thread that starts late does less, and none waits long
/// for another.
const SHARES_A_CORE: usize = 4;

/// What is made of the documents of shares.
pub(crate) trait Collector: Send {
    /// Takes in a document that matches, in order: the number of its segment, and the scorer that is at it.
    fn collect(&mut self, segment: u32, scorer: &mut dyn Scorer) -> Result<(), Error>;
    /// Takes in what waits for others of its share.
    fn finish(&mut self) -> Result<(), Error>;
}

impl Engine {
    /// Scans every document a query matches: where there are many, on each core. Gives what each made of its shares, which
    /// it was given in order of document.
    pub(crate) fn collect_parallel<G: Collector>(
        &self,
        query: &dyn Query,
        scored: bool,
        context: &Arc<ScanContext>,
        start: &(dyn Fn() -> G + Sync),
    ) -> Result<Vec<G>, Error> {
        let weight = weight(self.searcher(), query, scored)?;
        let mut opened = Vec::new();
        let mut postings = 0;
        for segment in self.searcher().segment_readers() {
            let scorer = weight.scorer(segment, 1.0)?;
            postings += scorer.cost();
            opened.push(Some(scorer));
        }
        let cores = if postings < FEW { 1 } else { cores() };
        let shares = self.shares(if cores > 1 { cores * SHARES_A_CORE } else { 1 })?;
        let scan = Scan {
            weight: weight.as_ref(),
            context,
            opened: Mutex::new(opened),
            shares: Mutex::new(shares.into_iter()),
        };
        if cores < 2 {
            return Ok(vec![scan.some(start())?]);
        }
        let gathered = Mutex::new(Vec::with_capacity(cores));
        let work = || {
            let made = scan.some(start());
            gathered.lock().unwrap_or_else(PoisonError::into_inner).push(made);
        };
        thread::scope(|scope| {
            for _ in 1..cores {
                // Where no thread can be had, those there are do its work.
                drop(thread::Builder::new().spawn_scoped(scope, work));
            }
            work();
        });
        gathered.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect()
    }

    /// A share or more of each segment, about `wanted` in all.
    fn shares(&self, wanted: usize) -> Result<Vec<Share<'_>>, Error> {
        let segments = self.searcher().segment_readers();
        let documents: u64 = segments.iter().map(|segment| u64::from(segment.max_doc())).sum();
        let mut shares = Vec::new();
        for (number, segment) in (0..).zip(segments) {
            let end = u64::from(segment.max_doc());
            let parts = ((end * wanted as u64 + documents / 2) / documents.max(1)).max(1);
            let blocks = self.hierarchies.of(segment)?;
            let edge =
                |part: u64| if part == parts { end as DocId } else { blocks.article((end * part / parts) as DocId) };
            for part in 0..parts {
                shares.push(Share { number, segment, docs: edge(part)..edge(part + 1) });
            }
        }
        Ok(shares)
    }
}

/// A scan that is shared.
struct Scan<'w> {
    weight: &'w dyn Weight,
    context: &'w Arc<ScanContext>,
    /// A scorer for each segment that somebody has opened already, for who comes first.
    opened: Mutex<Vec<Option<Box<dyn Scorer>>>>,
    /// The shares that no thread has taken yet.
    shares: Mutex<IntoIter<Share<'w>>>,
}

impl Scan<'_> {
    /// Takes share after share, as long as there are any, and gives what was made of them.
    fn some<G: Collector>(&self, mut gathered: G) -> Result<G, Error> {
        let mut open: Option<(u32, Box<dyn Scorer>)> = None;
        let steps = Steps::new(self.context.clone());
        loop {
            let next = self.shares.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(Share { number, segment, docs }) = next else { break };
            let (_, scorer) = match &mut open {
                Some(open) if open.0 == number => open,
                open => open.insert((number, self.scorer(number, segment)?)),
            };
            scan_share(segment, number, scorer.as_mut(), &docs, &steps, &mut |number, scorer| {
                gathered.collect(number, scorer)
            })?;
            gathered.finish()?;
        }
        Ok(gathered)
    }

    fn scorer(&self, number: u32, segment: &SegmentReader) -> tantivy::Result<Box<dyn Scorer>> {
        let kept = {
            let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            opened.get_mut(number as usize).and_then(Option::take)
        };
        match kept {
            Some(scorer) => Ok(scorer),
            None => self.weight.scorer(segment, 1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_only_rises() {
        let threshold = Threshold::default();
        assert!(threshold.least(0) < 0.0);
        let mut seen = Vec::new();
        for (group, least) in [(1, 0.5), (1, 2.5), (1, 1.0), (0, 0.5), (1, 30.0)] {
            threshold.raise(group, least);
            seen.push([threshold.least(0), threshold.least(1)]);
        }
        let (all, none) = (Score::NEG_INFINITY, Score::INFINITY);
        assert_eq!(seen, [[all, 0.5], [all, 2.5], [all, 2.5], [0.5, none], [0.5, none]]);
    }
}

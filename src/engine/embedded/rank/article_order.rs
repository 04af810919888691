//! The order of articles by their ids, which is the same however often and in whatever order they were ingested: hits that
//! nothing else tells apart are in it, and passages of one article as they are in the article.

use std::cmp::Ordering;
use std::sync::atomic::{self, AtomicU32};
use std::sync::{Mutex, OnceLock, PoisonError};

use tantivy::schema::IndexRecordOption;
use tantivy::termdict::TermStreamer;
use tantivy::{DocAddress, DocId};

use crate::engine::embedded::rank::top::ScoredDoc;
use crate::engine::{Engine, Error};
use crate::index::block::Hierarchy;

/// Of no more hits than these, the stored ids are read: most are shown anyway. For more, the ids of the index are gone
/// through in order.
const FEW: usize = 64;

/// Ids that are read first; each further step doubles their number.
const FIRST: u32 = 2_048;

/// The order of all articles, computed as far as requests needed it. The first of many hits are found among the first ids, as a rule:
/// so the ids are gone through in order, and no further than it takes.
#[derive(Default)]
pub(crate) struct ArticleOrder {
    segments: OnceLock<Vec<Segment>>,
    walked: Mutex<Progress>,
}

/// The articles of a segment.
struct Segment {
    blocks: Hierarchy,
    /// By document: the place of its article in the order, counted from 1; 0 where it was not come to yet.
    places: Vec<AtomicU32>,
}

/// How far the ids were gone through.
#[derive(Default)]
struct Progress {
    /// The last id that was, and how many there were.
    last: Vec<u8>,
    count: u32,
    done: bool,
}

impl ArticleOrder {
    /// Sorts hits by the ids of their articles.
    pub(crate) fn sort(&self, engine: &Engine, hits: &mut [ScoredDoc]) -> Result<(), Error> {
        self.sort_first(engine, hits, hits.len())
    }

    /// Puts so many hits in front that come first by the ids of their articles, in order.
    pub(crate) fn sort_first(&self, engine: &Engine, hits: &mut [ScoredDoc], wanted: usize) -> Result<(), Error> {
        if hits.len() < 2 || wanted == 0 {
            return Ok(());
        }
        let segments = self.segments(engine)?;
        loop {
            let mut placed: Vec<(u32, ScoredDoc)> = hits.iter().map(|&hit| (place(segments, hit.at), hit)).collect();
            let known = placed.iter().filter(|(place, _)| *place > 0).count();
            if known < wanted && hits.len() <= FEW {
                return sort_by_stored(engine, hits);
            }
            if known < wanted && self.read_more(segments, engine)? {
                continue;
            }
            // Where a place is not known, all that are come before it.
            placed.sort_unstable_by_key(|(place, hit)| (place.wrapping_sub(1), hit.at));
            for (place, (_, hit)) in hits.iter_mut().zip(placed) {
                *place = hit;
            }
            return Ok(());
        }
    }

    /// Which of two hits comes first.
    pub(crate) fn compare(&self, engine: &Engine, a: DocAddress, b: DocAddress) -> Result<Ordering, Error> {
        let segments = self.segments(engine)?;
        loop {
            let [first, second] = [place(segments, a), place(segments, b)];
            if first > 0 || second > 0 || !self.read_more(segments, engine)? {
                return Ok((first.wrapping_sub(1), a).cmp(&(second.wrapping_sub(1), b)));
            }
        }
    }

    fn segments(&self, engine: &Engine) -> tantivy::Result<&[Segment]> {
        if let Some(segments) = self.segments.get() {
            return Ok(segments);
        }
        let mut segments = Vec::new();
        for segment in engine.searcher().segment_readers() {
            let places = (0..segment.max_doc()).map(|_| AtomicU32::new(0)).collect();
            segments.push(Segment { blocks: engine.hierarchies.of(segment)?, places });
        }
        Ok(self.segments.get_or_init(|| segments))
    }

    /// Goes through more ids; false if there are none left.
    fn read_more(&self, segments: &[Segment], engine: &Engine) -> tantivy::Result<bool> {
        let mut walked = self.walked.lock().unwrap_or_else(PoisonError::into_inner);
        if walked.done {
            return Ok(false);
        }
        let end = walked.count + walked.count.max(FIRST);
        let field = engine.fields().id;
        let readers = engine.searcher().segment_readers();
        let indexes =
            readers.iter().map(|segment| segment.inverted_index(field)).collect::<tantivy::Result<Vec<_>>>()?;
        let mut streams = Vec::with_capacity(indexes.len());
        for index in &indexes {
            let range = index.terms().range();
            let range = if walked.count > 0 { range.gt(&walked.last) } else { range };
            let mut ids = range.into_stream()?;
            streams.push(ids.advance().then_some(ids));
        }
        while walked.count < end {
            let Some(first) = streams.iter().flatten().map(TermStreamer::key).min() else {
                walked.done = true;
                break;
            };
            walked.last.clear();
            walked.last.extend_from_slice(first);
            walked.count += 1;
            for ((stream, index), segment) in streams.iter_mut().zip(&indexes).zip(segments) {
                let Some(ids) = stream.as_mut().filter(|ids| ids.key() == walked.last) else { continue };
                // An article that was replaced shares its id with the one that replaced it.
                let mut articles = index.read_block_postings_from_terminfo(ids.value(), IndexRecordOption::Basic)?;
                while !articles.docs().is_empty() {
                    articles.docs().iter().for_each(|&article| segment.set(article, walked.count));
                    articles.advance();
                }
                if !ids.advance() {
                    *stream = None;
                }
            }
        }
        Ok(true)
    }
}

impl Segment {
    /// Tells all documents of an article its place.
    fn set(&self, article: DocId, place: u32) {
        let docs = self.blocks.block(article);
        for of in self.places.get(docs.start as usize..docs.end as usize).unwrap_or(&[]) {
            of.store(place, atomic::Ordering::Relaxed);
        }
    }
}

/// The place of a hit's article, counted from 1; 0 where it is not known yet.
fn place(segments: &[Segment], hit: DocAddress) -> u32 {
    let place = segments.get(hit.segment_ord as usize).and_then(|segment| segment.places.get(hit.doc_id as usize));
    place.map_or(0, |place| place.load(atomic::Ordering::Relaxed))
}

/// Sorts hits by what is stored of their articles.
fn sort_by_stored(engine: &Engine, hits: &mut [ScoredDoc]) -> Result<(), Error> {
    hits.sort_unstable_by_key(|hit| hit.at);
    let mut named: Vec<(String, ScoredDoc)> = Vec::with_capacity(hits.len());
    let mut last: Option<(DocAddress, String)> = None;
    for &hit in hits.iter() {
        let blocks = engine.hierarchies.of(engine.searcher().segment_reader(hit.at.segment_ord))?;
        let article = DocAddress::new(hit.at.segment_ord, blocks.article(hit.at.doc_id));
        let id = match last.take() {
            Some((of, id)) if of == article => id,
            _ => engine.index().meta(article)?.id,
        };
        named.push((id.clone(), hit));
        last = Some((article, id));
    }
    named.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (place, (_, hit)) in hits.iter_mut().zip(named) {
        *place = hit;
    }
    Ok(())
}

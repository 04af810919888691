//! The order of articles by their ids, which is the same however often and in whatever order they were ingested: hits that
//! nothing else tells apart stand in it, and passages of one article as they stand in the article.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::OnceLock;

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId};

use super::collect::Found;
use super::{Engine, Error};

/// Of no more hits than these, the stored ids are read: most are shown anyway. Of more, the ids of all articles are sorted,
/// once.
const FEW: usize = 64;

/// The order of all articles, once it was asked for.
#[derive(Default)]
pub(super) struct Ids {
    /// By segment and document: the place of its article in the order.
    places: OnceLock<Vec<Vec<u32>>>,
}

impl Ids {
    /// Sorts hits by the ids of their articles.
    pub(super) fn sort(&self, engine: &Engine, hits: &mut [Found]) -> Result<(), Error> {
        if hits.len() < 2 {
            return Ok(());
        }
        if hits.len() > FEW || self.places.get().is_some() {
            let places = self.places(engine)?;
            hits.sort_unstable_by_key(|hit| key(places, hit.at));
            return Ok(());
        }
        hits.sort_unstable_by_key(|hit| hit.at);
        let mut named: Vec<(String, Found)> = Vec::with_capacity(hits.len());
        let mut last: Option<(DocAddress, String)> = None;
        for &hit in hits.iter() {
            let blocks = engine.shapes.of(engine.searcher().segment_reader(hit.at.segment_ord))?;
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

    /// Which of two hits comes first.
    pub(super) fn compare(&self, engine: &Engine, a: DocAddress, b: DocAddress) -> Result<Ordering, Error> {
        let places = self.places(engine)?;
        Ok(key(places, a).cmp(&key(places, b)))
    }

    fn places(&self, engine: &Engine) -> Result<&[Vec<u32>], Error> {
        if let Some(places) = self.places.get() {
            return Ok(places);
        }
        let places = places(engine)?;
        Ok(self.places.get_or_init(|| places))
    }
}

fn key(places: &[Vec<u32>], hit: DocAddress) -> (u32, DocAddress) {
    let place = places.get(hit.segment_ord as usize).and_then(|places| places.get(hit.doc_id as usize));
    (place.copied().unwrap_or(u32::MAX), hit)
}

/// Merges the sorted ids of all segments.
fn places(engine: &Engine) -> tantivy::Result<Vec<Vec<u32>>> {
    let field = engine.fields().id;
    let segments = engine.searcher().segment_readers();
    let indexes = segments.iter().map(|segment| segment.inverted_index(field)).collect::<tantivy::Result<Vec<_>>>()?;
    let shapes = segments.iter().map(|segment| engine.shapes.of(segment)).collect::<tantivy::Result<Vec<_>>>()?;
    let mut streams = Vec::with_capacity(segments.len());
    for index in &indexes {
        let mut ids = index.terms().stream()?;
        streams.push(ids.advance().then_some(ids));
    }
    let mut places: Vec<Vec<u32>> = segments.iter().map(|segment| vec![u32::MAX; segment.max_doc() as usize]).collect();
    let mut place = 0;
    while let Some(id) = streams.iter().flatten().map(|ids| ids.key().to_vec()).min() {
        for (number, (stream, index)) in streams.iter_mut().zip(&indexes).enumerate() {
            let Some(ids) = stream.as_mut().filter(|ids| ids.key() == id) else { continue };
            let (Some(blocks), Some(places)) = (shapes.get(number), places.get_mut(number)) else { continue };
            // An article that was replaced shares its id with the one that replaced it.
            let mut articles = index.read_block_postings_from_terminfo(ids.value(), IndexRecordOption::Basic)?;
            while !articles.docs().is_empty() {
                articles.docs().iter().for_each(|&article| set(places, blocks.block(article), place));
                articles.advance();
            }
            if !ids.advance() {
                *stream = None;
            }
        }
        place += 1;
    }
    Ok(places)
}

fn set(places: &mut [u32], documents: Range<DocId>, place: u32) {
    if let Some(of) = places.get_mut(documents.start as usize..documents.end as usize) {
        of.fill(place);
    }
}

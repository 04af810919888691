//! What a request found: totals at once, hits one by one as they are asked for.

use std::time::Instant;
use std::vec::IntoIter;

use tantivy::DocAddress;

use super::collect::Found;
use super::duplicates::Groups;
use super::hits::Maker;
use super::{Engine, Error};
use crate::index::schema::Level;
use crate::search::{Hit, Response};

/// The answer to a request and, as an iterator, its hits. Texts are read only for the hits that are taken.
pub struct Results<'e> {
    engine: &'e Engine,
    response: Response,
    found: IntoIter<Found>,
    rank: u64,
    groups: Groups,
    maker: Maker,
    clock: Instant,
}

impl<'e> Results<'e> {
    pub(super) fn new(
        engine: &'e Engine,
        response: Response,
        found: Vec<Found>,
        level: Level,
        maker: Maker,
    ) -> Result<Self, Error> {
        let clock = Instant::now();
        let groups = engine.copies.groups(engine, level, &found)?;
        Ok(Results { engine, response, found: found.into_iter(), rank: 0, groups, maker, clock })
    }

    /// Everything about the answer but its hits.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// The same, with the time that the hits took added.
    pub fn into_response(mut self) -> Response {
        self.response.took_ms += self.clock.elapsed().as_millis() as u64;
        self.response
    }

    fn hit(&mut self, found: Found) -> Result<Hit, Error> {
        let Engine { index, shapes, .. } = self.engine;
        let blocks = shapes.of(index.searcher().segment_reader(found.at.segment_ord))?;
        let article = DocAddress::new(found.at.segment_ord, blocks.article(found.at.doc_id));
        let hit = self.maker.hit(article, blocks.ordinal(found.at.doc_id), |at| index.article(at))?;
        self.rank += 1;
        let (duplicates, also_in) = self.groups.of(self.engine, found.at)?;
        Ok(Hit { rank: self.rank, score: found.score, duplicates, also_in, ..hit })
    }
}

impl Iterator for Results<'_> {
    type Item = Result<Hit, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.found.next()?;
        Some(self.hit(found))
    }
}

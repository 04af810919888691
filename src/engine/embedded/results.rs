//! What a request found: totals at once, hits one by one as they are asked for.

use std::time::Instant;
use std::vec::IntoIter;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;

use crate::engine::embedded::duplicates::Groups;
use crate::engine::embedded::rank::top::ScoredDoc;
use crate::engine::hits::builder::HitBuilder;
use crate::engine::{Engine, Error};
use crate::index::schema::Level;
use crate::search::{Hit, Response};

/// The answer to a request and, as an iterator, its hits. Texts are read only for the hits that are taken.
pub struct Results<'e> {
    engine: &'e Engine,
    response: Response,
    found: IntoIter<ScoredDoc>,
    rank: u64,
    groups: Groups,
    /// Whether hits stand for quotations of nearly the same words.
    wordings: bool,
    maker: HitBuilder<'e, DocAddress>,
    clock: Instant,
}

impl<'e> Results<'e> {
    pub(crate) fn new(
        engine: &'e Engine,
        response: Response,
        found: Vec<ScoredDoc>,
        level: Level,
        maker: HitBuilder<'e, DocAddress>,
        others: Option<FxHashMap<DocAddress, Vec<DocAddress>>>,
    ) -> Result<Self, Error> {
        let clock = Instant::now();
        let wordings = level == Level::Quote && others.is_some();
        let mut others = others.unwrap_or_default();
        let shown: FxHashSet<DocAddress> = found.iter().map(|found| found.at).collect();
        others.retain(|told, _| shown.contains(told));
        let looked_up: Vec<DocAddress> = shown.into_iter().chain(others.values().flatten().copied()).collect();
        let mut groups = engine.copies.groups(engine, level, &looked_up)?;
        groups.join(engine, others)?;
        Ok(Results { engine, response, found: found.into_iter(), rank: 0, groups, wordings, maker, clock })
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

    fn hit(&mut self, found: ScoredDoc) -> Result<Hit, Error> {
        let Engine { index, hierarchies, .. } = self.engine;
        let blocks = hierarchies.of(index.searcher().segment_reader(found.at.segment_ord))?;
        let article = DocAddress::new(found.at.segment_ord, blocks.article(found.at.doc_id));
        let hit = self.maker.hit(article, blocks.ordinal(found.at.doc_id), |at| index.article(at))?;
        self.rank += 1;
        let (duplicates, also_in) = self.groups.of(self.engine, found.at)?;
        let wordings = if self.wordings && duplicates > 0 {
            self.engine.wordings(found.at, self.groups.members(self.engine, found.at)?)?
        } else {
            Vec::new()
        };
        Ok(Hit { rank: self.rank, score: found.score, duplicates, also_in, wordings, ..hit })
    }
}

impl Iterator for Results<'_> {
    type Item = Result<Hit, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.found.next()?;
        Some(self.hit(found))
    }
}

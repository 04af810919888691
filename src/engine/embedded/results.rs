//! What a request found: totals at once, hits one by one as they are asked for.

use std::vec::IntoIter;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;

use crate::engine::embedded::duplicates::Groups;
use crate::engine::embedded::rank::top::ScoredDoc;
use crate::engine::hits::builder::HitBuilder;
use crate::engine::{Engine, Error};
use crate::index::schema::Level;
use crate::search::Hit;

/// The hits of an answer, in order. Texts are read only for the hits that are taken.
pub(crate) struct Hits<'e> {
    engine: &'e Engine,
    found: IntoIter<ScoredDoc>,
    rank: u64,
    groups: Groups,
    /// Whether a hit represents quotations in nearly the same words.
    quote_variants: bool,
    builder: HitBuilder<'e, DocAddress>,
}

impl<'e> Hits<'e> {
    pub(crate) fn new(
        engine: &'e Engine,
        found: Vec<ScoredDoc>,
        level: Level,
        builder: HitBuilder<'e, DocAddress>,
        others: Option<FxHashMap<DocAddress, Vec<DocAddress>>>,
    ) -> Result<Self, Error> {
        let quote_variants = level == Level::Quote && others.is_some();
        let mut others = others.unwrap_or_default();
        let shown: FxHashSet<DocAddress> = found.iter().map(|found| found.at).collect();
        others.retain(|told, _| shown.contains(told));
        let looked_up: Vec<DocAddress> = shown.into_iter().chain(others.values().flatten().copied()).collect();
        let mut groups = engine.copies.groups(engine, level, &looked_up)?;
        groups.join(engine, others)?;
        Ok(Hits { engine, found: found.into_iter(), rank: 0, groups, quote_variants, builder })
    }

    fn hit(&mut self, found: ScoredDoc) -> Result<Hit, Error> {
        let Engine { index, hierarchies, .. } = self.engine;
        let blocks = hierarchies.of(index.searcher().segment_reader(found.at.segment_ord))?;
        let article = DocAddress::new(found.at.segment_ord, blocks.article(found.at.doc_id));
        let hit = self.builder.hit(article, blocks.ordinal(found.at.doc_id), found.class, |at| index.article(at))?;
        self.rank += 1;
        let (duplicates, also_in) = self.groups.of(self.engine, found.at)?;
        let wordings = if self.quote_variants && duplicates > 0 {
            self.engine.wordings(found.at, self.groups.members(self.engine, found.at)?)?
        } else {
            Vec::new()
        };
        let mut hit = Hit { rank: self.rank, score: found.score, duplicates, also_in, wordings, ..hit };
        self.engine.mark(&mut hit)?;
        Ok(hit)
    }
}

impl Iterator for Hits<'_> {
    type Item = Result<Hit, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let found = self.found.next()?;
        Some(self.hit(found))
    }
}

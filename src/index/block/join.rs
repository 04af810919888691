//! Queries that join the levels of a block.

use std::sync::Arc;

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::{Blocks, Shapes};
use crate::index::schema::Level;

/// Matches the documents of one level whose article or passage a query matches, with its score.
#[derive(Debug)]
pub struct Descend {
    query: Box<dyn Query>,
    from: Level,
    to: Level,
    shapes: Arc<Shapes>,
}

impl Descend {
    /// `query` must match documents of level `from` only; `to` must lie below it.
    pub fn new(query: Box<dyn Query>, from: Level, to: Level, shapes: Arc<Shapes>) -> Self {
        debug_assert!(from < to);
        Descend { query, from, to, shapes }
    }
}

/// Matches the documents of one level that have a document below them which a query matches,
/// with the score of the best of these.
#[derive(Debug)]
pub struct Ascend {
    query: Box<dyn Query>,
    to: Level,
    shapes: Arc<Shapes>,
}

impl Ascend {
    /// `query` must match documents below level `to` only.
    pub fn new(query: Box<dyn Query>, to: Level, shapes: Arc<Shapes>) -> Self {
        Ascend { query, to, shapes }
    }
}

/// Matches all documents of the articles whose own document a query matches: what is deleted with an article.
#[derive(Debug)]
pub struct Whole {
    query: Box<dyn Query>,
}

impl Whole {
    /// `query` must match documents of articles only.
    pub fn new(query: Box<dyn Query>) -> Self {
        Whole { query }
    }
}

impl Clone for Whole {
    fn clone(&self) -> Self {
        Whole { query: self.query.box_clone() }
    }
}

impl Clone for Descend {
    fn clone(&self) -> Self {
        Descend { query: self.query.box_clone(), shapes: self.shapes.clone(), ..*self }
    }
}

impl Clone for Ascend {
    fn clone(&self) -> Self {
        Ascend { query: self.query.box_clone(), shapes: self.shapes.clone(), ..*self }
    }
}

impl Query for Descend {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let join = Join::Down { from: self.from, to: self.to };
        let shapes = self.shapes.clone();
        Ok(Box::new(JoinWeight { inner: self.query.weight(scoring)?, join, shapes }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

impl Query for Ascend {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let (join, shapes) = (Join::Up { to: self.to }, self.shapes.clone());
        Ok(Box::new(JoinWeight { inner: self.query.weight(scoring)?, join, shapes }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

impl Query for Whole {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        // Whoever deletes keeps no shapes: segments come and go while they write.
        Ok(Box::new(JoinWeight { inner: self.query.weight(scoring)?, join: Join::Whole, shapes: Arc::default() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

#[derive(Debug, Clone, Copy)]
enum Join {
    Down { from: Level, to: Level },
    Up { to: Level },
    Whole,
}

struct JoinWeight {
    inner: Box<dyn Weight>,
    join: Join,
    shapes: Arc<Shapes>,
}

impl Weight for JoinWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let blocks = self.shapes.of(reader)?;
        let inner = self.inner.scorer(reader, boost)?;
        Ok(match self.join {
            Join::Down { from, to } => Box::new(Below::new(inner, blocks, from, to)),
            Join::Up { to } => Box::new(Above::new(inner, blocks, to)),
            Join::Whole => Box::new(Together { doc: inner.doc(), articles: inner, blocks }),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("the score of the document it was joined with", scorer.score()))
    }
}

/// The documents of level `to` below those of `parents`.
struct Below {
    parents: Box<dyn Scorer>,
    blocks: Blocks,
    from: Level,
    to: Level,
    doc: DocId,
}

impl Below {
    fn new(parents: Box<dyn Scorer>, blocks: Blocks, from: Level, to: Level) -> Self {
        let first = parents.doc();
        let mut below = Below { parents, blocks, from, to, doc: 0 };
        below.doc = below.first_from(first);
        below
    }

    /// The first match that is not before `doc`.
    fn first_from(&mut self, mut doc: DocId) -> DocId {
        while doc < self.blocks.end {
            let parent = self.blocks.ancestor(doc, self.from);
            if self.parents.doc() < parent {
                self.parents.seek(parent);
            }
            let matching = self.parents.doc();
            if matching > parent {
                // Nothing below this parent matches: go on right after the next one that does.
                doc = matching.saturating_add(1).max(doc + 1);
            } else if matching == parent && self.blocks.level(doc) == self.to {
                return doc;
            } else {
                doc += 1;
            }
        }
        TERMINATED
    }
}

impl DocSet for Below {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.first_from(self.doc + 1);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.doc = self.first_from(target);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        // Articles have about ten passages, one in three of which holds a quotation.
        self.parents.size_hint().saturating_mul(8).min(self.blocks.end)
    }

    fn cost(&self) -> u64 {
        self.parents.cost()
    }
}

impl Scorer for Below {
    fn score(&mut self) -> Score {
        self.parents.score()
    }
}

/// The documents of level `to` above those of `children`.
struct Above {
    children: Box<dyn Scorer>,
    blocks: Blocks,
    to: Level,
    doc: DocId,
    best: Score,
}

impl Above {
    fn new(children: Box<dyn Scorer>, blocks: Blocks, to: Level) -> Self {
        let mut above = Above { children, blocks, to, doc: 0, best: 0.0 };
        above.doc = above.gather();
        above
    }

    /// The document above the current child; moves on to the first child of the next.
    fn gather(&mut self) -> DocId {
        let child = self.children.doc();
        if child == TERMINATED {
            return TERMINATED;
        }
        let above = self.blocks.ancestor(child, self.to);
        self.best = self.children.score();
        loop {
            let next = self.children.advance();
            if next == TERMINATED || self.blocks.ancestor(next, self.to) != above {
                return above;
            }
            self.best = self.best.max(self.children.score());
        }
    }
}

impl DocSet for Above {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.gather();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            // What stands below `target` or a later document comes after `target` itself.
            if self.children.doc() < target {
                self.children.seek(target);
            }
            self.doc = self.gather();
            while self.doc < target {
                self.doc = self.gather();
            }
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.children.size_hint()
    }

    fn cost(&self) -> u64 {
        self.children.cost()
    }
}

impl Scorer for Above {
    fn score(&mut self) -> Score {
        self.best
    }
}

/// The documents of whole blocks.
struct Together {
    articles: Box<dyn Scorer>,
    blocks: Blocks,
    doc: DocId,
}

impl DocSet for Together {
    fn advance(&mut self) -> DocId {
        let next = self.doc.saturating_add(1);
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        let goes_on = next < self.blocks.end && self.blocks.level(next) != Level::Article;
        self.doc = if goes_on { next } else { self.articles.advance() };
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.articles.size_hint().saturating_mul(8).min(self.blocks.end)
    }

    fn cost(&self) -> u64 {
        self.articles.cost()
    }
}

impl Scorer for Together {
    fn score(&mut self) -> Score {
        self.articles.score()
    }
}

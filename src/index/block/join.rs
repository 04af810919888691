//! Queries that join the levels of a block.

use std::sync::Arc;

use tantivy::postings::SegmentPostings;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError, Term};

use super::{Hierarchies, Hierarchy};
use crate::index::schema::Level;

/// Matches the documents of level `to` whose ancestor of level `from` matches a query; they take its score.
#[derive(Debug)]
pub struct ToChild {
    query: Box<dyn Query>,
    from: Level,
    to: Level,
    hierarchies: Arc<Hierarchies>,
}

impl ToChild {
    /// `query` must match documents of level `from` only; `to` must lie below it.
    pub fn new(query: Box<dyn Query>, from: Level, to: Level, hierarchies: Arc<Hierarchies>) -> Self {
        debug_assert!(from < to);
        ToChild { query, from, to, hierarchies }
    }
}

/// Matches the documents of level `to` that have a matching document below them; they take the best score of these.
#[derive(Debug)]
pub struct ToParent {
    query: Box<dyn Query>,
    to: Level,
    hierarchies: Arc<Hierarchies>,
}

impl ToParent {
    /// `query` must match documents below level `to` only.
    pub fn new(query: Box<dyn Query>, to: Level, hierarchies: Arc<Hierarchies>) -> Self {
        ToParent { query, to, hierarchies }
    }
}

/// Matches every document of the articles that a query matches: used to delete articles.
#[derive(Debug)]
pub struct WholeBlock {
    query: Box<dyn Query>,
}

impl WholeBlock {
    /// `query` must match article documents only.
    pub fn new(query: Box<dyn Query>) -> Self {
        WholeBlock { query }
    }
}

impl Clone for WholeBlock {
    fn clone(&self) -> Self {
        WholeBlock { query: self.query.box_clone() }
    }
}

impl Clone for ToChild {
    fn clone(&self) -> Self {
        ToChild { query: self.query.box_clone(), hierarchies: self.hierarchies.clone(), ..*self }
    }
}

impl Clone for ToParent {
    fn clone(&self) -> Self {
        ToParent { query: self.query.box_clone(), hierarchies: self.hierarchies.clone(), ..*self }
    }
}

impl Query for ToChild {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let join = Join::Down { from: self.from, to: self.to };
        let hierarchies = self.hierarchies.clone();
        Ok(Box::new(JoinWeight { inner: self.query.weight(scoring)?, join, hierarchies }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

impl Query for ToParent {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let (join, hierarchies) = (Join::Up { to: self.to }, self.hierarchies.clone());
        Ok(Box::new(JoinWeight { inner: self.query.weight(scoring)?, join, hierarchies }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

impl Query for WholeBlock {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(WholeBlockWeight(self.query.weight(scoring)?)))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

#[derive(Debug, Clone, Copy)]
enum Join {
    Down { from: Level, to: Level },
    Up { to: Level },
}

struct JoinWeight {
    inner: Box<dyn Weight>,
    join: Join,
    hierarchies: Arc<Hierarchies>,
}

impl Weight for JoinWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let blocks = self.hierarchies.of(reader)?;
        let inner = self.inner.scorer(reader, boost)?;
        Ok(match self.join {
            Join::Down { from, to } => Box::new(ToChildScorer::new(inner, blocks, from, to)),
            Join::Up { to } => Box::new(ToParentScorer::new(inner, blocks, to)),
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

/// A writer deletes by it, once for each article that changed, so it takes no time for the segments that do not hold the
/// article, and in the others none for their other articles.
struct WholeBlockWeight(Box<dyn Weight>);

impl Weight for WholeBlockWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let articles = self.0.scorer(reader, boost)?;
        if articles.doc() == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        let field = reader.schema().get_field("level")?;
        let term = Term::from_field_u64(field, Level::Article.code());
        let every = reader.inverted_index(field)?.read_postings(&term, IndexRecordOption::Basic)?;
        let Some(every) = every else { return Ok(Box::new(EmptyScorer)) };
        let mut whole = WholeBlockScorer { articles, every, doc: 0, end: 0, documents: reader.max_doc() };
        whole.begin();
        Ok(Box::new(whole))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.0.explain(reader, doc)
    }
}

/// The documents of level `to` below those of `parents`.
struct ToChildScorer {
    parents: Box<dyn Scorer>,
    blocks: Hierarchy,
    from: Level,
    to: Level,
    doc: DocId,
}

impl ToChildScorer {
    fn new(parents: Box<dyn Scorer>, blocks: Hierarchy, from: Level, to: Level) -> Self {
        let first = parents.doc();
        let mut below = ToChildScorer { parents, blocks, from, to, doc: 0 };
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
                // Nothing below this parent matches: continue after the next parent that matches.
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

impl DocSet for ToChildScorer {
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
        // An article has about ten passages, and every third holds a quotation.
        self.parents.size_hint().saturating_mul(8).min(self.blocks.end)
    }

    fn cost(&self) -> u64 {
        self.parents.cost()
    }
}

impl Scorer for ToChildScorer {
    fn score(&mut self) -> Score {
        self.parents.score()
    }
}

/// The documents of level `to` above those of `children`.
struct ToParentScorer {
    children: Box<dyn Scorer>,
    blocks: Hierarchy,
    to: Level,
    doc: DocId,
    best: Score,
}

impl ToParentScorer {
    fn new(children: Box<dyn Scorer>, blocks: Hierarchy, to: Level) -> Self {
        let mut above = ToParentScorer { children, blocks, to, doc: 0, best: 0.0 };
        above.doc = above.gather();
        above
    }

    /// The parent of the current child. Moves on to the first child of the next parent.
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

impl DocSet for ToParentScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = self.gather();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            // The children of `target` come after `target` itself.
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

impl Scorer for ToParentScorer {
    fn score(&mut self) -> Score {
        self.best
    }
}

/// The documents of whole blocks.
struct WholeBlockScorer {
    articles: Box<dyn Scorer>,
    /// All articles of the segment.
    every: SegmentPostings,
    doc: DocId,
    /// The document after the block.
    end: DocId,
    /// Documents of the segment.
    documents: DocId,
}

impl WholeBlockScorer {
    fn begin(&mut self) {
        self.doc = self.articles.doc();
        if self.doc != TERMINATED {
            self.end = self.every.seek(self.doc + 1).min(self.documents);
        }
    }
}

impl DocSet for WholeBlockScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.doc += 1;
        if self.doc >= self.end {
            self.articles.advance();
            self.begin();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.articles.size_hint().saturating_mul(8).min(self.documents)
    }

    fn cost(&self) -> u64 {
        self.articles.cost()
    }
}

impl Scorer for WholeBlockScorer {
    fn score(&mut self) -> Score {
        self.articles.score()
    }
}

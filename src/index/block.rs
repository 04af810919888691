//! Joins between the levels of a block: an article's document, its passages, their quotations.
//!
//! A block's documents are neighbours and parents come first, so a join is arithmetic on document ids:
//! [`Descend`] makes a query on articles or passages match the documents below them, [`Ascend`] makes a query on
//! quotations or passages match the documents above, [`Whole`] makes a query on articles match all of their blocks, and
//! [`Blocks`] walks them one by one.

use std::sync::{Arc, OnceLock};

use tantivy::columnar::ColumnValues;
use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use super::schema::Level;

/// The shape of the blocks of one segment.
#[derive(Clone)]
pub struct Blocks {
    level: Arc<dyn ColumnValues<u64>>,
    to_article: Arc<dyn ColumnValues<u64>>,
    to_passage: Arc<dyn ColumnValues<u64>>,
    ordinal: Arc<dyn ColumnValues<u64>>,
    group: Arc<dyn ColumnValues<u64>>,
    end: DocId,
}

/// The shapes of all segments of one commit. Reading one costs a tenth of a millisecond for a hundred thousand documents,
/// so each is read when it is first asked for, and kept.
#[derive(Default)]
pub struct Shapes {
    segments: Vec<(SegmentId, OnceLock<Blocks>)>,
}

impl std::fmt::Debug for Shapes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shapes").field("segments", &self.segments.len()).finish()
    }
}

impl Shapes {
    /// Those of the segments that are searched; none is read yet.
    pub fn new(searcher: &Searcher) -> Self {
        let segments = searcher.segment_readers().iter().map(|segment| (segment.segment_id(), OnceLock::new()));
        Shapes { segments: segments.collect() }
    }

    /// The shape of one segment.
    pub fn of(&self, segment: &SegmentReader) -> tantivy::Result<Blocks> {
        let Some((_, kept)) = self.segments.iter().find(|(id, _)| *id == segment.segment_id()) else {
            return Blocks::open(segment);
        };
        if let Some(blocks) = kept.get() {
            return Ok(blocks.clone());
        }
        let blocks = Blocks::open(segment)?;
        Ok(kept.get_or_init(|| blocks).clone())
    }

    /// The number of a segment among them.
    pub fn number(&self, segment: &SegmentReader) -> u32 {
        self.segments.iter().position(|(id, _)| *id == segment.segment_id()).unwrap_or(0) as u32
    }
}

impl Blocks {
    /// Reads the shape of a segment's blocks.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let column = |name: &str| segment.fast_fields().column_first_or_default::<u64>(name);
        Ok(Blocks {
            level: column("level")?,
            to_article: column("to_article")?,
            to_passage: column("to_passage")?,
            ordinal: column("ordinal")?,
            group: column("group")?,
            end: segment.max_doc(),
        })
    }

    /// What the document stands for.
    pub fn level(&self, doc: DocId) -> Level {
        match self.level.get_val(doc) {
            0 => Level::Article,
            1 => Level::Passage,
            2.. => Level::Quote,
        }
    }

    /// The document of its article.
    pub fn article(&self, doc: DocId) -> DocId {
        doc.saturating_sub(self.to_article.get_val(doc) as DocId)
    }

    /// Calls `each` with every document and the document of its article, in order; cheaper than asking one by one.
    pub fn each_article(&self, mut each: impl FnMut(DocId, DocId)) {
        const CHUNK: DocId = 1024;
        let mut before = [0; CHUNK as usize];
        for start in (0..self.end).step_by(CHUNK as usize) {
            let here = before.get_mut(..CHUNK.min(self.end - start) as usize).unwrap_or(&mut []);
            self.to_article.get_range(u64::from(start), here);
            for (doc, &to_article) in (start..).zip(here.iter()) {
                each(doc, doc.saturating_sub(to_article as DocId));
            }
        }
    }

    /// The document of its passage; of an article's own document, itself.
    pub fn passage(&self, doc: DocId) -> DocId {
        doc.saturating_sub(self.to_passage.get_val(doc) as DocId)
    }

    /// The document above it, or itself, that stands for `level`.
    pub fn ancestor(&self, doc: DocId, level: Level) -> DocId {
        match level {
            Level::Article => self.article(doc),
            Level::Passage => self.passage(doc),
            Level::Quote => doc,
        }
    }

    /// Number of a passage's paragraph, or a quotation's place in `Annotated::quotes`.
    pub fn ordinal(&self, doc: DocId) -> u32 {
        self.ordinal.get_val(doc) as u32
    }

    /// Its group: documents of one level and one group are near-duplicates of each other.
    pub fn group(&self, doc: DocId) -> u64 {
        self.group.get_val(doc)
    }

    /// The groups of the documents from `start` on.
    pub fn groups(&self, start: DocId, groups: &mut [u64]) {
        self.group.get_range(u64::from(start), groups);
    }

    /// The documents of `level` below `doc`: an article's passages or quotations, a passage's quotations.
    pub fn below(&self, doc: DocId, level: Level) -> impl Iterator<Item = DocId> + '_ {
        let top = self.level(doc);
        (doc + 1..self.end)
            .take_while(move |&below| self.level(below) > top && self.ancestor(below, top) == doc)
            .filter(move |&below| self.level(below) == level)
    }
}

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
}

impl Scorer for Together {
    fn score(&mut self) -> Score {
        self.articles.score()
    }
}

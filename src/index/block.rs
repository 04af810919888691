//! Joins between the levels of a block: an article's document, its passages, their quotations.
//!
//! A block's documents are neighbours and parents come first, so a join is arithmetic on document ids:
//! [`Descend`] makes a query on articles or passages match the documents below them, [`Ascend`] makes a query on
//! quotations or passages match the documents above, [`Whole`] makes a query on articles match all of their blocks, and
//! [`Blocks`] walks them one by one.

mod join;

use std::sync::{Arc, OnceLock};

use tantivy::columnar::ColumnValues;
use tantivy::index::SegmentId;
use tantivy::{DocId, Searcher, SegmentReader};

pub use self::join::{Ascend, Descend, Whole};
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

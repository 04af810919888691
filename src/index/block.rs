//! Joins between the levels of a block: an article's document, its passages, their quotations.
//!
//! A block's documents are neighbours and parents come first, so a join is arithmetic on document ids:
//! [`Descend`] makes a query on articles or passages match the documents below them, [`Ascend`] makes a query on
//! quotations or passages match the documents above, [`Whole`] makes a query on articles match all of their blocks, and
//! [`Blocks`] walks them one by one.

mod join;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column, ColumnIndex, ColumnValues};
use tantivy::index::SegmentId;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, Searcher, SegmentReader};

pub use self::join::{Ascend, Descend, Whole};
use super::schema::Level;

/// The shape of the blocks of one segment: which documents are articles and which quotations, as bits. The document
/// above another is the nearest bit before it, a few machine instructions away.
#[derive(Clone)]
pub struct Blocks {
    articles: Arc<[u64]>,
    quotations: Arc<[u64]>,
    to_article: Arc<dyn ColumnValues<u64>>,
    to_passage: Arc<dyn ColumnValues<u64>>,
    ordinal: Arc<dyn ColumnValues<u64>>,
    group: Arc<dyn ColumnValues<u64>>,
    end: DocId,
}

/// Words of bits that are looked through before a column is asked: blocks are short, but for whole books.
const NEAR: usize = 8;

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
        let columns = segment.fast_fields();
        let column = |name: &str| match columns.column_opt::<u64>(name)? {
            // Where every document has a value, a document's number is that of its value.
            Some(Column { index: ColumnIndex::Full, values }) => Ok(values),
            _ => columns.column_first_or_default::<u64>(name),
        };
        Ok(Blocks {
            articles: documents(segment, Level::Article)?,
            quotations: documents(segment, Level::Quote)?,
            to_article: column("to_article")?,
            to_passage: column("to_passage")?,
            ordinal: column("ordinal")?,
            group: column("group")?,
            end: segment.max_doc(),
        })
    }

    /// What the document stands for.
    pub fn level(&self, doc: DocId) -> Level {
        if has(&self.quotations, doc) {
            Level::Quote
        } else if has(&self.articles, doc) {
            Level::Article
        } else {
            Level::Passage
        }
    }

    /// The document of its article.
    pub fn article(&self, doc: DocId) -> DocId {
        nearest(doc, |at| self.articles.get(at).copied())
            .unwrap_or_else(|| doc.saturating_sub(self.to_article.get_val(doc) as DocId))
    }

    /// The document of its passage; of an article's own document, itself.
    pub fn passage(&self, doc: DocId) -> DocId {
        nearest(doc, |at| self.quotations.get(at).map(|word| !word))
            .unwrap_or_else(|| doc.saturating_sub(self.to_passage.get_val(doc) as DocId))
    }

    /// The document of the next article after `doc`, or the number of documents.
    pub fn next_article(&self, doc: DocId) -> DocId {
        let next = doc + 1;
        let first = (next / 64) as usize;
        let mut words = (first..)
            .zip(self.articles.get(first..).unwrap_or(&[]))
            .map(|(at, &word)| (at, if at == first { word & (u64::MAX << (next % 64)) } else { word }));
        words.find(|(_, word)| *word != 0).map_or(self.end, |(at, word)| at as DocId * 64 + word.trailing_zeros())
    }

    /// All documents of its article.
    pub fn block(&self, doc: DocId) -> Range<DocId> {
        let article = self.article(doc);
        article..self.next_article(article)
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

/// The documents of a segment that stand for a level, a bit for each.
fn documents(segment: &SegmentReader, level: Level) -> tantivy::Result<Arc<[u64]>> {
    let mut bits = vec![0_u64; (segment.max_doc() as usize).div_ceil(64)];
    let field = segment.schema().get_field("level")?;
    let term = Term::from_field_u64(field, level.code());
    if let Some(mut block) = segment.inverted_index(field)?.read_block_postings(&term, IndexRecordOption::Basic)? {
        while !block.docs().is_empty() {
            for &doc in block.docs() {
                if let Some(word) = bits.get_mut((doc / 64) as usize) {
                    *word |= 1 << (doc % 64);
                }
            }
            block.advance();
        }
    }
    Ok(bits.into())
}

fn has(bits: &[u64], doc: DocId) -> bool {
    bits.get((doc / 64) as usize).is_some_and(|word| word >> (doc % 64) & 1 == 1)
}

/// The nearest document up to `doc` whose bit is set in the words that `word` gives; none where it is far.
fn nearest(doc: DocId, word: impl Fn(usize) -> Option<u64>) -> Option<DocId> {
    let last = (doc / 64) as usize;
    (last.saturating_sub(NEAR)..=last).rev().find_map(|at| {
        let word = word(at)?;
        let word = if at == last { word & (u64::MAX >> (63 - doc % 64)) } else { word };
        (word != 0).then(|| at as DocId * 64 + 63 - word.leading_zeros())
    })
}

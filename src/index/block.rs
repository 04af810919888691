//! Joins between the levels of a block: an article's document, its passages, their quotations.
//!
//! The documents of a block are consecutive and parents come first, so a join is arithmetic on document ids:
//! [`ToChild`] makes a query on articles or passages match the documents below them, [`ToParent`] makes a query on
//! quotations or passages match the documents above, [`WholeBlock`] makes a query on articles match their whole blocks, and
//! [`Hierarchy`] answers the same questions for single documents.

mod join;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use tantivy::columnar::{Column, ColumnIndex, ColumnValues};
use tantivy::index::SegmentId;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, SegmentReader};

pub use self::join::{ToChild, ToParent, WholeBlock};
use super::Index;
use super::duplicates::DuplicateGroups;
use super::schema::Level;

/// The levels of one segment's documents: two bit sets say which are articles and which are quotations. The parent of a
/// document is the nearest set bit before it.
#[derive(Clone)]
pub struct Hierarchy {
    articles: Arc<DocBits>,
    /// Articles and passages: all documents but quotations.
    parents: Arc<DocBits>,
    ordinal: Arc<dyn ColumnValues<u64>>,
    /// Groups by the words alone.
    group: Arc<dyn ColumnValues<u64>>,
    groups: DuplicateGroups,
    end: DocId,
}

/// A set of documents of one segment, one bit each.
struct DocBits {
    words: Vec<u64>,
    /// For each word, the last set document before it, or 0: finds the previous set document in constant time, however
    /// long an article is.
    before: Vec<DocId>,
}

/// The hierarchies of all segments of one commit. Reading one costs a tenth of a millisecond for a hundred thousand documents,
/// so each is read on first use and cached.
#[derive(Default)]
pub struct Hierarchies {
    segments: Vec<(SegmentId, OnceLock<Hierarchy>)>,
    groups: DuplicateGroups,
}

impl std::fmt::Debug for Hierarchies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hierarchies").field("segments", &self.segments.len()).finish_non_exhaustive()
    }
}

impl Hierarchies {
    /// For the segments of `index`. Reads nothing yet.
    pub fn new(index: &Index) -> Self {
        let segments = index.searcher().segment_readers().iter();
        let segments = segments.map(|segment| (segment.segment_id(), OnceLock::new())).collect();
        Hierarchies { segments, groups: index.groups().clone() }
    }

    /// The hierarchy of one segment.
    pub fn of(&self, segment: &SegmentReader) -> tantivy::Result<Hierarchy> {
        let Some((_, kept)) = self.segments.iter().find(|(id, _)| *id == segment.segment_id()) else {
            return self.open(segment);
        };
        if let Some(blocks) = kept.get() {
            return Ok(blocks.clone());
        }
        let blocks = self.open(segment)?;
        Ok(kept.get_or_init(|| blocks).clone())
    }

    fn open(&self, segment: &SegmentReader) -> tantivy::Result<Hierarchy> {
        Ok(Hierarchy { groups: self.groups.clone(), ..Hierarchy::open(segment)? })
    }

    /// The ordinal of a segment.
    pub fn number(&self, segment: &SegmentReader) -> u32 {
        self.segments.iter().position(|(id, _)| *id == segment.segment_id()).unwrap_or(0) as u32
    }
}

impl Hierarchy {
    /// Reads the hierarchy of a segment; its groups are those by the words alone.
    pub fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let column = |name: &str| match columns.column_opt::<u64>(name)? {
            // Where every document has a value, a document's number is that of its value.
            Some(Column { index: ColumnIndex::Full, values }) => Ok(values),
            _ => columns.column_first_or_default::<u64>(name),
        };
        let quotations = documents(segment, Level::Quote)?;
        Ok(Hierarchy {
            articles: Arc::new(DocBits::new(documents(segment, Level::Article)?)),
            parents: Arc::new(DocBits::new(quotations.into_iter().map(|word| !word).collect())),
            ordinal: column("ordinal")?,
            group: column("group")?,
            groups: DuplicateGroups::default(),
            end: segment.max_doc(),
        })
    }

    /// The level of a document.
    pub fn level(&self, doc: DocId) -> Level {
        if !self.parents.has(doc) {
            Level::Quote
        } else if self.articles.has(doc) {
            Level::Article
        } else {
            Level::Passage
        }
    }

    /// The document of its article.
    pub fn article(&self, doc: DocId) -> DocId {
        self.articles.up_to(doc)
    }

    /// The document of its passage; of an article's own document, itself.
    pub fn passage(&self, doc: DocId) -> DocId {
        self.parents.up_to(doc)
    }

    /// The document of the next article after `doc`, or the number of documents.
    pub fn next_article(&self, doc: DocId) -> DocId {
        self.articles.from(doc + 1).unwrap_or(self.end)
    }

    /// All documents of its article.
    pub fn block(&self, doc: DocId) -> Range<DocId> {
        let article = self.article(doc);
        article..self.next_article(article)
    }

    /// Its ancestor of `level`, or the document itself.
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
        self.groups.of(self.group.get_val(doc))
    }

    /// The groups of the documents from `start` on.
    pub fn groups(&self, start: DocId, groups: &mut [u64]) {
        self.group.get_range(u64::from(start), groups);
        for group in groups {
            *group = self.groups.of(*group);
        }
    }

    /// The documents of `level` below `doc`: an article's passages or quotations, a passage's quotations.
    pub fn below(&self, doc: DocId, level: Level) -> impl Iterator<Item = DocId> + '_ {
        let top = self.level(doc);
        (doc + 1..self.end)
            .take_while(move |&below| self.level(below) > top && self.ancestor(below, top) == doc)
            .filter(move |&below| self.level(below) == level)
    }
}

impl DocBits {
    fn new(words: Vec<u64>) -> Self {
        let mut last = 0;
        let before = (0..).zip(&words).map(|(at, &word)| {
            let before = last;
            last = last_in(at, word).unwrap_or(before);
            before
        });
        DocBits { before: before.collect(), words }
    }

    fn has(&self, doc: DocId) -> bool {
        self.words.get((doc / 64) as usize).is_some_and(|word| word >> (doc % 64) & 1 == 1)
    }

    /// The last set document at or before `doc`; 0 if there is none.
    fn up_to(&self, doc: DocId) -> DocId {
        let at = doc / 64;
        let word = self.words.get(at as usize).map_or(0, |word| word & (u64::MAX >> (63 - doc % 64)));
        last_in(at, word).or_else(|| self.before.get(at as usize).copied()).unwrap_or(0)
    }

    /// The first set document at or after `doc`.
    fn from(&self, doc: DocId) -> Option<DocId> {
        let first = doc / 64;
        let words = (first..).zip(self.words.get(first as usize..).unwrap_or(&[]));
        let mut words = words.map(|(at, &word)| (at, if at == first { word & (u64::MAX << (doc % 64)) } else { word }));
        words.find(|(_, word)| *word != 0).map(|(at, word)| at * 64 + word.trailing_zeros())
    }
}

/// The last document set in word `at`.
fn last_in(at: u32, word: u64) -> Option<DocId> {
    (word != 0).then(|| at * 64 + 63 - word.leading_zeros())
}

/// The documents of one level, as a bit set.
fn documents(segment: &SegmentReader, level: Level) -> tantivy::Result<Vec<u64>> {
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
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn set_documents_are_found_from_anywhere(marks in prop::collection::vec(prop::bool::weighted(0.02), 1..700)) {
            let mut words = vec![0; marks.len().div_ceil(64)];
            for (at, _) in marks.iter().enumerate().filter(|(_, marked)| **marked) {
                words[at / 64] |= 1_u64 << (at % 64);
            }
            let marked = DocBits::new(words);
            for at in 0..marks.len() {
                let doc = at as DocId;
                prop_assert_eq!(marked.has(doc), marks[at]);
                prop_assert_eq!(marked.up_to(doc) as usize, marks[..=at].iter().rposition(|m| *m).unwrap_or(0));
                let next = marks[at..].iter().position(|m| *m).map(|far| doc + far as DocId);
                prop_assert_eq!(marked.from(doc), next);
            }
        }
    }

    #[test]
    fn nothing_is_set_beyond_the_last_document() {
        let marked = DocBits::new(vec![1]);
        assert!(!marked.has(64));
        assert_eq!((marked.from(64), marked.up_to(64)), (None, 0));
    }
}

//! The texts of the documents of an index.

use std::sync::Arc;

use tantivy::{DocAddress, DocId};

use crate::engine::embedded::scan::context::{ScanContext, Steps};
use crate::index::Index;
use crate::index::block::Hierarchy;
use crate::index::schema::Level;
use crate::search::Annotated;
use crate::text::{CharSpan, CodePoints, Span};

/// The texts of an index, for one scan. The article read last is kept: its passages and quotations are asked for one by
/// one.
pub(crate) struct Texts {
    index: Index,
    context: Arc<ScanContext>,
    last: Option<Kept>,
}

/// An article that was read.
struct Kept {
    at: DocAddress,
    /// Whether it was read with its quotations.
    quoted: bool,
    article: Annotated,
    /// Its paragraphs, and the parts of its quotations, in bytes: to find them anew for each passage would take as long as
    /// the text and the passages are many.
    paragraphs: Vec<Span>,
    quotes: Vec<Vec<Span>>,
}

impl Texts {
    pub(crate) fn new(index: Index, context: Arc<ScanContext>) -> Self {
        Texts { index, context, last: None }
    }

    /// What the scan shares with others.
    pub(crate) fn context(&self) -> &ScanContext {
        &self.context
    }

    /// Counts the steps of the scan.
    pub(crate) fn steps(&self) -> Steps {
        Steps::new(self.context.clone())
    }

    /// The analysed text of a document: a headline, a passage, the parts of a quotation. Empty where it can't be read,
    /// which counts as a failure.
    pub(crate) fn of(&mut self, segment: u32, doc: DocId, blocks: &Hierarchy) -> Vec<String> {
        let at = DocAddress::new(segment, blocks.article(doc));
        let level = blocks.level(doc);
        let quoted = level == Level::Quote;
        if self.last.as_ref().is_none_or(|kept| kept.at != at || quoted && !kept.quoted) {
            let article = if quoted { self.index.article(at) } else { self.index.texts(at) };
            let article = article.map_err(|error| self.context.fail(error.into())).ok();
            self.last = article.map(|article| Kept::new(at, quoted, article));
        }
        self.last.as_ref().map(|kept| kept.parts(level, blocks.ordinal(doc))).unwrap_or_default()
    }
}

impl Kept {
    fn new(at: DocAddress, quoted: bool, article: Annotated) -> Self {
        let points = CodePoints::new(&article.text);
        let bytes = |parts: &[CharSpan]| parts.iter().map(|&part| points.bytes(part)).collect();
        let paragraphs = bytes(&article.paragraphs);
        let quotes = article.quotes.iter().map(|quote| bytes(&quote.content)).collect();
        Kept { at, quoted, article, paragraphs, quotes }
    }

    /// The text of one document, in the parts in which it was analysed.
    fn parts(&self, level: Level, ordinal: u32) -> Vec<String> {
        let slice = |at: &Span| at.of(&self.article.text).to_owned();
        match level {
            Level::Article => self.article.article.title.iter().cloned().collect(),
            Level::Passage => self.paragraphs.get(ordinal as usize).map(slice).into_iter().collect(),
            Level::Quote => self.quotes.get(ordinal as usize).into_iter().flatten().map(slice).collect(),
        }
    }
}

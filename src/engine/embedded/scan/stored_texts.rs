//! The texts of the documents of an index.

use std::sync::Arc;

use tantivy::{DocAddress, DocId};

use crate::engine::embedded::scan::context::ScanContext;
use crate::index::Index;
use crate::index::block::Hierarchy;
use crate::index::schema::Level;
use crate::search::Annotated;
use crate::text::CodePoints;

/// The texts of an index, for one scan. The article read last is kept: its passages and quotations are asked for one by
/// one.
pub(crate) struct Texts {
    index: Index,
    context: Arc<ScanContext>,
    /// And whether it was read with its quotations.
    last: Option<(DocAddress, bool, Annotated)>,
}

impl Texts {
    pub(crate) fn new(index: Index, context: Arc<ScanContext>) -> Self {
        Texts { index, context, last: None }
    }

    /// The analysed text of a document: a headline, a passage, the parts of a quotation. Empty where it can't be read,
    /// which counts as a failure.
    pub(crate) fn of(&mut self, segment: u32, doc: DocId, blocks: &Hierarchy) -> Vec<String> {
        let at = DocAddress::new(segment, blocks.article(doc));
        let level = blocks.level(doc);
        let quoted = level == Level::Quote;
        if self.last.as_ref().is_none_or(|(kept, whole, _)| *kept != at || quoted && !whole) {
            let article = if quoted { self.index.article(at) } else { self.index.texts(at) };
            self.last =
                article.map_err(|error| self.context.fail(error.into())).ok().map(|article| (at, quoted, article));
        }
        let Some((.., article)) = &self.last else { return Vec::new() };
        parts(article, level, blocks.ordinal(doc))
    }
}

/// The text of one document of an article, in the parts in which it was analysed.
fn parts(article: &Annotated, level: Level, ordinal: u32) -> Vec<String> {
    let body = || CodePoints::new(&article.text);
    let slice = |points: &CodePoints, at| points.bytes(at).of(&article.text).to_owned();
    match level {
        Level::Article => article.article.title.iter().cloned().collect(),
        Level::Passage => {
            let points = body();
            article.paragraphs.get(ordinal as usize).map(|&at| slice(&points, at)).into_iter().collect()
        }
        Level::Quote => {
            let points = body();
            let content = article.quotes.get(ordinal as usize).map_or(&[][..], |quote| quote.content.as_slice());
            content.iter().map(|&at| slice(&points, at)).collect()
        }
    }
}

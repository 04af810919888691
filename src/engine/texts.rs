//! The texts behind the documents of an index, and texts in memory that are searched like it.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::{DocAddress, DocId};

use super::literal;
use super::places::{Leaf, Place, Source};
use crate::index::Index;
use crate::index::block::Blocks;
use crate::index::schema::Level;
use crate::search::Annotated;
use crate::text::normal::{TermKind, Terms};
use crate::text::{CodePoints, Span};

/// The texts of an index. The article read last is kept: its passages and quotations are asked for one by one.
pub(super) struct Texts {
    index: Index,
    /// And whether it was read with its quotations.
    last: Mutex<Option<(DocAddress, bool, Annotated)>>,
}

impl Texts {
    pub(super) fn new(index: Index) -> Self {
        Texts { index, last: Mutex::new(None) }
    }

    /// The analysed text of a document: a headline, a passage, the parts of a quotation. Empty where it can't be read.
    pub(super) fn of(&self, segment: u32, doc: DocId, blocks: &Blocks) -> Vec<String> {
        let at = DocAddress::new(segment, blocks.article(doc));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let level = blocks.level(doc);
        let quoted = level == Level::Quote;
        if last.as_ref().is_none_or(|(kept, whole, _)| *kept != at || quoted && !whole) {
            let article = if quoted { self.index.article(at) } else { self.index.texts(at) };
            *last = article.ok().map(|article| (at, quoted, article));
        }
        let Some((.., article)) = last.as_ref() else { return Vec::new() };
        parts(article, level, blocks.ordinal(doc))
    }
}

/// The text of one document of an article, in the parts in which it was analysed.
pub(super) fn parts(article: &Annotated, level: Level, ordinal: u32) -> Vec<String> {
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

/// A text in memory, asked for the leaves of a plan.
pub(super) struct Memory<'t> {
    parts: Vec<Part<'t>>,
    leaves: Vec<Vec<u32>>,
    borders: Vec<u32>,
}

struct Part<'t> {
    text: &'t str,
    terms: Terms,
    /// Its first position.
    base: u32,
}

impl<'t> Memory<'t> {
    /// Analyses the parts of one text; between two of them one position is left, as in the index.
    pub(super) fn new(texts: &[&'t str]) -> Self {
        let mut memory = Memory { parts: Vec::new(), leaves: Vec::new(), borders: Vec::new() };
        let mut base = 0;
        for &text in texts {
            let mut terms = Terms::default();
            terms.read(text);
            let borders = terms.iter().filter(|term| term.kind == TermKind::Border);
            memory.borders.extend(borders.map(|term| base + term.position));
            let next = base + terms.positions() + 1;
            memory.parts.push(Part { text, terms, base });
            base = next;
        }
        memory
    }

    /// The same text, asked for the leaves of a plan.
    pub(super) fn asked_for(&mut self, leaves: &[Vec<String>]) -> &mut Self {
        let mut by_term: FxHashMap<&str, Vec<Leaf>> = FxHashMap::default();
        for (leaf, terms) in leaves.iter().enumerate() {
            for term in terms {
                by_term.entry(term).or_default().push(leaf);
            }
        }
        self.leaves = vec![Vec::new(); leaves.len()];
        for part in &self.parts {
            for term in part.terms.iter() {
                let at = part.base + term.position;
                for &leaf in by_term.get(term.text).into_iter().flatten() {
                    if let Some(positions) = self.leaves.get_mut(leaf).filter(|p| p.last() != Some(&at)) {
                        positions.push(at);
                    }
                }
            }
        }
        self
    }

    /// The bytes of a place: number of the part it starts in, and where; a place never runs over several.
    pub(super) fn bytes(&self, place: Place) -> Option<(usize, Span)> {
        let number = self.parts.partition_point(|part| part.base <= place.start).checked_sub(1)?;
        let part = self.parts.get(number)?;
        let inside = |at: u32| (place.start..place.end).contains(&(at + part.base));
        let spans = part.terms.iter().filter(|t| inside(t.position) && t.kind != TermKind::Border).map(|t| t.span);
        spans.reduce(Span::cover).map(|span| (number, span))
    }
}

impl Source for Memory<'_> {
    fn leaf(&mut self, leaf: Leaf, out: &mut Vec<Place>) {
        out.extend(self.leaves.get(leaf).into_iter().flatten().map(|&at| Place::at(at)));
    }

    fn borders(&mut self) -> &[u32] {
        &self.borders
    }

    fn literal(&mut self, text: &str, _words: &[Leaf], out: &mut Vec<Place>) {
        for part in &self.parts {
            for range in literal::find(part.text, text) {
                let span = Span::new(range.start, range.end);
                let touched = part.terms.iter().filter(|t| t.span.overlaps(span)).map(|t| t.position + part.base);
                let (mut first, mut last) = (u32::MAX, 0);
                for at in touched {
                    first = first.min(at);
                    last = last.max(at);
                }
                // Marks alone stand at no position of their own; they go with the word before them.
                let before = || part.terms.iter().filter(|t| t.span.end <= span.start).map(|t| t.position).last();
                if first == u32::MAX {
                    first = part.base + before().unwrap_or(0);
                    last = first;
                }
                out.push(Place { start: first, end: last + 1 });
            }
        }
        out.sort_unstable();
        out.dedup();
    }
}

//! Reads the positions, and where it must the text, of one document after the other.

use std::sync::Arc;

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

use super::cursor::SIDE_BY_SIDE;
use super::places::{Leaf, Place, Source};
use super::span_query::SpanQuery;
use super::texts::{Memory, Texts};
use crate::index::block::Blocks;
use crate::text::normal::{BORDER, Terms};

/// The positions of one leaf, document after document.
enum Positions {
    Few(Vec<SegmentPostings>),
    /// All of them, by document; how far we are.
    Many(Vec<(DocId, u32)>, usize),
}

impl Positions {
    fn open(mut postings: Vec<SegmentPostings>) -> Self {
        if postings.len() <= SIDE_BY_SIDE {
            return Positions::Few(postings);
        }
        let mut all = Vec::new();
        let mut positions = Vec::new();
        for list in &mut postings {
            while list.doc() != TERMINATED {
                list.positions(&mut positions);
                all.extend(positions.iter().map(|&at| (list.doc(), at)));
                list.advance();
            }
        }
        all.sort_unstable();
        all.dedup();
        Positions::Many(all, 0)
    }

    fn read(&mut self, doc: DocId, out: &mut Vec<u32>) {
        match self {
            Positions::Few(postings) => {
                let mut lists = 0;
                for list in postings {
                    let at = if list.doc() < doc { list.seek(doc) } else { list.doc() };
                    if at == doc {
                        list.append_positions_with_offset(0, out);
                        lists += 1;
                    }
                }
                if lists > 1 {
                    out.sort_unstable();
                    out.dedup();
                }
            }
            Positions::Many(all, at) => {
                *at += all.get(*at..).unwrap_or(&[]).partition_point(|&(d, _)| d < doc);
                out.extend(all.get(*at..).unwrap_or(&[]).iter().take_while(|&&(d, _)| d == doc).map(|&(_, at)| at));
            }
        }
    }
}

/// Positions from one word of a literal to the next, at most.
const WIDEST_STEP: u32 = 3;

/// Reads the positions of the document at hand.
pub(super) struct Verifier {
    doc: DocId,
    leaves: Vec<Positions>,
    borders: Positions,
    /// The borders of the document, and which document that is.
    border_positions: Vec<u32>,
    borders_of: DocId,
    texts: Arc<Texts>,
    pub(super) blocks: Blocks,
    segment: u32,
}

impl Verifier {
    pub(super) fn open(
        query: &SpanQuery,
        reader: &SegmentReader,
        index: &InvertedIndexReader,
    ) -> tantivy::Result<Self> {
        let open = |terms: &[String]| -> tantivy::Result<Positions> {
            let mut postings = Vec::new();
            for text in terms {
                let term = Term::from_field_text(query.field, text);
                postings.extend(index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            Ok(Positions::open(postings))
        };
        let leaves = query.plan.leaves.iter().map(|terms| open(terms)).collect::<tantivy::Result<_>>()?;
        let segment = query.shapes.number(reader);
        Ok(Verifier {
            doc: 0,
            leaves,
            borders: open(&[BORDER.to_owned()])?,
            border_positions: Vec::new(),
            borders_of: TERMINATED,
            texts: query.texts.clone(),
            blocks: query.shapes.of(reader)?,
            segment,
        })
    }

    /// Turns to another document, never to one before.
    pub(super) fn turn_to(&mut self, doc: DocId) {
        self.doc = doc;
        self.borders_of = TERMINATED;
    }

    /// True if the words of a literal may stand in a row: reading a text costs far more than its positions. The pieces of
    /// a quantity share a place; the end of a sentence and of a possessive may take one each.
    pub(super) fn follow(&mut self, words: &[Leaf]) -> bool {
        let mut before: Option<Vec<u32>> = None;
        for &word in words {
            let mut here = Vec::new();
            self.positions(word, &mut here);
            if let Some(before) = &before {
                here.retain(|&at| {
                    let next = before.partition_point(|&b| b + WIDEST_STEP < at);
                    before.get(next).is_some_and(|&b| b <= at)
                });
            }
            if here.is_empty() {
                return false;
            }
            before = Some(here);
        }
        true
    }

    /// Finds exactly these characters in the text of any document.
    pub(super) fn literal_in(&self, doc: DocId, text: &str, out: &mut Vec<Place>) {
        let parts = self.texts.of(self.segment, doc, &self.blocks);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Memory::new(&parts, Terms::read, &[]).literal(text, &[], out);
    }
}

impl Source for Verifier {
    fn positions(&mut self, leaf: Leaf, out: &mut Vec<u32>) {
        if let Some(positions) = self.leaves.get_mut(leaf) {
            positions.read(self.doc, out);
        }
    }

    fn borders(&mut self) -> &[u32] {
        if self.borders_of != self.doc {
            self.border_positions.clear();
            self.borders.read(self.doc, &mut self.border_positions);
            self.borders_of = self.doc;
        }
        &self.border_positions
    }

    fn literal(&mut self, text: &str, words: &[Leaf], out: &mut Vec<Place>) {
        if self.follow(words) {
            self.literal_in(self.doc, text, out);
        }
    }
}

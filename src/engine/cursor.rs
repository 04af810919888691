//! Walks the documents that hold the terms a plan needs.

use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::need::Need;
use super::places::Leaf;

/// More terms than this are walked through once and remembered, rather than side by side.
pub(super) const SIDE_BY_SIDE: usize = 16;

/// Walks the documents that hold what is needed.
pub(super) enum Cursor {
    /// Some terms side by side.
    Few(Vec<SegmentPostings>),
    /// The documents of many terms, in order; how far we are.
    Many(Vec<DocId>, usize),
    All(Vec<Cursor>),
    Any(Vec<Cursor>),
    /// Every document below this number.
    Every(DocId),
}

impl Cursor {
    pub(super) fn open(
        need: &Need,
        postings: &dyn Fn(Leaf) -> tantivy::Result<Vec<SegmentPostings>>,
        end: DocId,
        scratch: &mut Vec<u64>,
    ) -> tantivy::Result<Self> {
        Ok(match need {
            Need::Leaf(leaf) => {
                let postings = postings(*leaf)?;
                if postings.len() > SIDE_BY_SIDE {
                    Cursor::Many(documents(postings, end, scratch), 0)
                } else {
                    Cursor::Few(postings)
                }
            }
            Need::All(parts) => {
                let mut cursors = Vec::with_capacity(parts.len());
                for part in parts {
                    cursors.push(Cursor::open(part, postings, end, scratch)?);
                }
                cursors.sort_by_key(Cursor::size);
                Cursor::All(cursors)
            }
            Need::Any(parts) => {
                let mut cursors = Vec::with_capacity(parts.len());
                for part in parts {
                    cursors.push(Cursor::open(part, postings, end, scratch)?);
                }
                Cursor::Any(cursors)
            }
            Need::Every => Cursor::Every(end),
        })
    }

    /// The first document from `target` on. Targets never go back.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Cursor::Few(postings) => {
                let mut first = TERMINATED;
                for list in postings {
                    let doc = if list.doc() < target { list.seek(target) } else { list.doc() };
                    first = first.min(doc);
                }
                first
            }
            Cursor::Many(documents, at) => {
                *at += documents.get(*at..).unwrap_or(&[]).partition_point(|&doc| doc < target);
                documents.get(*at).copied().unwrap_or(TERMINATED)
            }
            Cursor::All(parts) => {
                let mut doc = target;
                'agree: loop {
                    for part in parts.iter_mut() {
                        let next = part.seek(doc);
                        if next > doc {
                            doc = next;
                            if doc == TERMINATED {
                                return TERMINATED;
                            }
                            continue 'agree;
                        }
                    }
                    return doc;
                }
            }
            Cursor::Any(parts) => parts.iter_mut().map(|part| part.seek(target)).min().unwrap_or(TERMINATED),
            Cursor::Every(end) => {
                if target < *end {
                    target
                } else {
                    TERMINATED
                }
            }
        }
    }

    /// How often the terms of a leaf stand in the current document.
    pub(super) fn frequency(&self, doc: DocId) -> u32 {
        match self {
            Cursor::Few(postings) => postings.iter().filter(|p| p.doc() == doc).map(Postings::term_freq).sum(),
            Cursor::Many(..) | Cursor::All(_) | Cursor::Any(_) | Cursor::Every(_) => 1,
        }
    }

    /// About how many documents there are.
    pub(super) fn size(&self) -> u32 {
        match self {
            Cursor::Few(postings) => postings.iter().map(DocSet::size_hint).fold(0, u32::saturating_add),
            Cursor::Many(documents, _) => documents.len() as u32,
            Cursor::All(parts) => parts.iter().map(Cursor::size).min().unwrap_or(0),
            Cursor::Any(parts) => parts.iter().map(Cursor::size).fold(0, u32::saturating_add),
            Cursor::Every(end) => *end,
        }
    }
}

/// The documents of all postings, in order, each once: a bit for every document of the segment.
fn documents(postings: Vec<SegmentPostings>, end: DocId, bits: &mut Vec<u64>) -> Vec<DocId> {
    bits.clear();
    bits.resize((end as usize).div_ceil(64), 0);
    for mut list in postings {
        while list.doc() != TERMINATED {
            if let Some(word) = bits.get_mut(list.doc() as usize / 64) {
                *word |= 1 << (list.doc() % 64);
            }
            list.advance();
        }
    }
    let mut found = Vec::new();
    for (i, &word) in bits.iter().enumerate() {
        let mut word = word;
        while word != 0 {
            found.push(i as DocId * 64 + word.trailing_zeros());
            word &= word - 1;
        }
    }
    found
}

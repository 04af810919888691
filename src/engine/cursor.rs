//! Walks the documents that hold the terms a plan needs, a window of documents at a time.
//!
//! A word is posted under each of its forms, so what is walked is an intersection of unions: a dozen lists for a phrase of
//! three words. Stepping through them side by side costs far more than what stands in them. So the lists of a window of
//! documents are turned into bits, a bit a document, and unions and intersections are those of machine words. Only where
//! few candidates are left beside a long list, each is looked up in it.

mod stream;

use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, TERMINATED};

use self::stream::Stream;
use super::need::Need;
use super::places::Leaf;

/// Documents of a window: their bits and counts stay in the nearest cache.
const WINDOW: DocId = 4096;

/// A bit for each document of a window.
type Bits = [u64; (WINDOW / 64) as usize];

const NONE: Bits = [0; (WINDOW / 64) as usize];

/// The lists of one leaf, and whether it matters how often its terms stand in a document.
pub(super) struct Lists {
    pub(super) postings: Vec<BlockSegmentPostings>,
    /// If so, they must come with frequencies.
    pub(super) counted: bool,
}

/// Walks the documents that hold what is needed, in order.
pub(super) struct Cursor {
    tree: Tree,
    streams: Vec<(Leaf, Stream)>,
    /// The first document of the window at hand; none before the first.
    start: Option<DocId>,
    bits: Box<Bits>,
    /// The number of documents of the segment.
    end: DocId,
}

/// What is needed; leaves are places among the streams.
enum Tree {
    Leaf(usize),
    /// The rarest first.
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Every,
}

impl Cursor {
    /// `lists` gives those of a leaf, in a segment of `end` documents.
    pub(super) fn open(
        need: &Need,
        lists: &dyn Fn(Leaf) -> tantivy::Result<Lists>,
        end: DocId,
    ) -> tantivy::Result<Self> {
        let mut streams = Vec::new();
        let tree = Tree::open(need, &mut streams, &|leaf| Ok(Stream::open(lists(leaf)?, end)))?;
        Ok(Cursor { tree, streams, start: None, bits: Box::new(NONE), end })
    }

    /// The first document from `target` on. Targets never go back.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        let mut target = target.max(self.start.unwrap_or(0));
        loop {
            if let Some(start) = self.start.filter(|&start| target - start < WINDOW) {
                if let Some(found) = first_from(&self.bits, target - start) {
                    return start + found;
                }
                target = start + WINDOW;
            }
            target = self.tree.next(target, &mut self.streams, self.end);
            if target >= self.end {
                // Whoever asks again is told the same.
                (self.start, *self.bits) = (None, NONE);
                return TERMINATED;
            }
            let start = target / WINDOW * WINDOW;
            self.start = Some(start);
            *self.bits = NONE;
            self.tree.add(start, &mut self.streams, self.end, &mut self.bits);
        }
    }

    /// How often the terms of a leaf stand in the current document, where that is counted.
    pub(super) fn frequency(&self, leaf: Leaf, doc: DocId) -> u32 {
        let stream = self.streams.iter().find(|(number, _)| *number == leaf);
        stream.map_or(1, |(_, stream)| stream.frequency(doc))
    }

    /// About how many documents there are.
    pub(super) fn size(&self) -> u32 {
        self.tree.size(&self.streams, self.end)
    }
}

impl Tree {
    fn open(
        need: &Need,
        streams: &mut Vec<(Leaf, Stream)>,
        stream: &dyn Fn(Leaf) -> tantivy::Result<Stream>,
    ) -> tantivy::Result<Self> {
        let all = |parts: &[Need], streams: &mut Vec<(Leaf, Stream)>| {
            parts.iter().map(|part| Tree::open(part, streams, stream)).collect::<tantivy::Result<Vec<Tree>>>()
        };
        Ok(match need {
            Need::Leaf(leaf) => {
                let known = (0..).zip(streams.iter_mut()).find(|(_, (known, _))| known == leaf);
                if let Some((at, (_, stream))) = known {
                    stream.share();
                    return Ok(Tree::Leaf(at));
                }
                streams.push((*leaf, stream(*leaf)?));
                Tree::Leaf(streams.len() - 1)
            }
            Need::All(parts) => {
                let mut parts = all(parts, streams)?;
                parts.sort_by_key(|part| part.size(streams, DocId::MAX));
                Tree::All(parts)
            }
            Need::Any(parts) => Tree::Any(all(parts, streams)?),
            Need::Every => Tree::Every,
        })
    }

    /// A document from `target` on before which there is none; `end` or more where there is none at all.
    fn next(&self, target: DocId, streams: &mut [(Leaf, Stream)], end: DocId) -> DocId {
        match self {
            Tree::Leaf(at) => streams.get_mut(*at).map_or(end, |(_, stream)| stream.next(target)),
            Tree::All(parts) => parts.first().map_or(end, |rarest| rarest.next(target, streams, end)),
            Tree::Any(parts) => parts.iter().map(|part| part.next(target, streams, end)).min().unwrap_or(end),
            Tree::Every => target,
        }
    }

    /// Adds the documents of the window from `start` on.
    fn add(&self, start: DocId, streams: &mut [(Leaf, Stream)], end: DocId, bits: &mut Bits) {
        match self {
            Tree::Leaf(at) => {
                if let Some((_, stream)) = streams.get_mut(*at) {
                    stream.add(start, bits);
                }
            }
            Tree::All(parts) => {
                let Some((rarest, others)) = parts.split_first() else { return };
                let mut found = NONE;
                rarest.add(start, streams, end, &mut found);
                for part in others {
                    part.keep(start, streams, &mut found);
                }
                unite(bits, &found);
            }
            Tree::Any(parts) => parts.iter().for_each(|part| part.add(start, streams, end, bits)),
            Tree::Every => {
                for doc in 0..WINDOW.min(end - start) {
                    set(bits, doc);
                }
            }
        }
    }

    /// Leaves of the documents of the window those that hold what is needed.
    fn keep(&self, start: DocId, streams: &mut [(Leaf, Stream)], bits: &mut Bits) {
        if *bits == NONE {
            return;
        }
        match self {
            Tree::Leaf(at) => {
                if let Some((_, stream)) = streams.get_mut(*at) {
                    stream.keep(start, bits);
                }
            }
            Tree::All(parts) => parts.iter().for_each(|part| part.keep(start, streams, bits)),
            Tree::Any(parts) => {
                let mut found = NONE;
                for part in parts {
                    // What one part has, no other needs to be asked for.
                    let mut open = *bits;
                    for (open, found) in open.iter_mut().zip(&found) {
                        *open &= !found;
                    }
                    part.keep(start, streams, &mut open);
                    unite(&mut found, &open);
                }
                *bits = found;
            }
            Tree::Every => {}
        }
    }

    fn size(&self, streams: &[(Leaf, Stream)], end: DocId) -> u32 {
        match self {
            Tree::Leaf(at) => streams.get(*at).map_or(0, |(_, stream)| stream.size()),
            Tree::All(parts) => parts.iter().map(|part| part.size(streams, end)).min().unwrap_or(0),
            Tree::Any(parts) => parts.iter().map(|part| part.size(streams, end)).fold(0, u32::saturating_add),
            Tree::Every => end,
        }
    }
}

/// The first bit from `from` on.
fn first_from(bits: &Bits, from: u32) -> Option<u32> {
    let at = (from / 64) as usize;
    let rest = bits.get(at)? & (u64::MAX << (from % 64));
    if rest != 0 {
        return Some(at as u32 * 64 + rest.trailing_zeros());
    }
    let (next, word) = (at as u32 + 1..).zip(bits.get(at + 1..)?).find(|(_, word)| **word != 0)?;
    Some(next * 64 + word.trailing_zeros())
}

fn set(bits: &mut Bits, doc: u32) {
    if let Some(word) = bits.get_mut((doc / 64) as usize) {
        *word |= 1 << (doc % 64);
    }
}

fn unite(bits: &mut Bits, others: &Bits) {
    for (word, other) in bits.iter_mut().zip(others) {
        *word |= other;
    }
}

#[cfg(test)]
mod tests;

//! The documents of one leaf, window by window: those of any of its terms.

use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, TERMINATED};

use super::{Bits, Lists, NONE, WINDOW, first_from, set, unite};

/// More terms than this are turned into bits at once, for the whole segment.
const SIDE_BY_SIDE: usize = 16;

/// Looking a document up in a list costs about as much as turning this many of its documents into bits.
const LOOK_UP: u64 = 32;

pub(super) struct Stream {
    source: Source,
    size: u32,
    /// Documents of a window, on average.
    density: u64,
    /// True where it is asked for the same window from several sides.
    shared: bool,
    /// The window whose documents are known.
    known: Option<DocId>,
    bits: Box<Bits>,
    /// How often the terms stand in each document of the window at hand.
    counts: Option<Box<[u32]>>,
}

enum Source {
    Lists(Vec<List>),
    /// A bit for every document of the segment.
    Whole(Vec<u64>),
}

/// The documents of one term, and how far we are in the block that is unpacked.
struct List {
    block: BlockSegmentPostings,
    at: usize,
}

impl Stream {
    /// The documents of these lists, in a segment of `end`.
    pub(super) fn open(lists: Lists, end: DocId) -> Self {
        let Lists { postings: lists, counted } = lists;
        let size = lists.iter().map(BlockSegmentPostings::doc_freq).fold(0, u32::saturating_add);
        let many = lists.len() > SIDE_BY_SIDE;
        let counts = (counted && !many).then(|| vec![0; WINDOW as usize].into_boxed_slice());
        let lists = lists.into_iter().map(|block| List { block, at: 0 }).collect();
        Stream {
            source: if many { Source::Whole(whole(lists, end)) } else { Source::Lists(lists) },
            size,
            density: u64::from(size) * u64::from(WINDOW) / u64::from(end.max(1)),
            shared: false,
            known: None,
            bits: Box::new(NONE),
            counts,
        }
    }

    /// It will be asked for each window from several sides.
    pub(super) fn share(&mut self) {
        self.shared = true;
    }

    /// About how many documents there are.
    pub(super) fn size(&self) -> u32 {
        self.size
    }

    /// The first document from `target` on that has not been passed.
    pub(super) fn next(&mut self, target: DocId) -> DocId {
        if let Some(start) = self.known.filter(|&start| (start..start + WINDOW).contains(&target))
            && let Some(found) = first_from(&self.bits, target - start)
        {
            return start + found;
        }
        match &mut self.source {
            Source::Lists(lists) => lists.iter_mut().map(|list| list.seek(target)).min().unwrap_or(TERMINATED),
            Source::Whole(bits) => {
                let first = (target / 64) as usize;
                let words = (first..).zip(bits.get(first..).unwrap_or(&[]));
                let mut ahead =
                    words.map(|(at, &word)| (at, if at == first { word & (u64::MAX << (target % 64)) } else { word }));
                ahead
                    .find(|(_, word)| *word != 0)
                    .map_or(TERMINATED, |(at, word)| at as DocId * 64 + word.trailing_zeros())
            }
        }
    }

    /// Adds the documents of a window.
    pub(super) fn add(&mut self, start: DocId, bits: &mut Bits) {
        self.fill(start);
        unite(bits, &self.bits);
    }

    /// Leaves of the documents of a window those that hold one of the terms.
    pub(super) fn keep(&mut self, start: DocId, bits: &mut Bits) {
        if let (Source::Lists(lists), false) = (&mut self.source, self.shared) {
            let candidates: u64 = bits.iter().map(|word| u64::from(word.count_ones())).sum();
            if candidates * LOOK_UP * (lists.len() as u64) < self.density {
                return look_up(lists, self.counts.as_deref_mut(), start, bits);
            }
        }
        self.fill(start);
        for (word, own) in bits.iter_mut().zip(self.bits.iter()) {
            *word &= own;
        }
    }

    /// How often the terms stand in a document of the window at hand.
    pub(super) fn frequency(&self, doc: DocId) -> u32 {
        self.counts.as_ref().and_then(|counts| counts.get((doc % WINDOW) as usize)).copied().unwrap_or(1)
    }

    /// Turns a window into bits, once.
    fn fill(&mut self, start: DocId) {
        if self.known == Some(start) {
            return;
        }
        self.known = Some(start);
        *self.bits = NONE;
        match &mut self.source {
            Source::Lists(lists) => {
                for (number, list) in lists.iter_mut().enumerate() {
                    list.fill(start, &mut self.bits, self.counts.as_deref_mut(), number == 0);
                }
            }
            Source::Whole(whole) => {
                let from = (start / 64) as usize;
                for (word, own) in self.bits.iter_mut().zip(whole.get(from..).unwrap_or(&[])) {
                    *word = *own;
                }
            }
        }
    }
}

impl List {
    fn doc(&self) -> DocId {
        self.block.doc(self.at)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.at = self.block.seek(target);
        }
        self.doc()
    }

    /// Adds the documents of a window and their counts, which the `first` list of all starts.
    fn fill(&mut self, start: DocId, bits: &mut Bits, mut counts: Option<&mut [u32]>, first: bool) {
        let end = start + WINDOW;
        self.seek(start);
        while self.doc() < end {
            let docs = self.block.docs().get(self.at..).unwrap_or(&[]);
            let inside = if docs.last().is_some_and(|&last| last < end) {
                docs.len()
            } else {
                docs.partition_point(|&doc| doc < end)
            };
            let docs = docs.get(..inside).unwrap_or(&[]);
            if let Some(counts) = counts.as_deref_mut() {
                let frequencies = self.block.freqs().get(self.at..).unwrap_or(&[]);
                for (&doc, &frequency) in docs.iter().zip(frequencies) {
                    match counts.get_mut((doc - start) as usize) {
                        Some(count) if first => *count = frequency,
                        _ => count(counts, bits, doc - start, frequency),
                    }
                }
            }
            for &doc in docs {
                set(bits, doc - start);
            }
            self.at += inside;
            if self.at < self.block.block_len() {
                return;
            }
            self.block.advance();
            self.at = 0;
        }
    }
}

/// Looks every document of `bits` up in the lists.
fn look_up(lists: &mut [List], mut counts: Option<&mut [u32]>, start: DocId, bits: &mut Bits) {
    let mut found = NONE;
    let mut from = 0;
    while let Some(at) = first_from(bits, from) {
        for list in lists.iter_mut() {
            if list.seek(start + at) == start + at {
                if let Some(counts) = counts.as_deref_mut() {
                    count(counts, &found, at, list.block.freq(list.at));
                }
                set(&mut found, at);
            }
        }
        from = at + 1;
    }
    *bits = found;
}

/// Counts a term of a document; the first one that is found of it forgets the window before.
fn count(counts: &mut [u32], found: &Bits, doc: u32, frequency: u32) {
    let known = found.get((doc / 64) as usize).is_some_and(|word| word >> (doc % 64) & 1 == 1);
    if let Some(count) = counts.get_mut(doc as usize) {
        *count = if known { count.saturating_add(frequency) } else { frequency };
    }
}

/// A bit for every document of a segment that one of the lists holds.
fn whole(lists: Vec<List>, end: DocId) -> Vec<u64> {
    let mut bits = vec![0_u64; (end as usize).div_ceil(64)];
    for mut list in lists {
        while list.doc() != TERMINATED {
            for doc in list.block.docs() {
                if let Some(word) = bits.get_mut((doc / 64) as usize) {
                    *word |= 1 << (doc % 64);
                }
            }
            list.block.advance();
        }
    }
    bits
}

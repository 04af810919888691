//! The documents of one term set, window by window: those of any of its terms.

use std::ops::Range;

use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, TERMINATED};

use super::window::{Bits, NONE, Part, WINDOW, next_bit, set, unite};

/// The lists of one term set, and whether the number of occurrences of its terms in a document matters.
pub(crate) struct Lists {
    pub(crate) postings: Vec<BlockSegmentPostings>,
    /// If so, they must come with frequencies.
    pub(crate) counted: bool,
    /// The first so many lists are those of the word as written; none where it does not matter which they are.
    pub(crate) written: Option<usize>,
}

/// More terms than this are turned into bits at once, for the whole segment.
pub(crate) const SIDE_BY_SIDE: usize = 16;

/// Looking a document up in a list costs about as much as turning this many of its documents into bits.
const LOOK_UP: u64 = 32;

pub(crate) struct Stream {
    source: Source,
    size: u32,
    /// Documents of a window, on average.
    density: u64,
    /// True where it is asked for the same window from several sides.
    shared: bool,
    /// The window whose documents are known; after a look-up, those of the articles that it went through.
    known: Range<DocId>,
    bits: Box<Bits>,
    /// The first so many lists are those of the word as written.
    written: usize,
    /// The documents that hold the word as written, like `bits`, where that matters.
    written_bits: Option<Box<Bits>>,
    /// Whether the number of occurrences of the terms in a document matters.
    counted: bool,
    /// How often they do in each of the window at hand; of very many terms it is only known that one does.
    counts: Option<Box<[u32]>>,
}

enum Source {
    Lists(Vec<List>),
    /// A bit for every document of the segment, and for those that hold the word as written.
    Whole {
        all: Vec<u64>,
        written: Vec<u64>,
    },
}

/// The documents of one term, and how far we are in the block that is unpacked.
pub(crate) struct List {
    block: BlockSegmentPostings,
    at: usize,
}

impl Stream {
    /// The documents of these lists, in a segment of `end`.
    pub(crate) fn open(lists: Lists, end: DocId) -> Self {
        let Lists { postings: lists, counted, written } = lists;
        let size = lists.iter().map(BlockSegmentPostings::doc_freq).fold(0, u32::saturating_add);
        let many = lists.len() > SIDE_BY_SIDE;
        let counts = (counted && !many).then(|| vec![0; WINDOW as usize].into_boxed_slice());
        let mut lists: Vec<List> = lists.into_iter().map(List::new).collect();
        let source = if many {
            let own = written.unwrap_or(0).min(lists.len());
            let (own, others) = lists.split_at_mut(own);
            let written = whole(own, end);
            let mut all = whole(others, end);
            all.iter_mut().zip(&written).for_each(|(all, written)| *all |= written);
            Source::Whole { all, written }
        } else {
            Source::Lists(lists)
        };
        Stream {
            source,
            size,
            density: u64::from(size) * u64::from(WINDOW) / u64::from(end.max(1)),
            shared: false,
            known: 0..0,
            bits: Box::new(NONE),
            written: written.unwrap_or(0),
            written_bits: written.map(|_| Box::new(NONE)),
            counted,
            counts,
        }
    }

    /// It will be asked for each window from several sides.
    pub(crate) fn share(&mut self) {
        self.shared = true;
    }

    /// About how many documents there are.
    pub(crate) fn size(&self) -> u32 {
        self.size
    }

    /// The first document from `target` on that has not been passed.
    pub(crate) fn next(&mut self, target: DocId) -> DocId {
        let Range { start, end } = self.known;
        if (start..end).contains(&target)
            && let Some(found) = next_bit(&self.bits, target - start, end - start)
        {
            return start + found;
        }
        match &mut self.source {
            Source::Lists(lists) => lists.iter_mut().map(|list| list.seek(target)).min().unwrap_or(TERMINATED),
            Source::Whole { all: bits, .. } => {
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
    pub(crate) fn add(&mut self, window: &Range<DocId>, bits: &mut Bits) {
        self.fill(window);
        unite(bits, &self.bits);
    }

    /// Keeps of the documents of a window those that hold one of the terms.
    pub(crate) fn keep(&mut self, part: Part, bits: &mut Bits) {
        let few = match &self.source {
            Source::Lists(lists) if !self.shared => {
                let candidates: u64 = bits.iter().map(|word| u64::from(word.count_ones())).sum();
                candidates * LOOK_UP * (lists.len() as u64) < self.density
            }
            Source::Lists(_) | Source::Whole { .. } => false,
        };
        if few {
            self.look_up(part, bits);
        } else {
            self.fill(part.window);
        }
        for (word, own) in bits.iter_mut().zip(self.bits.iter()) {
            *word &= own;
        }
    }

    /// True if a document of the current window holds the word as written.
    pub(super) fn is_written(&self, place: u32) -> bool {
        let bits = self.written_bits.as_ref();
        bits.is_some_and(|bits| bits.get((place / 64) as usize).is_some_and(|word| word >> (place % 64) & 1 == 1))
    }

    /// How often the terms occur in a document of the window at hand.
    pub(crate) fn frequency(&self, place: u32) -> u32 {
        self.counts.as_ref().and_then(|counts| counts.get(place as usize)).copied().unwrap_or(1)
    }

    /// The documents that hold one of the terms, among those of an article that are known, and how often; both are places in the
    /// window that begins with `start`. None if this is not counted.
    pub(crate) fn counts(&self, start: DocId, article: Range<u32>) -> Option<impl Iterator<Item = (u32, u32)> + '_> {
        if !self.counted || self.known.start != start || self.known.is_empty() {
            return None;
        }
        let Range { start: mut from, end } = article;
        Some(std::iter::from_fn(move || {
            let at = next_bit(&self.bits, from, end)?;
            from = at + 1;
            Some((at, self.frequency(at)))
        }))
    }

    /// Turns a window into bits, once.
    fn fill(&mut self, window: &Range<DocId>) {
        if self.known == *window {
            return;
        }
        self.known = window.clone();
        *self.bits = NONE;
        match &mut self.source {
            Source::Lists(lists) => {
                for (number, list) in lists.iter_mut().enumerate() {
                    keep_written(number == self.written, &self.bits, self.written_bits.as_deref_mut());
                    list.fill(window, window.start, &mut self.bits, self.counts.as_deref_mut(), number == 0);
                }
                keep_written(self.written >= lists.len(), &self.bits, self.written_bits.as_deref_mut());
            }
            Source::Whole { all, written } => {
                cut_out(all, window, &mut self.bits);
                if let Some(bits) = &mut self.written_bits {
                    cut_out(written, window, bits);
                }
            }
        }
    }

    /// Looks up the documents of every article that has one among `bits`: little is read where they are few.
    fn look_up(&mut self, part: Part, bits: &Bits) {
        let Part { window, articles } = part;
        self.known = window.clone();
        *self.bits = NONE;
        let Source::Lists(lists) = &mut self.source else { return };
        let mut ranges: Vec<Range<DocId>> = Vec::new();
        let mut from = 0;
        while let Some(at) = next_bit(bits, from, window.end - window.start) {
            let article = articles(window.start + at);
            let article = article.start.max(window.start)..article.end.min(window.end);
            from = article.end - window.start;
            ranges.push(article);
        }
        for (number, list) in lists.iter_mut().enumerate() {
            keep_written(number == self.written, &self.bits, self.written_bits.as_deref_mut());
            for article in &ranges {
                list.fill(article, window.start, &mut self.bits, self.counts.as_deref_mut(), number == 0);
            }
        }
        keep_written(self.written >= lists.len(), &self.bits, self.written_bits.as_deref_mut());
    }
}

impl List {
    pub(crate) fn new(block: BlockSegmentPostings) -> Self {
        List { block, at: 0 }
    }

    fn doc(&self) -> DocId {
        self.block.doc(self.at)
    }

    /// The first document from `target` on; targets never go back.
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.at = self.block.seek(target);
        }
        self.doc()
    }

    /// Adds documents of the window that begins with `start`, and their counts, which the `first` list of all starts.
    fn fill(
        &mut self,
        docs: &Range<DocId>,
        start: DocId,
        bits: &mut Bits,
        mut counts: Option<&mut [u32]>,
        first: bool,
    ) {
        let end = docs.end;
        self.seek(docs.start);
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

/// Keeps the documents of the lists so far, if these are all that hold the word as written.
fn keep_written(complete: bool, bits: &Bits, written: Option<&mut Bits>) {
    if let Some(written) = written.filter(|_| complete) {
        written.copy_from_slice(bits);
    }
}

/// Counts a term of a document; the first one that is found of it forgets the window before.
fn count(counts: &mut [u32], found: &Bits, doc: u32, frequency: u32) {
    let known = found.get((doc / 64) as usize).is_some_and(|word| word >> (doc % 64) & 1 == 1);
    if let Some(count) = counts.get_mut(doc as usize) {
        *count = if known { count.saturating_add(frequency) } else { frequency };
    }
}

/// A bit for every document of a segment that one of the lists holds.
fn whole(lists: &mut [List], end: DocId) -> Vec<u64> {
    let mut bits = vec![0_u64; (end as usize).div_ceil(64)];
    for list in lists {
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

/// The bits of a window out of those of the whole segment.
fn cut_out(whole: &[u64], window: &Range<DocId>, bits: &mut Bits) {
    let (first, shift) = ((window.start / 64) as usize, window.start % 64);
    let word = |at: usize| whole.get(at).copied().unwrap_or(0);
    for (at, bits) in (first..).zip(bits.iter_mut()) {
        *bits = word(at) >> shift | word(at + 1).checked_shl(64 - shift).unwrap_or(0);
    }
    let length = window.end - window.start;
    for (start, bits) in (0..).step_by(64).zip(bits.iter_mut()) {
        let inside = length.saturating_sub(start);
        *bits &= if inside < 64 { (1 << inside) - 1 } else { u64::MAX };
    }
}

//! A window of documents as bits.

use std::ops::Range;

use tantivy::DocId;

/// Documents of a window, at most: their bits and counts stay in the nearest cache.
pub(crate) const WINDOW: DocId = 4096;

/// A bit for each document of a window.
pub(crate) type Bits = [u64; (WINDOW / 64) as usize];

pub(crate) const NONE: Bits = [0; (WINDOW / 64) as usize];

/// Tells the documents of the article that a document belongs to.
pub(crate) type Articles = Box<dyn Fn(DocId) -> Range<DocId> + Send>;

/// A window of the segment.
#[derive(Clone, Copy)]
pub(crate) struct Part<'c> {
    pub(crate) window: &'c Range<DocId>,
    pub(crate) articles: &'c Articles,
}

/// The first bit from `from` on and before `end`.
pub(crate) fn next_bit(bits: &Bits, from: u32, end: u32) -> Option<u32> {
    let mut at = from / 64;
    let mut word = bits.get(at as usize)? & (u64::MAX << (from % 64));
    while word == 0 {
        at += 1;
        if at * 64 >= end {
            return None;
        }
        word = *bits.get(at as usize)?;
    }
    Some(at * 64 + word.trailing_zeros()).filter(|&found| found < end)
}

pub(crate) fn set(bits: &mut Bits, doc: u32) {
    if let Some(word) = bits.get_mut((doc / 64) as usize) {
        *word |= 1 << (doc % 64);
    }
}

pub(crate) fn unite(bits: &mut Bits, others: &Bits) {
    for (word, other) in bits.iter_mut().zip(others) {
        *word |= other;
    }
}

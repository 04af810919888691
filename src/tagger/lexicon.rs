//! What is known of words beforehand: the usual part of speech, kind of name and word cluster of each.
//!
//! Layout: entries of [`STRIDE`] bytes in rising order of their key: key (`u32`), tag (`u8`), name (`u8`),
//! cluster (`u16`), flags (`u8`), all little-endian. A key is the hash of a word in lower case and its [`Case`],
//! or of a suffix for words that are not listed.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::spelling::{Case, attribute};

const STRIDE: usize = 9;

/// What is known of a word; 0 stands for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its most frequent part of speech, numbered by the lexicon's maker.
    pub tag: u8,
    /// The kind of name it mostly is part of, numbered by the lexicon's maker.
    pub name: u8,
    /// The cluster of words that are in the same surroundings.
    pub cluster: u16,
    /// Bits that mean what the lexicon's maker says.
    pub flags: u8,
}

/// A read-only word list, found by binary search in the bytes of a file.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    bytes: Cow<'static, [u8]>,
}

impl Lexicon {
    /// Takes up what [`LexiconBuilder::finish`] gave; none if the length is wrong.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        bytes.len().is_multiple_of(STRIDE).then_some(Lexicon { bytes })
    }

    /// What is known of `lower`, a word in lower case that is written as `case` says; else of its last three letters.
    pub fn get(&self, lower: &str, case: Case) -> Entry {
        self.find(word_key(lower, case)).or_else(|| self.find(suffix_key(lower, case))).unwrap_or_default()
    }

    /// True if `word` is listed as written in small letters, whatever case it has here.
    pub fn is_common(&self, word: &str) -> bool {
        self.find(word_key(&word.to_lowercase(), Case::Lower)).is_some()
    }

    /// Its bytes, as they go into a file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn find(&self, key: u32) -> Option<Entry> {
        let (mut low, mut high) = (0, self.bytes.len() / STRIDE);
        while low < high {
            let middle = usize::midpoint(low, high);
            let slot = self.bytes.get(middle * STRIDE..(middle + 1) * STRIDE)?;
            match key_of(slot).cmp(&key) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(entry_of(slot)),
            }
        }
        None
    }
}

/// Collects the entries of a lexicon.
#[derive(Debug, Default)]
pub struct LexiconBuilder {
    entries: BTreeMap<u32, Entry>,
}

impl From<&Lexicon> for LexiconBuilder {
    fn from(lexicon: &Lexicon) -> Self {
        let entries = lexicon.bytes.chunks_exact(STRIDE).map(|slot| (key_of(slot), entry_of(slot)));
        LexiconBuilder { entries: entries.collect() }
    }
}

impl LexiconBuilder {
    /// The entry of a word in lower case, to be filled in.
    pub fn word(&mut self, lower: &str, case: Case) -> &mut Entry {
        self.entries.entry(word_key(lower, case)).or_default()
    }

    /// The entry for words not listed that end like `lower`, to be filled in.
    pub fn suffix(&mut self, lower: &str, case: Case) -> &mut Entry {
        self.entries.entry(suffix_key(lower, case)).or_default()
    }

    /// The lexicon.
    pub fn finish(self) -> Lexicon {
        let mut bytes = Vec::with_capacity(self.entries.len() * STRIDE);
        for (key, entry) in self.entries {
            bytes.extend(key.to_le_bytes());
            bytes.extend([entry.tag, entry.name]);
            bytes.extend(entry.cluster.to_le_bytes());
            bytes.push(entry.flags);
        }
        Lexicon { bytes: Cow::Owned(bytes) }
    }
}

fn key_of(slot: &[u8]) -> u32 {
    u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]])
}

fn entry_of(slot: &[u8]) -> Entry {
    Entry { tag: slot[4], name: slot[5], cluster: u16::from_le_bytes([slot[6], slot[7]]), flags: slot[8] }
}

fn word_key(lower: &str, case: Case) -> u32 {
    attribute(lower).wrapping_mul(8).wrapping_add(case as u32) ^ (attribute(lower) >> 29)
}

fn suffix_key(lower: &str, case: Case) -> u32 {
    let start = lower.char_indices().rev().nth(2).map_or(0, |(i, _)| i);
    word_key(lower.get(start..).unwrap_or(""), case) ^ 0x5BD1_E995
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_strangers_go_by_their_ending() {
        let mut builder = LexiconBuilder::default();
        *builder.word("said", Case::Lower) = Entry { tag: 3, name: 0, cluster: 700, flags: 1 };
        builder.suffix("walking", Case::Lower).tag = 4;
        let lexicon = Lexicon::from_bytes(Cow::Owned(builder.finish().bytes().to_vec())).unwrap();
        assert_eq!(lexicon.get("said", Case::Lower), Entry { tag: 3, name: 0, cluster: 700, flags: 1 });
        assert_eq!(lexicon.get("said", Case::Capitals), Entry::default());
        assert_eq!(lexicon.get("talking", Case::Lower).tag, 4);
    }
}

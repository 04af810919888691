//! Word clusters as the recogniser reads them.

use rustc_hash::FxHashMap;

use crate::entity::tokens::is_all_capitals;
use crate::tagger::attribute;

/// Word clusters of two sizes, by the hash of the word as written.
#[derive(Debug, Default)]
pub(in crate::entity) struct Clusters {
    table: FxHashMap<u32, (u16, u16)>,
}

/// Bytes of an entry: the word's hash, its fine and its coarse cluster.
const ENTRY: usize = 8;

impl Clusters {
    /// Clusters of words, fine and coarse.
    pub(in crate::entity) fn new<'w>(words: impl Iterator<Item = (&'w str, u16, u16)>) -> Self {
        Clusters { table: words.map(|(word, fine, coarse)| (attribute(word), (fine + 1, coarse + 1))).collect() }
    }

    /// Takes up what [`Clusters::to_bytes`] gave.
    pub(in crate::entity) fn from_bytes(bytes: &[u8]) -> Self {
        let entry = |b: &[u8]| {
            let (word, rest) = b.split_first_chunk::<4>()?;
            let (fine, rest) = rest.split_first_chunk::<2>()?;
            let coarse = rest.first_chunk::<2>()?;
            Some((u32::from_le_bytes(*word), (u16::from_le_bytes(*fine), u16::from_le_bytes(*coarse))))
        };
        Clusters { table: bytes.chunks_exact(ENTRY).filter_map(entry).collect() }
    }

    /// As bytes, in order of the hash.
    pub(in crate::entity) fn to_bytes(&self) -> Vec<u8> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_unstable();
        let mut out = Vec::with_capacity(entries.len() * ENTRY);
        for (word, (fine, coarse)) in entries {
            out.extend(word.to_le_bytes());
            out.extend(fine.to_le_bytes());
            out.extend(coarse.to_le_bytes());
        }
        out
    }

    /// True if the word, written just so, was frequent enough for a cluster.
    pub(super) fn has(&self, word: &str) -> bool {
        self.table.contains_key(&attribute(word))
    }

    /// The clusters of a word as written; of one in capitals also as it would be written otherwise. 0 for none.
    pub(super) fn of(&self, word: &str) -> (u32, u32) {
        let find =
            |word: &str| self.table.get(&attribute(word)).map(|&(fine, coarse)| (u32::from(fine), u32::from(coarse)));
        find(word)
            .or_else(|| if is_all_capitals(word) { find(&capitalised(word)) } else { None })
            .or_else(|| find(&word.to_lowercase()))
            .unwrap_or((0, 0))
    }
}

/// `REUTERS` → `Reuters`.
fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().chain(chars.flat_map(char::to_lowercase)).collect()
}

//! Near-duplicates: wire copy that several outlets print, each with its own small changes.
//!
//! Articles whose sketches agree well enough are of one group, and so are those that are linked by others. Passages and
//! quotations (by speaker) of the same words are of one group wherever they occur; those that near-duplicate articles have
//! in each other's place are of one group too.
//!
//! The groups are computed from the whole index when a writer finishes, so they depend on the articles alone, not on the order
//! or the number of runs they came in. What each pair of articles has in common is kept in a file, so that the next writer
//! reads only the pairs that are new. Nothing is left out of the index for being a duplicate.

mod forest;
mod groups;

use super::sketch::{PART, Sketch, Words, agreement};

pub use forest::Sketched;
pub use groups::DuplicateGroups;
pub(super) use groups::save;
pub(crate) use groups::{name, update};

/// Places in which two parts of near-duplicate articles must agree to stand for each other.
const ALIKE_UNITS: usize = 8;

/// A passage or quotation in the search for near-duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DedupUnit {
    /// Hash of the speakers' names; of a passage, 0.
    pub speaker: u64,
    /// Its group by its words alone.
    pub group: u64,
    /// Its sketch, if it was asked for and the words are enough for one.
    pub sketch: Option<Sketch<PART>>,
}

impl DedupUnit {
    /// A passage. `words` is a buffer.
    pub fn passage(text: &str, words: &mut Words) -> Self {
        words.read([text]);
        DedupUnit { speaker: 0, group: short(words.hash()), sketch: None }
    }

    /// A quotation. Quotations without a speaker are alike only in near-duplicate articles.
    pub fn quote<'a>(said: &[&str], speakers: impl IntoIterator<Item = &'a str>, words: &mut Words) -> Self {
        let speaker = words.read(speakers).hash() | 1;
        words.read(said.iter().copied());
        DedupUnit { speaker, group: short(words.hash() ^ speaker.rotate_left(32)), sketch: None }
    }

    /// The same with its sketch; `words` still holds its words.
    #[must_use]
    pub fn sketched(self, words: &Words) -> Self {
        DedupUnit { sketch: words.sketch(), ..self }
    }
}

/// Of ten million passages, 40 bits confuse some fifty pairs, which matters only where a query finds both of one; they
/// take three eighths less room than 64.
fn short(hash: u64) -> u64 {
    hash >> 24
}

/// The groups of parts of two near-duplicates that stand for each other and have different words: for each of `units`, the
/// one of `others` that agrees with it best, if well enough.
fn align(units: &[DedupUnit], others: &[DedupUnit]) -> Vec<(u64, u64)> {
    // Near-duplicates mostly keep their order: looking around the same place makes this linear.
    const AROUND: usize = 32;
    let pairs = units.iter().enumerate().filter_map(|(at, unit)| {
        let sketch = unit.sketch?;
        let near = others.iter().enumerate().skip(at.saturating_sub(AROUND)).take(2 * AROUND);
        let rated = near.filter(|(_, other)| other.speaker == unit.speaker).filter_map(|(place, other)| {
            let alike = agreement(&sketch, other.sketch.as_ref()?);
            let same = other.group == unit.group;
            (alike >= ALIKE_UNITS).then_some((same, alike, usize::MAX - place.abs_diff(at), other.group))
        });
        rated.max().map(|(.., group)| (unit.group, group)).filter(|(own, other)| own != other)
    });
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests;

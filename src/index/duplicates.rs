//! Near-duplicates: wire copy that several outlets print, each with its own small changes.
//!
//! A group is named after the number of the first article in it that was filed. An article joins the group of the
//! article it agrees with best, if it agrees well enough; its passages and quotations then take the groups of those
//! they agree with best there. Passages and quotations (by speaker) of the same words are of one group wherever they
//! are. Groups are recorded beside what they group: nothing is left out of the index, and nothing needs to be redone
//! when articles come and go.
//!
//! Candidates are found by the [LSH index](lsh) of their sketches.

mod lsh;

use rustc_hash::FxHashMap;

use lsh::LshIndex;

use super::Key;
use super::sketch::{ARTICLE, PART, Sketch, Words, agreement};

/// Places in which two articles must agree to be near-duplicates. On seeded copies with up to a fifth of the words
/// changed, fewer than one in a hundred falls below; articles on one subject stay below eight.
const ALIKE: usize = 16;
/// Places in which two parts of near-duplicate articles must agree to stand for each other.
const ALIKE_UNITS: usize = 6;

/// Articles that are remembered at least, the latest. Up to twice as many are, which bounds memory to about 200 MB.
pub const MOST_REMEMBERED: usize = 500_000;
/// Articles whose parts are remembered: wire copy comes within days, or within one run.
const UNITS_REMEMBERED: usize = 20_000;
/// What near-duplicate detection keeps of an article.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    /// Its key.
    pub key: Key,
    /// Its number.
    pub number: u64,
    /// Its group.
    pub group: u64,
    /// Its sketch.
    pub sketch: Sketch<ARTICLE>,
}

/// What near-duplicate detection keeps of a passage or quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DedupUnit {
    /// Hash of the speakers' names; of a passage, 0.
    pub speaker: u64,
    /// Its group: at first, by its words alone.
    pub group: u64,
    /// Its sketch; none without words.
    pub sketch: Option<Sketch<PART>>,
}

impl DedupUnit {
    /// A passage. `words` is a buffer.
    pub fn passage(text: &str, words: &mut Words) -> Self {
        words.read([text]);
        DedupUnit { speaker: 0, group: short(words.hash()), sketch: words.sketch() }
    }

    /// A quotation. Quotations without a speaker match only within matching articles.
    pub fn quote<'a>(said: &[&str], speakers: impl IntoIterator<Item = &'a str>, words: &mut Words) -> Self {
        let speaker = words.read(speakers).hash() | 1;
        words.read(said.iter().copied());
        DedupUnit { speaker, group: short(words.hash() ^ speaker.rotate_left(32)), sketch: words.sketch() }
    }
}

/// Of ten million passages, 40 bits confuse some fifty pairs, which matters only where a query finds both of one; they
/// take three eighths less room than 64.
fn short(hash: u64) -> u64 {
    hash >> 24
}

/// The articles that new ones are compared with.
#[derive(Debug)]
pub struct Duplicates {
    seen: Vec<Seen>,
    /// Places in `seen`.
    lsh: LshIndex,
    /// Parts of the latest articles, by number.
    units: FxHashMap<u64, Vec<DedupUnit>>,
}

impl Duplicates {
    /// Starts with what is in the index, in order of number.
    pub fn new(seen: impl IntoIterator<Item = Seen>) -> Self {
        let mut duplicates = Duplicates { seen: Vec::new(), lsh: LshIndex::default(), units: FxHashMap::default() };
        for article in seen {
            duplicates.remember(article);
        }
        duplicates
    }

    /// The article that `sketch` agrees with best, if well enough. `lives` tells which are still in the index.
    pub fn nearest(&mut self, sketch: &Sketch<ARTICLE>, lives: impl Fn(&Seen) -> bool) -> Option<Seen> {
        let mut best: Option<(usize, Seen)> = None;
        for &at in self.lsh.candidates(sketch) {
            let Some(article) = self.seen.get(at as usize) else { continue };
            let alike = agreement(sketch, &article.sketch);
            // Of two that agree as well, the earlier one, which comes first.
            if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) && lives(article) {
                best = Some((alike, *article));
            }
        }
        best.map(|(_, article)| article)
    }

    /// Remembers an article for those to come.
    pub fn remember(&mut self, article: Seen) {
        if self.seen.len() >= 2 * MOST_REMEMBERED {
            let latest = self.seen.split_off(MOST_REMEMBERED);
            let units = std::mem::take(&mut self.units);
            *self = Duplicates { units, ..Duplicates::new(latest) };
        }
        self.lsh.remember(&article.sketch, self.seen.len() as u32);
        self.seen.push(article);
    }

    /// Remembers an article's parts for near-duplicates of it to come.
    pub fn remember_units(&mut self, number: u64, units: &[DedupUnit]) {
        if self.units.len() >= UNITS_REMEMBERED {
            // The latest half stays.
            let mut numbers: Vec<u64> = self.units.keys().copied().collect();
            let middle = numbers.len() / 2;
            let (_, &mut median, _) = numbers.select_nth_unstable(middle);
            self.units.retain(|number, _| *number >= median);
        }
        self.units.insert(number, units.to_vec());
    }

    /// The parts of an article, if they are remembered.
    pub fn units(&self, number: u64) -> Option<&[DedupUnit]> {
        self.units.get(&number).map(Vec::as_slice)
    }
}

/// Gives each part the group of the part of the other article that it agrees with best, if well enough.
pub fn align(units: &mut [DedupUnit], others: &[DedupUnit]) {
    // Near-duplicates keep their order, by and large: looking around the same place makes this linear.
    const AROUND: usize = 32;
    for at in 0..units.len() {
        let Some(unit) = units.get_mut(at) else { break };
        let Some(sketch) = unit.sketch else { continue };
        let near = others.iter().enumerate().skip(at.saturating_sub(AROUND)).take(2 * AROUND);
        let rated = near.filter(|(_, other)| other.speaker == unit.speaker).filter_map(|(place, other)| {
            let alike = agreement(&sketch, other.sketch.as_ref()?);
            (alike >= ALIKE_UNITS).then_some((alike, usize::MAX - place.abs_diff(at), other.group))
        });
        if let Some((_, _, group)) = rated.max() {
            unit.group = group;
        }
    }
}

#[cfg(test)]
mod tests;

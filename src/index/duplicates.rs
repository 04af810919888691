//! Near-duplicates: wire copy that several outlets print, each with its own small changes.
//!
//! A group is named after the number of the first article in it that was filed. An article joins the group of the
//! article it agrees with best, if it agrees well enough; its passages and quotations then take the groups of those
//! they agree with best there. Passages and quotations (by speaker) of the same words are of one group wherever they
//! stand. Groups are recorded beside what they group: nothing is left out of the index, and nothing needs to be redone
//! when articles come and go.
//!
//! Candidates are found by the [bands] of their sketches.

mod bands;

use rustc_hash::FxHashMap;

use bands::Bands;

use super::Key;
use super::sketch::{ARTICLE, PART, Sketch, Words, agreement};

/// Places in which two articles must agree to be near-duplicates. On seeded copies with up to a fifth of the words
/// changed, fewer than one in a hundred falls below; articles on one subject stay below eight.
const ALIKE: usize = 16;
/// Places in which two parts of near-duplicate articles must agree to stand for each other.
const ALIKE_PARTS: usize = 6;

/// Articles that are remembered at least, the latest. Up to twice as many are, which bounds memory to about 200 MB.
pub const REMEMBERED: usize = 500_000;
/// Articles whose parts are remembered: wire copy comes within days, or within one run.
const PARTS_REMEMBERED: usize = 20_000;
/// An article as far as near-duplicates are concerned.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Its key.
    pub key: Key,
    /// Its number.
    pub number: u64,
    /// Its group.
    pub group: u64,
    /// Its sketch.
    pub sketch: Sketch<ARTICLE>,
}

/// A passage or quotation as far as near-duplicates are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Hash of the speakers' names; of a passage, 0.
    pub speaker: u64,
    /// Its group: at first, by its words alone.
    pub group: u64,
    /// Its sketch; none without words.
    pub sketch: Option<Sketch<PART>>,
}

impl Part {
    /// A passage. `words` is a buffer.
    pub fn passage(text: &str, words: &mut Words) -> Self {
        words.read([text]);
        Part { speaker: 0, group: short(words.hash()), sketch: words.sketch() }
    }

    /// A quotation. Nobody's words are nobody else's: quotations without a speaker are alike only in alike articles.
    pub fn quote<'a>(said: &[&str], speakers: impl IntoIterator<Item = &'a str>, words: &mut Words) -> Self {
        let speaker = words.read(speakers).hash() | 1;
        words.read(said.iter().copied());
        Part { speaker, group: short(words.hash() ^ speaker.rotate_left(32)), sketch: words.sketch() }
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
    known: Vec<Known>,
    /// Places in `known`.
    bands: Bands,
    /// Parts of the latest articles, by number.
    parts: FxHashMap<u64, Vec<Part>>,
}

impl Duplicates {
    /// Starts with what is in the index, in order of number.
    pub fn new(known: impl IntoIterator<Item = Known>) -> Self {
        let mut duplicates = Duplicates { known: Vec::new(), bands: Bands::default(), parts: FxHashMap::default() };
        for article in known {
            duplicates.remember(article);
        }
        duplicates
    }

    /// The article that `sketch` agrees with best, if well enough. `lives` tells which are still in the index.
    pub fn nearest(&mut self, sketch: &Sketch<ARTICLE>, lives: impl Fn(&Known) -> bool) -> Option<Known> {
        let mut best: Option<(usize, Known)> = None;
        for &at in self.bands.candidates(sketch) {
            let Some(article) = self.known.get(at as usize) else { continue };
            let alike = agreement(sketch, &article.sketch);
            // Of two that agree as well, the earlier one, which comes first.
            if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) && lives(article) {
                best = Some((alike, *article));
            }
        }
        best.map(|(_, article)| article)
    }

    /// Remembers an article for those to come.
    pub fn remember(&mut self, article: Known) {
        if self.known.len() >= 2 * REMEMBERED {
            let latest = self.known.split_off(REMEMBERED);
            let parts = std::mem::take(&mut self.parts);
            *self = Duplicates { parts, ..Duplicates::new(latest) };
        }
        self.bands.remember(&article.sketch, self.known.len() as u32);
        self.known.push(article);
    }

    /// Remembers an article's parts for near-duplicates of it to come.
    pub fn remember_parts(&mut self, number: u64, parts: &[Part]) {
        if self.parts.len() >= PARTS_REMEMBERED {
            // The latest half stays.
            let mut numbers: Vec<u64> = self.parts.keys().copied().collect();
            let middle = numbers.len() / 2;
            let (_, &mut median, _) = numbers.select_nth_unstable(middle);
            self.parts.retain(|number, _| *number >= median);
        }
        self.parts.insert(number, parts.to_vec());
    }

    /// The parts of an article, if they are remembered.
    pub fn parts(&self, number: u64) -> Option<&[Part]> {
        self.parts.get(&number).map(Vec::as_slice)
    }
}

/// Gives each part the group of the part of the other article that it agrees with best, if well enough.
pub fn align(parts: &mut [Part], others: &[Part]) {
    // Near-duplicates keep their order, by and large: looking around the same place makes this linear.
    const AROUND: usize = 32;
    for at in 0..parts.len() {
        let Some(part) = parts.get_mut(at) else { break };
        let Some(sketch) = part.sketch else { continue };
        let near = others.iter().enumerate().skip(at.saturating_sub(AROUND)).take(2 * AROUND);
        let rated = near.filter(|(_, other)| other.speaker == part.speaker).filter_map(|(place, other)| {
            let alike = agreement(&sketch, other.sketch.as_ref()?);
            (alike >= ALIKE_PARTS).then_some((alike, usize::MAX - place.abs_diff(at), other.group))
        });
        if let Some((_, _, group)) = rated.max() {
            part.group = group;
        }
    }
}

#[cfg(test)]
mod tests;

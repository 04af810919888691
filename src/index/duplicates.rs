//! Near-duplicates: wire copy that several outlets print, each with its own small changes.
//!
//! A group is named after the number of the first article in it that was filed. An article joins the group of the
//! article it agrees with best, if it agrees well enough; its passages and quotations then take the groups of those
//! they agree with best there. Passages and quotations (by speaker) of the same words are of one group wherever they
//! stand. Groups are recorded beside what they group: nothing is left out of the index, and nothing needs to be redone
//! when articles come and go.
//!
//! Candidates are found by bands of their sketches (Leskovec, Rajaraman & Ullman, *Mining of Massive Datasets*, ch. 3):
//! 24 bands of two places each, of which texts that agree in half of the places share one with a probability of 0.999.

use rustc_hash::FxHashMap;

use super::Key;
use super::sketch::{ARTICLE, PART, Sketch, Words, agreement};

/// Places in which two articles must agree to be near-duplicates. On seeded copies with up to a fifth of the words
/// changed, fewer than one in a hundred falls below; articles on one subject stay below eight.
const ALIKE: usize = 16;
/// Places in which two parts of near-duplicate articles must agree to stand for each other.
const ALIKE_PARTS: usize = 6;

const BANDS: usize = ARTICLE / 2;
const BUCKETS: usize = 1 << 16;
/// Articles of a bucket that are looked at, the latest first: bounds the time an article takes.
const LOOKED_AT: usize = 64;
/// Articles that are remembered, the latest: bounds memory to about 200 MB.
const REMEMBERED: usize = 1_000_000;
/// Articles whose parts are remembered: wire copy comes within days, or within one run.
const PARTS_REMEMBERED: usize = 20_000;
/// No article.
const NONE: u32 = u32::MAX;

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
    /// For each band and bucket, the latest article.
    heads: Vec<u32>,
    /// For each article and band, the one before it in the same bucket.
    before: Vec<[u32; BANDS]>,
    /// Parts of the latest articles, by number.
    parts: FxHashMap<u64, Vec<Part>>,
    /// Articles to which each known one was compared last.
    compared: Vec<u32>,
    round: u32,
}

impl Duplicates {
    /// Starts with what is in the index, in order of number.
    pub fn new(known: impl IntoIterator<Item = Known>) -> Self {
        let mut duplicates = Duplicates {
            known: Vec::new(),
            heads: vec![NONE; BANDS * BUCKETS],
            before: Vec::new(),
            parts: FxHashMap::default(),
            compared: Vec::new(),
            round: 0,
        };
        for article in known {
            duplicates.remember(article);
        }
        duplicates
    }

    /// The article that `sketch` agrees with best, if well enough. `lives` tells which are still in the index.
    pub fn nearest(&mut self, sketch: &Sketch<ARTICLE>, lives: impl Fn(&Known) -> bool) -> Option<Known> {
        self.round = self.round.wrapping_add(1);
        let mut best: Option<(usize, u32)> = None;
        for band in 0..BANDS {
            let mut at = self.heads.get(bucket(sketch, band)).copied().unwrap_or(NONE);
            for _ in 0..LOOKED_AT {
                let Some(article) = self.known.get(at as usize) else { break };
                let seen = self.compared.get_mut(at as usize).map(|last| std::mem::replace(last, self.round));
                if seen != Some(self.round) {
                    let alike = agreement(sketch, &article.sketch);
                    // Of two that agree as well, the earlier one.
                    let better = best.is_none_or(|(most, earliest)| alike > most || alike == most && at < earliest);
                    if alike >= ALIKE && better && lives(article) {
                        best = Some((alike, at));
                    }
                }
                at = self.before.get(at as usize).and_then(|chain| chain.get(band)).copied().unwrap_or(NONE);
            }
        }
        best.and_then(|(_, at)| self.known.get(at as usize)).copied()
    }

    /// Remembers an article for those to come.
    pub fn remember(&mut self, article: Known) {
        if self.known.len() >= 2 * REMEMBERED {
            let latest = self.known.split_off(REMEMBERED);
            let parts = std::mem::take(&mut self.parts);
            *self = Duplicates { parts, ..Duplicates::new(latest) };
        }
        let at = self.known.len() as u32;
        let mut chain = [NONE; BANDS];
        for (band, before) in chain.iter_mut().enumerate() {
            if let Some(head) = self.heads.get_mut(bucket(&article.sketch, band)) {
                *before = std::mem::replace(head, at);
            }
        }
        self.known.push(article);
        self.before.push(chain);
        self.compared.push(0);
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

/// Where a band of a sketch is looked up.
fn bucket(sketch: &Sketch<ARTICLE>, band: usize) -> usize {
    let place = |i: usize| sketch.get(i).copied().map_or(0, usize::from);
    band * BUCKETS + (place(2 * band) << 8 | place(2 * band + 1))
}

#[cfg(test)]
mod tests;

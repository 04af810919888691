//! Names known beforehand in the language of a pack: its own lists, and those of names in Latin letters.

use std::sync::{LazyLock, RwLock};

use include_flate::flate;
use rustc_hash::FxHashMap;

use crate::entity::fold::{fold, phrase, word_key};
use crate::entity::gazetteer::gazetteer;
use crate::language::Pack;
use crate::text::is_ideograph;

/// Bits of the lists of a pack, above those of the English lists.
pub(super) const COUNTRY: u32 = 1 << 20;
pub(super) const CITY: u32 = 1 << 21;
pub(super) const GIVEN: u32 = 1 << 22;
pub(super) const SURNAME: u32 = 1 << 23;
/// A large city, by any of its names.
const LARGE_CITY: u32 = 1 << 24;
/// Found by its stem.
const STEM: u32 = 1 << 25;
/// More words may follow.
const PREFIX: u32 = 1 << 31;

/// Words in the longest phrase that is looked up; of languages without spaces, characters.
const LONGEST: usize = 14;

/// Shorter words have no stem of their own.
const LEAST_STEM: usize = 4;

/// Letters of the longest ending that is cut.
const LONGEST_ENDING: usize = 3;

flate!(
    /// Large cities by all their names.
    static CITIES: str from "data/world/cities.txt" with zstd
);
flate!(
    /// Cities by their names in Cyrillic letters.
    static CITIES_CYRILLIC: str from "data/world/cities_cyrillic.txt" with zstd
);

/// The names of a pack by phrase.
#[derive(Debug, Default)]
pub(super) struct Names {
    table: FxHashMap<u64, u32>,
    stems: FxHashMap<u64, u32>,
}

impl Names {
    /// The names of a pack, read at first use.
    pub(super) fn of(pack: &'static Pack) -> &'static Names {
        static KNOWN: LazyLock<RwLock<FxHashMap<&'static str, &'static Names>>> = LazyLock::new(RwLock::default);
        if let Some(&known) = KNOWN.read().ok().as_ref().and_then(|known| known.get(pack.code.as_str())) {
            return known;
        }
        // There are as many as there are packs, each for as long as the program runs.
        let names: &'static Names = Box::leak(Box::new(Names::read(pack)));
        match KNOWN.write() {
            Ok(mut known) => known.entry(pack.code.as_str()).or_insert(names),
            Err(_) => names,
        }
    }

    fn read(pack: &Pack) -> Names {
        let mut names = Names::default();
        for (kind, list) in &pack.gazetteer {
            let bit = match kind.as_str() {
                "country" => COUNTRY,
                "city" => CITY,
                "given" => GIVEN,
                _ => SURNAME,
            };
            for name in list {
                names.add(name, bit, pack.text.ideographs);
            }
        }
        let (cities, bit) = match super::script(pack) {
            "latin" => (CITIES.as_str(), LARGE_CITY),
            "cyrillic" => (CITIES_CYRILLIC.as_str(), CITY),
            _ => ("", 0),
        };
        for name in cities.lines().skip(1).flat_map(|line| line.split(';')) {
            names.add(name, bit, false);
        }
        names
    }

    fn add(&mut self, name: &str, bit: u32, ideographs: bool) {
        let mut key = 0;
        let mut count = 0;
        let mut last = 0;
        for word in words(name, ideographs) {
            if count > 0 {
                *self.table.entry(key).or_default() |= PREFIX;
            }
            last = word_key(&fold(word));
            key = phrase(key, last);
            count += 1;
        }
        *self.table.entry(key).or_default() |= bit;
        if count == 1 && !ideographs && last != 0 {
            let folded = fold(name);
            let stem = folded.trim_end_matches(is_vowel);
            if stem.chars().count() >= LEAST_STEM {
                *self.stems.entry(word_key(stem)).or_default() |= bit | STEM;
            }
        }
    }

    /// The lists of a word, in the case it has here.
    pub(super) fn word(&self, word: &str) -> u32 {
        let key = word_key(word);
        let own = self.table.get(&phrase(0, key)).copied().unwrap_or_default() & !PREFIX;
        let known = own | gazetteer().word(key).bits();
        if known & !(1 << 11) != 0 { known } else { known | self.stem(word) }
    }

    fn stem(&self, word: &str) -> u32 {
        let folded = fold(word);
        let ends: Vec<usize> = folded.char_indices().map(|(i, _)| i).skip(LEAST_STEM).collect();
        let cut = ends.iter().rev().take(LONGEST_ENDING).copied();
        let mut stems = std::iter::once(folded.len()).chain(cut).filter_map(|end| folded.get(..end));
        stems.find_map(|stem| self.stems.get(&word_key(stem))).copied().unwrap_or_default()
    }

    /// The longest phrase that the first of `keys` starts, and its lists.
    pub(super) fn longest(&self, keys: impl Iterator<Item = u64> + Clone) -> (usize, u32) {
        let mut best = (0, 0);
        let mut key = 0;
        for (i, word) in keys.clone().take(LONGEST).enumerate() {
            key = phrase(key, word);
            let Some(&lists) = self.table.get(&key) else { break };
            if lists & !PREFIX != 0 {
                best = (i + 1, lists & !PREFIX);
            }
            if lists & PREFIX == 0 {
                break;
            }
        }
        let (length, lists) = gazetteer().longest(keys);
        match length.cmp(&best.0) {
            std::cmp::Ordering::Less => best,
            std::cmp::Ordering::Equal => (length, best.1 | lists.bits()),
            std::cmp::Ordering::Greater => (length, lists.bits()),
        }
    }
}

fn is_vowel(c: char) -> bool {
    matches!(
        c,
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'а' | 'е' | 'и' | 'о' | 'у' | 'ы' | 'я' | 'ю' | 'й' | 'ь' | 'і' | 'є'
    )
}

/// The tokens of a name: its words, or characters.
fn words(name: &str, ideographs: bool) -> impl Iterator<Item = &str> {
    let pieces = name.split(' ');
    pieces.flat_map(move |word| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let first = rest.chars().next()?;
            let end = if ideographs && is_ideograph(first) { first.len_utf8() } else { rest.len() };
            let (head, tail) = rest.split_at_checked(end)?;
            rest = tail;
            Some(head)
        })
    })
}

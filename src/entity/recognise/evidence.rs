//! What an article says of a word wherever the word is in it: that it is somebody's name, a body's, a town's.
//!
//! A name that is new to the recogniser is often explained once (`shares of Comelf`, `the village of Mahala`) and used
//! bare everywhere else. Features of the article's other uses carry the explanation to all of them (after Chieu and Ng,
//! "Named entity recognition: a maximum entropy approach using global information", 2002).

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::style::Style;
use crate::entity::gazetteer::Lists;
use crate::entity::tokens::{Tokens, is_capitalised};
use crate::language::english;

/// What an article says of a word wherever it is in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Times with a capital where only names have one.
    capitalised: u32,
    /// Times in small letters.
    small: u32,
    /// After a title or first name, or part of a run that starts with one; bits.
    pub(super) person: u32,
    /// Beside a word that makes a body of it; bits.
    pub(super) body: u32,
    /// Where towns and countries are; bits.
    pub(super) town: u32,
}

impl Evidence {
    /// Whether the article also writes the word small, and how often it has a capital where only names have one.
    pub(super) fn seen(self) -> u32 {
        1 + self.capitalised.min(2) + 3 * self.small.min(1)
    }
}

/// The evidence for every word that an article writes with a capital.
#[derive(Debug, Default)]
pub(super) struct ArticleWords {
    words: FxHashMap<u64, Evidence>,
}

impl ArticleWords {
    /// Reads an article, whose sentences are of these styles: in capitals throughout a capital says nothing.
    pub(super) fn read(tokens: &Tokens, segments: &[Range<usize>], styles: &[Style]) -> Self {
        let mut words: FxHashMap<u64, Evidence> = FxHashMap::default();
        for i in segments.iter().cloned().flatten() {
            words.entry(tokens.key(i)).or_default();
        }
        for i in 0..tokens.len() {
            let Some(evidence) = words.get_mut(&tokens.key(i)) else { continue };
            if !is_capitalised(tokens.word(i)) {
                evidence.small += 1;
                continue;
            }
            if styles.get(tokens.sentence(i) as usize).is_some_and(|s| s.capitals) {
                continue;
            }
            let starts = tokens.sentence_start(i) == i;
            evidence.capitalised += u32::from(!starts);
            if !starts {
                before(tokens, i, evidence);
            }
            if tokens.same_sentence(i, i + 1) {
                after(tokens, i, starts, evidence);
            }
        }
        ArticleWords { words }
    }

    /// What is known of the word with this key.
    pub(super) fn of(&self, key: u64) -> Evidence {
        self.words.get(&key).copied().unwrap_or_default()
    }
}

/// What the words before token `i` say of it; it does not start its sentence.
fn before(tokens: &Tokens, i: usize, evidence: &mut Evidence) {
    let before = tokens.word(i - 1);
    if is_capitalised(before) {
        let lists = tokens.lists(i - 1);
        evidence.person |= u32::from(lists.any(Lists::ANY_TITLE)) | u32::from(lists.any(Lists::GIVEN)) << 1;
        return;
    }
    evidence.town |= u32::from(english().names.place_prepositions.contains(before));
    evidence.body |= u32::from(before == "the") << 1;
    let held = || i > 1 && english().names.held.contains(tokens.word(i - 2));
    let firm = match before {
        "of" | "in" => held(),
        before => english().names.before_firm.contains(before),
    };
    evidence.body |= u32::from(firm) << 2;
    evidence.town |= u32::from(before == "of" && i > 1 && english().names.place_of.contains(tokens.word(i - 2))) << 1;
}

/// What the words after token `i` say of it; there is one in its sentence.
fn after(tokens: &Tokens, i: usize, starts: bool, evidence: &mut Evidence) {
    let next = tokens.word(i + 1);
    if is_capitalised(next) {
        let next = next.trim_end_matches('.').to_ascii_lowercase();
        // A first word of a sentence may be any word.
        evidence.body |= u32::from(!starts && english().names.body_words.contains(&next));
        evidence.person |= u32::from(!starts && tokens.lists(i).any(Lists::GIVEN)) << 2;
        evidence.town |= u32::from(english().names.map_words.contains(&next)) << 1;
        return;
    }
    match next {
        "'s" | "’s" => {
            let has = tokens.word(i + 2);
            evidence.body |= u32::from(english().names.after_firm.contains(has)) << 2;
            evidence.town |= u32::from(english().names.place_has.contains(has)) << 1;
        }
        // `Lockerbie, Scotland`.
        "," if tokens.same_sentence(i, i + 2) => {
            let land = tokens.lists(i + 2).any(Lists::COUNTRY.and(Lists::REGION));
            evidence.town |= u32::from(land && is_capitalised(tokens.word(i + 2))) << 1;
        }
        next => evidence.body |= u32::from(english().names.after_firm.contains(next)) << 2,
    }
}

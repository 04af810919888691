//! Organisations: full names, acronyms that are introduced or spelled by capitals, and shortened names.

use rustc_hash::FxHashMap;

use super::{CANDIDATES, EntityBuilder, NameSpan};
use crate::entity::firm::{is_legal_form, starts_many};
use crate::entity::fold::phrase;
use crate::entity::gazetteer::Lists;
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised};
use crate::entity::{EntityKind, Gender};
use crate::language::english;

/// Chains every organisation among `found`.
pub(super) fn chain(words: &Tokens, found: &[NameSpan], chains: &mut EntityBuilder, owner: &mut [Option<usize>]) {
    let mut register = NameIndex::default();
    let bodies = || found.iter().enumerate().filter(|(_, f)| f.kind == EntityKind::Organization);
    for (_, name) in bodies().filter(|(_, f)| f.end - f.first == 1) {
        register.alone.entry(words.key(name.first)).or_insert(name.first);
    }
    for (i, name) in bodies().filter(|(_, f)| f.end - f.first > 1) {
        owner[i] = Some(register.full(words, name, chains));
    }
    for (i, name) in bodies().filter(|(_, f)| f.end - f.first > 1) {
        if let (Some(chain), Some(next)) = (owner[i], found.get(i + 1)) {
            register.introduce(words, name, next, chain);
        }
    }
    for (i, name) in bodies() {
        let short = register.short(words, name);
        if let Some(chain) = short.filter(|_| name.end - name.first == 1).or(owner[i]) {
            owner[i] = Some(chain);
        } else {
            owner[i] = Some(register.full(words, name, chains));
        }
    }
}

#[derive(Debug, Default)]
struct NameIndex {
    /// Where names of one word are first met.
    alone: FxHashMap<u64, usize>,
    /// Whole names, without legal form.
    whole: FxHashMap<u64, usize>,
    /// Keys of the acronyms of names and of introduced acronyms.
    acronyms: FxHashMap<String, usize>,
    /// Chains by first and by last word of their name.
    first_word: FxHashMap<u64, Vec<usize>>,
    last_word: FxHashMap<u64, Vec<usize>>,
}

impl NameIndex {
    /// The chain of a name given in full, started if it is new.
    fn full(&mut self, words: &Tokens, name: &NameSpan, chains: &mut EntityBuilder) -> usize {
        let end = without_form(words, name);
        let key = (name.first..end).fold(0, |key, i| phrase(key, words.key(i)));
        if let Some(&chain) = self.whole.get(&key) {
            return chain;
        }
        let chain = chains.start(EntityKind::Organization, Gender::Unknown);
        self.whole.insert(key, chain);
        if end - name.first > 1 {
            self.acronyms.entry(initials(words, name.first, end)).or_insert(chain);
            push(&mut self.last_word, words.key(end - 1), chain);
        }
        // `Acme` before any `Acme Iberia` is no short form of that.
        let known = self.alone.get(&words.key(name.first)).is_some_and(|&at| at < name.first) && end == name.end;
        if name.end - name.first > 1 && !known {
            push(&mut self.first_word, words.key(name.first), chain);
        }
        chain
    }

    /// Takes note of an acronym in brackets after the name: `Freedonian Trade Union (FTU)`.
    fn introduce(&mut self, words: &Tokens, name: &NameSpan, next: &NameSpan, chain: usize) {
        let bracketed = words.word(name.end) == "(" && next.first == name.end + 1 && words.word(next.end) == ")";
        let acronym = words.word(next.first);
        let initial = words.word(name.first).chars().next();
        if bracketed && next.end == next.first + 1 && is_acronym(acronym) && acronym.starts_with(|c| Some(c) == initial)
        {
            self.acronyms.insert(letters(acronym), chain);
        }
    }

    /// The fuller name in the article that a single word stands for.
    fn short(&self, words: &Tokens, name: &NameSpan) -> Option<usize> {
        let word = words.word(name.first);
        if is_acronym(word)
            && let Some(&chain) = self.acronyms.get(&letters(word))
        {
            return Some(chain);
        }
        let generic =
            is_acronym(word) || starts_many(word) || words.lists(name.first).any(Lists::DEMONYM.and(Lists::COUNTRY));
        let of = |list: &FxHashMap<u64, Vec<usize>>| list.get(&words.key(name.first)).cloned().unwrap_or_default();
        let by_first = if generic { Vec::new() } else { of(&self.first_word) };
        // A last word such as `Commission` stands for a name only where one name alone ends with it.
        by_first.first().copied().or_else(|| match of(&self.last_word).as_slice() {
            [only] => Some(*only),
            _ => None,
        })
    }
}

fn push(list: &mut FxHashMap<u64, Vec<usize>>, key: u64, chain: usize) {
    let chains = list.entry(key).or_default();
    if chains.len() < CANDIDATES {
        chains.push(chain);
    }
}

/// The token after the last of the name, legal forms left out.
fn without_form(words: &Tokens, name: &NameSpan) -> usize {
    let is_left_out = |word: &str| {
        let word = word.trim_end_matches('.').to_ascii_lowercase();
        word == "," || is_legal_form(&word) || english().names.body_endings.contains(&word)
    };
    let mut end = name.end;
    while end > name.first + 1 && is_left_out(words.word(end - 1)) {
        end -= 1;
    }
    end
}

fn is_acronym(word: &str) -> bool {
    is_all_capitals(word) && word.chars().all(|c| c.is_alphabetic() || c == '.' || c == '&')
}

fn letters(acronym: &str) -> String {
    acronym.chars().filter(|c| c.is_alphabetic()).collect()
}

/// First letters of the capitalised words.
fn initials(words: &Tokens, first: usize, end: usize) -> String {
    (first..end).map(|i| words.word(i)).filter(|w| is_capitalised(w)).filter_map(|w| w.chars().next()).collect()
}

//! Organisations: full names, acronyms that are introduced or spelled by capitals, and shortened names.

use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use super::{CANDIDATES, EntityBuilder, NameSpan};
use crate::entity::firm::{is_legal_form, starts_many};
use crate::entity::gazetteer::Lists;
use crate::entity::nation;
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised};
use crate::entity::{EntityKind, Gender};
use crate::language::english;

/// Words of the longest name of a nation.
const NATION: usize = 3;

/// The nation whose bodies other nations' newspapers name without it.
const AMERICA: &str = "United States";

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
    /// Chains by what they are a body of: `Bank of England`.
    head_word: FxHashMap<u64, Vec<usize>>,
    /// The bodies that every state has one of, by what they are: the nation, if the article gives it, and the chain.
    of_states: FxHashMap<u64, Vec<(Option<&'static str>, usize)>>,
    /// The nation that the article is about, once it is asked for.
    of_article: OnceCell<Option<&'static str>>,
}

impl NameIndex {
    /// The chain of a name given in full, started if it is new.
    fn full(&mut self, words: &Tokens, name: &NameSpan, chains: &mut EntityBuilder) -> usize {
        let end = without_form(words, name);
        let key = words.key_of(name.first..end);
        let of_state = of_state(words, name.first, end);
        let known = match of_state {
            Some((what, nation)) => self.of_nation(what, nation, chains),
            None => self.whole.get(&key).copied(),
        };
        if let Some(chain) = known {
            return chain;
        }
        let chain = chains.start(EntityKind::Organization, Gender::Unknown);
        self.whole.insert(key, chain);
        if let Some((what, nation)) = of_state {
            let american = nation::is_mostly_american(&texts(words, name.first, end));
            let of_article = || *self.of_article.get_or_init(|| nation_of_article(words));
            chains.set_nation(chain, nation.or_else(|| if american { None } else { of_article() }));
            let bodies = self.of_states.entry(what).or_default();
            if bodies.len() < CANDIDATES {
                bodies.push((nation, chain));
            }
        }
        if end - name.first > 1 {
            self.acronyms.entry(initials(words, name.first, end)).or_insert(chain);
            push(&mut self.last_word, words.key(end - 1), chain);
        }
        if words.word(name.first + 1) == "of" {
            push(&mut self.head_word, words.key(name.first), chain);
        }
        // `Acme` before any `Acme Iberia` is no short form of that.
        let known = self.alone.get(&words.key(name.first)).is_some_and(|&at| at < name.first) && end == name.end;
        if name.end - name.first > 1 && !known {
            push(&mut self.first_word, words.key(name.first), chain);
        }
        chain
    }

    /// The chain of a body that every state has one of: that of the nation, else one whose nation is not known yet; of a
    /// body without a nation, the last that was started.
    fn of_nation(&mut self, what: u64, nation: Option<&'static str>, chains: &mut EntityBuilder) -> Option<usize> {
        let bodies = self.of_states.get_mut(&what)?;
        let Some(nation) = nation else { return bodies.last().map(|(_, chain)| *chain) };
        if let Some((_, chain)) = bodies.iter().find(|(of, _)| *of == Some(nation)) {
            return Some(*chain);
        }
        let (of, chain) = bodies.iter_mut().find(|(of, _)| of.is_none())?;
        *of = Some(nation);
        chains.set_nation(*chain, Some(nation));
        Some(*chain)
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
        // A word such as `Commission` or `Bank` stands for a name only where one name alone has it as what it is.
        by_first.first().copied().or_else(|| match (of(&self.last_word).as_slice(), of(&self.head_word).as_slice()) {
            ([only], []) | ([], [only]) => Some(*only),
            _ => None,
        })
    }
}

fn texts<'t>(words: &Tokens<'t>, first: usize, end: usize) -> Vec<&'t str> {
    (first..end).map(|i| words.word(i)).collect()
}

/// What every state has one of, if tokens `first` to before `end` are such a body, and the nation that is named with it:
/// `the Japanese Finance Ministry`, `Japan's Finance Ministry`.
fn of_state(words: &Tokens, first: usize, end: usize) -> Option<(u64, Option<&'static str>)> {
    let name = texts(words, first, end);
    let key = |from: usize| words.key_of(from..end);
    if let Some((nation, count)) = nation::before(&name)
        && nation::is_state_body(&name[count..])
    {
        return Some((key(first + count), Some(nation)));
    }
    if !nation::is_state_body(&name) {
        return None;
    }
    let sentence = words.sentence_start(first);
    let owned = first > sentence && matches!(words.word(first - 1), "'s" | "’s" | "'" | "’");
    let before = first - usize::from(owned);
    let before = texts(words, before.saturating_sub(NATION).max(sentence), before);
    Some((key(first), nation::after(&before).map(|(nation, _)| nation)))
}

/// The nation whose ministries an article is about: the first that it names, by country, adjective or seat of government, if
/// it names it twice as often as any other. An article may be dated from its seat: `TOKYO, March 3 - `. America has no ministries.
fn nation_of_article(words: &Tokens) -> Option<&'static str> {
    let mut named: Vec<(&'static str, u32)> = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let start = is_capitalised(words.word(i));
        let nation = if start { nation::before(&texts(words, i, (i + NATION).min(words.len()))) } else { None };
        i += nation.map_or(1, |(_, count)| count);
        let Some((nation, _)) = nation.filter(|(nation, _)| *nation != AMERICA) else { continue };
        match named.iter_mut().find(|(of, _)| *of == nation) {
            Some((_, times)) => *times += 1,
            None => named.push((nation, 1)),
        }
    }
    let ((first, times), others) = named.split_first()?;
    others.iter().all(|(_, other)| 2 * other <= *times).then_some(*first)
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

//! People: full names first, then surnames, first names and names with a form of address.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{CANDIDATES, EntityBuilder};
use crate::entity::fold::fold;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::given::form;
use crate::entity::name_span::NameSpan;
use crate::entity::tokens::{Tokens, is_generation, mark_after};
use crate::entity::{EntityKind, Gender};
use crate::language::english;

/// Tokens within which a full name is what a bare surname after it means.
const NEARBY: usize = 25;

/// A person's name taken apart.
#[derive(Debug, Clone, Default)]
struct Name {
    /// Keys of its words in order, without generation and without marks.
    keys: Vec<u64>,
    /// First letter of each word; the word is an initial where `initial` says so.
    letters: Vec<char>,
    initial: Vec<bool>,
    /// `Jr.`, `III`.
    generation: Option<u64>,
    /// True if the name is a family name alone, such as `de Blasio`.
    family_only: bool,
    /// Words in brackets or quotation marks inside the name.
    nickname: Vec<u64>,
    /// The number of the first name among the forms of first names.
    form: Option<usize>,
}

impl Name {
    fn new(words: &Tokens, found: &NameSpan) -> Name {
        let mut name = Name::default();
        let mut particle_first = false;
        let nickname = nickname(words, found);
        name.nickname.extend(nickname.clone().filter(|&i| words.word(i).len() > 2).map(|i| words.key(i)));
        for i in (found.first..found.end).filter(|i| !nickname.contains(i)) {
            let word = words.word(i);
            let Some(letter) = word.chars().find(|c| c.is_alphanumeric()) else { continue };
            if !name.keys.is_empty() && is_generation(word) {
                name.generation = Some(words.key(i));
                continue;
            }
            if name.keys.is_empty() {
                name.form = form(&fold(word));
                particle_first = english().names.particles.contains(&word.to_lowercase())
                    && (word.starts_with(char::is_lowercase) || !words.lists(i).any(Lists::GIVEN));
            }
            name.keys.push(words.key(i));
            name.letters.extend(letter.to_lowercase().next());
            name.initial.push(word.ends_with('.') || word.chars().count() == 1);
        }
        name.family_only = name.keys.len() < 2 || particle_first;
        name
    }

    fn first(&self) -> u64 {
        self.keys.first().copied().unwrap_or(0)
    }

    fn family(&self) -> u64 {
        self.keys.last().copied().unwrap_or(0)
    }

    /// True if two full names can be one person's: the same family name and generation, first names equal, forms of one
    /// name or one the initial of the other, and no two middle names that differ.
    fn agrees(&self, other: &Name) -> bool {
        if self.family() != other.family() || self.generation != other.generation {
            return false;
        }
        let middle = |name: &Name| 1..name.keys.len().saturating_sub(1);
        let forms = self.form.is_some() && self.form == other.form;
        let called = |name: &Name, by: &Name| name.nickname.contains(&by.first());
        let one = forms || self.word_agrees(0, other, 0) || called(self, other) || called(other, self);
        one && (middle(self).is_empty() || middle(other).is_empty() || self.word_agrees(1, other, 1))
    }

    fn word_agrees(&self, i: usize, other: &Name, j: usize) -> bool {
        let initial = self.initial.get(i) == Some(&true) || other.initial.get(j) == Some(&true);
        self.keys.get(i) == other.keys.get(j) || initial && self.letters.get(i) == other.letters.get(j)
    }

    /// True if `part` is the beginning of this name: given names, a patronymic, the first of two family names.
    fn starts_with(&self, part: &Name) -> bool {
        self.keys.len() > part.keys.len() && part.generation.is_none() && self.keys.starts_with(&part.keys)
    }

    /// True if `part` is the end of this name: a family name of one or more words.
    fn ends_with(&self, part: &Name) -> bool {
        self.keys.ends_with(&part.keys)
    }
}

/// The tokens between the marks inside a name, as in `Roberto “Hands of Stone” Duran`; none where there are none.
pub(super) fn nickname(words: &Tokens, found: &NameSpan) -> Range<usize> {
    let closing = |i: usize| mark_after(words.word(i));
    let Some(open) = (found.first + 1..found.end).find(|&i| closing(i).is_some()) else { return 0..0 };
    let close = (open + 1..found.end).find(|&i| closing(open).is_some_and(|marks| marks.contains(&words.word(i))));
    close.map_or(0..0, |close| open..close + 1)
}

/// What is known of a person while the article is read.
#[derive(Debug)]
struct Person {
    chain: usize,
    name: Name,
    /// Mentions so far.
    count: u32,
    /// Token of the last full mention so far; none before the first.
    full_at: Option<usize>,
}

/// People by the words of their names.
#[derive(Debug, Default)]
struct NameIndex {
    people: Vec<Person>,
    by_word: FxHashMap<u64, Vec<usize>>,
}

/// Chains every person among `found`.
pub(super) fn chain(
    words: &Tokens,
    found: &[NameSpan],
    titles: &[usize],
    chains: &mut EntityBuilder,
    owner: &mut [Option<usize>],
) {
    let names: Vec<Option<Name>> =
        found.iter().map(|f| (f.kind == EntityKind::Person).then(|| Name::new(words, f))).collect();
    let mut register = NameIndex::default();
    let mut person_of: Vec<Option<usize>> = vec![None; found.len()];
    for (i, name) in names.iter().enumerate() {
        let Some(name) = name.as_ref().filter(|n| !n.family_only) else { continue };
        let gender = gender_of_title(words, titles[i], found[i].first);
        let same = register.of(name.family()).rev().find(|&p| register.people[p].name.agrees(name));
        let known =
            same.or_else(|| register.of(name.first()).rev().find(|&p| register.people[p].name.starts_with(name)));
        let person = known.unwrap_or_else(|| {
            let given = gazetteer().gender_of_given(words.word(found[i].first));
            let gender = if gender == Gender::Unknown { given } else { gender };
            register.add(chains.start(EntityKind::Person, gender), name.clone())
        });
        if gender != Gender::Unknown {
            chains.set_gender(register.people[person].chain, gender);
        }
        person_of[i] = Some(person);
    }
    for (i, name) in names.iter().enumerate() {
        let Some(name) = name else { continue };
        let person = person_of[i].unwrap_or_else(|| {
            let gender = match gender_of_title(words, titles[i], found[i].first) {
                Gender::Unknown if name.keys.len() == 1 => gender_of_first_name(words, found[i].first),
                gender => gender,
            };
            let known = register.choose(name, found[i].first, |p| agree(chains.gender(p.chain), gender));
            let person = known.unwrap_or_else(|| register.add(chains.start(EntityKind::Person, gender), name.clone()));
            let chain = register.people[person].chain;
            if chains.gender(chain) == Gender::Unknown {
                chains.set_gender(chain, gender);
            }
            person
        });
        register.mention(person, person_of[i].is_some().then_some(found[i].first));
        owner[i] = Some(register.people[person].chain);
    }
}

impl NameIndex {
    fn add(&mut self, chain: usize, name: Name) -> usize {
        let person = self.people.len();
        let nicknames = name.nickname.iter().map(|key| (key, &false));
        for (key, initial) in name.keys.iter().zip(&name.initial).chain(nicknames) {
            let list = self.by_word.entry(*key).or_default();
            // Of many namesakes the latest are kept: more cannot be distinguished.
            if !initial && list.last() != Some(&person) {
                if list.len() >= CANDIDATES {
                    list.remove(0);
                }
                list.push(person);
            }
        }
        self.people.push(Person { chain, name, count: 0, full_at: None });
        person
    }

    fn of(&self, word: u64) -> impl DoubleEndedIterator<Item = usize> {
        self.by_word.get(&word).into_iter().flatten().copied()
    }

    fn mention(&mut self, person: usize, full_at: Option<usize>) {
        if let Some(person) = self.people.get_mut(person) {
            person.count += 1;
            person.full_at = full_at.or(person.full_at);
        }
    }

    /// Whom a part of a name at token `at` means: someone of that family name, else of that first name, else with that
    /// word in the name; of several the one just named in full, else the one most often named, else the next to come.
    fn choose(&self, part: &Name, at: usize, fits: impl Fn(&Person) -> bool) -> Option<usize> {
        let all = |test: &dyn Fn(&Person) -> bool| -> Vec<usize> {
            self.of(part.family()).filter(|&p| fits(&self.people[p]) && test(&self.people[p])).collect()
        };
        let mut candidates = all(&|p| p.name.ends_with(part));
        if candidates.is_empty() {
            let goes_by = |p: &Person| p.name.first() == part.first() || p.name.nickname.contains(&part.first());
            candidates = all(&|p| part.keys.len() == 1 && goes_by(p));
        }
        if candidates.is_empty() {
            candidates =
                all(&|p| p.name.keys.len() > 2 && p.name.keys.windows(part.keys.len().max(1)).any(|w| w == part.keys));
        }
        candidates.into_iter().max_by_key(|&p| {
            let person = &self.people[p];
            let near = person.full_at.is_some_and(|full| full + NEARBY > at);
            (person.count > 0, near, if near { person.full_at.unwrap_or(0) } else { person.count as usize })
        })
    }
}

/// The gender that a title or form of address gives away.
fn gender_of_title(words: &Tokens, start: usize, first: usize) -> Gender {
    (start..first)
        .map(|i| gazetteer().gender_of_title(words.word(i)))
        .find(|g| *g != Gender::Unknown)
        .unwrap_or_default()
}

/// The gender of somebody who goes by a first name that is nobody's family name.
fn gender_of_first_name(words: &Tokens, first: usize) -> Gender {
    if words.lists(first).any(Lists::SURNAME) {
        return Gender::Unknown;
    }
    gazetteer().gender_of_given(words.word(first))
}

fn agree(one: Gender, other: Gender) -> bool {
    one == other || one == Gender::Unknown || other == Gender::Unknown
}

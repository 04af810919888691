//! Names of which an article does not say enough to tell what they are, and what the rest of the index makes of them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::contradicted::{BODIES, lists};
use super::spelling::plain;
use super::{Group, well_known};
use crate::entity::EntityKind;
use crate::entity::firm::{is_legal_form, starts_many};
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::language::english;

/// How often a name that is likely of its kind must be of another for each time that it is of this one to be doubtful here.
const TIMES_ANOTHER: u64 = 5;

/// How often a name that is hardly of its kind may be of it for each time that it is of another.
const TIMES_ONE: u64 = 4;

/// How often a name is a person's, a body's and a place's.
pub(super) type Uses = [u64; 3];

/// The uses of names, by their letters alone: `Borg-Warner` is what `Borg Warner` is.
#[derive(Debug, Default)]
pub(super) struct AllUses {
    /// As a name of its own.
    whole: FxHashMap<String, Uses>,
    /// As what a firm's full name may be shortened to: all of it but its legal form, and its first words.
    firms: FxHashMap<String, [u64; 2]>,
}

impl AllUses {
    pub(super) fn of(counts: &FxHashMap<(EntityKind, &str), u64>) -> Self {
        let mut uses = AllUses::default();
        for (&(kind, name), &count) in counts {
            uses.whole.entry(letters(name)).or_default()[kind as usize] += count;
            let mut seen: Vec<String> = Vec::new();
            for start in starts(kind, name) {
                let key = letters(start);
                if seen.contains(&key) {
                    continue;
                }
                let [whole, begun] = uses.firms.entry(key.clone()).or_default();
                *whole += if is_rest_of_form(&name[start.len()..]) { count } else { 0 };
                *begun += count;
                seen.push(key);
            }
        }
        uses
    }

    /// True for a name of this kind, used so often, that by its uses is one of another kind.
    pub(super) fn is_another(&self, kind: EntityKind, name: &str, count: u64) -> bool {
        let key = letters(name);
        let whole = self.whole.get(&key).copied().unwrap_or_default();
        let [firm, begun] = self.firms.get(&key).copied().unwrap_or_default();
        let of = |other: EntityKind| whole.get(other as usize).copied().unwrap_or_default();
        let people = if kind == EntityKind::Person { 0 } else { of(EntityKind::Person) };
        let places = if kind == EntityKind::Place { 0 } else { of(EntityKind::Place) };
        let (bodies, count) = match kind {
            EntityKind::Organization => (0, count + begun),
            // A firm may be named after its place: `Averne West` beside `Averne West Power Co`.
            EntityKind::Place if name.contains(' ') => (of(EntityKind::Organization) + firm, count),
            EntityKind::Person | EntityKind::Place => (of(EntityKind::Organization) + begun, count),
        };
        let most = people.max(places).max(bodies);
        match likelihood(kind, name) {
            Likelihood::Sure => false,
            Likelihood::High => most >= TIMES_ANOTHER * count,
            Likelihood::Even => most > count,
            Likelihood::Low => TIMES_ONE * most > count,
        }
    }
}

/// How likely a name is one of its kind, by the lists and by how it is built.
enum Likelihood {
    Sure,
    High,
    Even,
    Low,
}

fn likelihood(kind: EntityKind, name: &str) -> Likelihood {
    let several = name.contains(' ');
    let last = name.rsplit(' ').next().unwrap_or_default().trim_end_matches('.').to_lowercase();
    let (names, listed) = (&english().names, lists(name));
    let is_likely = match kind {
        EntityKind::Person if several && listed.any(BODIES) => return Likelihood::Low,
        // No list tells people with a first and a family name from the firms that are called after such.
        EntityKind::Person => !several && gazetteer().look_up(name).any(Lists::GIVEN.and(Lists::SURNAME)),
        EntityKind::Organization => {
            let lists =
                [&names.body_words, &names.bodies_for, &names.governing, &names.firm_endings, &names.legal_endings];
            listed.any(BODIES) || several && lists.iter().any(|list| list.contains(&last))
        }
        EntityKind::Place if well_known::place(name).is_some() => return Likelihood::Sure,
        EntityKind::Place => {
            // `GAO` is no town of Mali.
            let places = if name.chars().any(char::is_lowercase) { Lists::PLACES } else { Lists::COUNTRY };
            listed.any(places) || several && names.map_words.contains(&last)
        }
    };
    if is_likely { Likelihood::High } else { Likelihood::Even }
}

/// The letters and digits of a name.
fn letters(name: &str) -> String {
    name.split_whitespace().map(plain).collect()
}

/// True for what a firm's name has behind the rest: ` Inc`, ` and Co Ltd`.
fn is_rest_of_form(rest: &str) -> bool {
    let is_form = |word: &str| {
        let word = word.trim_matches(['.', ',']).to_lowercase();
        is_legal_form(&word)
            || english().names.legal_endings.contains(&word)
            || matches!(word.as_str(), "and" | "&" | "")
    };
    rest.split(' ').all(is_form)
}

/// Uses of a doubtful name from which it is what it seems to be, if it seems to be of another kind at most so many times less.
const OFTEN: u64 = 5;
const TIMES_LESS: u64 = 4;

/// The doubtful names that are what they seem, by how often they seem so. None of a person: they are first or family names, or
/// names of something else.
pub(super) fn often<'n>(
    doubtful: impl IntoIterator<Item = (EntityKind, &'n str, u64)>,
) -> Vec<(EntityKind, &'n str, u64)> {
    let mut seeming: BTreeMap<&str, Uses> = BTreeMap::new();
    for (kind, name, count) in doubtful {
        seeming.entry(name).or_default()[kind as usize] += count;
    }
    let most = |(name, uses): (&'n str, Uses)| {
        let (kind, &count) = EntityKind::ALL.into_iter().zip(&uses).max_by_key(|(_, count)| **count)?;
        let others = uses.iter().sum::<u64>() - count;
        (kind != EntityKind::Person && count >= OFTEN && count >= TIMES_LESS * others).then_some((kind, name, count))
    };
    seeming.into_iter().filter_map(most).collect()
}

/// The firms by the starts of their full names.
#[derive(Debug, Clone, Default)]
pub(super) struct Starts {
    firms: FxHashMap<String, Bearers>,
}

/// The firms whose full names begin alike.
#[derive(Debug, Clone, Copy)]
struct Bearers {
    /// The place of the most used one, and how often it is used.
    most: (usize, u64),
    all: u64,
}

/// Tenths of the uses of full names that begin alike from which a start means one firm.
const TENTHS: u64 = 8;

impl Starts {
    pub(super) fn of(groups: &[Group]) -> Self {
        let mut firms: FxHashMap<String, Bearers> = FxHashMap::default();
        for (place, group) in groups.iter().enumerate() {
            let mut own: Vec<&str> = group.members.iter().flat_map(|m| starts(group.kind, &m.name)).collect();
            own.sort_unstable();
            own.dedup();
            for start in own {
                let bearers = firms.entry(start.to_owned()).or_insert(Bearers { most: (place, 0), all: 0 });
                bearers.all += group.count;
                if group.count > bearers.most.1 {
                    bearers.most = (place, group.count);
                }
            }
        }
        Starts { firms }
    }

    /// The place of the firm that is nearly always meant by the full names that begin so.
    pub(super) fn firm(&self, start: &str) -> Option<usize> {
        let &Bearers { most: (place, uses), all } = self.firms.get(start)?;
        (10 * uses >= TENTHS * all).then_some(place)
    }
}

/// What a firm's full name may be shortened to, by its first words: those of one with a legal form, and of partners, whose
/// first one is often found alone.
pub(super) fn starts(kind: EntityKind, name: &str) -> impl Iterator<Item = &str> {
    let last = name.rsplit(' ').next().unwrap_or_default().trim_end_matches('.').to_lowercase();
    let names = &english().names;
    let is_firm = is_legal_form(&last) || names.legal_endings.contains(&last) || names.firm_endings.contains(&last);
    let joined = |rest: &str| rest.starts_with(", ") || rest.starts_with(" and ") || rest.starts_with(" & ");
    let ends = name.match_indices([' ', ',']).map(|(at, _)| at).filter(move |_| kind == EntityKind::Organization);
    ends.filter_map(move |end| Some((name.get(..end)?, name.get(end..)?)))
        .filter(move |(start, rest)| (is_firm || joined(rest)) && !start.ends_with([',', ' ']))
        .map(|(start, _)| start)
        .filter(|start| start.contains(' ') || !starts_many(start) && !gazetteer().look_up(start).any(Lists::GIVEN))
        .filter(|start| !start.ends_with(" and") && !start.ends_with(" &"))
}

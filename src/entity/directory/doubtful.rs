//! Names of which an article does not say enough to tell what they are, and what the rest of the index makes of them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::Group;
use crate::entity::EntityKind;
use crate::entity::firm::{is_legal_form, starts_many};
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::language::english;

/// How often a name must be of another kind for each time that it is of this one to be doubtful here.
const TIMES_ANOTHER: u64 = 5;

/// How often a name is a person's, a body's and a place's.
pub(super) type Uses = [u64; 3];

/// The uses of each name; a firm's full name counts for what it may be shortened to as well.
pub(super) fn uses<'n>(counts: &FxHashMap<(EntityKind, &'n str), u64>) -> FxHashMap<&'n str, Uses> {
    let mut uses: FxHashMap<&str, Uses> = FxHashMap::default();
    for (&(kind, name), &count) in counts {
        for name in starts(kind, name).chain([name]) {
            uses.entry(name).or_default()[kind as usize] += count;
        }
    }
    uses
}

/// Uses of a doubtful name from which it is what it seems to be, if it seems to be of another kind at most so many times less.
const OFTEN: u64 = 5;
const TIMES_LESS: u64 = 4;

/// The doubtful names that are what they seem, by how often they seem so.
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
        (count >= OFTEN && count >= TIMES_LESS * others).then_some((kind, name, count))
    };
    seeming.into_iter().filter_map(most).collect()
}

/// True for a name of this kind, used so often, that by its uses is one of another kind.
pub(super) fn is_another(kind: EntityKind, count: u64, uses: Option<&Uses>) -> bool {
    let others = EntityKind::ALL.into_iter().filter(|&k| k != kind);
    let most = others.filter_map(|kind| uses?.get(kind as usize)).max();
    most.is_some_and(|&most| most >= TIMES_ANOTHER * count)
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

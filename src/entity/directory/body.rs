//! Organisations and places: which names are one.

use std::collections::BTreeMap;

use crate::entity::firm::is_legal_form;
use crate::language::english;

use super::Why;
use super::spelling::{plain, spelled_out};
use super::union::UnionFind;
use super::well_known::{organization, place};

/// Letters of the shortest acronym that is looked for among the names of an index; shorter ones mean too much.
const ACRONYM: usize = 4;

/// Whose names of organisations are one: groups of indices, the name to show first.
pub(super) fn merge_organizations(names: &[(&str, u64)]) -> Vec<Vec<(usize, Why)>> {
    let keys: Vec<Vec<String>> = names.iter().map(|(name, _)| vec![organization_key(name)]).collect();
    let mut by_initials: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, (name, _)) in names.iter().enumerate() {
        let initials: String =
            name.split_whitespace().filter_map(|w| w.chars().next().filter(|c| c.is_uppercase())).collect();
        if initials.chars().count() >= ACRONYM {
            by_initials.entry(initials).or_default().push(i);
        }
    }
    let acronyms = names.iter().enumerate().filter_map(|(i, (name, _))| {
        let letters: String = name.chars().filter(|c| *c != '.').collect();
        let meant = by_initials.get(&letters)?;
        // An acronym that several bodies share is given to none.
        let one = meant.iter().all(|&j| keys[j] == keys[meant[0]]);
        one.then_some((i, meant[0]))
    });
    let acronyms: Vec<(usize, usize)> = acronyms.collect();
    merge(names, &keys, &acronyms, |name| organization(name).is_some())
}

/// Whose names of places are one: groups of indices, the name to show first.
pub(super) fn merge_places(names: &[(&str, u64)]) -> Vec<Vec<(usize, Why)>> {
    let keys: Vec<Vec<String>> = names.iter().map(|(name, _)| place_keys(name)).collect();
    merge(names, &keys, &[], |name| place(name).is_some())
}

fn merge(
    names: &[(&str, u64)],
    keys: &[Vec<String>],
    acronyms: &[(usize, usize)],
    known: impl Fn(&str) -> bool,
) -> Vec<Vec<(usize, Why)>> {
    let mut union = UnionFind::new(names.len());
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, keys) in keys.iter().enumerate() {
        for key in keys {
            union.join(*first.entry(key).or_insert(i), i);
        }
    }
    for &(acronym, name) in acronyms {
        union.join(acronym, name);
    }
    let spelling = |i: usize| words(names[i].0).concat();
    union
        .groups()
        .into_iter()
        .map(|mut group| {
            group.sort_by_key(|&i| (std::cmp::Reverse((names[i].1, names[i].0.len())), names[i].0));
            let shown = group.first().copied().unwrap_or(0);
            let why = |i: usize| {
                if i == shown {
                    Why::Shown
                } else if spelling(i) == spelling(shown) {
                    Why::Spelling
                } else if acronyms.iter().any(|&(a, _)| a == i || a == shown) {
                    Why::Acronym
                } else if known(names[i].0) {
                    Why::WellKnown
                } else {
                    Why::Form
                }
            };
            group.into_iter().map(|i| (i, why(i))).collect()
        })
        .collect()
}

/// What two names of one organisation share.
fn organization_key(name: &str) -> String {
    if let Some(known) = organization(name) {
        return known.to_owned();
    }
    let mut words = words(name);
    while words.len() > 1 && words.last().is_some_and(|w| is_legal_form(w) || english().names.legal_endings.contains(w))
    {
        words.pop();
    }
    for word in &mut words {
        *word = match word.as_str() {
            "dept" => "department".to_owned(),
            "defense" => "defence".to_owned(),
            "center" => "centre".to_owned(),
            "labor" => "labour".to_owned(),
            "assn" => "association".to_owned(),
            "univ" => "university".to_owned(),
            other => other.replace("isation", "ization"),
        };
    }
    if let [university, of, rest @ ..] = &words[..]
        && university == "university"
        && of == "of"
        && !rest.is_empty()
    {
        return format!("{} university", rest.join(" "));
    }
    words.join(" ")
}

/// What two names of one place share: one of these.
fn place_keys(name: &str) -> Vec<String> {
    let key = |words: Vec<String>| -> String {
        let word = |w: &String| match w.as_str() {
            "st" | "ste" => "saint".to_owned(),
            "mt" => "mount".to_owned(),
            "ft" => "fort".to_owned(),
            other => other.to_owned(),
        };
        words.iter().map(word).collect::<Vec<_>>().join(" ")
    };
    let mut keys = vec![place(name).map_or_else(|| key(words(name)), str::to_owned)];
    if name.split_whitespace().any(|w| spelled_out(w).is_some()) {
        keys.push(key(name.split_whitespace().map(|w| spelled_out(w).unwrap_or_else(|| plain(w))).collect()));
    }
    keys
}

/// Plain words of a name without article and possessive; `&` is `and`.
fn words(name: &str) -> Vec<String> {
    let name = name.replace('’', "'");
    let mut words: Vec<String> = name
        .trim()
        .trim_end_matches("'s")
        .split([' ', '\u{a0}', ',', '\n', '\t'])
        .map(|w| if w == "&" { "and".to_owned() } else { plain(w) })
        .filter(|w| !w.is_empty())
        .collect();
    if words.len() > 1 && words.first().is_some_and(|w| w == "the") {
        words.remove(0);
    }
    words
}

//! Organisations and places: which names are one.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::entity::firm::{is_legal_form, starts_many};
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::nation;
use crate::language::english;

use super::contradicted::{BODIES, lists};
use super::spelling::{plain, spelled_out};
use super::union::UnionFind;
use super::well_known::{organization, place};
use super::{Why, cut};

/// Letters of the shortest acronym that one use of a body's full name explains; shorter ones mean too much.
const ACRONYM: usize = 4;

/// Full names that a short one is compared with, at most: one that begins more means none of them.
const BEARERS: usize = 1000;

/// Whose names of organisations are one: groups of indices, the name to show first. What means several, or is cut out of longer
/// names, is left out.
pub(super) fn merge_organizations(names: &[(&str, u64)]) -> Vec<Vec<(usize, Why)>> {
    let bodies: Vec<BodyName> = names.iter().map(|(name, count)| BodyName::of(name, *count)).collect();
    // `Borg-Warner` is `Borg Warner`.
    let keys: Vec<Vec<String>> = bodies.iter().map(|body| vec![body.key.replace(' ', "")]).collect();
    let ShortNames { mut short, of_several } = short_names(&bodies);
    let mut left_out = cut::cut(&bodies, &mut short);
    left_out.extend(of_several);
    let mut groups = merge(names, &keys, &short, |name| organization(name).is_some());
    groups.retain(|group| !group.iter().all(|(i, _)| left_out.contains(i)));
    groups
}

/// Whose names of places are one: groups of indices, the name to show first.
pub(super) fn merge_places(names: &[(&str, u64)]) -> Vec<Vec<(usize, Why)>> {
    let keys: Vec<Vec<String>> = names.iter().map(|(name, _)| place_keys(name)).collect();
    merge(names, &keys, &FxHashMap::default(), |name| place(name).is_some())
}

/// Joins the names with a key in common, and each of `short` with the full name that it stands for.
fn merge(
    names: &[(&str, u64)],
    keys: &[Vec<String>],
    short: &FxHashMap<usize, (usize, Why)>,
    known: impl Fn(&str) -> bool,
) -> Vec<Vec<(usize, Why)>> {
    let mut union = UnionFind::new(names.len());
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, keys) in keys.iter().enumerate() {
        for key in keys {
            union.join(*first.entry(key).or_insert(i), i);
        }
    }
    for (&short, &(full, _)) in short {
        union.join(short, full);
    }
    let spelling = |i: usize| words(names[i].0).concat();
    union
        .groups()
        .into_iter()
        .map(|mut group| {
            let is_piece = |i: usize| short.get(&i).is_some_and(|(_, why)| *why == Why::Piece);
            group.sort_by_key(|&i| (is_piece(i), std::cmp::Reverse((names[i].1, names[i].0.len())), names[i].0));
            let shown = group.first().copied().unwrap_or(0);
            let why = |i: usize| {
                if i == shown {
                    Why::Shown
                } else if spelling(i) == spelling(shown) {
                    Why::Spelling
                } else if let Some((_, why)) = short.get(&i).or_else(|| short.get(&shown)) {
                    *why
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

/// A name of an organisation, taken apart.
pub(super) struct BodyName {
    pub(super) count: u64,
    /// What all names of one organisation share.
    pub(super) key: String,
    /// Its words without legal form and nation.
    words: Vec<String>,
    /// Its words, and for each whether a comma is behind it.
    pub(super) written: Vec<(String, bool)>,
    /// True if a mark joins several words in it: `U.S.-EC`.
    is_joined: bool,
    /// True if it is in the lists of bodies.
    pub(super) is_listed: bool,
    /// The nation it is a body of.
    nation: Option<&'static str>,
    /// True if a legal form ends it.
    pub(super) is_firm: bool,
    /// The acronyms that its first letters make: of all words, and of those with a capital.
    acronyms: [String; 2],
}

impl BodyName {
    fn of(name: &str, count: u64) -> Self {
        // `and` is left of `Merrow and Co`.
        let ends = |w: &String| is_legal_form(w) || english().names.legal_endings.contains(w) || w == "and";
        let mut words = words(name);
        let all = words.len();
        while words.len() > 1 && words.last().is_some_and(ends) {
            words.pop();
        }
        let is_firm = words.len() < all;
        let letters = |capitals: bool| -> String {
            let firsts = name.split_whitespace().take(words.len()).filter_map(|word| word.chars().next());
            firsts.filter(|c| c.is_uppercase() || !capitals).flat_map(char::to_uppercase).collect()
        };
        let acronyms = [letters(false), letters(true)];
        for word in &mut words {
            *word =
                english().names.body_spellings.get(word).cloned().unwrap_or_else(|| word.replace("isation", "ization"));
        }
        let (nation, mut rest) =
            with_nation(&words).map_or((None, words.clone()), |(nation, rest)| (Some(nation), rest));
        if let [head, of, what @ ..] = &rest[..]
            && matches!(head.as_str(), "university" | "ministry")
            && of == "of"
            && !what.is_empty()
        {
            rest = what.iter().chain([head]).cloned().collect();
        }
        let plain = rest.join(" ");
        let of_nation = || organization(&format!("{} {plain}", nation?));
        let known = organization(name).or_else(|| organization(&words.join(" "))).or_else(of_nation);
        let key = match (known, nation) {
            (Some(known), _) => known.to_owned(),
            (None, Some(nation)) => format!("{plain} ({nation})"),
            (None, None) => plain,
        };
        let is_joined = name.contains(['-', '–', '/']);
        let is_listed = lists(name).any(BODIES);
        BodyName { count, key, words: rest, written: written(name), is_joined, is_listed, nation, is_firm, acronyms }
    }

    /// The letters of a name that is an acronym.
    fn letters(&self) -> Option<String> {
        let [one] = &self.words[..] else { return None };
        (!self.is_joined).then(|| one.to_uppercase())
    }
}

/// The nation of a body of its state, and the words for what it is: `Finance Ministry (Japan)`, `Japanese Finance Ministry`.
fn with_nation(words: &[String]) -> Option<(&'static str, Vec<String>)> {
    if let Some((nation, count)) = nation::before(words)
        && let Some(rest) = words.get(count..).filter(|rest| !rest.is_empty())
        // What begins with an adjective may be a firm, and a single word of many names is none: American Airlines, U.S. Bank.
        && (nation::is_state_body(rest) || is_named_outright(words, count) && begins_one(rest))
    {
        return Some((nation, rest.to_vec()));
    }
    let (nation, count) = nation::after(words)?;
    let rest = words.get(..words.len() - count)?;
    let rest = rest.strip_suffix(&["of".to_owned()]).unwrap_or(rest);
    nation::is_state_body(rest).then(|| (nation, rest.to_vec()))
}

/// True if a name begins with the name of a nation that no firm begins with, rather than with an adjective.
fn is_named_outright(words: &[String], count: usize) -> bool {
    matches!(words[..count].join(" ").as_str(), "us" | "uk" | "united states" | "united kingdom")
}

/// What [`short_names`] finds.
struct ShortNames {
    /// By the name that is short the full one, and why.
    short: FxHashMap<usize, (usize, Why)>,
    /// The names that mean the bodies of several nations, now one, now another.
    of_several: Vec<usize>,
}

/// Words of a name by which it is one body's, whatever nation is named with it: `Quellmore River Trust`.
const DISTINCT: usize = 3;

/// The names that are short for another, each with it and why: an acronym, a body without its nation, a firm without the
/// rest of its name. Each means its usual bearer in these articles; where there is none by far, nobody but itself.
fn short_names(bodies: &[BodyName]) -> ShortNames {
    let mut by_acronym: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    let mut by_nation: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut firms: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let (mut uses, mut as_firm): (FxHashMap<&str, u64>, FxHashMap<&str, u64>) = Default::default();
    for (i, body) in bodies.iter().enumerate() {
        *uses.entry(&body.key).or_default() += body.count;
        *as_firm.entry(&body.key).or_default() += if body.is_firm { body.count } else { 0 };
        let [all, capitals] = &body.acronyms;
        for acronym in [all, capitals].into_iter().take(1 + usize::from(all != capitals)) {
            by_acronym.entry(acronym).or_default().push(i);
        }
        if body.nation.is_some() {
            by_nation.entry(body.words.join(" ")).or_default().push(i);
        }
        if body.is_firm {
            firms.entry(body.words.join(" ") + " ").or_default().push(i);
        }
    }
    let of = |counts: &FxHashMap<&str, u64>, body: &BodyName| counts.get(body.key.as_str()).copied().unwrap_or(0);
    let (mut short, mut of_several) = (FxHashMap::default(), Vec::new());
    for (i, body) in bodies.iter().enumerate().filter(|(_, body)| body.nation.is_none()) {
        let own = of(&uses, body);
        let named = body.words.join(" ");
        let others = |list: &[usize]| list.iter().copied().filter(|&j| bodies[j].key != body.key).collect::<Vec<_>>();
        // A name with a legal form of its own is no short one.
        let is_bare = 2 * of(&as_firm, body) < own;
        if let Some(letters) = body.letters().filter(|letters| is_bare && letters.len() >= ACRONYM - 1) {
            let meant = others(by_acronym.get(letters.as_str()).map_or(&[], Vec::as_slice));
            let (least, rarest) = if letters.len() < ACRONYM { (5, own / 20) } else { (1, 0) };
            if let Some((bearer, count)) = usual(bodies, &meant, 8)
                && count >= least
                && count >= rarest
            {
                short.insert(i, (bearer, Why::Acronym));
                continue;
            }
        }
        let nations = others(by_nation.get(&named).map_or(&[], Vec::as_slice));
        match usual(bodies, &nations, 8) {
            Some((bearer, count)) if 10 * count >= own || body.words.len() >= DISTINCT => {
                short.insert(i, (bearer, Why::ShortName));
                continue;
            }
            None if nations.iter().map(|&j| bodies[j].count).sum::<u64>() >= own => of_several.push(i),
            _ => {}
        }
        if of(&as_firm, body) == 0 && begins_one(&body.words) {
            let start = named + " ";
            let begun = firms.range(start.clone()..).take_while(|(name, _)| name.starts_with(&start)).take(BEARERS);
            let begun: Vec<usize> = begun.flat_map(|(_, list)| list.iter().copied()).collect();
            if let Some((bearer, _)) = usual(bodies, &begun, 9).filter(|_| begun.len() < BEARERS) {
                short.insert(i, (bearer, Why::ShortName));
            }
        }
    }
    ShortNames { short, of_several }
}

/// The body that so many tenths of the uses of these names mean, and its uses.
pub(super) fn usual(bodies: &[BodyName], names: &[usize], tenths: u64) -> Option<(usize, u64)> {
    let mut uses: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    for &i in names {
        let body = &bodies[i];
        uses.entry(&body.key).or_insert((i, 0)).1 += body.count;
    }
    let all: u64 = uses.values().map(|(_, count)| count).sum();
    uses.into_values().max_by_key(|(_, count)| *count).filter(|(_, count)| 10 * count >= tenths * all)
}

/// True if the words may begin the name of one firm alone: two, or one that is nothing else.
fn begins_one(words: &[String]) -> bool {
    let [one] = words else { return words.len() > 1 };
    let elsewhere = Lists::COUNTRY
        .and(Lists::CAPITAL)
        .and(Lists::CITY)
        .and(Lists::REGION)
        .and(Lists::DEMONYM)
        .and(Lists::GIVEN)
        .and(Lists::SURNAME);
    one.len() >= ACRONYM && !starts_many(one) && !gazetteer().look_up(one).any(elsewhere)
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

/// Plain words of a name, `&` as `and`, each with whether a comma is behind it.
fn written(name: &str) -> Vec<(String, bool)> {
    let word = |w: &str| (if w == "&" { "and".to_owned() } else { plain(w) }, w.ends_with(','));
    name.split_whitespace().map(word).filter(|(word, _)| !word.is_empty()).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The names shown for names with these counts.
    #[track_caller]
    fn check(names: &[(&str, u64)], expect: &[&str]) {
        let groups = merge_organizations(names);
        let shown = |i: usize| groups.iter().find(|group| group.iter().any(|(j, _)| *j == i)).map(|group| group[0].0);
        let shown: Vec<&str> = (0..names.len()).map(|i| names[shown(i).unwrap()].0).collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn an_acronym_means_the_body_that_most_uses_mean() {
        let union = "Freedonian Union of Rail Workers";
        check(
            &[(union, 9), ("FURW", 3), ("Fund for Urban Rail Works", 1)],
            &[union, union, "Fund for Urban Rail Works"],
        );
        check(
            &[(union, 1), ("FURW", 3), ("Fund for Urban Rail Works", 1)],
            &[union, "FURW", "Fund for Urban Rail Works"],
        );
        let board = "Sarn Board of Trade";
        check(&[(board, 9), ("SBOT", 2), ("SBT", 1)], &[board; 3]);
        // Three letters mean too much where the full name is rare, and a firm may be called so.
        check(&[("Merrow Rail Works", 4), ("MRW", 3)], &["Merrow Rail Works", "MRW"]);
        check(&[("Merrow Rail Works", 9), ("MRW", 3), ("MRW Corp", 5)], &["Merrow Rail Works", "MRW Corp", "MRW Corp"]);
    }

    #[test]
    fn bodies_of_states_are_told_apart_by_their_nation() {
        let japan = "Finance Ministry (Japan)";
        check(&[(japan, 5), ("Japanese Finance Ministry", 2), ("Finance Ministry", 9)], &["Finance Ministry"; 3]);
        let bare = [(japan, 5), ("Finance Ministry (India)", 4), ("Finance Ministry", 9)];
        let groups = merge_organizations(&bare);
        assert_eq!(
            groups.iter().map(|group| bare[group[0].0].0).collect::<Vec<_>>(),
            [japan, "Finance Ministry (India)"]
        );
        check(&[("Senate", 90), ("U.S. Senate", 20), ("Senate (Italy)", 2)], &["Senate", "Senate", "Senate (Italy)"]);
        check(&[("Ministry of Finance (Japan)", 2), (japan, 5)], &[japan; 2]);
        check(&[("Japanese Airways", 5), ("Airways", 2)], &["Japanese Airways", "Airways"]);
        check(&[("U.S. Bank", 9), ("Bank", 9)], &["U.S. Bank", "Bank"]);
        let office = "Quellmore Patent Office";
        check(&[(office, 90), ("United States Quellmore Patent Office", 1)], &[office; 2]);
    }

    #[test]
    fn hyphens_and_spaces_do_not_count() {
        check(&[("Merrow-Lind Corp", 5), ("Merrow Lind Corp", 2)], &["Merrow-Lind Corp"; 2]);
        check(&[("Union of Sarn Rail", 9), ("U.S-R", 1)], &["Union of Sarn Rail", "U.S-R"]);
    }

    #[test]
    fn the_start_of_a_firms_name_means_its_usual_bearer() {
        check(&[("Pellucid Rail Brothers Inc", 5), ("Pellucid Rail", 9)], &["Pellucid Rail"; 2]);
        check(&[("Merrow Lind and Co Inc", 5), ("Merrow Lind", 9)], &["Merrow Lind"; 2]);
        check(&[("Pellucid Rail Bros Inc", 5), ("Pellucid Rail Brothers", 9)], &["Pellucid Rail Brothers"; 2]);
        let (rail, steel) = ("Pellucid Rail Inc", "Pellucid Steel Inc");
        check(&[(rail, 5), (steel, 4), ("Pellucid", 2)], &[rail, steel, "Pellucid"]);
        check(&[("Bank of Sarn Ltd", 5), ("Bank", 9)], &["Bank of Sarn Ltd", "Bank"]);
    }
}

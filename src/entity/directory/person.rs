//! People: which full names are one person's.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::Why;
use super::spelling::{from_cyrillic, looks_slavic, plain, spelled_out};
use super::union::UnionFind;
use crate::entity::fold::fold;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::given::{form, is_transliterated};
use crate::language::english;

/// Whose names are one: groups of indices, the name to show first. A family name that several bear, none of them by far the
/// most, is nobody's.
pub(super) fn merge(names: &[(&str, u64)]) -> Vec<Vec<(usize, Why)>> {
    let parsed: Vec<Name> = names.iter().map(|(name, _)| Name::parse(name)).collect();
    let mut union = UnionFind::new(names.len());
    let mut spelled: BTreeMap<String, usize> = BTreeMap::new();
    for (i, name) in parsed.iter().enumerate() {
        for key in name.spellings() {
            let first = *spelled.entry(key).or_insert(i);
            union.join(first, i);
        }
    }
    let mut alike: BTreeMap<(String, String, String), Vec<usize>> = BTreeMap::new();
    for (i, name) in parsed.iter().enumerate() {
        for key in name.structures() {
            alike.entry(key).or_default().push(i);
        }
    }
    for bucket in alike.values() {
        join_unless_middles_differ(bucket, &parsed, &mut union);
    }
    let of_several = join_family_names(names, &parsed, &mut union);
    union
        .groups()
        .into_iter()
        .filter(|group| !group.iter().all(|i| of_several.contains(i)))
        .map(|mut group| {
            let rank =
                |i: usize| (parsed[i].titled, parsed[i].is_bare(), std::cmp::Reverse((names[i].1, names[i].0.len())));
            group.sort_by_key(|&i| (rank(i), names[i].0));
            let shown = group.first().copied().unwrap_or(0);
            group.into_iter().map(|i| (i, parsed[i].why(&parsed[shown]))).collect()
        })
        .collect()
}

/// Uses of a person's full names from which their family name alone may mean them.
const USUAL: u64 = 10;

/// How often they must be used for each use of the names of others of the family name.
const TIMES_OTHERS: u64 = 9;

/// Joins bare family names to those who are by far their most usual bearers; gives those that have bearers, but no such one.
fn join_family_names(names: &[(&str, u64)], parsed: &[Name], union: &mut UnionFind) -> FxHashSet<usize> {
    let mut bearers: BTreeMap<&str, BTreeMap<usize, u64>> = BTreeMap::new();
    for (i, name) in parsed.iter().enumerate().filter(|(_, name)| !name.is_bare()) {
        if let (Some(family), Some((_, count))) = (name.words.last(), names.get(i)) {
            *bearers.entry(family).or_default().entry(union.root(i)).or_default() += count;
        }
    }
    let mut of_several = FxHashSet::default();
    for (i, name) in parsed.iter().enumerate().filter(|(_, name)| name.is_bare()) {
        let Some(bearers) = name.words.last().and_then(|family| bearers.get(family.as_str())) else { continue };
        let Some((&usual, &most)) = bearers.iter().max_by_key(|(_, count)| **count) else { continue };
        let others: u64 = bearers.values().sum::<u64>() - most;
        if most >= USUAL && most >= TIMES_OTHERS * others {
            union.join(usual, i);
        } else if bearers.len() > 1 {
            of_several.insert(i);
        }
    }
    of_several
}

/// Joins the names of a bucket, which agree in all but middle names. Where two middle names contradict each other,
/// those without one stay alone, since they cannot be assigned.
fn join_unless_middles_differ(bucket: &[usize], parsed: &[Name], union: &mut UnionFind) {
    let contradicts = |i: usize, j: usize| !parsed[i].middles_agree(&parsed[j]);
    let with: Vec<usize> = bucket.iter().copied().filter(|&i| !parsed[i].middle.is_empty()).collect();
    let first = with.first().copied();
    let clash = with.iter().any(|&i| first.is_some_and(|f| contradicts(f, i)));
    if !clash {
        for pair in bucket.windows(2) {
            union.join(pair[0], pair[1]);
        }
        return;
    }
    let mut heads: Vec<usize> = Vec::new();
    for &i in &with {
        match heads.iter().find(|&&head| !contradicts(head, i)) {
            Some(&head) => union.join(head, i),
            None => heads.push(i),
        }
        if heads.len() > HEADS {
            return;
        }
    }
}

/// The most people of one first and family name that are distinguished by middle names; the rest stay alone.
const HEADS: usize = 32;

/// A name taken apart.
#[derive(Debug, Clone, Default)]
struct Name {
    /// Plain words without title, generation, nickname and letters; particles joined to the word after them.
    words: Vec<String>,
    /// The same with umlauts spelled out, where there are any.
    spelled_out: Option<Vec<String>>,
    /// Index of the one word with a hyphen, in names of two words.
    hyphenated: Option<usize>,
    middle: Vec<String>,
    generation: String,
    nickname: Option<String>,
    titled: bool,
}

impl Name {
    fn parse(written: &str) -> Self {
        let written = written.replace('’', "'");
        let written = written.trim().trim_end_matches("'s").trim_end_matches('\'');
        let mut name = Name::default();
        let mut words = in_order(written, &mut name);
        let start = title_end(&words);
        if start > 0 {
            name.titled = true;
            words.drain(..start);
        }
        let alone: Vec<&str> = words.iter().map(String::as_str).collect();
        name.hyphenated = match alone[..] {
            [one, other] => match (one.contains('-'), other.contains('-')) {
                (true, false) => Some(0),
                (false, true) => Some(1),
                _ => None,
            },
            _ => None,
        };
        name.words = joined(words.iter().map(|w| plain(w)));
        if words.iter().any(|w| spelled_out(w).is_some()) {
            name.spelled_out = Some(joined(words.iter().map(|w| spelled_out(w).unwrap_or_else(|| plain(w)))));
        }
        let count = name.words.len();
        name.middle = name.words.get(1..count.saturating_sub(1)).unwrap_or(&[]).to_vec();
        name
    }

    /// True for a family name alone.
    fn is_bare(&self) -> bool {
        self.words.len() < 2
    }

    /// Keys under which only names that are written alike meet.
    fn spellings(&self) -> Vec<String> {
        let mut keys = Vec::new();
        let end = format!("/{}", self.generation);
        for words in [Some(&self.words), self.spelled_out.as_ref()].into_iter().flatten() {
            // A bare name meets only itself, with other case or marks.
            keys.push(if words.len() < 2 { format!("bare {}{end}", words.concat()) } else { words.concat() + &end });
        }
        if let (Some(at), [one, other]) = (self.hyphenated, &self.words[..]) {
            let (hyphenated, plain) = if at == 0 { (one, other) } else { (other, one) };
            keys.push(format!("{hyphenated}+{plain}{end}"));
        }
        keys
    }

    /// Keys of first name, family name and generation; none for bare names and mere initials.
    fn structures(&self) -> Vec<(String, String, String)> {
        let mut keys = Vec::new();
        for words in [Some(&self.words), self.spelled_out.as_ref()].into_iter().flatten() {
            let (Some(family), true) = (words.last(), words.len() > 1) else { continue };
            let nickname = self.nickname.as_ref().map(|n| plain(n));
            for given in words.first().into_iter().chain(&nickname).filter(|g| g.chars().count() > 1) {
                let number = form(given);
                let slavic = looks_slavic(family) || number.is_some_and(is_transliterated);
                let family = if slavic { from_cyrillic(family) } else { family.clone() };
                let sound = if slavic { from_cyrillic(given) } else { given.clone() };
                let given = number.map_or(sound, |n| format!("={n}"));
                keys.push((given, family, self.generation.clone()));
            }
        }
        keys
    }

    /// True if no middle name contradicts another's: equal, one the initial of the other, or not given.
    fn middles_agree(&self, other: &Name) -> bool {
        if self.middle.is_empty() || other.middle.is_empty() {
            return true;
        }
        let fits = |a: &String, b: &String| {
            a == b || (a.chars().count() == 1 || b.chars().count() == 1) && a.chars().next() == b.chars().next()
        };
        self.middle.len() == other.middle.len() && self.middle.iter().zip(&other.middle).all(|(a, b)| fits(a, b))
    }

    /// Why this name is taken for the one that is shown.
    fn why(&self, shown: &Name) -> Why {
        let given = |name: &Name| name.words.first().and_then(|w| form(w));
        if std::ptr::eq(self, shown) {
            Why::Shown
        } else if self.is_bare() && !shown.is_bare() {
            Why::FamilyName
        } else if self.words.concat() == shown.words.concat() {
            if self.titled == shown.titled { Why::Spelling } else { Why::Title }
        } else if self.spelled_out.is_some() || shown.spelled_out.is_some() {
            Why::Spelling
        } else if self.words.first() == shown.words.last() {
            Why::Order
        } else if self.words.first() == shown.words.first() && self.words.last() == shown.words.last() {
            Why::MiddleName
        } else if self.words.last() == shown.words.last() && !given(self).is_some_and(is_transliterated) {
            Why::GivenName
        } else {
            Why::Transliteration
        }
    }
}

/// The words of a name, given name first; nickname, generation and letters go where they belong.
fn in_order(written: &str, name: &mut Name) -> Vec<String> {
    let mut parts: Vec<&str> = written.split(',').map(str::trim).filter(|p| !p.is_empty()).collect();
    parts.retain(|part| {
        if let Some(generation) = generation(part) {
            name.generation = generation;
            return false;
        }
        !english().names.honours.contains(&dotless(part))
    });
    if let [family, given] = parts[..] {
        parts = vec![given, family];
    }
    let mut words: Vec<String> = Vec::new();
    for word in parts.iter().flat_map(|p| p.split_whitespace()) {
        if word.starts_with(['"', '“', '(', '\'']) && word.ends_with(['"', '”', ')', '\'']) {
            name.nickname = Some(word.to_owned());
        } else {
            words.push(word.to_owned());
        }
    }
    while words.len() > 1 {
        let Some(last) = words.last() else { break };
        if let Some(generation) = generation(last) {
            name.generation = generation;
        } else if !(english().names.honours.contains(&dotless(last))
            && last.chars().filter(|c| c.is_uppercase()).count() > 1)
        {
            break;
        }
        words.pop();
    }
    words
}

/// How many words before the name are a title or office: `Secretary of State Ann Ray`. At least two words are left, save
/// after an address such as `Mr`, which is not a name and so stays with a bare surname to keep `Mr` and `Ms Ray` apart.
fn title_end(words: &[String]) -> usize {
    let title = |word: &String| {
        english().names.foreign_addresses.contains(&dotless(word))
            || gazetteer().look_up(word).any(Lists::ANY_TITLE.and(Lists::OFFICE))
            || gazetteer().look_up(word.trim_end_matches('.')).any(Lists::ANY_TITLE)
    };
    let mut end = 0;
    let mut i = 0;
    while i + 2 < words.len() {
        let Some(word) = words.get(i) else { break };
        if title(word) && !(i == 0 && gazetteer().look_up(word).any(Lists::GIVEN) && !word.ends_with('.')) {
            end = i + 1;
        } else if end > 0 && matches!(word.as_str(), "of" | "for") && i == end {
            end = (i + 2).min(words.len().saturating_sub(2));
            i = end;
            continue;
        } else if i >= end + 2 {
            break;
        }
        i += 1;
    }
    end
}

/// Joins particles to the word after them.
fn joined(words: impl Iterator<Item = String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = String::new();
    for word in words {
        if english().names.joined_particles.contains(&word) {
            open.push_str(&word);
        } else {
            out.push(std::mem::take(&mut open) + &word);
        }
    }
    if !open.is_empty() {
        out.push(open);
    }
    out
}

/// `Jr.`, `Junior`, `III`: one way to write each.
fn generation(word: &str) -> Option<String> {
    let word = dotless(word);
    Some(match word.as_str() {
        "jr" | "jnr" | "junior" => "jr".to_owned(),
        "sr" | "snr" | "senior" => "sr".to_owned(),
        numeral if numeral.chars().all(|c| matches!(c, 'i' | 'v' | 'x')) && !numeral.is_empty() => word,
        _ => return None,
    })
}

fn dotless(word: &str) -> String {
    fold(word).replace('.', "")
}

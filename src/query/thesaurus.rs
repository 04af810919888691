//! Which words newspapers use for the same thing: a built-in list and the user's own.
//!
//! The built-in list is in `data/en/thesaurus/*.txt`. Members are base forms (inflection, number words and hyphens are
//! matched by their normal form) and carry no article. A word is listed with what newspapers write in its place, not with
//! what is merely related to it: `recession` is not listed for `slump in sales`. A head is never listed for its compound (`police` for
//! `police officer`), and a word of several senses only `with` words that tell the sense, or `without` those that tell
//! another: `with court: ruling, judgment`, `without missile air: strike, walkout`. Groups that share a word are not joined. `N` stands for any number: `N-year-old, aged N`.

use std::borrow::Cow;
use std::sync::OnceLock;

use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::Deserialize;

use crate::language::english;
use crate::text::normal::{Terms, irregular};

/// Groups of words and phrases, each of which may be written for every other of its group.
#[derive(Debug, Clone, Default)]
pub struct Thesaurus {
    /// Whether the built-in list counts.
    news: bool,
    own: Groups,
}

/// Groups, looked up by member.
#[derive(Debug, Clone, Default)]
struct Groups {
    groups: Vec<Group>,
    /// By the normal forms of a member, joined by spaces: the groups it is in.
    members: FxHashMap<String, Vec<usize>>,
}

/// Words and phrases for the same thing.
#[derive(Debug, Clone, Default)]
struct Group {
    members: Vec<String>,
    sense: Sense,
    /// Normal forms that tell the sense.
    context: Vec<String>,
}

/// In which phrases a group holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Sense {
    #[default]
    Any,
    /// In those that hold one of the words which tell the sense.
    With,
    /// In those that hold none of them.
    Without,
}

/// Why a user's synonyms can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ThesaurusError {
    /// It is not valid TOML or has unknown keys; holds the line.
    #[error("synonyms are written `groups = [[\"ceasefire\", \"truce\"], …]`: {0}")]
    Toml(#[from] toml::de::Error),
}

/// The longest member in words that is looked for in a phrase.
pub const LONGEST_MEMBER: usize = 5;

/// Stands for a number in members that hold for any, and in `Nth` for its rank: `N-year-old` and `aged N`.
const ANY_AMOUNT: char = 'N';

/// The built-in list, by subject.
const SUBJECTS: [&str; 12] = [
    include_str!("../../data/en/thesaurus/war.txt"),
    include_str!("../../data/en/thesaurus/diplomacy.txt"),
    include_str!("../../data/en/thesaurus/names.txt"),
    include_str!("../../data/en/thesaurus/politics.txt"),
    include_str!("../../data/en/thesaurus/money.txt"),
    include_str!("../../data/en/thesaurus/law.txt"),
    include_str!("../../data/en/thesaurus/disasters.txt"),
    include_str!("../../data/en/thesaurus/health.txt"),
    include_str!("../../data/en/thesaurus/society.txt"),
    include_str!("../../data/en/thesaurus/amount.txt"),
    include_str!("../../data/en/thesaurus/general.txt"),
    include_str!("../../data/en/thesaurus/deeds.txt"),
];

/// The groups of the built-in list, before anything is brought to its normal form: their members, in which phrases they hold,
/// and the words of such a phrase.
fn built_in() -> impl Iterator<Item = (Vec<&'static str>, Sense, &'static str)> {
    let lines = SUBJECTS.iter().flat_map(|subject| subject.lines());
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        let after = |start: &str| line.strip_prefix(start).and_then(|line| line.split_once(": "));
        let (sense, (context, members)) = match (after("with "), after("without ")) {
            (Some(with), _) => (Sense::With, with),
            (None, Some(without)) => (Sense::Without, without),
            (None, None) => (Sense::Any, ("", line)),
        };
        (members.split(',').map(str::trim).filter(|word| !word.is_empty()).collect(), sense, context)
    })
}

/// Shelves of the built-in list: one for each initial letter, the last one for members with numbers.
const SHELVES: usize = 27;

/// The shelf on which a member is looked up by its normal forms.
fn shelf(normal: &str) -> usize {
    let initial = normal.bytes().next().map(|c| c.to_ascii_lowercase());
    initial.filter(u8::is_ascii_lowercase).map_or(SHELVES - 1, |c| usize::from(c - b'a'))
}

/// True if a member as listed may have normal forms of this shelf: numbers are written as words and as digits, and irregular
/// forms may begin with another letter (`went bankrupt`).
fn is_on(member: &str, number: usize) -> bool {
    let numbers = &english().numbers;
    let tables = [&numbers.counts, &numbers.ranks, &numbers.scales, &numbers.parts];
    let counts = |word: &str| {
        let word = word.to_lowercase();
        word == "dozen" || tables.iter().any(|table| table.contains_key(word.as_str()))
    };
    let first = member.split(' ').next().unwrap_or(member);
    shelf(member) == number
        || irregular(first).is_some_and(|stem| shelf(stem) == number)
        || number == SHELVES - 1 && member.split([' ', '-']).any(counts)
}

/// The built-in groups with a member on this shelf, looked up by those members alone. Bringing all members to their normal
/// form would take longer than most queries.
fn shelved(number: usize) -> &'static Groups {
    static ALL: [OnceLock<Groups>; SHELVES] = [const { OnceLock::new() }; SHELVES];
    static NONE: Groups = Groups { groups: Vec::new(), members: FxHashMap::with_hasher(FxBuildHasher) };
    ALL.get(number).map_or(&NONE, |groups| {
        groups.get_or_init(|| {
            let mut shelved = Groups::default();
            for (members, sense, context) in built_in() {
                if members.iter().any(|member| is_on(member, number)) {
                    let context = context.split_whitespace().map(key).collect();
                    let members = members.into_iter().map(str::to_owned).collect();
                    shelved.add(Group { members, sense, context }, |member| is_on(member, number));
                }
            }
            shelved
        })
    })
}

impl Thesaurus {
    /// The built-in news thesaurus.
    pub fn news() -> &'static Thesaurus {
        static NEWS: Thesaurus = Thesaurus {
            news: true,
            own: Groups { groups: Vec::new(), members: FxHashMap::with_hasher(FxBuildHasher) },
        };
        &NEWS
    }

    /// Tells one built-in thesaurus from another: the first half of the BLAKE3 hash of its lists, in hexadecimal.
    pub fn digest() -> String {
        let mut hasher = blake3::Hasher::new();
        for subject in SUBJECTS {
            hasher.update(subject.as_bytes());
        }
        hasher.finalize().to_hex().chars().take(32).collect()
    }

    /// The built-in thesaurus and the groups of a user's `synonyms.toml`.
    pub fn with_own(toml: &str) -> Result<Thesaurus, ThesaurusError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            groups: Vec<Vec<String>>,
        }
        let file: File = toml::from_str(toml)?;
        let mut own = Groups::default();
        for members in file.groups {
            own.add(Group { members, ..Group::default() }, |_| true);
        }
        Ok(Thesaurus { news: true, own })
    }

    /// What else is written for the words with these normal forms, joined by spaces, in a phrase of the normal forms
    /// `phrase`.
    pub fn synonyms(&self, normal: &str, phrase: &[String]) -> Vec<Cow<'_, str>> {
        let mut found: Vec<Cow<'_, str>> = Vec::new();
        for word in self.groups_of(normal, phrase).filter(|word| key(word) != normal) {
            if !found.iter().any(|known| known == word) {
                found.push(Cow::Borrowed(word));
            }
        }
        if let Some((amount, with_n)) = without_amount(normal) {
            let others = self.groups_of(&with_n, phrase).filter(|word| key(word) != with_n);
            found.extend(others.map(|word| Cow::Owned(with_amount(word, amount))));
        }
        found
    }

    /// All members of the groups that a member is in and that hold in the phrase.
    fn groups_of(&self, normal: &str, phrase: &[String]) -> impl Iterator<Item = &String> {
        let news = self.news.then(|| shelved(shelf(normal)));
        let groups = news.into_iter().chain([&self.own]).flat_map(|groups| groups.with(normal));
        groups.filter(|group| group.holds_in(phrase)).flat_map(|group| &group.members)
    }
}

impl Group {
    fn holds_in(&self, phrase: &[String]) -> bool {
        let in_context = || self.context.iter().any(|word| phrase.contains(word));
        match self.sense {
            Sense::Any => true,
            Sense::With => in_context(),
            Sense::Without => !in_context(),
        }
    }
}

impl Groups {
    /// Adds a group, to be found by those of its members that count.
    fn add(&mut self, group: Group, counts: impl Fn(&str) -> bool) {
        if group.members.len() < 2 {
            return;
        }
        for word in group.members.iter().filter(|word| counts(word)) {
            let known = self.members.entry(key(word)).or_default();
            if known.last() != Some(&self.groups.len()) {
                known.push(self.groups.len());
            }
        }
        self.groups.push(group);
    }

    /// The groups that a member is in.
    fn with(&self, normal: &str) -> impl Iterator<Item = &Group> {
        self.members.get(normal).into_iter().flatten().filter_map(|&group| self.groups.get(group))
    }
}

/// The first number in digits of normal forms joined by spaces, without the ending of a rank, and all of them with
/// [`ANY_AMOUNT`] for it.
fn without_amount(normal: &str) -> Option<(&str, String)> {
    let number = normal.split(' ').find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let amount = number.strip_suffix("th").unwrap_or(number);
    let any = ANY_AMOUNT.to_ascii_lowercase();
    amount.bytes().all(|b| b.is_ascii_digit()).then(|| (amount, normal.replacen(amount, &any.to_string(), 1)))
}

/// A member with an amount for its [`ANY_AMOUNT`], where that is by itself or as a rank.
fn with_amount(member: &str, amount: &str) -> String {
    let words = member.split_inclusive([' ', '-']).map(|word| match word.strip_prefix(ANY_AMOUNT) {
        Some(rest) if matches!(rest.trim_end_matches([' ', '-']), "" | "th") => format!("{amount}{rest}"),
        _ => word.to_owned(),
    });
    words.collect()
}

/// The normal forms of `words`, joined by spaces; of a word that may be read in several ways, the usual one.
fn key(words: &str) -> String {
    let mut terms = Terms::default();
    terms.read(words);
    let mut normals: Vec<(u32, &str)> = Vec::new();
    for (at, normal) in terms.iter().filter_map(|term| Some((term.position, term.normal()?))) {
        let word =
            |(before, normal): &mut (u32, &str)| *before == at && !normal.starts_with(|c: char| c.is_ascii_digit());
        if normals.last_mut().is_some_and(word) {
            normals.pop();
        }
        normals.push((at, normal));
    }
    normals.iter().map(|&(_, normal)| normal).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_for_each_other() {
        let news = Thesaurus::news();
        assert!(news.synonyms(&key("ceasefires"), &[]).iter().any(|word| word == "truce"));
        assert!(news.synonyms(&key("peace deal"), &[]).iter().any(|word| word == "peace accord"));
        assert!(news.synonyms(&key("table"), &[]).is_empty());
    }

    #[test]
    fn words_of_several_senses_need_company() {
        let news = Thesaurus::news();
        let ruling = |phrase: &[String]| news.synonyms(&key("ruling"), phrase).iter().any(|word| word == "judgment");
        assert!(ruling(&["court".to_owned(), key("ruling")]));
        assert!(!ruling(&["parti".to_owned(), key("ruling")]));
    }

    #[test]
    fn no_head_is_listed_for_its_compound() {
        let words = |member: &str| -> Vec<String> { member.split([' ', '-']).map(key).collect() };
        for (members, ..) in built_in().filter(|(_, sense, _)| *sense == Sense::Any) {
            for member in members.iter().filter(|member| !member.starts_with(char::is_uppercase)) {
                let heads = |other: &&&str| words(other).len() > 1 && words(other).contains(&key(member));
                let compound = members.iter().filter(|other| *other != member).find(heads);
                assert!(compound.is_none(), "`{member}` is listed for `{}`", compound.unwrap_or(member));
            }
        }
    }

    #[test]
    fn some_members_hold_for_any_amount() {
        let news = Thesaurus::news();
        assert!(news.synonyms(&key("12-year-old"), &[]).iter().any(|word| word == "aged 12"));
        assert!(news.synonyms(&key("tenth anniversary"), &[]).iter().any(|word| word == "10-year anniversary"));
    }

    #[test]
    fn users_add_their_own() {
        let own = Thesaurus::with_own("groups = [[\"the Hill\", \"Congress\"]]").unwrap();
        assert_eq!(own.synonyms(&key("the Hill"), &[])[0], "Congress");
        let wrong = Thesaurus::with_own("groups = 1").unwrap_err().to_string();
        assert!(wrong.contains("line 1"), "{wrong}");
    }

    #[test]
    fn every_built_in_group_has_two_members_and_none_twice() {
        for (members, ..) in built_in() {
            let mut once = members.clone();
            once.sort_unstable();
            once.dedup();
            assert!(once.len() > 1 && once.len() == members.len(), "{members:?}");
            assert!(members.iter().all(|word| !key(word).is_empty() && word.split(' ').count() <= 9), "{members:?}");
            let astray: Vec<_> = members.iter().filter(|word| !is_on(word, shelf(&key(word)))).collect();
            assert!(astray.is_empty(), "never found: {astray:?}");
        }
    }
}

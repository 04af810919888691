//! The role of a word in its sentence, by lists of function words: `data/en/roles.txt`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// What a word does in its sentence. Words in no list are content words, mostly nouns and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Starts another clause, or joins what is on either side.
    Clause,
    /// The subject of the verb right after it: `he talks to border guards` holds no border talks.
    Pronoun,
    /// A preposition that belongs to no noun before it: `the closure near the school` is no closure of a school.
    Apart,
    /// A finite verb.
    Verb,
    /// An auxiliary verb or its negation.
    Auxiliary,
    /// A preposition that links a noun to what belongs to it.
    Link,
    /// A preposition that says where something is or happens.
    Place,
    /// A preposition that may also say how something happens, or what a noun before it is about.
    Circumstance,
    /// A preposition that belongs to the noun right before it: `talks with rebels`, but `abuse from a man with a child`.
    Attribute,
    /// Starts a noun phrase about something known.
    Definite,
    /// Starts any other noun phrase.
    Determiner,
    /// An adjective, adverb or number.
    Modifier,
    /// A past participle, or a past tense of the same form.
    Participle,
    /// Punctuation or the end of a sentence follows the word. A word may have this role besides another.
    Stop,
}

impl Role {
    /// Its number in an index, from 0 to 13.
    pub fn code(self) -> u32 {
        match self {
            Role::Clause => 0,
            Role::Pronoun => 1,
            Role::Apart => 2,
            Role::Verb => 3,
            Role::Auxiliary => 4,
            Role::Link => 5,
            Role::Place => 6,
            Role::Circumstance => 7,
            Role::Attribute => 8,
            Role::Definite => 9,
            Role::Determiner => 10,
            Role::Modifier => 11,
            Role::Participle => 12,
            Role::Stop => 13,
        }
    }

    /// The role of a folded word, if it is a function word.
    pub fn of(folded: &str) -> Option<Role> {
        role(folded)
    }

    fn named(name: &str) -> Option<Role> {
        Some(match name {
            "clause" => Role::Clause,
            "pronoun" => Role::Pronoun,
            "apart" => Role::Apart,
            "verb" => Role::Verb,
            "auxiliary" => Role::Auxiliary,
            "link" => Role::Link,
            "place" => Role::Place,
            "circumstance" => Role::Circumstance,
            "attribute" => Role::Attribute,
            "definite" => Role::Definite,
            "determiner" => Role::Determiner,
            "modifier" => Role::Modifier,
            "participle" => Role::Participle,
            _ => return None,
        })
    }
}

/// The roles of a word and where it is in one number, so that one list in order holds all roles of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlacedRole(pub u32);

impl PlacedRole {
    /// The term under which an index keeps all of them, as positions.
    pub const TERM: &str = "¶";
    /// Bits of the code.
    const CODE: u32 = 4;
    /// A code that is of no role: it closes a text. The next text of a document starts two further on, at a place for itself.
    const END: u32 = 14;

    /// A role of the word at a position, which is below 2^28.
    pub fn new(position: u32, role: Role) -> Self {
        PlacedRole(position << Self::CODE | role.code())
    }

    /// What closes a text of so many positions.
    pub fn end(positions: u32) -> Self {
        PlacedRole(positions << Self::CODE | Self::END)
    }

    /// The same at another position.
    #[must_use]
    pub fn at(self, position: u32) -> Self {
        PlacedRole(position << Self::CODE | self.code())
    }

    /// The position of the word.
    pub fn position(self) -> u32 {
        self.0 >> Self::CODE
    }

    /// The code of the role; that of no role where a text ends.
    pub fn code(self) -> u32 {
        self.0 & ((1 << Self::CODE) - 1)
    }
}

pub(super) fn role(folded: &str) -> Option<Role> {
    static ROLES: LazyLock<FxHashMap<String, Role>> = LazyLock::new(|| {
        let lines = include_str!("../../../data/en/roles.txt").lines().filter_map(|line| line.split_once(':'));
        lines
            .filter_map(|(name, words)| Some((Role::named(name)?, words)))
            .flat_map(|(role, words)| words.split_whitespace().map(move |word| (word.replace('\'', ""), role)))
            .collect()
    });
    let regular = folded.len() > 4 && folded.ends_with("ed") && !folded.ends_with("eed");
    ROLES.get(folded).copied().or(regular.then_some(Role::Participle))
}

/// True if what is between two words keeps them apart: punctuation, but no hyphen, full stop or quotation mark.
pub(super) fn stops(gap: &str) -> bool {
    // Most gaps are a space.
    gap.len() > 1 && (gap.contains([',', ';', ':', '(', ')', '[', ']', '—', '…', '!', '?']) || gap.contains("--"))
        || (gap.len() > 2 && gap.starts_with(char::is_whitespace) && gap.trim().starts_with(['-', '–']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_one_role() {
        let lines = include_str!("../../../data/en/roles.txt").lines().filter(|line| !line.starts_with('#'));
        let mut words: Vec<&str> =
            lines.filter_map(|line| line.split_once(':')).flat_map(|(_, words)| words.split_whitespace()).collect();
        words.sort_unstable();
        let twice: Vec<_> = words.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert_eq!(role("of"), Some(Role::Link));
        assert_eq!(role("planted"), Some(Role::Participle));
        assert_eq!(role("ceasefire"), None);
    }

    #[test]
    fn punctuation_stops() {
        for gap in [", ", " – ", "—", " -- ", "; ", " (", ") "] {
            assert!(stops(gap), "{gap}");
        }
        for gap in [" ", "-", "–", "’s ", ". ", "” ", ""] {
            assert!(!stops(gap), "{gap}");
        }
    }
}

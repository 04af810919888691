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
    /// All of them.
    pub const ALL: [Role; 14] = [
        Role::Clause,
        Role::Pronoun,
        Role::Apart,
        Role::Verb,
        Role::Auxiliary,
        Role::Link,
        Role::Place,
        Role::Circumstance,
        Role::Attribute,
        Role::Definite,
        Role::Determiner,
        Role::Modifier,
        Role::Participle,
        Role::Stop,
    ];

    /// The term that an index holds at the position of such a word.
    pub fn term(self) -> &'static str {
        match self {
            Role::Clause => "¶c",
            Role::Pronoun => "¶o",
            Role::Apart => "¶n",
            Role::Verb => "¶v",
            Role::Auxiliary => "¶x",
            Role::Link => "¶l",
            Role::Place => "¶e",
            Role::Circumstance => "¶i",
            Role::Attribute => "¶a",
            Role::Definite => "¶t",
            Role::Determiner => "¶d",
            Role::Modifier => "¶m",
            Role::Participle => "¶p",
            Role::Stop => "¶s",
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

//! Words of queries, and how the words of a phrase may change places.

use serde::Deserialize;

use super::Words;

/// Words of queries, and how the words of a phrase may change places.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queries {
    /// Prefixes that are written apart, with a hyphen or joined.
    pub prefixes: Words,
    /// Second parts of nouns from verbs with a particle: `break-in`.
    pub particles: Words,
    /// Words that are not the first part of a compound.
    pub not_first: Words,
    /// Small words, by normal form, that do not part the words of a phrase.
    pub between: Words,
    /// Units of measure, by normal form.
    pub measures: Words,
    /// Second parts of compounds that act as participles: `state-owned`.
    pub like_participles: Words,
    /// Titles and offices before a name.
    pub titles: Words,
    /// First words of offices of two words: `prime minister`.
    pub offices: Words,
    /// First parts of compounds that are not nouns.
    pub not_nouns: Words,
    /// Words that are written with and without a final `e`.
    pub silent_e: Words,
    /// Prepositions that part the head of a phrase from what modifies it.
    pub links: Words,
    /// Articles before a noun.
    pub articles: Words,
    /// What is after its verb, if not right after it: the `down` of `stepped down`.
    pub after_verbs: Words,
    /// Small words that do not narrow a search.
    pub small: Words,
}

//! Who says what, and what looks like a quotation but is none.

use serde::Deserialize;

use super::Words;

/// Who says what, and what looks like a quotation but is none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quotes {
    /// Cues of those who ask.
    pub asks: Words,
    /// Prepositions after a cue that say where or how it was said.
    pub placed: Words,
    /// Cues with the listener as their object.
    pub tells: Words,
    /// Forms of `be`.
    pub be: Words,
    /// What things go according to that says nothing.
    pub measures: Words,
    /// Cues that are often passive.
    pub passives: Words,
    /// Words that a clause starts with that is not what was said.
    pub clause_starts: Words,
    /// Words that do not count when spans are compared.
    pub function_words: Words,
    /// Cues of those who reply: another speaker than before.
    pub replies: Words,
    /// Cues of those who go on: the same speaker as before.
    pub adds: Words,
    /// Participles that add a quotation to another.
    pub adding: Words,
    /// First words of labels with a colon that name no speaker.
    pub headings: Words,
    /// Words that lead from a verb to what is said.
    pub prepositions: Words,
    /// Auxiliary verbs.
    pub auxiliaries: Words,
    /// Words that begin a clause before the main one.
    pub clause_leads: Words,
    /// Verbs that add little to the verb after them.
    pub light: Words,
    /// Words that are written with an apostrophe for letters left out at their start: `’em`.
    pub elisions: Words,
    /// Labels of turns in a transcript that name no person: `Q`, `The Court`.
    pub generic_labels: Words,
    /// Words that may be before an office in a label: `PRIME MINISTER RAY`.
    pub office_modifiers: Words,
    /// What stage directions in small letters start with; those in capitals are recognised by their case.
    pub directions: Words,
    /// Small words inside names and offices of labels.
    pub label_connectors: Words,
    /// Nouns that end like adverbs of manner.
    pub ly_nouns: Words,
    /// Words before an example of whom a source consists of.
    pub asides: Words,
    /// On what occasion something is said.
    pub occasions: Words,
    /// Cues of speech to somebody.
    pub talks: Words,
    /// Words that the subject of a clause may start with.
    pub subject_starts: Words,
    /// What comes after a question.
    pub answers: Words,
    /// Cues of saying and writing, as against attitudes and plans.
    pub reporting: Words,
    /// Pronouns: a source of pronouns alone describes no person.
    pub pronouns: Words,
    /// Words by which speakers mean themselves.
    pub selves: Words,
}

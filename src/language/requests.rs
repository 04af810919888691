//! Words of requests in plain English.

use serde::Deserialize;

use super::Words;

/// Words of requests, such as `every quote from Rubio about Putin in May 2025`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// Verbs that a request may begin with: `find me`.
    pub verbs: Words,
    /// Words before what is asked for.
    pub determiners: Words,
    /// Nouns for quotations.
    pub quotations: Words,
    /// Nouns for quotations that need a determiner or an owner: `every statement`, `Rubio's remarks`.
    pub statements: Words,
    /// Nouns for mentions.
    pub mentions: Words,
    /// Before a speaker.
    pub by: Words,
    /// Before a topic.
    pub about: Words,
    /// Forms of `say`.
    pub said: Words,
    /// Verbs before words that were said: `who used the word`.
    pub uttered: Words,
    /// What follows such a verb before the words: `the word`.
    pub terms: Words,
    /// Verbs before a topic: `who mentioned`.
    pub mentioned: Words,
    /// Verbs before a topic with its preposition: `who spoke about`.
    pub spoke: Words,
    /// Before or behind a name in a question: `what did Rubio say`, `what Rubio has said`.
    pub auxiliaries: Words,
    /// Of the passive: `what has been said`.
    pub passive: Words,
    /// Words for people that are no names.
    pub pronouns: Words,
    /// Before the period at the end of a request.
    pub during: Words,
    /// Before the end of a period.
    pub until: Words,
}

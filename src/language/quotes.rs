//! Who says what, and what looks like a quotation but is none.

use serde::Deserialize;

use super::Words;

/// Who says what, and what looks like a quotation but is none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quotes {
    /// Titles before the name of a speaker in a transcript, in lower case.
    pub titles: Words,
    /// What a turn of a transcript is headed by when it names nobody: `Q`, `The Court`.
    pub nobody: Words,
    /// Cues of those who ask.
    pub asks: Words,
    /// Prepositions behind a cue that say where or how it was said.
    pub placed: Words,
    /// Cues with the listener as their object.
    pub tells: Words,
    /// Forms of `be`.
    pub be: Words,
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
    /// First words of labels with a colon that name no speaker.
    pub headings: Words,
    /// Last words of labels with a colon that name a kind of article.
    pub sorts: Words,
    /// Auxiliary verbs.
    pub auxiliaries: Words,
    /// Verbs that add little to the verb behind them.
    pub light: Words,
    /// Words that are written with an apostrophe for letters left out at their start: `’em`.
    pub elisions: Words,
}

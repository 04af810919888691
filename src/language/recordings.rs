//! What messengers and meeting programs note among what people write and say.

use serde::Deserialize;

use super::Words;

/// What messengers and meeting programs note among what people write and say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recordings {
    /// Whole messages, in lower case without a full stop: a file was left out, a message was deleted.
    pub notes_of_chats: Words,
    /// How the last lines of a transcript open in which the service speaks of itself, in lower case.
    pub footers: Words,
    /// Lines above the turns that head a list of who speaks, or the turns, in lower case without a colon.
    pub heads: Words,
    /// What is before the name of who wrote a post, in the line below it, in lower case.
    pub posted_by: Words,
    /// Names of the columns of a table of turns, in lower case and without marks: when one begins.
    pub starts: Words,
    /// When it ends, or how long it is.
    pub ends: Words,
    /// What is said.
    pub words: Words,
    /// Who says it.
    pub speakers: Words,
    /// Columns beside these, of which nothing is read.
    pub numbers: Words,
}

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
    /// What is before the name of who wrote a post, in the line below it, in lower case.
    pub posted_by: Words,
}

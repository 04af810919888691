//! What is looked for in one field.

use super::need::Need;
use super::places::Sought;
use crate::text::normal::written;

/// What is looked for in one field, and by which terms.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) sought: Sought,
    /// What a document must hold to be looked at closely.
    pub(super) need: Need,
    /// The terms of each leaf, as they stand in the index.
    pub(super) leaves: Vec<Vec<String>>,
}

impl Plan {
    /// A word just as it was typed, but for case and diacritics; none for what is more than one word.
    pub(super) fn as_typed(word: &str) -> Option<Plan> {
        if !word.chars().all(char::is_alphabetic) {
            return None;
        }
        Some(Plan { sought: Sought::Leaf(0), need: Need::Leaf(0), leaves: vec![written(word).to_vec()] })
    }
}

/// How the text of a field was analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Analysis {
    /// Running text.
    Text,
    /// Names: no forms, no variants.
    Name,
}

//! Whether a word can start a name.

use crate::language::english;

/// Whether a word can start a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameStart {
    /// It has no capital.
    No,
    /// It is a small word with a capital because a sentence starts with it, unless it is beside other capitals.
    BesideCapitals,
    /// It has a capital.
    Yes,
}

impl NameStart {
    pub(super) fn of(word: &str) -> Self {
        if !word.chars().any(char::is_uppercase) {
            NameStart::No
        } else if english().names.small.contains(word) && word != "New" {
            NameStart::BesideCapitals
        } else {
            NameStart::Yes
        }
    }
}

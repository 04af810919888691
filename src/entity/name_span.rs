//! A name found in the text, not yet resolved.

use super::EntityKind;

/// Tokens `first` to before `end`, without title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NameSpan {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) kind: EntityKind,
    /// False if it may as well be no name, or one of another kind.
    pub(super) sure: bool,
}

impl NameSpan {
    /// A name without doubt.
    pub(super) fn new(first: usize, end: usize, kind: EntityKind) -> Self {
        NameSpan { first, end, kind, sure: true }
    }
}

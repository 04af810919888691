//! A name found in the text, not yet resolved.

use super::EntityKind;

/// Tokens `first` to before `end`, without title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NameSpan {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) kind: EntityKind,
}

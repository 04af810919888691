//! A name as it is found in the text, before anyone knows whose.

use super::EntityKind;

/// Tokens `first` to before `end`, without title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NameSpan {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) kind: EntityKind,
}

//! A name found in the text, not yet resolved.

use super::{Certainty, EntityKind};

/// Tokens `first` to before `end`, without title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NameSpan {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) kind: EntityKind,
    pub(super) certainty: Certainty,
}

impl NameSpan {
    /// A name without doubt.
    pub(super) fn new(first: usize, end: usize, kind: EntityKind) -> Self {
        NameSpan { first, end, kind, certainty: Certainty::Sure }
    }
}

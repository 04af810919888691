//! The variants of a query that an answer lists, and how one of them is looked for alone.

use crate::query::Atom;
use crate::search::Expansion;

/// A variant that was searched for, and the atom of the query it is one of; names are of none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listed {
    pub(super) atom: Option<Atom>,
    pub(super) expansion: Expansion,
}

/// An atom of which one variant alone is looked for.
pub(super) struct Narrowed {
    pub(super) atom: Atom,
    pub(super) way: Way,
}

/// Which variant that is.
pub(super) enum Way {
    /// In order and in every form, without synonyms.
    Ordered,
    /// The same, or near each other.
    Near,
    /// By this word of the index, as its term.
    Term(String),
    /// By this synonym, as it is listed.
    Synonym(String),
}

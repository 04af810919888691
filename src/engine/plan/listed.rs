//! The variants of a query that an answer lists, and how one of them is searched for alone.

use crate::query::Atom;
use crate::search::Expansion;

/// A variant that was searched for, and the atom of the query it is one of; names are of none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ListedVariant {
    pub(crate) atom: Option<Atom>,
    pub(crate) expansion: Expansion,
}

/// An atom of which one variant alone is searched for.
pub(crate) struct SingleVariant {
    pub(crate) atom: Atom,
    pub(crate) way: VariantKind,
}

/// Which variant that is.
pub(crate) enum VariantKind {
    /// In order and in every form, without synonyms.
    Ordered,
    /// The same, or near each other.
    Near,
    /// By this word of the index, as its term.
    Term(String),
    /// By this synonym, as it is listed.
    Synonym(String),
}

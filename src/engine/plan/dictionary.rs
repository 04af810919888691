//! The terms of one field, as planning needs them. Each backend has its own.

use crate::engine::Error;
use crate::language::Pack;

/// A term and the number of documents that hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) term: String,
    pub(crate) documents: u64,
}

/// The terms of one field.
pub(crate) trait Dictionary {
    /// The number of documents that hold a term; deleted ones may count.
    fn documents(&self, term: &str) -> Result<u64, Error>;

    /// The terms under which every text is found that holds the normal form `normal`.
    fn class(&self, normal: &str) -> Result<Vec<String>, Error>;

    /// Every word as written that starts with `prefix` and fits, the most frequent first. The terms are as they are looked
    /// up: a word that is part of a multi-token unit has its mark.
    fn words(&self, prefix: &str, fits: &dyn Fn(&str) -> bool) -> Result<Vec<Counted>, Error>;

    /// The packs of the languages other than English that the index holds.
    fn languages(&self) -> Vec<&'static Pack> {
        Vec::new()
    }

    /// True if much of the index is in this language, so that a look at every word for its compounds is worth its time.
    fn is_mainly(&self, _pack: &Pack) -> bool {
        false
    }

    /// True if any document holds a term.
    fn has(&self, term: &str) -> Result<bool, Error> {
        Ok(self.documents(term)? > 0)
    }
}

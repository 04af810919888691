//! An open index, whichever engine it belongs to.

use super::Error;
use crate::index::{IndexStats, Key, Manifest, State};
use crate::search::{Annotated, Backend};

/// A backend with what is known of its index beside answers. Servers and commands need nothing else of an index.
pub trait OpenIndex: Backend {
    /// What its last commit says.
    fn state(&self) -> &State;

    /// Counts what it holds.
    fn stats(&self) -> Result<IndexStats, Error>;

    /// What was ingested.
    fn manifest(&self) -> Result<Manifest, Error>;

    /// The article whose id has this key.
    fn article_of(&self, key: Key) -> Result<Option<Annotated>, Error>;

    /// The article with exactly this id.
    fn article_with(&self, id: &str) -> Result<Option<Annotated>, Error> {
        self.article_of(Key::of(id))
    }

    /// The same over the articles of these collections alone, as if there were no others.
    fn within(&self, collections: &[String]) -> Result<Box<dyn OpenIndex>, Error>;

    /// True if its index is still as it was opened.
    fn is_current(&self) -> Result<bool, Error>;

    /// Reads what every request needs, so that the first does not wait for it.
    fn warm(&self) -> Result<(), Error>;
}

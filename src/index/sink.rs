//! What an ingest writes into: an index on this machine, or a cluster.

use super::{ArticleBlock, Error, Index, Key, SharedManifest, SourceId, State};
use crate::search::Annotated;

/// The articles of an index, as an ingest finds them.
pub trait Present: Sync {
    /// The texts of the article with this id; none if it is not there, or cannot be read.
    fn texts_of(&self, id: &str) -> Option<Annotated>;
}

impl Present for Index {
    fn texts_of(&self, id: &str) -> Option<Annotated> {
        let at = self.find(id).ok()??;
        self.texts(at).ok()
    }
}

/// Takes articles in and out; what was done lasts from the next commit on.
pub trait Sink {
    /// What was ingested so far.
    fn manifest(&self) -> SharedManifest;

    /// Puts an article in, in place of what there was with its key.
    fn put(&mut self, article: ArticleBlock, source: SourceId) -> Result<(), Error>;

    /// Takes an article out.
    fn remove(&mut self, key: Key) -> Result<(), Error>;

    /// Makes all of it last.
    fn commit(&mut self) -> Result<State, Error>;

    /// Commits, and brings up to date what is derived from the articles.
    fn finish(self: Box<Self>) -> Result<State, Error>;

    /// True if nothing of it counts before it is finished.
    fn is_rebuild(&self) -> bool;
}

//! An index in memory over some articles of a collection.

use std::path::Path;
use std::sync::Arc;

use super::custody::Sources;
use super::nested::{self, StoredBlock};
use super::{Collection, Error, Index, Paths};

impl Index {
    /// An index over these articles of a collection. `name` is that of the collection in messages, `paths` shows where
    /// its articles were read, `sources` what is known of these files.
    pub fn over(
        blocks: Vec<StoredBlock>,
        collection: Arc<Collection>,
        name: &Path,
        paths: Paths,
        sources: Sources,
    ) -> Result<Self, Error> {
        let (searcher, fields) = nested::searcher(blocks).map_err(|error| Error::tantivy(name, error))?;
        Ok(Index::of_part(name, paths, searcher, fields, collection, sources))
    }
}

//! An index in memory over some articles of a corpus.

use std::path::Path;
use std::sync::Arc;

use super::custody::Sources;
use super::duplicates::DuplicateGroups;
use super::nested::{self, StoredBlock};
use super::{CorpusStatistics, Error, Index, Paths};

/// What an index keeps beside its articles.
#[derive(Clone, Default)]
pub struct Beside {
    /// What is known of the files that its articles were read from.
    pub sources: Sources,
    /// The groups of near-duplicates.
    pub groups: DuplicateGroups,
}

impl Beside {
    /// Reads those files of a commit that it has; none if that of the groups is damaged.
    pub fn read(sources: Option<Vec<u8>>, groups: Option<&[u8]>) -> Option<Self> {
        let groups = groups.map_or_else(|| Some(DuplicateGroups::default()), DuplicateGroups::parse)?;
        Some(Beside { sources: sources.map(Sources::read).unwrap_or_default(), groups })
    }
}

impl Index {
    /// An index over these articles of a corpus. `name` is that of the corpus in messages, `paths` shows where
    /// its articles were read.
    pub fn over(
        blocks: Vec<StoredBlock>,
        corpus: Arc<CorpusStatistics>,
        name: &Path,
        paths: Paths,
        beside: Beside,
    ) -> Result<Self, Error> {
        let (searcher, fields) = nested::searcher(blocks).map_err(|error| Error::tantivy(name, error))?;
        Index::of_part(name, paths, searcher, fields, corpus, beside)
    }
}

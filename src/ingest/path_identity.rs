//! Path identity while files are read: each file once, under the name it is stored by, and none of the index's own.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_64;

use crate::article::{Place, Problem, Skip};
use crate::index::{Paths, STANDARD_INPUT};

/// Finds the name of each file of a pass.
pub(super) struct PathIdentity<'a> {
    paths: &'a Paths,
    /// The real path of the index.
    index: PathBuf,
    /// Hashes of the real paths of the files found in this pass.
    found: FxHashSet<u64>,
    /// The folder of the last file and its real path: files come folder by folder.
    folder: Option<(PathBuf, PathBuf)>,
}

/// A file and its names.
pub(super) struct Identity {
    /// The name under which it is stored.
    pub(super) stored: String,
    /// Its real path.
    pub(super) real: PathBuf,
}

impl<'a> PathIdentity<'a> {
    /// For a pass that ingests into the index in `dir`.
    pub(super) fn new(paths: &'a Paths, dir: &Path) -> Self {
        PathIdentity { paths, index: paths.real(dir), found: FxHashSet::default(), folder: None }
    }

    /// The names of the file at `path`; `None` if this pass found it before or if it belongs to the index.
    pub(super) fn of(&mut self, path: &Path) -> Option<Result<Identity, Skip>> {
        if path.as_os_str() == STANDARD_INPUT {
            return Some(Ok(Identity { stored: STANDARD_INPUT.to_owned(), real: path.to_owned() }));
        }
        let real = self.real(path);
        if real.starts_with(&self.index) || !self.found.insert(xxh3_64(real.as_os_str().as_encoded_bytes())) {
            return None;
        }
        let Some(stored) = self.paths.stored(&real).map(str::to_owned) else {
            return Some(Err(Skip::new(Place::file(path.to_string_lossy()), Problem::Unnameable)));
        };
        Some(Ok(Identity { stored, real }))
    }

    /// The real path of a file, its own name as it is: a link to a file is a source of its own.
    fn real(&mut self, path: &Path) -> PathBuf {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let real = match &self.folder {
            Some((last, real)) if last == folder => real,
            _ => &self.folder.insert((folder.to_owned(), self.paths.real(folder))).1,
        };
        real.join(path.file_name().unwrap_or_default())
    }
}

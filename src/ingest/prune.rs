//! Which sources are gone: below the paths given to a run that prunes, not found by it, and not on disk.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use walkdir::{DirEntry, WalkDir};
use xxhash_rust::xxh3::xxh3_64;

use crate::index::{Manifest, Paths, STANDARD_INPUT, SourceId, is_gone};

/// What a run found on disk.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Whether anything is recorded: only runs that prune need it.
    tracks: bool,
    /// Hashes of the stored paths of all files, readable or not.
    files: FxHashSet<u64>,
    /// Real paths of folders that could not be read: their files may still be there.
    unreadable: Vec<PathBuf>,
}

impl Found {
    /// Nothing found yet; `tracks` if the run prunes.
    pub(super) fn new(tracks: bool) -> Self {
        Found { tracks, ..Found::default() }
    }

    /// A file exists.
    pub(super) fn add(&mut self, stored: &str) {
        if self.tracks {
            self.files.insert(xxh3_64(stored.as_bytes()));
        }
    }

    /// A folder cannot be read.
    pub(super) fn add_unreadable(&mut self, real: PathBuf) {
        self.unreadable.push(real);
    }

    /// The sources below `roots` (real paths) that are gone.
    pub(super) fn gone(&self, roots: &[PathBuf], manifest: &Manifest, paths: &Paths) -> FxHashSet<SourceId> {
        if roots.is_empty() {
            return FxHashSet::default();
        }
        let below = |real: &Path, folders: &[PathBuf]| folders.iter().any(|folder| real.starts_with(folder));
        let gone = manifest.sources().filter(|(_, source)| {
            if source.path == STANDARD_INPUT || self.files.contains(&xxh3_64(source.path.as_bytes())) {
                return false;
            }
            let real = paths.of_stored(&source.path);
            below(&real, roots) && !below(&real, &self.unreadable) && is_gone(&real)
        });
        gone.map(|(id, _)| id).collect()
    }
}

/// True if a folder is missing or empty that gave articles: it may be a disk that is not there just now.
pub(super) fn is_away(root: &Path, manifest: &Manifest, paths: &Paths) -> bool {
    let below = |path: &str| {
        let real = paths.of_stored(path);
        real != root && real.starts_with(root)
    };
    !holds_a_file(root) && manifest.sources().any(|(_, source)| below(&source.path))
}

/// True for a file, and for a folder with one below it.
pub(super) fn holds_a_file(root: &Path) -> bool {
    holds_other_files(root, None)
}

/// The same, whatever lies below `but`.
pub(super) fn holds_other_files(root: &Path, but: Option<&Path>) -> bool {
    let is_file = |entry: walkdir::Result<DirEntry>| entry.map_or(true, |entry| !entry.file_type().is_dir());
    let is_other = |entry: &DirEntry| but.is_none_or(|but| entry.path() != but);
    root.exists() && WalkDir::new(root).into_iter().filter_entry(is_other).any(is_file)
}

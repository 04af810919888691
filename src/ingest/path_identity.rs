//! One file, one name: `corpus/a.txt`, `../here/corpus/a.txt` and the same through a linked folder are one source.

use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use crate::index::{Manifest, SharedManifest, SourceId};

/// Finds the name under which a file is known. Files are told apart by a hash of where they really stand.
pub(super) struct PathIdentity<'a> {
    manifest: &'a SharedManifest,
    /// Files met in this pass.
    met: FxHashSet<u64>,
    /// Where the sources stand that were known before; looked up once a path comes that is none of theirs.
    known: Option<FxHashMap<u64, SourceId>>,
    folders: Folders,
    /// Where the index itself stands, if that is below a path to be read.
    index: Option<PathBuf>,
}

impl<'a> PathIdentity<'a> {
    /// For a pass over `paths` into the index in `dir`.
    pub(super) fn new(manifest: &'a SharedManifest, paths: &[PathBuf], dir: &Path) -> Self {
        let index = dir.canonicalize().ok();
        let within = |index: &PathBuf, path: &PathBuf| {
            path.canonicalize().is_ok_and(|path| path != *index && index.starts_with(path))
        };
        let index = index.filter(|index| paths.iter().any(|path| within(index, path)));
        PathIdentity { manifest, met: FxHashSet::default(), known: None, folders: Folders::default(), index }
    }

    /// The path under which the file at `path` is known, or itself; none if it was met before in this pass, and for the
    /// files of the index itself, which lies below `.` unless told otherwise.
    pub(super) fn of(&mut self, path: &Path) -> Option<PathBuf> {
        if path.as_os_str() == "-" {
            return Some(path.to_owned());
        }
        let place = self.folders.place(path);
        let of_index = |index: &PathBuf| self.folders.last().is_some_and(|folder| folder.starts_with(index));
        if !self.met.insert(place) || self.index.as_ref().is_some_and(of_index) {
            return None;
        }
        let manifest = self.manifest.read();
        if manifest.source_at(&path.to_string_lossy()).is_some() {
            return Some(path.to_owned());
        }
        let known = self.known.get_or_insert_with(|| places(&manifest));
        let name = known.get(&place).and_then(|&id| manifest.source(id)).map(|source| PathBuf::from(&source.path));
        Some(name.unwrap_or_else(|| path.to_owned()))
    }
}

/// Where every known source stands, seen from here.
fn places(manifest: &Manifest) -> FxHashMap<u64, SourceId> {
    let mut folders = Folders::default();
    manifest.sources().map(|(id, source)| (folders.place(Path::new(&source.path)), id)).collect()
}

/// Folders and where they really stand. Files come folder by folder, so the last one is nearly always the next one.
#[derive(Default)]
struct Folders {
    last: Option<(PathBuf, PathBuf)>,
}

impl Folders {
    /// A hash of where a file really stands, its own name as it is: a link to a file is another source than the file.
    fn place(&mut self, path: &Path) -> u64 {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let real = match &self.last {
            Some((last, real)) if last == folder => real,
            _ => {
                // A folder that is gone has no place but its name.
                let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
                &self.last.insert((folder.to_owned(), real)).1
            }
        };
        let name = path.file_name().unwrap_or_default();
        xxh3_64(real.join(name).as_os_str().as_encoded_bytes())
    }

    /// Where the folder of the last file really stands.
    fn last(&self) -> Option<&Path> {
        self.last.as_ref().map(|(_, real)| real.as_path())
    }
}

//! Files that moved. An article that has no address of its own is named by its file, so what people made of it goes along:
//! tags and notes, corrections, earlier texts, and that it was removed.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use super::prune::holds_other_files;
use crate::article::Meta;
use crate::corrections::Corrections;
use crate::index::versions::Versions;
use crate::index::{self, Paths, is_gone};
use crate::marks::Marks;
use crate::user::UserFiles;

/// Gives articles whose files moved their new ids in everything that people made. `moved` holds the stored paths of
/// sources, the new by the old.
pub(super) fn carry(files: &UserFiles, moved: &FxHashMap<String, String>) -> Result<(), index::Error> {
    if moved.is_empty() {
        return Ok(());
    }
    let renamed = |id: &str| {
        let of_record = id.match_indices('!').map(|(at, _)| id.split_at(at));
        let mut ways = std::iter::once((id, "")).chain(of_record);
        ways.find_map(|(path, record)| moved.get(path).map(|new| format!("{new}{record}")))
    };
    Marks::of(files.clone()).rename(renamed)?;
    Corrections::rename(files, renamed)?;
    Versions::among(files.clone()).rename(renamed)?;
    Ok(())
}

/// An error unless everything is where it is said to have moved to, and nothing where it was.
pub(super) fn check(moved: &[(PathBuf, PathBuf)], paths: &Paths) -> Result<(), index::Error> {
    for (old, new) in moved {
        let [before, now] = [old, new].map(|path| paths.real(path));
        if is_gone(&now) {
            return Err(index::Error::Moved { path: new.clone(), what: "not there" });
        }
        if holds_other_files(&before, Some(&now)) {
            return Err(index::Error::Moved { path: old.clone(), what: "still there" });
        }
    }
    Ok(())
}

/// Folders and files that moved: real paths, before and now.
#[derive(Debug)]
pub(super) struct Moves {
    moved: Vec<[PathBuf; 2]>,
    paths: Paths,
}

impl Moves {
    /// From where to where.
    pub(super) fn new(moved: &[[PathBuf; 2]], paths: &Paths) -> Self {
        let moved = moved.iter().map(|both| both.each_ref().map(|path| paths.real(path)));
        Moves { moved: moved.collect(), paths: paths.clone() }
    }

    /// The ids that an article had before its file moved, if it is named by its file.
    pub(super) fn ids_before(&self, article: &Meta) -> impl Iterator<Item = String> {
        let record = article.id.strip_prefix(&article.path);
        let real = self.paths.of_stored(&article.path);
        self.moved.iter().filter_map(move |[old, new]| {
            let rest = real.strip_prefix(new).ok()?;
            let before = if rest.as_os_str().is_empty() { old.clone() } else { old.join(rest) };
            Some(format!("{}{}", self.paths.stored(&before)?, record?))
        })
    }
}

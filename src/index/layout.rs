//! The folders of an index.
//!
//! ```text
//! DIR/derived/   tantivy's files, the manifest, the names: can always be made again from the sources
//! DIR/user/      what people made; see [`crate::user`]
//! DIR/writer.lock
//! ```
//!
//! A rebuild writes into `DIR/derived.new`, which then takes the place of `DIR/derived`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Error;
use crate::user::{ALIASES, SYNONYMS, UserFiles};

/// What a commit consists of.
pub(super) const META: &str = "meta.json";
/// Where tantivy keeps a list of its files; see [`LockedDirectory`](super::locked_directory::LockedDirectory).
pub(super) const MANAGED: &str = ".managed.json";

/// The half of the index in `dir` that can be made again.
pub fn derived(dir: &Path) -> PathBuf {
    dir.join("derived")
}

/// Where a rebuild writes.
pub(super) fn rebuilt(dir: &Path) -> PathBuf {
    dir.join("derived.new")
}

/// Where the old half is kept for the moment in which the rebuilt one takes its place.
fn replaced(dir: &Path) -> PathBuf {
    dir.join("derived.old")
}

/// True if `dir` holds an index of the first format, which had its files in `dir` itself.
pub(super) fn is_flat(dir: &Path) -> bool {
    dir.join(META).is_file() && !derived(dir).exists()
}

/// Moves the user's files of an index of the first format to their place. The writer's lock must be held.
pub(super) fn adopt_user_files(dir: &Path) -> Result<(), crate::user::Error> {
    let files = UserFiles::of(dir);
    [ALIASES, SYNONYMS].iter().try_for_each(|name| files.adopt(&dir.join(name), name))
}

/// Finishes a replacement that was cut short. The writer's lock must be held.
pub(super) fn recover(dir: &Path) -> Result<(), Error> {
    let failed = |source| Error::io(dir, source);
    if !derived(dir).exists() && replaced(dir).exists() {
        // The new half was complete before the old one was moved away.
        let next = if rebuilt(dir).exists() { rebuilt(dir) } else { replaced(dir) };
        fs::rename(next, derived(dir)).map_err(failed)?;
    }
    if derived(dir).exists() {
        // What an unfinished rebuild left is of no use.
        remove(&rebuilt(dir)).map_err(failed)?;
        remove(&replaced(dir)).map_err(failed)?;
        remove_flat(dir).map_err(failed)?;
    }
    Ok(())
}

/// Puts the rebuilt half in place of the old one. The writer's lock must be held.
pub(super) fn replace(dir: &Path) -> Result<(), Error> {
    let failed = |source| Error::io(dir, source);
    remove(&replaced(dir)).map_err(failed)?;
    if derived(dir).exists() {
        fs::rename(derived(dir), replaced(dir)).map_err(failed)?;
    }
    fs::rename(rebuilt(dir), derived(dir)).map_err(failed)?;
    remove(&replaced(dir)).map_err(failed)?;
    remove_flat(dir).map_err(failed)
}

/// Removes a folder, if it is there.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Removes the files of an index of the first format: `meta.json` last, which tells that there is one.
fn remove_flat(dir: &Path) -> io::Result<()> {
    if !dir.join(META).is_file() {
        return Ok(());
    }
    for name in files(dir)? {
        if is_tantivys(&name)
            || name.starts_with("manifest-")
            || name.starts_with("names")
            || name.starts_with(".tantivy")
        {
            fs::remove_file(dir.join(&name))?;
        }
    }
    let _ = fs::remove_file(dir.join(MANAGED));
    fs::remove_file(dir.join(META))
}

/// Names of the files in a folder.
pub(super) fn files(folder: &Path) -> io::Result<Vec<String>> {
    let names = fs::read_dir(folder)?.map(|file| Ok(file?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

/// True if tantivy names its segment files so: 32 hexadecimal digits, then what the file holds.
pub(super) fn is_tantivys(name: &str) -> bool {
    name.split_once('.').is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}

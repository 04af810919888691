//! Files that moved. An article that has no address of its own is named by its file, so what people made of it goes along:
//! tags and notes, corrections, earlier texts, and that it was removed.

use std::path::Path;

use rustc_hash::FxHashMap;
use walkdir::WalkDir;

use crate::corrections::Corrections;
use crate::index::removal::{put_on_list, removed_keys};
use crate::index::versions::Versions;
use crate::index::{self, Key, Manifest, Paths};
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

/// Puts the files below `new` on the list of what was removed if they are on it by the path they had below `old`.
pub(super) fn keep_out(
    files: &UserFiles,
    [old, new]: [&Path; 2],
    paths: &Paths,
    manifest: &mut Manifest,
) -> Result<(), index::Error> {
    let list = removed_keys(files)?;
    if list.is_empty() {
        return Ok(());
    }
    let (old, new) = (paths.real(old), paths.real(new));
    let was_removed = |file: &Path| {
        let rest = file.strip_prefix(&new).ok()?;
        let before = if rest.as_os_str().is_empty() { old.clone() } else { old.join(rest) };
        let listed = paths.stored(&before).is_some_and(|stored| list.contains(&Key::of(stored)));
        if listed { paths.stored(file).map(str::to_owned) } else { None }
    };
    let there = WalkDir::new(&new).into_iter().flatten().filter(|entry| !entry.file_type().is_dir());
    let ids: Vec<String> = there.filter_map(|entry| was_removed(entry.path())).collect();
    if !ids.is_empty() {
        put_on_list(files, &ids, false)?;
        // None of them is in the index yet.
        manifest.set_removed(removed_keys(files)?);
    }
    Ok(())
}

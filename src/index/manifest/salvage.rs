//! The sources of a damaged index that can still be read: what a rebuild starts from.
//!
//! Reads every file of the manifest that is whole, whether or not the last commit can be read, and the paths in the
//! stored articles where a file of the manifest is not.

use std::collections::BTreeMap;
use std::path::Path;

use tantivy::DocAddress;

use super::Manifest;
use super::files::read_file;
use crate::index::layout::{self, derived};
use crate::index::{Index, Paths, checksums, open};

/// A source that an index was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSource {
    /// Its path, as the current folder sees it.
    pub path: String,
    /// How many articles of it the index holds, if known.
    pub articles: u64,
}

/// The sources of the index in `dir`, of whatever format and however damaged, sorted by path.
pub fn salvage(dir: &Path) -> Vec<KnownSource> {
    let folder = if layout::is_flat(dir) { dir.to_owned() } else { derived(dir) };
    let listed = open::read_state(dir).map(|state| state.manifest).unwrap_or_default();
    let (manifest, whole) = readable(&folder, &listed);
    let paths = Paths::new(dir);
    // The first format kept paths as they were given.
    let shown = |path: &str| if layout::is_flat(dir) { path.to_owned() } else { paths.shown(path) };
    let mut sources: BTreeMap<String, u64> = BTreeMap::new();
    for (_, source) in manifest.sources() {
        sources.insert(shown(&source.path), 0);
    }
    for (_, entry) in manifest.articles() {
        if let Some(source) = manifest.source(entry.source) {
            *sources.entry(shown(&source.path)).or_default() += 1;
        }
    }
    if !whole && !layout::is_flat(dir) {
        for path in stored_paths(dir, &folder) {
            sources.entry(path).or_insert(1);
        }
    }
    sources.into_iter().map(|(path, articles)| KnownSource { path, articles }).collect()
}

/// What the files of the manifest say that can be read, and whether all of them can, those listed by the commit included.
fn readable(folder: &Path, listed: &[String]) -> (Manifest, bool) {
    let mut names = layout::files(folder).unwrap_or_default();
    names.retain(|name| name.starts_with("manifest-"));
    names.sort_unstable();
    let mut manifest = Manifest::default();
    let mut whole = !names.is_empty() && listed.iter().all(|name| names.contains(name));
    for name in names {
        whole &= read_file(folder, &name, |change| manifest.replay(change)).is_ok();
    }
    (manifest, whole)
}

/// The paths of all stored articles; none unless every file of the segments is whole.
fn stored_paths(dir: &Path, folder: &Path) -> Vec<String> {
    let Ok(state) = open::read_state(dir) else { return Vec::new() };
    for (name, listed) in state.files.iter().filter(|(name, _)| layout::is_tantivys(name)) {
        if checksums::FileSum::of_file(&folder.join(name)).ok().as_ref() != Some(listed) {
            return Vec::new();
        }
    }
    let Ok(index) = Index::open_segments(dir) else { return Vec::new() };
    let documents: Vec<DocAddress> = index.articles().unwrap_or_default();
    documents.into_iter().filter_map(|at| Some(index.meta(at).ok()?.path)).collect()
}

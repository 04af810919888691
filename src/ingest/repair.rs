//! Making an index whole again: reading what is damaged from its sources, or all of it anew.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use rustc_hash::FxHashSet;

use super::prune::holds_a_file;
use super::{Options, Progress, Summary, ingest, update};
use crate::index::verify::{Finding, Issue, verify};
use crate::index::{self, Key, KnownSource, Paths, SourceEntry, Writer, WriterSettings, is_gone, salvage};

/// Repairs the index in `dir`, given what [`verify`] found.
///
/// Damaged articles are read again from their sources. If files of the index are damaged, or reading articles again is not
/// enough, the whole index is made anew beside the present one and takes its place. Articles whose source cannot be read now
/// are taken over from the present one; those whose source is gone are lost, and each such source is reported; where a whole
/// folder of sources is gone, it fails and changes nothing. Stopped or killed at any moment, it leaves an index that can be
/// repaired again.
pub fn repair(
    dir: &Path,
    findings: &[Finding],
    options: &Options,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Summary, index::Error> {
    let rebuild = || Options { rebuild: true, ..options.clone() };
    if findings.iter().any(|finding| finding.what.needs_rebuild(finding.place.as_ref())) {
        return ingest(dir, &[], &rebuild(), stop, progress);
    }
    let settings = WriterSettings { threads: 1, memory: 0, wait: options.wait };
    let mut writer = Writer::open(dir, settings)?;
    for finding in findings.iter().filter(|finding| matches!(finding.what, Issue::Article(_))) {
        if let Some(place) = &finding.place {
            forget(&mut writer, &place.path)?;
        }
    }
    writer.commit()?;
    drop(writer);
    // Reading all sources that are there finds what changed and what was cut short.
    let summary = update(dir, &present(&salvage(dir)), false, options, stop, progress)?;
    let mut damaged = false;
    if !summary.stopped {
        verify(dir, &mut |finding| damaged |= matches!(finding.what, Issue::File(_) | Issue::Article(_)))?;
    }
    if damaged { ingest(dir, &[], &rebuild(), stop, progress) } else { Ok(summary) }
}

/// The paths of the sources that are there, or may be: what cannot be looked at is told when it is read.
pub(super) fn present(sources: &[KnownSource]) -> Vec<PathBuf> {
    sources.iter().map(|source| PathBuf::from(&source.path)).filter(|path| !is_gone(path)).collect()
}

/// The sources that hold articles of the index and are gone.
pub(super) fn gone(sources: &[KnownSource]) -> impl Iterator<Item = &KnownSource> {
    sources.iter().filter(|source| source.articles > 0 && is_gone(Path::new(&source.path)))
}

/// The folder that articles come from and that holds no file any more: it may be a disk that is not there just now.
pub(super) fn away(sources: &[KnownSource], roots: &[PathBuf], paths: &Paths) -> Option<PathBuf> {
    let holding = sources.iter().filter(|source| source.articles > 0);
    let holding: Vec<PathBuf> = holding.map(|source| paths.real(Path::new(&source.path))).collect();
    let is_away = |root: &&PathBuf| {
        !holds_a_file(root) && holding.iter().any(|source| source != *root && source.starts_with(root))
    };
    roots.iter().find(is_away).cloned()
}

/// Takes the articles of a source out, so that it is read as if it were new.
fn forget(writer: &mut Writer, path: &str) -> Result<(), index::Error> {
    let manifest = writer.manifest();
    let Some(id) = manifest.read().source_at(path).map(|(id, _)| id) else { return Ok(()) };
    let keys: FxHashSet<Key> = {
        let manifest = manifest.read();
        manifest.articles().filter(|(_, entry)| entry.source == id).map(|(key, _)| key).collect()
    };
    for key in keys {
        writer.remove(key)?;
    }
    manifest.write().update_source(id, SourceEntry::unread(path));
    Ok(())
}

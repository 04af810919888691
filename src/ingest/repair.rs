//! Mending an index: what is broken is taken out and read again from its source.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use rustc_hash::FxHashSet;

use super::{Options, Progress, Summary, ingest};
use crate::index::verify::{Finding, Issue};
use crate::index::{self, Key, SourceEntry, Writer, WriterSettings};

/// Reads again what `findings` name as broken, from sources that are still there; what is gone stays as it is.
///
/// Stopped or killed at any moment, it leaves an index that the next repair goes on with.
pub fn repair(
    dir: &Path,
    findings: &[Finding],
    options: &Options,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Summary, index::Error> {
    let settings = WriterSettings { threads: 1, memory: 0, wait: options.wait };
    let rebuild = findings.iter().any(|finding| match finding.what {
        Issue::File(_) => true,
        Issue::Article(_) => finding.place.is_none(),
        Issue::Unfinished | Issue::Changed | Issue::Unreadable(_) | Issue::Gone => false,
    });
    let mut writer = Writer::open(dir, settings)?;
    if rebuild {
        writer.clear()?;
    } else {
        for finding in findings.iter().filter(|finding| matches!(finding.what, Issue::Article(_))) {
            if let Some(place) = &finding.place {
                forget(&mut writer, &place.path)?;
            }
        }
    }
    writer.commit()?;
    // What changed and what was cut short is found out by ingesting all that is there.
    let sources: Vec<PathBuf> = {
        let manifest = writer.manifest();
        let manifest = manifest.read();
        manifest.sources().map(|(_, source)| PathBuf::from(&source.path)).filter(|path| path.exists()).collect()
    };
    drop(writer);
    ingest(dir, &sources, options, stop, progress)
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

//! The reader: walks the paths, leaves out files that are as they were, unpacks the others and hands out the records.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use crossbeam_channel::Sender;

use super::path_identity::PathIdentity;
use super::{Options, ledger::Event, panics};
use crate::article::{self, Content, Place, Problem, Raw, Skip, Unpacked};
use crate::index::{Key, SharedManifest, Stamp, fingerprint};

/// A batch is handed out once its records are this large together: enough that a worker seldom turns from one model to the
/// next, little enough that the channel between threads never holds more than a few megabytes.
const BATCH_BYTES: usize = 512 * 1024;

/// Size assumed for a record made of fields, whose bytes are not counted.
const FIELDS_BYTES: usize = 4096;

/// A record of a source on its way to be understood.
pub(super) struct Record {
    /// Number of its source in this pass.
    pub(super) source: u32,
    /// Its place in the source.
    pub(super) number: u32,
    /// The article as stored, or why there is none.
    pub(super) raw: Result<Raw, Skip>,
}

/// Reads all files below `paths` but those of the index in `dir`, until `stop` is set or nobody listens any more.
pub(super) fn read(
    paths: &[PathBuf],
    dir: &Path,
    options: &Options,
    manifest: &SharedManifest,
    stop: &AtomicBool,
    to_workers: Sender<Vec<Record>>,
    to_ledger: &Sender<Event>,
) {
    let mut reader = Reader { options, manifest, stop, to_workers, to_ledger, batch: Vec::new(), bytes: 0, sources: 0 };
    let mut paths_seen = PathIdentity::new(manifest, paths, dir);
    for file in article::files(paths) {
        let goes_on = match file {
            Ok(path) => match paths_seen.of(&super::plain(&path)) {
                Some(path) => reader.file(&path),
                None => ControlFlow::Continue(()),
            },
            Err(skip) => reader.tell(Event::Skipped(skip)),
        };
        if goes_on.is_break() {
            break;
        }
    }
    let _ = reader.hand_out();
}

struct Reader<'a> {
    options: &'a Options,
    manifest: &'a SharedManifest,
    stop: &'a AtomicBool,
    to_workers: Sender<Vec<Record>>,
    to_ledger: &'a Sender<Event>,
    batch: Vec<Record>,
    /// Bytes of the records in the batch.
    bytes: usize,
    /// Sources begun so far.
    sources: u32,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path) -> ControlFlow<()> {
        if self.stop.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        let name = path.to_string_lossy().into_owned();
        // Neither read nor remembered: a path may hold the headline.
        if self.manifest.read().is_removed(Key::of(&name)) {
            return self.tell(Event::Removed { path: name });
        }
        let seen = Seen::look(path);
        match seen.compare(path, &name, self.manifest) {
            Compared::Same(stamp) => self.tell(Event::Unchanged { path: name, stamp }),
            Compared::Changed(hash) => self.open(path, name, &seen, hash),
        }
    }

    fn open(&mut self, path: &Path, name: String, seen: &Seen, hash: u128) -> ControlFlow<()> {
        let source = self.sources;
        self.sources += 1;
        self.tell(Event::SourceStarted { source, path: name.clone() })?;
        let mut records = 0;
        let options = self.options;
        let place = Place::file(name);
        let mut push = |raw| {
            if self.stop.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            let record = Record { source, number: records, raw };
            records += 1;
            self.push(record)
        };
        let unpacked = panics::catch(|| article::unpack_as(path, place.clone(), &options.reading, &mut push))
            .unwrap_or_else(|message| {
                let flow = push(Err(Skip::new(place.clone(), Problem::Panicked(message))));
                Unpacked { flow, fault: false }
            });
        let at_rest = Seen::look(path).is_as(seen);
        let whole = unpacked.flow.is_continue() && at_rest;
        if unpacked.flow.is_continue() && !at_rest {
            self.tell(Event::Skipped(Skip::new(place, Problem::Unsettled)))?;
        }
        // The next run reads a file again that changed meanwhile or that the operating system failed to deliver.
        let stamp = seen.stamp.filter(|_| whole && !unpacked.fault && hash != 0);
        self.tell(Event::SourceEnded { source, records, whole: whole && !unpacked.fault, stamp, hash })?;
        unpacked.flow
    }

    fn push(&mut self, record: Record) -> ControlFlow<()> {
        self.bytes += record.raw.as_ref().map_or(0, |raw| match &raw.content {
            Content::Bytes(bytes) => bytes.len(),
            Content::Fields(_) => FIELDS_BYTES,
        });
        self.batch.push(record);
        if self.bytes >= BATCH_BYTES || self.batch.len() >= BATCH_BYTES / 256 {
            self.hand_out()
        } else {
            ControlFlow::Continue(())
        }
    }

    fn hand_out(&mut self) -> ControlFlow<()> {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        listening(batch.is_empty() || self.to_workers.send(batch).is_ok())
    }

    fn tell(&self, event: Event) -> ControlFlow<()> {
        listening(self.to_ledger.send(event).is_ok())
    }
}

fn listening(yes: bool) -> ControlFlow<()> {
    if yes { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// A file as it was seen; standard input and what can't be looked at have no stamp.
struct Seen {
    stamp: Option<Stamp>,
    /// When it was changed, whether that can be relied on or not.
    modified: Option<SystemTime>,
}

enum Compared {
    /// As it was when last read; its time may be another.
    Same(Stamp),
    /// New or changed; with its hash, as far as one could be taken.
    Changed(u128),
}

impl Seen {
    fn look(path: &Path) -> Self {
        let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file);
        Seen {
            stamp: metadata.as_ref().map(fingerprint::stamp),
            modified: metadata.and_then(|metadata| metadata.modified().ok()),
        }
    }

    /// True if nothing tells that the file changed between two looks.
    fn is_as(&self, before: &Seen) -> bool {
        let size = |seen: &Seen| seen.stamp.map(|stamp| stamp.size);
        size(self) == size(before) && self.modified == before.modified
    }

    /// Metadata first; the bytes are read only where it does not tell.
    fn compare(&self, path: &Path, name: &str, manifest: &SharedManifest) -> Compared {
        let Some(stamp) = self.stamp else { return Compared::Changed(0) };
        let manifest = manifest.read();
        let known = manifest.source_at(name).map(|(id, source)| {
            // What another program analysed is read again as well.
            (source.stamp, source.hash, source.contested || !manifest.is_current(id))
        });
        drop(manifest);
        if let Some((Some(before), _, false)) = known
            && before == stamp
            && stamp.modified != 0
        {
            return Compared::Same(stamp);
        }
        let hash = fingerprint::of_file(path).unwrap_or_default();
        match known {
            Some((Some(before), known_hash, false)) if before.size == stamp.size && known_hash == hash && hash != 0 => {
                Compared::Same(stamp)
            }
            _ => Compared::Changed(hash),
        }
    }
}

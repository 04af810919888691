//! The reader: walks the paths, passes over unchanged files, unpacks the others and hands out their records.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crossbeam_channel::{Receiver, Sender};
use serde_json::Value;

use super::path_identity::{Identity, PathIdentity};
use super::{BATCHES_PER_WORKER, Run, event::Event, panics};
use crate::article::{self, Content, Depth, Place, Problem, Raw, Skip, Unpacked};
use crate::index::fingerprint::{self, FileHashes};
use crate::index::{Key, SharedManifest, Stamp};

/// Bytes of records in a batch: enough that a worker seldom changes from one model to the next, little enough that the
/// channel between threads never holds more than a few megabytes.
const BATCH_BYTES: usize = 512 * 1024;

/// Bytes that a record made of fields takes besides its texts.
const FIELDS_BYTES: usize = 1024;

/// Records that a worker processes together.
#[derive(Default)]
pub(super) struct Batch {
    /// Its number in this pass, from 0.
    pub(super) number: u64,
    /// Permits that it holds until it is applied.
    pub(super) permits: usize,
    /// The records, in the order of their sources.
    pub(super) records: Vec<Record>,
}

/// A record of a source, not read yet.
pub(super) struct Record {
    /// Number of its source in this pass.
    pub(super) source: u32,
    /// Its position in the source.
    pub(super) number: u32,
    /// The article as stored, or why there is none.
    pub(super) raw: Result<Raw, Skip>,
    /// How it is read.
    pub(super) reading: Arc<article::Options>,
    /// How it is analysed.
    pub(super) depth: Depth,
}

/// Reads all files below `paths` but those of the index itself, until the run is stopped or no one receives any more.
pub(super) fn read(
    paths: &[PathBuf],
    run: &Run,
    manifest: &SharedManifest,
    to_workers: Sender<Batch>,
    to_ledger: &Sender<Event>,
    permits: &Receiver<()>,
) {
    let mut reader =
        Reader { run, manifest, to_workers, to_ledger, permits, batch: Batch::default(), bytes: 0, sources: 0 };
    let mut identities = PathIdentity::new(&run.paths, run.dir);
    for file in article::files(paths) {
        let goes_on = match file {
            Ok(path) => match identities.of(&path) {
                Some(Ok(identity)) => reader.file(&path, &identity),
                Some(Err(skip)) => reader.send(Event::Unreachable(skip)),
                None => ControlFlow::Continue(()),
            },
            Err(skip) => reader.send(Event::Unreachable(skip)),
        };
        if goes_on.is_break() {
            break;
        }
    }
    let _ = reader.hand_out();
}

struct Reader<'a> {
    run: &'a Run<'a>,
    manifest: &'a SharedManifest,
    to_workers: Sender<Batch>,
    to_ledger: &'a Sender<Event>,
    permits: &'a Receiver<()>,
    batch: Batch,
    /// The [`load`] of the records in the batch.
    bytes: usize,
    /// Sources begun so far.
    sources: u32,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path, identity: &Identity) -> ControlFlow<()> {
        if self.run.is_stopped() {
            return ControlFlow::Break(());
        }
        // Neither read nor remembered: a path may hold the headline.
        if self.manifest.read().is_removed(Key::of(&identity.stored)) {
            return self.send(Event::Removed { path: identity.stored.clone() });
        }
        let seen = Seen::look(path);
        let depth = self.run.depth(identity, self.manifest);
        match seen.compare(path, &identity.stored, depth, self.manifest) {
            Compared::Same(stamp) => self.send(Event::Unchanged { path: identity.stored.clone(), stamp }),
            Compared::Changed(hashes) => self.open((path, identity), &seen, hashes, depth),
        }
    }

    fn open(
        &mut self,
        (path, identity): (&Path, &Identity),
        seen: &Seen,
        hashes: Option<FileHashes>,
        depth: Depth,
    ) -> ControlFlow<()> {
        let source = self.sources;
        self.sources += 1;
        let mut records = 0;
        let run = self.run;
        let reading = run.roots.options(&identity.real);
        self.send(Event::SourceStarted { source, path: identity.stored.clone(), depth })?;
        let place = Place::file(&identity.stored);
        let mut push = |raw| {
            if run.is_stopped() {
                return ControlFlow::Break(());
            }
            let record = Record { source, number: records, raw, reading: Arc::clone(reading), depth };
            records += 1;
            self.push(record)
        };
        let unpacked =
            panics::catch(|| article::unpack_as(path, place.clone(), reading, &mut push)).unwrap_or_else(|message| {
                let flow = push(Err(Skip::new(place.clone(), Problem::Panicked(message))));
                Unpacked { flow, fault: false }
            });
        let at_rest = Seen::look(path).is_as(seen);
        let whole = unpacked.flow.is_continue() && at_rest;
        if unpacked.flow.is_continue() && !at_rest {
            self.send(Event::Unsettled(Skip::new(place, Problem::Unsettled)))?;
        }
        // The next run reads a file again that changed meanwhile or that the operating system failed to deliver.
        let stamp = seen.stamp.filter(|_| whole && !unpacked.fault && hashes.is_some());
        self.send(Event::SourceEnded { source, records, whole: whole && !unpacked.fault, stamp, hashes })?;
        unpacked.flow
    }

    fn push(&mut self, record: Record) -> ControlFlow<()> {
        self.bytes += record.raw.as_ref().map_or(0, |raw| match &raw.content {
            Content::Bytes(bytes) => load(bytes),
            Content::Fields(fields) => FIELDS_BYTES + fields.values().map(load_of_value).sum::<usize>(),
        });
        self.batch.records.push(record);
        if self.bytes >= BATCH_BYTES || self.batch.records.len() >= BATCH_BYTES / 256 {
            self.hand_out()
        } else {
            ControlFlow::Continue(())
        }
    }

    fn hand_out(&mut self) -> ControlFlow<()> {
        if self.batch.records.is_empty() {
            return ControlFlow::Continue(());
        }
        // A large article takes the permits of several batches: what is on its way at a time stays bounded.
        let all = BATCHES_PER_WORKER * self.run.options.threads.max(1);
        let permits = (std::mem::take(&mut self.bytes) / BATCH_BYTES).clamp(1, all);
        let next = Batch { number: self.batch.number + 1, permits: 0, records: Vec::new() };
        let batch = Batch { permits, ..std::mem::replace(&mut self.batch, next) };
        let permitted = (0..permits).all(|_| self.permits.recv().is_ok());
        listening(permitted && self.to_workers.send(batch).is_ok())
    }

    fn send(&self, event: Event) -> ControlFlow<()> {
        listening(self.to_ledger.send(event).is_ok())
    }
}

/// Bytes of a text, as if it were news with a word or mark every four bytes: where these are closer, analysis takes as much
/// memory as for a longer text.
fn load(bytes: &[u8]) -> usize {
    bytes.len().max(4 * article::parts(bytes) as usize)
}

fn load_of_value(value: &Value) -> usize {
    let within = match value {
        Value::String(text) => load(text.as_bytes()),
        Value::Array(items) => items.iter().map(load_of_value).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + load_of_value(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    size_of::<Value>() + within
}

fn listening(yes: bool) -> ControlFlow<()> {
    if yes { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// The state of a file. Standard input and files without readable metadata have no stamp.
struct Seen {
    stamp: Option<Stamp>,
    /// Its modification time, reliable or not.
    modified: Option<SystemTime>,
}

enum Compared {
    /// Its content is that of the last run; its time may differ.
    Same(Stamp),
    /// New or changed, with its hashes where it could be read.
    Changed(Option<FileHashes>),
}

impl Seen {
    fn look(path: &Path) -> Self {
        let metadata = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file);
        Seen {
            stamp: metadata.as_ref().map(fingerprint::stamp),
            modified: metadata.and_then(|metadata| metadata.modified().ok()),
        }
    }

    /// True if size and time are those of the earlier look.
    fn is_as(&self, before: &Seen) -> bool {
        let size = |seen: &Seen| seen.stamp.map(|stamp| stamp.size);
        size(self) == size(before) && self.modified == before.modified
    }

    /// Compares metadata first, and hashes the bytes only where that does not decide.
    fn compare(&self, path: &Path, name: &str, depth: Depth, manifest: &SharedManifest) -> Compared {
        let Some(stamp) = self.stamp else { return Compared::Changed(None) };
        let manifest = manifest.read();
        let known = manifest.source_at(name).map(|(id, source)| {
            // What another program analysed, or less deeply, is read again as well.
            (source.stamp, source.hash, source.contested || !manifest.is_current(id, depth))
        });
        drop(manifest);
        if let Some((Some(before), _, false)) = known
            && before == stamp
            && stamp.modified != 0
        {
            return Compared::Same(stamp);
        }
        let hashes = fingerprint::of_file(path).ok();
        match known {
            Some((Some(before), known_hash, false))
                if before.size == stamp.size && hashes.is_some_and(|hashes| hashes.hash == known_hash) =>
            {
                Compared::Same(stamp)
            }
            _ => Compared::Changed(hashes),
        }
    }
}

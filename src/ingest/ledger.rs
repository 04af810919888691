//! The ledger: which source holds which article, what vanished, and when to commit.
//!
//! Pieces arrive out of order, and two sources may hold articles of one id. So that the same files always give the
//! same index, the action does not depend on the order: of several articles of one id, that of the source whose
//! path sorts last is kept, within a source the last one. A source that lost an article to another is *contested*
//! and read again each time, so that the article comes back should the other go.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

use super::conflicts::{Candidate, Conflicts, Resolution};
use super::{Input, Options, Outcome, Progress, Summary};
use crate::analysis::analysis_id;
use crate::article::{Place, Problem, Skip};
use crate::index::{
    self, ArticleBlock, DedupInfo, Key, KnownSource, MOST_PROBLEMS, SharedManifest, SourceEntry, SourceId, Stamp,
    Writer,
};

/// How often whoever watches is told.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// The path of standard input. What was once read from it does not vanish when something else is.
const STANDARD_INPUT: &str = "-";

/// What reader and workers tell the ledger.
pub(super) enum Event {
    /// A file is as it was.
    Unchanged { path: String, stamp: Stamp },
    /// A file whose one article was removed for good.
    Removed { path: String },
    /// Something on the way to a file can't be read.
    Skipped(Skip),
    /// The records of a source follow, from whichever worker.
    SourceStarted { source: u32, path: String },
    /// A source gave so many records; `whole` unless reading it was stopped.
    SourceEnded { source: u32, records: u32, whole: bool, stamp: Option<Stamp>, hash: u128 },
    /// What became of records.
    Processed(Vec<Processed>),
}

/// A record that was read.
pub(super) struct Processed {
    /// Number of its source in this pass.
    pub(super) source: u32,
    /// Its place in the source.
    pub(super) number: u32,
    /// What is told of it; its outcome as far as the worker knew.
    pub(super) input: Input,
    /// What became of it.
    pub(super) action: Action,
}

/// What became of a record.
pub(super) enum Action {
    /// The index holds it as it is.
    Keep { key: Key, content: u64, bytes: u32 },
    /// Ready to be put in.
    Add { block: ArticleBlock, passages: u64, mentions: u64 },
    /// There is nothing of it to put in; `passing` if there may be another time, so that what was read before is kept.
    Skip { passing: bool },
}

/// Takes events and keeps the index in line with them.
pub(super) struct Ledger<'a> {
    /// None on a dry run.
    writer: Option<Writer>,
    manifest: SharedManifest,
    options: &'a Options,
    progress: &'a mut dyn Progress,
    summary: Summary,
    /// Sources being read, by their number in this pass.
    open: FxHashMap<u32, Open>,
    /// Sources that were read to their end since the last commit.
    finished: FxHashSet<SourceId>,
    /// Hashes of the paths met in this run, whether they could be read or not; none unless what is gone is to be dropped.
    met: FxHashSet<u64>,
    /// Folders met that could not be looked into: what lies below may be there.
    closed: Vec<PathBuf>,
    conflicts: Conflicts,
    /// Sources to be read once more: an article they had lost to another source has become free, or shorter.
    again: FxHashSet<String>,
    committed: Instant,
    told: Instant,
}

/// A source being read.
struct Open {
    id: SourceId,
    source: SourceEntry,
    /// Pieces that became something so far.
    arrived: u32,
    /// Pieces there are, once that is known.
    records: Option<u32>,
    /// True if it was read to its end.
    whole: bool,
    /// True if some of it could not be read for reasons that may pass: what was read before is kept.
    broken: bool,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(
        writer: Option<Writer>,
        manifest: SharedManifest,
        options: &'a Options,
        progress: &'a mut dyn Progress,
    ) -> Self {
        let now = Instant::now();
        Ledger {
            writer,
            manifest,
            options,
            progress,
            summary: Summary::default(),
            open: FxHashMap::default(),
            finished: FxHashSet::default(),
            met: FxHashSet::default(),
            closed: Vec::new(),
            conflicts: Conflicts::default(),
            again: FxHashSet::default(),
            committed: now,
            told: now,
        }
    }

    /// What was ingested so far.
    pub(super) fn manifest(&self) -> SharedManifest {
        self.manifest.clone()
    }

    /// Takes one event; fails only where the index can't be written.
    pub(super) fn take(&mut self, event: Event) -> Result<(), index::Error> {
        match event {
            Event::Unchanged { path, stamp } => self.unchanged(&path, stamp),
            Event::Removed { path } => {
                self.summary.files += 1;
                self.summary.files_unchanged += 1;
                self.meet(&path);
                self.tell(&Input { outcome: Outcome::Removed, ..Input::unread(Place::file(path)) });
            }
            Event::Skipped(skip) => {
                self.meet(&skip.place.path);
                if skip.is_passing() && !matches!(skip.problem, Problem::Missing) {
                    let folder = Path::new(&skip.place.path);
                    self.closed.push(super::plain(folder));
                    self.closed.extend(folder.canonicalize());
                }
                let outcome = Outcome::Skipped(skip.problem.to_string());
                self.tell(&Input { outcome, format: skip.format, ..Input::unread(skip.place) });
            }
            Event::SourceStarted { source, path } => self.begin(source, &path),
            Event::SourceEnded { source, records, whole, stamp, hash } => {
                if let Some(open) = self.open.get_mut(&source) {
                    (open.records, open.whole) = (Some(records), whole);
                    (open.source.stamp, open.source.hash) = (stamp, hash);
                }
                self.close_if_done(source);
            }
            Event::Processed(records) => {
                for record in records {
                    self.read(record)?;
                }
            }
        }
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            self.progress.update(&self.summary);
        }
        if self.committed.elapsed() >= self.options.commit_every {
            self.commit()?;
        }
        Ok(())
    }

    /// After a pass: drops what vanished, and says which sources must be read once more.
    pub(super) fn settle(&mut self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, index::Error> {
        self.drop_vanished()?;
        if self.options.prune {
            self.prune(paths)?;
        }
        Ok(self.again.drain().map(PathBuf::from).collect())
    }

    /// Reports a source that is gone, whose articles a rebuild loses.
    pub(super) fn lose(&mut self, source: &KnownSource) {
        let count = if source.articles == 1 {
            "its article is".to_owned()
        } else {
            format!("its {} articles are", source.articles)
        };
        let outcome = Outcome::Skipped(format!("is gone, so {count} not in the new index"));
        self.tell(&Input { outcome, ..Input::unread(Place::file(source.path.clone())) });
    }

    /// Commits what is whole, and says what was done. A rebuild that was stopped changes nothing.
    pub(super) fn finish(mut self, stopped: bool) -> Result<Summary, index::Error> {
        self.drop_vanished()?;
        self.summary.articles = self.manifest.read().len() as u64;
        self.progress.update(&self.summary);
        if let Some(writer) = self.writer.filter(|writer| !(stopped && writer.is_rebuild())) {
            writer.finish()?;
        }
        Ok(self.summary)
    }

    fn unchanged(&mut self, path: &str, stamp: Stamp) {
        self.summary.files += 1;
        self.summary.files_unchanged += 1;
        let known = self.manifest.read().source_at(path).map(|(id, source)| (id, source.clone()));
        if let Some((id, source)) = known {
            for problem in &source.problems {
                let place = Place { path: path.to_owned(), record: problem.record.clone() };
                self.tell(&Input { outcome: Outcome::Skipped(problem.reason.clone()), ..Input::unread(place) });
            }
            self.manifest.write().update_source(id, SourceEntry { stamp: Some(stamp), ..source });
        }
        self.meet(path);
    }

    fn begin(&mut self, number: u32, path: &str) {
        self.summary.files += 1;
        let id = self.manifest.write().add_source(path);
        let source = SourceEntry::unread(path);
        self.meet(path);
        self.open.insert(number, Open { id, source, arrived: 0, records: None, whole: false, broken: false });
    }

    fn meet(&mut self, path: &str) {
        if self.options.prune {
            self.met.insert(xxh3_64(path.as_bytes()));
        }
    }

    fn close_if_done(&mut self, number: u32) {
        if self.open.get(&number).is_none_or(|open| open.records != Some(open.arrived)) {
            return;
        }
        let Some(open) = self.open.remove(&number) else { return };
        let mut record = open.source;
        if open.whole {
            record.analysis = analysis_id();
        } else {
            record.stamp = None;
        }
        if open.whole && !open.broken && record.path != STANDARD_INPUT {
            self.finished.insert(open.id);
        }
        let mut manifest = self.manifest.write();
        record.contested |= manifest.source(open.id).is_some_and(|known| known.contested && !open.whole);
        manifest.update_source(open.id, record);
    }

    fn read(&mut self, read: Processed) -> Result<(), index::Error> {
        let Processed { source, number, mut input, action } = read;
        match action {
            Action::Skip { passing } => {
                if let Some(open) = self.open.get_mut(&source) {
                    open.broken |= passing;
                    if let Outcome::Skipped(reason) = &input.outcome
                        && open.source.problems.len() < MOST_PROBLEMS
                    {
                        let (record, reason) = (input.place.record.clone(), reason.clone());
                        open.source.problems.push(index::SourceProblem { record, reason });
                    }
                }
            }
            Action::Keep { key, content, bytes } => {
                self.summary.bytes += u64::from(bytes);
                let claim = self.claim(key, source, number, bytes);
                let as_it_was = self.manifest.read().article(key).is_some_and(|entry| entry.content == content);
                match claim {
                    Err(kept) => input.outcome = Outcome::Repeated(kept),
                    Ok(()) if as_it_was => {}
                    // Another article of this id took its place after it had been compared.
                    Ok(()) => self.again.extend(self.open.get(&source).map(|open| open.source.path.clone())),
                }
            }
            Action::Add { block, passages, mentions } => {
                self.summary.bytes += u64::from(block.bytes);
                if let Err(kept) = self.claim(block.key, source, number, block.bytes) {
                    input.outcome = Outcome::Repeated(kept);
                } else {
                    let known = self.manifest.read().article(block.key).map(|known| known.content);
                    input.outcome = match known {
                        None => Outcome::Added,
                        Some(content) if content == block.content => Outcome::Reanalysed,
                        Some(_) => Outcome::Replaced,
                    };
                    self.summary.passages += passages;
                    self.summary.quotes += input.quotes;
                    self.summary.mentions += mentions;
                    self.put(block, source)?;
                }
            }
        }
        self.tell(&input);
        if let Some(open) = self.open.get_mut(&source) {
            open.arrived += 1;
        }
        self.close_if_done(source);
        Ok(())
    }

    fn put(&mut self, block: ArticleBlock, source: u32) -> Result<(), index::Error> {
        let Some(id) = self.open.get(&source).map(|open| open.id) else { return Ok(()) };
        if self
            .manifest
            .read()
            .article(block.key)
            .is_some_and(|before| before.source == id && before.bytes > block.bytes)
        {
            self.read_losers_again(block.key);
        }
        if let Some(writer) = &mut self.writer {
            return writer.put(block, id);
        }
        let mut manifest = self.manifest.write();
        let number = manifest.next_number();
        manifest.put(block.key, block.entry(number, id), DedupInfo { group: number, sketch: None });
        Ok(())
    }

    /// Settles whether record `number` of `source`, of so many bytes, gets the article of this key; if not, says which does.
    fn claim(&mut self, key: Key, source: u32, number: u32, bytes: u32) -> Result<(), String> {
        let Some(id) = self.open.get(&source).map(|open| open.id) else { return Ok(()) };
        let claim = self.conflicts.resolve(key, Candidate { source: id, record: number, bytes }, &self.manifest.read());
        match claim {
            Resolution::Unclaimed => Ok(()),
            Resolution::ReplacesOwn => {
                self.summary.repeated += 1;
                Ok(())
            }
            Resolution::LosesToOwn => {
                Err("a longer or later article of the same file has the same id and is kept".to_owned())
            }
            Resolution::Replaces(rival) => {
                self.contest(rival);
                self.summary.repeated += 1;
                Ok(())
            }
            Resolution::LosesTo(rival) => {
                self.contest(id);
                Err(format!("{} holds an article of the same id, which is kept", self.path(rival)))
            }
        }
    }

    fn path(&self, id: SourceId) -> String {
        self.manifest.read().source(id).map(|source| source.path.clone()).unwrap_or_default()
    }

    fn contest(&mut self, id: SourceId) {
        if let Some(open) = self.open.values_mut().find(|open| open.id == id) {
            open.source.contested = true;
        }
        let mut manifest = self.manifest.write();
        if let Some(source) = manifest.source(id).cloned() {
            manifest.update_source(id, SourceEntry { contested: true, ..source });
        }
    }

    /// Counts what became of an input, and tells.
    fn tell(&mut self, input: &Input) {
        let count = match &input.outcome {
            Outcome::Added => &mut self.summary.added,
            Outcome::Replaced => &mut self.summary.replaced,
            Outcome::Unchanged => &mut self.summary.unchanged,
            Outcome::Repeated(_) => &mut self.summary.repeated,
            Outcome::Removed => &mut self.summary.withheld,
            Outcome::Reanalysed => &mut self.summary.reanalysed,
            Outcome::Skipped(_) => &mut self.summary.skipped,
        };
        *count += 1;
        self.progress.record(input);
    }

    fn commit(&mut self) -> Result<(), index::Error> {
        self.drop_vanished()?;
        if let Some(writer) = &mut self.writer {
            writer.commit()?;
        }
        self.committed = Instant::now();
        Ok(())
    }

    /// Drops the articles of sources that were read to their end and did not hold them any more.
    fn drop_vanished(&mut self) -> Result<(), index::Error> {
        let finished = std::mem::take(&mut self.finished);
        if finished.is_empty() {
            return Ok(());
        }
        let vanished: Vec<Key> = {
            let manifest = self.manifest.read();
            let held = manifest.articles().filter(|(_, entry)| finished.contains(&entry.source));
            held.map(|(key, _)| key).filter(|key| !self.conflicts.has(*key)).collect()
        };
        self.drop_articles(&vanished)
    }

    fn drop_articles(&mut self, keys: &[Key]) -> Result<(), index::Error> {
        for key in keys {
            match &mut self.writer {
                Some(writer) => writer.remove(*key)?,
                None => self.manifest.write().remove(*key),
            }
            self.summary.removed += 1;
            self.read_losers_again(*key);
        }
        Ok(())
    }

    /// The article of this key is free, or not what others lost it to.
    fn read_losers_again(&mut self, key: Key) {
        for loser in self.conflicts.take_losers(key) {
            self.again.extend(self.manifest.read().source(loser).map(|source| source.path.clone()));
        }
    }

    /// Drops sources below `paths` that were not met, and their articles.
    fn prune(&mut self, paths: &[PathBuf]) -> Result<(), index::Error> {
        let gone: FxHashMap<SourceId, String> = {
            let manifest = self.manifest.read();
            // As it was given then or now, or where it stands.
            let real: Vec<PathBuf> = paths.iter().filter_map(|given| given.canonicalize().ok()).collect();
            let below = |path: &str| {
                paths.iter().any(|given| Path::new(path).starts_with(given) || given == Path::new("."))
                    || std::path::absolute(path).is_ok_and(|path| real.iter().any(|given| path.starts_with(given)))
            };
            let closed = |path: &str| {
                let real = std::path::absolute(path).unwrap_or_else(|_| PathBuf::from(path));
                self.closed.iter().any(|folder| Path::new(path).starts_with(folder) || real.starts_with(folder))
            };
            let gone = manifest.sources().filter(|(_, source)| {
                let path = source.path.as_str();
                path != STANDARD_INPUT && !self.met.contains(&xxh3_64(path.as_bytes())) && below(path) && !closed(path)
            });
            gone.map(|(id, source)| (id, source.path.clone())).collect()
        };
        if gone.is_empty() {
            return Ok(());
        }
        let keys: Vec<Key> = {
            let manifest = self.manifest.read();
            let held = manifest.articles().filter(|(_, entry)| gone.contains_key(&entry.source));
            held.map(|(key, _)| key).collect()
        };
        self.drop_articles(&keys)?;
        for id in gone.keys() {
            self.summary.files_gone += 1;
            self.manifest.write().remove_source(*id);
        }
        Ok(())
    }
}

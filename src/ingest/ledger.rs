//! The ledger: applies what reader and workers report to the index and its manifest, and decides when to commit.
//!
//! Workers finish batches in any order. They are applied in the order in which they were read, so that the index does not
//! depend on the threads. Several records may have the same article id; [conflicts](super::conflicts) decides which of
//! them is indexed, whatever the order of their sources. A source that loses an article to another is *contested*: it is
//! read again in every run, so that the article returns once the other source no longer has it.

mod carry_over;

use std::path::PathBuf;
use std::time::Instant;

use crossbeam_channel::Sender;
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};

use super::conflicts::{Candidate, Conflicts, Resolution};
use super::event::{Action, Event, Processed};
use super::prune::{Found, is_away};
use super::report::Reporter;
use super::{Input, Outcome, Progress, Run, Summary};
use crate::analysis::{Depth, analysis_id};
use crate::article::{Place, Problem};
use crate::index::fingerprint::FileHashes;
use crate::index::removal::put_on_list;
use crate::index::versions::{Version, Versions};
use crate::index::{
    self, ArticleBlock, Index, Key, MOST_PROBLEMS, STANDARD_INPUT, SharedManifest, Sink, SourceEntry, SourceId, Stamp,
};

/// Bytes of earlier texts that wait for the next commit, at most.
const MOST_VERSIONS: usize = 16 << 20;

/// Bytes of the manifest that wait for the next commit, at most: those of some 300,000 articles.
const MOST_UNSAVED: usize = 8 << 20;

/// Applies events to the index.
pub(super) struct Ledger<'a> {
    /// None on a dry run.
    writer: Option<Box<dyn Sink>>,
    manifest: SharedManifest,
    run: &'a Run<'a>,
    reporter: Reporter<'a>,
    /// Batches that were processed before earlier ones.
    early: FxHashMap<u64, (usize, Vec<Processed>)>,
    /// Number of the batch to apply next.
    next_batch: u64,
    /// Sources being read, by their number in this pass.
    open: FxHashMap<u32, OpenSource>,
    /// Sources that were read to their end since the last commit.
    finished: FxHashSet<SourceId>,
    /// Sources that were not read to their end, or not all of them.
    unread: FxHashSet<SourceId>,
    /// What was found on disk, for pruning.
    found: Found,
    conflicts: Conflicts,
    /// Sources to read once more, because an article that they lost to another source is free or shorter now.
    again: FxHashSet<String>,
    /// Earlier texts of articles that changed since the last commit, and their bytes.
    versions: FxHashMap<Key, Version>,
    versions_bytes: usize,
    /// Ids that removed articles have since their files moved, not yet on the list of what was removed.
    withheld: Vec<String>,
    committed: Instant,
}

/// A source being read.
struct OpenSource {
    id: SourceId,
    entry: SourceEntry,
    /// How it is read.
    depth: Depth,
    /// Records processed so far.
    arrived: u32,
    /// Records in all, once known.
    records: Option<u32>,
    /// True if it was read to its end.
    whole: bool,
    /// True if some of it may be readable another time: what was read before is kept.
    broken: bool,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(
        writer: Option<Box<dyn Sink>>,
        manifest: SharedManifest,
        run: &'a Run<'a>,
        progress: &'a mut dyn Progress,
    ) -> Self {
        Ledger {
            writer,
            manifest,
            run,
            reporter: Reporter::new(&run.paths, progress),
            early: FxHashMap::default(),
            next_batch: 0,
            open: FxHashMap::default(),
            finished: FxHashSet::default(),
            unread: FxHashSet::default(),
            found: Found::new(run.options.prune || !run.options.moved.is_empty()),
            conflicts: Conflicts::default(),
            again: FxHashSet::default(),
            versions: FxHashMap::default(),
            versions_bytes: 0,
            withheld: Vec::new(),
            committed: Instant::now(),
        }
    }

    /// The manifest as it is now.
    pub(super) fn manifest(&self) -> SharedManifest {
        self.manifest.clone()
    }

    /// Applies an event; fails only where the index can't be written.
    /// Each batch that is done lets the reader begin another.
    pub(super) fn handle(&mut self, event: Event, permits: &Sender<()>) -> Result<(), index::Error> {
        match event {
            Event::Unchanged { path, stamp } => self.unchanged(&path, stamp),
            Event::Removed { path } => {
                self.reporter.summary.files += 1;
                self.reporter.summary.files_unchanged += 1;
                self.found.add(&path);
                self.reporter.report(Input { outcome: Outcome::Removed, ..Input::unread(Place::file(path)) });
            }
            Event::Unreachable(mut skip) => {
                let real = self.run.paths.real(skip.place.path.as_ref());
                if skip.is_passing() && !matches!(skip.problem, Problem::Missing) {
                    self.found.add_unreadable(real.clone());
                }
                if let Some(stored) = self.run.paths.stored(&real) {
                    self.found.add(stored);
                    skip.place.path = self.run.paths.shown(stored);
                }
                self.reporter.skipped(skip);
            }
            Event::Unsettled(mut skip) => {
                skip.place.path = self.run.paths.shown(&skip.place.path);
                self.reporter.skipped(skip);
            }
            Event::SourceStarted { source, path, depth } => self.start(source, &path, depth),
            Event::SourceEnded { source, records, whole, stamp, hashes } => {
                if let Some(open) = self.open.get_mut(&source) {
                    (open.records, open.whole) = (Some(records), whole);
                    open.entry.stamp = stamp;
                    if let Some(FileHashes { hash, sha256 }) = hashes.filter(|_| stamp.is_some()) {
                        (open.entry.hash, open.entry.sha256) = (hash, Some(sha256));
                        open.entry.read = Timestamp::now().as_second();
                    }
                }
                self.close_if_done(source);
            }
            Event::Processed { number, permits: held, records } => {
                self.early.insert(number, (held, records));
                while let Some((held, records)) = self.early.remove(&self.next_batch) {
                    for record in records {
                        self.processed(record)?;
                    }
                    self.next_batch += 1;
                    for _ in 0..held {
                        // The reader is gone once it has read everything.
                        let _ = permits.send(());
                    }
                }
            }
        }
        self.reporter.update_if_due();
        let unsaved = if self.writer.is_some() { self.manifest.read().unsaved() } else { 0 };
        if unsaved >= MOST_UNSAVED || self.committed.elapsed() >= self.run.options.commit_every {
            self.commit()?;
        }
        Ok(())
    }

    /// Ends a pass over `paths`: drops articles that are gone, and returns the sources to read once more.
    pub(super) fn end_pass(&mut self, paths: &[PathBuf]) -> Result<Vec<PathBuf>, index::Error> {
        self.next_batch = 0;
        self.early.clear();
        self.drop_vanished()?;
        let pruned = if self.run.options.prune { paths } else { &[] };
        let real = |path: &PathBuf| self.run.paths.real(path);
        let (mut roots, away): (Vec<PathBuf>, Vec<PathBuf>) = {
            let manifest = self.manifest.read();
            pruned.iter().map(real).partition(|root| !is_away(root, &manifest, &self.run.paths))
        };
        roots.extend(self.run.options.moved.iter().map(|(old, _)| real(old)));
        for folder in away.iter().filter(|folder| folder.is_dir()) {
            let reason = "holds no file, as a disk that is not there, so its articles stay; give the folder above it to drop them";
            let place = Place::file(folder.to_string_lossy());
            self.reporter.report(Input { outcome: Outcome::Skipped(reason.to_owned()), ..Input::unread(place) });
        }
        self.prune(&roots)?;
        Ok(self.again.drain().map(|path| PathBuf::from(self.run.paths.shown(&path))).collect())
    }

    /// Commits the last changes and returns the summary. A rebuild that was stopped changes nothing.
    pub(super) fn finish(mut self) -> Result<Summary, index::Error> {
        self.drop_vanished()?;
        self.save_versions()?;
        self.list_withheld()?;
        self.reporter.summary.articles = self.manifest.read().len() as u64;
        self.reporter.update();
        self.reporter.summary.kept =
            self.run.is_stopped() && self.writer.as_ref().is_some_and(|writer| writer.is_rebuild());
        if self.reporter.summary.kept {
            self.reporter.summary.articles = Index::open(self.run.dir).map_or(0, |index| index.state().articles);
        } else if let Some(writer) = self.writer {
            writer.finish()?;
        }
        Ok(self.reporter.summary)
    }

    fn unchanged(&mut self, path: &str, stamp: Stamp) {
        self.reporter.summary.files += 1;
        self.reporter.summary.files_unchanged += 1;
        let known = self.manifest.read().source_at(path).map(|(id, source)| (id, source.clone()));
        if let Some((id, source)) = known {
            for problem in &source.problems {
                let place = Place { path: path.to_owned(), record: problem.record.clone() };
                self.reporter
                    .report(Input { outcome: Outcome::Skipped(problem.reason.clone()), ..Input::unread(place) });
            }
            self.manifest.write().update_source(id, SourceEntry { stamp: Some(stamp), ..source });
        }
        self.found.add(path);
    }

    fn start(&mut self, number: u32, path: &str, depth: Depth) {
        self.reporter.summary.files += 1;
        let id = self.manifest.write().add_source(path);
        self.found.add(path);
        let entry = SourceEntry::unread(path);
        self.open
            .insert(number, OpenSource { id, entry, depth, arrived: 0, records: None, whole: false, broken: false });
    }

    fn close_if_done(&mut self, number: u32) {
        if self.open.get(&number).is_none_or(|open| open.records != Some(open.arrived)) {
            return;
        }
        let Some(open) = self.open.remove(&number) else { return };
        let mut entry = open.entry;
        if open.whole {
            entry.analysis = analysis_id(open.depth);
        } else {
            entry.stamp = None;
        }
        if open.whole && !open.broken {
            self.unread.remove(&open.id);
            if entry.path != STANDARD_INPUT {
                self.finished.insert(open.id);
            }
        } else {
            self.unread.insert(open.id);
        }
        let mut manifest = self.manifest.write();
        entry.contested |= manifest.source(open.id).is_some_and(|known| known.contested && !open.whole);
        manifest.update_source(open.id, entry);
    }

    fn processed(&mut self, processed: Processed) -> Result<(), index::Error> {
        let Processed { source, number, mut input, action } = processed;
        match action {
            Action::Skip { passing } => {
                if let Some(open) = self.open.get_mut(&source) {
                    open.broken |= passing;
                    if let Outcome::Skipped(reason) = &input.outcome
                        && open.entry.problems.len() < MOST_PROBLEMS
                    {
                        let (record, reason) = (input.place.record.clone(), reason.clone());
                        open.entry.problems.push(index::SourceProblem { record, reason });
                    }
                }
            }
            Action::Withhold { id } => self.withheld.push(id),
            Action::Keep { key, content, bytes } => {
                self.reporter.summary.bytes += u64::from(bytes);
                let resolved = self.resolve(key, source, number, bytes);
                let is_unchanged = self.manifest.read().article(key).is_some_and(|entry| entry.content == content);
                match resolved {
                    Err(kept) => input.outcome = Outcome::Repeated(kept),
                    Ok(()) if is_unchanged => {}
                    // Another article of this id replaced it after it had been compared.
                    Ok(()) => self.again.extend(self.open.get(&source).map(|open| open.entry.path.clone())),
                }
            }
            Action::Add { block, passages, mentions, earlier } => {
                self.reporter.summary.bytes += u64::from(block.bytes);
                if let Err(kept) = self.resolve(block.key, source, number, block.bytes) {
                    input.outcome = Outcome::Repeated(kept);
                } else {
                    let known = self.manifest.read().article(block.key).map(|known| known.content);
                    input.outcome = match known {
                        None => Outcome::Added,
                        Some(content) if content == block.content => Outcome::Reanalysed,
                        Some(_) => Outcome::Replaced,
                    };
                    self.reporter.summary.passages += passages;
                    self.reporter.summary.quotes += input.quotes;
                    self.reporter.summary.mentions += mentions;
                    self.keep(block.key, earlier)?;
                    self.put(block, source)?;
                }
            }
        }
        self.reporter.report(input);
        if let Some(open) = self.open.get_mut(&source) {
            open.arrived += 1;
        }
        self.close_if_done(source);
        Ok(())
    }

    /// Keeps the earlier text of an article until the next commit. Without one, the article is as the index held it: another
    /// record of its id that came before did not change it.
    fn keep(&mut self, article: Key, earlier: Option<Box<Version>>) -> Result<(), index::Error> {
        let Some(version) = earlier else {
            self.versions.remove(&article);
            return Ok(());
        };
        self.versions_bytes += version.text.len();
        self.versions.insert(article, *version);
        if self.versions_bytes > MOST_VERSIONS { self.save_versions() } else { Ok(()) }
    }

    /// Writes the earlier texts down. It must be done before the changes to the articles last.
    fn save_versions(&mut self) -> Result<(), index::Error> {
        self.versions_bytes = 0;
        let mut versions: Vec<Version> = std::mem::take(&mut self.versions).into_values().collect();
        versions.sort_unstable_by(|a, b| a.article.cmp(&b.article));
        Ok(Versions::among(self.run.files.clone()).add(versions)?)
    }

    fn put(&mut self, block: ArticleBlock, source: u32) -> Result<(), index::Error> {
        let Some(id) = self.open.get(&source).map(|open| open.id) else { return Ok(()) };
        let before = self.manifest.read().article(block.key).copied();
        if before.is_some_and(|before| before.source == id && before.bytes > block.bytes) {
            self.read_losers_again(block.key);
        }
        if let Some(writer) = &mut self.writer {
            return writer.put(block, id);
        }
        let mut manifest = self.manifest.write();
        let number = manifest.next_number();
        manifest.put(block.key, block.entry(number, id), None);
        Ok(())
    }

    /// Decides whether record `number` of `source`, with so many bytes of text, gets the article of this key; if not, says
    /// which record does.
    fn resolve(&mut self, key: Key, source: u32, number: u32, bytes: u32) -> Result<(), String> {
        let Some(id) = self.open.get(&source).map(|open| open.id) else { return Ok(()) };
        let candidate = Candidate { source: id, record: number, bytes };
        let resolution = self.conflicts.resolve(key, candidate, &self.manifest.read());
        match resolution {
            Resolution::Unclaimed => Ok(()),
            Resolution::ReplacesOwn => {
                self.reporter.summary.repeated += 1;
                Ok(())
            }
            Resolution::LosesToOwn => Err("the same file has a longer or later article with this id".to_owned()),
            Resolution::Replaces(rival) => {
                self.contest(rival);
                self.reporter.summary.repeated += 1;
                Ok(())
            }
            Resolution::LosesTo(rival) => {
                self.contest(id);
                let path = self.manifest.read().source(rival).map(|source| self.run.paths.shown(&source.path));
                Err(format!("{} has a longer or later article with this id", path.unwrap_or_default()))
            }
        }
    }

    fn contest(&mut self, id: SourceId) {
        if let Some(open) = self.open.values_mut().find(|open| open.id == id) {
            open.entry.contested = true;
        }
        let mut manifest = self.manifest.write();
        if let Some(source) = manifest.source(id).cloned() {
            manifest.update_source(id, SourceEntry { contested: true, ..source });
        }
    }

    fn commit(&mut self) -> Result<(), index::Error> {
        self.drop_vanished()?;
        self.save_versions()?;
        self.list_withheld()?;
        if let Some(writer) = &mut self.writer {
            writer.commit()?;
        }
        self.committed = Instant::now();
        Ok(())
    }

    /// Puts what was removed before its file moved on the list by its new id.
    fn list_withheld(&mut self) -> Result<(), index::Error> {
        let withheld = std::mem::take(&mut self.withheld);
        if withheld.is_empty() || self.writer.is_none() {
            return Ok(());
        }
        put_on_list(&self.run.files, &withheld, false).map(drop)
    }

    /// Drops articles whose sources were read to their end without them.
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
            self.reporter.summary.removed += 1;
            self.read_losers_again(*key);
        }
        Ok(())
    }

    /// Lets the sources that lost this article be read again, as it is free or shorter now.
    fn read_losers_again(&mut self, key: Key) {
        for loser in self.conflicts.take_losers(key) {
            self.again.extend(self.manifest.read().source(loser).map(|source| source.path.clone()));
        }
    }

    /// Drops sources below `roots` whose files are gone, and their articles.
    fn prune(&mut self, roots: &[PathBuf]) -> Result<(), index::Error> {
        let gone = self.found.gone(roots, &self.manifest.read(), &self.run.paths);
        if gone.is_empty() {
            return Ok(());
        }
        let keys: Vec<Key> = {
            let manifest = self.manifest.read();
            let held = manifest.articles().filter(|(_, entry)| gone.contains(&entry.source));
            held.map(|(key, _)| key).collect()
        };
        self.drop_articles(&keys)?;
        for id in gone {
            self.reporter.summary.files_gone += 1;
            self.manifest.write().remove_source(id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::corrections::Corrections;
    use crate::index::Paths;
    use crate::ingest::Options;
    use crate::ingest::roots::Roots;
    use crate::user::UserFiles;

    #[derive(Default)]
    struct Records(Vec<String>);

    impl Progress for Records {
        fn record(&mut self, input: &Input) {
            self.0.push(input.place.to_string());
        }
    }

    #[test]
    fn batches_are_applied_in_the_order_in_which_they_were_read() {
        let (dir, options, stop) = (Path::new("index"), Options::default(), AtomicBool::new(false));
        let (paths, corrections) = (Paths::new(dir), Corrections::default());
        let files = UserFiles::of(dir);
        let run = Run { dir, paths, files, roots: Roots::default(), corrections, options: &options, stop: &stop };
        let mut records = Records::default();
        let mut ledger = Ledger::new(None, SharedManifest::default(), &run, &mut records);
        let (permit, permits) = crossbeam_channel::unbounded();
        for (batch, permitted) in [(2, 0), (0, 1), (3, 0), (1, 3)] {
            let input = Input::unread(Place::file(format!("{batch}.txt")));
            let processed = Processed { source: 0, number: batch, input, action: Action::Skip { passing: false } };
            let event = Event::Processed { number: u64::from(batch), permits: 1, records: vec![processed] };
            ledger.handle(event, &permit).unwrap();
            // What waits for an earlier batch lets the reader begin no other.
            assert_eq!(permits.try_iter().count(), permitted);
        }
        assert_eq!(records.0, ["0.txt", "1.txt", "2.txt", "3.txt"]);
    }
}

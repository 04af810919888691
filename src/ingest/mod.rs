//! Bringing an index up to date with files: read, analyse, file, on all cores.
//!
//! ```text
//! reader (1 thread)            workers (a core each)               ledger (the caller's thread)
//! walks, stamps, unpacks  ──>  understand, compare, analyse,  ──>  who holds which article, what vanished;
//!        │       batches       make documents            blocks    puts blocks into the index, commits
//!        └──────────────────────── sources begun and ended ──────>
//! ```
//!
//! Both channels are bounded, so that memory stays so too: a stage that is ahead waits. What changed is known by
//! metadata first, by a file's hash where that differs, and by an article's content where the file did change.

mod conflicts;
mod event;
mod ledger;
mod moved;
mod panics;
mod path_identity;
mod prune;
mod reader;
mod repair;
mod report;
mod roots;
mod worker;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::bounded;

use crate::analysis::{Analyser, Depth, analysis_id, depth_of};
use crate::article::{self, Article};
use crate::corrections::Corrections;
use crate::index::document_builder::DocumentBuilder;
use crate::index::schema::VERSION;
use crate::index::versions::Versions;
use crate::index::{
    self, Index, Key, Manifest, Paths, Present, SharedManifest, Sink, SourceEntry, Writer, WriterSettings, is_gone,
    salvage,
};
use crate::search::Annotated;
use crate::text::CodePoints;
use crate::user::UserFiles;
use ledger::Ledger;
use moved::Moves;
use path_identity::Identity;
use roots::Roots;

pub use repair::repair;
pub use report::{Input, Outcome, Progress, Summary};

/// What the user decides about an ingest.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Options {
    /// How the files below the given paths are read. The usual way means as before, where the index knows the path.
    pub reading: article::Options,
    /// Make the index anew from the given paths and all sources that it knows; it takes the place of the present one once
    /// it is complete.
    pub rebuild: bool,
    /// Drop the articles of files below the given paths that are gone.
    pub prune: bool,
    /// Folders or files that moved, from where to where.
    pub moved: Vec<(PathBuf, PathBuf)>,
    /// Only find out what would be done.
    pub dry_run: bool,
    /// Threads that read and analyse.
    pub threads: usize,
    /// Target memory in bytes, not counting fixed overhead: models and what is on its way take 150 MB, the
    /// lists of what was read 100 bytes an article and 300 a file, sketches 70 bytes an article while near-duplicates are grouped, whatever it says.
    pub memory: usize,
    /// Whether the earlier text of an article that changed is kept, in this run and all that follow; as before if none.
    pub keep_versions: Option<bool>,
    /// Wait for another writer, rather than fail.
    pub wait: bool,
    /// Commit at least this often.
    pub commit_every: Duration,
    /// Whether articles are read more deeply than they were, where that is asked for: else they are once [`shallow`] gives
    /// them.
    pub deepen: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            reading: article::Options::default(),
            rebuild: false,
            prune: false,
            moved: Vec::new(),
            dry_run: false,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            memory: 512 << 20,
            keep_versions: None,
            wait: false,
            commit_every: Duration::from_mins(1),
            deepen: true,
        }
    }
}

/// Brings the index in `dir` up to date with the files below `paths`, and remembers these paths and how they are read.
///
/// Once `stop` is set, what was begun is finished and committed. Whatever happens, the index stays whole, and the next
/// run makes up for one that ended early.
pub fn ingest(
    dir: &Path,
    paths: &[PathBuf],
    options: &Options,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Summary, index::Error> {
    update(dir, paths, true, options, stop, progress)
}

/// Brings what `sink` writes into up to date, as [`ingest`] does; without a sink, only finds out what would be done.
/// `present` is what the index holds.
pub fn ingest_into(
    (sink, manifest): (Option<Box<dyn Sink>>, SharedManifest),
    target: Target,
    present: &dyn Present,
    paths: &[PathBuf],
    options: &Options,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Summary, index::Error> {
    write(sink, manifest, (target, Some(present)), paths, true, options, stop, progress)
}

/// Analyses an article again as it is stored, to show what the user's files now say of it.
/// `index` holds it.
pub fn reanalyse(mut writer: Box<dyn Sink>, index: &Index, files: &UserFiles, id: &str) -> Result<(), index::Error> {
    let key = Key::of(id);
    let known = writer.manifest().read().article(key).copied();
    let (Some(at), Some(known)) = (index.find(id)?, known) else { return Ok(()) };
    let stored = index.article_as_stored(at)?;
    let depth =
        writer.manifest().read().source(known.source).map_or_else(Depth::default, |source| depth_of(source.analysis));
    let block = analysed_again(stored, known.content, (&mut Analyser::new(), depth), &Corrections::read(files)?);
    writer.put(block, known.source)?;
    writer.finish().map(drop)
}

/// The documents of an article as it is stored, with the hash of its content, analysed again.
fn analysed_again(
    stored: Annotated,
    content: u64,
    (analyser, depth): (&mut Analyser, Depth),
    corrections: &Corrections,
) -> index::ArticleBlock {
    let points = CodePoints::new(&stored.text);
    let paragraphs = stored.paragraphs.iter().map(|&paragraph| points.bytes(paragraph)).collect();
    let key = Key::of(&stored.article.id);
    let article = Article {
        meta: stored.article,
        text: stored.text,
        paragraphs,
        locators: stored.locators,
        ..Article::default()
    };
    let mut analysis = analyser.analyse_as(&article, depth);
    corrections.apply(&article, &mut analysis);
    DocumentBuilder::default().build(article, &analysis, key, content)
}

/// The same; remembers the paths if asked to.
fn update(
    dir: &Path,
    paths: &[PathBuf],
    remember: bool,
    options: &Options,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Summary, index::Error> {
    let (writer, manifest) = if options.dry_run {
        (None, SharedManifest::new(present(dir)?))
    } else {
        let writer = open(dir, options)?;
        let manifest = writer.manifest();
        (Some(Box::new(writer) as Box<dyn Sink>), manifest)
    };
    let target = Target { dir, names: Paths::new(dir), files: UserFiles::of(dir) };
    write(writer, manifest, (target, None), paths, remember, options, stop, progress)
}

#[expect(clippy::too_many_arguments, reason = "it is one run, split off where the two kinds of index part")]
fn write(
    writer: Option<Box<dyn Sink>>,
    manifest: SharedManifest,
    (Target { dir, names, files }, elsewhere): (Target, Option<&dyn Present>),
    paths: &[PathBuf],
    remember: bool,
    options: &Options,
    stop: &AtomicBool,
    progress: &mut dyn Progress,
) -> Result<Summary, index::Error> {
    let clock = Instant::now();
    moved::check(&options.moved, &names)?;
    let mut roots = Roots::load(&files, &names)?;
    let mut given = paths.to_vec();
    if remember {
        roots.remember(&given, options, &names, &mut manifest.write());
    }
    let said = options.moved.iter().map(|(old, new)| [old.clone(), new.clone()]);
    let moved: Vec<[PathBuf; 2]> = said.chain(roots.left_behind().iter().cloned()).collect();
    for [old, new] in &moved {
        let followed = roots.follow([old, new], &names, &mut manifest.write());
        if !options.dry_run {
            moved::carry(&files, &followed)?;
        }
        given.push(new.clone());
    }
    if !options.dry_run {
        roots.save(&files, &names)?;
        options.keep_versions.map_or(Ok(()), |keep| Versions::among(files.clone()).keep(keep))?;
    }
    let keeps_versions = !options.dry_run && Versions::among(files.clone()).are_kept()?;
    let corrections = Corrections::read(&files)?;
    let moves = Moves::new(&moved, &names);
    let run = Run { dir, paths: names, files, roots, corrections, options, stop };
    let rebuilds = writer.as_ref().is_some_and(|writer| writer.is_rebuild());
    let needs_index = elsewhere.is_none() && (!rebuilds || keeps_versions);
    let index = if needs_index { Index::open(dir).ok() } else { None };
    let present = elsewhere.or(index.as_ref().map(|index| index as &dyn Present));
    let if_so = |holds: bool| present.filter(|_| holds);
    let moves = Some(&moves).filter(|_| !moved.is_empty());
    let before = Before { index: if_so(!rebuilds), versions: if_so(keeps_versions), moves };
    let mut ledger = Ledger::new(writer, manifest, &run, progress);
    let known = if rebuilds { salvage(dir) } else { Vec::new() };
    if rebuilds {
        if let Some(folder) = repair::away(&known, &run.roots.paths(), &run.paths).filter(|_| !options.prune) {
            return Err(index::Error::Away(folder));
        }
        repair::gone(&known).for_each(|source| ledger.lose(source));
        given.extend(repair::present(&known));
    }
    while !given.is_empty() {
        pass(&given, &run, before, &mut ledger)?;
        if run.is_stopped() {
            break;
        }
        given = ledger.end_pass(&given)?;
    }
    if rebuilds && !run.is_stopped() {
        ledger.carry_over(&known)?;
    }
    // A rebuild that is complete deletes its files.
    drop(index);
    let mut summary = ledger.finish()?;
    summary.stopped = run.is_stopped();
    summary.took = clock.elapsed();
    Ok(summary)
}

/// The paths that the index in `dir` was made from, as the current folder sees them; none if there is no index.
pub fn sources(dir: &Path) -> Result<Vec<PathBuf>, index::Error> {
    sources_of(&UserFiles::of(dir), &Paths::new(dir))
}

/// The same by the user's files; `paths` says how paths are stored.
pub fn sources_of(files: &UserFiles, paths: &Paths) -> Result<Vec<PathBuf>, index::Error> {
    let shown = |real: &PathBuf| paths.stored(real).map_or_else(|| real.clone(), |stored| paths.shown(stored).into());
    Ok(Roots::load(files, paths)?.paths().iter().map(shown).collect())
}

/// Files that are to be read more deeply than they were, the newest first, at most so many.
pub fn shallow(
    manifest: &Manifest,
    files: &UserFiles,
    paths: &Paths,
    most: usize,
) -> Result<Vec<PathBuf>, index::Error> {
    let roots = Roots::load(files, paths)?;
    let wants_more = |source: &SourceEntry| {
        let wanted = roots.options(&paths.of_stored(&source.path)).depth.unwrap_or_default();
        source.stamp.is_some() && source.analysis != analysis_id(wanted)
    };
    let mut found: Vec<&SourceEntry> =
        manifest.sources().map(|(_, source)| source).filter(|source| wants_more(source)).collect();
    found.sort_by_key(|source| std::cmp::Reverse(source.stamp.map_or(0, |stamp| stamp.modified)));
    // What is gone would stand before the others for ever.
    let there = found.iter().filter(|source| !is_gone(&paths.of_stored(&source.path)));
    Ok(there.take(most).map(|source| paths.shown(&source.path).into()).collect())
}

/// The index of an ingest.
pub struct Target<'a> {
    /// The folder of the index, or one that takes its place.
    pub dir: &'a Path,
    /// How paths are stored.
    pub names: Paths,
    /// What people made.
    pub files: UserFiles,
}

/// What holds for all of a run.
struct Run<'a> {
    /// The index.
    dir: &'a Path,
    paths: Paths,
    files: UserFiles,
    roots: Roots,
    corrections: Corrections,
    options: &'a Options,
    stop: &'a AtomicBool,
}

impl Run<'_> {
    /// How a file is analysed: as its root says, or, where nothing is to be read more deeply now, as it was.
    fn depth(&self, identity: &Identity, manifest: &SharedManifest) -> Depth {
        let wanted = self.roots.options(&identity.real).depth.unwrap_or_default();
        if self.options.deepen {
            return wanted;
        }
        let manifest = manifest.read();
        manifest.source_at(&identity.stored).map_or_else(Depth::default, |(_, source)| depth_of(source.analysis))
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Opens the index in `dir` to write. One of an earlier format is made anew if all of its sources are there.
fn open(dir: &Path, options: &Options) -> Result<Writer, index::Error> {
    let settings = WriterSettings {
        threads: (options.threads / 2).clamp(1, 8),
        memory: for_segments(options.memory),
        wait: options.wait,
    };
    if options.rebuild {
        return Writer::rebuild(dir, settings);
    }
    match Writer::open(dir, settings) {
        Err(index::Error::Version { found, .. }) if found < VERSION && repair::gone(&salvage(dir)).next().is_none() => {
            Writer::rebuild(dir, settings)
        }
        opened => opened,
    }
}

/// Bytes for segments in the making, of those that an ingest may take: what models, threads and the records between them
/// leave, a third: the lists of articles, merging, and what waits while a full segment is written down take as much again each.
/// With half a gigabyte a segment is full after some 400,000 passages, and is written down while what comes next is analysed:
/// up to ten thousand articles wait for tantivy's thread meanwhile. A larger share made no ingest faster.
fn for_segments(memory: usize) -> usize {
    /// Measured on an ingest whose index in the making takes next to nothing.
    const BESIDES: usize = 150 << 20;
    memory.saturating_sub(BESIDES) / 3
}

/// Batches between reader and index for each worker: those in its hands and before it, and as many that wait.
const BATCHES_PER_WORKER: usize = 6;

/// The index as it was before the run.
#[derive(Clone, Copy, Default)]
struct Before<'a> {
    /// What articles are compared with; none if it is made anew.
    index: Option<&'a dyn Present>,
    /// Where the earlier texts of articles are that changed; none if these are not kept.
    versions: Option<&'a dyn Present>,
    /// Where files were; none if none is said to have moved.
    moves: Option<&'a Moves>,
}

/// One pass of the pipeline over `paths`.
fn pass(paths: &[PathBuf], run: &Run, before: Before, ledger: &mut Ledger) -> Result<(), index::Error> {
    let workers = run.options.threads.max(1);
    let manifest = ledger.manifest();
    std::thread::scope(|scope| {
        // Dropping the ends of the channels, also on the way out of an error, ends the threads.
        let (to_workers, batches) = bounded(2 * workers);
        let (to_ledger, events) = bounded(4 * workers);
        // Batches wait for earlier ones before they are applied; permits bound how many.
        let (permit, permits) = bounded(BATCHES_PER_WORKER * workers);
        for _ in 0..BATCHES_PER_WORKER * workers {
            let _ = permit.send(());
        }
        for _ in 0..workers {
            let (batches, to_ledger, manifest) = (batches.clone(), to_ledger.clone(), manifest.clone());
            scope.spawn(move || worker::work(&batches, &to_ledger, &manifest, before, (run.options, &run.corrections)));
        }
        drop(batches);
        scope.spawn(move || reader::read(paths, run, &manifest, to_workers, &to_ledger, &permits));
        for event in events {
            ledger.handle(event, &permit)?;
        }
        Ok(())
    })
}

/// The manifest of the index in `dir`, if there is one.
fn present(dir: &Path) -> Result<Manifest, index::Error> {
    match Index::open(dir) {
        Ok(index) => index.manifest(),
        Err(index::Error::Missing(_)) => Ok(Manifest::default()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;

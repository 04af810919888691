//! What a run reports: what became of each article, and how many there were of each kind.

use std::time::{Duration, Instant};

use crate::article::{Format, Place, Skip};
use crate::index::Paths;

/// How often progress is reported.
const UPDATE_EVERY: Duration = Duration::from_millis(100);

/// What was done so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files found.
    pub files: u64,
    /// Files that are as they were, and so were not opened.
    pub files_unchanged: u64,
    /// Files that are gone, whose articles were dropped.
    pub files_gone: u64,
    /// Bytes of the text of the articles that were read.
    pub bytes: u64,
    /// Articles new to the index.
    pub added: u64,
    /// Articles that changed and took the place of what there was.
    pub replaced: u64,
    /// Articles that are as they were, and were analysed again, as the analysis has changed.
    pub reanalysed: u64,
    /// Articles that are as they were.
    pub unchanged: u64,
    /// Articles that are gone and were dropped.
    pub removed: u64,
    /// Articles of an id that another article has as well: of several files the longest is kept, of one the last.
    pub repeated: u64,
    /// Articles that were removed for good, and stay out.
    pub withheld: u64,
    /// Passages of added and replaced articles.
    pub passages: u64,
    /// Quotations of added and replaced articles.
    pub quotes: u64,
    /// Mentions of people, organisations and places in added and replaced articles.
    pub mentions: u64,
    /// Files and records that could not be read.
    pub skipped: u64,
    /// Articles in the index now.
    pub articles: u64,
    /// True if the user stopped it: the next run goes on from here.
    pub stopped: bool,
    /// True if a rebuild was stopped, so that the index is as it was before.
    pub kept: bool,
    /// How long it took.
    pub took: Duration,
}

/// What became of an article, or of a file that gave none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it was read.
    pub place: Place,
    /// How it was written down, where that is known.
    pub format: Option<Format>,
    /// What became of it.
    pub outcome: Outcome,
    /// Headline.
    pub title: Option<String>,
    /// When it was published, ISO 8601.
    pub published: Option<String>,
    /// Its words.
    pub words: u64,
    /// Its quotations; 0 where it was not analysed, as it is unchanged.
    pub quotes: u64,
    /// What the reader wants the user to know: a guessed date, mended characters.
    pub warnings: Vec<String>,
}

impl Input {
    /// A place that gave no article.
    pub(super) fn unread(place: Place) -> Self {
        Input {
            place,
            format: None,
            outcome: Outcome::Skipped(String::new()),
            title: None,
            published: None,
            words: 0,
            quotes: 0,
            warnings: Vec::new(),
        }
    }
}

/// What became of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the index now.
    Added,
    /// It took the place of what there was.
    Replaced,
    /// It is as it was, and was analysed again, as the analysis has changed.
    Reanalysed,
    /// The index holds it as it is.
    Unchanged,
    /// Another article of the same id is kept: which, and why.
    Repeated(String),
    /// It was removed for good, and stays out.
    Removed,
    /// It can't be read: the reason and the remedy.
    Skipped(String),
}

/// Gets the progress of an ingest; called from one thread, that of the caller.
pub trait Progress {
    /// How far it is; called a few times a second.
    fn update(&mut self, summary: &Summary) {
        let _ = summary;
    }

    /// What became of an article, or of a file that gave none.
    fn record(&mut self, input: &Input) {
        let _ = input;
    }
}

/// Drops it.
impl Progress for () {}

/// Counts what became of articles, and reports it to a [`Progress`].
pub(super) struct Reporter<'a> {
    pub(super) summary: Summary,
    paths: &'a Paths,
    progress: &'a mut dyn Progress,
    updated: Instant,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(paths: &'a Paths, progress: &'a mut dyn Progress) -> Self {
        Reporter { summary: Summary::default(), paths, progress, updated: Instant::now() }
    }

    /// Says how far the run is, if it has not for a while.
    pub(super) fn update_if_due(&mut self) {
        if self.updated.elapsed() >= UPDATE_EVERY {
            self.updated = Instant::now();
            self.update();
        }
    }

    pub(super) fn update(&mut self) {
        self.progress.update(&self.summary);
    }

    /// Reports something that cannot be read, whose path is one for people.
    pub(super) fn skipped(&mut self, skip: Skip) {
        let outcome = Outcome::Skipped(skip.problem.to_string());
        self.count(&Input { outcome, format: skip.format, ..Input::unread(skip.place) });
    }

    /// Reports a record, whose path is the stored one.
    pub(super) fn report(&mut self, mut input: Input) {
        input.place.path = self.paths.shown(&input.place.path);
        self.count(&input);
    }

    pub(super) fn count(&mut self, input: &Input) {
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
}

//! What reader and workers report to the ledger.

use super::Input;
use crate::analysis::Depth;
use crate::article::Skip;
use crate::index::fingerprint::FileHashes;
use crate::index::versions::Version;
use crate::index::{ArticleBlock, Key, Stamp};

/// What reader and workers report.
pub(super) enum Event {
    /// A file is unchanged since the last run.
    Unchanged { path: String, stamp: Stamp },
    /// A file whose one article was removed for good.
    Removed { path: String },
    /// A file or folder cannot be reached; its path is the one that was walked.
    Unreachable(Skip),
    /// A file changed while it was read.
    Unsettled(Skip),
    /// The records of a source follow, from any worker.
    SourceStarted { source: u32, path: String, depth: Depth },
    /// A source had so many records; `whole` unless reading it was stopped or failed.
    SourceEnded { source: u32, records: u32, whole: bool, stamp: Option<Stamp>, hashes: Option<FileHashes> },
    /// The records of the batch with this number were processed; its permits are given back once they are applied.
    Processed { number: u64, permits: usize, records: Vec<Processed> },
}

/// A processed record.
pub(super) struct Processed {
    /// Number of its source in this pass.
    pub(super) source: u32,
    /// Its position in the source.
    pub(super) number: u32,
    /// What is reported about it; the outcome may still change.
    pub(super) input: Input,
    /// What to do with it.
    pub(super) action: Action,
}

/// What to do with a record.
pub(super) enum Action {
    /// Nothing: the index holds it unchanged.
    Keep { key: Key, content: u64, bytes: u32 },
    /// Add it to the index; `earlier` is what it was, where that is kept.
    Add { block: ArticleBlock, passages: u64, mentions: u64, earlier: Option<Box<Version>> },
    /// Leave it out, now and by its new id: it was removed before its file moved.
    Withhold { id: String },
    /// Leave it out; `passing` if it may be readable another time, so that what was read before is kept.
    Skip { passing: bool },
}

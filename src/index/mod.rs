//! The index on disk: what it holds, how it is written and opened, and how it stays whole.

pub mod analyser;
pub mod block;
mod checksums;
mod codec;
pub mod corpus_statistics;
pub(crate) mod custody;
mod document;
pub mod document_builder;
pub mod duplicates;
mod error;
pub mod fingerprint;
mod layout;
mod leftovers;
mod lock;
mod locked_directory;
mod lookup;
mod manifest;
mod merge_policy;
mod names;
pub mod nested;
mod open;
pub(crate) mod part;
mod paths;
pub mod position_range;
mod read_only_directory;
mod record;
pub mod removal;
pub mod schema;
mod sink;
pub mod sketch;
mod stats;
mod stored;
mod stores;
pub mod verify;
pub mod versions;
mod within;
mod writer;

pub use checksums::FileSum;
#[cfg(test)]
pub(crate) use checksums::change_version;
pub use codec::DecodeError;
pub use corpus_statistics::CorpusStatistics;
pub use document_builder::ArticleBlock;
pub use error::Error;
pub use layout::derived;
pub use leftovers::Leftovers;
pub use lock::{Holder, Lock};
pub use lookup::Lookup;
pub use manifest::{
    ArticleEntry, Key, KnownSource, LoadError, MOST_PROBLEMS, Manifest, SharedManifest, SourceEntry, SourceId,
    SourceProblem, Stamp, State, salvage,
};
pub use open::Index;
pub use paths::{Paths, STANDARD_INPUT, is_gone};
pub use removal::removed_keys;
pub use sink::{Present, Sink};
pub use stats::IndexStats;
pub use writer::{Writer, WriterSettings};

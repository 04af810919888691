//! What can go wrong with an index, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;

use super::codec::Damaged;
use super::lock::Holder;
use super::schema::VERSION;

/// Why an index can't be opened or written; one line that ends in the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was ever ingested there.
    #[error("there is no index in `{0}`; make one with `onrecord --index {0} ingest PATH`")]
    Missing(PathBuf),
    /// Another program's files.
    #[error("`{0}` holds an index that is not of onrecord; choose another folder with `--index`")]
    Foreign(PathBuf),
    /// Written by an older or newer onrecord.
    #[error(
        "the index in `{dir}` has format {found}, this onrecord needs format {VERSION}; \
         rebuild it from its sources: `rm -r {dir}`, then `onrecord --index {dir} ingest PATH`"
    )]
    Version {
        /// The index.
        dir: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Files are missing, cut short or changed.
    #[error(
        "the index in `{dir}` is damaged ({what}); `onrecord --index {dir} verify --repair` mends what it can, \
         else rebuild it from its sources: `rm -r {dir}`, then `onrecord --index {dir} ingest PATH`"
    )]
    Damaged {
        /// The index.
        dir: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Somebody else writes to it.
    #[error("{holder} is writing to the index in `{dir}`; `--wait` waits until it is done")]
    Locked {
        /// The index.
        dir: PathBuf,
        /// Who.
        holder: Holder,
    },
    /// The disk is full.
    #[error(
        "the disk of `{dir}` is full; free about {needed} MB and run the same command again: \
         everything up to the last commit is kept"
    )]
    Full {
        /// The index.
        dir: PathBuf,
        /// Megabytes that the work in hand needs.
        needed: u64,
    },
    /// The operating system refuses.
    #[error("cannot write to the index in `{dir}`; everything up to the last commit is kept")]
    Write {
        /// The index.
        dir: PathBuf,
        /// What it says.
        #[source]
        source: io::Error,
    },
    /// The search library fails.
    #[error("the index in `{dir}` fails; everything up to the last commit is kept")]
    Tantivy {
        /// The index.
        dir: PathBuf,
        /// What it says.
        #[source]
        source: TantivyError,
    },
}

impl Error {
    /// An error of the file system.
    pub(crate) fn io(dir: &Path, source: io::Error) -> Self {
        if is_full(&source) {
            Error::Full { dir: dir.to_owned(), needed: 0 }
        } else {
            Error::Write { dir: dir.to_owned(), source }
        }
    }

    /// An error of the search library: an I/O error within keeps its meaning.
    pub(crate) fn tantivy(dir: &Path, source: TantivyError) -> Self {
        use tantivy::directory::error::{OpenReadError, OpenWriteError};
        match source {
            TantivyError::IoError(error)
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, .. }) => {
                let kind = error.kind();
                Error::io(dir, io::Error::new(kind, error))
            }
            TantivyError::DataCorruption(what) => Error::Damaged { dir: dir.to_owned(), what: format!("{what:?}") },
            TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
                Error::Damaged { dir: dir.to_owned(), what: format!("its file {} is missing", file.display()) }
            }
            source => Error::Tantivy { dir: dir.to_owned(), source },
        }
    }

    /// A stored record that can't be read.
    pub(crate) fn record(dir: &Path, damaged: Damaged) -> Self {
        Error::Damaged { dir: dir.to_owned(), what: damaged.to_string() }
    }
}

/// True if the disk is full. The writer of dictionaries wraps what the system said in errors that keep its words, not its kind.
fn is_full(error: &io::Error) -> bool {
    /// ENOSPC and EDQUOT as the standard library prints them.
    const CODES: [&str; 2] = ["(os error 28)", "(os error 122)"];
    let told = error.to_string();
    let kind = |kind: io::ErrorKind| error.kind() == kind || told.contains(&kind.to_string());
    kind(io::ErrorKind::StorageFull)
        || kind(io::ErrorKind::QuotaExceeded)
        || CODES.iter().any(|code| told.contains(code))
}

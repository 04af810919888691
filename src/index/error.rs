//! Errors of the index, each with its remedy.

use std::io;
use std::path::{Path, PathBuf};

use tantivy::TantivyError;

use super::codec::DecodeError;
use super::lock::Holder;
use super::schema::VERSION;

/// Why an index can't be opened or written; one line that ends in the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was ever ingested there.
    #[error("no index in `{0}`; make one with `onrecord --index {0} ingest PATH`")]
    Missing(PathBuf),
    /// Another program's files.
    #[error("`{0}` holds an index of another program; choose another folder with `--index`")]
    Foreign(PathBuf),
    /// Written by an older or newer onrecord.
    #[error(
        "the index in `{dir}` has format {found}, this onrecord needs format {VERSION}; \
         make it again from its sources with `onrecord --index {dir} ingest --rebuild`"
    )]
    Version {
        /// The index.
        dir: PathBuf,
        /// Its format.
        found: u32,
    },
    /// Files are missing, cut short or changed.
    #[error("the index in `{dir}` is damaged ({what}); repair it with `onrecord --index {dir} verify --repair`")]
    Damaged {
        /// The index.
        dir: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A folder that articles of the index come from is not there.
    #[error(
        "`{0}` is not there, or empty, and articles of the index come from it, so nothing was changed; mount it, or if it is \
         gone for good, run `onrecord ingest --rebuild --prune`"
    )]
    Away(PathBuf),
    /// Files that are said to have moved did not.
    #[error("`{path}` is {what}, so nothing was changed; give `--moved OLD=NEW` once all of OLD is at NEW")]
    Moved {
        /// The place.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The cluster that holds it fails.
    #[error(transparent)]
    Cluster(Box<dyn std::error::Error + Send + Sync>),
    /// A file of the user's half.
    #[error(transparent)]
    User(#[from] crate::user::Error),
    /// Somebody else writes to it.
    #[error("{holder} is writing to the index in `{dir}`; `--wait` waits until it is done")]
    Locked {
        /// The index.
        dir: PathBuf,
        /// Who.
        holder: Holder,
    },
    /// Its folder is not the one that was locked any more.
    #[error("the index in `{0}` was removed or replaced while it was written; run the same command again for the rest")]
    Replaced(PathBuf),
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
    /// A file where the folder should be, or above it.
    #[error("`{0}` is not a folder; choose one for the index with `--index`")]
    NotAFolder(PathBuf),
    /// The operating system lets no more files be open.
    #[error("too few open files are allowed for the index in `{0}`; allow more with `ulimit -n 1024`")]
    TooFewFiles(PathBuf),
    /// The operating system refuses to read.
    #[error("cannot read the index in `{dir}`; check its permissions and the disk it is on")]
    Read {
        /// The index.
        dir: PathBuf,
        /// What it says.
        #[source]
        source: io::Error,
    },
    /// The operating system refuses.
    #[error(
        "cannot write to the index in `{dir}`; everything up to the last commit is kept: \
         check its permissions and the disk it is on, and run the same command again"
    )]
    Write {
        /// The index.
        dir: PathBuf,
        /// What it says.
        #[source]
        source: io::Error,
    },
    /// The search library fails.
    #[error(
        "the index in `{dir}` fails; everything up to the last commit is kept: \
         run the same command again, or repair it with `onrecord --index {dir} verify --repair`"
    )]
    Tantivy {
        /// The index.
        dir: PathBuf,
        /// What it says.
        #[source]
        source: TantivyError,
    },
}

/// Megabytes that small segments take while they are merged.
const MARGIN: u64 = 64;

impl Error {
    /// An error of the file system in writing.
    pub(crate) fn io(dir: &Path, source: io::Error) -> Self {
        match classify(&source) {
            Some(SystemFault::Full) => Error::Full { dir: dir.to_owned(), needed: MARGIN },
            Some(SystemFault::NoFolder) => Error::NotAFolder(dir.to_owned()),
            Some(SystemFault::TooFewFiles) => Error::TooFewFiles(dir.to_owned()),
            None => Error::Write { dir: dir.to_owned(), source },
        }
    }

    /// An error in reading a stored record: what the operating system does not refuse itself can't be unpacked.
    pub(crate) fn unpacking(dir: &Path, source: TantivyError) -> Self {
        match source {
            TantivyError::IoError(error) if error.raw_os_error().is_none() => {
                Error::Damaged { dir: dir.to_owned(), what: format!("a stored article can't be unpacked: {error}") }
            }
            TantivyError::IoError(error) => Error::reading(dir, io::Error::new(error.kind(), error)),
            source => Error::tantivy(dir, source),
        }
    }

    /// An error of the file system in reading.
    pub(crate) fn reading(dir: &Path, source: io::Error) -> Self {
        match Error::io(dir, source) {
            Error::Write { dir, source } => Error::Read { dir, source },
            known => known,
        }
    }

    /// An error of the search library: an I/O error within keeps its meaning.
    pub(crate) fn tantivy(dir: &Path, source: TantivyError) -> Self {
        use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
        let again = |error: std::sync::Arc<io::Error>| io::Error::new(error.kind(), error);
        match source {
            TantivyError::IoError(error)
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error: error, .. })
            | TantivyError::LockFailure(LockError::IoError(error), _) => Error::io(dir, again(error)),
            TantivyError::OpenReadError(OpenReadError::IoError { io_error: error, .. })
            | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error: error, .. }) => {
                Error::reading(dir, again(error))
            }
            TantivyError::OpenDirectoryError(OpenDirectoryError::NotADirectory(_)) => Error::NotAFolder(dir.to_owned()),
            // The writers of stored records and field norms keep only the text of a system error.
            TantivyError::InternalError(told) if classify(&io::Error::other(told.as_str())).is_some() => {
                Error::io(dir, io::Error::other(told))
            }
            TantivyError::DataCorruption(what) => Error::Damaged { dir: dir.to_owned(), what: format!("{what:?}") },
            TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
                Error::Damaged { dir: dir.to_owned(), what: format!("its file {} is missing", file.display()) }
            }
            source => Error::Tantivy { dir: dir.to_owned(), source },
        }
    }

    /// A stored record that can't be read.
    pub(crate) fn record(dir: &Path, damaged: DecodeError) -> Self {
        Error::Damaged { dir: dir.to_owned(), what: damaged.to_string() }
    }
}

/// System errors that have a specific remedy.
enum SystemFault {
    Full,
    NoFolder,
    TooFewFiles,
}

/// tantivy's dictionary writer keeps only the text of a system error, not its kind: so the text is checked too.
fn classify(error: &io::Error) -> Option<SystemFault> {
    /// ENOSPC and EDQUOT; ENFILE and EMFILE, as the standard library prints them.
    const FULL: [&str; 2] = ["(os error 28)", "(os error 122)"];
    const TOO_MANY: [&str; 2] = ["(os error 23)", "(os error 24)"];
    let told = error.to_string();
    let says = |codes: [&str; 2]| cfg!(unix) && codes.iter().any(|code| told.contains(code));
    let kind = |kind: io::ErrorKind| error.kind() == kind || told.contains(&kind.to_string());
    if kind(io::ErrorKind::StorageFull) || kind(io::ErrorKind::QuotaExceeded) || says(FULL) {
        Some(SystemFault::Full)
    } else if error.kind() == io::ErrorKind::NotADirectory {
        Some(SystemFault::NoFolder)
    } else if says(TOO_MANY) {
        Some(SystemFault::TooFewFiles)
    } else {
        None
    }
}

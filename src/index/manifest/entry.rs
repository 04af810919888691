//! The manifest's entries: sources and articles.

use xxhash_rust::xxh3::xxh3_64;

/// Most problems kept per source, to be reported again while it is unchanged.
pub const MOST_PROBLEMS: usize = 100;

/// Hash of an article's id, which identifies it. With 64 bits, the odds of any collision among ten million articles are one
/// in 370,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64);

impl Key {
    /// The key of the article with this id.
    pub fn of(id: &str) -> Self {
        Key(xxh3_64(id.as_bytes()))
    }

    /// As 16 hexadecimal digits.
    pub fn hex(self) -> String {
        format!("{:016x}", self.0)
    }
}

/// Index of a source in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// Size and time of a file: while both are unchanged, the file is taken to be unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Last modification in nanoseconds since 1970; 0 if it can't be relied on.
    pub modified: u64,
}

/// A file that was ingested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEntry {
    /// As it was found.
    pub path: String,
    /// Its size and time when it was last read to its end; `None` if it never was.
    pub stamp: Option<Stamp>,
    /// Hash of its bytes at that time.
    pub hash: u128,
    /// SHA-256 of its bytes at that time; none if an earlier version of onrecord read it.
    pub sha256: Option<[u8; 32]>,
    /// When that was, in seconds since 1970.
    pub read: i64,
    /// [`analysis_id`](crate::analysis::analysis_id) of the program that read it to its end; 0 if none did.
    pub analysis: u64,
    /// True if another source holds an article of the same id, so that it must be read again whatever its stamp.
    pub contested: bool,
    /// What of it could not be read; at most [`MOST_PROBLEMS`].
    pub problems: Vec<SourceProblem>,
}

/// Something of a source that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceProblem {
    /// Which record of it; `None` if it is the whole.
    pub record: Option<String>,
    /// Why, and the remedy.
    pub reason: String,
}

/// An article that was ingested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleEntry {
    /// Its number in the index, never given twice.
    pub number: u64,
    /// Hash of all that was read.
    pub content: u64,
    /// Where it was read.
    pub source: SourceId,
    /// Bytes of its text.
    pub bytes: u32,
}

impl SourceEntry {
    /// A source that is yet to be read.
    pub fn unread(path: &str) -> Self {
        SourceEntry {
            path: path.to_owned(),
            stamp: None,
            hash: 0,
            sha256: None,
            read: 0,
            analysis: 0,
            contested: false,
            problems: Vec::new(),
        }
    }
}

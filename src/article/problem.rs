//! What can't be read, and what to do about it.

use std::fmt;
use std::io;

use super::Format;

/// Where something is: a file, and what of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as given or found below what was given; `-` for standard input.
    pub path: String,
    /// Which record of it; outermost first, joined by `!`.
    pub record: Option<String>,
}

impl Place {
    /// A whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Place { path: path.into(), record: None }
    }

    /// A part of this place: a line of a file, a file of an archive.
    #[must_use]
    pub fn part(&self, name: impl fmt::Display) -> Self {
        let name = shown(&name.to_string());
        let record = match &self.record {
            Some(outer) => format!("{outer}!{name}"),
            None => name,
        };
        Place { path: self.path.clone(), record: Some(record) }
    }

    /// The innermost name, by which a format can be recognised: a file's or that of an archive's member.
    pub fn name(&self) -> &str {
        let innermost = self.record.as_deref().and_then(|r| r.rsplit('!').next()).unwrap_or(&self.path);
        innermost.rsplit(['/', '\\']).next().unwrap_or(innermost)
    }
}

/// Text from outside as it is shown in names and messages: on one line, and no longer than a few of them.
pub(super) fn shown(text: &str) -> String {
    const LONGEST: usize = 300;
    let kept = text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text);
    let cut = if kept.len() < text.len() { "…" } else { "" };
    kept.chars().map(|c| if c.is_control() { ' ' } else { c }).chain(cut.chars()).collect()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        self.record.as_ref().map_or(Ok(()), |record| write!(f, "!{record}"))
    }
}

/// Something that was left out, where it is, and why.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Skip {
    /// Where it is.
    pub place: Place,
    /// What it was taken for, where that is known.
    pub format: Option<Format>,
    /// Why it was left out.
    #[source]
    pub problem: Problem,
}

impl Skip {
    /// A place that can't be read.
    pub fn new(place: Place, problem: Problem) -> Self {
        Skip { place, format: None, problem }
    }

    /// The same, and what it was taken for.
    #[must_use]
    pub fn of(mut self, format: Format) -> Self {
        self.format = Some(format);
        self
    }

    /// True if it does not tell that what its source held before is no more, so that this is worth keeping: reading may
    /// succeed another time. A file of which nothing at all can be read is oftener one that was not written well than
    /// one that is meant so; for that, it can be removed.
    pub fn is_passing(&self) -> bool {
        match &self.problem {
            Problem::Missing
            | Problem::Dangling
            | Problem::Unreadable(_)
            | Problem::Unsettled
            | Problem::Broken { .. }
            | Problem::CutShort { .. }
            | Problem::Damaged { .. }
            | Problem::Panicked(_)
            | Problem::Shortened => true,
            Problem::Unnameable
            | Problem::NotAFile(_)
            | Problem::Empty
            | Problem::NoText
            | Problem::NoTextLayer
            | Problem::Command { .. }
            | Problem::TooLarge { .. }
            | Problem::TooDense { .. }
            | Problem::TooDeep(_)
            | Problem::Binary
            | Problem::Unsupported { .. }
            | Problem::Malformed { .. }
            | Problem::NoPages
            | Problem::NoTable { .. }
            | Problem::NoFittingTable { .. }
            | Problem::ManyTables { .. }
            | Problem::NoBody { .. } => self.place.record.is_none(),
            Problem::Withdrawn { .. } | Problem::NotText { .. } | Problem::Announced | Problem::OnlyAddresses => false,
        }
    }
}

/// Why something can't be read; one line that ends in the remedy where there is one.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file does not exist.
    #[error("no such file or folder; check the path")]
    Missing,
    /// A link that leads nowhere.
    #[error("is a broken link; remove it or restore its target")]
    Dangling,
    /// A name that no JSON could hold: two of them could look the same.
    #[error("has a name that is not UTF-8; rename it, as `convmv` does for a whole folder")]
    Unnameable,
    /// The operating system refuses.
    #[error("cannot be read ({0}); {remedy}", remedy = remedy(.0))]
    Unreadable(#[source] io::Error),
    /// A file that somebody writes to.
    #[error("changed while it was read; ingest it again when it no longer changes")]
    Unsettled,
    /// A pipe, socket or device.
    #[error("is a {0}, which is never opened; pipe its content to standard input and read `-`")]
    NotAFile(&'static str),
    /// A compressed layer or a container that ends early or is broken.
    #[error("broken {what} ({source}); {}", again(source, "fetch it again, or unpack it by hand"))]
    Broken {
        /// The layer or container.
        what: &'static str,
        /// What its decoder says.
        #[source]
        source: io::Error,
    },
    /// A container that breaks off; its beginning was read.
    #[error("broken {what} ({source}); the part before it was read; {}", again(source, "fetch it again for the rest"))]
    CutShort {
        /// The layer or container.
        what: &'static str,
        /// What its decoder says.
        #[source]
        source: io::Error,
    },
    /// A container with a damaged part; its other parts were read.
    #[error(
        "broken {what} here ({source}); the parts before and after it were read; {}",
        again(source, "fetch it again for the rest")
    )]
    Damaged {
        /// The layer or container.
        what: &'static str,
        /// What its decoder says.
        #[source]
        source: io::Error,
    },
    /// A text that is the beginning of what was read before, up to somewhere within a line.
    #[error(
        "ends within a line that was longer before, so the earlier text is kept; fetch it again, or end the line if the file is complete"
    )]
    Shortened,
    /// The code that read or analysed it panicked: a bug.
    #[error("was skipped because of a bug in onrecord ({0}); please report it with this file")]
    Panicked(String),
    /// Nothing in it.
    #[error("is empty")]
    Empty,
    /// No text in it that could be an article.
    #[error("holds no article text")]
    NoText,
    /// A document of pictures.
    #[error("has no text, only pictures of it; run OCR, as with `ocrmypdf`")]
    NoTextLayer,
    /// More words and marks than one article may have.
    #[error("has more than {limit} {what}, the limit for one article; split it")]
    TooDense {
        /// What it has so many of.
        what: &'static str,
        /// How many it may have.
        limit: u64,
    },
    /// Larger than one article may be.
    #[error("is larger than {limit} MB, the limit for one {what}; split it")]
    TooLarge {
        /// What the limit is for.
        what: &'static str,
        /// The limit in megabytes.
        limit: u64,
    },
    /// An archive within an archive within an archive within an archive.
    #[error("is nested in more than {0} archives; unpack the outer ones first")]
    TooDeep(u8),
    /// Neither text nor anything known.
    #[error("is binary data of an unknown format; convert it to text, HTML or JSON")]
    Binary,
    /// Something known that is not read.
    #[error("is {what}, which is not read; convert it {how}")]
    Unsupported {
        /// What it is.
        what: &'static str,
        /// What to do.
        how: &'static str,
    },
    /// A program that should have read it.
    #[error("`{command}` {what}; run it by hand to see why")]
    Command {
        /// The program with its arguments.
        command: String,
        /// What became of it.
        what: String,
    },
    /// Not what its format asks for.
    #[error("is not valid {format}: {detail}")]
    Malformed {
        /// The format it was read as.
        format: Format,
        /// What is wrong, where, and what to do.
        detail: String,
    },
    /// An item that its provider has taken back.
    #[error("is marked `{status}` by its provider and skipped")]
    Withdrawn {
        /// What its provider calls that.
        status: String,
    },
    /// An item of a wire that is a picture, a film or a package.
    #[error("is a {kind} item without text of its own and skipped")]
    NotText {
        /// What it is.
        kind: String,
    },
    /// An item of a feed without any text.
    #[error("has no text in its feed; ingest its page instead")]
    Announced,
    /// A sitemap of addresses and nothing else.
    #[error("is a sitemap without titles and dates of news; ingest the pages that it lists instead")]
    OnlyAddresses,
    /// A web archive of other things than pages.
    #[error("holds no HTML or PDF response with status 200")]
    NoPages,
    /// A table that is not in the database.
    #[error("has no table `{wanted}`; it has {found}")]
    NoTable {
        /// The table that was asked for.
        wanted: String,
        /// The tables that there are.
        found: String,
    },
    /// A database without articles.
    #[error("has no table with a column for the body (tables: {found}); name it with `--map text=COLUMN`")]
    NoFittingTable {
        /// The tables that there are.
        found: String,
    },
    /// A database with several tables that could be meant.
    #[error("has several tables with articles ({found}); name one as `FILE:TABLE`")]
    ManyTables {
        /// The tables that could be meant.
        found: String,
    },
    /// A record without a body.
    #[error("has no body among its fields ({found}); name it with `--map text=FIELD`")]
    NoBody {
        /// The names of the fields it has.
        found: String,
    },
}

impl Problem {
    /// The problem of a file that can't be opened.
    pub fn opening(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Problem::Missing } else { Problem::Unreadable(error) }
    }
}

/// The remedy for something that breaks off: another copy, unless the operating system failed to deliver this one.
fn again(error: &io::Error, otherwise: &'static str) -> &'static str {
    if error.raw_os_error().is_some() { "check the disk it is on; the next ingest reads it again" } else { otherwise }
}

/// What to do about what the operating system says.
fn remedy(error: &io::Error) -> &'static str {
    /// EMFILE and ENFILE, which have no kind of their own.
    const TOO_MANY: [i32; 2] = [24, 23];
    match (error.kind(), error.raw_os_error()) {
        (io::ErrorKind::PermissionDenied, _) => "check its permissions",
        (_, Some(code)) if cfg!(unix) && TOO_MANY.contains(&code) => "allow more open files with `ulimit -n 1024`",
        _ => "check the path and the disk it is on",
    }
}

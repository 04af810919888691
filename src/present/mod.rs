//! Output formats, one file each. They neither search nor change what they show.

pub mod annotations;
pub mod check;
pub mod columns;
pub mod compare;
pub mod csv;
pub mod entity;
pub mod explain;
pub mod facets;
pub mod harmless;
pub mod html;
pub mod json;
pub mod jsonl;
pub mod kwic;
pub mod markdown;
pub mod marked;
pub mod network;
pub mod phrase;
pub mod references;
pub mod report;
pub mod status;
pub mod style;
pub mod summary;
pub mod svg;
pub mod terminal;
pub mod timeline;
pub mod versions;
pub mod wrap;
pub mod xlsx;

use std::io::{self, Write};

use crate::search::{Hit, Response};

pub use style::Look;

/// A format for hits, which are written one by one, so that an answer of any size takes little memory.
pub trait HitWriter {
    /// Writes what comes before the first hit; `answer.hits` is empty.
    fn open(&mut self, answer: &Response) -> io::Result<()>;

    /// Writes the next hit.
    fn hit(&mut self, hit: &Hit) -> io::Result<()>;

    /// Writes what comes after the last hit.
    fn close(&mut self) -> io::Result<()>;
}

/// A file format for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// A table of hits.
    Csv,
    /// A spreadsheet: the hits, and the search that found them.
    Xlsx,
    /// A document to paste from.
    Markdown,
    /// RIS, for reference managers.
    Ris,
    /// CSL JSON, for reference managers.
    CslJson,
    /// W3C Web Annotations.
    Annotations,
}

impl Export {
    /// All of them.
    pub const ALL: [Export; 6] =
        [Export::Csv, Export::Xlsx, Export::Markdown, Export::Ris, Export::CslJson, Export::Annotations];

    /// As `--format` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Export::Csv => "csv",
            Export::Xlsx => "xlsx",
            Export::Markdown => "markdown",
            Export::Ris => "ris",
            Export::CslJson => "csl-json",
            Export::Annotations => "annotations",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Export::Csv => "CSV",
            Export::Xlsx => "Excel",
            Export::Markdown => "Markdown",
            Export::Ris => "RIS",
            Export::CslJson => "CSL JSON",
            Export::Annotations => "Web Annotations",
        }
    }

    /// What it is for.
    pub fn purpose(self) -> &'static str {
        match self {
            Export::Csv => "a row per hit",
            Export::Xlsx => "a spreadsheet, with the search",
            Export::Markdown => "to paste from",
            Export::Ris | Export::CslJson => "for reference managers",
            Export::Annotations => "JSON-LD",
        }
    }

    /// Whether its file is kept in memory until it is whole.
    pub fn is_kept(self) -> bool {
        match self {
            Export::Xlsx | Export::Ris | Export::CslJson => true,
            Export::Csv | Export::Markdown | Export::Annotations => false,
        }
    }

    /// The ending of a file of this format.
    pub fn extension(self) -> &'static str {
        match self {
            Export::Csv => "csv",
            Export::Xlsx => "xlsx",
            Export::Markdown => "md",
            Export::Ris => "ris",
            Export::CslJson => "csl.json",
            Export::Annotations => "jsonld",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Export::Csv => "text/csv; charset=utf-8; header=present",
            Export::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Export::Markdown => "text/markdown; charset=utf-8",
            Export::Ris => "application/x-research-info-systems",
            Export::CslJson => "application/vnd.citationstyles.csl+json",
            Export::Annotations => annotations::MEDIA_TYPE,
        }
    }

    /// A writer of this format.
    pub fn writer<'w>(self, out: impl Write + 'w) -> Box<dyn HitWriter + 'w> {
        use references::{References, Style};
        match self {
            Export::Csv => Box::new(csv::CsvWriter::new(out)),
            Export::Xlsx => Box::new(xlsx::XlsxWriter::new(out)),
            Export::Markdown => Box::new(markdown::MarkdownWriter::new(out)),
            Export::Ris => Box::new(References::new(out, Style::Ris)),
            Export::CslJson => Box::new(References::new(out, Style::CslJson)),
            Export::Annotations => Box::new(annotations::AnnotationWriter::new(out)),
        }
    }
}

//! Articles and how they are read: one reader a format. Analyses no language.

mod date;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use date::{DateOrigin, Published};

use crate::text::{self, Span};

/// What is known about an article besides its text: the `article` object of every JSON answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Stable id: the article's URL, else path and record.
    pub id: String,
    /// The file it was read from, as given or found below what was given.
    pub path: String,
    /// Which record of the file: a line or row number (from 1), a name inside an archive, a WARC offset; outermost first, joined by `!`.
    pub record: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Who wrote it, a name an entry.
    pub byline: Vec<String>,
    /// Publisher.
    pub outlet: Option<String>,
    /// Canonical address.
    pub url: Option<String>,
    /// Section of the paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// When it was published.
    #[serde(flatten)]
    pub published: Option<Published>,
    /// ISO 639-1 code.
    pub language: Option<String>,
}

/// An article as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    /// What is known about it.
    pub meta: Meta,
    /// The body as read; plain text and JSON bodies verbatim.
    pub text: String,
    /// Its paragraphs, in order, as bytes into `text`, without the white space around them.
    pub paragraphs: Vec<Span>,
    /// What the reader wants the user to know: a guessed date, mended characters.
    pub warnings: Vec<String>,
}

impl Article {
    /// An article from a plain text body, paragraphs found by its own rules.
    pub fn from_plain(meta: Meta, text: String) -> Self {
        let paragraphs = text::paragraphs(&text);
        Article { meta, text, paragraphs, warnings: Vec::new() }
    }
}

/// Reads a plain text file.
pub fn read_plain(path: &Path) -> std::io::Result<Article> {
    let text = std::fs::read_to_string(path)?;
    let path = path.to_string_lossy().into_owned();
    Ok(Article::from_plain(Meta { id: path.clone(), path, ..Meta::default() }, text))
}

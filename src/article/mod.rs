//! Articles and how they are read: one reader a format. Analyses no language.
//!
//! Reading has two steps, so that one thread can unpack an archive while the others read what comes out of it:
//! [`unpack`] opens a source, peels its layers (gzip and the like), recognises its format and cuts it into
//! [`Raw`] pieces; [`Raw::read`] makes an [`Article`] of one piece. [`read`] does both, one article in memory at a time.
//! What can't be read is a [`Skip`] that names the place and the remedy, and never ends the run.

#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod addresses;
mod archive;
mod bibtex;
mod bounds;
mod byline;
mod charset;
mod chat;
mod clutter;
mod custody;
mod date;
mod depth;
mod document;
mod feed;
mod files;
mod format;
mod given;
mod gzip;
mod html;
mod items;
mod json;
mod language;
mod layer;
mod library;
mod locator;
mod mail;
mod markdown;
mod pattern;
mod pdf;
mod plain;
mod preprocessor;
mod problem;
mod raw;
mod record;
mod reference;
mod stream;
mod table;
mod transcript;
mod unpack;
mod warc;
mod wire;
mod xml;

use serde::{Deserialize, Serialize};

pub use bounds::{Bounds, parts};
pub use custody::Custody;
pub use date::{DateOrigin, Published};
pub use depth::Depth;
pub use files::files;
pub use format::{Format, UnknownFormat};
pub use given::{Given, GivenError};
pub use locator::Locator;
pub use preprocessor::Preprocessor;
pub use problem::{Place, Problem, Skip};
pub use raw::{Content, End, Hints, Raw};
pub use record::{FieldMap, Fields, MapError};
pub(crate) use table::named_table;
pub use unpack::{Options, Sink, Unpacked, read, read_from, unpack, unpack_as};

use crate::text::{self, Span};

/// What is known about an article besides its text: the `article` object of every JSON answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Stable id: the article's URL, else path and record.
    pub id: String,
    /// The file it was read from, as given or found below what was given; `-` for standard input.
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
    #[serde(default)]
    pub section: Option<String>,
    /// Collection that its user put it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// When it was published.
    #[serde(flatten, with = "date::nullable")]
    pub published: Option<Published>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// The file it was read from, as an index knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custody: Option<Custody>,
}

impl Meta {
    /// What is known of an article before it is read: where it is.
    pub fn at(place: &Place) -> Self {
        Meta { id: place.to_string(), path: place.path.clone(), record: place.record.clone(), ..Meta::default() }
    }
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
    /// Where each of them is in its source; empty where none is known.
    pub locators: Vec<Option<Locator>>,
    /// How it was written down.
    pub format: Format,
    /// What the reader wants the user to know: a guessed date, mended characters.
    pub warnings: Vec<String>,
}

impl Article {
    /// An article from a plain text body, paragraphs found by its own rules.
    pub fn from_plain(meta: Meta, text: String) -> Self {
        let paragraphs = text::paragraphs(&text);
        Article { meta, text, paragraphs, ..Article::default() }
    }

    /// An article of paragraphs, each with its place in the source where that is known.
    fn from_parts<'p>(meta: Meta, parts: impl Iterator<Item = (&'p str, Option<Locator>)>) -> Self {
        let mut article = Article { meta, ..Article::default() };
        for (part, locator) in parts.filter(|(part, _)| !part.trim().is_empty()) {
            if !article.text.is_empty() {
                article.text.push_str("\n\n");
            }
            let start = article.text.len();
            article.text.push_str(part.trim());
            article.paragraphs.push(Span::new(start, article.text.len()));
            article.locators.push(locator);
        }
        if article.locators.iter().all(Option::is_none) {
            article.locators.clear();
        }
        article
    }

    /// The number of its words: stretches without white space.
    pub fn words(&self) -> usize {
        self.paragraphs.iter().map(|p| p.of(&self.text).split_whitespace().count()).sum()
    }
}

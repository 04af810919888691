//! Dates of publication, and where they come from.

use serde::{Deserialize, Serialize};

/// When an article was published and how we know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// ISO 8601: a day (`2025-05-16`) or a moment with its offset (`2025-05-16T14:05:00+01:00`).
    #[serde(rename = "published")]
    pub at: String,
    /// Where the date was found.
    #[serde(rename = "published_from")]
    pub origin: DateOrigin,
}

impl Published {
    /// The calendar day, `YYYY-MM-DD`, in the date's own time zone.
    pub fn day(&self) -> &str {
        self.at.get(..10).unwrap_or(&self.at)
    }
}

/// Where a date of publication was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrigin {
    /// A field of the record: JSON, CSV, front matter, wire XML, a mail header.
    Record,
    /// Metadata of the page: JSON-LD, OpenGraph, meta tags.
    Metadata,
    /// Read off the page or the text itself.
    Page,
    /// Part of the address.
    Url,
    /// When it was crawled.
    Crawl,
    /// The file's modification time: a guess.
    File,
}

//! Dates of publication, and where they come from.

use serde::{Deserialize, Serialize};

use super::Place;

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
    /// The name of the file: a guess, always announced as a warning.
    File,
}

/// A date written in a field of a record; relative ones ("3 hours ago") are reckoned from `seen`.
pub(super) fn of_record(written: &str, _seen: Option<&str>) -> Option<Published> {
    let day = written.get(..10)?;
    day.parse::<jiff::civil::Date>().ok()?;
    Some(Published { at: written.replacen(' ', "T", 1), origin: DateOrigin::Record })
}

/// The day in an address: `/2025/05/16/`, `/2025-05-16-`.
pub(super) fn of_url(url: &str) -> Option<Published> {
    let day = day_within(url)?;
    Some(Published { at: day, origin: DateOrigin::Url })
}

/// The day in a file's name: `2025-05-16-talks.txt`.
pub(super) fn from_name(place: &Place) -> Option<Published> {
    let day = day_within(place.name())?;
    Some(Published { at: day, origin: DateOrigin::File })
}

fn day_within(text: &str) -> Option<String> {
    text.char_indices().find_map(|(at, _)| {
        let day = text.get(at..at + 10)?.replace(['/', '_'], "-");
        day.parse::<jiff::civil::Date>().ok().map(|day| day.to_string())
    })
}

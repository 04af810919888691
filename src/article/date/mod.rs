//! Dates of publication, and where they come from.

mod clock;
mod parse;
mod token;

use serde::{Deserialize, Serialize};

use super::Place;

/// When an article was published and how we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// ISO 8601: a day (`2025-05-16`) or a moment, with its offset where that is known (`2025-05-16T14:05:00+01:00`).
    pub at: String,
    /// Where the date was found.
    pub origin: DateOrigin,
}

impl Published {
    /// The same with day and month exchanged, for a date that could be read in two ways.
    pub(super) fn day_first(&self) -> Option<Self> {
        let (year, rest) = self.at.split_at_checked(5)?;
        let (month, day, time) = (rest.get(..2)?, rest.get(3..5)?, rest.get(5..)?);
        Some(Published { at: format!("{year}{day}-{month}{time}"), origin: self.origin })
    }

    /// The calendar day, `YYYY-MM-DD`, in the date's own time zone.
    pub fn day(&self) -> &str {
        self.at.get(..10).unwrap_or(&self.at)
    }
}

/// A date that may be missing as two fields that are always there: both `null` where it is not known.
pub(super) mod nullable {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{DateOrigin, Published};

    #[derive(Serialize, Deserialize)]
    struct Fields<S> {
        #[serde(rename = "published")]
        at: Option<S>,
        #[serde(rename = "published_from")]
        origin: Option<DateOrigin>,
    }

    // The signature is what serde calls.
    #[allow(clippy::ref_option)]
    pub(in crate::article) fn serialize<S: Serializer>(date: &Option<Published>, to: S) -> Result<S::Ok, S::Error> {
        let (at, origin) = date.as_ref().map(|date| (date.at.as_str(), date.origin)).unzip();
        Fields { at, origin }.serialize(to)
    }

    pub(in crate::article) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Published>, D::Error> {
        let Fields { at, origin } = Fields::<String>::deserialize(from)?;
        Ok(at.zip(origin).map(|(at, origin)| Published { at, origin }))
    }
}

/// Where a date of publication was found, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// A date as some field or element has it; relative ones ("3 hours ago") are reckoned from `seen`, itself a date.
///
/// Also tells whether it could be read in two ways (`5/6/2025`).
pub(super) fn read(written: &str, seen: Option<&str>, origin: DateOrigin) -> Option<(Published, bool)> {
    let seen = seen.and_then(|seen| parse::parse(seen, None));
    let moment = parse::parse(written, seen)?;
    Some((Published { at: moment.iso(), origin }, moment.ambiguous))
}

/// The day that a spreadsheet keeps as a number, days since the end of 1899 and parts of one: `45720`, `45720.5`.
pub(super) fn of_serial(written: &str) -> Option<Published> {
    /// From 1954 to 2064: other numbers are seldom days.
    const DAYS: std::ops::Range<f64> = 20_000.0..60_000.0;
    const SECONDS: f64 = 86_400.0;
    if !written.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let number: f64 = written.parse().ok().filter(|number| DAYS.contains(number))?;
    let start = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let moment = start.checked_add(jiff::Span::new().seconds((number * SECONDS).round() as i64)).ok()?;
    let at = if number.fract() == 0.0 {
        moment.date().to_string()
    } else {
        moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    };
    Some(Published { at, origin: DateOrigin::Record })
}

/// True for a year or a month alone: `2025`, `2025-05`, `May 2025`, `2025-05-00`. Such an article has no date: no day is
/// made up.
pub(super) fn lacks_day(written: &str) -> bool {
    let written = written.trim();
    if parse::parse(written, None).is_some() {
        return false;
    }
    let written = ["-00", "/00"].iter().find_map(|none| written.strip_suffix(none)).unwrap_or(written);
    let is_year = written.len() == 4 && written.bytes().all(|b| b.is_ascii_digit());
    is_year || [format!("{written}-01"), format!("1 {written}")].iter().any(|day| parse::parse(day, None).is_some())
}

/// The day in an address: `/2025/05/16/`, `/2025-05-16-`, `-20250516`, `/2025/may/16/`.
pub(super) fn of_url(url: &str) -> Option<Published> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or(path);
    day_within(path).map(|at| Published { at, origin: DateOrigin::Url })
}

/// The day in a file's name: `2025-05-16-talks.txt`.
pub(super) fn from_name(place: &Place) -> Option<Published> {
    day_within(place.name()).map(|at| Published { at, origin: DateOrigin::File })
}

/// The first whole day among the numbers of a name: a year of four digits, a month and a day, or all eight in one.
fn day_within(name: &str) -> Option<String> {
    // Days of newspapers that are on the web or were put there; other numbers are seldom years.
    const YEARS: std::ops::RangeInclusive<&str> = "1850"..="2099";
    let mut parts = name.split(|c: char| !c.is_ascii_alphanumeric()).peekable();
    while let Some(part) = parts.next() {
        let packed = part.get(..8).filter(|digits| part.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit()));
        if let Some(digits) = packed.filter(|digits| digits.get(..4).is_some_and(|year| YEARS.contains(&year)))
            && let Some(moment) = parse::parse(digits, None)
        {
            return Some(moment.iso());
        }
        if part.len() == 4 && YEARS.contains(&part) && part.bytes().all(|b| b.is_ascii_digit()) {
            let mut next = parts.clone();
            if let (Some(month), Some(day)) = (next.next(), next.next())
                && (1..=2).contains(&day.len())
                && let Some(moment) = parse::parse(&format!("{day} {month} {part}"), None)
                    .or_else(|| parse::parse(&format!("{part}-{month:0>2}-{day:0>2}"), None))
            {
                return Some(moment.day.to_string());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expect: Option<&str>) {
        assert_eq!(of_url(url).map(|published| published.at).as_deref(), expect, "{url}");
    }

    #[test]
    fn days_in_addresses() {
        check("https://example.org/2025/05/16/talks", Some("2025-05-16"));
        check("https://example.org/world/2025/may/16/talks", Some("2025-05-16"));
        check("https://example.org/talks-2025-05-16/", Some("2025-05-16"));
        check("https://example.org/a/20250516-talks", Some("2025-05-16"));
        check("https://example.org/2025/5/6/talks", Some("2025-05-06"));
        check("https://example.org/2025/05/talks", None);
        check("https://example.org/talks-1234", None);
        check("https://example.org/a?d=2025-05-16", None);
        check("https://example.org/99999999", None);
    }

    #[test]
    fn months_and_years_are_no_days() {
        for written in ["2025", "2025-05", "2025/05", "2025-05-00", "May 2025", "mai 2025", "2000"] {
            assert!(lacks_day(written), "{written}");
            assert!(read(written, None, DateOrigin::Record).is_none(), "{written}");
        }
        for written in ["soon", "2025-05-16", "12", "", "2025-13"] {
            assert!(!lacks_day(written), "{written}");
        }
    }

    #[test]
    fn days_of_spreadsheets_are_numbers() {
        let day = |written: &str| of_serial(written).map(|published| published.at);
        assert_eq!(day("45720").as_deref(), Some("2025-03-04"));
        assert_eq!(day("45720.0").as_deref(), Some("2025-03-04"));
        assert_eq!(day("45720.427083333").as_deref(), Some("2025-03-04T10:15:00"));
        for written in ["4572", "145720", "2025", "45,720", "45720 words", "4.5e4", "20.5", ""] {
            assert_eq!(day(written), None, "{written}");
        }
    }

    #[test]
    fn days_in_names() {
        let day = |name: &str| from_name(&Place::file(name)).map(|published| published.at);
        assert_eq!(day("2024-01-01/2025-05-16-talks.txt").as_deref(), Some("2025-05-16"));
        assert_eq!(day("talks.txt"), None);
    }
}

//! The words that dates are written with, in all languages.

use serde::Deserialize;

use super::{Table, Words, english};

/// The words that dates are written with: lower case, without diacritics.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// The names of each month but the English ones, January first.
    months: Vec<Words>,
    /// Names of months that are others behind a day with a full stop.
    pub ordinal_months: Table<i32>,
    /// Words that may be between the parts of a date.
    pub fillers: Words,
    /// Words that put a span of time into the past: `ago`, `vor`.
    pub past: Words,
    /// Words and letters of times of day, and the characters for year, month and day.
    pub clock: Words,
    /// Names of the halves of a day, and the hours to add.
    pub halves: Table<i32>,
    /// How names of minutes start.
    pub minutes: String,
    /// Words for a day relative to the one on which the page was seen, and how many days before.
    pub days: Table<i64>,
    /// Time zones: minutes east of Greenwich.
    pub zones: Table<i32>,
    /// American zones that keep summer time: minutes east of Greenwich in winter.
    pub american_zones: Table<i32>,
    /// Spans of time; the first that fits holds.
    pub units: Vec<TimeUnit>,
}

/// A span of time by how its names start.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeUnit {
    /// Its length.
    pub seconds: i64,
    /// How its names start.
    pub starts: Words,
}

impl Dates {
    /// The number of the month with this name, 1 for January.
    pub fn month(&self, name: &str) -> Option<i32> {
        let months = self.months.iter().zip(&english().text.months);
        (1..).zip(months).find(|(_, (others, english))| others.contains(name) || english.contains(name)).map(|(n, _)| n)
    }

    /// The word of these lists that `word` is.
    pub fn find(&self, word: &str) -> Option<&str> {
        let month = || self.months.iter().chain(&english().text.months).find_map(|names| names.get(word));
        month()
            .or_else(|| [&self.zones, &self.american_zones].into_iter().find_map(|zones| key(zones, word)))
            .or_else(|| key(&self.days, word))
            .or_else(|| key(&self.halves, word))
            .or_else(|| [&self.past, &self.fillers, &self.clock].into_iter().find_map(|words| words.get(word)))
            .or_else(|| word.starts_with(&self.minutes).then_some(self.minutes.as_str()))
            .or_else(|| {
                let starts = self.units.iter().flat_map(|unit| unit.starts.iter());
                starts.into_iter().find(|start| word.starts_with(start))
            })
    }
}

fn key<'t, T>(table: &'t Table<T>, word: &str) -> Option<&'t str> {
    table.get_key_value(word).map(|(key, _)| key.as_str())
}

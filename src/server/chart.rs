//! The timeline of a screen: a bar a period, each a link that narrows the search to it, and one for what has no date.

use askama::Template;
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

use super::search_params::SearchParams;
use crate::present::html::{day, month};
use crate::present::phrase::count;
use crate::search::FacetCount;

/// Bars that fit beside each other on a narrow screen and still can be hit.
const MOST: i64 = 60;

/// Height of the tallest bar in units of the drawing.
const TALL: f64 = 56.0;

/// Width of a bar and the gap after it.
const STEP: f64 = 10.0;

/// A filter that holds for whatever has no date.
pub(super) const UNDATED: &str = "NOT date:>=0001";

/// A drawing of counts over time.
#[derive(Debug, Clone, PartialEq, Template)]
#[template(path = "chart.html")]
pub(super) struct Chart {
    width: f64,
    label: String,
    bars: Vec<Bar>,
    /// What is written below the first bar, in the middle, and below the last.
    ticks: Vec<String>,
    undated: Option<Bar>,
}

/// A bar.
#[derive(Debug, Clone, PartialEq)]
struct Bar {
    x: f64,
    y: f64,
    height: f64,
    label: String,
    href: String,
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
}

impl Length {
    const ALL: [Length; 6] = [Length::Day, Length::Week, Length::Month, Length::Quarter, Length::Year, Length::Decade];

    /// The first day of the period that holds a day.
    fn start(self, day: Date) -> Date {
        let at = |year: i16, month: i8| Date::new(year, month, 1).unwrap_or(day);
        match self {
            Length::Day => day,
            Length::Week => {
                let past = day.weekday().since(Weekday::Monday);
                day.checked_sub(i64::from(past).days()).unwrap_or(day)
            }
            Length::Month => at(day.year(), day.month()),
            Length::Quarter => at(day.year(), (day.month() - 1) / 3 * 3 + 1),
            Length::Year => at(day.year(), 1),
            Length::Decade => at(day.year() / 10 * 10, 1),
        }
    }

    fn step(self) -> Span {
        match self {
            Length::Day => 1.day(),
            Length::Week => 7.days(),
            Length::Month => 1.month(),
            Length::Quarter => 3.months(),
            Length::Year => 1.year(),
            Length::Decade => 10.years(),
        }
    }

    /// Periods from the one that holds `first` to the one that holds `last`.
    fn between(self, first: Date, last: Date) -> i64 {
        let days = (last - first).get_days();
        let days = i64::from(days);
        match self {
            Length::Day => days + 1,
            Length::Week => days / 7 + 2,
            Length::Month => months(first, last) + 1,
            Length::Quarter => months(first, last) / 3 + 2,
            Length::Year => i64::from(last.year()) - i64::from(first.year()) + 1,
            Length::Decade => (i64::from(last.year()) - i64::from(first.year())) / 10 + 2,
        }
    }

    fn name(self, start: Date) -> String {
        match self {
            Length::Day => day(start),
            Length::Week => format!("week of {}", day(start)),
            Length::Month => format!("{} {}", month(start), start.year()),
            Length::Quarter => format!("{} to {} {}", month(start), month(self.last(start)), start.year()),
            Length::Year => start.year().to_string(),
            Length::Decade => format!("{}s", start.year()),
        }
    }

    fn last(self, start: Date) -> Date {
        start.checked_add(self.step()).and_then(Date::yesterday).unwrap_or(start)
    }

    /// The same as a filter.
    fn filter(self, start: Date) -> String {
        match self {
            Length::Day => format!("date:{start}"),
            Length::Month => format!("date:{:04}-{:02}", start.year(), start.month()),
            Length::Year => format!("date:{:04}", start.year()),
            Length::Week | Length::Quarter | Length::Decade => format!("date:{start}..{}", self.last(start)),
        }
    }
}

fn months(first: Date, last: Date) -> i64 {
    (i64::from(last.year()) - i64::from(first.year())) * 12 + i64::from(last.month()) - i64::from(first.month())
}

impl Chart {
    /// Draws the days on which there are hits; none where there is nothing to compare. The search that a bar leads to is
    /// `params` narrowed to its period.
    pub(super) fn of(days: &[FacetCount], total: u64, params: &SearchParams, path: &str) -> Option<Chart> {
        let mut dated: Vec<(Date, u64)> =
            days.iter().filter_map(|counted| Some((counted.value.parse().ok()?, counted.count))).collect();
        dated.sort_unstable();
        let undated = total.saturating_sub(dated.iter().map(|(_, count)| count).sum());
        let (&(first, _), &(last, _)) = dated.first().zip(dated.last())?;
        let length =
            Length::ALL.into_iter().find(|length| length.between(first, last) <= MOST).unwrap_or(Length::Decade);
        let mut bars: Vec<(Date, u64)> = Vec::new();
        for (day, count) in dated {
            let start = length.start(day);
            match bars.last_mut().filter(|(last, _)| *last == start) {
                Some((_, sum)) => *sum += count,
                None => bars.push((start, count)),
            }
        }
        if bars.len() < 2 && undated == 0 {
            return None;
        }
        let start = length.start(first);
        let places: Vec<Date> =
            start.series(length.step()).take_while(|day| *day <= last).take(2 * MOST as usize).collect();
        let most = bars.iter().map(|(_, count)| *count).max().unwrap_or(1).max(undated);
        let bar = |x: f64, count: u64, name: &str, filter: String| {
            // A single hit among thousands still shows.
            let height = (count as f64 / most as f64 * TALL).max(2.0).round();
            Bar {
                x,
                y: TALL - height,
                height,
                label: format!("{name}: {}", hits(count)),
                href: narrowed(params, path, filter),
            }
        };
        let drawn = bars.iter().filter_map(|&(start, count)| {
            let place = places.binary_search(&start).ok()?;
            Some(bar(place as f64 * STEP, count, &length.name(start), length.filter(start)))
        });
        let drawn = drawn.collect();
        let ticks = match places.as_slice() {
            [] => Vec::new(),
            [only] => vec![length.name(*only)],
            [first, .., last] if places.len() < 8 => vec![length.name(*first), length.name(*last)],
            [first, .., last] => {
                let middle = places.get(places.len() / 2).unwrap_or(last);
                vec![length.name(*first), length.name(*middle), length.name(*last)]
            }
        };
        let ticks = ticks.into_iter().map(|tick| tick.trim_start_matches("week of ").to_owned()).collect();
        Some(Chart {
            width: (places.len() as f64 * STEP).max(12.0 * STEP),
            label: format!("Hits over time, {} to {}", day(first), day(last)),
            bars: drawn,
            ticks,
            undated: (undated > 0).then(|| bar(0.0, undated, "undated", UNDATED.to_owned())),
        })
    }
}

fn hits(n: u64) -> String {
    count(n, "hit")
}

/// The search in one period only.
fn narrowed(params: &SearchParams, path: &str, filter: String) -> String {
    let narrower = params.with(|params| {
        params.filters.retain(|old| !is_of_days(old));
        params.filters.push(filter);
    });
    narrower.address(path)
}

/// Whether a filter is about days.
pub(super) fn is_of_days(filter: &str) -> bool {
    filter.trim_start_matches("NOT ").starts_with("date:")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(days: &[(&str, u64)]) -> Vec<FacetCount> {
        days.iter()
            .map(|&(value, count)| FacetCount {
                value: value.to_owned(),
                count,
                articles: count,
                ..FacetCount::default()
            })
            .collect()
    }

    #[track_caller]
    fn check(days: &[(&str, u64)], total: u64, expect: &[(&str, &str)]) {
        let chart =
            Chart::of(&counts(days), total, &SearchParams { query: "dam".into(), ..SearchParams::default() }, "/");
        let bars: Vec<(String, String)> = chart
            .iter()
            .flat_map(|chart| chart.bars.iter().chain(&chart.undated))
            .map(|bar| (bar.label.clone(), bar.href.replace("/?q=dam&filter=date%3A", "")))
            .collect();
        let bars: Vec<(&str, &str)> = bars.iter().map(|(label, href)| (label.as_str(), href.as_str())).collect();
        assert_eq!(bars, expect);
    }

    #[test]
    fn periods_are_as_long_as_they_must_be() {
        check(&[("2025-05-16", 3)], 3, &[]);
        check(
            &[("2025-05-16", 3), ("2025-05-18", 1)],
            5,
            &[
                ("16 May 2025: 3 hits", "2025-05-16"),
                ("18 May 2025: 1 hit", "2025-05-18"),
                ("undated: 1 hit", "/?q=dam&filter=NOT+date%3A%3E%3D0001"),
            ],
        );
        check(
            &[("2025-01-01", 1), ("2025-01-05", 1), ("2025-06-30", 2)],
            4,
            &[
                ("week of 30 December 2024: 2 hits", "2024-12-30..2025-01-05"),
                ("week of 30 June 2025: 2 hits", "2025-06-30..2025-07-06"),
            ],
        );
        check(&[("1999-02-01", 1), ("2025-06-30", 2)], 3, &[("1999: 1 hit", "1999"), ("2025: 2 hits", "2025")]);
    }

    #[test]
    fn a_day_replaces_days() {
        let params =
            SearchParams { filters: vec!["date:2025".into(), "outlet:\"Post\"".into()], ..SearchParams::default() };
        assert_eq!(narrowed(&params, "/", "date:2025-05".into()), "/?filter=outlet%3A%22Post%22&filter=date%3A2025-05");
    }
}

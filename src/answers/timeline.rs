//! How often something was printed over time.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use crate::present::timeline::{Series, Timeline};
use crate::query::Warning;
use crate::search::{Backend, Error, FacetCount, NONE, Request};

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A calendar day.
    Day,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// A series for each of the most frequent values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split<'f> {
    /// The field.
    pub field: &'f str,
    /// How many series at most, besides those of the other values together and of hits without a value.
    pub series: usize,
}

/// A timeline and what else there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Counts by period.
    pub timeline: Timeline,
    /// All hits, those without a date too.
    pub total: u64,
    /// Values that the field of the split has.
    pub values: usize,
    /// What could not be read as meant.
    pub warnings: Vec<Warning>,
}

/// The series of the values that have none of their own.
const OTHERS: &str = "(others)";

/// Whose days are counted: an article's own, as it states them.
const TIME_ZONE: &str = "Dates as published, each in its own time zone.";

/// Counts the hits of a request by period. A hit with several values of the split field counts for each, and
/// those without one are a series, so that series add up to what the facet counts.
pub fn timeline(
    engine: &dyn Backend,
    request: &Request,
    every: Period,
    split: Option<Split>,
) -> Result<Counted, Error> {
    let period = match every {
        Period::Day => "day",
        Period::Month | Period::Year => "month",
    };
    let periods = split.map(|_| period.to_owned());
    let facets = vec![split.map_or(period, |split| split.field).to_owned()];
    let mut answer = engine.search(&Request { facets, periods, facet_limit: None, limit: 0, ..request.clone() })?;
    let all = answer.facets.get(period).into_iter().flatten().map(|count| (count.value.clone(), count.count));
    let all = every.joined(all.collect());
    let undated = undated(answer.total, &all);
    let mut counted = vec![("all".to_owned(), undated, all.clone())];
    let mut values = 0;
    if let Some(Split { field, series }) = split {
        let mut shown = answer.facets.remove(field).unwrap_or_default();
        values = shown.len();
        let others = shown.split_off(series.min(values)).into_iter().reduce(sum);
        let named = |name: &str, count: FacetCount| FacetCount { value: name.to_owned(), ..count };
        let rest = [others.map(|others| named(OTHERS, others)), answer.without.remove(field).map(|n| named(NONE, n))];
        let of_value = |FacetCount { value, count, periods, .. }: FacetCount| {
            let dated = every.joined(periods);
            (value, self::undated(count, &dated), dated)
        };
        counted = shown.into_iter().chain(rest.into_iter().flatten()).map(of_value).collect();
    }
    let periods = every.without_gaps(&all);
    let series = |(name, undated, dated): (String, u64, BTreeMap<String, u64>)| {
        let counts = periods.iter().map(|period| dated.get(period).copied().unwrap_or(0)).collect();
        Series { name, counts, undated }
    };
    let timeline = Timeline {
        series: counted.into_iter().map(series).collect(),
        read_as: answer.read_as,
        filters: answer.filters,
        options: answer.options,
        time_zone: TIME_ZONE.to_owned(),
        periods,
        undated,
    };
    Ok(Counted { timeline, total: answer.total, values, warnings: answer.warnings })
}

/// Hits that are in no period.
fn undated(total: u64, periods: &BTreeMap<String, u64>) -> u64 {
    total.saturating_sub(periods.values().sum())
}

/// The hits of two values.
fn sum(mut one: FacetCount, other: FacetCount) -> FacetCount {
    one.count += other.count;
    for (period, hits) in other.periods {
        *one.periods.entry(period).or_default() += hits;
    }
    one
}

impl Period {
    /// Counts by day or month as counts by period.
    fn joined(self, counts: BTreeMap<String, u64>) -> BTreeMap<String, u64> {
        match self {
            Period::Day | Period::Month => counts,
            Period::Year => counts.into_iter().fold(BTreeMap::new(), |mut years, (month, hits)| {
                *years.entry(month.split('-').next().unwrap_or_default().to_owned()).or_default() += hits;
                years
            }),
        }
    }

    /// Every period from the first to the last, those without a hit too.
    fn without_gaps(self, counts: &BTreeMap<String, u64>) -> Vec<String> {
        let (Some((first, _)), Some((last, _))) = (counts.first_key_value(), counts.last_key_value()) else {
            return Vec::new();
        };
        let (Some(first), Some(last)) = (Self::start(first), Self::start(last)) else {
            return counts.keys().cloned().collect();
        };
        first.series(self.step()).take_while(|day| *day <= last).map(|day| self.name(day)).collect()
    }

    fn step(self) -> Span {
        match self {
            Period::Day => 1.day(),
            Period::Month => 1.month(),
            Period::Year => 1.year(),
        }
    }

    /// The first day of a period: `2025-05`, `2025-05-16`, `2025`.
    fn start(name: &str) -> Option<Date> {
        let mut numbers = name.split('-').map(str::parse::<i16>);
        let year = numbers.next()?.ok()?;
        let mut next = || Some(numbers.next().unwrap_or(Ok(1)).ok()? as i8);
        let (month, day) = (next()?, next()?);
        Date::new(year, month, day).ok()
    }

    fn name(self, day: Date) -> String {
        match self {
            Period::Day => day.to_string(),
            Period::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Period::Year => format!("{:04}", day.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(period: Period, found: &[&str], expect: &[&str]) {
        let counts = found.iter().map(|&name| (name.to_owned(), 1)).collect();
        assert_eq!(period.without_gaps(&counts), expect);
    }

    #[test]
    fn gaps_are_filled() {
        check(Period::Month, &["2030-11", "2031-02"], &["2030-11", "2030-12", "2031-01", "2031-02"]);
        check(Period::Day, &["2032-02-28", "2032-03-01"], &["2032-02-28", "2032-02-29", "2032-03-01"]);
        check(Period::Year, &["2030"], &["2030"]);
        check(Period::Year, &[], &[]);
    }
}

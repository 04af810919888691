//! How often something was printed over time.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{Span, ToSpan as _};

use crate::present::timeline::{Series, Timeline};
use crate::query::{facet_field, facet_filter};
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
    /// How many series at most.
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
    pub warnings: Vec<String>,
}

/// Whose days are counted: an article's own, as it states them.
const TIME_ZONE: &str = "Dates as published, each in its own time zone.";

/// Counts the hits of a request by period.
pub fn timeline(
    engine: &dyn Backend,
    request: &Request,
    every: Period,
    split: Option<Split>,
) -> Result<Counted, Error> {
    let Counts { periods: all, total, read_as, warnings } = counts(engine, request, every)?;
    let undated = undated(total, &all);
    let mut series = vec![Series { name: "all".to_owned(), counts: Vec::new(), undated }];
    let mut dated = vec![all.clone()];
    let mut found = 0;
    if let Some(Split { field, series: most }) = split {
        let mut answer = engine.search(&Request { facets: vec![field.to_owned()], ..request.clone() })?;
        let values = answer.facets.remove(field).unwrap_or_default();
        found = values.len();
        (series, dated) = (Vec::new(), Vec::new());
        let condition = facet_field(field).ok_or_else(|| Error::Indivisible(field.to_owned()))?;
        let none = answer.without.contains_key(field).then(|| (format!("NOT {condition}:*"), NONE.to_owned()));
        let shown = values.into_iter().take(most);
        let shown = shown.filter_map(|FacetCount { value, .. }| Some((facet_filter(field, &value)?, value)));
        for (only, name) in shown.chain(none) {
            let filters = request.filters.iter().cloned().chain([only]).collect();
            let counted = counts(engine, &Request { filters, ..request.clone() }, every)?;
            let undated = self::undated(counted.total, &counted.periods);
            series.push(Series { name, counts: Vec::new(), undated });
            dated.push(counted.periods);
        }
    }
    let periods = every.without_gaps(&all);
    for (series, dated) in series.iter_mut().zip(&dated) {
        let by_period: HashMap<&str, u64> = dated.iter().map(|(period, count)| (period.as_str(), *count)).collect();
        series.counts = periods.iter().map(|period| by_period.get(period.as_str()).copied().unwrap_or(0)).collect();
    }
    let timeline = Timeline { read_as, time_zone: TIME_ZONE.to_owned(), periods, series, undated };
    Ok(Counted { timeline, total, values: found, warnings })
}

/// Hits that are in no period.
fn undated(total: u64, periods: &[(String, u64)]) -> u64 {
    total.saturating_sub(periods.iter().map(|(_, count)| count).sum())
}

/// What a query finds over time.
struct Counts {
    /// Hits by period, in order of time, those without hits left out.
    periods: Vec<(String, u64)>,
    /// All hits, those without a date too.
    total: u64,
    /// How the query was read.
    read_as: String,
    /// What could not be read as meant.
    warnings: Vec<String>,
}

fn counts(engine: &dyn Backend, request: &Request, every: Period) -> Result<Counts, Error> {
    let field = match every {
        Period::Day => "day",
        Period::Month | Period::Year => "month",
    };
    let mut answer = engine.search(&Request { facets: vec![field.to_owned()], limit: 0, ..request.clone() })?;
    let mut counts: Vec<(String, u64)> = Vec::new();
    let mut found = answer.facets.remove(field).unwrap_or_default();
    found.sort_unstable_by(|a, b| a.value.cmp(&b.value));
    for FacetCount { value, count, .. } in found {
        let period = match every {
            Period::Day | Period::Month => value,
            Period::Year => value.split('-').next().unwrap_or_default().to_owned(),
        };
        match counts.last_mut().filter(|(last, _)| *last == period) {
            Some((_, sum)) => *sum += count,
            None => counts.push((period, count)),
        }
    }
    Ok(Counts { periods: counts, total: answer.total, read_as: answer.read_as, warnings: answer.warnings })
}

impl Period {
    /// Every period from the first to the last, those without a hit too.
    fn without_gaps(self, counts: &[(String, u64)]) -> Vec<String> {
        let (Some((first, _)), Some((last, _))) = (counts.first(), counts.last()) else { return Vec::new() };
        let (Some(first), Some(last)) = (Self::start(first), Self::start(last)) else {
            return counts.iter().map(|(period, _)| period.clone()).collect();
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
        let counts: Vec<(String, u64)> = found.iter().map(|&name| (name.to_owned(), 1)).collect();
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

//! `onrecord timeline`: how often something was printed over time.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write as _};

use clap::{Args, ValueEnum};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::asking::{Asking, Unit, filter};
use super::{Global, Outcome, output};
use crate::engine::Engine;
use crate::present;
use crate::present::phrase::{count, thousands};
use crate::present::timeline::{Series, Timeline};
use crate::search::{FacetCount, Request};

/// Arguments of `timeline`.
#[derive(Debug, Args)]
pub struct Over {
    /// What to count
    query: String,
    /// The length of a period
    #[arg(long, value_enum, default_value_t = Period::Month)]
    every: Period,
    /// A series for each of the most frequent values of this field: outlet, speaker, ...
    #[arg(long, value_name = "FIELD")]
    split: Option<String>,
    /// How many series at most
    #[arg(long, value_name = "N", default_value_t = 6, requires = "split")]
    series: usize,
    /// What is counted
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Unit>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    asking: Asking,
}

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Period {
    Day,
    Month,
    Year,
}

/// How a timeline is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Bars
    Text,
    /// A row a period and series, for spreadsheets
    Csv,
    /// One JSON object
    Json,
    /// A drawing for a page
    Svg,
}

/// Whose days are counted: an article's own, as it states them.
const TIME_ZONE: &str = "Days are those the articles state, each in its own time zone.";

/// Counts and draws.
pub fn run(args: &Over, global: &Global) -> anyhow::Result<Outcome> {
    let (engine, _) = args.asking.engine(global)?;
    let request = Request { by: args.by.map(Unit::into), ..args.asking.request(&args.query)? };
    let Counts { periods: all, total, read_as } = counts(&engine, &request, args.every, global)?;
    let mut series = vec![Series { name: "all".to_owned(), counts: Vec::new() }];
    let mut dated = vec![all.clone()];
    if let Some(field) = &args.split {
        let values = values(&engine, &request, field)?;
        if values.len() > args.series && !global.quiet {
            let shown = count(args.series as u64, "series");
            anstream::eprintln!(
                "{field} has {} values, {shown} shown; --series N shows more",
                thousands(values.len() as u64)
            );
        }
        (series, dated) = (Vec::new(), Vec::new());
        for FacetCount { value, .. } in values.into_iter().take(args.series) {
            let filters = request.filters.iter().cloned().chain([filter(field, &value)]).collect();
            dated.push(counts(&engine, &Request { filters, ..request.clone() }, args.every, global)?.periods);
            series.push(Series { name: value, counts: Vec::new() });
        }
    }
    let periods = args.every.without_gaps(&all);
    for (series, dated) in series.iter_mut().zip(&dated) {
        let by_period: HashMap<&str, u64> = dated.iter().map(|(period, count)| (period.as_str(), *count)).collect();
        series.counts = periods.iter().map(|period| by_period.get(period.as_str()).copied().unwrap_or(0)).collect();
    }
    let undated = total.saturating_sub(all.iter().map(|(_, count)| count).sum());
    let timeline = Timeline { read_as, time_zone: TIME_ZONE.to_owned(), periods, series, undated };
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => present::timeline::bars(&mut out, output::look(), &timeline)?,
        Format::Csv => present::timeline::rows(&mut out, &timeline)?,
        Format::Json => present::json::document(&mut out, &timeline)?,
        Format::Svg => present::svg::drawing(&mut out, &timeline)?,
    }
    out.flush()?;
    if args.format == Format::Text && !global.quiet {
        anstream::eprintln!("{}. {TIME_ZONE}", count(total, "hit"));
    }
    Ok(if total == 0 { Outcome::NoHits } else { Outcome::Done })
}

/// What a query finds over time.
struct Counts {
    /// Hits by period, in order of time, those without hits left out.
    periods: Vec<(String, u64)>,
    /// All hits, those without a date too.
    total: u64,
    /// How the query was read.
    read_as: String,
}

fn counts(engine: &Engine, request: &Request, every: Period, global: &Global) -> anyhow::Result<Counts> {
    let field = match every {
        Period::Day => "day",
        Period::Month | Period::Year => "month",
    };
    let mut answer = engine.search(&Request { facets: vec![field.to_owned()], ..request.clone() })?;
    output::warn(&answer.warnings, global);
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
    Ok(Counts { periods: counts, total: answer.total, read_as: answer.read_as })
}

/// The values of a field over all hits, the most frequent first.
fn values(engine: &Engine, request: &Request, field: &str) -> anyhow::Result<Vec<FacetCount>> {
    let mut answer = engine.search(&Request { facets: vec![field.to_owned()], ..request.clone() })?;
    Ok(answer.facets.remove(field).unwrap_or_default())
}

impl Period {
    /// Every period from the first to the last, those without a hit too.
    fn without_gaps(self, counts: &[(String, u64)]) -> Vec<String> {
        let (Some((first, _)), Some((last, _))) = (counts.first(), counts.last()) else { return Vec::new() };
        let (Some(first), Some(last)) = (Self::start(first), Self::start(last)) else {
            return counts.iter().map(|(period, _)| period.clone()).collect();
        };
        let step = match self {
            Period::Day => 1.day(),
            Period::Month => 1.month(),
            Period::Year => 1.year(),
        };
        first.series(step).take_while(|day| *day <= last).map(|day| self.name(day)).collect()
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

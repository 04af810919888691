//! `onrecord timeline`: how often something was printed over time.

use std::io::{self, BufWriter, Write as _};

use clap::{Args, ValueEnum};

use super::asking::{Asking, Unit};
use super::{Global, Outcome, output};
use crate::answers::{self, Period, Split};
use crate::present;
use crate::present::phrase::{count, thousands};
use crate::search::Request;

/// Arguments of `timeline`.
#[derive(Debug, Args)]
pub struct Over {
    /// What to count
    query: String,
    /// The length of a period
    #[arg(long, value_enum, default_value_t = Every::Month)]
    every: Every,
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
enum Every {
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

/// Counts and draws.
pub fn run(args: &Over, global: &Global) -> anyhow::Result<Outcome> {
    let (engine, _) = args.asking.engine(global)?;
    let request = Request { by: args.by.map(Unit::into), ..args.asking.request(&args.query)? };
    let every = match args.every {
        Every::Day => Period::Day,
        Every::Month => Period::Month,
        Every::Year => Period::Year,
    };
    let split = args.split.as_deref().map(|field| Split { field, series: args.series });
    let answer = answers::timeline(&engine, &request, every, split)?;
    output::warn(&answer.warnings, global);
    if let Some(field) = &args.split
        && answer.values > args.series
        && !global.quiet
    {
        let shown = count(args.series as u64, "series");
        anstream::eprintln!(
            "{field} has {} values, {shown} shown; --series N shows more",
            thousands(answer.values as u64)
        );
    }
    let timeline = answer.timeline;
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => present::timeline::bars(&mut out, output::look(), &timeline)?,
        Format::Csv => present::timeline::rows(&mut out, &timeline)?,
        Format::Json => present::json::document(&mut out, &timeline)?,
        Format::Svg => present::svg::drawing(&mut out, &timeline)?,
    }
    out.flush()?;
    if args.format == Format::Text && !global.quiet {
        anstream::eprintln!("{}. {}", count(answer.total, "hit"), timeline.time_zone);
    }
    Ok(if answer.total == 0 { Outcome::NoHits } else { Outcome::Done })
}

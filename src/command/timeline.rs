//! `onrecord timeline`: how often something was printed over time.

use std::io::{self, BufWriter, Write as _};

use clap::{Args, ValueEnum};

use super::search_args::{SearchArgs, Unit};
use super::{Global, Outcome, output};
use crate::answers::{self, Period, Split};
use crate::present;
use crate::present::html::report::{self, About};
use crate::present::phrase::count;
use crate::search::Request;

/// Arguments of `timeline`.
#[derive(Debug, Args)]
pub struct TimelineArgs {
    /// Query whose hits are counted [default: everything]
    #[arg(default_value = "*", hide_default_value = true)]
    query: String,
    /// Length of a period
    #[arg(long, value_enum, default_value_t = Every::Month)]
    every: Every,
    /// One series for each of the most frequent values of this field
    #[arg(long, value_name = "FIELD")]
    split: Option<String>,
    /// Largest number of series
    #[arg(long, value_name = "N", default_value_t = 6, requires = "split")]
    series: usize,
    /// Kind of hit to count
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Unit>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    bom: output::Bom,
    #[command(flatten)]
    search: SearchArgs,
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
    /// One row per period and series, for spreadsheets
    Csv,
    /// One JSON object
    Json,
    /// A chart for a web page
    Svg,
    /// One file for a browser, to keep or to mail
    Html,
}

/// Counts and draws.
pub fn run(args: &TimelineArgs, global: &Global) -> anyhow::Result<Outcome> {
    let bom = args.bom.mark(args.format == Format::Csv)?;
    let (engine, _) = args.search.engine(global)?;
    let request = Request { by: args.by.map(Unit::into), ..args.search.request(&args.query)? };
    let every = match args.every {
        Every::Day => Period::Day,
        Every::Month => Period::Month,
        Every::Year => Period::Year,
    };
    let split = args.split.as_deref().map(|field| Split { field, series: args.series });
    let answer = answers::timeline(engine.as_ref(), &request, every, split)?;
    output::warn(&answer.warnings, global);
    let how = "--series N";
    if let Some(part) =
        output::part(args.series as u64, answer.values as u64, "value", how).filter(|_| args.split.is_some())
    {
        output::say(&part, global);
    }
    let timeline = answer.timeline;
    let mut out = BufWriter::new(io::stdout().lock());
    write!(out, "{bom}")?;
    match args.format {
        Format::Text => present::timeline::bars(&mut out, output::look(), &timeline)?,
        Format::Csv => present::timeline::rows(&mut out, &timeline)?,
        Format::Json => present::json::document(&mut out, &timeline)?,
        Format::Svg => present::svg::drawing(&mut out, &timeline)?,
        Format::Html => {
            let about = About {
                query: Some(args.query.clone()),
                read_as: timeline.asked(),
                total: Some(answer.total),
                warnings: answer.warnings,
                index: engine.info(),
                day: request.today,
            };
            report::timeline(&mut out, &about, &timeline)?;
        }
    }
    out.flush()?;
    if args.format == Format::Text {
        output::say(&format!("{}. {}", count(answer.total, "hit"), timeline.time_zone), global);
    }
    Ok(if answer.total == 0 { Outcome::NoHits } else { Outcome::Done })
}

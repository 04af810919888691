//! `onrecord compare`: two outlets, or any two filters, side by side.

use std::io::{self, BufWriter, Write as _};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::search_args::{SearchArgs, Unit};
use super::{Global, Outcome, output};
use crate::answers;
use crate::present;
use crate::query::{Matching, parse};
use crate::search::Request;

/// Arguments of `compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// Query whose hits are compared
    #[arg(default_value = "*", hide_default_value = true)]
    query: String,
    /// The first filter: `outlet:"Harbour Post"`, `date:2025-05`
    #[arg(long, value_name = "FILTER")]
    a: String,
    /// The second filter
    #[arg(long, value_name = "FILTER")]
    b: String,
    /// Number of entries of each list
    #[arg(short, long = "limit", value_name = "N", default_value_t = 10)]
    n: u16,
    /// Kind of hit [default: quote if the query has a quote field, else passage]
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Unit>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    search: SearchArgs,
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Readable text, differences marked word by word
    Text,
    /// One JSON object
    Json,
}

/// Compares and prints.
pub fn run(args: &Compare, global: &Global) -> anyhow::Result<Outcome> {
    let (engine, _) = args.search.engine(global)?;
    let request = Request { by: args.by.map(Unit::into), ..args.search.request(&args.query)? };
    for filter in [&args.a, &args.b] {
        if let Some(warning) = parse(filter, Matching::All, request.today).warnings.first() {
            bail!("cannot read `{filter}`: {}", warning.message);
        }
    }
    let comparison = answers::compare(engine.as_ref(), &request, [&args.a, &args.b], usize::from(args.n))?;
    output::warn(&comparison.warnings, global);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => present::compare::answer(&mut out, output::look(), &comparison)?,
        Format::Json => present::json::document(&mut out, &comparison)?,
    }
    out.flush()?;
    for side in [&comparison.a, &comparison.b] {
        if side.compared < side.total {
            let (compared, all) = (side.compared, present::phrase::count(side.total, "hit"));
            output::say(&format!("Compared the newest {compared} of {all} with {}", side.filter), global);
        }
    }
    let found = comparison.a.total + comparison.b.total;
    Ok(if found == 0 { Outcome::NoHits } else { Outcome::Done })
}

//! `onrecord network`: who talks about whom.

use std::io::{self, BufWriter, Write as _};

use clap::{Args, ValueEnum};

use super::search_args::SearchArgs;
use super::{Global, Outcome, output};
use crate::answers::{self, SplitBy};
use crate::present;
use crate::present::phrase::count;

/// Arguments of `network`.
#[derive(Debug, Args)]
pub struct Network {
    /// Count in the quotations of this query [default: all]
    #[arg(default_value = "*", hide_default_value = true)]
    query: String,
    /// Count each outlet or month separately
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Split>,
    /// Leave out edges with fewer quotations
    #[arg(long, value_name = "N", default_value_t = 1)]
    at_least: u64,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    #[command(flatten)]
    bom: output::Bom,
    #[command(flatten)]
    search: SearchArgs,
}

/// What edges are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Split {
    /// The outlet
    Outlet,
    /// The month of publication
    Month,
}

/// How edges are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One row per edge, for spreadsheets
    Csv,
    /// One JSON object per edge
    Jsonl,
    /// `GraphML`, for programs that draw graphs
    Graphml,
    /// The language of Graphviz
    Dot,
}

/// Counts and prints.
pub fn run(args: &Network, global: &Global) -> anyhow::Result<Outcome> {
    let bom = args.bom.mark(args.format == Format::Csv)?;
    let (engine, _) = args.search.engine(global)?;
    let (part, column) = match args.by {
        None => (None, None),
        Some(Split::Outlet) => (Some(SplitBy::Outlet), Some("outlet")),
        Some(Split::Month) => (Some(SplitBy::Month), Some("month")),
    };
    let mut edges = answers::network(engine.as_ref(), &args.search.request(&args.query)?, part)?;
    let found = edges.len() as u64;
    edges.retain(|edge| edge.quotes >= args.at_least);
    let mut out = BufWriter::new(io::stdout().lock());
    write!(out, "{bom}")?;
    match args.format {
        Format::Csv => present::network::rows(&mut out, &edges, column)?,
        Format::Jsonl => edges.iter().try_for_each(|edge| present::jsonl::line(&mut out, edge))?,
        Format::Graphml => present::network::graphml(&mut out, &edges, column)?,
        Format::Dot => present::network::dot(&mut out, &edges)?,
    }
    out.flush()?;
    let shown = edges.len() as u64;
    let part = output::part(shown, found, "edge", "--at-least 1");
    output::say(&part.unwrap_or_else(|| count(found, "edge")), global);
    Ok(if edges.is_empty() { Outcome::NoHits } else { Outcome::Done })
}

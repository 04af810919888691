//! `onrecord facets`: the values of a field and how often each occurs.

use std::io::{self, BufWriter, Write as _};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::asking::{Asking, Unit};
use super::{Global, Outcome, output};
use crate::engine::Engine;
use crate::entity;
use crate::present;
use crate::present::phrase::thousands;
use crate::search::{Backend as _, Request};

/// Arguments of `facets`.
#[derive(Debug, Args)]
pub struct Facets {
    /// The field: speaker, person, organization, place, role, outlet, byline, section, language, kind, attribution, month, day
    field: String,
    /// What to count in [default: everything]
    #[arg(default_value = "*", hide_default_value = true)]
    query: String,
    /// How many values to print
    #[arg(short, long = "limit", value_name = "N", default_value_t = 25)]
    n: usize,
    /// Print every value there is
    #[arg(long, conflicts_with = "n")]
    all: bool,
    /// Only values with a word that starts so, whatever the case
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
    /// Show under which names this person, organization or place goes, and why they were taken for one
    #[arg(long, value_name = "NAME")]
    explain: Option<String>,
    /// What is counted
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Unit>,
    /// How to print counts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    asking: Asking,
}

/// How counts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object, as from `query`
    Json,
    /// A JSON object a value
    Jsonl,
    /// A row a value, for spreadsheets
    Csv,
}

/// Counts and prints.
pub fn run(args: &Facets, global: &Global) -> anyhow::Result<Outcome> {
    let (engine, _) = args.asking.engine(global)?;
    if let Some(name) = &args.explain {
        return explain(&engine, &args.field, name);
    }
    let request =
        Request { facets: vec![args.field.clone()], by: args.by.map(Unit::into), ..args.asking.request(&args.query)? };
    let mut answer = engine.search(&request)?;
    output::warn(&answer.warnings, global);
    let counts = answer.facets.entry(args.field.clone()).or_default();
    if let Some(prefix) = &args.prefix {
        counts.retain(|count| starts_a_word(&count.value, prefix));
    }
    let found = counts.len();
    if !args.all {
        counts.truncate(args.n);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => present::facets::table(&mut out, output::look(), &args.field, counts)?,
        Format::Csv => present::facets::rows(&mut out, counts)?,
        Format::Jsonl => counts.iter().try_for_each(|count| present::jsonl::line(&mut out, count))?,
        Format::Json => present::json::document(&mut out, &answer)?,
    }
    out.flush()?;
    if found > args.n && !args.all && !global.quiet {
        anstream::eprintln!("{} values, {} of them shown; --all shows the rest", thousands(found as u64), args.n);
    }
    Ok(if found == 0 { Outcome::NoHits } else { Outcome::Done })
}

fn starts_a_word(value: &str, prefix: &str) -> bool {
    let (value, prefix) = (value.to_lowercase(), prefix.to_lowercase());
    value.match_indices(&prefix).any(|(at, _)| !value[..at].ends_with(char::is_alphanumeric))
}

fn explain(engine: &Engine, field: &str, name: &str) -> anyhow::Result<Outcome> {
    let kinds: &[entity::EntityKind] = match field {
        "person" => &[entity::EntityKind::Person],
        "organization" | "org" => &[entity::EntityKind::Organization],
        "place" => &[entity::EntityKind::Place],
        "speaker" => &[entity::EntityKind::Person, entity::EntityKind::Organization, entity::EntityKind::Place],
        _ => bail!("`{field}` holds no names to explain; person, organization, place and speaker do"),
    };
    let group = engine.entity(kinds, name)?;
    present::entity::names(&mut io::stdout().lock(), output::look(), group)?;
    Ok(Outcome::Done)
}

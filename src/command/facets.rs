//! `onrecord facets`: the values of a field and how often each occurs.

use std::io::{self, BufWriter, Write as _};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::search_args::SearchArgs;
use super::vocabulary::Vocabulary;
use super::{Global, Outcome, output};
use crate::answers::{self, SplitBy};
use crate::entity;
use crate::groups::GROUPS;
use crate::present;
use crate::present::harmless::one_line;
use crate::present::html::report::{self, About};
use crate::search::{Backend, By, FacetCount, NONE, Request, Response, starts_word};

/// Arguments of `facets`.
#[derive(Debug, Args)]
pub struct Facets {
    /// Field to count: speaker, person, organization, place, role, outlet, byline, section, collection, language, kind, attribution, month, day
    field: String,
    /// Count in the hits of this query [default: everything]
    #[arg(default_value = "*", hide_default_value = true)]
    query: String,
    /// Number of values to print
    #[arg(short, long = "limit", value_name = "N", default_value_t = 25)]
    n: usize,
    /// Print all values
    #[arg(long, conflicts_with = "n")]
    all: bool,
    /// Only values with a word that starts with this
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
    /// Show the names merged into this person, organization or place, and why
    #[arg(long, value_name = "NAME")]
    explain: Option<String>,
    /// Kind of hit to count (quote, passage, article), or a cross table (outlet, month)
    #[arg(long, value_enum, value_delimiter = ',', value_name = "WHAT,...")]
    by: Vec<Division>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    bom: output::Bom,
    #[command(flatten)]
    search: SearchArgs,
}

/// What is counted, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Division {
    /// Quotations
    Quote,
    /// Paragraphs
    Passage,
    /// Articles
    Article,
    /// In each outlet
    Outlet,
    /// In each month
    Month,
}

impl Division {
    fn unit(self) -> Option<By> {
        match self {
            Division::Quote => Some(By::Quote),
            Division::Passage => Some(By::Passage),
            Division::Article => Some(By::Article),
            Division::Outlet | Division::Month => None,
        }
    }

    fn part(self) -> Option<(SplitBy, &'static str)> {
        match self {
            Division::Quote | Division::Passage | Division::Article => None,
            Division::Outlet => Some((SplitBy::Outlet, "outlet")),
            Division::Month => Some((SplitBy::Month, "month")),
        }
    }
}

/// How counts are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Readable text
    Text,
    /// One JSON object, as from `query`
    Json,
    /// One JSON object per value
    Jsonl,
    /// One row per value, for spreadsheets
    Csv,
    /// One file for a browser, to keep or to mail
    Html,
    /// One value per line, as the shell completions ask for
    Values,
}

/// Counts and prints.
pub fn run(args: &Facets, global: &Global) -> anyhow::Result<Outcome> {
    let (engine, vocabulary) = args.search.engine(global)?;
    if let Some(name) = &args.explain {
        return explain(engine.as_ref(), &args.field, name);
    }
    args.bom.mark(args.format == Format::Csv)?;
    let parts = args.by.iter().filter(|by| by.part().is_some()).count();
    if parts > 1 || args.by.len() - parts > 1 {
        bail!("`--by` takes one of quote, passage, article, and one of outlet, month; run it once for each");
    }
    let by = args.by.iter().find_map(|by| by.unit());
    let request = Request { by, ..args.search.request(&args.query)? };
    if let Some((part, name)) = args.by.iter().find_map(|by| by.part()) {
        return cross_table(args, (engine.as_ref(), &vocabulary), request, part, name, global);
    }
    if args.field == "group" {
        bail!("groups are counted for every outlet or month; add `--by outlet` or `--by month`");
    }
    let request = Request { facets: vec![args.field.clone()], ..request };
    let mut answer = Response { query: args.query.clone(), ..engine.search(&request)? };
    let about = About::answer(&answer, request.today);
    output::warn(&answer.warnings, global);
    output::suggest(&answer.suggestions, global);
    let none = answer.without.get(&args.field).filter(|_| args.prefix.is_none()).cloned();
    let counts = answer.facets.entry(args.field.clone()).or_default();
    if let Some(prefix) = &args.prefix {
        counts.retain(|count| starts_word(&count.value, prefix));
    }
    let found = counts.len();
    if !args.all {
        counts.truncate(args.n);
    }
    let shown = counts.len();
    if !matches!(args.format, Format::Json | Format::Values) {
        counts.extend(none.map(|none| FacetCount { value: NONE.to_owned(), ..none }));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    write!(out, "{}", args.bom.mark(args.format == Format::Csv)?)?;
    match args.format {
        Format::Text => present::facets::table(&mut out, output::look(), &args.field, counts)?,
        Format::Csv => present::facets::rows(&mut out, counts)?,
        Format::Values => counts.iter().try_for_each(|count| writeln!(out, "{}", one_line(&count.value)))?,
        Format::Jsonl => counts.iter().try_for_each(|count| present::jsonl::line(&mut out, count))?,
        Format::Html => report::facets(&mut out, &about, &args.field, counts)?,
        Format::Json => present::json::document(&mut out, &answer)?,
    }
    out.flush()?;
    if let Some(part) = output::part(shown as u64, found as u64, "value", "--all") {
        output::say(&part, global);
    }
    Ok(if found == 0 { Outcome::NoHits } else { Outcome::Done })
}

/// Counts a field in every outlet or month.
fn cross_table(
    args: &Facets,
    (engine, vocabulary): (&dyn Backend, &Vocabulary),
    request: Request,
    part: SplitBy,
    name: &str,
    global: &Global,
) -> anyhow::Result<Outcome> {
    let field = args.field.as_str();
    if !answers::FIELDS.contains(&field) {
        bail!("no cross table counts `{field}`; it counts {}", answers::FIELDS.join(", "));
    }
    if field == "group" && vocabulary.groups().is_empty() {
        bail!("no group is named; write `cabinet = [\"Ada Ray\", …]` to `user/{GROUPS}` of the index");
    }
    let of_quotes = matches!(field, "speaker" | "group" | "kind" | "attribution");
    let request = Request { by: request.by.or(of_quotes.then_some(By::Quote)), ..request };
    let most = if args.all { usize::MAX } else { args.n };
    let (cells, found) = answers::cross(engine, &request, field, part, vocabulary.groups(), most)?;
    let mut out = BufWriter::new(io::stdout().lock());
    write!(out, "{}", args.bom.mark(args.format == Format::Csv)?)?;
    match args.format {
        Format::Text => present::facets::cross(&mut out, output::look(), &cells)?,
        Format::Csv => present::facets::cross_rows(&mut out, name, &cells)?,
        Format::Jsonl => cells.iter().try_for_each(|cell| present::jsonl::line(&mut out, cell))?,
        Format::Json => present::json::document(&mut out, &cells)?,
        Format::Html | Format::Values => bail!("a cross table is printed as text, csv, json or jsonl"),
    }
    out.flush()?;
    if let Some(part) = output::part(found.min(most) as u64, found as u64, "value", "--all") {
        output::say(&part, global);
    }
    Ok(if found == 0 { Outcome::NoHits } else { Outcome::Done })
}

fn explain(engine: &dyn Backend, field: &str, name: &str) -> anyhow::Result<Outcome> {
    let kinds: &[entity::EntityKind] = match field {
        "person" => &[entity::EntityKind::Person],
        "organization" | "org" => &[entity::EntityKind::Organization],
        "place" => &[entity::EntityKind::Place],
        "speaker" => &[entity::EntityKind::Person, entity::EntityKind::Organization, entity::EntityKind::Place],
        _ => bail!("`--explain` needs a field of names: person, organization, place or speaker"),
    };
    let group = engine.entity(kinds, name)?;
    present::entity::names(&mut io::stdout().lock(), output::look(), group)?;
    Ok(Outcome::Done)
}

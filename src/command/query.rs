//! `onrecord query`: ranked hits.

use std::io::{self, BufWriter};
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::asking::{Asking, Unit};
use super::manifest::Manifest;
use super::{Global, Outcome, output};
use crate::present::phrase::{count, thousands};
use crate::present::{self, Look, Sheet, kwic};
use crate::search::{self, Backend as _, Request, Response, Verdict};

/// Arguments of `query`.
#[derive(Debug, Args)]
pub struct Query {
    /// Words, phrases and fields: `speaker:rubio said:"30-day ceasefire"`
    #[arg(value_name = "QUERY")]
    text: String,
    /// How many hits to print
    #[arg(short, long = "limit", value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(..=MOST_HITS))]
    n: u64,
    /// Print every hit there is
    #[arg(long, conflicts_with = "n")]
    all: bool,
    /// What a hit is [default: quote if the query names a quote field, else passage]
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Unit>,
    /// In which order hits come
    #[arg(long, value_enum, default_value_t = Order::Rank)]
    sort: Order,
    /// Fields whose values to count over all hits
    #[arg(long, value_delimiter = ',', value_name = "FIELD,...")]
    facets: Vec<String>,
    /// Say how the query was read, which variants were used and what each part finds
    #[arg(long)]
    explain: bool,
    /// Say which parts of the query this article fails, given by id, address, path or a part of these
    #[arg(long, value_name = "ARTICLE")]
    why_not: Option<String>,
    /// Write down query, reading, totals and index, so that `onrecord rerun` can repeat and compare the search
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// How to print hits
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    asking: Asking,
}

/// Hits that `-n` may ask for; beyond, `--all` is meant.
const MOST_HITS: u64 = 1_000_000;

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// Best first
    Rank,
    /// Latest publication first
    Newest,
    /// Earliest publication first
    Oldest,
    /// By the words before the match; for `--format kwic`
    Left,
    /// By the words after the match; for `--format kwic`
    Right,
}

/// How hits are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// A JSON object a hit
    Jsonl,
    /// A row a hit, for spreadsheets
    Csv,
    /// A concordance: a match a line, aligned
    Kwic,
}

/// Asks and prints.
pub fn run(args: &Query, global: &Global) -> anyhow::Result<Outcome> {
    args.check(global)?;
    let (engine, vocabulary) = args.asking.engine(global)?;
    let request = args.request()?;
    if let Some(article) = &args.why_not {
        return why_not(&engine.why_not(&request, article)?, args.format);
    }
    // What is written down is every hit, printed or not.
    let every = args.all || args.manifest.is_some();
    // Variants are written down with their counts, printed or not.
    let counted = Request { explain: request.explain || args.manifest.is_some(), ..request.clone() };
    let mut results = if every { engine.all_results(&counted)? } else { engine.results(&counted)? };
    let mut answer = results.response().clone();
    if !args.explain {
        answer.explained.clear();
    }
    output::warn(&answer.warnings, global);
    let mut sheet = args.format.sheet(args.sort.context());
    if args.explain && !args.format.explains() {
        present::explain::reading(&mut anstream::stderr(), Look::PLAIN, &answer)?;
    }
    sheet.open(&answer)?;
    let mut manifest = args.manifest.as_ref().map(|path| (path, Manifest::of(&request, vocabulary, &answer)));
    let most = if args.all { usize::MAX } else { args.n as usize };
    let mut shown = 0;
    for (number, hit) in results.by_ref().enumerate() {
        let hit = hit?;
        if let Some((_, manifest)) = &mut manifest {
            manifest.add(&hit);
        }
        if number < most {
            sheet.hit(&hit)?;
            shown += 1;
        }
    }
    sheet.close()?;
    if let Some((path, manifest)) = manifest {
        manifest.write(path)?;
    }
    if !global.quiet && args.format.is_for_people() {
        anstream::eprintln!("{}", summary(&answer, shown));
    }
    Ok(if answer.total == 0 { Outcome::NoHits } else { Outcome::Done })
}

impl Query {
    /// What goes together and what does not.
    fn check(&self, global: &Global) -> anyhow::Result<()> {
        if self.sort.context() != kwic::Order::AsFound && self.format != Format::Kwic {
            bail!("`--sort left` and `--sort right` order a concordance; add `--format kwic`");
        }
        if !self.facets.is_empty() && !self.format.has_facets() && !global.quiet {
            anstream::eprintln!("warning: this format has no room for facets; `--format json` and `text` have");
        }
        Ok(())
    }

    fn request(&self) -> anyhow::Result<Request> {
        Ok(Request {
            by: self.by.map(Unit::into),
            sort: match self.sort {
                Order::Rank | Order::Left | Order::Right => search::Sort::Rank,
                Order::Newest => search::Sort::Newest,
                Order::Oldest => search::Sort::Oldest,
            },
            limit: if self.all { 0 } else { self.n },
            facets: self.facets.clone(),
            explain: self.explain,
            ..self.asking.request(&self.text)?
        })
    }
}

impl Order {
    fn context(self) -> kwic::Order {
        match self {
            Order::Rank | Order::Newest | Order::Oldest => kwic::Order::AsFound,
            Order::Left => kwic::Order::Left,
            Order::Right => kwic::Order::Right,
        }
    }
}

impl Format {
    /// A sheet of this format on standard output.
    fn sheet(self, order: kwic::Order) -> Box<dyn Sheet> {
        let out = BufWriter::new(io::stdout().lock());
        match self {
            Format::Text => Box::new(present::terminal::Pages::new(out, output::look())),
            Format::Json => Box::new(present::json::Answer::new(out)),
            Format::Jsonl => Box::new(present::jsonl::Lines(out)),
            Format::Csv => Box::new(present::csv::Table::new(out)),
            Format::Kwic => Box::new(present::kwic::Concordance::new(out, output::look(), order)),
        }
    }

    /// Whether people read it, who want to be told how much more there is.
    fn is_for_people(self) -> bool {
        match self {
            Format::Text | Format::Kwic => true,
            Format::Json | Format::Jsonl | Format::Csv => false,
        }
    }

    /// Whether it has room for facets.
    fn has_facets(self) -> bool {
        match self {
            Format::Text | Format::Json => true,
            Format::Jsonl | Format::Csv | Format::Kwic => false,
        }
    }

    /// Whether it has room for how the query was read.
    fn explains(self) -> bool {
        match self {
            Format::Text | Format::Kwic | Format::Json => true,
            Format::Jsonl | Format::Csv => false,
        }
    }
}

fn why_not(verdicts: &[Verdict], format: Format) -> anyhow::Result<Outcome> {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => present::json::document(&mut out, &verdicts)?,
        Format::Jsonl => verdicts.iter().try_for_each(|verdict| present::jsonl::line(&mut out, verdict))?,
        Format::Text | Format::Csv | Format::Kwic => present::explain::verdicts(&mut out, output::look(), verdicts)?,
    }
    Ok(if verdicts.iter().all(|verdict| verdict.holds) { Outcome::Done } else { Outcome::NoHits })
}

/// `12 quotations; the best 10 are shown, --all shows the rest`.
fn summary(answer: &Response, shown: u64) -> String {
    let mut hits = count(answer.total, "hit");
    if let Some(all) = answer.total_with_duplicates.filter(|&all| all > answer.total) {
        hits = format!("{hits} ({} with copies)", thousands(all));
    }
    if shown < answer.total { format!("{hits}, {shown} of them shown; --all shows the rest") } else { hits }
}

//! `onrecord query`: ranked hits.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal as _, Read as _};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::search_args::{SearchArgs, Unit};
use super::search_manifest::SearchManifest;
use super::{Global, Outcome, output};
use crate::present::phrase::{count, thousands};
use crate::present::{self, Export, HitWriter, Look, kwic};
use crate::search::{self, Backend, MatchClass, Request, Response, Verdict};

/// Arguments of `query`.
#[derive(Debug, Args)]
pub struct Query {
    /// What to search for: words, phrases and fields; `-` reads it from standard input [with filters alone: everything]
    #[arg(value_name = "QUERY")]
    text: Vec<String>,
    /// Search for these words as a phrase, as if in quotation marks
    #[arg(long, value_name = "WORDS", conflicts_with = "text")]
    phrase: Option<String>,
    /// Number of hits to print
    #[arg(short, long = "limit", value_name = "N", default_value_t = 10, allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=MOST_HITS))]
    n: u64,
    /// Print all hits
    #[arg(long, conflicts_with = "n")]
    all: bool,
    /// Kind of hit [default: quote if the query has a quote field, else passage]
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Unit>,
    /// Order of hits
    #[arg(long, value_enum, default_value_t = Order::Rank)]
    sort: Order,
    /// Count the values of these fields over all hits
    #[arg(long, value_delimiter = ',', value_name = "FIELD,...")]
    facets: Vec<String>,
    /// Show how the query was read, the variants used and the hits of each part
    #[arg(long)]
    explain: bool,
    /// Show which parts of the query this article does not match (id, link, path, or part of one)
    #[arg(long, value_name = "ARTICLE")]
    why_not: Option<String>,
    /// Save the search and its hits, for `onrecord rerun`
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    bom: output::Bom,
    #[command(flatten)]
    search: SearchArgs,
}

/// Most hits that `-n` takes; for more there is `--all`.
const MOST_HITS: u64 = 1_000_000;

/// Bytes of a query that are read from standard input, at most.
const LONGEST_QUERY: u64 = 1 << 20;

/// Order of hits.
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

/// Output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Readable text
    Text,
    /// One JSON object
    Json,
    /// One JSON object per hit
    Jsonl,
    /// One row per hit, for spreadsheets
    Csv,
    /// A concordance: one line per match, aligned
    Kwic,
    /// One file for a browser, to keep or to mail
    Html,
    /// A spreadsheet; redirect it to a file
    Xlsx,
    /// Markdown, to paste from
    Markdown,
    /// RIS, for reference managers
    Ris,
    /// CSL JSON, for reference managers
    CslJson,
    /// W3C Web Annotations (JSON-LD)
    Annotations,
}

/// Searches and prints.
pub fn run(args: &Query, global: &Global) -> anyhow::Result<Outcome> {
    args.check(global)?;
    let bom = args.bom.mark(args.format == Format::Csv)?;
    let (engine, vocabulary) = args.search.engine(global)?;
    let request = args.request()?;
    if let Some(article) = &args.why_not {
        return why_not(&engine.why_not(&request, article)?, args.format);
    }
    // A manifest holds every hit, printed or not.
    let every = args.all || args.manifest.is_some();
    // A manifest holds the variants with their counts, printed or not.
    let counted = Request { explain: request.explain || args.manifest.is_some(), ..request.clone() };
    let mut results = if every { engine.all_results(&counted)? } else { engine.results(&counted)? };
    let mut answer = results.response().clone();
    if !args.explain {
        answer.explained.clear();
    }
    output::warn(&answer.warnings, global);
    output::suggest(&answer.suggestions, global);
    print!("{bom}");
    let mut writer = args.format.writer(args.sort.context(), engine.as_ref(), request.today);
    if args.explain && !args.format.explains() {
        present::explain::reading(&mut anstream::stderr(), Look::PLAIN, &answer)?;
    }
    writer.open(&answer)?;
    let mut manifest = args.manifest.as_ref().map(|path| (path, SearchManifest::of(&request, vocabulary, &answer)));
    let most = if args.all { usize::MAX } else { args.n as usize };
    let mut shown = 0;
    for (number, hit) in results.by_ref().enumerate() {
        let hit = hit?;
        if let Some((_, manifest)) = &mut manifest {
            manifest.add(&hit);
        }
        if number < most {
            writer.hit(&hit)?;
            shown += 1;
        }
    }
    writer.close()?;
    if let Some((path, manifest)) = manifest {
        manifest.write(path)?;
    }
    if let Some(summary) = summary(&answer, shown, args.format) {
        output::say(&summary, global);
    }
    Ok(if answer.total == 0 { Outcome::NoHits } else { Outcome::Done })
}

impl Query {
    /// Checks which arguments go together.
    fn check(&self, global: &Global) -> anyhow::Result<()> {
        if self.sort.context() != kwic::Order::AsFound && self.format != Format::Kwic {
            bail!("`--sort left` and `--sort right` need `--format kwic`");
        }
        if self.format == Format::Xlsx && io::stdout().is_terminal() {
            bail!("a spreadsheet is no text; redirect it: `--format xlsx > hits.xlsx`");
        }
        if !self.facets.is_empty() && !self.format.has_facets() {
            output::say("warning: facets are printed with `--format text`, `json` or `html` only", global);
        }
        Ok(())
    }

    /// The query: a phrase, standard input, or all arguments; filters need none.
    fn query(&self) -> anyhow::Result<String> {
        if let Some(phrase) = &self.phrase {
            return Ok(format!("\"{}\"", phrase.replace(['\\', '"', '“', '”', '„', '«', '»'], " ")));
        }
        if let [only] = self.text.as_slice()
            && only == "-"
        {
            let read = io::read_to_string(io::stdin().lock().take(LONGEST_QUERY));
            return Ok(read.context("cannot read the query from standard input")?.trim().to_owned());
        }
        let words = self.text.iter().map(|part| part.trim_start()).collect::<Vec<_>>().join(" ");
        self.search.query(Some(words).filter(|_| !self.text.is_empty()))
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
            ..self.search.request(&self.query()?)?
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
    /// A writer of this format on standard output.
    fn writer(self, order: kwic::Order, engine: &dyn Backend, today: Date) -> Box<dyn HitWriter + '_> {
        let out = BufWriter::new(io::stdout().lock());
        match self {
            Format::Text => Box::new(present::terminal::TextWriter::new(out, output::look())),
            Format::Json => Box::new(present::json::JsonWriter::new(out)),
            Format::Jsonl => Box::new(present::jsonl::JsonLinesWriter(out)),
            Format::Kwic => Box::new(present::kwic::Concordance::new(out, output::look(), order)),
            Format::Html => Box::new(present::html::report::HtmlWriter::new(out, engine, today)),
            Format::Csv => Export::Csv.writer(out),
            Format::Xlsx => Export::Xlsx.writer(out),
            Format::Markdown => Export::Markdown.writer(out),
            Format::Ris => Export::Ris.writer(out),
            Format::CslJson => Export::CslJson.writer(out),
            Format::Annotations => Export::Annotations.writer(out),
        }
    }

    /// Whether people read it, rather than programs.
    fn is_for_people(self) -> bool {
        matches!(self, Format::Text | Format::Kwic)
    }

    /// Whether it prints facets.
    fn has_facets(self) -> bool {
        matches!(self, Format::Text | Format::Json | Format::Html)
    }

    /// Whether it prints how the query was read.
    fn explains(self) -> bool {
        matches!(self, Format::Text | Format::Kwic | Format::Json)
    }
}

fn why_not(verdicts: &[Verdict], format: Format) -> anyhow::Result<Outcome> {
    let mut out = io::stdout().lock();
    match format {
        Format::Json => present::json::document(&mut out, &verdicts)?,
        Format::Jsonl => verdicts.iter().try_for_each(|verdict| present::jsonl::line(&mut out, verdict))?,
        Format::Text
        | Format::Csv
        | Format::Kwic
        | Format::Html
        | Format::Xlsx
        | Format::Markdown
        | Format::Ris
        | Format::CslJson
        | Format::Annotations => present::explain::verdicts(&mut out, output::look(), verdicts)?,
    }
    Ok(if verdicts.iter().all(|verdict| verdict.holds) { Outcome::Done } else { Outcome::NoHits })
}

/// `Showing 10 of 12 hits (--all for all): 9 as written, 3 near`, or `12 hits`; for a format that programs read only the
/// former.
fn summary(answer: &Response, shown: u64, format: Format) -> Option<String> {
    let copies = answer.total_with_duplicates.filter(|&all| all > answer.total);
    let copies = copies.map_or(String::new(), |all| format!(", {} with copies", thousands(all)));
    let part = output::part(shown, answer.total, "hit", "--all").map(|part| part + &copies);
    let summary = part.or_else(|| format.is_for_people().then(|| count(answer.total, "hit") + &copies))?;
    Some(summary + &by_class(&answer.total_by_class))
}

/// `: 91 as written or in another form, 16 near, 10 in other words`; nothing where no hit matches loosely.
fn by_class(totals: &BTreeMap<MatchClass, u64>) -> String {
    let total = |class| totals.get(&class).copied().unwrap_or(0);
    let close = total(MatchClass::Written) + total(MatchClass::Form);
    let how = match (total(MatchClass::Written), total(MatchClass::Form)) {
        (0, _) => "in another form",
        (_, 0) => "as written",
        (..) => "as written or in another form",
    };
    let (near, synonym) = (total(MatchClass::Near), total(MatchClass::Synonym));
    if near + synonym == 0 {
        return String::new();
    }
    let all = [(close, how), (near, "near"), (synonym, "in other words")];
    let said = all.iter().filter(|(total, _)| *total > 0).map(|(total, how)| format!("{} {how}", thousands(*total)));
    format!(": {}", said.collect::<Vec<_>>().join(", "))
}

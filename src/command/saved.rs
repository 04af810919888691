//! `onrecord saved`: searches kept beside the index, and what is new in them.

use std::io::{self, BufWriter, Write};
use std::process::{Command, Stdio};

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::search_args::{SearchArgs, Unit, at_present};
use super::vocabulary::open;
use super::{Global, Outcome, output};
use crate::present::harmless::one_line;
use crate::present::phrase::count;
use crate::present::{self, HitWriter, Look};
use crate::saved::{MOST, Saved, SavedHit};
use crate::search::{Hit, Request, Response};

/// Arguments of `saved`.
#[derive(Debug, Args)]
pub struct SavedArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Save a search
    Add(Box<Add>),
    /// List all saved searches
    List,
    /// Run a saved search
    Run(Run),
    /// Remove a saved search
    Remove {
        /// Its id, as `list` shows it
        id: String,
    },
}

#[derive(Debug, Args)]
struct Add {
    /// Words, phrases and fields [with filters alone: everything]
    query: Option<String>,
    /// What it is for
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// What a hit is
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Unit>,
    #[command(flatten)]
    search: SearchArgs,
}

#[derive(Debug, Args)]
struct Run {
    /// Its id, as `list` shows it
    id: String,
    /// Print only what no run has seen before
    #[arg(long)]
    new: bool,
    /// Print only what was first seen on or after this day or moment
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Timestamp>,
    /// How to print hits
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Hand new hits to this command of the shell instead, if there are any
    #[arg(long, value_name = "CMD", requires = "new")]
    exec: Option<String>,
}

/// How hits are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// A JSON object a hit
    Jsonl,
    /// A row a hit, for spreadsheets
    Csv,
}

/// Saves, lists, runs or removes.
pub fn run(args: &SavedArgs, global: &Global) -> anyhow::Result<Outcome> {
    let saved = Saved::of(global.user_files(global.remote()?.as_ref()));
    match &args.what {
        What::Add(add) => {
            let (engine, _) = add.search.engine(global)?;
            let request =
                Request { by: add.by.map(Unit::into), ..add.search.request(&add.search.query(add.query.clone())?)? };
            let search = saved.add(&request, &add.note, (None, None), Timestamp::now())?;
            let run = saved.run(&search, engine.as_ref(), engine.as_ref(), request, Timestamp::now())?;
            println!("{}", search.id);
            output::warn(&run.warnings, global);
            if !global.quiet {
                anstream::eprintln!("saved; {} so far", count(run.total, "hit"));
            }
            Ok(Outcome::Done)
        }
        What::List => {
            let searches = saved.list()?;
            for search in &searches {
                let day = search.saved.to_zoned(TimeZone::system()).date();
                let filters = search.request.filters.join(" ");
                let line = format!("{}  {day}  {} {filters}  {}", search.id, search.request.query, search.note);
                println!("{}", one_line(&line));
            }
            Ok(if searches.is_empty() { Outcome::NoHits } else { Outcome::Done })
        }
        What::Run(run) => run.run(&saved, global),
        What::Remove { id } => {
            saved.remove(id)?;
            Ok(Outcome::Done)
        }
    }
}

impl Run {
    fn run(&self, saved: &Saved, global: &Global) -> anyhow::Result<Outcome> {
        let search = saved.get(&self.id)?;
        let (whole, _) = open(global, None, None)?;
        let limited = search.within.as_deref().map(|collections| whole.within(collections)).transpose()?;
        let engine = limited.as_ref().unwrap_or(&whole).as_ref();
        let now = Timestamp::now();
        let found = saved.run(&search, engine, whole.as_ref(), at_present(search.request.clone()), now)?;
        if found.total > MOST {
            bail!("{} hits are too many to tell what is new (limit: {MOST}); narrow the search", found.total);
        }
        let since = if self.new { Some(now) } else { self.since };
        let wanted = found.hits.iter().filter(|seen| since.is_none_or(|since| seen.first >= since));
        let (anew, shown): (Vec<_>, Vec<_>) = wanted.partition(|seen| self.new && seen.anew);
        let answer = Response { query: search.request.query.clone(), total: shown.len() as u64, ..Response::default() };
        match &self.exec {
            None => self.format.write(BufWriter::new(io::stdout().lock()), output::look(), &answer, &shown)?,
            Some(_) if shown.is_empty() => {}
            Some(command) => {
                let mut text = Vec::new();
                self.format.write(&mut text, Look::PLAIN, &answer, &shown)?;
                if let Err(error) = hand_over(command, &text) {
                    saved.forget(&search, now)?;
                    return Err(error);
                }
            }
        }
        if !global.quiet && self.format == Format::Text {
            let gone = if found.gone > 0 { format!(", {} gone", found.gone) } else { String::new() };
            anstream::eprintln!("{} of {}{gone}", shown.len(), count(found.total, "hit"));
        }
        if !anew.is_empty() {
            output::say(&format!("{} found anew in articles seen before", count(anew.len() as u64, "hit")), global);
        }
        Ok(if shown.is_empty() { Outcome::NoHits } else { Outcome::Done })
    }
}

impl Format {
    fn write(self, out: impl Write, look: Look, answer: &Response, hits: &[&SavedHit]) -> io::Result<()> {
        let mut writer: Box<dyn HitWriter + '_> = match self {
            Format::Text => Box::new(present::terminal::TextWriter::new(out, look)),
            Format::Jsonl => Box::new(present::jsonl::JsonLinesWriter(out)),
            Format::Csv => Box::new(present::csv::CsvWriter::new(out)),
        };
        writer.open(answer)?;
        for (rank, hit) in (1..).zip(hits) {
            writer.hit(&Hit { rank, ..hit.hit.clone() })?;
        }
        writer.close()
    }
}

/// Runs a command of the shell with `text` as its standard input.
fn hand_over(command: &str, text: &[u8]) -> anyhow::Result<()> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell).arg(flag).arg(command).stdin(Stdio::piped()).spawn()?;
    // A command that does not read all of it may still succeed.
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(text));
    let status = child.wait()?;
    if !status.success() {
        bail!("`{command}` failed ({status}); the hits stay new for the next run");
    }
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Reads a moment (`2026-05-01T12:00:00Z`) or a day, which begins at midnight here.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let day: Date = text.parse().map_err(|_| "write it as 2026-05-01 or 2026-05-01T12:00:00Z".to_owned())?;
    day.to_zoned(TimeZone::system()).map(|zoned| zoned.timestamp()).map_err(|error| error.to_string())
}

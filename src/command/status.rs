//! `onrecord status`: what the index holds.

use std::io::{self, BufWriter, Write as _};

use clap::{Args, ValueEnum};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::{Global, Outcome, output};
use crate::article::{Depth, Place};
use crate::corrections::{Correction, Corrections};
use crate::engine::{Engine, OpenIndex};
use crate::index::{Paths, SourceEntry};
use crate::marks::Marks;
use crate::present;
use crate::present::phrase::word;
use crate::present::status::Status;

/// Arguments of `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// Counts and prints.
pub fn run(args: &StatusArgs, global: &Global) -> anyhow::Result<Outcome> {
    let remote = global.remote()?;
    let (name, index): (String, Box<dyn OpenIndex>) = match &remote {
        Some(remote) => (remote.client.shown(), Box::new(remote.read()?)),
        None => (global.index.to_string_lossy().into_owned(), Box::new(Engine::open(&global.index)?)),
    };
    let (files, paths) = (global.user_files(remote.as_ref()), Paths::new(&global.index));
    let mut orphans = Vec::new();
    for mark in Marks::of(files.clone()).all()? {
        let article = index.article_with(&mark.article)?;
        if article.and_then(|article| mark.place_in(&article)).is_none() {
            let words = mark.quote.map_or(String::new(), |quote| format!(", {}", quote.exact));
            orphans.push(format!("{}{words}: {} `{}`", mark.article, word(&mark.kind), mark.text));
        }
    }
    for Correction { article, speaker, quote } in Corrections::read(&files)?.all() {
        let held = index.article_with(article)?;
        if held.and_then(|held| quote.find(&held.text)).is_none() {
            let speaker = speaker.as_deref().unwrap_or("-");
            orphans.push(format!("{article}, {}: speaker `{speaker}`", quote.exact));
        }
    }
    let (manifest, stats, state) = (index.manifest()?, index.stats()?, index.state().clone());
    let day = |number: i64| -> Option<Date> { date(1970, 1, 1).checked_add(number.days()).ok() };
    let status = Status {
        index: name,
        digest: state.digest,
        format: state.onrecord,
        bytes: stats.bytes,
        files: manifest.sources().count() as u64,
        articles: stats.articles,
        passages: stats.passages,
        quotes: stats.quotes,
        days: stats.days.and_then(|(first, last)| Some((day(first)?.to_string(), day(last)?.to_string()))),
        undated: stats.undated,
        stale: manifest.stale(),
        careful: manifest.analysed(Depth::Careful),
        waiting: manifest.sources().filter_map(|(_, source)| waiting(source, &paths)).collect(),
        problems: manifest
            .sources()
            .filter(|(_, source)| is_read(source))
            .flat_map(|(_, s)| problems(s, &paths))
            .collect(),
        orphans,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => present::status::text(&mut out, output::look(), &status)?,
        Format::Json => present::json::document(&mut out, &status)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// True unless the next ingest reads the file again, because it was not read to its end or could not be opened.
fn is_read(source: &SourceEntry) -> bool {
    source.stamp.is_some() || source.path == "-"
}

/// A file that the next ingest reads again, and why.
fn waiting(source: &SourceEntry, paths: &Paths) -> Option<String> {
    let unread = || format!("{}: was not read to its end", paths.shown(&source.path));
    let reason = problems(source, paths).next().unwrap_or_else(unread);
    (!is_read(source)).then_some(reason)
}

/// What of a file could not be read, a line each.
fn problems(source: &SourceEntry, paths: &Paths) -> impl Iterator<Item = String> {
    source.problems.iter().map(|problem| {
        let place = Place { path: paths.shown(&source.path), record: problem.record.clone() };
        format!("{place}: {}", problem.reason)
    })
}

//! `onrecord rerun`: a search written down, asked again; what is new and what is gone.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::manifest::{Manifest, Mark};
use super::{Global, Outcome, asking, output};
use crate::engine::Engine;
use crate::present::phrase::count;
use crate::present::{self, Sheet as _};
use crate::search::Backend as _;

/// Arguments of `rerun`.
#[derive(Debug, Args)]
pub struct Rerun {
    /// The manifest, as `onrecord query … --manifest FILE` wrote it
    manifest: PathBuf,
    /// How to print what is new and gone
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How differences are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// A JSON object a difference
    Jsonl,
}

/// Asks again and compares hit by hit.
pub fn run(args: &Rerun, global: &Global) -> anyhow::Result<Outcome> {
    let before = Manifest::read(&args.manifest)?;
    let engine = before.vocabulary.teach(Engine::open(&global.index)?)?;
    if before.has_other_synonyms() && !global.quiet {
        anstream::eprintln!("warning: the built-in synonyms have changed since; they may make hits new or gone");
    }
    let results = engine.all_results(&asking::at_present(before.request.clone()))?;
    let answer = results.response().clone();
    output::warn(&answer.warnings, global);
    let mut known = before.hits();
    let mut out = BufWriter::new(io::stdout().lock());
    let look = output::look();
    let mut new = 0;
    for hit in results {
        let hit = hit?;
        if known.get_mut(&Mark::of(&hit).identity()).is_some_and(|marks| marks.pop().is_some()) {
            continue;
        }
        new += 1;
        match args.format {
            Format::Text => present::terminal::Pages::new(&mut out, look).hit(&hit)?,
            Format::Jsonl => present::jsonl::line(&mut out, &json!({"change": "new", "hit": hit}))?,
        }
    }
    let mut gone: Vec<&Mark> = known.into_values().flatten().collect();
    gone.sort_by_key(|mark| (&mark.article, mark.paragraph));
    for mark in &gone {
        match args.format {
            Format::Text => writeln!(out, "gone: {}, paragraph {}", mark.article, mark.paragraph + 1)?,
            Format::Jsonl => present::jsonl::line(&mut out, &json!({"change": "gone", "hit": mark}))?,
        }
    }
    out.flush()?;
    if !global.quiet {
        let index = if before.index.digest == answer.index.digest { "the same index" } else { "another index" };
        let (then, now) = (before.total, count(answer.total, "hit"));
        anstream::eprintln!("{now} in {index}, {then} before: {new} new, {} gone", gone.len());
    }
    Ok(Outcome::Done)
}

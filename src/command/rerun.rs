//! `onrecord rerun`: repeats a saved search and prints what is new and gone since. The file is only read.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::search_manifest::{RecordedHit, SearchManifest};
use super::{Global, Outcome, output, search_args};
use crate::present::harmless::one_line;
use crate::present::phrase::{count, thousands};
use crate::present::{self, HitWriter as _};

/// Arguments of `rerun`.
#[derive(Debug, Args)]
pub struct Rerun {
    /// File written by `onrecord query … --manifest FILE`; it is not changed
    manifest: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Readable text
    Text,
    /// One JSON object per difference
    Jsonl,
}

/// Searches again and compares hit by hit.
pub fn run(args: &Rerun, global: &Global) -> anyhow::Result<Outcome> {
    let before = SearchManifest::read(&args.manifest)?;
    let engine = before.vocabulary.open(&global.index, global.remote()?.as_ref())?;
    if before.has_other_synonyms() {
        output::say(
            "warning: the built-in synonyms have changed since; hits may be new or gone for that reason",
            global,
        );
    }
    let results = engine.all_results(&search_args::at_present(before.request.clone()))?;
    let answer = results.response().clone();
    output::warn(&answer.warnings, global);
    output::suggest(&answer.suggestions, global);
    let mut known = before.hits();
    let mut out = BufWriter::new(io::stdout().lock());
    let look = output::look();
    let mut new = 0;
    for hit in results {
        let hit = hit?;
        if known.get_mut(&RecordedHit::of(&hit).identity()).is_some_and(|marks| marks.pop().is_some()) {
            continue;
        }
        new += 1;
        match args.format {
            Format::Text => present::terminal::TextWriter::new(&mut out, look).hit(&hit)?,
            Format::Jsonl => present::jsonl::line(&mut out, &json!({"change": "new", "hit": hit}))?,
        }
    }
    let mut gone: Vec<&RecordedHit> = known.into_values().flatten().collect();
    gone.sort_by_key(|mark| (&mark.article, mark.paragraph));
    for mark in &gone {
        match args.format {
            Format::Text => writeln!(out, "gone: {}, paragraph {}", one_line(&mark.article), mark.paragraph + 1)?,
            Format::Jsonl => present::jsonl::line(&mut out, &json!({"change": "gone", "hit": mark}))?,
        }
    }
    out.flush()?;
    let same = before.index.digest == answer.index.digest;
    let index = if same { "; the index is unchanged" } else { "" };
    let (now, then, gone) = (count(answer.total, "hit"), thousands(before.total), gone.len());
    output::say(&format!("{now}, {then} on {}: {new} new, {gone} gone{index}", before.day()), global);
    Ok(if new == 0 { Outcome::NoHits } else { Outcome::Done })
}

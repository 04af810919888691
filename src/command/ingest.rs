//! `onrecord ingest`: brings the index up to date with files.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::console_progress::{ConsoleProgress, Messages, Report};
use super::reading::{Input, Reading};
use super::watch::watch;
use super::{Global, Outcome, output};
use crate::index::verify::Finding;
use crate::ingest::{self, Options, Summary};
use crate::present;

/// Arguments of `ingest`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct Ingest {
    /// Files or folders to read; `-` for standard input [default: those read before, else `corpus`]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The format of the input, or `auto` to recognise it
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    format: Input,
    /// Drop articles of files below PATH that are gone
    #[arg(long)]
    prune: bool,
    /// Rebuild the index from these paths and all known sources
    #[arg(long, conflicts_with = "dry_run")]
    rebuild: bool,
    /// Follow a file or folder that moved; may be repeated
    #[arg(long, value_name = "OLD=NEW", value_parser = moved)]
    moved: Vec<(PathBuf, PathBuf)>,
    /// Keep the earlier text when an article changes, in this and later runs (`=no` to stop)
    #[arg(long, value_name = "WHETHER", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = yes_or_no, conflicts_with = "dry_run")]
    keep_versions: Option<bool>,
    /// Show what each file would give, without changing the index
    #[arg(long)]
    dry_run: bool,
    /// Update the index again whenever a file changes, until stopped
    #[arg(long, conflicts_with_all = ["dry_run", "rebuild", "report"])]
    watch: bool,
    /// Write the outcome of every input to this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", env = "ONRECORD_THREADS")]
    threads: Option<NonZeroUsize>,
    /// Target memory (minimum 200M, and 300M per million files)
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = memory, env = "ONRECORD_MEMORY")]
    memory: usize,
    /// Wait if another process is writing to the index
    #[arg(long)]
    wait: bool,
    /// Longest time between commits
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, env = "ONRECORD_COMMIT_EVERY", hide_short_help = true)]
    commit_every: Duration,
    #[command(flatten)]
    reading: Reading,
}

/// Ingests and says what became of it.
pub fn run(args: &Ingest, global: &Global) -> anyhow::Result<Outcome> {
    if args.rebuild {
        global.only_here("ingest --rebuild")?;
    }
    let usual = Options::default();
    let options = Options {
        reading: args.reading.options(args.format)?,
        rebuild: args.rebuild,
        prune: args.prune,
        moved: args.moved.clone(),
        dry_run: args.dry_run,
        threads: args.threads.map_or(usual.threads, NonZeroUsize::get),
        memory: args.memory,
        keep_versions: args.keep_versions,
        wait: args.wait,
        commit_every: args.commit_every,
        deepen: true,
    };
    let paths = if args.paths.is_empty() && args.moved.is_empty() { usual_paths(global)? } else { args.paths.clone() };
    if args.watch {
        return keep_up_to_date(&paths, options, global);
    }
    let mut progress = ConsoleProgress::new(global, Messages::Printed);
    progress.lists = args.dry_run;
    progress.report = args.report.as_deref().map(Report::create).transpose()?;
    let done = bring_up_to_date(&paths, &options, global, &mut progress);
    // What was read is in the report, however the run ended.
    let reported = progress.report.map_or(Ok(()), Report::finish);
    let summary = done?;
    reported?;
    if !global.quiet {
        present::summary::text(&mut anstream::stderr(), &summary, args.dry_run)?;
    }
    Ok(if summary.skipped > 0 { Outcome::SomeSkipped } else { Outcome::Done })
}

/// Ingests now and after every change; says what became of it where anything did.
fn keep_up_to_date(paths: &[PathBuf], options: Options, global: &Global) -> anyhow::Result<Outcome> {
    let stop = stopped_by_signals()?;
    let mut options = Options { wait: true, ..options };
    let mut skipped = 0;
    watch(paths, &global.index, &stop, || {
        let mut progress = ConsoleProgress::new(global, Messages::Held(Vec::new()));
        let ingested = ingest::ingest(&global.index, paths, &options, &stop, &mut progress);
        progress.close();
        let summary = ingested?;
        // Files have moved once.
        options.moved.clear();
        let changed = summary.added + summary.replaced + summary.reanalysed + summary.removed > 0;
        if changed || summary.skipped != skipped {
            progress.print_held();
            output::say(&present::summary::line(&summary), global);
        }
        skipped = summary.skipped;
        Ok(())
    })?;
    Ok(Outcome::Done)
}

/// What is ingested where no path is given: what the index was made from, else the folder `corpus`.
fn usual_paths(global: &Global) -> anyhow::Result<Vec<PathBuf>> {
    let sources = match global.remote()? {
        Some(remote) => ingest::sources_of(&remote.mirror.user_files(), &remote.paths)?,
        None => ingest::sources(&global.index)?,
    };
    Ok(if sources.is_empty() { vec![PathBuf::from("corpus")] } else { sources })
}

/// Reads `yes` or `no`.
fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err("write `yes` or `no`".to_owned()),
    }
}

/// Reads `OLD=NEW`.
fn moved(text: &str) -> Result<(PathBuf, PathBuf), String> {
    match text.split_once('=') {
        Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok((old.into(), new.into())),
        _ => Err("write it as OLD=NEW".to_owned()),
    }
}

/// Ingests before a question is asked, as `--corpus` does: silently where nothing changed.
pub(super) fn before_asking(paths: &[PathBuf], global: &Global) -> anyhow::Result<()> {
    let mut progress = ConsoleProgress::new(global, Messages::Held(Vec::new()));
    let summary = bring_up_to_date(paths, &Options { wait: true, ..Options::default() }, global, &mut progress)?;
    let changed = summary.added + summary.replaced + summary.removed > 0;
    if changed && !global.quiet {
        progress.print_held();
        anstream::eprintln!("{}", present::summary::line(&summary));
    }
    Ok(())
}

/// Reads again what is broken in the index, and says what became of it.
pub(super) fn repair(findings: &[Finding], options: &Options, global: &Global) -> anyhow::Result<Outcome> {
    let mut progress = ConsoleProgress::new(global, Messages::Printed);
    let stop = stopped_by_signals()?;
    let repaired = ingest::repair(&global.index, findings, options, &stop, &mut progress);
    progress.close();
    let summary = repaired?;
    if !global.quiet {
        present::summary::text(&mut anstream::stderr(), &summary, false)?;
    }
    Ok(if summary.skipped > 0 { Outcome::SomeSkipped } else { Outcome::Done })
}

fn bring_up_to_date(
    paths: &[PathBuf],
    options: &Options,
    global: &Global,
    progress: &mut ConsoleProgress,
) -> anyhow::Result<Summary> {
    let stop = stopped_by_signals()?;
    let ingested = match global.remote()? {
        Some(remote) => remote.ingest(paths, options, &stop, progress),
        None => ingest::ingest(&global.index, paths, options, &stop, progress).map_err(Into::into),
    };
    // What comes after the ingest has nothing to finish: the next signal ends it.
    stop.store(true, Ordering::Relaxed);
    progress.close();
    let summary = ingested?;
    if summary.files == 0 && summary.files_gone == 0 && !summary.stopped {
        progress.print_held();
        let paths: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
        bail!("there is nothing to ingest in {}; give files or folders that hold articles", paths.join(", "));
    }
    Ok(summary)
}

/// Becomes true at the first SIGINT or SIGTERM; the second ends the process.
fn stopped_by_signals() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order the first signal asks to stop, and the second finds that asked for and ends the process
        // with the code of shells for it.
        flag::register_conditional_shutdown(signal, 130, Arc::clone(&stop)).context("cannot handle signals")?;
        flag::register(signal, Arc::clone(&stop)).context("cannot handle signals")?;
    }
    Ok(stop)
}

/// Reads a number of bytes that an ingest may take; far less than it takes at least is a slip.
fn memory(text: &str) -> Result<usize, String> {
    const LEAST: usize = 64_000_000;
    let bytes = size(text)?;
    if bytes < LEAST { Err("an ingest takes 200M at least".to_owned()) } else { Ok(bytes) }
}

/// Reads a number of bytes: `800M`, `1.5G`; without a unit, megabytes.
fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: f64 = match text[digits.len()..].to_ascii_uppercase().trim_end_matches('B').trim_end_matches('I') {
        "" | "M" => 1e6,
        "K" => 1e3,
        "G" => 1e9,
        "T" => 1e12,
        _ => return Err("write it as 800M or 1.5G".to_owned()),
    };
    let number: f64 = digits.trim().parse().map_err(|_| "write it as 800M or 1.5G".to_owned())?;
    Ok((number * unit) as usize)
}

/// Reads a number of seconds, with a fraction or without.
fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "write it as 60 or 0.5".to_owned())?;
    Duration::try_from_secs_f64(number).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_write_them() {
        for (text, bytes) in [
            ("800M", 800_000_000),
            ("1.5G", 1_500_000_000),
            ("64", 64_000_000),
            ("2 GB", 2_000_000_000),
            ("1gib", 1_000_000_000),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        assert!(size("much").is_err() && size("10 apples").is_err());
        assert!(memory("63M").is_err() && memory("64M").is_ok());
    }
}

//! `onrecord annotate`: what the analysis sees, without an index.

use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use clap::{Args, ValueEnum};
use walkdir::WalkDir;

use super::{Global, Outcome, output};
use crate::analysis::Analyst;
use crate::present::{self, Look};
use crate::{article, passage};

/// Arguments of `annotate`.
#[derive(Debug, Args)]
pub struct Annotate {
    /// Files or folders to read
    #[arg(value_name = "PATH", default_value = "corpus")]
    paths: Vec<PathBuf>,
    /// How to print what is found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// How many threads analyse at a time
    #[arg(long, value_name = "N", default_value = "1", env = "ONRECORD_THREADS")]
    threads: std::num::NonZeroUsize,
}

/// How `annotate` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object an article
    Jsonl,
}

/// Results a thread may be ahead of the printer.
const AHEAD: usize = 4;

/// Reads, analyses and prints, article by article in the order given.
pub fn run(args: &Annotate, _global: &Global) -> anyhow::Result<Outcome> {
    let files: Vec<PathBuf> = args.paths.iter().flat_map(|path| files(path)).collect();
    let look = output::look();
    let threads = args.threads.get();
    let files = &files;
    thread::scope(|scope| {
        // Every thread takes each `threads`-th file, so the printer knows whose turn it is.
        let lanes: Vec<mpsc::Receiver<io::Result<Vec<u8>>>> = (0..threads)
            .map(|lane| {
                let (send, receive) = mpsc::sync_channel(AHEAD);
                scope.spawn(move || {
                    let mut analyst = Analyst::new();
                    for file in files.iter().skip(lane).step_by(threads) {
                        if send.send(annotate(file, args.format, look, &mut analyst)).is_err() {
                            break;
                        }
                    }
                });
                receive
            })
            .collect();
        let mut out = BufWriter::new(io::stdout().lock());
        let mut outcome = Outcome::Done;
        for (file, lane) in files.iter().zip(lanes.iter().cycle()) {
            match lane.recv() {
                Ok(Ok(printed)) => out.write_all(&printed)?,
                Ok(Err(error)) => {
                    anstream::eprintln!("skipped {}: {error}", file.display());
                    outcome = Outcome::SomeSkipped;
                }
                Err(mpsc::RecvError) => anyhow::bail!("the analysis of {} stopped", file.display()),
            }
        }
        out.flush()?;
        Ok(outcome)
    })
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_dir() {
        let walk = WalkDir::new(path).sort_by_file_name();
        walk.into_iter()
            .flatten()
            .filter(|entry| entry.file_type().is_file())
            .map(walkdir::DirEntry::into_path)
            .collect()
    } else {
        vec![path.to_owned()]
    }
}

fn annotate(file: &Path, format: Format, look: Look, analyst: &mut Analyst) -> io::Result<Vec<u8>> {
    let article = article::read_plain(file)?;
    let annotated = passage::annotated(&article, &analyst.analyse(&article));
    let mut printed = Vec::with_capacity(2 * article.text.len());
    match format {
        Format::Jsonl => present::jsonl::line(&mut printed, &annotated)?,
        Format::Text => present::marked::article(&mut printed, look, &annotated)?,
    }
    Ok(printed)
}

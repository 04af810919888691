//! `onrecord annotate`: what the analysis sees, without an index.

use std::io::{self, BufWriter, Write as _};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use clap::{Args, ValueEnum};

use super::{Global, Outcome, output};
use crate::analysis::Analyst;
use crate::article::{self, Article, Skip};
use crate::passage;
use crate::present::{self, Look};

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

/// What a thread tells the printer.
enum Told {
    /// An article, as it is printed.
    Printed(Vec<u8>),
    /// Something that could not be read.
    Skipped(Skip),
    /// The file is read; it is the next thread's turn.
    EndOfFile,
}

/// Reads, analyses and prints, article by article in the order given.
pub fn run(args: &Annotate, _global: &Global) -> anyhow::Result<Outcome> {
    let options = article::Options::default();
    let files: Vec<Result<PathBuf, Skip>> = article::files(&args.paths).collect();
    let look = output::look();
    let threads = args.threads.get();
    let (files, options) = (&files, &options);
    thread::scope(|scope| {
        // Every thread takes each `threads`-th file, so the printer knows whose turn it is.
        let lanes: Vec<mpsc::Receiver<Told>> = (0..threads)
            .map(|lane| {
                let (send, receive) = mpsc::sync_channel(AHEAD);
                scope.spawn(move || {
                    let mut analyst = Analyst::new();
                    for file in files.iter().skip(lane).step_by(threads).flatten() {
                        let read = article::read(file, options, &mut |read| {
                            let told = match read {
                                Ok(article) => Told::Printed(print(article, args.format, look, &mut analyst)),
                                Err(skip) => Told::Skipped(skip),
                            };
                            // The printer is gone when nobody reads on.
                            if send.send(told).is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                        });
                        if read.is_break() || send.send(Told::EndOfFile).is_err() {
                            break;
                        }
                    }
                });
                receive
            })
            .collect();
        let mut out = BufWriter::new(io::stdout().lock());
        let mut outcome = Outcome::Done;
        let mut skipped = |skip: &Skip| {
            anstream::eprintln!("skipped {skip}");
            outcome = Outcome::SomeSkipped;
        };
        for (file, lane) in files.iter().zip(lanes.iter().cycle()) {
            if let Err(skip) = file {
                skipped(skip);
                continue;
            }
            loop {
                match lane.recv()? {
                    Told::Printed(printed) => out.write_all(&printed)?,
                    Told::Skipped(skip) => skipped(&skip),
                    Told::EndOfFile => break,
                }
            }
        }
        out.flush()?;
        Ok(outcome)
    })
}

fn print(article: Article, format: Format, look: Look, analyst: &mut Analyst) -> Vec<u8> {
    let analysis = analyst.analyse(&article);
    let annotated = passage::annotated(article, &analysis);
    let mut printed = Vec::with_capacity(2 * annotated.text.len());
    // Writing to memory cannot fail.
    let _ = match format {
        Format::Jsonl => present::jsonl::line(&mut printed, &annotated),
        Format::Text => present::marked::article(&mut printed, look, &annotated),
    };
    printed
}

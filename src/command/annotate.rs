//! `onrecord annotate`: quotations and names of articles, without an index.

use std::io::{self, BufWriter, StdoutLock, Write as _};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvError};
use std::thread;

use clap::{Args, ValueEnum};

use super::reading::{Input, Reading};
use super::{Global, Outcome, output};
use crate::analysis::Analyser;
use crate::article::{self, Options, Place, Raw, Sink, Skip};
use crate::passage;
use crate::present::{self, Look};

/// Arguments of `annotate`.
#[derive(Debug, Args)]
pub struct Annotate {
    /// Files or folders to read; `-` for standard input
    #[arg(value_name = "PATH", default_value = "corpus")]
    paths: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Number of threads
    #[arg(long, value_name = "N", default_value = "1", env = "ONRECORD_THREADS")]
    threads: NonZeroUsize,
    /// The format of the input, or `auto` to recognise it
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    read_as: Input,
    #[command(flatten)]
    reading: Reading,
}

/// How `annotate` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Readable text
    Text,
    /// One JSON object per article
    Jsonl,
}

/// Reads, analyses and prints, article by article in the order given.
pub fn run(args: &Annotate, global: &Global) -> anyhow::Result<Outcome> {
    let job = Job { options: args.reading.options(args.read_as)?, format: args.format, look: output::look() };
    let mut printer = Printer { out: BufWriter::new(io::stdout().lock()), outcome: Outcome::Done, global };
    match args.threads {
        NonZeroUsize::MIN => job.alone(&args.paths, &mut printer)?,
        threads => job.together(&args.paths, threads, &mut printer)?,
    }
    printer.out.flush()?;
    Ok(printer.outcome)
}

/// What is done to every piece that is read.
struct Job {
    options: Options,
    format: Format,
    look: Look,
}

/// Pieces that may wait for a thread, and prints that may wait for the printer.
const AHEAD: usize = 4;

impl Job {
    /// Everything in this thread.
    fn alone(&self, paths: &[PathBuf], printer: &mut Printer) -> io::Result<()> {
        let mut analyser = Analyser::new();
        let mut written = Ok(());
        let _: ControlFlow<()> = self.unpack(paths, &mut |piece| {
            written = printer.take(self.annotate(piece, &mut analyser));
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        written
    }

    /// One thread reads and deals the pieces out in turn; the printer takes what becomes of them in the same turn,
    /// which keeps the order and bounds what waits.
    fn together(&self, paths: &[PathBuf], threads: NonZeroUsize, printer: &mut Printer) -> io::Result<()> {
        thread::scope(|scope| {
            let (to_workers, from_workers): (Vec<_>, Vec<_>) = (0..threads.get())
                .map(|_| {
                    let (to_worker, pieces) = mpsc::sync_channel(AHEAD);
                    let (prints, from_worker) = mpsc::sync_channel(AHEAD);
                    scope.spawn(move || {
                        let mut analyser = Analyser::new();
                        // The printer has stopped.
                        pieces.iter().try_for_each(|piece| prints.send(self.annotate(piece, &mut analyser)).ok())
                    });
                    (to_worker, from_worker)
                })
                .unzip();
            scope.spawn(move || {
                let mut turn = to_workers.iter().cycle();
                self.unpack(paths, &mut |piece| match turn.next() {
                    Some(worker) if worker.send(piece).is_ok() => ControlFlow::Continue(()),
                    Some(_) | None => ControlFlow::Break(()),
                })
            });
            for worker in from_workers.iter().cycle() {
                match worker.recv() {
                    Ok(print) => printer.take(print)?,
                    Err(RecvError) => break,
                }
            }
            Ok(())
        })
    }

    fn unpack(&self, paths: &[PathBuf], give: &mut Sink) -> ControlFlow<()> {
        article::files(paths).try_for_each(|file| match file {
            Ok(file) => article::unpack(&file, &self.options, give),
            Err(skip) => give(Err(skip)),
        })
    }

    fn annotate(&self, piece: Result<Raw, Skip>, analyser: &mut Analyser) -> Result<Print, Skip> {
        let mut article = piece?.read(&self.options)?;
        let notes = std::mem::take(&mut article.warnings);
        let analysis = analyser.analyse_as(&article, self.options.depth.unwrap_or_default());
        let annotated = passage::annotated(article, &analysis);
        let place = Place { path: annotated.article.path.clone(), record: annotated.article.record.clone() };
        let notes = notes.iter().map(|note| format!("note: {place}: {note}")).collect();
        let mut printed = Vec::with_capacity(2 * annotated.text.len());
        // Writing to memory cannot fail.
        let _: io::Result<()> = match self.format {
            Format::Jsonl => present::jsonl::line(&mut printed, &annotated),
            Format::Text => present::marked::article(&mut printed, self.look, &annotated),
        };
        Ok(Print { printed, notes })
    }
}

/// An article as it is printed, and what its reader wants the user to know.
struct Print {
    printed: Vec<u8>,
    notes: Vec<String>,
}

struct Printer<'g> {
    out: BufWriter<StdoutLock<'static>>,
    outcome: Outcome,
    global: &'g Global,
}

impl Printer<'_> {
    fn take(&mut self, print: Result<Print, Skip>) -> io::Result<()> {
        match print {
            Ok(Print { printed, notes }) => {
                self.out.write_all(&printed)?;
                for note in &notes {
                    output::say(note, self.global);
                }
            }
            Err(skip) => {
                self.outcome = Outcome::SomeSkipped;
                output::say(&format!("skipped {skip}"), self.global);
            }
        }
        Ok(())
    }
}

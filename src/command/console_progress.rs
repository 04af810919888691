//! How an ingest goes, on standard error and in the file that `--report` names.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Global, output};
use crate::ingest::{self, Progress, Summary};
use crate::present;
use crate::present::harmless::message;
use crate::present::phrase::count;

/// The most notes that are printed without `-v`; what a reader guessed or mended is also in `--report`.
const NOTES: usize = 20;

/// Prints how an ingest goes: a line that moves while it lasts, and a line for each input left out.
pub(super) struct ConsoleProgress {
    bar: ProgressBar,
    quiet: bool,
    /// Notes that are still printed; the rest is counted.
    notes_left: usize,
    notes_left_out: u64,
    /// Whether every input is listed on standard output.
    pub(super) lists: bool,
    pub(super) report: Option<Report>,
    messages: Messages,
}

/// The file that `--report` names.
pub(super) struct Report {
    path: PathBuf,
    out: BufWriter<File>,
    /// The first error in writing it; what follows is lost.
    written: io::Result<()>,
}

impl Report {
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write the report `{}`", path.display()))?;
        Ok(Report { path: path.to_owned(), out: BufWriter::new(file), written: Ok(()) })
    }

    fn add(&mut self, input: &ingest::Input) {
        if self.written.is_ok() {
            self.written = present::report::json(&mut self.out, input);
        }
    }

    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        let written = self.written.and_then(|()| self.out.flush());
        written.with_context(|| format!("cannot write the report `{}`", self.path.display()))
    }
}

/// Whether messages are printed at once or held until they are asked for.
pub(super) enum Messages {
    Printed,
    Held(Vec<String>),
}

impl ConsoleProgress {
    pub(super) fn new(global: &Global, messages: Messages) -> Self {
        let bar = if global.quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise}  {msg}") {
            bar.set_style(style);
        }
        let notes_left = if global.verbose > 0 { usize::MAX } else { NOTES };
        ConsoleProgress {
            bar,
            quiet: global.quiet,
            notes_left,
            notes_left_out: 0,
            lists: false,
            report: None,
            messages,
        }
    }

    fn print(&mut self, line: String) {
        match &mut self.messages {
            Messages::Printed if self.quiet => {}
            Messages::Printed => self.bar.suspend(|| anstream::eprintln!("{}", message(&line))),
            Messages::Held(lines) => lines.push(line),
        }
    }

    fn note(&mut self, line: String) {
        if self.notes_left > 0 {
            self.notes_left -= 1;
            self.print(line);
        } else {
            self.notes_left_out += 1;
        }
    }

    /// Ends the moving line, and says how many notes were left out.
    pub(super) fn close(&mut self) {
        self.bar.finish_and_clear();
        if self.notes_left_out > 0 {
            self.print(format!("and {}; -v tells them all", count(self.notes_left_out, "more note")));
        }
    }

    /// Prints the messages that were held.
    pub(super) fn print_held(&mut self) {
        if let Messages::Held(lines) = std::mem::replace(&mut self.messages, Messages::Printed) {
            for line in lines {
                self.print(line);
            }
        }
    }
}

impl Progress for ConsoleProgress {
    fn update(&mut self, summary: &Summary) {
        self.bar.set_message(present::summary::progress(summary, self.bar.elapsed()));
        self.bar.tick();
    }

    fn record(&mut self, input: &ingest::Input) {
        if let Some(report) = &mut self.report {
            report.add(input);
        }
        if self.lists {
            // Standard error may be closed; the run goes on for the report.
            let _: io::Result<()> =
                self.bar.suspend(|| present::report::text(&mut io::stdout().lock(), output::look(), input));
            return;
        }
        let place = &input.place;
        match &input.outcome {
            ingest::Outcome::Skipped(reason) => self.print(format!("skipped {place}: {reason}")),
            ingest::Outcome::Repeated(why) => self.note(format!("note: {place}: left out, as {why}")),
            ingest::Outcome::Removed => self.note(format!("note: {place}: left out, as it was removed for good")),
            ingest::Outcome::Added
            | ingest::Outcome::Replaced
            | ingest::Outcome::Reanalysed
            | ingest::Outcome::Unchanged => {}
        }
        for warning in &input.warnings {
            self.note(format!("note: {place}: {warning}"));
        }
    }
}

//! The commands: arguments as typed, checked and handed to the rooms that do the work. The only wiring there is.

pub mod annotate;
mod output;

use std::io;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Search what the press put on record: every quote, every mention.
#[derive(Debug, Parser)]
#[command(name = "onrecord", version, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Say nothing but what was asked for, and errors
    #[arg(long, short, global = true, env = "ONRECORD_QUIET")]
    pub quiet: bool,
}

/// What onrecord can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what the analysis sees in articles, without an index
    Annotate(annotate::Annotate),
}

/// How a command ended, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All of it was done.
    Done,
    /// The query has no hits.
    NoHits,
    /// It was done, but some of the input could not be read.
    SomeSkipped,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => ExitCode::SUCCESS,
            Outcome::NoHits => ExitCode::from(1),
            Outcome::SomeSkipped => ExitCode::from(3),
        }
    }
}

/// True if nobody reads what we write any more, as in `onrecord query … | head`: that is no failure.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(io::ErrorKind::BrokenPipe))
    })
}

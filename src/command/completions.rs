//! `onrecord completions`: a script that completes commands and flags in a shell.

use std::io::{self, Write as _};

use clap::Args;
use clap_complete::Shell;

use super::{Outcome, help};

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell to write for
    shell: Shell,
}

/// Prints the script.
pub fn run(args: &Completions) -> anyhow::Result<Outcome> {
    // The generator panics on a closed pipe, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(), "onrecord", &mut script);
    io::stdout().write_all(&script)?;
    Ok(Outcome::Done)
}

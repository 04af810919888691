//! The command line of onrecord: arguments in, one command run, an exit code out.

use std::process::ExitCode;

use clap::Parser as _;
use onrecord::command::{Cli, Command, Outcome, annotate, is_closed_pipe};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(outcome) => outcome.into(),
        Err(error) if is_closed_pipe(&error) => Outcome::Done.into(),
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Outcome> {
    match cli.command {
        Command::Annotate(args) => annotate::run(&args, &cli.global),
    }
}

//! The command line of onrecord: arguments in, one command run, an exit code out.

use std::panic;
use std::process::ExitCode;

use mimalloc::MiMalloc;
use onrecord::command::{self, Cli, Command, Outcome};
use onrecord::language;
use onrecord::present::harmless::message;
use onrecord::user::UserFiles;

/// Analysis makes and drops many small vectors on several threads: an ingest takes a twelfth less time than with the
/// allocator of the C library.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    // What the panic was about is on standard error by then.
    let Ok(ended) = panic::catch_unwind(|| Cli::read().and_then(run)) else {
        anstream::eprintln!(
            "error: this is a bug in onrecord, unless the index is damaged: `onrecord verify` checks it"
        );
        return ExitCode::from(2);
    };
    match ended {
        Ok(outcome) => outcome.into(),
        Err(error) if command::is_closed_pipe(&error) => Outcome::Done.into(),
        Err(error) => {
            anstream::eprintln!("{}", message(&format!("error: {error:#}")));
            ExitCode::from(2)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let Cli { command, global } = cli;
    global.prepare();
    if let Some(name) = command.needs_folder() {
        global.only_here(name)?;
    }
    language::add(UserFiles::of(&global.index).languages()?);
    match command {
        Command::Ingest(args) => command::ingest::run(&args, &global),
        Command::Query(args) => command::query::run(&args, &global),
        Command::Facets(args) => command::facets::run(&args, &global),
        Command::Timeline(args) => command::timeline::run(&args, &global),
        Command::Network(args) => command::network::run(&args, &global),
        Command::Sample(args) => command::sample::run(&args, &global),
        Command::Check(args) => command::check::run(&args, &global),
        Command::Compare(args) => command::compare::run(&args, &global),
        Command::Rerun(args) => command::rerun::run(&args, &global),
        Command::Saved(args) => command::saved::run(&args, &global),
        Command::Serve(args) => command::serve::run(&args, &global),
        #[cfg(feature = "mcp")]
        Command::Mcp(args) => command::mcp::run(&args, &global),
        Command::Show(args) => command::show::run(&args, &global),
        Command::Versions(args) => command::versions::run(&args, &global),
        Command::Tag(args) => command::tag::tag(&args, &global),
        Command::Note(args) => command::tag::note(&args, &global),
        Command::Correct(args) => command::correct::run(&args, &global),
        Command::Status(args) => command::status::run(&args, &global),
        Command::Verify(args) => command::verify::run(&args, &global),
        Command::Remove(args) => command::remove::run(&args, &global),
        Command::Compact => command::compact::run(&global),
        Command::Annotate(args) => command::annotate::run(&args, &global),
        Command::Completions(args) => command::completions::run(&args),
        Command::Train(args) => command::train::run(&args, &global),
        Command::Man(args) => command::man::run(&args, &global),
    }
}

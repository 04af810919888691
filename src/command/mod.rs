//! The commands: arguments are checked here and handed to the rooms that do the work.

pub mod annotate;
pub mod check;
pub mod compact;
pub mod compare;
pub mod completions;
pub mod correct;
pub mod facets;
pub mod ingest;
pub mod man;
#[cfg(feature = "mcp")]
pub mod mcp;
pub mod network;
pub mod query;
pub mod remove;
pub mod rerun;
pub mod sample;
pub mod saved;
pub mod serve;
pub mod show;
pub mod status;
pub mod tag;
pub mod timeline;
pub mod train;
pub mod verify;
pub mod versions;

mod console_progress;
mod help;
mod output;
mod reading;
mod remote;
mod search_args;
mod search_manifest;
mod settings;
mod vocabulary;
mod watch;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

use anyhow::bail;
use clap::{ArgAction, Args, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

use remote::Remote;
use settings::Settings;

/// The version, and the hash of the models and word lists that are compiled in.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (models ", env!("ONRECORD_ANALYSIS_DATA"), ")");

/// Search what the press put on record: every quote, every mention
#[derive(Debug, Parser)]
#[command(name = "onrecord", version = VERSION, max_term_width = 100)]
pub struct Cli {
    /// The command.
    #[command(subcommand)]
    pub command: Command,
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add files and folders to the index, or update it
    Ingest(ingest::Ingest),
    /// Search for quotations, passages or articles
    Query(query::Query),
    /// Count the values of a field
    Facets(facets::Facets),
    /// Count hits over time
    Timeline(timeline::TimelineArgs),
    /// Show who talks about whom
    Network(network::Network),
    /// Draw random hits to judge by hand, and read the judgements back
    Sample(sample::Sample),
    /// Check whether somebody said something: the nearest quotations, word by word
    Check(check::Check),
    /// Compare two outlets, or any two filters: shares, what both printed, what only one did
    Compare(compare::Compare),
    /// Repeat a saved search and show what is new and gone since
    Rerun(rerun::Rerun),
    /// Keep searches beside the index, and see what is new in them
    Saved(saved::SavedArgs),
    /// Serve the index as a web page and an API
    Serve(serve::Serve),
    /// Answer an assistant over standard input and output (Model Context Protocol)
    #[cfg(feature = "mcp")]
    Mcp(mcp::Mcp),
    /// Print one article with its quotations and names marked
    Show(show::Show),
    /// Show what an outlet changed of an article, and when that was noticed
    Versions(versions::Versions),
    /// Attach tags to an article or a quotation, for `tag:`
    Tag(tag::Tag),
    /// Attach a note to an article or a quotation
    Note(tag::Note),
    /// Overrule who said a quotation
    Correct(correct::Correct),
    /// Show what the index holds
    Status(status::StatusArgs),
    /// Check the index and its sources
    Verify(verify::Verify),
    /// Remove articles for good, from every file of the index
    Remove(remove::Remove),
    /// Rewrite files that still hold something of dropped articles
    Compact,
    /// Print quotations and names found in articles, without an index
    Annotate(annotate::Annotate),
    /// Print shell completions
    Completions(completions::Completions),
    /// Train the models on annotated articles
    Train(train::Train),
    /// Print the manual pages or write them to a folder
    Man(man::ManArgs),
}

impl Command {
    /// The name of a command that needs an index on this machine.
    pub fn needs_folder(&self) -> Option<&'static str> {
        match self {
            Command::Verify(_) => Some("verify"),
            Command::Compact => Some("compact"),
            Command::Ingest(_)
            | Command::Query(_)
            | Command::Facets(_)
            | Command::Timeline(_)
            | Command::Check(_)
            | Command::Saved(_)
            | Command::Serve(_)
            | Command::Network(_)
            | Command::Sample(_)
            | Command::Compare(_)
            | Command::Rerun(_)
            | Command::Tag(_)
            | Command::Versions(_)
            | Command::Note(_)
            | Command::Correct(_)
            | Command::Show(_)
            | Command::Status(_)
            | Command::Remove(_)
            | Command::Annotate(_)
            | Command::Completions(_)
            | Command::Train(_)
            | Command::Man(_) => None,
            #[cfg(feature = "mcp")]
            Command::Mcp(_) => None,
        }
    }
}

/// Heading of the flags of every command.
const HEADING: &str = "Global options";

/// Flags of every command.
#[derive(Debug, Args)]
pub struct Global {
    /// Folder of the index
    #[arg(long, global = true, help_heading = HEADING, value_name = "DIR", default_value = "index", env = "ONRECORD_INDEX")]
    pub index: PathBuf,
    /// Use the index in a cluster of OpenSearch or Elasticsearch instead: `http://HOST:9200/NAME`
    #[arg(long, global = true, help_heading = HEADING, value_name = "URL", env = "ONRECORD_ENGINE", hide_env_values = true)]
    pub engine: Option<String>,
    /// Print only results and errors
    #[arg(long, short, global = true, help_heading = HEADING, env = "ONRECORD_QUIET", value_parser = clap::builder::FalseyValueParser::new())]
    pub quiet: bool,
    /// More detail (-vv: debug)
    #[arg(long, short, global = true, help_heading = HEADING, action = ArgAction::Count, env = "ONRECORD_VERBOSE")]
    pub verbose: u8,
    /// When to use colours
    #[arg(long, global = true, help_heading = HEADING, value_enum, default_value_t, value_name = "WHEN", env = "ONRECORD_COLOR")]
    pub color: Color,
    /// The cluster that `--engine` names, since it was opened.
    #[arg(skip)]
    opened: OnceLock<Remote>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always, for instance to page through with `less -R`
    Always,
    /// Never
    Never,
}

/// How a command ended, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Nothing was found, or nothing new.
    NoHits,
    /// Done, but some inputs were skipped.
    SomeSkipped,
}

impl Cli {
    /// The arguments of this process, over the variables of its environment, over the settings in files.
    ///
    /// Asked for help, or misused, it prints and ends the process.
    pub fn read() -> anyhow::Result<Self> {
        let settings = Settings::read()?;
        let parsed = settings.laid_under(help::command())?.try_get_matches_from(arguments());
        let parsed = parsed.and_then(|matches| Cli::from_arg_matches(&matches));
        match parsed {
            Ok(cli) => Ok(cli),
            // Clap cannot tell settings from arguments. If the arguments alone are valid, a setting is wrong.
            Err(error) if Cli::try_parse_from(arguments()).is_ok() => {
                let told = error.to_string();
                let told = told.lines().next().unwrap_or_default().trim_start_matches("error: ");
                bail!("cannot use the settings in {settings}: {told}")
            }
            Err(error) => error.exit(),
        }
    }
}

/// The arguments of this process. Parts of a query that are excluded, such as `-outlet:*`, get a space before them: they
/// are no flags.
fn arguments() -> Vec<OsString> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let searches =
        |argument: &OsString| ["query", "facets", "timeline", "compare", "network"].iter().any(|name| argument == name);
    let first = arguments.iter().position(searches).unwrap_or(arguments.len());
    let escaped = |(number, argument): (usize, OsString)| match argument.to_str() {
        Some(text) if number > first && is_excluded_part(text) => format!(" {text}").into(),
        _ => argument,
    };
    arguments.into_iter().enumerate().map(escaped).collect()
}

/// True for `-war` and `-outlet:*`, but for no flags of one letter: `-n5`, `-qv`.
fn is_excluded_part(argument: &str) -> bool {
    let Some(part) = argument.strip_prefix('-') else { return false };
    let flags = part.chars().all(|c| c.is_ascii_digit() || matches!(c, 'n' | 'q' | 'v' | 'h' | 'V'));
    part.len() > 1 && part.starts_with(|c: char| c.is_alphanumeric() || c == '(' || c == '"') && !flags
}

impl Global {
    /// Sets up colours and messages.
    pub fn prepare(&self) {
        match self.color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        let level = match (self.quiet, self.verbose) {
            (true, _) => LevelFilter::ERROR,
            (false, 0) => LevelFilter::WARN,
            (false, 1) => LevelFilter::INFO,
            (false, 2) => LevelFilter::DEBUG,
            (false, 3..) => LevelFilter::TRACE,
        };
        tracing_subscriber::fmt()
            // What these libraries find wrong is in our own messages.
            .with_env_filter(EnvFilter::new(format!("{level},lopdf=off,rmcp=off,tantivy=error")))
            .with_writer(io::stderr)
            .with_ansi(anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never)
            .without_time()
            .with_target(false)
            .init();
    }
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

/// True if the reader of our output has gone, as in `onrecord query … | head`. That is not a failure.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let kind = |cause: &(dyn std::error::Error + 'static)| {
        let json = || cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        cause.downcast_ref::<io::Error>().map(io::Error::kind).or_else(json)
    };
    error.chain().any(|cause| kind(cause) == Some(io::ErrorKind::BrokenPipe))
}

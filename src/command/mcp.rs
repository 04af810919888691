//! `onrecord mcp`: the searches for an assistant.

use std::path::PathBuf;

use clap::Args;

use super::serve::Place;
use super::{Global, Outcome};
use crate::server;

/// Arguments of `mcp`.
#[derive(Debug, Args)]
pub struct Mcp {
    /// Where `onrecord serve` shows the same index; permalinks lead there
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", env = "ONRECORD_PAGE")]
    page: String,
    /// A file of synonyms of your own [default: user/synonyms.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_SYNONYMS")]
    synonyms: Option<PathBuf>,
    /// A file of names to merge or keep apart [default: user/aliases.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_ALIASES")]
    aliases: Option<PathBuf>,
}

/// Answers until standard input ends.
pub fn run(args: &Mcp, global: &Global) -> anyhow::Result<Outcome> {
    let source = Place {
        index: global.index.clone(),
        remote: global.remote()?,
        corpus: Vec::new(),
        analysis: None,
        synonyms: args.synonyms.clone(),
        aliases: args.aliases.clone(),
    };
    server::serve_assistant(Box::new(source), &args.page)?;
    Ok(Outcome::Done)
}

//! `onrecord versions`: what an outlet changed of an article, and when that was noticed.

use std::io::{self, BufWriter, Write as _};

use clap::{Args, ValueEnum};

use super::{Global, Outcome, output, vocabulary};
use crate::answers;
use crate::index::versions;
use crate::present;

/// Arguments of `versions`.
#[derive(Debug, Args)]
pub struct Versions {
    /// The article: id, link, path or title, or a part that only it has
    article: String,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How the changes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, differences marked word by word
    Text,
    /// One JSON object, with the whole text of each version
    Json,
}

/// Prints the changes; an article without any is the outcome of a search without hits.
pub fn run(args: &Versions, global: &Global) -> anyhow::Result<Outcome> {
    let (engine, _) = vocabulary::open(global, None, None)?;
    let article = engine.article(&args.article)?;
    let kept = versions::Versions::among(global.user_files(global.remote()?.as_ref()));
    let versions = kept.of_article(&article.article.id)?;
    if versions.is_empty() {
        let how = if kept.are_kept()? { "" } else { "; `onrecord ingest --keep-versions` keeps them from now on" };
        output::say(&format!("no earlier text of `{}` is kept{how}", article.article.id), global);
        return Ok(Outcome::NoHits);
    }
    let history = answers::history(article, versions);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => present::versions::history(&mut out, output::look(), &history)?,
        Format::Json => present::json::document(&mut out, &history)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

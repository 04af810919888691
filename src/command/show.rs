//! `onrecord show`: one article with everything found in it.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::{Global, Outcome, output, vocabulary};
use crate::answers;
use crate::present;
use crate::present::html::report::{self, About};
use crate::search::Deadline;

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The article: id, link, path or title, or a part that only it has
    #[arg(required_unless_present = "entity")]
    article: Option<String>,
    /// Show a person, organization or place instead
    #[arg(long, value_name = "NAME", conflicts_with = "article")]
    entity: Option<String>,
    /// Names to merge or keep apart [default: user/aliases.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_ALIASES")]
    aliases: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How an article is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Readable text, with quotations and names marked
    Text,
    /// One JSON object, as from `annotate`
    Json,
    /// One file for a browser, to keep or to mail
    Html,
    /// W3C Web Annotations (JSON-LD)
    Annotations,
}

/// Prints the article, or who somebody is.
pub fn run(args: &Show, global: &Global) -> anyhow::Result<Outcome> {
    let (engine, _) = vocabulary::open(global, None, args.aliases.as_deref())?;
    let mut out = BufWriter::new(io::stdout().lock());
    let about = About::thing(engine.info(), jiff::Zoned::now().date());
    if let Some(name) = &args.entity {
        let Some(profile) = answers::profile(engine.as_ref(), None, name, &Deadline::none())? else {
            bail!("no person, organization or place matches `{name}`");
        };
        match args.format {
            Format::Text => present::entity::profile(&mut out, output::look(), &profile)?,
            Format::Annotations => bail!("`--format annotations` needs an article"),
            Format::Json => present::json::document(&mut out, &profile)?,
            Format::Html => report::profile(&mut out, &about, &profile)?,
        }
    } else if let Some(name) = &args.article {
        let article = engine.article(name)?;
        match args.format {
            Format::Text => present::marked::article(&mut out, output::look(), &article)?,
            Format::Json => present::json::document(&mut out, &article)?,
            Format::Html => report::article(&mut out, &about, &article)?,
            Format::Annotations => present::json::document(&mut out, &present::annotations::page(&article))?,
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

//! `onrecord show`: one article with everything found in it.

use std::io::{self, BufWriter, Write as _};

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::{Global, Outcome, output};
use crate::index::{Index, Lookup};
use crate::present;
use crate::search::Annotated;

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The article: its id, address or file, or a part of these or of its title that no other has
    article: String,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How an article is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with quotations and names marked
    Text,
    /// One JSON object, as from `annotate`
    Json,
}

/// Prints the article.
pub fn run(args: &Show, global: &Global) -> anyhow::Result<Outcome> {
    let article = article(&Index::open(&global.index)?, &args.article)?;
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => present::marked::article(&mut out, output::look(), &article)?,
        Format::Json => present::json::document(&mut out, &article)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn article(index: &Index, name: &str) -> anyhow::Result<Annotated> {
    match index.lookup(name)? {
        Lookup::Found(document) => Ok(index.article(document)?),
        Lookup::Nothing => bail!("no article is called `{name}`; the hits of `onrecord query` name theirs"),
        Lookup::Several(fitting, some) => {
            bail!("{fitting} articles fit `{name}`; say more of one of these:\n  {}", some.join("\n  "))
        }
    }
}

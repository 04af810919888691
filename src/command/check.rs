//! `onrecord check`: did anybody say that?

use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};

use super::{Global, Outcome, output, vocabulary};
use crate::answers::{self, Claim};
use crate::language::english;
use crate::present;
use crate::search::Request;

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The words that were said; `-` reads them from standard input
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Who is meant to have said them
    #[arg(long, value_name = "NAME")]
    speaker: Option<String>,
    /// How many quotations to print
    #[arg(short, long = "limit", value_name = "N", default_value_t = 3)]
    n: u16,
    /// A file of names to merge or keep apart [default: user/aliases.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_ALIASES")]
    aliases: Option<PathBuf>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How the answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, differences marked word by word
    Text,
    /// One JSON object
    Json,
}

/// Bytes of a claim that are read from standard input, at most.
const LONGEST: u64 = 1 << 16;

/// Checks and prints. Not as pasted is the outcome of a search without hits.
pub fn run(args: &Check, global: &Global) -> anyhow::Result<Outcome> {
    let words = if args.words.iter().map(String::as_str).eq(["-"]) {
        io::read_to_string(io::stdin().lock().take(LONGEST)).context("cannot read the words from standard input")?
    } else {
        args.words.join(" ")
    };
    if !words.contains(char::is_alphanumeric) {
        bail!("no words to check");
    }
    let small = &english().queries.small;
    if words.split_whitespace().all(|word| small.contains(word.to_lowercase().as_str())) {
        output::say("warning: these words are in nearly every text; give more of them", global);
    }
    let (engine, _) = vocabulary::open(global, None, args.aliases.as_deref())?;
    let claim = Claim { words: words.trim().to_owned(), speaker: args.speaker.clone(), limit: usize::from(args.n) };
    let request = Request { today: jiff::Zoned::now().date(), ..Request::default() };
    let answer = answers::check(engine.as_ref(), &claim, &request)?;
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Text => present::check::answer(&mut out, output::look(), &answer)?,
        Format::Json => present::json::document(&mut out, &answer)?,
    }
    out.flush()?;
    Ok(if answer.as_pasted { Outcome::Done } else { Outcome::NoHits })
}

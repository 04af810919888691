//! `onrecord train`: models from annotated articles.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{Global, Outcome};
use crate::quote::{self, Annotated, Report};

/// Arguments of `train`.
#[derive(Debug, Args)]
pub struct Train {
    /// What to train.
    #[command(subcommand)]
    what: What,
}

/// What can be trained.
#[derive(Debug, Subcommand)]
enum What {
    /// Train what finds quotations, from articles whose attributions are marked
    Quotes(Quotes),
}

/// Arguments of `train quotes`.
#[derive(Debug, Args)]
struct Quotes {
    /// Annotated articles, a JSON object a line (see docs/quotations.md); may be gzipped
    #[arg(long, value_name = "FILE", required = true)]
    data: Vec<PathBuf>,
    /// Annotated articles to measure by, in the same format
    #[arg(long, value_name = "FILE")]
    dev: Option<PathBuf>,
    /// Where to write the models
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Trains, measures, and writes the models.
pub fn run(args: &Train, global: &Global) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Quotes(quotes) => train_quotes(quotes, global),
    }
}

fn train_quotes(args: &Quotes, global: &Global) -> anyhow::Result<Outcome> {
    let mut articles = Vec::new();
    for path in &args.data {
        articles.extend(read(path)?);
    }
    let start = Instant::now();
    let say = |what: &str| {
        if !global.quiet {
            anstream::eprintln!("{:5.0} s  {what}", start.elapsed().as_secs_f32());
        }
    };
    say(&format!("{} annotated articles", articles.len()));
    let (models, report) = quote::train(&articles, &say).context("cannot train")?;
    tell("across the parts of the data", &report);
    if let Some(path) = &args.dev {
        tell(&path.display().to_string(), &quote::evaluate(&models, &read(path)?));
    }
    let bytes = models.to_bytes();
    fs::write(&args.out, &bytes).with_context(|| format!("cannot write `{}`", args.out.display()))?;
    say(&format!("{} bytes written to {}", bytes.len(), args.out.display()));
    Ok(Outcome::Done)
}

fn tell(what: &str, report: &Report) {
    let score = report.score;
    let percent = |share: f32| 100.0 * share;
    anstream::println!(
        "{what}: cues {:.1}, contents {:.1}, triples {:.1}, quoted words with their source {:.1} (F1); calibration error {:.3}",
        percent(score.cue_f1()),
        percent(score.content_f1()),
        percent(score.triple_f1()),
        percent(score.direct_f1()),
        report.calibration_error,
    );
}

fn read(path: &Path) -> anyhow::Result<Vec<Annotated>> {
    let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text)
    } else {
        (&bytes[..]).read_to_string(&mut text)
    }
    .with_context(|| format!("cannot read `{}` as text", path.display()))?;
    Annotated::read_lines(&text).with_context(|| format!("cannot read `{}`", path.display()))
}

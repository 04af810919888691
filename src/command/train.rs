//! `onrecord train`: models from annotated articles.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{Global, Outcome};
use crate::encoder::ReadingModel;
use crate::entity;
use crate::quote::{self, AnnotatedArticle, Report, Trained};

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
    /// Write annotated articles word by word, for `models/teach`
    Examples(Examples),
    /// Train what finds people, organisations and places, from articles whose names are marked
    Entities(Entities),
    /// Train what finds names in other languages, from articles whose names are marked
    Names(Names),
}

/// Arguments of `train names`.
#[derive(Debug, Args)]
struct Names {
    /// Annotated articles, a JSON object a line (see docs/languages.md); may be gzipped
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    data: Vec<PathBuf>,
    /// English articles in the columns of CoNLL-2003, for the languages that share its letters; may be gzipped
    #[arg(long, value_name = "FILE")]
    conll: Option<PathBuf>,
    /// Features that are kept of each script
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    keep: usize,
    /// Where to write the models
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Arguments of `train quotes`.
#[derive(Debug, Args)]
struct Quotes {
    /// Annotated articles: a JSON object a line, or marked in the text where the name ends in `.txt` (see
    /// docs/quotations.md); may be gzipped
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    data: Vec<PathBuf>,
    /// Annotated articles to measure by, in the same formats
    #[arg(long, value_name = "FILE", num_args = 1..)]
    dev: Vec<PathBuf>,
    /// The encoder that `models/teach` made, to learn how careful reading joins it and the models
    #[arg(long, value_name = "FILE", requires = "careful")]
    encoder: Option<PathBuf>,
    /// Where to write what joins them
    #[arg(long, value_name = "FILE", requires = "encoder")]
    careful: Option<PathBuf>,
    /// Where to write the models
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Arguments of `train examples`.
#[derive(Debug, Args)]
struct Examples {
    /// Annotated articles, as for `train quotes`
    #[arg(value_name = "FILE", required = true, num_args = 1..)]
    data: Vec<PathBuf>,
}

/// Arguments of `train entities`.
#[derive(Debug, Args)]
struct Entities {
    /// Articles marked by hand, in the columns of CoNLL-2003; may be gzipped
    #[arg(long, value_name = "FILE", required = true)]
    conll: Vec<PathBuf>,
    /// Articles with automatic tags, a JSON object a line (see docs/entities.md); may be gzipped
    #[arg(long, value_name = "FILE")]
    silver: Vec<PathBuf>,
    /// Plain news to learn which words occur together: text or SGML; may be gzipped
    #[arg(long, value_name = "FILE", num_args = 1..)]
    texts: Vec<PathBuf>,
    /// Articles to measure by, in the columns of CoNLL-2003
    #[arg(long, value_name = "FILE")]
    dev: Option<PathBuf>,
    /// Times that every article is looked at
    #[arg(long, value_name = "N", default_value_t = entity::TrainOptions::default().epochs)]
    epochs: usize,
    /// Where to write the model
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Trains, measures, and writes the models.
pub fn run(args: &Train, global: &Global) -> anyhow::Result<Outcome> {
    match &args.what {
        What::Quotes(quotes) => train_quotes(quotes, global),
        What::Examples(examples) => write_examples(examples),
        What::Entities(entities) => train_entities(entities, global),
        What::Names(names) => train_names(names, global),
    }
}

fn train_names(args: &Names, global: &Global) -> anyhow::Result<Outcome> {
    let mut articles = Vec::new();
    for path in &args.data {
        for line in text_of(path)?.lines() {
            let article = entity::LabelledArticle::read(line);
            articles.push(article.with_context(|| format!("cannot read `{}`", path.display()))?);
        }
    }
    if let Some(path) = &args.conll {
        articles.extend(entity::from_conll(&text_of(path)?).into_iter().map(entity::LabelledArticle::from_english));
    }
    let bytes = entity::train_names(&articles, args.keep, |script, step| {
        if !global.quiet {
            anstream::eprintln!("{script}: epoch {} of {}: loss {:.4} a token", step.done, step.of, step.loss);
        }
    })
    .context("cannot train")?;
    let bytes = zstd::encode_all(bytes.as_slice(), 19).context("cannot compress the model")?;
    fs::write(&args.out, &bytes).with_context(|| format!("cannot write `{}`", args.out.display()))?;
    Ok(Outcome::Done)
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
    let encoder = args.encoder.as_ref().map(|path| {
        let bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        ReadingModel::from_bytes(&bytes).with_context(|| format!("cannot read `{}`", path.display()))
    });
    let encoder = encoder.transpose()?;
    let Trained { models, report, careful } =
        quote::train(&articles, encoder.as_ref(), &say).context("cannot train")?;
    tell("across the parts of the data", &report);
    if let Some(((careful, report), path)) = careful.as_ref().zip(args.careful.as_ref()) {
        tell("read carefully, the part apart", report);
        fs::write(path, careful.to_bytes()).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    for path in &args.dev {
        let dev = read(path)?;
        tell(&path.display().to_string(), &quote::evaluate(&models, None, &dev));
        if let Some(both) = encoder.as_ref().zip(careful.as_ref().map(|(careful, _)| careful)) {
            tell("read carefully", &quote::evaluate(&models, Some(both), &dev));
        }
        for (step, report) in quote::what_steps_add(&models, &dev) {
            tell(&format!("without {step}"), &report);
        }
    }
    let bytes = models.to_bytes();
    fs::write(&args.out, &bytes).with_context(|| format!("cannot write `{}`", args.out.display()))?;
    say(&format!("{} bytes written to {}", bytes.len(), args.out.display()));
    Ok(Outcome::Done)
}

fn write_examples(args: &Examples) -> anyhow::Result<Outcome> {
    let mut articles = Vec::new();
    for path in &args.data {
        articles.extend(read(path)?);
    }
    for example in quote::examples(&articles) {
        anstream::println!("{}", serde_json::to_string(&example)?);
    }
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

fn train_entities(args: &Entities, global: &Global) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let say = |what: &str| {
        if !global.quiet {
            anstream::eprintln!("{:5.0} s  {what}", start.elapsed().as_secs_f32());
        }
    };
    let mut articles = Vec::new();
    for path in &args.conll {
        articles.extend(entity::from_conll(&text_of(path)?));
    }
    for path in &args.silver {
        for line in text_of(path)?.lines() {
            let article = entity::from_silver(line).with_context(|| format!("cannot read `{}`", path.display()))?;
            articles.extend(article);
        }
    }
    let mut unannotated = Vec::new();
    for path in &args.texts {
        unannotated.extend(bodies(text_of(path)?));
    }
    say(&format!("{} annotated articles, {} without marks", articles.len(), unannotated.len()));
    let options = entity::TrainOptions { epochs: args.epochs, ..entity::TrainOptions::default() };
    let bytes = entity::train_recogniser(&articles, &unannotated, options, |progress| {
        say(&format!("epoch {} of {}: loss {:.4} a token", progress.done, progress.of, progress.loss));
    })
    .context("cannot train")?;
    if let Some(path) = &args.dev {
        let recogniser =
            entity::Recogniser::from_bytes(bytes.clone().into()).context("the model just made is broken")?;
        let score = entity::evaluate(&recogniser, &entity::from_conll(&text_of(path)?));
        anstream::println!(
            "{}: precision {:.2}, recall {:.2}, F1 {:.2} (whole names of the right kind)",
            path.display(),
            100.0 * score.precision(),
            100.0 * score.recall(),
            100.0 * score.f1(),
        );
    }
    fs::write(&args.out, &bytes).with_context(|| format!("cannot write `{}`", args.out.display()))?;
    say(&format!("{} bytes written to {}", bytes.len(), args.out.display()));
    Ok(Outcome::Done)
}

/// The stories of an SGML file as Reuters wrote them in 1987, a paragraph an indented line; any other text as it is.
fn bodies(text: String) -> Vec<String> {
    if !text.contains("<BODY>") {
        return vec![text];
    }
    let body = |story: &str| story.split("</BODY>").next().map(str::to_owned);
    let plain = |story: String| story.replace("&lt;", "<").replace("&amp;", "&").replace("\n    ", "\n\n    ");
    text.split("<BODY>").skip(1).filter_map(body).map(plain).collect()
}

fn read(path: &Path) -> anyhow::Result<Vec<AnnotatedArticle>> {
    let is_marked = path.extension().is_some_and(|ending| ending == "txt");
    let read = if is_marked { AnnotatedArticle::read_marked } else { AnnotatedArticle::read_lines };
    read(&text_of(path)?).with_context(|| format!("cannot read `{}`", path.display()))
}

/// The text of a file, unpacked; invalid UTF-8 is replaced.
fn text_of(path: &Path) -> anyhow::Result<String> {
    let mut bytes = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        flate2::read::MultiGzDecoder::new(&bytes[..])
            .read_to_end(&mut unpacked)
            .with_context(|| format!("cannot unpack `{}`", path.display()))?;
        bytes = unpacked;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

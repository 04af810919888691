//! Trains the whole pipeline from annotated articles.
//!
//! Each step learns from what the steps before it make of articles that they have not seen: the articles are dealt into
//! [`FOLDS`] parts, and each part is read by models trained on the others. What is kept in the end is trained on all.

use std::borrow::Cow;
use std::sync::Mutex;

use xxhash_rust::xxh3::xxh3_64;

use super::accept::{self, Acceptor};
use super::annotated_article::{AnnotatedArticle, GoldAttribution};
use super::confidence::Calibration;
use super::cue::{self, Cue};
use super::cue_features::{CueFeatures, RELATIVE};
use super::features::Features;
use super::frame::Frame;
use super::frame_tagger::{self, FrameModel, FrameTagger};
use super::models::{Careful, Learned, Models};
use super::score::{self, Score};
use super::steps::Steps;
use super::{LIKELY_CUE, Pipeline, accepted, continuation, corrected, frame_features, overlaps, structure};
use crate::encoder::ReadingModel;
use crate::entity::{Entities, EntityFinder};
use crate::tagger::{
    Classifier, Examples, IGNORED, Lexicon, Model, Progress, Templates, TokenView, TrainSettings, Trees, Words,
    train as fit,
};
use crate::text::Text;

mod careful;
mod examples;
mod lexicon;

pub use examples::{Example, examples};

/// Parts into which the articles are dealt.
const FOLDS: usize = 5;

/// Models that are averaged for the weights that are kept, and for those of a part.
const SEEDS: u32 = 8;
const SEEDS_OF_PART: u32 = 3;

/// The cue classifier. As many features are kept as 2¹⁵ buckets hold.
const CUE: TrainSettings =
    TrainSettings { chain: false, epochs: 7, rate: 0.05, l1: 1.0, l2: 0.5, least: 2, keep: 162_000, seeds: SEEDS };

/// The frame CRF. As many features are kept as 2¹⁵ buckets hold: with half of them, what the marked articles teach costs what
/// the others taught; reading takes no longer.
const FRAME: TrainSettings =
    TrainSettings { chain: true, epochs: 6, rate: 0.05, l1: 1.0, l2: 0.3, least: 3, keep: 162_000, seeds: SEEDS };

/// Why nothing could be trained.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TrainError {
    /// There is too little to learn from.
    #[error("{found} annotated articles are too few to train on: at least {FOLDS} with attributions are needed")]
    TooFew {
        /// Articles with attributions.
        found: usize,
    },
    /// The templates of this version do not fit its columns.
    #[error(transparent)]
    Template(#[from] crate::tagger::TemplateError),
    /// A model could not be read back.
    #[error(transparent)]
    Model(#[from] crate::tagger::ModelError),
}

/// How well the models do.
#[derive(Debug, Clone, Copy, Default)]
pub struct Report {
    /// Agreement with the annotation.
    pub score: Score,
    /// Expected calibration error of the confidence, in ten bins of equal width.
    pub calibration_error: f32,
}

/// What was trained, and how well models trained on four parts of the articles read the fifth.
#[derive(Debug)]
pub struct Trained {
    /// The fast models.
    pub models: Models,
    /// How well they do.
    pub report: Report,
    /// What joins them and an encoder, and how well both do together.
    pub careful: Option<(Careful, Report)>,
}

/// Trains on `articles`, and what joins the models and an `encoder` that has not seen the articles kept apart; `say` receives progress messages. The same articles give the same models.
pub fn train(
    articles: &[AnnotatedArticle],
    encoder: Option<&ReadingModel>,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Trained, TrainError> {
    let found = articles.iter().filter(|a| !a.attributions.is_empty()).count();
    if found < FOLDS {
        return Err(TrainError::TooFew { found });
    }
    with_features(articles, |from| train_on(from, encoder, say))
}

fn train_on(
    from: &LearnedFrom,
    encoder: Option<&ReadingModel>,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Trained, TrainError> {
    let (cues, cue) = train_cues(from, say)?;
    let (frames, frame_tagger) = train_frames(from, &cues, say)?;
    let (accept, calibration, report) = judge(from, frames, &|_| true, say);
    let careful = encoder.map(|encoder| careful::train(from, &cues, encoder, say)).transpose()?;
    let learned = Learned { cue, frame_tagger, accept, calibration };
    let models = Models { lexicon: from.lexicon.clone(), learned: Some(learned) };
    // What was trained goes through its own file format, so that it is exactly what will be read back.
    let models = Models::from_bytes(Cow::Owned(models.to_bytes())).unwrap_or(models);
    Ok(Trained { models, report, careful })
}

/// What accepts frames and how sure it is, learned from the `frames` of the articles that `is_read`.
fn judge(
    from: &LearnedFrom,
    frames: Vec<Vec<Frame>>,
    is_read: &dyn Fn(usize) -> bool,
    say: &(dyn Fn(&str) + Sync),
) -> (Acceptor, Calibration, Report) {
    let LearnedFrom { articles, gold, .. } = *from;
    let introductions: Vec<_> = frames.iter().map(|frames| continuation::introductions(frames)).collect();
    let (judged, accept) = train_acceptor(from, frames, say);
    let mut score = Score::default();
    let mut seen = Vec::new();
    for (n, frames) in judged.into_iter().enumerate().filter(|(n, _)| is_read(*n)) {
        let (features, gold) = (&articles[n], &gold[n]);
        let turns = structure::find(features).frames;
        let settled = overlaps::resolve(features, frames, &introductions[n], turns, Steps::ALL);
        score.add(&score::score(features, &settled, gold));
        // Only where everything is marked it is known what is right.
        if !from.words_only[n] {
            seen.extend(settled.iter().map(|frame| frame.p).zip(score::right(features, &settled, gold)));
        }
    }
    let calibration = Calibration::fit(seen.clone());
    let report = Report { score, calibration_error: calibration_error(&calibration, &seen) };
    (accept, calibration, report)
}

/// Measures models on annotated articles; with an encoder, and what joins it and them, as they are read carefully.
pub fn evaluate(models: &Models, careful: Option<(&ReadingModel, &Careful)>, articles: &[AnnotatedArticle]) -> Report {
    evaluate_by(models, careful, articles, Steps::ALL)
}

/// Measures models on annotated articles with each step after the frames left out in turn.
pub fn what_steps_add(models: &Models, articles: &[AnnotatedArticle]) -> Vec<(&'static str, Report)> {
    let all = Steps::ALL;
    let without = [
        ("the acceptor", Steps { accept: false, ..all }),
        ("transcripts, interviews, sign-offs and posts", Steps { structure: false, ..all }),
        ("dropping cues within what somebody says", Steps { nested: false, ..all }),
        ("keeping quoted stretches whole", Steps { whole: false, ..all }),
        ("giving each word to the surest claim", Steps { surest: false, ..all }),
        ("going on with the last speaker", Steps { attribute_unclaimed: false, ..all }),
    ];
    without.into_iter().map(|(what, steps)| (what, evaluate_by(models, None, articles, steps))).collect()
}

fn evaluate_by(
    models: &Models,
    careful: Option<(&ReadingModel, &Careful)>,
    articles: &[AnnotatedArticle],
    steps: Steps,
) -> Report {
    let mut words = Words::new(models.lexicon.clone());
    let mut pipeline = models.learned.as_ref().map(|learned| Pipeline::new(learned, careful));
    let mut score = Score::default();
    let mut seen = Vec::new();
    let mut ids = Vec::new();
    let mut finder = EntityFinder::default();
    for article in articles {
        let text = Text::new(&article.text, &article.paragraphs);
        words.read(&text, &mut ids);
        let mut names = finder.find(&text, None);
        let mut features = Features::new(&text, &words, &ids, &names.mentions);
        let reading = pipeline.as_mut().and_then(|pipeline| pipeline.read(&features));
        if let Some(reading) = &reading {
            names = finder.find_carefully(&text, reading);
            features = Features::new(&text, &words, &ids, &names.mentions);
        }
        let gold = article.tokens(&text);
        let frames = super::frames(&features, pipeline.as_mut(), reading.as_ref(), steps);
        score.add(&score::score(&features, &frames, &gold));
        let right = score::right(&features, &frames, &gold);
        seen.extend(frames.iter().map(|f| f.p).zip(right));
    }
    let identity = Calibration::identity();
    let fast = models.learned.as_ref().map(|learned| &learned.calibration);
    let calibration = careful.map(|(_, careful)| &careful.calibration).or(fast).unwrap_or(&identity);
    Report { score, calibration_error: calibration_error(calibration, &seen) }
}

/// What is learned from: annotated articles with all that is known of them.
struct LearnedFrom<'a> {
    articles: &'a [Features<'a>],
    gold: &'a [Vec<GoldAttribution<usize>>],
    /// The head of each attribution's cue.
    heads: &'a [Vec<Option<usize>>],
    /// Of each article: whether only words are marked in it.
    words_only: &'a [bool],
    /// Of each article: whether it is kept apart from the encoder.
    apart: &'a [bool],
    lexicon: &'a Lexicon,
}

impl LearnedFrom<'_> {
    /// True if nobody can tell whether that is an attribution: where only words are marked, what is not marked may be an attitude
    /// or nothing.
    fn is_open(&self, article: usize, cue: Option<usize>) -> bool {
        self.words_only[article] && !cue::is_speech(&self.articles[article], cue)
    }
}

/// Does `work` on articles with their features.
fn with_features<T>(articles: &[AnnotatedArticle], work: impl FnOnce(&LearnedFrom) -> T) -> T {
    let apart: Vec<bool> = articles.iter().map(is_apart).collect();
    let articles: Vec<AnnotatedArticle> = articles.iter().enumerate().map(|(n, a)| in_some_style(n, a)).collect();
    let texts: Vec<Text> = articles.iter().map(|a| Text::new(&a.text, &a.paragraphs)).collect();
    let gold: Vec<Vec<GoldAttribution<usize>>> = articles.iter().zip(&texts).map(|(a, t)| a.tokens(t)).collect();
    let lexicon = lexicon::build(&articles, &texts, &gold);
    let mut words = Words::new(lexicon.clone());
    let ids = read_words(&mut words, &texts);
    let names = find_names(&texts);
    let inputs = texts.iter().zip(&ids).zip(&names);
    let words_only: Vec<bool> = articles.iter().map(|a| a.is_words_only).collect();
    let articles: Vec<Features> =
        inputs.map(|((t, ids), names)| Features::new(t, &words, ids, &names.mentions)).collect();
    let heads: Vec<Vec<Option<usize>>> =
        articles.iter().zip(&gold).map(|(s, gold)| gold.iter().map(|g| lexicon::head(s, g)).collect()).collect();
    let (gold, heads, words_only, apart, lexicon) = (&gold, &heads, &words_only, &apart, &lexicon);
    work(&LearnedFrom { articles: &articles, gold, heads, words_only, apart, lexicon })
}

/// An article as it is, or every sixth with its commas after the quotation marks (`‘…’, she said`), as the British
/// set them: the annotated articles are American.
fn in_some_style(number: usize, article: &AnnotatedArticle) -> AnnotatedArticle {
    if number % 6 == 5 { article.commas_behind_marks() } else { article.clone() }
}

fn read_words(words: &mut Words, texts: &[Text]) -> Vec<Vec<u32>> {
    texts.iter().map(|text| text.tokens.iter().map(|t| words.id(t.span.of(text.raw))).collect()).collect()
}

fn find_names(texts: &[Text]) -> Vec<Entities> {
    let mut finder = EntityFinder::default();
    texts.iter().map(|text| finder.find(text, None)).collect()
}

/// The part an article belongs to.
fn fold(article: usize) -> usize {
    article % FOLDS
}

/// True of a fifth of all articles, whatever others there are: those that the encoder has not seen.
fn is_apart(article: &AnnotatedArticle) -> bool {
    xxh3_64(article.text.as_bytes()) % 5 == 4
}

/// What a model learns from: all articles, or all but those of one part.
fn name_of(part: Option<usize>) -> String {
    part.map_or("all articles".to_owned(), |part| format!("all but part {}", part + 1))
}

/// Trains one model for each part of the articles, on all others, and one on all.
fn across_folds<M: Send>(fit: impl Fn(Option<usize>) -> M + Sync) -> (Vec<M>, M) {
    let jobs = Mutex::new((0..=FOLDS).rev().collect::<Vec<_>>());
    let done: Mutex<Vec<(usize, M)>> = Mutex::new(Vec::new());
    let work = || {
        while let Some(job) = jobs.lock().ok().and_then(|mut jobs| jobs.pop()) {
            // The model on all articles comes first: it takes longest.
            let model = fit(job.checked_sub(1));
            if let Ok(mut done) = done.lock() {
                done.push((job, model));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut models = done.into_inner().unwrap_or_default();
    models.sort_by_key(|(job, _)| *job);
    let mut models: Vec<M> = models.into_iter().map(|(_, model)| model).collect();
    let all = models.remove(0);
    (models, all)
}

/// Trains one tagger for each part of the articles, on all others, and one on all. `owners` are the articles of the
/// sequences.
fn cross_train<const L: usize, const W: usize>(
    examples: &Examples,
    owners: &[usize],
    settings: &TrainSettings,
    what: &str,
    say: &(dyn Fn(&str) + Sync),
) -> (Vec<Model<L, W>>, Model<L, W>) {
    across_folds(|part| {
        let seeds = if part.is_none() { settings.seeds } else { SEEDS_OF_PART };
        let settings = TrainSettings { seeds, ..settings.clone() };
        let chosen = |sequence: usize| part.is_none_or(|part| fold(owners[sequence]) != part);
        let progress = |progress: Progress| {
            let (done, of, loss) = (progress.done, progress.of, progress.loss);
            say(&format!("{what}, {}: epoch {done} of {of}, loss {loss:.4}", name_of(part)));
        };
        fit(examples, chosen, &settings, progress).model()
    })
}

/// The likely cues of each article, by models that have not seen it, and the model on all.
fn train_cues(from: &LearnedFrom, say: &(dyn Fn(&str) + Sync)) -> Result<(Vec<Vec<Cue>>, Classifier), TrainError> {
    let (examples, owners) = cue_examples(from)?;
    let (models, all) = cross_train(&examples, &owners, &CUE, "cues", say);
    let models: Vec<Classifier> = models.into_iter().map(cue::classifier).collect();
    let find = |(n, features): (usize, &Features)| cue::likely(&cue::chances(features, &models[fold(n)]), LIKELY_CUE);
    Ok((from.articles.iter().enumerate().map(find).collect(), cue::classifier(all)))
}

/// What the cue classifier learns from, and the article of each of its sequences.
fn cue_examples(from: &LearnedFrom) -> Result<(Examples, Vec<usize>), TrainError> {
    let templates = Templates::parse(&super::features::ABSOLUTE, &[], cue::TEMPLATES)?;
    let mut examples = Examples::new(templates);
    for (n, (features, heads)) in from.articles.iter().zip(from.heads).enumerate() {
        let label = |token| match (features.may_cue(token), heads.contains(&Some(token))) {
            (false, _) => IGNORED,
            (true, false) if from.is_open(n, Some(token)) => IGNORED,
            (true, is_head) => u8::from(is_head),
        };
        let view = |token| TokenView::absolute(&features.absolute, features.row(token));
        examples.push((0..features.text.tokens.len()).map(|token| (view(token), label(token))));
    }
    Ok((examples, (0..from.articles.len()).collect()))
}

/// The frames of each article's likely cues, by models that have not seen it, and the model on all.
fn train_frames(
    from: &LearnedFrom,
    cues: &[Vec<Cue>],
    say: &(dyn Fn(&str) + Sync),
) -> Result<(Vec<Vec<Frame>>, FrameModel), TrainError> {
    let (examples, owners) = frame_examples(from, cues)?;
    let (models, all) = cross_train(&examples, &owners, &FRAME, "frames", say);
    let models: Vec<FrameModel> = models.into_iter().map(FrameModel::new).collect();
    let mut taggers: Vec<FrameTagger> = models.iter().map(FrameTagger::new).collect();
    let find = |(n, features): (usize, &Features)| taggers[fold(n)].find(features, &cues[n], None);
    Ok((from.articles.iter().enumerate().map(find).collect(), FrameModel::new(all)))
}

/// What the frame CRF learns from, and the article of each of its sequences.
fn frame_examples(from: &LearnedFrom, cues: &[Vec<Cue>]) -> Result<(Examples, Vec<usize>), TrainError> {
    let templates = Templates::parse(&super::features::ABSOLUTE, &RELATIVE, frame_tagger::TEMPLATES)?;
    let mut examples = Examples::new(templates);
    let mut owners = Vec::new();
    let mut cue_features = CueFeatures::default();
    for (n, features) in from.articles.iter().enumerate() {
        cue_features.set_document(features, &cues[n]);
        for (gold, head) in from.gold[n].iter().zip(&from.heads[n]) {
            let Some(head) = *head else { continue };
            cue_features.read(features, head);
            let view = |number| cue_features.view(features, number);
            examples.push(cue_features.seen().iter().enumerate().map(|(n, seen)| (view(n), label(gold, seen.token))));
            owners.push(n);
        }
    }
    Ok((examples, owners))
}

/// The label of a token for the cue of this attribution.
fn label(gold: &GoldAttribution<usize>, token: usize) -> u8 {
    let within = |list: &[usize], first: u8| {
        list.binary_search(&token).ok()?;
        let goes_on = token > 0 && list.binary_search(&(token - 1)).is_ok();
        Some(first + u8::from(goes_on))
    };
    within(&gold.content, frame_tagger::CONTENT).or_else(|| within(&gold.source, frame_tagger::SOURCE)).unwrap_or(0)
}

/// The accepted frames of each article, by models that have not seen it, and the model on all.
fn train_acceptor(
    from: &LearnedFrom,
    frames: Vec<Vec<Frame>>,
    say: &(dyn Fn(&str) + Sync),
) -> (Vec<Vec<Frame>>, Acceptor) {
    let LearnedFrom { articles, gold, .. } = *from;
    let frames: Vec<Vec<Frame>> =
        articles.iter().zip(frames).map(|(features, frames)| corrected(features, frames)).collect();
    let rows: Vec<Vec<_>> = articles
        .iter()
        .zip(&frames)
        .map(|(features, frames)| frame_features::describe(features, frames).flatten().collect())
        .collect();
    let worth: Vec<Vec<f32>> = articles
        .iter()
        .zip(&frames)
        .zip(gold)
        .map(|((features, frames), gold)| score::worth(features, frames, gold, accept::WORTH_OF_RIGHT))
        .collect();
    let fit = |part: Option<usize>| {
        say(&format!("acceptor, {}", name_of(part)));
        let chosen = (0..articles.len()).filter(|n| part.is_none_or(|part| fold(*n) != part));
        let judged = |n: usize| {
            let of = rows[n].iter().copied().zip(worth[n].iter().copied()).zip(&frames[n]);
            of.filter(move |((_, worth), frame)| *worth > 0.0 || !from.is_open(n, frame.cue))
                .map(|(example, _)| example)
        };
        let (rows, worth): (Vec<_>, Vec<f32>) = chosen.flat_map(judged).unzip();
        let right: Vec<f32> = worth.iter().map(|worth| worth.ceil()).collect();
        let fit = |targets: &[f32]| Trees::fit(&rows, targets, accept::SETTINGS);
        Acceptor { choice: fit(&worth), acceptance: fit(&right) }
    };
    let (models, all) = across_folds(fit);
    let choose = |(n, (features, frames))| accepted(features, accept::choose(features, &models[fold(n)], frames));
    (articles.iter().zip(frames).enumerate().map(choose).collect(), all)
}

/// The mean difference between confidence and the share that is right, over ten bins weighted by their size.
fn calibration_error(calibration: &Calibration, seen: &[(f32, bool)]) -> f32 {
    let mut bins = [(0.0f32, 0.0f32, 0.0f32); 10];
    for (p, right) in seen {
        let confidence = calibration.confidence(*p);
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        bin.0 += 1.0;
        bin.1 += confidence;
        bin.2 += f32::from(u8::from(*right));
    }
    bins.iter().map(|(_, confidence, right)| (confidence - right).abs()).sum::<f32>() / seen.len().max(1) as f32
}

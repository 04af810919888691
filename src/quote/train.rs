//! Trains the whole pipeline from annotated articles.
//!
//! Each step learns from what the steps before it make of articles that they have not seen: the articles are dealt into
//! [`FOLDS`] parts, and each part is read by models trained on the others. What is kept in the end is trained on all.

use std::borrow::Cow;
use std::sync::Mutex;

use super::accept::{self, Acceptor};
use super::annotated_article::{AnnotatedArticle, GoldAttribution};
use super::confidence::Calibration;
use super::cue::{self, Cue};
use super::cue_features::{CueFeatures, RELATIVE};
use super::features::Features;
use super::frame::Frame;
use super::frame_tagger::{self, FrameModel};
use super::models::{Learned, Models};
use super::score::{self, Score};
use super::steps::Steps;
use super::{LIKELY_CUE, Pipeline, accepted, continuation, corrected, frame_features, overlaps, structure};
use crate::entity::{Entities, EntityFinder};
use crate::tagger::{
    Classifier, Examples, IGNORED, Model, Progress, Templates, TokenView, TrainSettings, Trees, Words, train as fit,
};
use crate::text::Text;

mod lexicon;

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

/// Trains on `articles`; `say` receives progress messages. The same articles give the same models. Also reports how well
/// models trained on four parts of the articles read the fifth.
pub fn train(articles: &[AnnotatedArticle], say: &(dyn Fn(&str) + Sync)) -> Result<(Models, Report), TrainError> {
    let found = articles.iter().filter(|a| !a.attributions.is_empty()).count();
    if found < FOLDS {
        return Err(TrainError::TooFew { found });
    }
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
    // Where only words are marked, nobody can tell whether what is not marked is an attitude or nothing.
    let is_open = |article: usize, cue: Option<usize>| words_only[article] && !cue::is_speech(&articles[article], cue);

    let heads: Vec<Vec<Option<usize>>> =
        articles.iter().zip(&gold).map(|(s, gold)| gold.iter().map(|g| lexicon::head(s, g)).collect()).collect();
    let (cues, cue) = train_cues(&articles, &heads, &is_open, say)?;
    let (frames, frame_tagger) = train_frames(&articles, &gold, &heads, &cues, say)?;
    let introductions: Vec<_> = frames.iter().map(|frames| continuation::introductions(frames)).collect();
    let (judged, accept) = train_acceptor(&articles, &gold, frames, &is_open, say);
    let overlaps = |((features, frames), introductions): ((&Features, Vec<Frame>), &Vec<_>)| {
        overlaps::resolve(features, frames, introductions, structure::find(features).frames, Steps::ALL)
    };
    let settled: Vec<Vec<Frame>> = articles.iter().zip(judged).zip(&introductions).map(overlaps).collect();
    let seen: Vec<(f32, bool)> = outcomes(&articles, &gold, &settled, &words_only);
    let calibration = Calibration::fit(seen.clone());
    let mut score = Score::default();
    for ((features, frames), gold) in articles.iter().zip(&settled).zip(&gold) {
        score.add(&score::score(features, frames, gold));
    }
    let report = Report { score, calibration_error: calibration_error(&calibration, &seen) };
    let models = Models { lexicon, learned: Some(Learned { cue, frame_tagger, accept, calibration }) };
    // What was trained goes through its own file format, so that it is exactly what will be read back.
    Ok((Models::from_bytes(Cow::Owned(models.to_bytes())).unwrap_or(models), report))
}

/// Measures models on annotated articles.
pub fn evaluate(models: &Models, articles: &[AnnotatedArticle]) -> Report {
    evaluate_by(models, articles, Steps::ALL)
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
    without.into_iter().map(|(what, steps)| (what, evaluate_by(models, articles, steps))).collect()
}

fn evaluate_by(models: &Models, articles: &[AnnotatedArticle], steps: Steps) -> Report {
    let mut words = Words::new(models.lexicon.clone());
    let mut pipeline = models.learned.as_ref().map(Pipeline::new);
    let mut score = Score::default();
    let mut seen = Vec::new();
    let mut ids = Vec::new();
    let mut finder = EntityFinder::default();
    for article in articles {
        let text = Text::new(&article.text, &article.paragraphs);
        words.read(&text, &mut ids);
        let names = finder.find(&text, None);
        let features = Features::new(&text, &words, &ids, &names.mentions);
        let gold = article.tokens(&text);
        let frames = super::frames(&features, pipeline.as_mut(), steps);
        score.add(&score::score(&features, &frames, &gold));
        let right = score::right(&features, &frames, &gold);
        seen.extend(frames.iter().map(|f| f.p).zip(right));
    }
    let identity = Calibration::identity();
    let calibration = models.learned.as_ref().map_or(&identity, |learned| &learned.calibration);
    Report { score, calibration_error: calibration_error(calibration, &seen) }
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
fn train_cues(
    articles: &[Features],
    heads: &[Vec<Option<usize>>],
    is_open: &dyn Fn(usize, Option<usize>) -> bool,
    say: &(dyn Fn(&str) + Sync),
) -> Result<(Vec<Vec<Cue>>, Classifier), TrainError> {
    let templates = Templates::parse(&super::features::ABSOLUTE, &[], cue::TEMPLATES)?;
    let mut examples = Examples::new(templates);
    for (n, (features, heads)) in articles.iter().zip(heads).enumerate() {
        let label = |token| match (features.may_cue(token), heads.contains(&Some(token))) {
            (false, _) => IGNORED,
            (true, false) if is_open(n, Some(token)) => IGNORED,
            (true, is_head) => u8::from(is_head),
        };
        let view = |token| TokenView::absolute(&features.absolute, features.row(token));
        examples.push((0..features.text.tokens.len()).map(|token| (view(token), label(token))));
    }
    let owners: Vec<usize> = (0..articles.len()).collect();
    let (models, all) = cross_train(&examples, &owners, &CUE, "cues", say);
    let models: Vec<Classifier> = models.into_iter().map(cue::classifier).collect();
    let cues =
        articles.iter().enumerate().map(|(n, features)| cue::find(features, &models[fold(n)], LIKELY_CUE)).collect();
    Ok((cues, cue::classifier(all)))
}

/// The frames of each article's likely cues, by models that have not seen it, and the model on all.
fn train_frames(
    articles: &[Features],
    gold: &[Vec<GoldAttribution<usize>>],
    heads: &[Vec<Option<usize>>],
    cues: &[Vec<Cue>],
    say: &(dyn Fn(&str) + Sync),
) -> Result<(Vec<Vec<Frame>>, FrameModel), TrainError> {
    let templates = Templates::parse(&super::features::ABSOLUTE, &RELATIVE, frame_tagger::TEMPLATES)?;
    let mut examples = Examples::new(templates);
    let mut owners = Vec::new();
    let mut cue_features = CueFeatures::default();
    for (n, features) in articles.iter().enumerate() {
        cue_features.set_document(features, &cues[n]);
        for (gold, head) in gold[n].iter().zip(&heads[n]) {
            let Some(head) = *head else { continue };
            cue_features.read(features, head);
            let view = |number| cue_features.view(features, number);
            examples.push(cue_features.seen().iter().enumerate().map(|(n, seen)| (view(n), label(gold, seen.token))));
            owners.push(n);
        }
    }
    let (models, all) = cross_train(&examples, &owners, &FRAME, "frames", say);
    let taggers: Vec<FrameModel> = models.into_iter().map(FrameModel::new).collect();
    let mut taggers_by_fold: Vec<frame_tagger::FrameTagger> =
        taggers.iter().map(frame_tagger::FrameTagger::new).collect();
    let find = |(n, features): (usize, &Features)| taggers_by_fold[fold(n)].find(features, &cues[n]);
    Ok((articles.iter().enumerate().map(find).collect(), FrameModel::new(all)))
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
    articles: &[Features],
    gold: &[Vec<GoldAttribution<usize>>],
    frames: Vec<Vec<Frame>>,
    is_open: &(dyn Fn(usize, Option<usize>) -> bool + Sync),
    say: &(dyn Fn(&str) + Sync),
) -> (Vec<Vec<Frame>>, Acceptor) {
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
            of.filter(move |((_, worth), frame)| *worth > 0.0 || !is_open(n, frame.cue)).map(|(example, _)| example)
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

/// How likely frames were said to be, and whether they are right, in the articles in which everything is marked.
fn outcomes(
    articles: &[Features],
    gold: &[Vec<GoldAttribution<usize>>],
    frames: &[Vec<Frame>],
    words_only: &[bool],
) -> Vec<(f32, bool)> {
    let mut seen = Vec::new();
    let whole = articles.iter().zip(frames).zip(gold).zip(words_only).filter(|(_, words_only)| !**words_only);
    for (((features, frames), gold), _) in whole {
        let right = score::right(features, frames, gold);
        seen.extend(frames.iter().map(|f| f.p).zip(right));
    }
    seen
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

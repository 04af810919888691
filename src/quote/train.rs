//! Trains the whole pipeline from annotated articles.
//!
//! Each step learns from what the steps before it make of articles that they have not seen: the articles are dealt into
//! [`FOLDS`] parts, and each part is read by models trained on the others. What is kept in the end is trained on all.

use std::borrow::Cow;
use std::sync::Mutex;

use super::annotated::{Annotated, Attribution};
use super::confidence::Calibration;
use super::cue::{self, Cue};
use super::frame::Frame;
use super::framer::{self, Framer};
use super::models::{Learned, Models};
use super::scene::Scene;
use super::score::{self, Score};
use super::steps::Steps;
use super::viewer::{MOVING, Viewer};
use super::{ACCEPTED, LIKELY_CUE, Reader, accept, mend, settle, structure, unattributed};
use crate::entity::{Entities, Finder};
use crate::tagger::{
    BORDER_ROWS, Classifier, Examples, IGNORED, Model, Settings, Templates, View, Words, train as fit,
};
use crate::text::Text;

mod lexicon;

/// Parts into which the articles are dealt.
const FOLDS: usize = 5;

/// Models that are averaged for the weights that are kept; those of the folds are trained once.
const SEEDS: u32 = 3;

/// The cue classifier. As many features are kept as 2¹³ buckets hold.
const CUE: Settings =
    Settings { chain: false, epochs: 7, rate: 0.05, l1: 1.0, l2: 0.5, least: 2, keep: 81_000, seeds: SEEDS };

/// The frame CRF. As many features are kept as 2¹⁴ buckets hold: 790 kB, so that all tables together fit two megabytes of
/// second-level cache.
const FRAME: Settings =
    Settings { chain: true, epochs: 6, rate: 0.05, l1: 1.0, l2: 0.3, least: 3, keep: 81_000, seeds: SEEDS };

/// The acceptor. Small steps: it has few frames to learn from, and soon knows those by heart. As many features are kept
/// as 2¹³ buckets hold.
const ACCEPT: Settings =
    Settings { chain: false, epochs: 5, rate: 0.02, l1: 0.3, l2: 1.0, least: 3, keep: 60_000, seeds: SEEDS };

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

/// Trains on `articles`; `say` is told what is being done. The same articles give the same models. Also reports how well
/// models trained on four parts of the articles read the fifth.
pub fn train(articles: &[Annotated], say: &(dyn Fn(&str) + Sync)) -> Result<(Models, Report), TrainError> {
    let found = articles.iter().filter(|a| !a.attributions.is_empty()).count();
    if found < FOLDS {
        return Err(TrainError::TooFew { found });
    }
    let articles: Vec<Annotated> = articles.iter().enumerate().map(|(n, a)| in_some_style(n, a)).collect();
    let texts: Vec<Text> = articles.iter().map(|a| Text::new(&a.text, &a.paragraphs)).collect();
    let gold: Vec<Vec<Attribution<usize>>> = articles.iter().zip(&texts).map(|(a, t)| a.tokens(t)).collect();
    let lexicon = lexicon::build(&articles, &texts, &gold);
    let mut words = Words::new(lexicon.clone());
    let ids = read_words(&mut words, &texts);
    let names = find_names(&texts);
    let inputs = texts.iter().zip(&ids).zip(&names);
    let scenes: Vec<Scene> = inputs.map(|((t, ids), names)| Scene::new(t, &words, ids, &names.mentions)).collect();

    let heads: Vec<Vec<Option<usize>>> =
        scenes.iter().zip(&gold).map(|(s, gold)| gold.iter().map(|g| lexicon::head(s, g)).collect()).collect();
    let (cues, cue) = train_cues(&scenes, &heads, say)?;
    let (frames, framer) = train_frames(&scenes, &gold, &heads, &cues, say)?;
    let introductions: Vec<_> = frames.iter().map(|frames| unattributed::introductions(frames)).collect();
    let (judged, accept) = train_acceptor(&scenes, &gold, frames, say)?;
    let settle = |((scene, frames), introductions): ((&Scene, Vec<Frame>), &Vec<_>)| {
        settle::settle(scene, frames, introductions, structure::find(scene), Steps::ALL)
    };
    let settled: Vec<Vec<Frame>> = scenes.iter().zip(judged).zip(&introductions).map(settle).collect();
    let seen: Vec<(f32, bool)> = outcomes(&scenes, &gold, &settled);
    let calibration = Calibration::fit(seen.clone());
    let mut score = Score::default();
    for ((scene, frames), gold) in scenes.iter().zip(&settled).zip(&gold) {
        score.add(&score::score(scene, frames, gold));
    }
    let report = Report { score, calibration_error: calibration_error(&calibration, &seen) };
    let models = Models { lexicon, learned: Some(Learned { cue, framer, accept, calibration }) };
    // What was trained goes through its own file format, so that it is exactly what will be read back.
    Ok((Models::from_bytes(Cow::Owned(models.to_bytes())).unwrap_or(models), report))
}

/// Measures models on annotated articles.
pub fn evaluate(models: &Models, articles: &[Annotated]) -> Report {
    evaluate_by(models, articles, Steps::ALL)
}

/// Measures models on annotated articles with each step after the frames left out in turn.
pub fn what_steps_add(models: &Models, articles: &[Annotated]) -> Vec<(&'static str, Report)> {
    let all = Steps::ALL;
    let without = [
        ("the acceptor", Steps { accept: false, ..all }),
        ("transcripts, interviews, sign-offs and posts", Steps { structure: false, ..all }),
        ("dropping cues within what somebody says", Steps { nested: false, ..all }),
        ("keeping quoted stretches whole", Steps { whole: false, ..all }),
        ("giving each word to the surest claim", Steps { surest: false, ..all }),
        ("going on with the last speaker", Steps { carry_on: false, ..all }),
    ];
    without.into_iter().map(|(what, steps)| (what, evaluate_by(models, articles, steps))).collect()
}

fn evaluate_by(models: &Models, articles: &[Annotated], steps: Steps) -> Report {
    let mut words = Words::new(models.lexicon.clone());
    let mut reader = models.learned.as_ref().map(Reader::new);
    let mut score = Score::default();
    let mut seen = Vec::new();
    let mut ids = Vec::new();
    let mut finder = Finder::default();
    for article in articles {
        let text = Text::new(&article.text, &article.paragraphs);
        words.read(&text, &mut ids);
        let names = finder.find(&text);
        let scene = Scene::new(&text, &words, &ids, &names.mentions);
        let gold = article.tokens(&text);
        let frames = super::frames(&scene, reader.as_mut(), steps);
        score.add(&score::score(&scene, &frames, &gold));
        let right = score::right(&scene, &frames, &gold);
        seen.extend(frames.iter().map(|f| f.p).zip(right));
    }
    let identity = Calibration::identity();
    let calibration = models.learned.as_ref().map_or(&identity, |learned| &learned.calibration);
    Report { score, calibration_error: calibration_error(calibration, &seen) }
}

/// An article as it is, or every sixth with its commas behind the quotation marks (`‘…’, she said`), as the British
/// set them: the annotated articles are American.
fn in_some_style(number: usize, article: &Annotated) -> Annotated {
    if number % 6 == 5 { article.commas_behind_marks() } else { article.clone() }
}

fn read_words(words: &mut Words, texts: &[Text]) -> Vec<Vec<u32>> {
    texts.iter().map(|text| text.tokens.iter().map(|t| words.id(t.span.of(text.raw))).collect()).collect()
}

fn find_names(texts: &[Text]) -> Vec<Entities> {
    let mut finder = Finder::default();
    texts.iter().map(|text| finder.find(text)).collect()
}

/// The part an article belongs to.
fn fold(article: usize) -> usize {
    article % FOLDS
}

/// Trains one model for each fold, on all other articles, and one on all. `owners` are the articles of the sequences.
fn cross_train<const L: usize, const W: usize>(
    examples: &Examples,
    owners: &[usize],
    settings: &Settings,
    what: &str,
    say: &(dyn Fn(&str) + Sync),
) -> (Vec<Model<L, W>>, Model<L, W>) {
    let jobs = Mutex::new((0..=FOLDS).rev().collect::<Vec<_>>());
    let done: Mutex<Vec<(usize, Model<L, W>)>> = Mutex::new(Vec::new());
    let work = || {
        while let Some(job) = jobs.lock().ok().and_then(|mut jobs| jobs.pop()) {
            // The model on all articles comes first: it takes longest.
            let part = (job > 0).then(|| job - 1);
            let seeds = if part.is_none() { settings.seeds } else { 1 };
            let settings = Settings { seeds, ..settings.clone() };
            let chosen = |sequence: usize| part.is_none_or(|part| fold(owners[sequence]) != part);
            let name = part.map_or("all articles".to_owned(), |part| format!("all but part {}", part + 1));
            let trained = fit(examples, chosen, &settings, |progress| {
                say(&format!("{what}, {name}: epoch {} of {}, loss {:.4}", progress.done, progress.of, progress.loss));
            });
            if let Ok(mut done) = done.lock() {
                done.push((job, trained.model()));
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
    let mut models: Vec<Model<L, W>> = models.into_iter().map(|(_, model)| model).collect();
    let all = models.remove(0);
    (models, all)
}

/// The likely cues of each article, by models that have not seen it, and the model on all.
fn train_cues(
    scenes: &[Scene],
    heads: &[Vec<Option<usize>>],
    say: &(dyn Fn(&str) + Sync),
) -> Result<(Vec<Vec<Cue>>, Classifier), TrainError> {
    let templates = Templates::parse(&super::scene::FIXED, &[], cue::TEMPLATES)?;
    let mut examples = Examples::new(templates);
    for (scene, heads) in scenes.iter().zip(heads) {
        let label = |token| match (scene.may_cue(token), heads.contains(&Some(token))) {
            (false, _) => IGNORED,
            (true, is_head) => u8::from(is_head),
        };
        let view = |token| View::fixed(&scene.fixed, scene.row(token));
        examples.push((0..scene.text.tokens.len()).map(|token| (view(token), label(token))));
    }
    let owners: Vec<usize> = (0..scenes.len()).collect();
    let (models, all) = cross_train(&examples, &owners, &CUE, "cues", say);
    let models: Vec<Classifier> = models.into_iter().map(cue::classifier).collect();
    let cues = scenes.iter().enumerate().map(|(n, scene)| cue::find(scene, &models[fold(n)], LIKELY_CUE)).collect();
    Ok((cues, cue::classifier(all)))
}

/// The frames of each article's likely cues, by models that have not seen it, and the model on all.
fn train_frames(
    scenes: &[Scene],
    gold: &[Vec<Attribution<usize>>],
    heads: &[Vec<Option<usize>>],
    cues: &[Vec<Cue>],
    say: &(dyn Fn(&str) + Sync),
) -> Result<(Vec<Vec<Frame>>, Framer), TrainError> {
    let templates = Templates::parse(&super::scene::FIXED, &MOVING, framer::TEMPLATES)?;
    let mut examples = Examples::new(templates);
    let mut owners = Vec::new();
    let mut viewer = Viewer::default();
    for (n, scene) in scenes.iter().enumerate() {
        viewer.enter(scene, &cues[n]);
        for (gold, head) in gold[n].iter().zip(&heads[n]) {
            let Some(head) = *head else { continue };
            examples.push(viewer.look(scene, head).map(|(seen, view)| (view, label(gold, seen.token))));
            owners.push(n);
        }
    }
    let (models, all) = cross_train(&examples, &owners, &FRAME, "frames", say);
    let framers: Vec<Framer> = models.into_iter().map(Framer::new).collect();
    let mut readers: Vec<framer::Reader> = framers.iter().map(framer::Reader::new).collect();
    let find = |(n, scene): (usize, &Scene)| readers[fold(n)].find(scene, &cues[n]);
    Ok((scenes.iter().enumerate().map(find).collect(), Framer::new(all)))
}

/// The label of a token for the cue of this attribution.
fn label(gold: &Attribution<usize>, token: usize) -> u8 {
    let within = |list: &[usize], first: u8| {
        list.binary_search(&token).ok()?;
        let goes_on = token > 0 && list.binary_search(&(token - 1)).is_ok();
        Some(first + u8::from(goes_on))
    };
    within(&gold.content, framer::CONTENT).or_else(|| within(&gold.source, framer::SOURCE)).unwrap_or(0)
}

/// The accepted frames of each article, by models that have not seen it, and the model on all.
fn train_acceptor(
    scenes: &[Scene],
    gold: &[Vec<Attribution<usize>>],
    mut frames: Vec<Vec<Frame>>,
    say: &(dyn Fn(&str) + Sync),
) -> Result<(Vec<Vec<Frame>>, Classifier), TrainError> {
    let templates = Templates::parse(&accept::FEATURES, &[], &accept::templates())?;
    let mut examples = Examples::new(templates);
    for ((scene, frames), gold) in scenes.iter().zip(&mut frames).zip(gold) {
        frames.retain(|frame| !frame.is_empty());
        let columns = accept::describe(scene, frames);
        let right = score::right(scene, frames, gold);
        let views = right.iter().enumerate().map(|(n, r)| (View::fixed(&columns, BORDER_ROWS + n), u8::from(*r)));
        examples.push(views);
    }
    let owners: Vec<usize> = (0..scenes.len()).collect();
    let (models, all) = cross_train(&examples, &owners, &ACCEPT, "acceptor", say);
    let models: Vec<Classifier> = models.into_iter().map(Classifier::from).collect();
    for (n, (scene, frames)) in scenes.iter().zip(&mut frames).enumerate() {
        accept::judge(scene, &models[fold(n)], frames);
        frames.retain(|frame| frame.p >= ACCEPTED);
        for frame in frames.iter_mut() {
            mend::postposed(scene, frame);
        }
    }
    Ok((frames, all.into()))
}

fn outcomes(scenes: &[Scene], gold: &[Vec<Attribution<usize>>], frames: &[Vec<Frame>]) -> Vec<(f32, bool)> {
    let mut seen = Vec::new();
    for ((scene, frames), gold) in scenes.iter().zip(frames).zip(gold) {
        let right = score::right(scene, frames, gold);
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

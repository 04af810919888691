//! What joins the fast models and the encoder, learned on the articles kept apart, by models that have not seen them.

use super::{CUE, FRAME, LearnedFrom, Report, SEEDS_OF_PART, TrainError, cue_examples, frame_examples, judge};
use crate::encoder::{Reader, Reading, ReadingModel};
use crate::quote::LIKELY_CUE;
use crate::quote::combination::{Combination, Encoded, log_odds, worth_reading};
use crate::quote::cue::{self, Cue};
use crate::quote::features::Features;
use crate::quote::frame::Frame;
use crate::quote::frame_tagger::{FrameModel, FrameTagger};
use crate::quote::models::Careful;
use crate::quote::score::{self, Score};
use crate::tagger::{Classifier, TrainSettings, train as fit};

/// Weights that are tried for the labels of the fast models and of the encoder.
const TRIED: [f32; 5] = [0.3, 0.5, 0.7, 1.0, 1.4];

/// An article kept apart: its number, and what either reading says of cues there.
struct Apart<'a> {
    n: usize,
    features: &'a Features<'a>,
    chances: Vec<f32>,
    reading: Reading,
}

/// Learns how the readings are joined; `cues` are those that fast models find in the articles.
pub(super) fn train(
    from: &LearnedFrom,
    cues: &[Vec<Cue>],
    model: &ReadingModel,
    say: &(dyn Fn(&str) + Sync),
) -> Result<(Careful, Report), TrainError> {
    say("fast models without the articles apart");
    let (classifier, frame_model) = without_apart(from, cues)?;
    say("the encoder reads the articles apart");
    let mut reader = Reader::new(model);
    let apart: Vec<Apart> = (0..from.articles.len())
        .filter(|n| from.apart[*n])
        .map(|n| {
            let features = &from.articles[n];
            let chances = cue::chances(features, &classifier);
            let reading = reader.read(features.text, &worth_reading(features, &chances), |token, score| {
                score > -4.0 || chances[token] > 0.02
            });
            Apart { n, features, chances, reading }
        })
        .collect();
    let cue = fit_cues(from, &apart);
    say(&format!("cues: fast {:.2}, encoder {:.2}, added {:.2}", cue[0], cue[1], cue[2]));
    let mut tagger = FrameTagger::new(&frame_model);
    let pairs = TRIED.iter().flat_map(|fast| TRIED.map(|encoder| [*fast, encoder]));
    let tried = pairs.map(|frame| {
        let combination = Combination { cue, frame };
        let mut score = Score::default();
        for article in &apart {
            let mut frames = super::corrected(article.features, article.frames(&mut tagger, combination));
            frames.retain(Frame::is_most_likely);
            score.add(&score::score(article.features, &frames, &from.gold[article.n]));
        }
        (combination, score.triple_f1() + score.content_f1())
    });
    let best = tried.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(combination, _)| combination);
    let combination = best.unwrap_or(Combination { cue, frame: [0.5, 0.5] });
    say(&format!("labels: fast {:.1}, encoder {:.1}", combination.frame[0], combination.frame[1]));
    let mut frames: Vec<Vec<Frame>> = from.articles.iter().map(|_| Vec::new()).collect();
    for article in &apart {
        frames[article.n] = article.frames(&mut tagger, combination);
    }
    let (accept, calibration, report) = judge(from, frames, &|n| from.apart[n], say);
    Ok((Careful { combination, accept, calibration }, report))
}

/// A cue classifier and a frame CRF that were trained on the other articles, by two threads.
fn without_apart(from: &LearnedFrom, cues: &[Vec<Cue>]) -> Result<(Classifier, FrameModel), TrainError> {
    let (cue_examples, frame_examples) = (cue_examples(from)?, frame_examples(from, cues)?);
    let fit_cues = || {
        let settings = TrainSettings { seeds: SEEDS_OF_PART, ..CUE };
        let (examples, owners) = &cue_examples;
        cue::classifier(fit(examples, |sequence| !from.apart[owners[sequence]], &settings, |_| {}).model())
    };
    let fit_frames = || {
        let settings = TrainSettings { seeds: SEEDS_OF_PART, ..FRAME };
        let (examples, owners) = &frame_examples;
        FrameModel::new(fit(examples, |sequence| !from.apart[owners[sequence]], &settings, |_| {}).model())
    };
    std::thread::scope(|scope| {
        let cues = scope.spawn(fit_cues);
        let frames = fit_frames();
        let cues = cues.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((cues, frames))
    })
}

impl Apart<'_> {
    fn frames(&self, tagger: &mut FrameTagger, combination: Combination) -> Vec<Frame> {
        let encoded = Encoded { reading: &self.reading, combination };
        let mut chances = self.chances.clone();
        encoded.join(&mut chances);
        let cues: Vec<Cue> = cue::likely(&chances, LIKELY_CUE);
        tagger.find(self.features, &cues, Some(encoded))
    }
}

/// The weights of the log odds of both and what is added, by logistic regression.
fn fit_cues(from: &LearnedFrom, apart: &[Apart]) -> [f32; 3] {
    let mut rows: Vec<([f32; 3], f32)> = Vec::new();
    for Apart { n, chances, reading, .. } in apart {
        for (token, chance) in chances.iter().enumerate() {
            let is_head = from.heads[*n].contains(&Some(token));
            if let Some(score) = reading.cue(token)
                && (is_head || !from.is_open(*n, Some(token)))
            {
                rows.push(([log_odds(*chance), score, 1.0], f32::from(u8::from(is_head))));
            }
        }
    }
    let mut weights = [0.5, 0.5, 0.0];
    // Steps down the slope; the rate suits log odds of a few units.
    for _ in 0..2000 {
        let mut slope = [0.0; 3];
        for (row, target) in &rows {
            let score: f32 = row.iter().zip(&weights).map(|(a, b)| a * b).sum();
            let error = 1.0 / (1.0 + (-score).exp()) - target;
            slope.iter_mut().zip(row).for_each(|(slope, value)| *slope += error * value);
        }
        weights.iter_mut().zip(slope).for_each(|(weight, slope)| *weight -= slope * 2.0 / rows.len().max(1) as f32);
    }
    weights
}

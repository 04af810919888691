//! How well predicted quotations agree with annotated ones, on tokens.

use std::collections::HashSet;

use crate::language::english;

use super::annotated_article::GoldAttribution;
use super::features::Features;
use super::frame::Frame;

/// A content is found if it shares this much with the annotated one (Jaccard).
const FOUND: f32 = 0.5;

/// Its borders are right if it shares this much: all of what is not very long.
const EXACT: f32 = 0.95;

/// Counts of agreement, to be added up over articles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Attributions predicted.
    pub predicted: usize,
    /// Attributions annotated.
    pub annotated: usize,
    /// Predicted ones whose content agrees with an annotated one's by half.
    pub content: usize,
    /// Those of them whose source is right as well.
    pub triple: usize,
    /// Quoted stretches of three words or more that are said by somebody as predicted,
    pub direct_predicted: usize,
    /// as annotated,
    pub direct_annotated: usize,
    /// and as both with the same source.
    pub direct: usize,
    /// Predicted cues,
    pub cues_predicted: usize,
    /// and those that share a token with an annotated one.
    pub cues: usize,
}

impl Score {
    /// F1 of whole triples, 0 to 1.
    pub fn triple_f1(&self) -> f32 {
        f1(self.triple, self.predicted, self.annotated)
    }

    /// F1 of quoted stretches with their source, 0 to 1.
    pub fn direct_f1(&self) -> f32 {
        f1(self.direct, self.direct_predicted, self.direct_annotated)
    }

    /// F1 of contents, 0 to 1.
    pub fn content_f1(&self) -> f32 {
        f1(self.content, self.predicted, self.annotated)
    }

    /// F1 of cues, 0 to 1.
    pub fn cue_f1(&self) -> f32 {
        f1(self.cues, self.cues_predicted, self.annotated)
    }

    /// Adds the counts of another article.
    pub fn add(&mut self, other: &Score) {
        self.predicted += other.predicted;
        self.annotated += other.annotated;
        self.content += other.content;
        self.triple += other.triple;
        self.direct_predicted += other.direct_predicted;
        self.direct_annotated += other.direct_annotated;
        self.direct += other.direct;
        self.cues_predicted += other.cues_predicted;
        self.cues += other.cues;
    }
}

fn f1(hits: usize, predicted: usize, annotated: usize) -> f32 {
    2.0 * hits as f32 / (predicted + annotated).max(1) as f32
}

/// Compares the frames of one article with what is annotated.
pub(super) fn score(features: &Features, frames: &[Frame], gold: &[GoldAttribution<usize>]) -> Score {
    let mut score = Score { predicted: frames.len(), annotated: gold.len(), ..Score::default() };
    for (frame, gold) in pairs(features, frames, gold) {
        score.content += 1;
        score.triple += usize::from(source_right(features, frame, gold));
    }
    let cues: HashSet<usize> = gold.iter().flat_map(|g| g.cue.iter().copied()).collect();
    score.cues_predicted = frames.iter().filter(|f| f.cue.is_some()).count();
    score.cues = frames.iter().filter_map(|f| f.cue).filter(|cue| cues.contains(cue)).count();
    for quoted in &features.marks.quoted {
        let words: Vec<usize> = quoted.inside().filter(|&t| features.is_word(t)).collect();
        if words.len() < 3 {
            continue;
        }
        let most = |held: &dyn Fn(usize) -> bool| 2 * words.iter().filter(|t| held(**t)).count() > words.len();
        let said = frames.iter().find(|f| most(&|t| f.holds(t)));
        let annotated = gold.iter().find(|g| most(&|t| g.content.binary_search(&t).is_ok()));
        score.direct_predicted += usize::from(said.is_some());
        score.direct_annotated += usize::from(annotated.is_some());
        if let (Some(frame), Some(gold)) = (said, annotated) {
            score.direct += usize::from(source_right(features, frame, gold));
        }
    }
    score
}

/// Of each frame: whether its content and source are right.
pub(super) fn right(features: &Features, frames: &[Frame], gold: &[GoldAttribution<usize>]) -> Vec<bool> {
    let is_right =
        |frame: &Frame| gold.iter().any(|g| jaccard(features, frame, g) >= FOUND && source_right(features, frame, g));
    frames.iter().map(is_right).collect()
}

/// Of each frame: 0 where it is wrong, 1 where its borders are right too, else `otherwise`.
pub(super) fn worth(
    features: &Features,
    frames: &[Frame],
    gold: &[GoldAttribution<usize>],
    otherwise: f32,
) -> Vec<f32> {
    let worth = |frame: &Frame| {
        let right = gold.iter().filter(|g| source_right(features, frame, g));
        match right.map(|g| jaccard(features, frame, g)).fold(0.0, f32::max) {
            agreement if agreement >= EXACT => 1.0,
            agreement if agreement >= FOUND => otherwise,
            _ => 0.0,
        }
    };
    frames.iter().map(worth).collect()
}

/// Pairs frames and annotated attributions one to one, those that agree most first.
fn pairs<'a>(
    features: &Features,
    frames: &'a [Frame],
    gold: &'a [GoldAttribution<usize>],
) -> Vec<(&'a Frame, &'a GoldAttribution<usize>)> {
    let mut candidates: Vec<(f32, usize, usize)> = Vec::new();
    for (f, frame) in frames.iter().enumerate() {
        for (g, gold) in gold.iter().enumerate() {
            let agreement = jaccard(features, frame, gold);
            if agreement >= FOUND {
                candidates.push((agreement, f, g));
            }
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut frames_used, mut gold_used) = (HashSet::new(), HashSet::new());
    candidates.retain(|&(_, f, g)| {
        let free = !frames_used.contains(&f) && !gold_used.contains(&g);
        if free {
            frames_used.insert(f);
            gold_used.insert(g);
        }
        free
    });
    candidates.into_iter().map(|(_, f, g)| (&frames[f], &gold[g])).collect()
}

pub(super) fn jaccard(features: &Features, frame: &Frame, gold: &GoldAttribution<usize>) -> f32 {
    let is_word = |t: &usize| features.is_word(*t);
    let annotated = gold.content.iter().filter(|t| is_word(t)).count();
    let predicted = frame.tokens().filter(is_word).count();
    let shared = gold.content.iter().filter(|t| is_word(t) && frame.holds(**t)).count();
    shared as f32 / (annotated + predicted - shared).max(1) as f32
}

pub(super) fn source_right(features: &Features, frame: &Frame, gold: &GoldAttribution<usize>) -> bool {
    let Some((start, end)) = frame.source else { return gold.source.is_empty() };
    let tells = |t: usize| {
        features.is_word(t) && !english().quotes.function_words.contains(&features.text.word(t).to_lowercase())
    };
    let shared = || gold.source.iter().copied().filter(|t| (start..end).contains(t));
    let pronoun = !gold.source.iter().any(|&t| tells(t)) || !(start..end).any(tells);
    shared().any(tells) || (pronoun && shared().next().is_some())
}

//! Acceptance: of the frames of a cue, which has its borders right? Is that an attribution, and are its content and source
//! right?

use super::features::Features;
use super::frame::Frame;
use super::frame_features::{self, COUNT};
use crate::tagger::{Bundle, BundleWriter, TreeSettings, Trees};

/// Trees over what [`frame_features`] say, grown for two targets.
#[derive(Debug)]
pub(super) struct Acceptor {
    /// How good a frame is: less than half of the worth is for its borders.
    pub(super) choice: Trees<COUNT>,
    /// Whether it is right.
    pub(super) acceptance: Trees<COUNT>,
}

impl Acceptor {
    /// From its parts of a file.
    pub(super) fn from_bundle(bundle: &Bundle) -> Option<Self> {
        let trees = |name| Trees::from_bytes(&bundle.part(name)?);
        Some(Acceptor { choice: trees("choice")?, acceptance: trees("acceptance")? })
    }

    /// Adds its parts to a file.
    pub(super) fn add_to(&self, file: &mut BundleWriter) {
        file.add("choice", self.choice.to_bytes());
        file.add("acceptance", self.acceptance.to_bytes());
    }
}

/// How either is grown.
pub(super) const SETTINGS: TreeSettings = TreeSettings { trees: 500, rate: 0.05, l2: 5.0 };

/// The worth of a frame that is right but has other borders than annotated.
pub(super) const WORTH_OF_RIGHT: f32 = 0.6;

/// Keeps the best frame of each cue, the frames being in order of their cues; its `p` becomes the acceptor's.
pub(super) fn choose(features: &Features, model: &Acceptor, frames: Vec<Frame>) -> Vec<Frame> {
    let rivals: Vec<Vec<[f32; COUNT]>> = frame_features::describe(features, &frames).collect();
    // Where a cue has but one frame, there is no choice.
    let contested: Vec<[f32; COUNT]> = rivals.iter().filter(|rows| rows.len() > 1).flatten().copied().collect();
    let mut worths = model.choice.probabilities(&contested).into_iter();
    let best = rivals.iter().map(|rows| if rows.len() > 1 { best_of(worths.by_ref().take(rows.len())) } else { 0 });
    let best: Vec<usize> = best.collect();
    let rows: Vec<[f32; COUNT]> =
        rivals.iter().zip(&best).filter_map(|(rows, best)| rows.get(*best).copied()).collect();
    let firsts = rivals.iter().scan(0, |next, rows| Some(std::mem::replace(next, *next + rows.len())));
    let chosen = firsts.zip(best).map(|(first, best)| first + best);
    let mut chosen = chosen.zip(model.acceptance.probabilities(&rows)).peekable();
    let judged = frames.into_iter().enumerate().filter_map(|(number, frame)| {
        let (_, p) = chosen.next_if(|(best, _)| *best == number)?;
        Some(Frame { p, ..frame })
    });
    judged.collect()
}

/// The number of the first of the highest values.
fn best_of(worths: impl Iterator<Item = f32>) -> usize {
    let best = worths.enumerate().reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(0, |(number, _)| number)
}

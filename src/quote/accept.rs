//! Acceptance: of the frames of a cue, which has its borders right? Is that an attribution, and are its content and source
//! right?

use super::features::Features;
use super::frame::Frame;
use super::frame_features::{self, COUNT};
use crate::tagger::{TreeSettings, Trees};

/// Trees over what [`frame_features`] say, grown for two targets.
#[derive(Debug)]
pub(super) struct Acceptor {
    /// How good a frame is: less than half of the worth is for its borders.
    pub(super) choice: Trees<COUNT>,
    /// Whether it is right.
    pub(super) acceptance: Trees<COUNT>,
}

/// How either is grown.
pub(super) const SETTINGS: TreeSettings = TreeSettings { trees: 250, rate: 0.1, l2: 5.0 };

/// The worth of a frame that is right but has other borders than annotated.
pub(super) const WORTH_OF_RIGHT: f32 = 0.6;

/// Keeps the best frame of each cue, the frames being in order of their cues; its `p` becomes the acceptor's.
pub(super) fn choose(features: &Features, model: &Acceptor, frames: Vec<Frame>) -> Vec<Frame> {
    let mut chosen = Vec::new();
    let mut first = 0;
    for rows in frame_features::describe(features, &frames) {
        // Where a cue has but one frame, there is no choice.
        let best = match rows.as_slice() {
            [_] => 0,
            _ => best_of(rows.iter().map(|row| model.choice.probability(row))),
        };
        chosen.push((first + best, model.acceptance.probability(&rows[best])));
        first += rows.len();
    }
    let mut chosen = chosen.into_iter().peekable();
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

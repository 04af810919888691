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
    let rows = frame_features::describe(features, &frames);
    let mut chosen: Vec<(Frame, usize)> = Vec::new();
    let mut best = 0.0;
    for (number, frame) in frames.into_iter().enumerate() {
        let worth = model.choice.probability(&rows[number]);
        match chosen.last_mut() {
            Some((last, _)) if last.cue == frame.cue && worth <= best => {}
            Some(last) if last.0.cue == frame.cue => {
                best = worth;
                *last = (frame, number);
            }
            Some(_) | None => {
                best = worth;
                chosen.push((frame, number));
            }
        }
    }
    let judged = chosen.into_iter().map(|(frame, number)| {
        let p = model.acceptance.probability(&rows[number]);
        Frame { p, ..frame }
    });
    judged.collect()
}

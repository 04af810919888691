//! The acceptor: given a whole frame, is it an attribution, and are its content and source right? Of the frames of a cue it
//! takes the most likely one.

use super::features::Features;
use super::frame::Frame;
use super::frame_features::{self, COUNT};
use crate::tagger::{TreeSettings, Trees};

/// Trees over what [`frame_features`] say.
pub(super) type Acceptor = Trees<COUNT>;

/// How the acceptor is grown.
pub(super) const SETTINGS: TreeSettings = TreeSettings { trees: 200, rate: 0.1, l2: 5.0 };

/// Judges frames, which are in order of their cues: their `p` becomes the acceptor's, and one of each cue is kept.
pub(super) fn choose(features: &Features, model: &Acceptor, mut frames: Vec<Frame>) -> Vec<Frame> {
    let rows = frame_features::describe(features, &frames);
    for (frame, row) in frames.iter_mut().zip(rows) {
        frame.p = model.probability(&row);
    }
    let mut chosen: Vec<Frame> = Vec::new();
    for frame in frames {
        match chosen.last_mut() {
            Some(last) if last.cue == frame.cue => {
                if frame.p > last.p {
                    *last = frame;
                }
            }
            Some(_) | None => chosen.push(frame),
        }
    }
    chosen
}

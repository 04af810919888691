//! Mends a frame where grammar is surer than what was learned.

use super::frame::Frame;
use super::scene::{AUXILIARY, Scene, VERB};

/// Words that open a phrase of time or place behind a cue.
const PLACED: &[&str] = &["on", "in", "at", "during", "after", "before", "outside", "from", "through", "via", "by"];

/// `The road is closed, Ann Ray said on the margins of a meeting`: where the content is the phrase behind such an
/// attribution, it becomes the clause before it.
pub(super) fn postposed(scene: &Scene, frame: &mut Frame) {
    let (Some(cue), Some((source, source_end))) = (frame.cue, frame.source) else { return };
    let behind = frame.tokens().next().is_some_and(|first| first == cue + 2);
    let quoted = frame.tokens().any(|t| scene.marks.stretch[t] != 0);
    let Some(sentence) = scene.text.sentences.get(scene.sentence(cue) as usize) else { return };
    let start = sentence.first as usize;
    if !behind || quoted || source_end != cue || source < start + 5 || scene.text.word(source - 1) != "," {
        return;
    }
    let clause = start..source - 1;
    let plain = clause.clone().all(|t| scene.marks.stretch[t] == 0);
    if PLACED.contains(&scene.text.word(cue + 1)) && plain && clause.clone().any(|t| scene.is(t, VERB | AUXILIARY)) {
        frame.content.fill(false);
        frame.take(clause);
    }
}

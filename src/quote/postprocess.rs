//! Mends a frame where grammar is surer than what was learned.

use std::ops::Range;

use super::cue::INTRODUCES;
use super::features::{AUXILIARY, Features, VERB};
use super::frame::Frame;
use super::marks::MarkPosition;
use crate::language::english;
use crate::tagger::Case;

/// A source between a quotation and its cue has fewer tokens than this.
const LONGEST_SOURCE: usize = 14;

/// `The road is closed, Ann Ray said on the margins of a meeting`: where the content is the phrase behind such an
/// attribution, it becomes the clause before it.
pub(super) fn postposed(features: &Features, frame: &mut Frame) {
    let (Some(cue), Some((source, source_end))) = (frame.cue, frame.source) else { return };
    let behind = frame.tokens().next().is_some_and(|first| first == cue + 2);
    let quoted = frame.tokens().any(|t| features.marks.stretch[t] != 0);
    if !behind || quoted || source_end != cue || !english().quotes.placed.contains(features.text.word(cue + 1)) {
        return;
    }
    if let Some(clause) = clause(features, source) {
        frame.content.fill(false);
        frame.take(clause);
    }
}

/// `“No,” its chief, Ann Ray, said by letter`: what stands between a quotation and its cue is the source, all of it, and no
/// content.
pub(super) fn between(features: &Features, frame: &mut Frame) {
    let Some(cue) = frame.cue else { return };
    let sentence = features.sentence(cue);
    let near = |t: &usize| {
        features.sentence(*t) == sentence && features.marks.positions.get(*t) == Some(&MarkPosition::Outside)
    };
    let start = (cue.saturating_sub(LONGEST_SOURCE)..cue).rev().take_while(near).last().unwrap_or(cue);
    let closes = start > 0 && start < cue && features.marks.positions.get(start - 1) == Some(&MarkPosition::Closes);
    let parted = closes && matches!(features.text.word(start - 2), "," | "?" | "!" | "—" | "–" | "…");
    if !parted || !frame.holds(start - 2) {
        return;
    }
    let names = |t: usize| {
        features.word(t).case == Case::Capitalised || features.is_word(t) && !features.is(t, VERB | AUXILIARY)
    };
    let end = match frame.source {
        None if (start..cue).any(names) => cue - usize::from(features.text.word(cue - 1) == ","),
        Some((from, end)) if (start..end).contains(&from) && frame.holds(start) => end,
        _ => return,
    };
    for token in start..cue {
        frame.drop(token);
    }
    frame.source = Some((start, end));
}

/// `The bridge will not open in May, the engineer told a stormy meeting`: the clause before a likely cue and its source is
/// what was said, where nothing else is.
pub(super) fn clause_before(features: &Features, frame: &mut Frame) {
    let (Some(cue), Some((source, source_end)), true) = (frame.cue, frame.source, frame.is_empty()) else { return };
    if frame.cue_p < INTRODUCES || source_end != cue || !english().quotes.tells.contains(features.text.word(cue)) {
        return;
    }
    let Some(clause) = clause(features, source) else { return };
    let Some(sentence) = features.text.sentences.get(features.sentence(cue) as usize) else { return };
    let told = (cue..sentence.end as usize)
        .any(|t| features.marks.stretch[t] != 0 || matches!(features.text.word(t), ":" | "that"));
    let opens = features.text.word(clause.start).to_lowercase();
    if !told && !english().quotes.clause_starts.contains(&opens) {
        frame.take(clause);
    }
}

/// `Ann Ray had been asked whether she had read it`: the subject of a passive cue is no content. That of `was quoted as
/// saying` is the source.
pub(super) fn passive(features: &Features, frame: &mut Frame) {
    let Some(cue) = frame.cue else { return };
    let word = |t: usize| features.text.word(t);
    let as_saying = cue >= 2 && word(cue - 2) == "quoted" && word(cue - 1) == "as" && word(cue) == "saying";
    let participle = if as_saying { cue - 2 } else { cue };
    let quoted = as_saying || word(cue) == "quoted" && word(cue + 1) == "as";
    let be = (participle.saturating_sub(3)..participle).rev().find(|&t| english().quotes.be.contains(word(t)));
    let Some(be) = be.filter(|_| quoted || english().quotes.passives.contains(word(participle))) else { return };
    let subject: Vec<usize> = frame.tokens().take_while(|&t| t < be).collect();
    let near = subject.last().is_some_and(|&t| be - t <= 2 && features.sentence(t) == features.sentence(cue));
    let (Some(&first), true) = (subject.first(), near && frame.tokens().any(|t| t > cue)) else { return };
    let end = subject.last().map_or(first, |last| last + 1);
    let own = features.sentence(first) == features.sentence(cue) && end - first == subject.len();
    if own && end - first < LONGEST_SOURCE && subject.iter().all(|&t| features.marks.stretch[t] == 0) {
        for &t in &subject {
            frame.drop(t);
        }
        if quoted && frame.source.is_none() {
            frame.source = Some((first, end));
        }
    }
}

/// The sentence up to the comma before a source, if that is a clause and nothing in it is quoted.
fn clause(features: &Features, source: usize) -> Option<Range<usize>> {
    let start = features.text.sentences.get(features.sentence(source) as usize)?.first as usize;
    if source < start + 5 || features.text.word(source - 1) != "," {
        return None;
    }
    let clause = start..source - 1;
    let plain = clause.clone().all(|t| features.marks.stretch[t] == 0);
    (plain && clause.clone().any(|t| features.is(t, VERB | AUXILIARY))).then_some(clause)
}

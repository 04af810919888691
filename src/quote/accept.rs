//! The acceptor: given a whole frame, is it an attribution, and are its content and source right? It sees what the cue
//! classifier could not: how sure the content is, how long, how far the source, what other frames claim.

use super::features::{Features, TAGS};
use super::frame::Frame;
use super::marks::MarkPosition;
use crate::tagger::{BORDER_ROWS, Classifier, Column, Columns, TokenView};

/// Names of a frame's attributes: probability of the cue; mean and least probability of the content, its length and
/// share in quotation marks; probability of a frame in whose content the cue lies; overlap with surer ones; distance
/// of the source and how sure it is; side and number of runs of the content; the cue, its part of speech and place;
/// part of speech and kind of name of the source; how many likely cues are near; how the content ends.
pub(super) const FEATURES: [Column; 17] = [
    Column::few("p", 21),
    Column::few("mean", 11),
    Column::few("least", 11),
    Column::few("length", 8),
    Column::few("quoted", 5),
    Column::few("within", 10),
    Column::few("overlap", 6),
    Column::few("away", 16),
    Column::few("sure", 7),
    Column::few("side", 5),
    Column::few("runs", 6),
    Column::many("cue"),
    Column::few("tag", TAGS + 1),
    Column::few("place", 5),
    Column::many("who"),
    Column::few("crowd", 7),
    // A mark is identified by its hash.
    Column::few("edge", TAGS + 2),
];

/// Every attribute by itself, and pairs of those that tell most.
pub(super) fn templates() -> String {
    let names = FEATURES.map(|column| column.name);
    let mut templates: Vec<String> = names.iter().map(ToString::to_string).collect();
    for (i, first) in names.iter().enumerate().filter(|(i, _)| ![10, 12, 14, 16].contains(i)) {
        templates.extend(names[i + 1..].iter().map(|second| format!("{first}·{second}")));
    }
    templates.push(" p·mean·quoted p·within·overlap mean·away·quoted cue·side·quoted cue·away·quoted".to_owned());
    templates.join(" ")
}

/// The attributes of all frames, a row each in their order.
pub(super) fn describe(features: &Features, frames: &[Frame]) -> Columns {
    let mut columns = Columns::new(FEATURES.len());
    for (n, frame) in frames.iter().enumerate() {
        columns.push(&row(features, frames, n, frame));
    }
    columns.border();
    columns
}

/// Judges every frame: its `p` becomes the acceptor's.
pub(super) fn rescore(features: &Features, model: &Classifier, frames: &mut [Frame]) {
    let columns = describe(features, frames);
    for (n, frame) in frames.iter_mut().enumerate() {
        frame.p = model.probability(TokenView::absolute(&columns, BORDER_ROWS + n));
    }
}

/// Frames to either side that are asked what they claim: those further away hardly ever meet.
const NEIGHBOURS: usize = 12;

fn row(features: &Features, frames: &[Frame], n: usize, frame: &Frame) -> [u32; FEATURES.len()] {
    let head = frame.cue.unwrap_or(frame.from);
    let runs = frame.runs();
    let tokens = || runs.iter().cloned().flatten();
    let count = runs.iter().map(ExactSizeIterator::len).sum::<usize>().max(1) as f32;
    let mean = tokens().map(|t| frame.claim(t)).sum::<f32>() / count;
    let least = tokens().map(|t| frame.claim(t)).fold(1.0, f32::min);
    let quoted =
        tokens().filter(|&t| features.marks.positions.get(t) != Some(&MarkPosition::Outside)).count() as f32 / count;
    let near = n.saturating_sub(NEIGHBOURS)..(n + NEIGHBOURS).min(frames.len());
    let others = || frames[near.clone()].iter().filter(|other| other.cue != frame.cue);
    let within = others().filter(|o| o.holds(head)).map(|o| o.cue_p).fold(0.0, f32::max);
    let overlap = others()
        .filter(|o| o.cue_p >= frame.cue_p)
        .map(|o| runs.iter().map(|run| o.count_in(run.clone())).sum::<usize>() as f32 / count)
        .fold(0.0, f32::max);
    let crowd: f32 = others().filter(|o| o.cue.is_some_and(|c| c.abs_diff(head) < 12)).map(|o| o.cue_p).sum();
    let away = frame.source.map_or(0, |(start, end)| {
        1 + start.abs_diff(head).min((end - 1).abs_diff(head)).min(6) as u32 + 7 * u32::from(start > head)
    });
    let side = match (runs.first(), runs.last()) {
        (_, Some(run)) if run.end <= head => 1,
        (Some(run), _) if run.start > head => 2,
        (Some(_), _) => 3,
        (None, _) => 4,
    };
    let word = features.word(head);
    let who = frame.source.map_or(0, |(start, end)| {
        let name = (start..end).map(|t| features.name(t)).max().unwrap_or(0);
        1 + features.tag(end - 1) * 10 + name
    });
    let edge = runs.last().map_or(0, |last| {
        let next = features.word(last.end);
        1 + if features.is_word(last.end) { u32::from(next.entry.tag) } else { next.low | 1 << 20 }
    });
    [
        share(frame.cue_p, 20),
        share(mean, 10),
        share(least, 10),
        1 + (count as u32).min(60).checked_ilog2().map_or(0, |l| l + 1),
        1 + u32::from(quoted > 0.0) + u32::from(quoted > 0.5) + u32::from(quoted > 0.9),
        if within > 0.0 { share(within, 5) } else { 9 },
        share(overlap, 5),
        1 + away,
        share(frame.source_p, 6),
        side,
        1 + (runs.len() as u32).min(4),
        word.low,
        u32::from(word.entry.tag) + 1,
        features.marks.positions.get(head).copied().unwrap_or_default() as u32,
        1 + who,
        share(crowd / 2.0, 6),
        1 + edge,
    ]
}

/// A number from 0 to 1 as one of `steps` attributes.
fn share(value: f32, steps: u32) -> u32 {
    1 + (value.clamp(0.0, 0.9999) * steps as f32) as u32
}

//! Settles what the frames of an article claim: no token is said by two, a quoted stretch belongs to one as a whole, and
//! quotations without an attribution of their own go on with the last speaker.

use super::Steps;
use super::frame::{Frame, Origin};
use super::marks::{Place, Quoted};
use super::scene::Scene;

/// A frame that claims this share of a quoted stretch gets all of it.
const MOST_OF_IT: f32 = 0.4;

/// How sure it is that a quotation without attribution goes on with the last speaker.
const CARRIED_ON: f32 = 0.6;

/// Settles `learned` frames, in order of their cues, with those that `structure` gives, by these steps.
pub(super) fn settle(scene: &Scene, learned: Vec<Frame>, structure: Vec<Frame>, steps: Steps) -> Vec<Frame> {
    let mut frames = yield_to(scene, learned, &structure);
    if steps.nested {
        frames = drop_nested(scene, frames);
    }
    if steps.whole {
        keep_stretches_whole(scene, &mut frames);
    }
    if steps.surest {
        give_to_surest(scene, &mut frames);
    }
    frames.extend(structure);
    frames.retain(|frame| !frame.is_empty());
    frames.sort_by_key(|frame| (frame.tokens().next(), frame.cue));
    if steps.carry_on {
        carry_on(scene, &mut frames);
    }
    frames.sort_by_key(|frame| (frame.tokens().next(), frame.cue));
    frames
}

/// Takes from learned frames what the form of the text has given already.
fn yield_to(scene: &Scene, mut frames: Vec<Frame>, structure: &[Frame]) -> Vec<Frame> {
    if structure.is_empty() {
        return frames;
    }
    let mut given = vec![false; scene.text.tokens.len()];
    for frame in structure {
        frame.tokens().chain(frame.cue).for_each(|t| given[t] = true);
    }
    frames.retain(|frame| frame.cue.is_none_or(|cue| !given[cue]));
    for frame in &mut frames {
        let lost: Vec<usize> = frame.tokens().filter(|&t| given[t]).collect();
        for token in lost {
            frame.drop(token);
        }
    }
    frames.retain(|frame| !frame.is_empty());
    frames
}

/// Drops frames whose cue is part of what a surer one says.
fn drop_nested(scene: &Scene, frames: Vec<Frame>) -> Vec<Frame> {
    let mut said = vec![false; scene.text.tokens.len()];
    let mut order: Vec<usize> = (0..frames.len()).collect();
    order.sort_by(|&a, &b| frames[b].p.total_cmp(&frames[a].p).then(a.cmp(&b)));
    let mut kept = vec![false; frames.len()];
    for n in order {
        let frame = &frames[n];
        if frame.cue.is_some_and(|cue| said[cue]) {
            continue;
        }
        kept[n] = true;
        frame.tokens().for_each(|t| said[t] = true);
    }
    frames.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(frame, _)| frame).collect()
}

/// Gives each quoted stretch to the frame that claims most of it.
fn keep_stretches_whole(scene: &Scene, frames: &mut [Frame]) {
    let mut first = 0;
    for quoted in &scene.marks.quoted {
        let tokens = quoted.tokens();
        // Frames stand in order of their cues, so their windows start and end in order too.
        while frames.get(first).is_some_and(|f| f.from + f.content.len() <= tokens.start) {
            first += 1;
        }
        let mut best: Option<(usize, f32)> = None;
        let mut claimants = Vec::new();
        for (n, frame) in frames.iter().enumerate().skip(first).take_while(|(_, f)| f.from < tokens.end) {
            let overlap = tokens.start.max(frame.from)..tokens.end.min(frame.from + frame.content.len());
            if frame.cue.is_some_and(|cue| tokens.contains(&cue)) || !overlap.clone().any(|t| frame.holds(t)) {
                continue;
            }
            let claimed = overlap.map(|t| frame.claim(t)).sum::<f32>() / tokens.len() as f32;
            claimants.push(n);
            if best.is_none_or(|(_, most)| claimed > most) {
                best = Some((n, claimed));
            }
        }
        let Some((winner, claimed)) = best else { continue };
        if claimed > MOST_OF_IT {
            for n in claimants {
                if n == winner {
                    frames[n].take(tokens.clone());
                } else {
                    tokens.clone().for_each(|t| frames[n].drop(t));
                }
            }
        }
    }
}

/// Leaves every token to the frame that claims it most.
fn give_to_surest(scene: &Scene, frames: &mut [Frame]) {
    let mut most = vec![(0.0, usize::MAX); scene.text.tokens.len()];
    for (n, frame) in frames.iter().enumerate() {
        for token in frame.tokens() {
            if frame.claim(token) > most[token].0 || most[token].1 == usize::MAX {
                most[token] = (frame.claim(token), n);
            }
        }
    }
    for (n, frame) in frames.iter_mut().enumerate() {
        let lost: Vec<usize> = frame.tokens().filter(|&t| most[t].1 != n).collect();
        for token in lost {
            frame.drop(token);
        }
    }
}

/// Quotations of whole sentences that nobody claims go on with the speaker of the last one, if that was in this or the
/// paragraph before. A stretch that only goes on because its paragraph ended belongs to the same quotation.
fn carry_on(scene: &Scene, frames: &mut Vec<Frame>) {
    let mut owner = vec![usize::MAX; scene.text.tokens.len()];
    for (n, frame) in frames.iter().enumerate() {
        frame.tokens().for_each(|t| owner[t] = n);
    }
    let mut last: Option<(usize, u32)> = None;
    let mut before: Option<Quoted> = None;
    for &quoted in &scene.marks.quoted {
        let running = before.is_some_and(|b| runs_on(scene, b, quoted));
        before = Some(quoted);
        let words: Vec<usize> = quoted.inside().filter(|&t| scene.is_word(t)).collect();
        if words.len() < 3 {
            continue;
        }
        let paragraph = scene.paragraph(quoted.open as usize);
        if let Some(n) = majority(&words, &owner) {
            last = Some((n, scene.paragraph(quoted.inside().end.saturating_sub(1))));
            continue;
        }
        let Some((n, spoken)) = last else { continue };
        if words.iter().any(|&t| owner[t] != usize::MAX) || paragraph.saturating_sub(spoken) > 1 {
            continue;
        }
        if running {
            quoted.tokens().for_each(|t| owner[t] = n);
            frames[n].take(quoted.tokens());
            last = Some((n, paragraph));
        } else if is_whole_sentence(scene, quoted) && frames[n].source.is_some() {
            let source = frames[n].source;
            frames.push(Frame::ruled(quoted.tokens(), None, source, CARRIED_ON, Origin::Continuation));
            last = Some((frames.len() - 1, paragraph));
        }
    }
}

/// The frame that holds more than half of the words.
fn majority(words: &[usize], owner: &[usize]) -> Option<usize> {
    let mut held: Vec<usize> = words.iter().map(|&t| owner[t]).filter(|&n| n != usize::MAX).collect();
    held.sort_unstable();
    held.chunk_by(|a, b| a == b).find(|run| 2 * run.len() > words.len()).map(|run| run[0])
}

/// True if `next` goes on with what `quoted` left open at the end of the paragraph before.
fn runs_on(scene: &Scene, quoted: Quoted, next: Quoted) -> bool {
    let (one, two) = (scene.paragraph(quoted.open as usize), scene.paragraph(next.open as usize));
    let starts = scene.text.paragraphs.get(two as usize).is_some_and(|p| p.first == next.open);
    !quoted.closed && one + 1 == two && starts
}

fn is_whole_sentence(scene: &Scene, quoted: Quoted) -> bool {
    let inside = quoted.inside();
    let starts = scene.text.word(inside.start).starts_with(char::is_uppercase);
    let ends = inside.end > 0 && scene.text.word(inside.end - 1).starts_with(['.', '!', '?']);
    let place = scene.marks.places.get(quoted.open as usize);
    starts && ends && place == Some(&Place::Opens)
}

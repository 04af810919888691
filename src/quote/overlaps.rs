//! Resolves overlaps between frames: a token belongs to one frame only, and a quoted stretch to one frame as a whole.

use super::continuation::{Introduction, attribute_unclaimed};
use super::cue_features::REACH;
use super::features::Features;
use super::frame::{Frame, Origin};
use super::steps::Steps;

/// A frame that claims this share of a quoted stretch, or of as much as a frame may reach, gets all of it.
const MAJORITY: f32 = 0.4;

/// Settles `learned` frames, in order of their cues, with those that `structure` gives, by these steps.
pub(super) fn resolve(
    features: &Features,
    learned: Vec<Frame>,
    introductions: &[Introduction],
    structure: Vec<Frame>,
    steps: Steps,
) -> Vec<Frame> {
    let mut frames = leave_to_structure(features, learned, &structure);
    if steps.nested {
        frames = drop_nested(features, frames);
    }
    if steps.whole {
        keep_stretches_whole(features, &mut frames);
    }
    if steps.surest {
        give_to_most_certain(features, &mut frames);
    }
    frames.extend(structure);
    frames.retain(|frame| !frame.is_empty());
    frames.sort_by_key(|frame| (frame.tokens().next(), frame.cue));
    if steps.attribute_unclaimed {
        attribute_unclaimed(features, introductions, &mut frames);
    }
    frames.sort_by_key(|frame| (frame.tokens().next(), frame.cue));
    frames
}

/// Takes from learned frames what the form of the text has given already.
fn leave_to_structure(features: &Features, mut frames: Vec<Frame>, structure: &[Frame]) -> Vec<Frame> {
    if structure.is_empty() {
        return frames;
    }
    let mut given = vec![false; features.text.tokens.len()];
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

/// Drops frames whose cue is part of what a surer one says, or describes who says it: `Backers supporting Ray said`.
pub(super) fn drop_nested(features: &Features, frames: Vec<Frame>) -> Vec<Frame> {
    let mut said = vec![false; features.text.tokens.len()];
    let mut describes = said.clone();
    let mut order: Vec<usize> = (0..frames.len()).collect();
    order.sort_by(|&a, &b| frames[b].p.total_cmp(&frames[a].p).then(a.cmp(&b)));
    let mut kept = vec![false; frames.len()];
    for n in order {
        let frame = &frames[n];
        let is_learned = frame.origin == Origin::Learned;
        if frame.cue.is_some_and(|cue| said[cue] || is_learned && describes[cue]) {
            continue;
        }
        kept[n] = true;
        frame.tokens().for_each(|t| said[t] = true);
        if let Some((start, end)) = frame.source.filter(|_| is_learned) {
            describes[start..end].fill(true);
        }
    }
    frames.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(frame, _)| frame).collect()
}

/// Gives each quoted stretch to the frame that claims most of it.
fn keep_stretches_whole(features: &Features, frames: &mut [Frame]) {
    let mut first = 0;
    for quoted in &features.marks.quoted {
        let tokens = quoted.tokens();
        // Frames are in order of their cues, so their windows start and end in order too.
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
            let claimed = overlap.map(|t| frame.claim(t)).sum::<f32>() / tokens.len().min(REACH) as f32;
            claimants.push(n);
            if best.is_none_or(|(_, most)| claimed > most) {
                best = Some((n, claimed));
            }
        }
        let Some((winner, claimed)) = best else { continue };
        if claimed > MAJORITY {
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
fn give_to_most_certain(features: &Features, frames: &mut [Frame]) {
    let mut most = vec![(0.0, usize::MAX); features.text.tokens.len()];
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::continuation::introductions;
    use crate::quote::frame::{Origin, shown};
    use crate::tagger::Words;
    use crate::text::{Text, paragraphs};

    /// Settles one frame, with `cue`, the word before it as source, and `content` (which may be empty), and lists
    /// every outcome as `source: content`.
    #[track_caller]
    fn check(raw: &str, cue: &str, content: &str, expect: &[&str]) {
        let text = Text::new(raw, &paragraphs(raw));
        let (mut words, mut ids) = (Words::default(), Vec::new());
        words.read(&text, &mut ids);
        let features = Features::new(&text, &words, &ids, &[]);
        let head = (0..ids.len()).find(|&t| text.word(t) == cue).unwrap();
        let at = raw.find(content).unwrap();
        let within = |t: &usize| {
            let span = text.tokens[*t].span;
            span.start as usize >= at && (span.end as usize) <= at + content.len()
        };
        let said: Vec<usize> = (0..ids.len()).filter(within).collect();
        let range = said.first().map_or(0..0, |first| *first..said.last().unwrap() + 1);
        let frame = Frame::from_rule(range, Some(head), Some((head - 1, head)), 0.9, Origin::Learned);
        let introductions = introductions(std::slice::from_ref(&frame));
        let frames = resolve(&features, vec![frame], &introductions, Vec::new(), Steps::ALL);
        assert_eq!(shown(&frames, &text), expect);
    }

    #[test]
    fn a_stretch_goes_whole_to_who_claims_most() {
        check("“We go now,” Ann said.", "said", "We go now", &["Ann: “We go now,”"]);
    }

    #[test]
    fn a_running_quotation_is_one_wherever_its_attribution_stands() {
        check(
            "“One thing,” Ann said.\n\n“It rained all day.",
            "said",
            "“One thing,”",
            &["Ann: “One thing,”", "Ann: “It rained all day."],
        );
        check(
            "“One thing, I said.\n\n“Two things,” Ann added.",
            "added",
            "“Two things,”",
            &["Ann: “One thing, I said.\n\n“Two things,”"],
        );
    }

    #[test]
    fn what_goes_on_after_the_attribution_is_the_same_quotation() {
        check(
            "“One thing is sure,” Ann said. “It rained all day.”",
            "said",
            "“One thing is sure,”",
            &["Ann: “One thing is sure,” … “It rained all day.”"],
        );
        check(
            "“One thing is sure,” Ann said. Then, from the door: “It rained all day.”",
            "said",
            "“One thing is sure,”",
            &["Ann: “One thing is sure,”"],
        );
    }

    #[test]
    fn a_cue_introduces_the_paragraph_after_it() {
        check("In the log Ann wrote:\n\n“It rained all day.”", "wrote", "", &["Ann: “It rained all day.”"]);
        check("Ann wrote a log. It is lost.\n\n“It rained all day.”", "wrote", "", &[": “It rained all day.”"]);
    }
}

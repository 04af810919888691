//! Settles what the frames of an article claim: no token is said by two, a quoted stretch belongs to one as a whole, and
//! quotations without an attribution of their own go on with the last speaker.

use super::cue::INTRODUCES;
use super::frame::{Frame, Origin};
use super::marks::{Place, Quoted};
use super::scene::{BODY, PERSON, Scene};
use super::steps::Steps;

/// A frame that claims this share of a quoted stretch gets all of it.
const MOST_OF_IT: f32 = 0.4;

/// How sure it is that a quotation without attribution goes on with the last speaker.
const CARRIED_ON: f32 = 0.6;

/// A likely cue with a source, whatever its content: `She wrote in the log:` before a quotation in a paragraph of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Introduction {
    cue: usize,
    source: (usize, usize),
}

/// Those of the frames, before any was dropped, that may introduce a quotation, in order of their cues.
pub(super) fn introductions(frames: &[Frame]) -> Vec<Introduction> {
    let likely = frames.iter().filter(|frame| frame.cue_p >= INTRODUCES);
    likely.filter_map(|frame| Some(Introduction { cue: frame.cue?, source: frame.source? })).collect()
}

/// Settles `learned` frames, in order of their cues, with those that `structure` gives, by these steps.
pub(super) fn settle(
    scene: &Scene,
    learned: Vec<Frame>,
    introductions: &[Introduction],
    structure: Vec<Frame>,
    steps: Steps,
) -> Vec<Frame> {
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
        carry_on(scene, introductions, &mut frames);
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
/// paragraph before, or belong to the cue in that paragraph that introduces them. A stretch that only goes on because its
/// paragraph ended belongs to the same quotation.
fn carry_on(scene: &Scene, introductions: &[Introduction], frames: &mut Vec<Frame>) {
    let mut owner = vec![usize::MAX; scene.text.tokens.len()];
    for (n, frame) in frames.iter().enumerate() {
        frame.tokens().for_each(|t| owner[t] = n);
    }
    run_back(scene, frames, &mut owner);
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
        if words.iter().any(|&t| owner[t] != usize::MAX) {
            continue;
        }
        let spoken = last.filter(|(_, spoken)| paragraph.saturating_sub(*spoken) <= 1);
        let introduced = introduced(scene, introductions, quoted);
        if let (true, Some((n, _))) = (running, spoken) {
            quoted.tokens().for_each(|t| owner[t] = n);
            frames[n].take(quoted.tokens());
            last = Some((n, paragraph));
        } else if let Some(by) = introduced.filter(|by| spoken.is_none_or(|(n, _)| says_before(&frames[n], *by))) {
            let source = Some(by.source);
            frames.push(Frame::ruled(quoted.tokens(), Some(by.cue), source, CARRIED_ON, Origin::Introduced));
            last = Some((frames.len() - 1, paragraph));
        } else if let Some((colon, source)) = before_colon(scene, quoted) {
            frames.push(Frame::ruled(quoted.tokens(), Some(colon), Some(source), CARRIED_ON, Origin::Learned));
            last = Some((frames.len() - 1, paragraph));
        } else if let Some((n, _)) = spoken.filter(|(n, _)| follows_attribution(scene, &frames[*n], quoted)) {
            quoted.tokens().for_each(|t| owner[t] = n);
            frames[n].take(quoted.tokens());
            last = Some((n, paragraph));
        } else if let Some((n, _)) =
            spoken.filter(|(n, _)| is_whole_sentence(scene, quoted) && frames[*n].source.is_some())
        {
            let source = frames[n].source;
            frames.push(Frame::ruled(quoted.tokens(), None, source, CARRIED_ON, Origin::Continuation));
            last = Some((frames.len() - 1, paragraph));
        }
    }
}

/// Where a quotation runs over paragraphs and its attribution stands in the last one, what was said before belongs to it.
fn run_back(scene: &Scene, frames: &mut [Frame], owner: &mut [usize]) {
    for pair in scene.marks.quoted.windows(2).rev() {
        let &[first, next] = pair else { continue };
        if !runs_on(scene, first, next) || first.inside().any(|t| owner[t] != usize::MAX) {
            continue;
        }
        let words: Vec<usize> = next.inside().filter(|&t| scene.is_word(t)).collect();
        let attributed = majority(&words, owner).filter(|&n| frames[n].origin == Origin::Learned);
        if let Some(n) = attributed {
            first.tokens().for_each(|t| owner[t] = n);
            frames[n].take(first.tokens());
        }
    }
}

/// The last cue of the paragraph before one that a quotation fills, if no quotation stands behind the cue.
fn introduced(scene: &Scene, introductions: &[Introduction], quoted: Quoted) -> Option<Introduction> {
    let number = scene.paragraph(quoted.open as usize) as usize;
    let paragraph = scene.text.paragraphs.get(number)?;
    let fills = paragraph.first == quoted.open && quoted.tokens().end == paragraph.end as usize;
    let before = scene.text.paragraphs.get(number.checked_sub(1)?)?;
    let last = introductions[..introductions.partition_point(|i| i.cue < before.end as usize)].last()?;
    let ends = scene.sentence(last.cue) == scene.sentence(before.end.checked_sub(1)? as usize);
    let quotes = (last.cue..before.end as usize).any(|t| scene.marks.stretch[t] != 0);
    (fills && ends && last.cue >= before.first as usize && !quotes).then_some(*last)
}

/// True if the frame is another one, and all that it says stands before the introduction.
fn says_before(frame: &Frame, by: Introduction) -> bool {
    frame.cue != Some(by.cue) && frame.tokens().all(|t| t < by.cue)
}

/// `“A,” she said. “B.”`: true if the quotation is the sentence after that of the frame's cue, whose content it goes on with.
fn follows_attribution(scene: &Scene, frame: &Frame, quoted: Quoted) -> bool {
    let open = quoted.open as usize;
    let starts = open > 0 && scene.sentence(open - 1) + 1 == scene.sentence(open);
    let told = frame.cue.is_some_and(|cue| starts && scene.sentence(cue) == scene.sentence(open - 1));
    let quotes = frame.tokens().any(|t| scene.marks.stretch[t] != 0);
    told && quotes && frame.origin == Origin::Learned && scene.paragraph(open - 1) == scene.paragraph(open)
}

/// `Ann Ray, fuming: “No.”`: the colon before a quotation and the first person or body named in its sentence.
fn before_colon(scene: &Scene, quoted: Quoted) -> Option<(usize, (usize, usize))> {
    let colon = (quoted.open as usize).checked_sub(1).filter(|&t| scene.text.word(t) == ":")?;
    let start = scene.text.sentences.get(scene.sentence(colon) as usize)?.first as usize;
    let named = (start..colon).find(|&t| matches!(scene.name(t), PERSON | BODY) && scene.marks.stretch[t] == 0)?;
    let end = (named..colon).find(|&t| scene.name(t) != scene.name(named)).unwrap_or(colon);
    Some((colon, (named, end)))
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

/// True if the quotation starts a sentence of the article, with a capital, and ends one: nothing before it introduces it.
fn is_whole_sentence(scene: &Scene, quoted: Quoted) -> bool {
    let inside = quoted.inside();
    let goes_on = quoted.open > 0 && scene.sentence(quoted.open as usize - 1) == scene.sentence(quoted.open as usize);
    let starts = !goes_on && scene.text.word(inside.start).starts_with(char::is_uppercase);
    let ends = inside.end > 0 && scene.text.word(inside.end - 1).starts_with(['.', '!', '?']);
    let place = scene.marks.places.get(quoted.open as usize);
    starts && ends && place == Some(&Place::Opens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagger::Words;
    use crate::text::{Text, paragraphs};

    /// Settles one frame, with `cue`, the word before it as source, and `content` (which may be empty), and lists
    /// every outcome as `source: content`.
    #[track_caller]
    fn check(raw: &str, cue: &str, content: &str, expect: &[&str]) {
        let text = Text::new(raw, &paragraphs(raw));
        let (mut words, mut ids) = (Words::default(), Vec::new());
        words.read(&text, &mut ids);
        let scene = Scene::new(&text, &words, &ids, &[]);
        let head = (0..ids.len()).find(|&t| text.word(t) == cue).unwrap();
        let at = raw.find(content).unwrap();
        let within = |t: &usize| {
            let span = text.tokens[*t].span;
            span.start as usize >= at && (span.end as usize) <= at + content.len()
        };
        let said: Vec<usize> = (0..ids.len()).filter(within).collect();
        let range = said.first().map_or(0..0, |first| *first..said.last().unwrap() + 1);
        let frame = Frame::ruled(range, Some(head), Some((head - 1, head)), 0.9, Origin::Learned);
        let introductions = introductions(std::slice::from_ref(&frame));
        let frames = settle(&scene, vec![frame], &introductions, Vec::new(), Steps::ALL);
        let cover = |tokens: std::ops::Range<usize>| {
            let (first, last) = (text.tokens[tokens.start].span, text.tokens[tokens.end - 1].span);
            first.cover(last).of(raw)
        };
        let show = |frame: &Frame| {
            let source = frame.source.map_or("", |(start, end)| cover(start..end));
            format!("{source}: {}", frame.runs().into_iter().map(cover).collect::<Vec<_>>().join(" … "))
        };
        assert_eq!(frames.iter().map(show).collect::<Vec<_>>(), expect);
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
        check("Ann wrote a log. It is lost.\n\n“It rained all day.”", "wrote", "", &[]);
    }
}

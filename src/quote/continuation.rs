//! Quotations without an attribution of their own: they go on with the last speaker, or belong to whom the sentences before
//! them introduce or talk of.

use rustc_hash::FxHashMap;

use crate::language::english;

use super::beside_marks::{
    as_somebody_put_it, before_colon, before_comma, behind, behind_comma, named_before_dash, stops_behind,
};
use super::cue::INTRODUCES;
use super::features::{Features, PERSON, VERB};
use super::frame::{Frame, Origin};
use super::marks::{MarkPosition, Quoted};
use super::postprocess::comes_the_answer;

/// So many sentences before a quotation are asked whom they talk of.
const TOPIC_SENTENCES: usize = 3;

/// The subject of a sentence is among its first so many tokens.
const SUBJECT: usize = 7;

/// Shorter stretches in quotation marks may be titles, terms and scare quotes.
const LEAST_WORDS: usize = 3;

/// A sentence that is nothing but an attribution has at most so many tokens.
const SHORT_ATTRIBUTION: usize = 9;

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
    let likely = frames.iter().filter(|frame| frame.cue_p >= INTRODUCES && frame.is_most_likely());
    likely.filter_map(|frame| Some(Introduction { cue: frame.cue?, source: frame.source? })).collect()
}

/// Quotations of whole sentences without a source continue the speaker of the last one, if that was in this or the
/// paragraph before, or belong to whom the sentences before them introduce. A stretch that only goes on because its
/// paragraph ended belongs to the same quotation.
pub(super) fn attribute_unclaimed(features: &Features, introductions: &[Introduction], frames: &mut Vec<Frame>) {
    let mut continuation = Continuation::new(features, introductions, std::mem::take(frames));
    continuation.join_backwards();
    let mut before: Option<Quoted> = None;
    for &quoted in &features.marks.quoted {
        let running = before.is_some_and(|b| runs_on(features, b, quoted));
        continuation.assign(quoted, running);
        before = Some(quoted);
    }
    *frames = continuation.frames;
}

/// Attributes quotations in the order of the text.
struct Continuation<'s> {
    features: &'s Features<'s>,
    introductions: &'s [Introduction],
    frames: Vec<Frame>,
    /// For each token, the frame that holds it; [`NOBODY`] if none does.
    owner: Vec<usize>,
    /// Learned frames by the sentence of their cue, the first of each.
    by_sentence: FxHashMap<u32, usize>,
    /// Learned frames by the token with which their attribution starts: its source or its cue.
    by_attribution: FxHashMap<usize, usize>,
    /// The frame that spoke last, and the paragraph in which it did.
    last: Option<(usize, u32)>,
}

/// The owner of tokens that no frame holds.
const NOBODY: usize = usize::MAX;

/// The frame that a quotation belongs to.
enum Belongs {
    /// It is part of what this frame says.
    To(usize),
    /// It is a frame of its own.
    Alone(Frame),
}

impl<'s> Continuation<'s> {
    fn new(features: &'s Features<'s>, introductions: &'s [Introduction], frames: Vec<Frame>) -> Self {
        let mut owner = vec![NOBODY; features.text.tokens.len()];
        let (mut by_sentence, mut by_attribution) = (FxHashMap::default(), FxHashMap::default());
        for (n, frame) in frames.iter().enumerate() {
            frame.tokens().for_each(|t| owner[t] = n);
            if let Some(cue) = frame.cue {
                by_sentence.entry(features.sentence(cue)).or_insert(n);
                by_attribution.insert(frame.source.map_or(cue, |(source, _)| source.min(cue)), n);
            }
        }
        Continuation { features, introductions, frames, owner, by_sentence, by_attribution, last: None }
    }

    /// Records the frame that holds a stretch in quotation marks; attributes the stretch if no frame does. It is `running` if it
    /// goes on with one that was left open.
    fn assign(&mut self, quoted: Quoted, running: bool) {
        let words: Vec<usize> = quoted.inside().filter(|&t| self.features.is_word(t)).collect();
        if let Some(n) = majority(&words, &self.owner).filter(|_| words.len() >= LEAST_WORDS) {
            self.last = Some((n, self.features.paragraph(quoted.inside().end.saturating_sub(1))));
            return;
        }
        if words.is_empty() || words.iter().any(|&t| self.owner[t] != NOBODY) {
            return;
        }
        let long = words.len() >= LEAST_WORDS;
        let n = match if long { self.belongs(quoted, running) } else { self.short_belongs(quoted) } {
            Some(Belongs::To(n)) => {
                quoted.tokens().for_each(|t| self.owner[t] = n);
                self.frames[n].take(quoted.tokens());
                n
            }
            Some(Belongs::Alone(frame)) => {
                self.frames.push(frame);
                self.frames.len() - 1
            }
            None => return,
        };
        self.last = Some((n, self.features.paragraph(quoted.open as usize)));
    }

    /// The frame that spoke last, in this paragraph or the one before.
    fn spoken(&self, quoted: Quoted) -> Option<usize> {
        let paragraph = self.features.paragraph(quoted.open as usize);
        self.last.filter(|(_, spoken)| paragraph.saturating_sub(*spoken) <= 1).map(|(n, _)| n)
    }

    fn belongs(&self, quoted: Quoted, running: bool) -> Option<Belongs> {
        let features = self.features;
        let spoken = self.spoken(quoted);
        if let (true, Some(n)) = (running, spoken) {
            return Some(Belongs::To(n));
        }
        let from_rule = |cue, source, origin| {
            Some(Belongs::Alone(Frame::from_rule(quoted.tokens(), cue, source, CARRIED_ON, origin)))
        };
        if comes_the_answer(features, quoted.tokens().end) {
            return from_rule(Some(quoted.tokens().end), None, Origin::Learned);
        }
        let introduced = introduced(features, self.introductions, quoted);
        if let Some(by) = introduced.filter(|by| spoken.is_none_or(|n| says_before(&self.frames[n], *by))) {
            return from_rule(Some(by.cue), Some(by.source), Origin::Introduced);
        }
        if let Some((cue, source)) = before_colon(features, quoted)
            .or_else(|| before_comma(features, quoted))
            .or_else(|| as_somebody_put_it(features, quoted))
        {
            return from_rule(Some(cue), Some(source), Origin::Learned);
        }
        if let Some(source) = named_before_dash(features, quoted) {
            return from_rule(None, Some(source), Origin::Learned);
        }
        if let Some(n) = self.joined(quoted) {
            return Some(Belongs::To(n));
        }
        if let Some(n) = self.attributed_behind(quoted) {
            return Some(Belongs::To(n));
        }
        if let Some(n) = self.attributed_in_next_sentence(quoted) {
            return Some(Belongs::To(n));
        }
        if let Some((cue, source)) = behind_comma(features, quoted) {
            return from_rule(Some(cue), Some(source), Origin::Learned);
        }
        if let Some(n) =
            spoken.filter(|&n| follows_attribution(features, &self.frames[n], quoted) || self.goes_on(n, quoted))
        {
            return Some(Belongs::To(n));
        }
        if !is_whole_sentence(features, quoted) {
            return None;
        }
        if let Some(source) = self.topic_of(quoted) {
            return from_rule(None, Some(source), Origin::Continuation);
        }
        let fills = fills_paragraph(features, quoted);
        match spoken {
            Some(n) if !(fills && self.asks(n)) => {
                let source = self.frames[n].source;
                source.and_then(|source| from_rule(None, Some(source), Origin::Continuation))
            }
            Some(_) | None if fills => {
                let source = if spoken.is_none() { self.topic_before(quoted) } else { None };
                from_rule(None, source, Origin::Continuation)
            }
            Some(_) | None => None,
        }
    }

    /// To whom a stretch of one or two words belongs, which may be no quotation at all.
    fn short_belongs(&self, quoted: Quoted) -> Option<Belongs> {
        let spoken = self.spoken(quoted).is_some();
        let alone =
            |cue, source, origin| Belongs::Alone(Frame::from_rule(quoted.tokens(), cue, source, CARRIED_ON, origin));
        let answer = spoken && is_whole_sentence(self.features, quoted) && fills_paragraph(self.features, quoted);
        let told =
            || behind_comma(self.features, quoted).filter(|(cue, _)| Some(*cue) == behind(self.features, quoted));
        if comes_the_answer(self.features, quoted.tokens().end) {
            return Some(alone(Some(quoted.tokens().end), None, Origin::Learned));
        }
        let learned = self.attributed_behind(quoted).map(Belongs::To);
        learned
            .or_else(|| told().map(|(cue, source)| alone(Some(cue), Some(source), Origin::Learned)))
            .or_else(|| answer.then(|| alone(None, None, Origin::Continuation)))
    }

    /// `“A,” says Ann Ray, “b.”`: true if the quotation goes on in the sentence of the frame's attribution, after a comma.
    fn goes_on(&self, n: usize, quoted: Quoted) -> bool {
        let open = quoted.open as usize;
        let same = |cue: usize| cue < open && self.features.sentence(cue) == self.features.sentence(open);
        open > 0
            && self.features.text.word(open - 1) == ","
            && self.frames[n].cue.is_some_and(same)
            && self.frames[n].tokens().next().is_some_and(|first| self.features.marks.stretch[first] != 0)
    }

    /// `She told of those whom nobody sees -- “the cook, the clerk.”`: the frame that holds what is before a dash or *and*.
    fn joined(&self, quoted: Quoted) -> Option<usize> {
        let features = self.features;
        let joint = (quoted.open as usize).checked_sub(1)?;
        let before = match features.text.word(joint) {
            "—" | "–" | "--" | "-" => joint.checked_sub(1)?,
            "and" | "but" | "or" => {
                let last = joint.checked_sub(1)?;
                last - usize::from(features.text.word(last) == ",")
            }
            _ => return None,
        };
        let n = self.owner.get(before).copied().filter(|&n| n != NOBODY)?;
        let told = self.frames[n].cue.is_some_and(|cue| cue < before);
        (told && features.sentence(before) == features.sentence(quoted.open as usize)).then_some(n)
    }

    /// Whom the last sentence of the paragraph before a quotation that fills its own talks of: `Ray was not amused.`
    fn topic_before(&self, quoted: Quoted) -> Option<(usize, usize)> {
        let features = self.features;
        let number = (features.paragraph(quoted.open as usize) as usize).checked_sub(1)?;
        let last = (features.text.paragraphs.get(number)?.end as usize).checked_sub(1)?;
        let number = features.sentence(last);
        let sentence = features.text.sentences.get(number as usize)?;
        let told = self.by_sentence.get(&number).and_then(|&n| self.frames[n].source);
        told.or_else(|| subject(features, sentence.tokens()))
    }

    /// The frame whose attribution is right after a quotation that ends with a comma: `“Integrity,” one of them said`.
    fn attributed_behind(&self, quoted: Quoted) -> Option<usize> {
        self.by_attribution.get(&behind(self.features, quoted)?).copied()
    }

    /// `“A.” Ann Ray said to cheers. “B.”`: the frame whose attribution is the short sentence between two quotations.
    fn attributed_in_next_sentence(&self, quoted: Quoted) -> Option<usize> {
        let features = self.features;
        let start = quoted.tokens().end;
        let n = self.by_attribution.get(&start).copied()?;
        let sentence = features.text.sentences.get(features.sentence(start) as usize)?;
        let whole = sentence.first as usize == start && sentence.tokens().len() <= SHORT_ATTRIBUTION;
        let next = features.marks.positions.get(sentence.end as usize) == Some(&MarkPosition::Opens);
        let own = self.frames[n].tokens().any(|t| sentence.tokens().contains(&t));
        (whole && next && !own && features.paragraph(start) == features.paragraph(quoted.open as usize)).then_some(n)
    }

    /// True if the frame asks something: whoever speaks in the next paragraph is somebody else.
    fn asks(&self, n: usize) -> bool {
        self.frames[n].cue.is_some_and(|cue| english().quotes.asks.contains(self.features.text.word(cue)))
    }

    /// Where a quotation runs over paragraphs and its attribution is in the last one, what was said before belongs to
    /// it.
    fn join_backwards(&mut self) {
        let mut joined = Vec::new();
        for pair in self.features.marks.quoted.windows(2).rev() {
            let &[first, next] = pair else { continue };
            if !runs_on(self.features, first, next) || first.inside().any(|t| self.owner[t] != NOBODY) {
                continue;
            }
            let words: Vec<usize> = next.inside().filter(|&t| self.features.is_word(t)).collect();
            let attributed = majority(&words, &self.owner).filter(|&n| self.frames[n].origin == Origin::Learned);
            if let Some(n) = attributed {
                first.tokens().for_each(|t| self.owner[t] = n);
                joined.push((n, first));
            }
        }
        // The first stretch of a frame comes first: then it grows at its start once only.
        for (n, quoted) in joined.into_iter().rev() {
            self.frames[n].take(quoted.tokens());
        }
    }

    /// `Ann Ray was unimpressed. “Twelve years.”`: whom the sentences before a quotation in its paragraph talk of, the
    /// nearest first, by whom they attribute something to or by their subject; none if they quote somebody themselves.
    fn topic_of(&self, quoted: Quoted) -> Option<(usize, usize)> {
        let features = self.features;
        let paragraph = features.text.paragraphs.get(features.paragraph(quoted.open as usize) as usize)?;
        let number = features.sentence(quoted.open as usize);
        let nearest =
            (0..number).rev().take(TOPIC_SENTENCES).map_while(|n| Some((n, features.text.sentences.get(n as usize)?)));
        for (n, sentence) in nearest.take_while(|(_, sentence)| sentence.first >= paragraph.first) {
            if sentence.tokens().any(|t| features.marks.stretch[t] != 0 && self.owner[t] != NOBODY) {
                return None;
            }
            let told = self.by_sentence.get(&n).and_then(|&n| self.frames[n].source);
            let source = told.or_else(|| subject(features, sentence.tokens()));
            if source.is_some() {
                return source;
            }
        }
        None
    }
}

/// The last cue of the paragraph before one that a quotation fills, if no quotation is after the cue.
fn introduced(features: &Features, introductions: &[Introduction], quoted: Quoted) -> Option<Introduction> {
    let number = features.paragraph(quoted.open as usize) as usize;
    let fills = fills_paragraph(features, quoted);
    let before = features.text.paragraphs.get(number.checked_sub(1)?)?;
    let last = introductions[..introductions.partition_point(|i| i.cue < before.end as usize)].last()?;
    let ends = features.sentence(last.cue) == features.sentence(before.end.checked_sub(1)? as usize);
    let quotes = (last.cue..before.end as usize).any(|t| features.marks.stretch[t] != 0);
    (fills && ends && last.cue >= before.first as usize && !quotes).then_some(*last)
}

/// True if the frame is another one, and all that it says is before the introduction.
fn says_before(frame: &Frame, by: Introduction) -> bool {
    frame.cue != Some(by.cue) && frame.last().is_none_or(|last| last < by.cue)
}

/// `“A,” she said. “B.”`: true if the quotation is the sentence after that of the frame's cue, whose content it goes on with.
fn follows_attribution(features: &Features, frame: &Frame, quoted: Quoted) -> bool {
    let open = quoted.open as usize;
    let starts = open > 0 && features.sentence(open - 1) + 1 == features.sentence(open);
    let told = frame.cue.is_some_and(|cue| starts && features.sentence(cue) == features.sentence(open - 1));
    let quotes = frame.tokens().any(|t| features.marks.stretch[t] != 0);
    told && quotes && frame.origin == Origin::Learned && features.paragraph(open - 1) == features.paragraph(open)
}

/// The person that a sentence starts with, by name or pronoun.
fn subject(features: &Features, sentence: std::ops::Range<usize>) -> Option<(usize, usize)> {
    let mut first = sentence.start;
    if matches!(features.text.word(first), "He" | "She") {
        return Some((first, first + 1));
    }
    // `On “The Hour,” Ann Ray was not amused.`
    if matches!(features.text.word(first), "On" | "In")
        && features.marks.stretch.get(first + 1).is_some_and(|&s| s != 0)
    {
        first += 1 + sentence.clone().skip(1).take_while(|&t| features.marks.stretch[t] != 0).count();
    }
    let start = (first..sentence.end).take(SUBJECT).find(|&t| features.name(t) == PERSON)?;
    let plain = (first..start).any(|t| features.text.word(t) == "," || features.is(t, VERB));
    let end = (start..sentence.end).find(|&t| features.name(t) != PERSON).unwrap_or(sentence.end);
    (!plain).then_some((start, end))
}

/// The frame that holds more than half of the words.
fn majority(words: &[usize], owner: &[usize]) -> Option<usize> {
    let mut held: Vec<usize> = words.iter().map(|&t| owner[t]).filter(|&n| n != usize::MAX).collect();
    held.sort_unstable();
    held.chunk_by(|a, b| a == b).find(|run| 2 * run.len() > words.len()).map(|run| run[0])
}

/// True if `next` goes on with what `quoted` left open at the end of the paragraph before.
fn runs_on(features: &Features, quoted: Quoted, next: Quoted) -> bool {
    let (one, two) = (features.paragraph(quoted.open as usize), features.paragraph(next.open as usize));
    let starts = features.text.paragraphs.get(two as usize).is_some_and(|p| p.first == next.open);
    !quoted.closed && one + 1 == two && starts
}

/// True if the quotation is a paragraph by itself.
fn fills_paragraph(features: &Features, quoted: Quoted) -> bool {
    let paragraph = features.text.paragraphs.get(features.paragraph(quoted.open as usize) as usize);
    let end = quoted.tokens().end;
    let behind = end + usize::from(stops_behind(features, quoted));
    paragraph.is_some_and(|p| p.first == quoted.open && (end..=behind).contains(&(p.end as usize)))
}

/// True if the quotation starts a sentence of the article, with a capital, and ends one: nothing before it introduces it.
fn is_whole_sentence(features: &Features, quoted: Quoted) -> bool {
    let inside = quoted.inside();
    let goes_on =
        quoted.open > 0 && features.sentence(quoted.open as usize - 1) == features.sentence(quoted.open as usize);
    let starts = !goes_on && features.text.word(inside.start).starts_with(char::is_uppercase);
    let stops = inside.end > 0 && features.text.word(inside.end - 1).starts_with(['.', '!', '?']);
    let ends = stops || stops_behind(features, quoted);
    let place = features.marks.positions.get(quoted.open as usize);
    starts && ends && place == Some(&MarkPosition::Opens)
}

//! What the acceptor sees of a frame: what its cue classifier and the frame tagger could not see.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::cue;
use super::features::{AUXILIARY, Features, VERB};
use super::frame::Frame;
use super::marks::MarkPosition;
use crate::language::english;

/// Numbers that describe a frame.
pub(super) const COUNT: usize = 61;

/// Frames to either side that are compared with a frame: those further away hardly ever meet.
const NEIGHBOURS: usize = 30;

/// No source, no such token.
const NONE: f32 = -1.0;

/// The numbers of the frames of each cue of an article; frames are in order of their cues, the most likely one of a cue
/// first.
pub(super) fn describe<'f>(
    features: &'f Features,
    frames: &'f [Frame],
) -> impl Iterator<Item = Vec<[f32; COUNT]>> + 'f {
    let article = Article::of(features, frames);
    let mut done = 0_usize;
    frames.chunk_by(|one, next| one.cue == next.cue).map(move |rivals| {
        let near = done.saturating_sub(NEIGHBOURS)..(done + rivals.len() + NEIGHBOURS).min(frames.len());
        done += rivals.len();
        let cue = rivals.first().and_then(|frame| frame.cue);
        let others: Vec<&Frame> = frames[near].iter().filter(|f| f.cue != cue && f.is_most_likely()).collect();
        rivals.iter().map(|frame| article.row(frame, rivals, &others)).collect()
    })
}

/// What is counted once for all frames of an article.
struct Article<'a> {
    features: &'a Features<'a>,
    /// How likely cues are that have a source with this last word.
    sources: FxHashMap<u32, f32>,
    /// How likely all cues are, together.
    cues: f32,
    /// Tokens of the quoted stretches, by their number.
    stretches: Vec<Range<usize>>,
}

impl<'a> Article<'a> {
    fn of(features: &'a Features<'a>, frames: &[Frame]) -> Self {
        let mut sources: FxHashMap<u32, f32> = FxHashMap::default();
        let mut cues = 0.0;
        for frame in frames.iter().filter(|frame| frame.is_most_likely()) {
            cues += frame.cue_p;
            if let Some((_, end)) = frame.source {
                *sources.entry(features.word(end - 1).low).or_default() += frame.cue_p;
            }
        }
        let stretches = features.marks.quoted.iter().map(|quoted| quoted.tokens()).collect();
        Article { features, sources, cues, stretches }
    }

    #[expect(clippy::too_many_lines, reason = "a list of numbers, each computed where it is named")]
    fn row(&self, frame: &Frame, rivals: &[Frame], others: &[&Frame]) -> [f32; COUNT] {
        let features = self.features;
        let head = frame.cue.unwrap_or(frame.from);
        let runs = frame.runs();
        let tokens = || runs.iter().cloned().flatten();
        let word = |t: usize| features.text.word(t);
        let count = tokens().count().max(1) as f32;
        let mean = tokens().map(|t| frame.claim(t)).sum::<f32>() / count;
        let least = tokens().map(|t| frame.claim(t)).fold(1.0, f32::min);
        let quoted = tokens().filter(|&t| features.marks.stretch[t] != 0).count() as f32 / count;
        let others = || others.iter();
        let within = others().filter(|o| o.holds(head)).map(|o| o.cue_p).fold(0.0, f32::max);
        let overlap = others()
            .filter(|o| o.cue_p >= frame.cue_p)
            .map(|o| runs.iter().map(|run| o.count_in(run.clone())).sum::<usize>() as f32 / count)
            .fold(0.0, f32::max);
        let inside = others().filter(|o| o.cue.is_some_and(|c| frame.holds(c))).map(|o| o.cue_p).sum::<f32>();
        let crowd: f32 = others().filter(|o| o.cue.is_some_and(|c| c.abs_diff(head) < 12)).map(|o| o.cue_p).sum();
        let sentence = features.text.sentences.get(features.sentence(head) as usize);
        let sentence = sentence.map_or(head..head + 1, |sentence| sentence.tokens());

        let (first, last) = match (runs.first(), runs.last()) {
            (Some(first), Some(last)) => (first.start, last.end),
            _ => (head, head + 1),
        };
        let meeting: Vec<&&Frame> = others().filter(|o| o.from < last && first < o.from + o.claims.len()).collect();
        let beaten = tokens().filter(|&t| meeting.iter().any(|o| o.claim(t) > frame.claim(t))).count() as f32 / count;
        let side = match () {
            () if last <= head => 0.0,
            () if first > head => 1.0,
            () => 2.0,
        };
        let gap = if last <= head { head - last } else { first.saturating_sub(head + 1) };
        let verb = |t: usize| features.is(t, VERB);
        let verbs = tokens().filter(|&t| verb(t)).count() as f32;
        let auxiliaries = tokens().filter(|&t| features.is(t, AUXILIARY)).count() as f32;
        let commas = tokens().filter(|&t| word(t) == ",").count() as f32;
        // The first `and` or `but` of the content with a verb soon behind it.
        let joined = tokens()
            .find(|&t| matches!(word(t), "and" | "but") && (t + 1..t + 4).any(|t| frame.holds(t) && verb(t)))
            .map_or(NONE, |t| (t - first) as f32);
        let dashes = tokens().filter(|&t| matches!(word(t), "—" | "–" | "--" | "-")).count();
        let relative = tokens().filter(|&t| matches!(word(t), "who" | "which" | "whose")).count();
        let cut = self.cut(&runs, frame);
        let shortest = runs.iter().map(ExactSizeIterator::len).min().unwrap_or(0);
        // Words outside quotation marks beside a quotation.
        let loose = if quoted > 0.0 { (1.0 - quoted) * count } else { NONE };
        let outside = |range: Range<usize>| {
            let length = range.len().max(1) as f32;
            range.map(|t| frame.claim(t)).sum::<f32>() / length
        };
        let behind_end = last..(last + 4).min(sentence.end.max(last));
        let before_start = first.saturating_sub(4).max(sentence.start.min(first))..first;
        let end_in =
            |t: usize| features.text.sentences.get(features.sentence(t) as usize).map_or(t, |s| s.end as usize);
        let to_end = end_in(last - 1).saturating_sub(last) as f32;
        let from_start = features
            .text
            .sentences
            .get(features.sentence(first) as usize)
            .map_or(0.0, |s| (first - s.first as usize) as f32);

        let source = frame.source.unwrap_or((usize::MAX, usize::MAX));
        let has = frame.source.is_some();
        let names = || (source.0..source.1).filter(|_| has);
        let pronoun = names().any(|t| english().quotes.pronouns.contains(&word(t).to_lowercase()));
        let name = names().map(|t| features.name(t)).max().unwrap_or(0);
        let away = if !has {
            99.0
        } else if source.0 > head {
            (source.0 - head) as f32
        } else {
            -((head + 1).saturating_sub(source.1) as f32)
        };
        let last_word = has.then(|| features.word(source.1 - 1).low);
        let own = if frame.is_most_likely() { frame.cue_p } else { 0.0 };
        let elsewhere = last_word.map_or(NONE, |low| self.sources.get(&low).copied().unwrap_or(0.0) - own);
        let shared = others().filter(|o| o.source == frame.source && has).map(|o| o.cue_p).fold(0.0, f32::max);
        let source_said = others().filter(|o| has && o.holds(source.0)).map(|o| o.cue_p).fold(0.0, f32::max);
        let named_before = features.name(head.saturating_sub(1)) as f32;
        [
            // How sure the cue and the content are, how long the content is, how much of it is quoted.
            frame.cue_p,
            mean,
            least,
            count,
            quoted,
            // What other frames claim: the cue, the content; likely cues in the content and near the cue.
            within,
            overlap,
            beaten,
            inside,
            crowd,
            // Where the content is, in how many pieces, and what it holds.
            side,
            gap as f32,
            runs.len() as f32,
            verbs,
            auxiliaries,
            commas,
            joined,
            dashes as f32,
            relative as f32,
            cut,
            // How surely the words around the content belong to it, and how far the ends of the sentence are.
            outside(behind_end),
            outside(before_start),
            to_end,
            from_start,
            // The source: where, how sure, what it is, whether it is quoted elsewhere or within what another says.
            away,
            frame.source_p,
            if has { name as f32 } else { NONE },
            if has { features.tag(source.1 - 1) as f32 } else { NONE },
            if has { (source.1 - source.0) as f32 } else { 0.0 },
            f32::from(u8::from(pronoun)),
            elsewhere,
            shared,
            source_said,
            // How this frame compares with the best one of its cue; the cue.
            frame.behind,
            f32::from(u8::from(frame.is_most_likely())),
            f32::from(u8::from(cue::is_speech(features, frame.cue))),
            features.tag(head) as f32,
            features.marks.positions.get(head).copied().unwrap_or_default() as u32 as f32,
            // The words at the borders of the content.
            self.after(last),
            self.opens(first),
            features.tag(first) as f32,
            features.tag(last) as f32,
            // The place of the cue in its sentence and article; the words around it.
            sentence.len() as f32,
            (head - sentence.start.min(head)) as f32,
            features.paragraph(head) as f32,
            self.cues,
            named_before,
            features.tag(head.saturating_sub(1)) as f32,
            features.tag(head + 1) as f32,
            features.tag(last - 1) as f32,
            f32::from(u8::from(features.sentence(first) == features.sentence(head))),
            if has { frame.claim(source.0) } else { NONE },
            // The shortest run, what is loose beside a quotation, how sure the borders are, the cluster of the cue.
            shortest as f32,
            loose,
            frame.claim(first),
            frame.claim(last - 1),
            frame.claim(last),
            first.checked_sub(1).map_or(0.0, |before| frame.claim(before)),
            f32::from(features.word(head).entry.cluster),
            // How many frames the cue has, and by how much the nearest of them differs.
            rivals.len() as f32,
            rivals
                .iter()
                .filter(|rival| !std::ptr::eq(*rival, frame))
                .map(|rival| (rival.behind - frame.behind).abs())
                .fold(99.0, f32::min),
        ]
    }

    /// The share of the quoted stretches that the content touches that it does not hold.
    fn cut(&self, runs: &[Range<usize>], frame: &Frame) -> f32 {
        let stretch = |t: usize| self.features.marks.stretch[t] as usize;
        let mut touched: Vec<usize> = runs.iter().cloned().flatten().map(stretch).filter(|n| *n > 0).collect();
        touched.dedup();
        let tokens = touched.iter().filter_map(|n| self.stretches.get(n - 1));
        let (all, held) =
            tokens.fold((0, 0), |(all, held), stretch| (all + stretch.len(), held + frame.count_in(stretch.clone())));
        if all == 0 { 0.0 } else { 1.0 - held as f32 / all as f32 }
    }

    /// What is behind the content.
    fn after(&self, last: usize) -> f32 {
        let features = self.features;
        let (Some(token), Some(before)) = (features.text.tokens.get(last), features.text.tokens.get(last - 1)) else {
            return 0.0;
        };
        if token.sentence != before.sentence {
            return 0.0;
        }
        match features.text.word(last) {
            "," => 1.0,
            "." | "?" | "!" => 2.0,
            ";" | ":" => 3.0,
            "—" | "–" | "--" | "-" => 4.0,
            "and" | "but" | "or" => 5.0,
            "who" | "which" | "as" | "while" | "when" | "after" | "because" | "if" => 6.0,
            _ => match features.marks.positions.get(last) {
                Some(MarkPosition::Closes) => 7.0,
                Some(MarkPosition::Opens) => 8.0,
                Some(MarkPosition::Inside | MarkPosition::Outside) | None => 9.0,
            },
        }
    }

    /// How the content opens.
    fn opens(&self, first: usize) -> f32 {
        match self.features.text.word(first) {
            "that" | "That" => 1.0,
            "to" => 2.0,
            "if" | "whether" => 3.0,
            "what" | "how" | "why" | "who" | "where" | "when" => 4.0,
            "," => 5.0,
            "and" | "but" => 6.0,
            "on" | "in" | "at" | "during" | "after" | "of" | "about" | "for" | "with" | "from" | "by" | "as" => 7.0,
            _ => match self.features.marks.positions.get(first) {
                Some(MarkPosition::Opens) => 8.0,
                Some(MarkPosition::Inside | MarkPosition::Outside | MarkPosition::Closes) | None => 9.0,
            },
        }
    }
}

//! Quotations: who (source) says (cue) what (content), and who the source is. Does no I/O.
//!
//! The terms are those of the attribution literature (Pareti 2013; PolNeAR, Newell et al. 2018).
//!
//! ```text
//! text ─ marks ─ features ─ cue ─ frame tagger (cue features) ─ postprocess, accept ─┐
//!                     └────── structure (turns) ─────────────────────────────────────┴─ overlaps, continuation ─ speaker
//! ```
//!
//! In careful reading, the scores of an encoder are added to those of cue and frame tagger (`combination`).

mod accept;
mod annotated_article;
mod beside_marks;
mod combination;
mod confidence;
mod continuation;
mod cue;
mod cue_features;
mod features;
mod frame;
mod frame_features;
mod frame_tagger;
mod marks;
mod models;
mod multilingual;
mod overlaps;
mod postprocess;
mod quotation;
mod score;
mod speaker;
mod spoken;
mod steps;
mod structure;
mod train;
mod transcript_speakers;
mod turn_judgement;
mod turn_label;
mod turns;
mod voices;

pub use annotated_article::{AnnotatedArticle, AnnotatedError, Marks, unmark};
pub use models::{Careful, Models};
pub use quotation::{Attribution, Method, Quotation, QuoteKind};
pub use score::Score;
pub use train::{Example, Report, TrainError, Trained, evaluate, examples, train, what_steps_add};
pub use voices::complete as complete_voices;

use rustc_hash::FxHashSet;

use crate::encoder::{Reader, Reading, ReadingModel};
use crate::entity::Entities;
use crate::language::english;
use crate::language::{Language, Pack};
use crate::tagger::{Columns, WordId, Words};
use crate::text::Text;
use accept::Acceptor;
use combination::Encoded;
use confidence::Calibration;
use features::Features;
use frame::{Frame, Origin};
use marks::MarkPosition;
use models::Learned;
use speaker::Speakers;
use steps::Steps;
use turns::Turns;

/// Frames with a smaller probability are dropped.
const ACCEPTED: f32 = 0.4;

/// Cues with a smaller probability get no frame.
const LIKELY_CUE: f32 = 0.25;

/// Roles are kept of cues of at least this probability: lower than [`LIKELY_CUE`], as names found carefully may raise it.
const POSSIBLE_CUE: f32 = 0.1;

/// Cues whose frames are in memory together: more than any article has.
const CUES_AT_ONCE: usize = 20_000;

/// Finds the quotations of articles. Caches attributes of words and sums of weights between articles; use one per thread.
#[derive(Debug)]
pub struct QuotationFinder<'m> {
    words: Words,
    ids: Vec<WordId>,
    pipeline: Option<Pipeline<'m>>,
    /// The columns of the last text, reused for the next.
    columns: Columns,
}

impl<'m> QuotationFinder<'m> {
    /// A finder with these models; with an encoder, and what joins it and them, it reads carefully.
    pub fn new(models: &'m Models, careful: Option<(&'m ReadingModel, &'m Careful)>) -> Self {
        let words = Words::new(models.lexicon.clone());
        let pipeline = models.learned.as_ref().map(|learned| Pipeline::new(learned, careful));
        QuotationFinder { words, ids: Vec::new(), pipeline, columns: Features::columns() }
    }

    /// A finder that reads carefully, with the models that are compiled in.
    pub fn careful() -> QuotationFinder<'static> {
        QuotationFinder::new(Models::shipped(), ReadingModel::shipped().zip(Careful::shipped()))
    }

    /// What the encoder makes of an English text: of the paragraphs in which somebody may say something. None if this
    /// finder reads fast.
    pub fn read(&mut self, text: &Text, entities: &Entities) -> Option<Reading> {
        let pipeline = self.pipeline.as_mut()?;
        self.words.read(text, &mut self.ids);
        let columns = std::mem::replace(&mut self.columns, Features::columns());
        let features = Features::written_into(columns, text, &self.words, &self.ids, &entities.mentions);
        let reading = pipeline.read(&features);
        self.columns = features.absolute.renewed();
        reading
    }

    /// Finds every quotation in a text, in order of content; by quotation marks alone where there is no pack
    /// for its `language`. With what [`QuotationFinder::read`] gave, carefully.
    pub fn find(
        &mut self,
        text: &Text,
        entities: &Entities,
        language: Option<&Language>,
        reading: Option<&Reading>,
    ) -> Vec<Quotation> {
        self.words.read(text, &mut self.ids);
        let columns = std::mem::replace(&mut self.columns, Features::columns());
        let features = Features::written_into(columns, text, &self.words, &self.ids, &entities.mentions);
        let frames = if language.is_some() {
            frames(&features, self.pipeline.as_mut(), reading, Steps::ALL)
        } else {
            structure::marks_alone(&features)
        };
        let calibration = self.pipeline.as_ref().map(|pipeline| pipeline.calibration(reading));
        let mut speakers = Speakers::new(&features, entities);
        let mut quotations: Vec<Quotation> = frames
            .iter()
            .map(|frame| {
                let confidence = calibration.map_or(frame.p, |c| c.confidence(frame.p));
                quotation(&features, frame, &mut speakers, confidence)
            })
            // Contents of stray punctuation alone are dropped.
            .filter(|quotation| !quotation.content.is_empty())
            .collect();
        quotations.sort_by_key(|q| q.content.first().map_or(0, |span| span.start));
        self.columns = features.absolute.renewed();
        quotations
    }
}

/// Finds the quotations of a text in a language other than English, in order of content; `text` was cut as that language.
pub fn find_in_language(text: &Text, entities: &Entities, pack: &'static Pack) -> Vec<Quotation> {
    multilingual::find(text, entities, pack)
}

/// The learned steps with their working space.
#[derive(Debug)]
struct Pipeline<'m> {
    learned: &'m Learned,
    frames: frame_tagger::FrameTagger<'m>,
    careful: Option<(Reader<'m>, &'m Careful)>,
}

impl<'m> Pipeline<'m> {
    fn new(learned: &'m Learned, careful: Option<(&'m ReadingModel, &'m Careful)>) -> Self {
        let frames = frame_tagger::FrameTagger::new(&learned.frame_tagger);
        Pipeline { learned, frames, careful: careful.map(|(encoder, careful)| (Reader::new(encoder), careful)) }
    }

    /// What a text is judged by that an encoder has read; none for one that it has not.
    fn careful(&self, reading: Option<&Reading>) -> Option<&'m Careful> {
        reading.and(self.careful.as_ref()).map(|(_, careful)| *careful)
    }

    fn calibration(&self, reading: Option<&Reading>) -> &'m Calibration {
        self.careful(reading).map_or(&self.learned.calibration, |careful| &careful.calibration)
    }

    fn acceptor(&self, reading: Option<&Reading>) -> &'m Acceptor {
        self.careful(reading).map_or(&self.learned.accept, |careful| &careful.accept)
    }

    /// Reads the paragraphs that are worth it; none without an encoder.
    fn read(&mut self, features: &Features) -> Option<Reading> {
        let (reader, careful) = self.careful.as_mut()?;
        let chances = cue::chances(features, &self.learned.cue);
        let wanted = combination::worth_reading(features, &chances);
        let is_likely = |token: usize, score| careful.combination.chance(chances[token], score) >= POSSIBLE_CUE;
        Some(reader.read(features.text, &wanted, is_likely))
    }
}

/// The frames of an article after all steps, in order.
fn frames(features: &Features, pipeline: Option<&mut Pipeline>, reading: Option<&Reading>, steps: Steps) -> Vec<Frame> {
    let mut found = Vec::new();
    let mut introductions = Vec::new();
    if let Some(pipeline) = pipeline {
        let mut chances = cue::chances(features, &pipeline.learned.cue);
        let careful = pipeline.careful(reading);
        let encoded = reading.zip(careful);
        let encoded = encoded.map(|(reading, careful)| Encoded { reading, combination: careful.combination });
        if let Some(encoded) = encoded {
            encoded.join(&mut chances);
        }
        let cues = cue::likely(&chances, LIKELY_CUE);
        let several = cues.len() > CUES_AT_ONCE;
        for cues in cues.chunks(CUES_AT_ONCE) {
            let mut frames = pipeline.frames.find(features, cues, encoded);
            introductions.extend(continuation::introductions(&frames));
            frames = corrected(features, frames);
            if steps.accept {
                frames = accept::choose(features, pipeline.acceptor(reading), frames);
            } else {
                frames.retain(Frame::is_most_likely);
            }
            frames = accepted(features, frames);
            if several && steps.nested {
                frames = overlaps::drop_nested(features, frames);
            }
            found.extend(frames);
        }
    }
    let structure = if steps.structure { structure::find(features) } else { Turns::default() };
    found.retain(|frame| frame.cue.is_none_or(|cue| structure.list_colons.binary_search(&cue).is_err()));
    overlaps::resolve(features, found, &introductions, structure.frames, steps)
}

/// The frames that have content once they are corrected where grammar is surer than the model.
fn corrected(features: &Features, mut frames: Vec<Frame>) -> Vec<Frame> {
    for frame in &mut frames {
        postprocess::between(features, frame);
        postprocess::clause_before(features, frame);
        postprocess::passive(features, frame);
        postprocess::adverb(features, frame);
        postprocess::clause_in_source(features, frame);
        postprocess::possessor(features, frame);
        postprocess::aside(features, frame);
        postprocess::addressee(features, frame);
        postprocess::beside(features, frame);
        postprocess::answer(features, frame);
        postprocess::listener(features, frame);
        postprocess::according(features, frame);
        postprocess::told_of_source(features, frame);
        postprocess::says_nothing(features, frame);
    }
    frames.retain(|frame| !frame.is_empty());
    frames
}

/// The frames that are likely enough, corrected where the acceptor would not know them any more.
fn accepted(features: &Features, mut frames: Vec<Frame>) -> Vec<Frame> {
    frames.retain(|frame| frame.p >= ACCEPTED);
    let mut added = Vec::new();
    for frame in &mut frames {
        postprocess::postposed(features, frame);
        postprocess::occasion(features, frame);
        added.extend(postprocess::added(features, frame));
        postprocess::goes_on(features, frame);
        postprocess::parted_from_quotation(features, frame);
        postprocess::put_so(features, frame);
        postprocess::relative_pronoun(features, frame);
        postprocess::recorded(features, frame);
    }
    if !added.is_empty() {
        let known: FxHashSet<Option<usize>> = frames.iter().map(|frame| frame.cue).collect();
        frames.extend(added.into_iter().filter(|other| !known.contains(&other.cue)));
        frames.sort_by_key(|frame| frame.cue);
    }
    frames
}

fn quotation(features: &Features, frame: &Frame, speakers: &mut Speakers, confidence: f32) -> Quotation {
    let text = features.text;
    let cover = |first: usize, end: usize| text.tokens[first].span.cover(text.tokens[end.max(first + 1) - 1].span);
    let spoken = |run: &std::ops::Range<usize>| run.clone().any(|t| features.is_word(t));
    let trimmed = |run: std::ops::Range<usize>| {
        if frame.is_verbatim() { Some(run).filter(spoken) } else { trim(features, run) }
    };
    let content = frame.runs().into_iter().filter_map(trimmed).map(|run| cover(run.start, run.end));
    let source = frame.source.map(|(start, end)| cover(start, end));
    let cue = cue::of(features, frame).map(|cue| cover(cue.start, cue.end));
    let (speakers, attribution, certainty) = speakers.of(frame, source);
    let content = content.collect();
    let kind = kind(features, frame);
    Quotation {
        kind,
        content,
        cue,
        source,
        attribution,
        confidence: confidence * certainty,
        speech: kind != QuoteKind::Indirect || cue::is_speech(features, frame.cue),
        described: speakers.is_empty() && is_described(features, frame),
        method: if frame.origin == Origin::Marks { Method::Marks } else { Method::Model },
        corrected: false,
        speakers,
    }
}

/// True if the source is more than a pronoun or the label of a question.
fn is_described(features: &Features, frame: &Frame) -> bool {
    let pronoun = |t: usize| english().quotes.pronouns.contains(&features.text.word(t).to_lowercase());
    let label = matches!(frame.origin, Origin::Turn | Origin::Question | Origin::Answer);
    !label && frame.source.is_some_and(|(start, end)| (start..end).any(|t| features.is_word(t) && !pronoun(t)))
}

/// The run without the marks at its ends that belong to the sentence around it.
fn trim(features: &Features, run: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    let stray = |t: &usize| {
        features.marks.positions.get(*t) == Some(&MarkPosition::Outside)
            && matches!(features.text.word(*t), "," | "." | ";" | ":" | "—" | "–" | "--")
    };
    let start = run.start + run.clone().take_while(stray).count();
    let end = run.end - run.clone().rev().take_while(stray).count().min(run.len());
    (start < end).then_some(start..end)
}

/// Turns and posts are verbatim. Elsewhere a content is direct from nine tenths in quotation marks on: the measure of the
/// annotated corpora.
fn kind(features: &Features, frame: &Frame) -> QuoteKind {
    if frame.is_verbatim() {
        return QuoteKind::Direct;
    }
    let words: Vec<usize> = frame.tokens().filter(|&t| features.is_word(t)).collect();
    let quoted = words.iter().filter(|&&t| features.marks.stretch.get(t).is_some_and(|s| *s > 0)).count();
    match quoted {
        0 => QuoteKind::Indirect,
        q if 10 * q >= 9 * words.len() => QuoteKind::Direct,
        _ => QuoteKind::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::english;
    use crate::text::paragraphs;

    /// What is found in `raw` by the models compiled in: kind, content and speakers of each quotation.
    fn found(raw: &str, language: Option<&Language>) -> Vec<(QuoteKind, String, String)> {
        let text = Text::new(raw, &paragraphs(raw));
        let entities = crate::entity::find(&text);
        let quotations = QuotationFinder::new(Models::shipped(), None).find(&text, &entities, language, None);
        let content = |q: &Quotation| q.content.iter().map(|span| span.of(raw)).collect::<Vec<_>>().join(" … ");
        quotations.iter().map(|q| (q.kind, content(q), q.speakers.join(" & "))).collect()
    }

    #[track_caller]
    fn check(raw: &str, language: Option<&Language>, expect: &[(QuoteKind, &str, &str)]) {
        let found = found(raw, language);
        let found: Vec<(QuoteKind, &str, &str)> = found.iter().map(|(k, c, s)| (*k, c.as_str(), s.as_str())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn quotations_of_every_kind() {
        check(
            "“We will not pay,” Laura Brown said.",
            Some(english()),
            &[(QuoteKind::Direct, "“We will not pay,”", "Laura Brown")],
        );
        check(
            "Laura Brown said that they would not pay.",
            Some(english()),
            &[(QuoteKind::Indirect, "that they would not pay", "Laura Brown")],
        );
        check(
            "Laura Brown said the plan was “a very bad joke.”",
            Some(english()),
            &[(QuoteKind::Mixed, "the plan was “a very bad joke.”", "Laura Brown")],
        );
    }

    #[test]
    fn what_the_attribution_parts_stays_one_quotation() {
        check(
            "“We will not pay,” Laura Brown said. “Nobody will.”",
            Some(english()),
            &[(QuoteKind::Direct, "“We will not pay,” … “Nobody will.”", "Laura Brown")],
        );
    }

    #[test]
    fn in_other_languages_marks_alone_tell() {
        check("„Wir zahlen das nicht“, sagte Laura Brown.", None, &[(QuoteKind::Direct, "„Wir zahlen das nicht“", "")]);
        check("Die „Krise“ war vorbei.", None, &[]);
    }

    #[test]
    fn nothing_said_nothing_found() {
        check("", Some(english()), &[]);
        check("The bus was late. It rained.", Some(english()), &[]);
    }
}

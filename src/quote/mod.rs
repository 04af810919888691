//! Quotations: who (source) says (cue) what (content), and who the source is. Does no I/O.
//!
//! The terms are those of the attribution literature (Pareti 2013; PolNeAR, Newell et al. 2018).
//!
//! ```text
//! text ─ marks ─ scene ─ cue ─ framer (viewer) ─ accept ─┐
//!                  └──────── structure ─────────────────┴─ settle (unattributed) ─ speaker ─ quotations
//! ```

mod accept;
mod annotated;
mod cast;
mod confidence;
mod cue;
mod frame;
mod framer;
mod marks;
mod mend;
mod models;
mod quotation;
mod scene;
mod score;
mod settle;
mod speaker;
mod steps;
mod structure;
mod train;
mod unattributed;
mod viewer;

pub use annotated::{Annotated, AnnotatedError};
pub use models::Models;
pub use quotation::{Attribution, Kind, Quotation};
pub use score::Score;
pub use train::{Report, TrainError, evaluate, train, what_steps_add};

use crate::entity::Entities;
use crate::tagger::{Columns, WordId, Words};
use crate::text::Text;
use frame::{Frame, Origin};
use marks::Place;
use models::Learned;
use scene::Scene;
use speaker::Speakers;
use steps::Steps;

/// Frames with a smaller probability are dropped.
const ACCEPTED: f32 = 0.3;

/// Cues with a smaller probability are not looked at.
const LIKELY_CUE: f32 = 0.25;

/// Finds the quotations of one article after the other; keeps what it learnt of words and what it summed. One a thread.
#[derive(Debug)]
pub struct Finder<'m> {
    models: &'m Models,
    words: Words,
    ids: Vec<WordId>,
    reader: Option<Reader<'m>>,
    /// Those of the scene of the last text, for the next to be written into.
    columns: Columns,
}

impl<'m> Finder<'m> {
    /// A finder that goes by these models.
    pub fn new(models: &'m Models) -> Self {
        let words = Words::new(models.lexicon.clone());
        let reader = models.learned.as_ref().map(Reader::new);
        Finder { models, words, ids: Vec::new(), reader, columns: Scene::columns() }
    }

    /// Finds every quotation in a text, in order of content; where it is not in `english`, by its quotation marks alone.
    pub fn find(&mut self, text: &Text, entities: &Entities, english: bool) -> Vec<Quotation> {
        self.words.read(text, &mut self.ids);
        let columns = std::mem::replace(&mut self.columns, Scene::columns());
        let scene = Scene::written_into(columns, text, &self.words, &self.ids, &entities.mentions);
        let frames =
            if english { frames(&scene, self.reader.as_mut(), Steps::ALL) } else { structure::marks_alone(&scene) };
        let calibration = self.models.learned.as_ref().map(|learned| &learned.calibration);
        let mut speakers = Speakers::new(&scene, entities);
        let mut quotations: Vec<Quotation> = frames
            .iter()
            .map(|frame| {
                let confidence = calibration.map_or(frame.p, |c| c.confidence(frame.p));
                quotation(&scene, frame, &mut speakers, confidence)
            })
            // Where nothing but stray marks was taken for content, nothing is said.
            .filter(|quotation| !quotation.content.is_empty())
            .collect();
        quotations.sort_by_key(|q| q.content.first().map_or(0, |span| span.start));
        self.columns = scene.fixed.renewed();
        quotations
    }
}

/// The learned steps, and the working space of those that need some.
#[derive(Debug)]
struct Reader<'m> {
    learned: &'m Learned,
    frames: framer::Reader<'m>,
}

impl<'m> Reader<'m> {
    fn new(learned: &'m Learned) -> Self {
        Reader { learned, frames: framer::Reader::new(&learned.framer) }
    }
}

/// The settled frames of an article, in order.
fn frames(scene: &Scene, reader: Option<&mut Reader>, steps: Steps) -> Vec<Frame> {
    let mut found = Vec::new();
    let mut introductions = Vec::new();
    if let Some(reader) = reader {
        let cues = cue::find(scene, &reader.learned.cue, LIKELY_CUE);
        found = reader.frames.find(scene, &cues);
        introductions = unattributed::introductions(&found);
        for frame in &mut found {
            mend::between(scene, frame);
            mend::clause_before(scene, frame);
            mend::passive(scene, frame);
        }
        found.retain(|frame| !frame.is_empty());
        if steps.accept {
            accept::judge(scene, &reader.learned.accept, &mut found);
        }
        found.retain(|frame| frame.p >= ACCEPTED);
        for frame in &mut found {
            mend::postposed(scene, frame);
        }
    }
    let structure = if steps.structure { structure::find(scene) } else { Vec::new() };
    settle::settle(scene, found, &introductions, structure, steps)
}

fn quotation(scene: &Scene, frame: &Frame, speakers: &mut Speakers, confidence: f32) -> Quotation {
    let text = scene.text;
    let cover = |first: usize, end: usize| text.tokens[first].span.cover(text.tokens[end.max(first + 1) - 1].span);
    let content = frame.runs().into_iter().filter_map(|run| trim(scene, run)).map(|run| cover(run.start, run.end));
    let source = frame.source.map(|(start, end)| cover(start, end));
    let cue = frame.cue.map(|head| cue::around(scene, head)).map(|cue| cover(cue.start, cue.end));
    let (speakers, attribution) = speakers.of(frame, source);
    let by_marks = frame.origin == Origin::Marks;
    let content = content.collect();
    Quotation { kind: kind(scene, frame), content, cue, source, speakers, attribution, confidence, by_marks }
}

/// The run without the marks at its ends that belong to the sentence around it.
fn trim(scene: &Scene, run: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    let stray = |t: &usize| {
        scene.marks.places.get(*t) == Some(&Place::Outside)
            && matches!(scene.text.word(*t), "," | "." | ";" | ":" | "—" | "–" | "--")
    };
    let start = run.start + run.clone().take_while(stray).count();
    let end = run.end - run.clone().rev().take_while(stray).count().min(run.len());
    (start < end).then_some(start..end)
}

/// From nine tenths in quotation marks on a content is direct: the measure of the annotated corpora.
fn kind(scene: &Scene, frame: &Frame) -> Kind {
    let words: Vec<usize> = frame.tokens().filter(|&t| scene.is_word(t)).collect();
    let quoted = words.iter().filter(|&&t| scene.marks.stretch.get(t).is_some_and(|s| *s > 0)).count();
    match quoted {
        0 => Kind::Indirect,
        q if 10 * q >= 9 * words.len() => Kind::Direct,
        _ => Kind::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraphs;

    /// What is found in `raw` by the models compiled in: kind, content and speakers of each quotation.
    fn found(raw: &str, english: bool) -> Vec<(Kind, String, String)> {
        let text = Text::new(raw, &paragraphs(raw));
        let entities = crate::entity::find(&text);
        let quotations = Finder::new(Models::shipped()).find(&text, &entities, english);
        let content = |q: &Quotation| q.content.iter().map(|span| span.of(raw)).collect::<Vec<_>>().join(" … ");
        quotations.iter().map(|q| (q.kind, content(q), q.speakers.join(" & "))).collect()
    }

    #[track_caller]
    fn check(raw: &str, english: bool, expect: &[(Kind, &str, &str)]) {
        let found = found(raw, english);
        let found: Vec<(Kind, &str, &str)> = found.iter().map(|(k, c, s)| (*k, c.as_str(), s.as_str())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn quotations_of_every_kind() {
        check("“We will not pay,” Laura Brown said.", true, &[(Kind::Direct, "“We will not pay,”", "Laura Brown")]);
        check(
            "Laura Brown said that they would not pay.",
            true,
            &[(Kind::Indirect, "that they would not pay", "Laura Brown")],
        );
        check(
            "Laura Brown said the plan was “a very bad joke.”",
            true,
            &[(Kind::Mixed, "the plan was “a very bad joke.”", "Laura Brown")],
        );
    }

    #[test]
    fn what_the_attribution_parts_stays_one_quotation() {
        check(
            "“We will not pay,” Laura Brown said. “Nobody will.”",
            true,
            &[(Kind::Direct, "“We will not pay,” … “Nobody will.”", "Laura Brown")],
        );
    }

    #[test]
    fn in_other_languages_marks_alone_tell() {
        check("„Wir zahlen das nicht“, sagte Laura Brown.", false, &[(Kind::Direct, "„Wir zahlen das nicht“", "")]);
        check("Die „Krise“ war vorbei.", false, &[]);
    }

    #[test]
    fn nothing_said_nothing_found() {
        check("", true, &[]);
        check("The bus was late. It rained.", true, &[]);
    }
}

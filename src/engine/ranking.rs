//! Scores hits by what they say and by what their article says.

use tantivy::query::Scorer;
use tantivy::{Score, SegmentReader};

use super::article_score::{self, ArticleScores};
use super::bm25::Worth;
use super::collect::Found;
use super::span_query::SpanScorer;
use super::{Engine, Error};
use crate::index::schema::Level;

/// Scores the hits of one request, in order of document.
pub(super) struct Ranking<'e> {
    engine: &'e Engine,
    parts: Vec<article_score::Part>,
    weight: Score,
    /// Average length of an article.
    length: f32,
    open: Option<(u32, ArticleScores)>,
    /// Hits of one article, with the scores of their own. Where a query is one part and nothing else, they are all that its
    /// article says of it, and no other passage has to be looked at; so they wait for each other.
    waiting: Vec<Found>,
    gathered: Worth,
    least: Score,
}

/// What takes in the hits whose scores are known.
pub(super) type Each<'a> = &'a mut dyn FnMut(Found) -> Result<(), Error>;

impl<'e> Ranking<'e> {
    /// `parts` come heaviest first; hits are documents of `level`.
    pub(super) fn new(engine: &'e Engine, parts: Vec<article_score::Part>, level: Level) -> Self {
        let passages = engine.documents(Level::Passage) as f32;
        let length = parts.first().map_or(1.0, |part| part.text.statistics.length);
        let length = length * passages / engine.documents(Level::Article).max(1) as f32;
        Ranking {
            engine,
            parts,
            weight: article_score::weight(level),
            length,
            open: None,
            waiting: Vec::new(),
            gathered: Worth::default(),
            least: Score::NEG_INFINITY,
        }
    }

    /// Takes in the hit that the scorer stands at; its score will be below `least` if it can't reach that.
    pub(super) fn push(
        &mut self,
        segment: &SegmentReader,
        scorer: &mut dyn Scorer,
        found: Found,
        least: Score,
        each: Each,
    ) -> Result<(), Error> {
        let (number, doc) = (found.at.segment_ord, found.at.doc_id);
        let found = Found { score: scorer.score(), ..found };
        if self.parts.is_empty() || self.weight <= 0.0 {
            return each(found);
        }
        let whole = match (self.parts.as_slice(), scorer.downcast_ref::<SpanScorer>()) {
            ([part], Some(whole)) if whole.is_of(&part.text) => Some(whole),
            _ => None,
        };
        if self.open.as_ref().is_none_or(|(open, _)| *open != number) {
            self.finish(each)?;
            let blocks = self.engine.shapes.of(segment)?;
            let scores = ArticleScores::open(&self.parts, segment, blocks, self.length, whole.is_none())?;
            self.open = Some((number, scores));
        }
        let Some((_, scores)) = &mut self.open else { return each(found) };
        if let Some(whole) = whole {
            if !scores.is_within(doc) {
                self.finish(each)?;
            }
            let Some((_, scores)) = &mut self.open else { return each(found) };
            scores.turn_to(doc);
            scores.gather(doc, whole.worth(), &mut self.gathered);
            self.least = least;
            self.waiting.push(found);
            return Ok(());
        }
        scores.turn_to(doc);
        let score = scores.score((least - found.score) / self.weight, None);
        each(Found { score: found.score + self.weight * score, ..found })
    }

    /// Hands over the hits that still wait.
    pub(super) fn finish(&mut self, each: Each) -> Result<(), Error> {
        let best = self.waiting.iter().map(|found| found.score).fold(Score::NEG_INFINITY, Score::max);
        let gathered = std::mem::take(&mut self.gathered);
        let score = match &mut self.open {
            Some((_, scores)) if !self.waiting.is_empty() => {
                scores.score((self.least - best) / self.weight, Some(gathered))
            }
            _ => 0.0,
        };
        for found in self.waiting.drain(..) {
            each(Found { score: found.score + self.weight * score, ..found })?;
        }
        Ok(())
    }
}

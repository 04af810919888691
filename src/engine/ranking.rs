//! Scores hits by what they say and by what their article says.

use tantivy::Score;
use tantivy::query::Scorer;

use super::article_score::{self, ArticleScores, gathered_counts};
use super::bm25::Worth;
use super::collect::Found;
use super::conjunction::ConjunctionScorer;
use super::span_query::SpanScorer;
use super::{Engine, Error};
use crate::index::schema::Level;

/// Scores the hits of one request, in order of document.
pub(super) struct Ranking<'e> {
    engine: &'e Engine,
    parts: &'e [article_score::Part],
    weight: Score,
    /// Average length of an article.
    length: f32,
    open: Option<Open<'e>>,
    /// Hits of one article, with the scores of their own, that wait for each other: see [`Teller::Hits`].
    waiting: Vec<Found>,
    gathered: Worth,
    least: Score,
}

/// The segment at hand.
struct Open<'e> {
    number: u32,
    scores: ArticleScores<'e>,
    teller: Teller,
}

/// Who tells what the passages of an article hold of the parts of a query.
enum Teller {
    /// The query is one phrase or the like and nothing else, so its hits are all that their article says of it.
    Hits,
    /// The query is one word and nothing else, and its walk knows how often each passage holds it.
    Word,
    /// All parts must hold, and their walk knows how often each passage holds those that are words: for each part, which
    /// number it has there.
    Parts(Vec<Option<usize>>),
    /// Nobody, so it is read.
    Nobody,
}

/// What takes in the hits whose scores are known.
pub(super) type Each<'a> = &'a mut dyn FnMut(Found) -> Result<(), Error>;

impl<'e> Ranking<'e> {
    /// `parts` come heaviest first; hits are documents of `level`.
    pub(super) fn new(engine: &'e Engine, parts: &'e [article_score::Part], level: Level) -> Self {
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
        let known = self.open.as_ref();
        let leaves = known.is_none_or(|open| open.number != number || !open.scores.is_within(doc));
        if leaves && !self.waiting.is_empty() {
            self.finish(each)?;
        }
        if self.open.as_ref().is_none_or(|open| open.number != number) {
            self.open = Some(self.opened(number, scorer)?);
        }
        let Some(Open { scores, teller, .. }) = &mut self.open else { return each(found) };
        scores.turn_to(doc);
        let needed = (least - found.score) / self.weight;
        let score = match teller {
            Teller::Hits => {
                if let Some(whole) = scorer.downcast_ref::<SpanScorer>() {
                    scores.gather(doc, whole.worth(), &mut self.gathered);
                }
                None
            }
            Teller::Word => {
                let walk = scorer.downcast_ref::<SpanScorer>();
                Some(scores.score(needed, &|_, article, blocks| {
                    Some(gathered_counts(walk?.counts(article.clone())?, article.start, blocks))
                })?)
            }
            Teller::Parts(numbers) => {
                let walk = scorer.downcast_ref::<ConjunctionScorer>();
                Some(scores.score(needed, &|part, article, blocks| {
                    let number = numbers.get(part).copied().flatten()?;
                    Some(gathered_counts(walk?.counts(number, article.clone())?, article.start, blocks))
                })?)
            }
            Teller::Nobody => Some(scores.score(needed, &|_, _, _| None)?),
        };
        let Some(score) = score else {
            self.least = least;
            self.waiting.push(found);
            return Ok(());
        };
        each(Found { score: found.score + self.weight * score, ..found })
    }

    /// Hands over the hits that still wait.
    pub(super) fn finish(&mut self, each: Each) -> Result<(), Error> {
        let best = self.waiting.iter().map(|found| found.score).fold(Score::NEG_INFINITY, Score::max);
        let gathered = std::mem::take(&mut self.gathered);
        let score = match &mut self.open {
            Some(open) if !self.waiting.is_empty() => {
                open.scores.score((self.least - best) / self.weight, &|_, _, _| Some(gathered))?
            }
            _ => 0.0,
        };
        for found in self.waiting.drain(..) {
            each(Found { score: found.score + self.weight * score, ..found })?;
        }
        Ok(())
    }

    /// A segment, and who tells of it.
    fn opened(&self, number: u32, scorer: &dyn Scorer) -> Result<Open<'e>, Error> {
        let teller = if let Some(walk) = scorer.downcast_ref::<ConjunctionScorer>() {
            Teller::Parts(self.parts.iter().map(|part| walk.number_of(&part.text)).collect())
        } else {
            match (self.parts, scorer.downcast_ref::<SpanScorer>()) {
                ([part], Some(walk)) if walk.is_of(&part.text) => {
                    if walk.is_of_a_word() {
                        Teller::Word
                    } else {
                        Teller::Hits
                    }
                }
                _ => Teller::Nobody,
            }
        };
        let segment = self.engine.searcher().segment_reader(number);
        let scores = ArticleScores::open(self.parts, segment, self.engine.shapes.of(segment)?, self.length)?;
        Ok(Open { number, scores, teller })
    }
}

//! Scores hits by what they say and by what their article says.

use tantivy::Score;
use tantivy::query::Scorer;

use crate::engine::embedded::rank::article_score::{self, ArticleScores, sum};
use crate::engine::embedded::rank::bm25::SpanFrequency;
use crate::engine::embedded::rank::top::ScoredDoc;
use crate::engine::embedded::scan::conjunction::SpanScorer;
use crate::engine::{Engine, Error};
use crate::index::schema::Level;

/// Scores the hits of one request, in order of document.
pub(crate) struct Ranking<'e> {
    engine: &'e Engine,
    parts: &'e [article_score::Part],
    weight: Score,
    /// Average length of an article.
    length: f32,
    open: Option<Open<'e>>,
    /// Hits of one article, with the scores of their own, that wait for each other: see [`FrequencySource::Hits`].
    waiting: Vec<ScoredDoc>,
    gathered: SpanFrequency,
    least: Score,
}

/// The segment at hand.
struct Open<'e> {
    number: u32,
    scores: ArticleScores<'e>,
    source: FrequencySource,
}

/// What the passages of an article hold of the parts of a query is known from these.
enum FrequencySource {
    /// The query is one phrase or the like and nothing else, so its hits are all that their article says of it.
    Hits,
    /// All parts must hold, and their scan knows how often each passage holds those that are words: for each part, which
    /// number it has there. Others are read.
    Parts(Vec<Option<usize>>),
}

/// What takes in the hits whose scores are known.
pub(crate) type Each<'a> = &'a mut dyn FnMut(ScoredDoc) -> Result<(), Error>;

impl<'e> Ranking<'e> {
    /// `parts` come heaviest first; hits are documents of `level`.
    pub(crate) fn new(engine: &'e Engine, parts: &'e [article_score::Part], level: Level) -> Self {
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
            gathered: SpanFrequency::default(),
            least: Score::NEG_INFINITY,
        }
    }

    /// Takes in the hit that the scorer is at; its score will be below `least` if it can't reach that.
    pub(crate) fn push(
        &mut self,
        scorer: &mut dyn Scorer,
        found: ScoredDoc,
        least: Score,
        each: Each,
    ) -> Result<(), Error> {
        let (number, doc) = (found.at.segment_ord, found.at.doc_id);
        let found = ScoredDoc { score: scorer.score(), ..found };
        if self.parts.is_empty() || self.weight <= 0.0 {
            return each(found);
        }
        let known = self.open.as_ref();
        let term_sets = known.is_none_or(|open| open.number != number || !open.scores.is_within(doc));
        if term_sets && !self.waiting.is_empty() {
            self.finish(each)?;
        }
        if self.open.as_ref().is_none_or(|open| open.number != number) {
            self.open = Some(self.opened(number, scorer)?);
        }
        let Some(Open { scores, source, .. }) = &mut self.open else { return each(found) };
        scores.set_doc(doc);
        let needed = (least - found.score) / self.weight;
        let score = match source {
            FrequencySource::Hits => {
                if let Some(whole) = scorer.downcast_ref::<SpanScorer>() {
                    self.gathered.add(whole.span_frequency());
                }
                None
            }
            FrequencySource::Parts(numbers) => {
                let scan = scorer.downcast_ref::<SpanScorer>();
                Some(scores.score(needed, &|part, article, _| {
                    let number = numbers.get(part).copied().flatten()?;
                    Some(sum(scan?.counts(number, article)?))
                })?)
            }
        };
        let Some(score) = score else {
            self.least = if self.waiting.is_empty() { least } else { self.least.min(least) };
            self.waiting.push(found);
            return Ok(());
        };
        each(ScoredDoc { score: found.score + self.weight * score, ..found })
    }

    /// Hands over the hits that still wait.
    pub(crate) fn finish(&mut self, each: Each) -> Result<(), Error> {
        let best = self.waiting.iter().map(|found| found.score).fold(Score::NEG_INFINITY, Score::max);
        let gathered = std::mem::take(&mut self.gathered);
        let score = match &mut self.open {
            Some(open) if !self.waiting.is_empty() => {
                open.scores.score((self.least - best) / self.weight, &|_, _, _| Some(gathered))?
            }
            _ => 0.0,
        };
        for found in self.waiting.drain(..) {
            each(ScoredDoc { score: found.score + self.weight * score, ..found })?;
        }
        Ok(())
    }

    /// A segment, and what is known of its articles.
    fn opened(&self, number: u32, scorer: &dyn Scorer) -> Result<Open<'e>, Error> {
        let scan = scorer.downcast_ref::<SpanScorer>();
        let number_of = |part: &article_score::Part| scan.and_then(|scan| scan.number_of(&part.text));
        let source = match (self.parts, scan) {
            ([part], Some(scan)) if scan.is_one_phrase() && number_of(part).is_some() => FrequencySource::Hits,
            _ => FrequencySource::Parts(self.parts.iter().map(number_of).collect()),
        };
        let segment = self.engine.searcher().segment_reader(number);
        let scores = ArticleScores::open(self.parts, segment, self.engine.hierarchies.of(segment)?, self.length)?;
        Ok(Open { number, scores, source })
    }
}

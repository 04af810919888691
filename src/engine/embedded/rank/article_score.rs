//! What a whole article has to say about a query: the words of all its passages and of its headline, as one text.
//!
//! A passage that is in an article on the subject is better than one that mentions it in passing, and an article is
//! judged by all that it says. Fields are weighed within one saturation (BM25F; Robertson, Zaragoza and Taylor 2004).

use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocId, DocSet as _, Score, SegmentReader, TERMINATED};

use crate::engine::embedded::rank::bm25::{B, K1, SpanFrequency, length_norm};
use crate::engine::embedded::rank::headlines::{Headlines, InHeadline};
use crate::engine::embedded::scan::conjunction::SpanScorer;
use crate::engine::embedded::scan::field_query::FieldQuery;
use crate::index::block::Hierarchy;
use crate::index::schema::Level;

/// How much a word in the headline counts beside one in the text.
const TITLE: f32 = 2.0;

/// Parts of a query that are scored, those with the highest upper bounds: more tell articles no better apart.
const MOST_PARTS: usize = 64;

/// A part of a query as it is searched for in texts and in headlines.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) text: FieldQuery,
    pub(crate) title: FieldQuery,
}

/// Keeps of the parts of a query those that weigh most, the heaviest first.
pub(crate) fn heaviest(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by(|a, b| b.text.value().total_cmp(&a.text.value()));
    parts.truncate(MOST_PARTS);
    parts
}

/// Scores the articles of one segment, in order.
pub(crate) struct ArticleScores<'e> {
    segment: &'e SegmentReader,
    /// What is scored, with the upper bound of it and all after it: the parts that tell articles apart best come first.
    parts: Vec<(ScoredPart, Score)>,
    blocks: Hierarchy,
    lengths: Column<u64>,
    average: f32,
    title_average: f32,
    /// The current article, and where the next one begins.
    article: DocId,
    end: DocId,
    /// Its length beside the average, how many parts are scored, and their sum.
    relative: f32,
    scored: usize,
    sum: Score,
    /// Its upper bound, once computed.
    bound: Option<Score>,
}

/// What the passages of an article hold of a part, given the number of the part and the documents of the article; none
/// where the scan of the hits does not know it.
pub(crate) type KnownFrequencies<'t> = &'t dyn Fn(usize, Range<DocId>, &Hierarchy) -> Option<SpanFrequency>;

/// A part in texts and headlines.
struct ScoredPart {
    query: FieldQuery,
    value: Score,
    /// Opened for the first article of which the scan of the hits does not know what its passages hold.
    passages: Option<SpanScorer>,
    headlines: Headlines,
    /// What the passages of the current article hold, where the scan knows it.
    known: Option<SpanFrequency>,
}

/// How much an upper bound exceeds the computed one: sums are rounded.
const ROUNDED: f32 = 1.0 + 1e-5;

impl<'e> ArticleScores<'e> {
    /// Opens a segment; `parts` come heaviest first, `average` is the length of articles.
    pub(crate) fn open(
        parts: &[Part],
        segment: &'e SegmentReader,
        blocks: Hierarchy,
        average: f32,
    ) -> tantivy::Result<Self> {
        let mut scored = Vec::with_capacity(parts.len());
        let mut bound: Score = parts.iter().map(|part| part.text.value()).sum();
        for part in parts {
            let value = part.text.value();
            let headlines = Headlines::open(&part.title, segment)?;
            let part = ScoredPart { query: part.text.clone(), value, passages: None, headlines, known: None };
            scored.push((part, bound * ROUNDED));
            bound -= value;
        }
        Ok(ArticleScores {
            segment,
            parts: scored,
            blocks,
            lengths: segment.fast_fields().u64("length")?,
            average: average.max(1.0),
            title_average: parts.first().map_or(1.0, |part| part.title.statistics.length.max(1.0)),
            article: TERMINATED,
            end: 0,
            relative: 1.0,
            scored: 0,
            sum: 0.0,
            bound: None,
        })
    }

    /// True if a document belongs to the article at hand.
    pub(crate) fn is_within(&self, doc: DocId) -> bool {
        (self.article..self.end).contains(&doc)
    }

    /// Goes to the article that `doc` belongs to, never to one before.
    pub(crate) fn set_doc(&mut self, doc: DocId) {
        if !self.is_within(doc) {
            Range { start: self.article, end: self.end } = self.blocks.block(doc);
            (self.scored, self.sum, self.bound) = (0, 0.0, None);
        }
    }

    /// The score of the current article, something below `least` where it cannot reach that. What is not `known` is read.
    pub(crate) fn score(&mut self, least: Score, known: KnownFrequencies) -> tantivy::Result<Score> {
        // Most hits need more than any article adds, which is known without a look at theirs.
        let most = self.parts.first().map_or(0.0, |(_, bound)| *bound);
        if most < least || self.upper_bound(known) < least {
            return Ok(self.sum);
        }
        while let Some((part, bound)) = self.parts.get_mut(self.scored) {
            if self.sum + *bound < least {
                return Ok(self.sum);
            }
            if self.scored == 0 {
                let length = self.lengths.first(self.article);
                self.relative = length.map_or(1.0, |length| length as f32 / self.average);
            }
            let found = match part.known {
                Some(found) => found,
                None => in_article(part.passages(self.segment)?, self.article..self.end),
            };
            let headline = part.headlines.of(self.article);
            self.sum += part.score(found, headline, length_norm(self.relative, B), self.title_average);
            self.scored += 1;
        }
        Ok(self.sum)
    }

    /// The upper bound of the current article's score, by how often it holds what is `known`, as if it were the shortest
    /// there is. Most articles need not be looked at any closer, their length included.
    fn upper_bound(&mut self, known: KnownFrequencies) -> Score {
        if let Some(bound) = self.bound {
            return bound;
        }
        let mut sum = 0.0;
        for (number, (part, _)) in self.parts.iter_mut().enumerate() {
            part.known = known(number, self.article..self.end, &self.blocks);
            sum += match part.known {
                Some(found) if !part.headlines.needs_a_look(self.article) => {
                    let headline = part.headlines.of(self.article);
                    part.score(found, headline, 1.0 - B, self.title_average)
                }
                Some(_) | None => part.value,
            };
        }
        *self.bound.insert(sum * ROUNDED)
    }
}

impl ScoredPart {
    /// The score of an article: what is `found` in its passages, and what its headline holds.
    fn score(&self, found: SpanFrequency, headline: Option<InHeadline>, text_norm: f32, title_average: f32) -> Score {
        let SpanFrequency { mut share, mut frequency, .. } = found;
        frequency /= text_norm;
        if let Some((found, length)) = headline {
            share = share.max(found.share);
            frequency += TITLE * found.frequency / length_norm(length / title_average, B);
        }
        self.value * share * frequency / (frequency + K1)
    }

    fn passages(&mut self, segment: &SegmentReader) -> tantivy::Result<&mut SpanScorer> {
        Ok(match &mut self.passages {
            Some(passages) => passages,
            unread => unread.insert(self.query.open(segment)?),
        })
    }
}

/// What is found in all passages of an article, whose documents are `article`.
fn in_article(passages: &mut SpanScorer, article: Range<DocId>) -> SpanFrequency {
    let mut all = SpanFrequency::default();
    if passages.seek(article.start) >= article.end {
        return all;
    }
    if let Some(counts) = passages.counts(0, article.clone()) {
        return sum(counts);
    }
    while passages.doc() < article.end {
        all.add(passages.span_frequency());
        passages.advance();
    }
    all
}

/// The sum of the counts of a word in passages of an article.
pub(crate) fn sum(counts: impl Iterator<Item = (DocId, u32)>) -> SpanFrequency {
    SpanFrequency::times(counts.map(|(_, count)| count as f32).sum())
}

/// How much the score of its article adds to that of a hit.
pub(crate) fn weight(level: Level) -> f32 {
    match level {
        Level::Article | Level::Passage => 1.0,
        Level::Quote => 0.0,
    }
}

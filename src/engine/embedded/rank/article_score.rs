//! What a whole article has to say about a query: the words of all its passages and of its headline, as one text.
//!
//! A passage that stands in an article on the subject is better than one that mentions it in passing, and an article is
//! judged by all that it says. Fields are weighed within one saturation (BM25F; Robertson, Zaragoza and Taylor 2004).

use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentReader, TERMINATED};

use crate::engine::embedded::rank::bm25::{SpanFrequency, length_norm};
use crate::engine::embedded::rank::headlines::Headlines;
use crate::engine::embedded::scan::field_query::{FieldQuery, SpanScorer};
use crate::index::block::Hierarchy;
use crate::index::schema::Level;

/// A place in the headline counts like this many in the text.
const TITLE: f32 = 4.0;
/// A place in the first paragraph counts like this many elsewhere: news starts with what matters.
const LEAD: f32 = 1.25;
/// What the word as it was typed is worth on top of its other forms.
const AS_TYPED: f32 = 0.6;
/// How fast repeated words stop counting, and the pull of the length of texts and of headlines. These and the weights
/// above were set on one half of 2,546 queries over Reuters; docs/performance.md gives what the other half measures.
const K1: f32 = 0.8;
const B_TEXT: f32 = 0.5;
const B_TITLE: f32 = 0.5;

/// Parts of a query that are weighed, those worth most: more tell articles no better apart.
const MOST_PARTS: usize = 64;

/// A part of a query as it is searched for in texts, in headlines, and just as it was typed.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) text: FieldQuery,
    pub(crate) title: FieldQuery,
    pub(crate) as_typed: Option<FieldQuery>,
}

impl Part {
    /// The most it can add to a score.
    fn most(&self) -> Score {
        self.text.value() + self.as_typed.as_ref().map_or(0.0, |typed| AS_TYPED * typed.value())
    }
}

/// Keeps of the parts of a query those that weigh most, the heaviest first.
pub(crate) fn heaviest(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by(|a, b| b.most().total_cmp(&a.most()));
    parts.truncate(MOST_PARTS);
    parts
}

/// Scores the articles of one segment, in order.
pub(crate) struct ArticleScores<'e> {
    segment: &'e SegmentReader,
    /// What is weighed, in this order, with the most that it and all after it can add: the texts, which tell articles
    /// apart best, then the words as they were typed.
    weights: Vec<(Weighed, Score)>,
    blocks: Hierarchy,
    lengths: Column<u64>,
    average: f32,
    title_average: f32,
    /// The article at hand, and where the next one begins.
    article: DocId,
    end: DocId,
    /// How long it is beside the average, how much was weighed for it, and what that adds up to.
    relative: f32,
    weighed: usize,
    sum: Score,
    /// The most that can add up to, as far as that was asked for.
    most: Option<Score>,
}

/// What the passages of an article hold of a part, by its number and the documents of the article, as far as whoever scans
/// the hits knows it.
pub(crate) type KnownFrequencies<'t> = &'t dyn Fn(usize, Range<DocId>, &Hierarchy) -> Option<SpanFrequency>;

enum Weighed {
    Text(Box<Text>),
    /// The word as it was typed, where the part finds other forms of it, too.
    AsTyped(Box<SpanScorer>),
    /// The same where it finds no others: the number of the part, and what the word is worth.
    Only(usize, Score),
}

/// A part in texts and headlines.
struct Text {
    query: FieldQuery,
    value: Score,
    /// Opened for the first article of which nobody tells what its passages hold.
    passages: Option<SpanScorer>,
    headlines: Headlines,
    /// What the passages of the article at hand hold of it, where somebody told.
    told: Option<SpanFrequency>,
    /// How often it stands in them.
    frequency: f32,
}

/// How much more a bound for a score is than what it is worked out to be: sums are rounded.
const ROUNDED: f32 = 1.0 + 1e-5;

impl Weighed {
    /// The most it can add to a score.
    fn most(&self) -> Score {
        match self {
            Weighed::Text(text) => text.value,
            Weighed::AsTyped(typed) => AS_TYPED * typed.value(),
            Weighed::Only(_, value) => AS_TYPED * value,
        }
    }
}

impl<'e> ArticleScores<'e> {
    /// Opens a segment; `parts` come heaviest first, `average` is the length of articles.
    pub(crate) fn open(
        parts: &[Part],
        segment: &'e SegmentReader,
        blocks: Hierarchy,
        average: f32,
    ) -> tantivy::Result<Self> {
        let mut weights = Vec::with_capacity(2 * parts.len());
        for part in parts {
            let text = Text {
                query: part.text.clone(),
                value: part.text.value(),
                passages: None,
                headlines: Headlines::open(&part.title, segment)?,
                told: None,
                frequency: 0.0,
            };
            weights.push((Weighed::Text(Box::new(text)), 0.0));
        }
        for (number, part) in parts.iter().enumerate() {
            let Some(typed) = &part.as_typed else { continue };
            let only = part.text.plan.query == typed.plan.query && part.text.plan.term_sets == typed.plan.term_sets;
            let weighed = if only {
                Weighed::Only(number, typed.value())
            } else {
                Weighed::AsTyped(Box::new(typed.open(segment)?))
            };
            weights.push((weighed, 0.0));
        }
        let mut sum = 0.0;
        for (weighed, still) in weights.iter_mut().rev() {
            sum += weighed.most();
            *still = sum;
        }
        Ok(ArticleScores {
            segment,
            weights,
            blocks,
            lengths: segment.fast_fields().u64("length")?,
            average: average.max(1.0),
            title_average: parts.first().map_or(1.0, |part| part.title.statistics.length.max(1.0)),
            article: TERMINATED,
            end: 0,
            relative: 1.0,
            weighed: 0,
            sum: 0.0,
            most: None,
        })
    }

    /// True if a document belongs to the article at hand.
    pub(crate) fn is_within(&self, doc: DocId) -> bool {
        (self.article..self.end).contains(&doc)
    }

    /// Turns to the article that `doc` belongs to, never to one before.
    pub(crate) fn set_doc(&mut self, doc: DocId) {
        if !self.is_within(doc) {
            Range { start: self.article, end: self.end } = self.blocks.block(doc);
            (self.weighed, self.sum, self.most) = (0, 0.0, None);
        }
    }

    /// Adds what was found in a passage of the article at hand to what was found in others.
    pub(crate) fn collect_parallel(&self, passage: DocId, found: SpanFrequency, all: &mut SpanFrequency) {
        collect_parallel(passage, found, self.article, &self.blocks, all);
    }

    /// The score of the article at hand, something below `least` where it can't reach that. What nobody has `told` is
    /// read.
    pub(crate) fn score(&mut self, least: Score, told: KnownFrequencies) -> tantivy::Result<Score> {
        if self.most(told) < least {
            return Ok(self.sum);
        }
        while let Some((_, still)) = self.weights.get(self.weighed) {
            if self.sum + still < least {
                return Ok(self.sum);
            }
            if self.weighed == 0 {
                let length = self.lengths.first(self.article);
                self.relative = length.map_or(1.0, |length| length as f32 / self.average);
            }
            self.sum += self.weigh()?;
            self.weighed += 1;
        }
        Ok(self.sum)
    }

    /// The most that the article at hand can score, by how often it holds what somebody has `told` of: as if it were the
    /// shortest there is. Most articles need not be looked at any closer, their length included.
    fn most(&mut self, told: KnownFrequencies) -> Score {
        if let Some(most) = self.most {
            return most;
        }
        let mut sum = 0.0;
        for number in 0..self.weights.len() {
            let (before, rest) = self.weights.split_at_mut(number);
            sum += match rest.first_mut() {
                None => 0.0,
                Some((Weighed::Text(text), _)) => {
                    text.told = told(number, self.article..self.end, &self.blocks);
                    match text.told {
                        Some(found) => text.span_frequency(found, self.article, 1.0 - B_TEXT, self.title_average),
                        None => text.value,
                    }
                }
                Some((Weighed::Only(number, value), _)) => match before.get(*number) {
                    Some((Weighed::Text(text), _)) => match text.told {
                        Some(found) => as_typed(*value, found.frequency, 1.0 - B_TEXT),
                        None => AS_TYPED * *value,
                    },
                    Some((Weighed::AsTyped(_) | Weighed::Only(..), _)) | None => 0.0,
                },
                Some((typed @ Weighed::AsTyped(_), _)) => typed.most(),
            };
        }
        *self.most.insert(sum * ROUNDED)
    }

    /// What the next weight adds.
    fn weigh(&mut self) -> tantivy::Result<Score> {
        let article = self.article..self.end;
        let length_norm = length_norm(self.relative, B_TEXT);
        let (before, rest) = self.weights.split_at_mut(self.weighed);
        Ok(match rest.first_mut() {
            None => 0.0,
            Some((Weighed::AsTyped(typed), _)) => {
                as_typed(typed.value(), gathered(typed, article, &self.blocks).frequency, length_norm)
            }
            Some((Weighed::Only(number, value), _)) => match before.get(*number) {
                Some((Weighed::Text(text), _)) => as_typed(*value, text.frequency, length_norm),
                Some((Weighed::AsTyped(_) | Weighed::Only(..), _)) | None => 0.0,
            },
            Some((Weighed::Text(text), _)) => {
                let found = match text.told {
                    Some(found) => found,
                    None => gathered(text.passages(self.segment)?, article, &self.blocks),
                };
                text.frequency = found.frequency;
                text.span_frequency(found, self.article, length_norm, self.title_average)
            }
        })
    }
}

/// What a word as it was typed adds that stands so often in the passages of an article.
fn as_typed(value: Score, frequency: f32, length_norm: f32) -> Score {
    let frequency = frequency / length_norm;
    AS_TYPED * value * frequency / (frequency + K1)
}

impl Text {
    /// What is `found` in the passages of an article adds to its score, and what its headline holds.
    fn span_frequency(
        &mut self,
        found: SpanFrequency,
        article: DocId,
        length_norm_of_text: f32,
        title_average: f32,
    ) -> Score {
        let SpanFrequency { mut share, mut frequency } = found;
        frequency /= length_norm_of_text;
        if let Some((found, length)) = self.headlines.of(article) {
            share = share.max(found.share);
            frequency += TITLE * found.frequency / length_norm(length / title_average, B_TITLE);
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
fn gathered(passages: &mut SpanScorer, article: Range<DocId>, blocks: &Hierarchy) -> SpanFrequency {
    passages.go(article.start);
    let mut all = SpanFrequency::default();
    if passages.at() >= article.end {
        return all;
    }
    if let Some(counts) = passages.counts(article.clone()) {
        return gathered_counts(counts, article.start, blocks);
    }
    while passages.at() < article.end {
        collect_parallel(passages.at(), passages.span_frequency(), article.start, blocks, &mut all);
        passages.go(passages.at() + 1);
    }
    all
}

/// What counts of a word in passages of an article add up to.
pub(crate) fn gathered_counts(
    counts: impl Iterator<Item = (DocId, u32)>,
    article: DocId,
    blocks: &Hierarchy,
) -> SpanFrequency {
    let mut all = SpanFrequency::default();
    for (passage, count) in counts {
        collect_parallel(passage, SpanFrequency { share: 1.0, frequency: count as f32 }, article, blocks, &mut all);
    }
    all
}

/// Adds what was found in a passage of an article.
fn collect_parallel(passage: DocId, found: SpanFrequency, article: DocId, blocks: &Hierarchy, all: &mut SpanFrequency) {
    // The first paragraph comes right after the article's own document.
    let leads = passage == article + 1 && blocks.ordinal(passage) == 0;
    all.share = all.share.max(found.share);
    all.frequency += if leads { LEAD } else { 1.0 } * found.frequency;
}

/// What the score of its article adds to that of a hit.
pub(crate) fn weight(level: Level) -> f32 {
    match level {
        Level::Article | Level::Passage => 1.0,
        Level::Quote => 0.0,
    }
}

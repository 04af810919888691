//! What a whole article has to say about a query: the words of all its passages and of its headline, as one text.
//!
//! A passage that stands in an article on the subject is better than one that mentions it in passing, and an article is
//! judged by all that it says. Fields are weighed within one saturation (BM25F; Robertson, Zaragoza and Taylor 2004).

use tantivy::columnar::Column;
use tantivy::{DocId, Score, SegmentReader, TERMINATED};

use super::bm25::{Worth, pull};
use super::span_query::{SpanQuery, SpanScorer};
use crate::index::block::Blocks;
use crate::index::schema::Level;

/// A place in the headline counts like this many in the text.
const TITLE: f32 = 4.0;
/// A place in the first paragraph counts like this many elsewhere: news starts with what matters.
const LEAD: f32 = 1.5;
/// What the word as it was typed is worth on top of its other forms.
const AS_TYPED: f32 = 1.0;
/// How fast repeated words stop counting, and the pull of the length of texts and of headlines. These and the weights
/// above were set on one half of 1,252 queries over Reuters; docs/performance.md gives what the other half measures.
const K1: f32 = 1.0;
const B_TEXT: f32 = 0.6;
const B_TITLE: f32 = 0.5;

/// Parts of a query that are weighed, those worth most: more tell articles no better apart.
const MOST_PARTS: usize = 64;

/// A part of a query as it is looked for in texts, in headlines, and just as it was typed.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) text: SpanQuery,
    pub(super) title: SpanQuery,
    pub(super) as_typed: Option<SpanQuery>,
}

impl Part {
    /// The most it can add to a score.
    fn most(&self) -> Score {
        self.text.value() + self.as_typed.as_ref().map_or(0.0, |typed| AS_TYPED * typed.value())
    }
}

/// Keeps of the parts of a query those that weigh most, the heaviest first.
pub(super) fn heaviest(mut parts: Vec<Part>) -> Vec<Part> {
    parts.sort_by(|a, b| b.most().total_cmp(&a.most()));
    parts.truncate(MOST_PARTS);
    parts
}

/// Scores the articles of one segment, in order.
pub(super) struct ArticleScores {
    parts: Vec<Open>,
    blocks: Blocks,
    lengths: Column<u64>,
    average: f32,
    title_average: f32,
    /// The article at hand, how long it is beside the average, how many parts were weighed for it, and what they add up to.
    article: DocId,
    relative: f32,
    weighed: usize,
    sum: Score,
}

struct Open {
    text: SpanScorer,
    title: SpanScorer,
    as_typed: Option<SpanScorer>,
    /// The most that this part and all after it can add.
    still: Score,
}

impl ArticleScores {
    /// Opens a segment; `parts` come heaviest first, `average` is the length of articles.
    pub(super) fn open(parts: &[Part], segment: &SegmentReader, blocks: Blocks, average: f32) -> tantivy::Result<Self> {
        let mut still: Score = parts.iter().map(Part::most).sum();
        let mut open = Vec::with_capacity(parts.len());
        for part in parts {
            open.push(Open {
                text: part.text.open(segment)?,
                title: part.title.open(segment)?,
                as_typed: part.as_typed.as_ref().map(|typed| typed.open(segment)).transpose()?,
                still,
            });
            still -= part.most();
        }
        Ok(ArticleScores {
            parts: open,
            blocks,
            lengths: segment.fast_fields().u64("length")?,
            average: average.max(1.0),
            title_average: parts.first().map_or(1.0, |part| part.title.statistics.length.max(1.0)),
            article: TERMINATED,
            relative: 1.0,
            weighed: 0,
            sum: 0.0,
        })
    }

    /// The score of the article that `doc` belongs to, which never goes back; something below `least` where the score
    /// can't reach that.
    pub(super) fn of(&mut self, doc: DocId, least: Score) -> Score {
        let article = self.blocks.article(doc);
        if article != self.article {
            (self.article, self.weighed, self.sum) = (article, 0, 0.0);
            self.relative = self.lengths.first(article).map_or(1.0, |length| length as f32 / self.average);
        }
        while let Some(part) = self.parts.get_mut(self.weighed) {
            if self.sum + part.still < least {
                return self.sum;
            }
            self.weighed += 1;
            self.sum += part.score(article, &self.blocks, self.relative, self.title_average);
        }
        self.sum
    }
}

impl Open {
    fn score(&mut self, article: DocId, blocks: &Blocks, relative: f32, title_average: f32) -> Score {
        let text = gather(&mut self.text, article, blocks);
        let mut share = text.share;
        let mut frequency = text.frequency / pull(relative, B_TEXT);
        self.title.go(article);
        if self.title.at() == article {
            let title = self.title.worth();
            share = share.max(title.share);
            frequency += TITLE * title.frequency / pull(self.title.length() / title_average, B_TITLE);
        }
        let score = self.text.value() * share * frequency / (frequency + K1);
        let Some(typed) = &mut self.as_typed else { return score };
        let frequency = gather(typed, article, blocks).frequency / pull(relative, B_TEXT);
        score + AS_TYPED * typed.value() * frequency / (frequency + K1)
    }
}

/// What is found in all passages of an article.
fn gather(passages: &mut SpanScorer, article: DocId, blocks: &Blocks) -> Worth {
    let mut all = Worth::default();
    passages.go(article);
    while passages.at() != TERMINATED && blocks.article(passages.at()) == article {
        let found = passages.worth();
        let weight = if blocks.ordinal(passages.at()) == 0 { LEAD } else { 1.0 };
        all.share = all.share.max(found.share);
        all.frequency += weight * found.frequency;
        passages.go(passages.at() + 1);
    }
    all
}

/// What the score of its article adds to that of a hit.
pub(super) fn weight(level: Level) -> f32 {
    match level {
        Level::Article | Level::Passage => 1.0,
        Level::Quote => 0.0,
    }
}

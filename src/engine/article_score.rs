//! What a whole article has to say about a query: the words of all its passages and of its headline, as one text.
//!
//! A passage that stands in an article on the subject is better than one that mentions it in passing, and an article is
//! judged by all that it says. Fields are weighed within one saturation (BM25F; Robertson, Zaragoza and Taylor 2004).

use std::ops::Range;

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
    /// What is weighed, in this order, with the most that it and all after it can add: the texts, which tell articles
    /// apart best, then the words as they were typed.
    weights: Vec<(Weighed, Score)>,
    blocks: Blocks,
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
}

enum Weighed {
    /// A part in texts and headlines. Without a scorer for texts, whoever asks knows what they hold.
    Text {
        value: Score,
        text: Option<Box<SpanScorer>>,
        title: Box<SpanScorer>,
    },
    AsTyped(Box<SpanScorer>),
}

impl Weighed {
    /// The most it can add to a score.
    fn most(&self) -> Score {
        match self {
            Weighed::Text { value, .. } => *value,
            Weighed::AsTyped(typed) => AS_TYPED * typed.value(),
        }
    }
}

impl ArticleScores {
    /// Opens a segment; `parts` come heaviest first, `average` is the length of articles. What texts hold must be told
    /// with each article, unless they are `read`.
    pub(super) fn open(
        parts: &[Part],
        segment: &SegmentReader,
        blocks: Blocks,
        average: f32,
        read: bool,
    ) -> tantivy::Result<Self> {
        let mut weights = Vec::with_capacity(2 * parts.len());
        for part in parts {
            let text = if read { Some(Box::new(part.text.open(segment)?)) } else { None };
            let weighed = Weighed::Text { value: part.text.value(), text, title: Box::new(part.title.open(segment)?) };
            weights.push((weighed, 0.0));
        }
        for typed in parts.iter().filter_map(|part| part.as_typed.as_ref()) {
            weights.push((Weighed::AsTyped(Box::new(typed.open(segment)?)), 0.0));
        }
        let mut sum = 0.0;
        for (weighed, still) in weights.iter_mut().rev() {
            sum += weighed.most();
            *still = sum;
        }
        Ok(ArticleScores {
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
        })
    }

    /// True if a document belongs to the article at hand.
    pub(super) fn is_within(&self, doc: DocId) -> bool {
        (self.article..self.end).contains(&doc)
    }

    /// Turns to the article that `doc` belongs to, never to one before.
    pub(super) fn turn_to(&mut self, doc: DocId) {
        if !self.is_within(doc) {
            (self.article, self.weighed, self.sum) = (self.blocks.article(doc), 0, 0.0);
            self.end = self.blocks.next_article(self.article);
        }
    }

    /// Adds what was found in a passage of the article at hand to what was found in others.
    pub(super) fn gather(&self, passage: DocId, found: Worth, all: &mut Worth) {
        gather(passage, found, self.article, &self.blocks, all);
    }

    /// The score of the article at hand, something below `least` where it can't reach that. `told` is what its texts
    /// hold of the only part, where they are not read.
    pub(super) fn score(&mut self, least: Score, told: Option<Worth>) -> Score {
        while let Some((_, still)) = self.weights.get(self.weighed) {
            if self.sum + still < least {
                return self.sum;
            }
            if self.weighed == 0 {
                let length = self.lengths.first(self.article);
                self.relative = length.map_or(1.0, |length| length as f32 / self.average);
            }
            self.sum += self.weigh(told);
            self.weighed += 1;
        }
        self.sum
    }

    /// What the next weight adds.
    fn weigh(&mut self, told: Option<Worth>) -> Score {
        let stretch = self.article..self.end;
        match self.weights.get_mut(self.weighed) {
            None => 0.0,
            Some((Weighed::AsTyped(typed), _)) => {
                let frequency = gathered(typed, stretch, &self.blocks).frequency / pull(self.relative, B_TEXT);
                AS_TYPED * typed.value() * frequency / (frequency + K1)
            }
            Some((Weighed::Text { value, text, title }, _)) => {
                let read = text.as_mut().map(|text| gathered(text, stretch, &self.blocks));
                let Worth { mut share, frequency } = told.or(read).unwrap_or_default();
                let mut frequency = frequency / pull(self.relative, B_TEXT);
                title.go(self.article);
                if title.at() == self.article {
                    let found = title.worth();
                    share = share.max(found.share);
                    frequency += TITLE * found.frequency / pull(title.length() / self.title_average, B_TITLE);
                }
                *value * share * frequency / (frequency + K1)
            }
        }
    }
}

/// What is found in all passages of an article, whose documents are `article`.
fn gathered(passages: &mut SpanScorer, article: Range<DocId>, blocks: &Blocks) -> Worth {
    let mut all = Worth::default();
    passages.go(article.start);
    while passages.at() < article.end {
        gather(passages.at(), passages.worth(), article.start, blocks, &mut all);
        passages.go(passages.at() + 1);
    }
    all
}

/// Adds what was found in a passage of an article.
fn gather(passage: DocId, found: Worth, article: DocId, blocks: &Blocks, all: &mut Worth) {
    // The first paragraph comes right after the article's own document.
    let leads = passage == article + 1 && blocks.ordinal(passage) == 0;
    all.share = all.share.max(found.share);
    all.frequency += if leads { LEAD } else { 1.0 } * found.frequency;
}

/// What the score of its article adds to that of a hit.
pub(super) fn weight(level: Level) -> f32 {
    match level {
        Level::Article | Level::Passage => 1.0,
        Level::Quote => 0.0,
    }
}

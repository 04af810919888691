//! Several parts of a query that must all hold in one text: one walk for all of them, then each is asked.

use std::ops::Range;

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::cursor::{Cursor, Lists};
use super::need;
use super::places::Leaf;
use super::span_query::{Judge, SpanQuery};

/// Finds the documents in one field of which all parts hold, with the sum of their scores.
#[derive(Debug, Clone)]
pub(super) struct Conjunction {
    parts: Vec<SpanQuery>,
}

impl Conjunction {
    /// `parts` must be of one field.
    pub(super) fn new(parts: Vec<SpanQuery>) -> Self {
        debug_assert!(parts.windows(2).all(|two| matches!(two, [a, b] if a.field == b.field)));
        Conjunction { parts }
    }

    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<ConjunctionScorer> {
        let mut judges = Vec::with_capacity(self.parts.len());
        let mut leaves: Vec<(&SpanQuery, Leaf)> = Vec::new();
        let mut needs = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            judges.push((leaves.len(), part.judge(reader, &*reader.inverted_index(part.field)?)?));
            needs.push(part.plan.need.numbered_from(leaves.len()));
            leaves.extend((0..part.plan.leaves.len()).map(|leaf| (part, leaf)));
        }
        let lists = |leaf: Leaf| match leaves.get(leaf) {
            Some((part, leaf)) => part.lists(*leaf, &*reader.inverted_index(part.field)?),
            None => Ok(Lists { postings: Vec::new(), counted: false }),
        };
        let articles = match self.parts.first() {
            Some(part) => part.articles(reader)?,
            None => return Err(TantivyError::InvalidArgument("nothing to look for".to_owned())),
        };
        let need = Cursor::open(&need::all(needs), &lists, articles, reader.max_doc())?;
        let mut scorer = ConjunctionScorer { need, judges, boost, doc: 0 };
        scorer.settle(0);
        Ok(scorer)
    }
}

impl Query for Conjunction {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let mut parts = self.parts.clone();
        for part in &mut parts {
            part.scored &= scoring.is_scoring_enabled();
        }
        Ok(Box::new(Conjunction { parts }))
    }
}

impl Weight for Conjunction {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(self.open(reader, boost)?))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.open(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("BM25 of the places found, over all parts", scorer.score()))
    }
}

/// Walks the documents of one segment in which all parts hold.
pub(super) struct ConjunctionScorer {
    need: Cursor,
    /// Each part, and the first of its leaves among those that are walked.
    judges: Vec<(Leaf, Judge)>,
    boost: Score,
    doc: DocId,
}

impl ConjunctionScorer {
    /// The number of the part that was opened for a query, or for one of the same plan.
    pub(super) fn number_of(&self, query: &SpanQuery) -> Option<usize> {
        self.judges.iter().position(|(_, judge)| judge.is_of(query))
    }

    /// How often each passage of the current article holds the word that is all a part asks for; none where it asks for
    /// more, or the article is very long.
    pub(super) fn counts(&self, part: usize, article: Range<DocId>) -> Option<impl Iterator<Item = (DocId, u32)> + '_> {
        let (first, judge) = self.judges.get(part)?;
        self.need.counts(first + judge.word()?, article)
    }

    /// Goes to the first document from `target` on in which all parts hold.
    fn settle(&mut self, target: DocId) {
        self.doc = self.need.seek(target);
        while self.doc != TERMINATED && !self.judges.iter_mut().all(|(_, judge)| judge.holds(self.doc)) {
            self.doc = self.need.seek(self.doc + 1);
        }
    }
}

impl DocSet for ConjunctionScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.settle(self.doc + 1);
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            self.settle(target);
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.need.size()
    }

    fn cost(&self) -> u64 {
        self.need.postings()
    }
}

impl Scorer for ConjunctionScorer {
    fn score(&mut self) -> Score {
        let sum: Score = self.judges.iter().map(|(first, judge)| judge.score(self.doc, &self.need, *first)).sum();
        self.boost * sum
    }
}

//! Parts of a query that must all hold in one text: candidates from postings, then each verified on positions.

use std::ops::Range;

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::engine::embedded::rank::bm25::SpanFrequency;
use crate::engine::embedded::scan::context::Steps;
use crate::engine::embedded::scan::cursor::{Cursor, Lists};
use crate::engine::embedded::scan::field_query::{FieldQuery, SpanMatcher};
use crate::engine::plan::prefilter;
use crate::engine::spans::query::TermSet;
use crate::search::MatchClass;

/// Finds the documents in one field of which all parts hold, with the sum of their scores.
#[derive(Debug, Clone)]
pub(crate) struct Conjunction {
    parts: Vec<FieldQuery>,
}

impl Conjunction {
    /// `parts` must be of one field.
    pub(crate) fn new(parts: Vec<FieldQuery>) -> Self {
        debug_assert!(parts.windows(2).all(|two| matches!(two, [a, b] if a.field == b.field)));
        Conjunction { parts }
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
        Ok(Box::new(SpanScorer::open(&self.parts, reader, boost)?))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = SpanScorer::open(&self.parts, reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("BM25 of the spans found, over all parts", scorer.score()))
    }
}

/// Scans the documents of one segment in which all parts hold.
pub(crate) struct SpanScorer {
    prefilter: Cursor,
    /// Each part, and the first of its term sets among those that are scanned.
    matchers: Vec<(TermSet, SpanMatcher)>,
    steps: Steps,
    doc: DocId,
}

impl SpanScorer {
    /// Opens the first document in which all parts hold.
    pub(crate) fn open(parts: &[FieldQuery], reader: &SegmentReader, boost: Score) -> tantivy::Result<Self> {
        let Some(first) = parts.first() else {
            return Err(TantivyError::InvalidArgument("nothing to look for".to_owned()));
        };
        let index = reader.inverted_index(first.field)?;
        let mut matchers = Vec::with_capacity(parts.len());
        let mut term_sets: Vec<(&FieldQuery, TermSet)> = Vec::new();
        let mut needs = Vec::with_capacity(parts.len());
        for part in parts {
            matchers.push((term_sets.len(), part.matcher(reader, boost)?));
            needs.push(part.plan.prefilter.numbered_from(term_sets.len()));
            term_sets.extend((0..part.plan.term_sets.len()).map(|set| (part, set)));
        }
        let lists = |set: TermSet| match term_sets.get(set) {
            Some((part, set)) => part.lists(*set, &index),
            None => Ok(Lists { postings: Vec::new(), counted: false, written: None }),
        };
        let prefilter = Cursor::open(&prefilter::all(needs), &lists, first.articles(reader)?, reader.max_doc())?;
        let mut scorer = SpanScorer { prefilter, matchers, steps: Steps::new(first.context.clone()), doc: 0 };
        scorer.settle(0);
        Ok(scorer)
    }

    /// The number of the part that was opened for a query, or for one of the same plan.
    pub(crate) fn number_of(&self, query: &FieldQuery) -> Option<usize> {
        self.matchers.iter().position(|(_, matcher)| matcher.is_of(query))
    }

    /// True if there is one part alone that asks for more than a word.
    pub(crate) fn is_one_phrase(&self) -> bool {
        matches!(self.matchers.as_slice(), [(_, matcher)] if matcher.word().is_none())
    }

    /// How often each passage of the current article holds the word that is all a part asks for; none where it asks for
    /// more, or the article is very long.
    pub(crate) fn counts(&self, part: usize, article: Range<DocId>) -> Option<impl Iterator<Item = (DocId, u32)> + '_> {
        let (first, matcher) = self.matchers.get(part)?;
        self.prefilter.counts(first + matcher.word()?, article)
    }

    /// How closely the current document matches: as its loosest part.
    pub(crate) fn class(&mut self) -> MatchClass {
        let SpanScorer { prefilter, matchers, doc, .. } = self;
        let classes = matchers.iter_mut().map(|(first, matcher)| matcher.class(*doc, prefilter, *first));
        classes.max().unwrap_or(MatchClass::Written)
    }

    /// What was found of the first part in the current document.
    pub(crate) fn span_frequency(&self) -> SpanFrequency {
        let found =
            |(first, matcher): &(TermSet, SpanMatcher)| matcher.span_frequency(self.doc, &self.prefilter, *first);
        self.matchers.first().map(found).unwrap_or_default()
    }

    /// False if the parts surely don't all hold in a document, never one before that of the last call: by its terms alone,
    /// where nothing closer is known yet.
    pub(crate) fn may_hold(&mut self, doc: DocId) -> bool {
        if self.doc < doc { self.prefilter.seek(doc) == doc } else { self.doc == doc }
    }

    /// True if all parts hold in a document, which is the current one then. Never one before that of the last call; those
    /// between are not looked at.
    pub(crate) fn holds(&mut self, doc: DocId) -> bool {
        if self.doc < doc
            && self.prefilter.seek(doc) == doc
            && self.matchers.iter_mut().all(|(_, matcher)| matcher.holds(doc))
        {
            self.doc = doc;
        }
        self.doc == doc
    }

    /// The number of terms of the current document.
    pub(crate) fn length(&self) -> f32 {
        self.matchers.first().map_or(0.0, |(_, matcher)| matcher.length(self.doc))
    }

    /// Goes to the first document from `target` on in which all parts hold.
    fn settle(&mut self, target: DocId) {
        self.doc = self.prefilter.seek(target);
        while self.doc != TERMINATED && !self.matchers.iter_mut().all(|(_, matcher)| matcher.holds(self.doc)) {
            self.doc = if self.steps.go_on(1) { self.prefilter.seek(self.doc + 1) } else { TERMINATED };
        }
    }
}

impl DocSet for SpanScorer {
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
        self.prefilter.size()
    }

    fn cost(&self) -> u64 {
        self.prefilter.postings()
    }
}

impl Scorer for SpanScorer {
    fn score(&mut self) -> Score {
        self.matchers.iter().map(|(first, matcher)| matcher.score(self.doc, &self.prefilter, *first)).sum()
    }
}

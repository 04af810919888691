//! A plan held against the words of quotations, which are posted with their passages: candidates are passages, and of
//! what is there counts what is within a quotation of theirs.

use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::engine::embedded::rank::bm25::SpanFrequency;
use crate::engine::embedded::scan::conjunction::SpanScorer;
use crate::engine::embedded::scan::context::Steps;
use crate::engine::embedded::scan::cursor::Cursor;
use crate::engine::embedded::scan::field_query::FieldQuery;
use crate::engine::embedded::scan::postings::PostingsSource;
use crate::engine::embedded::scan::span_counter::SpanCounter;
use crate::engine::spans::find::BufferPool;
use crate::engine::spans::query::{PositionSource, PositionSpan, TermSet};
use crate::index::position_range::{JoinedRanges, PositionRange};
use crate::index::schema::Level;
use crate::text::normal::PlacedRole;

/// Positions of an average quotation, in news as Reuters writes it: BM25 wants to know what is long.
pub(crate) const LENGTH: f32 = 21.0;

/// Finds the quotations of which a plan holds: by the texts of passages, and by texts of their own.
#[derive(Debug, Clone)]
pub(crate) struct QuotedQuery {
    pub(crate) within: FieldQuery,
    /// The same for those that run on over several passages.
    pub(crate) alone: FieldQuery,
}

impl Query for QuotedQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for QuotedQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let index = reader.inverted_index(self.within.field)?;
        let lists = |set| self.within.lists(set, &index);
        let articles = self.within.articles(reader)?;
        let passages = Cursor::open(&self.within.plan.prefilter, &lists, articles, reader.max_doc())?;
        let postings = self.within.postings(reader)?;
        let within = QuotedScorer::new(passages, postings, &self.within, reader)?;
        Ok(Box::new(QuotationsOrTexts { within, alone: self.alone.open(reader)?, boost }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("BM25 of the spans found", scorer.score()))
    }
}

/// The quotations of both sorts; none is of both. Neither is asked for more than is looked at: what a speaker said is
/// searched for among the speaker's quotations.
struct QuotationsOrTexts {
    within: QuotedScorer,
    alone: SpanScorer,
    boost: Score,
}

impl DocSet for QuotationsOrTexts {
    fn advance(&mut self) -> DocId {
        match self.doc() {
            TERMINATED => TERMINATED,
            doc => self.seek(doc + 1),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.within.go(target);
        self.alone.seek(target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.within.doc.min(self.alone.doc())
    }

    fn size_hint(&self) -> u32 {
        self.within.passages.size().saturating_add(self.alone.size_hint())
    }

    fn cost(&self) -> u64 {
        self.within.passages.postings() + self.alone.cost()
    }
}

impl Scorer for QuotationsOrTexts {
    fn score(&mut self) -> Score {
        let score = if self.within.doc <= self.alone.doc() { self.within.score() } else { self.alone.score() };
        self.boost * score
    }
}

/// Finds the quotations of which a plan holds, except those whose words are posted as a text of their own.
struct QuotedScorer {
    passages: Cursor,
    inside: QuotationSource,
    stretches: Column<u64>,
    counter: SpanCounter,
    pool: BufferPool,
    value: Score,
    steps: Steps,
    end: DocId,
    doc: DocId,
    found: SpanFrequency,
}

impl QuotedScorer {
    /// `passages` are those that hold what the plan needs, `verifier` reads their positions.
    fn new(
        passages: Cursor,
        postings: PostingsSource,
        query: &FieldQuery,
        reader: &SegmentReader,
    ) -> tantivy::Result<Self> {
        let counter = SpanCounter::new(&query.plan.query, &|set| postings.size(set));
        let mut scorer = QuotedScorer {
            passages,
            inside: QuotationSource { quotation: 0, postings, row: JoinedRanges::default(), borders: Vec::new() },
            stretches: reader.fast_fields().u64("stretch")?,
            counter,
            pool: BufferPool::default(),
            value: query.value(),
            steps: Steps::new(query.context.clone()),
            end: reader.max_doc(),
            doc: 0,
            found: SpanFrequency::default(),
        };
        scorer.settle(0);
        Ok(scorer)
    }

    /// Goes to the first quotation from `target` on of which the plan holds.
    fn settle(&mut self, target: DocId) {
        let mut doc = target;
        while doc < self.end {
            let home = self.inside.postings.blocks.passage(doc);
            let passage = self.passages.seek(home);
            if passage == TERMINATED {
                break;
            }
            // A passage's quotations follow it.
            doc = doc.max(passage.saturating_add(1));
            if !self.steps.go_on(1) {
                break;
            }
            while doc < self.end && self.inside.postings.blocks.level(doc) == Level::Quote {
                if let Some(found) = self.found_in(doc, passage) {
                    (self.doc, self.found) = (doc, found);
                    return;
                }
                doc += 1;
            }
        }
        self.doc = TERMINATED;
    }

    /// Goes to the first quotation from `target` on, unless it is there or beyond.
    fn go(&mut self, target: DocId) {
        if self.doc < target {
            self.settle(target);
        }
    }

    fn score(&self) -> Score {
        // The row is that of the current document: it is the last one looked at.
        self.value * self.found.saturated(self.inside.row.len() as f32 / LENGTH)
    }

    fn found_in(&mut self, quotation: DocId, passage: DocId) -> Option<SpanFrequency> {
        let inside = &mut self.inside;
        inside.row.set(self.stretches.values_for_doc(quotation).map(PositionRange::from_value));
        if inside.row.is_empty() {
            return None;
        }
        inside.quotation = quotation;
        inside.postings.set_doc(passage);
        self.counter.count(inside, &mut self.pool)
    }
}

/// The words of one quotation, by way of its passage's.
struct QuotationSource {
    quotation: DocId,
    postings: PostingsSource,
    row: JoinedRanges,
    /// Positions in the quotation.
    borders: Vec<u32>,
}

impl PositionSource for QuotationSource {
    fn set(&mut self, set: TermSet, out: &mut Vec<PositionSpan>) {
        self.row.pick(self.postings.positions(set), |at| at, |_, at| out.push(PositionSpan::at(at)));
    }

    fn borders(&mut self) -> &[u32] {
        self.borders.clear();
        self.row.pick(self.postings.borders(), |at| at, |_, at| self.borders.push(at));
        &self.borders
    }

    fn roles(&mut self, _within: PositionSpan, each: &mut dyn FnMut(PlacedRole)) {
        let position = |role| PlacedRole(role).position();
        self.row.pick(self.postings.placed_roles(), position, |role, at| each(PlacedRole(role).at(at)));
    }

    fn literal(&mut self, text: &str, words: &[TermSet], out: &mut Vec<PositionSpan>) {
        if self.postings.follow(words) {
            self.postings.literal_in(self.quotation, text, out);
        }
    }

    fn literals(&mut self, text: &str, words: &[TermSet]) -> usize {
        if self.postings.follow(words) { self.postings.literals_in(self.quotation, text) } else { 0 }
    }
}

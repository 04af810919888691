//! A plan held against the words of quotations, which are posted with their passages: candidates are passages, and of
//! what stands there counts what stands within a quotation of theirs.

use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::bm25::Worth;
use super::cursor::Cursor;
use super::places::{Leaf, Place, Room, Source};
use super::plan::Plan;
use super::span_query::{SpanQuery, SpanScorer, worth};
use super::verifier::Verifier;
use crate::index::position_range::{JoinedRanges, PositionRange};
use crate::index::schema::Level;

/// Positions of an average quotation, in news as Reuters writes it: BM25 wants to know what is long.
pub(super) const LENGTH: f32 = 21.0;

/// Finds the quotations of which a plan holds: by the texts of passages, and by texts of their own.
#[derive(Debug, Clone)]
pub(super) struct QuotedQuery {
    pub(super) within: SpanQuery,
    /// The same for those that run on over several passages.
    pub(super) alone: SpanQuery,
}

impl Query for QuotedQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for QuotedQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let index = reader.inverted_index(self.within.field)?;
        let passages = self.within.candidates(reader, &index)?;
        let verifier = self.within.verifier(reader, &index)?;
        let within = QuotedScorer::new(passages, verifier, &self.within, reader)?;
        Ok(Box::new(Either { within, alone: self.alone.open(reader)?, boost }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("BM25 of the places found", scorer.score()))
    }
}

/// The quotations of both sorts; none is of both. Neither is asked for more than is looked at: what a speaker said is
/// sought among the speaker's quotations.
struct Either {
    within: QuotedScorer,
    alone: SpanScorer,
    boost: Score,
}

impl DocSet for Either {
    fn advance(&mut self) -> DocId {
        match self.doc() {
            TERMINATED => TERMINATED,
            doc => self.seek(doc + 1),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.within.go(target);
        self.alone.go(target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.within.doc.min(self.alone.at())
    }

    fn size_hint(&self) -> u32 {
        self.within.passages.size().saturating_add(self.alone.size_hint())
    }

    fn cost(&self) -> u64 {
        self.within.passages.postings() + self.alone.cost()
    }
}

impl Scorer for Either {
    fn score(&mut self) -> Score {
        let score = if self.within.doc <= self.alone.at() { self.within.score() } else { self.alone.score() };
        self.boost * score
    }
}

/// Finds the quotations of which a plan holds, except those whose words are posted as a text of their own.
struct QuotedScorer {
    passages: Cursor,
    inside: Inside,
    stretches: Column<u64>,
    plan: Arc<Plan>,
    room: Room,
    value: Score,
    end: DocId,
    doc: DocId,
    found: Worth,
}

impl QuotedScorer {
    /// `passages` are those that hold what the plan needs, `verifier` reads their positions.
    fn new(passages: Cursor, verifier: Verifier, query: &SpanQuery, reader: &SegmentReader) -> tantivy::Result<Self> {
        let mut scorer = QuotedScorer {
            passages,
            inside: Inside {
                quotation: 0,
                verifier,
                row: JoinedRanges::default(),
                picked: Vec::new(),
                borders: Vec::new(),
            },
            stretches: reader.fast_fields().u64("stretch")?,
            plan: query.plan.clone(),
            room: Room::default(),
            value: query.value(),
            end: reader.max_doc(),
            doc: 0,
            found: Worth::default(),
        };
        scorer.settle(0);
        Ok(scorer)
    }

    /// Goes to the first quotation from `target` on of which the plan holds.
    fn settle(&mut self, target: DocId) {
        let mut doc = target;
        while doc < self.end {
            let home = self.inside.verifier.blocks.passage(doc);
            let passage = self.passages.seek(home);
            if passage == TERMINATED {
                break;
            }
            // A passage's quotations follow it.
            doc = doc.max(passage.saturating_add(1));
            while doc < self.end && self.inside.verifier.blocks.level(doc) == Level::Quote {
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

    fn found_in(&mut self, quotation: DocId, passage: DocId) -> Option<Worth> {
        let inside = &mut self.inside;
        inside.row.set(self.stretches.values_for_doc(quotation).map(PositionRange::from_value));
        if inside.row.is_empty() {
            return None;
        }
        inside.quotation = quotation;
        inside.verifier.turn_to(passage);
        worth(&self.plan.sought, inside, &mut self.room)
    }
}

/// The words of one quotation, by way of its passage's.
struct Inside {
    quotation: DocId,
    verifier: Verifier,
    row: JoinedRanges,
    /// Positions in the quotation.
    picked: Vec<u32>,
    borders: Vec<u32>,
}

impl Source for Inside {
    fn leaf(&mut self, leaf: Leaf, out: &mut Vec<Place>) {
        self.picked.clear();
        self.row.pick(self.verifier.positions(leaf), &mut self.picked);
        out.extend(self.picked.iter().map(|&at| Place::at(at)));
    }

    fn borders(&mut self) -> &[u32] {
        self.borders.clear();
        self.row.pick(self.verifier.borders(), &mut self.borders);
        &self.borders
    }

    fn literal(&mut self, text: &str, words: &[Leaf], out: &mut Vec<Place>) {
        if self.verifier.follow(words) {
            self.verifier.literal_in(self.quotation, text, out);
        }
    }

    fn literals(&mut self, text: &str, words: &[Leaf]) -> usize {
        if self.verifier.follow(words) { self.verifier.literals_in(self.quotation, text) } else { 0 }
    }
}

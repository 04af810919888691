//! A plan as a tantivy query: candidates from postings, then every one verified on positions.

use std::ops::Range;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, TantivyError};

use super::bm25::{B, K1, Statistics, Worth, pull};
use super::cursor::{Articles, Cursor, Lists};
use super::pairs::Simple;
use super::places::{Leaf, Room, Sought, Source};
use super::plan::Plan;
use super::texts::{Failures, Texts};
use super::verifier::Verifier;
use crate::index::Index;
use crate::index::block::Hierarchies;

/// Finds the documents in whose field a plan holds.
#[derive(Clone)]
pub(super) struct SpanQuery {
    pub(super) field: Field,
    pub(super) plan: Arc<Plan>,
    pub(super) statistics: Arc<Statistics>,
    pub(super) index: Index,
    pub(super) failures: Arc<Failures>,
    pub(super) shapes: Arc<Hierarchies>,
    /// False where only matching counts: then all scores are 0.
    pub(super) scored: bool,
}

impl std::fmt::Debug for SpanQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpanQuery").field("field", &self.field).field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl Query for SpanQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(SpanQuery { scored: self.scored && scoring.is_scoring_enabled(), ..self.clone() }))
    }
}

impl SpanQuery {
    /// The most a text can score.
    pub(super) fn value(&self) -> Score {
        value(&self.plan.sought, &self.statistics.idf)
    }

    /// The documents of a segment that hold what the plan needs.
    pub(super) fn candidates(&self, reader: &SegmentReader, index: &InvertedIndexReader) -> tantivy::Result<Cursor> {
        Cursor::open(&self.plan.need, &|leaf| self.lists(leaf, index), self.articles(reader)?, reader.max_doc())
    }

    /// Which documents of a segment make up an article.
    pub(super) fn articles(&self, reader: &SegmentReader) -> tantivy::Result<Articles> {
        let blocks = self.shapes.of(reader)?;
        Ok(Box::new(move |doc| blocks.block(doc)))
    }

    /// The lists of a leaf. How often its terms stand somewhere matters where they are all that is sought; else places do.
    pub(super) fn lists(&self, leaf: Leaf, index: &InvertedIndexReader) -> tantivy::Result<Lists> {
        let counted = self.scored && matches!(self.plan.sought, Sought::Leaf(_));
        let option = if counted { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
        let mut postings = Vec::new();
        for text in self.plan.leaves.get(leaf).map_or(&[][..], Vec::as_slice) {
            postings.extend(index.read_block_postings(&Term::from_field_text(self.field, text), option)?);
        }
        Ok(Lists { postings, counted })
    }

    /// Reads the positions of one segment.
    pub(super) fn verifier(&self, reader: &SegmentReader, index: &InvertedIndexReader) -> tantivy::Result<Verifier> {
        let texts = Texts::new(self.index.clone(), self.failures.clone());
        Verifier::open(&self.plan, self.field, index, texts, self.shapes.of(reader)?, self.shapes.number(reader))
    }

    /// Goes through one segment.
    pub(super) fn open(&self, reader: &SegmentReader) -> tantivy::Result<SpanScorer> {
        let index = reader.inverted_index(self.field)?;
        let need = self.candidates(reader, &index)?;
        let mut scorer = SpanScorer { need, judge: self.judge(reader, &index)?, doc: 0 };
        scorer.settle(0);
        Ok(scorer)
    }

    /// Holds candidates of one segment against the plan.
    pub(super) fn judge(&self, reader: &SegmentReader, index: &InvertedIndexReader) -> tantivy::Result<Judge> {
        let verified = !matches!(self.plan.sought, Sought::Leaf(_));
        let norms = match reader.fieldnorms_readers().get_field(self.field)? {
            Some(norms) => norms,
            // Where no lengths are kept, all are taken for the average.
            None => FieldNormReader::constant(reader.max_doc(), self.statistics.length.round() as u32),
        };
        Ok(Judge {
            verifier: if verified { Some(self.verifier(reader, index)?) } else { None },
            field: self.field,
            plan: self.plan.clone(),
            room: Room::default(),
            value: if self.scored { self.value() } else { 0.0 },
            pulls: std::array::from_fn(|code| {
                let length = FieldNormReader::id_to_fieldnorm(code as u8) as f32;
                K1 * pull(length / self.statistics.length.max(1.0), B)
            }),
            norms,
            found: Worth::default(),
        })
    }
}

impl Weight for SpanQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorer = self.open(reader)?;
        scorer.judge.value *= boost;
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("BM25 of the places found", scorer.score()))
    }
}

/// Walks the documents of one segment in which a plan holds.
pub(super) struct SpanScorer {
    need: Cursor,
    judge: Judge,
    doc: DocId,
}

impl SpanScorer {
    /// True if it was opened for this query, or one of the same plan.
    pub(super) fn is_of(&self, query: &SpanQuery) -> bool {
        self.judge.is_of(query)
    }

    /// True if a word is all that the plan asks for.
    pub(super) fn is_of_a_word(&self) -> bool {
        self.judge.word().is_some()
    }

    /// How often each passage of the current article holds the word that is all the plan asks for; none where it asks for
    /// more, or the article is very long.
    pub(super) fn counts(&self, article: Range<DocId>) -> Option<impl Iterator<Item = (DocId, u32)> + '_> {
        self.need.counts(self.judge.word()?, article)
    }

    /// The document at hand.
    pub(super) fn at(&self) -> DocId {
        self.doc
    }

    /// Goes to the first document from `target` on, unless it is there or beyond.
    pub(super) fn go(&mut self, target: DocId) {
        if self.doc < target {
            self.settle(target);
        }
    }

    /// The most a text can score.
    pub(super) fn value(&self) -> Score {
        self.judge.value
    }

    /// The number of terms of the document at hand.
    pub(super) fn length(&self) -> f32 {
        self.judge.length(self.doc)
    }

    /// What was found in the document at hand.
    pub(super) fn worth(&self) -> Worth {
        self.judge.worth(self.doc, &self.need, 0)
    }

    /// Goes to the first document from `target` on in which the plan holds.
    fn settle(&mut self, target: DocId) {
        self.doc = self.need.seek(target);
        while self.doc != TERMINATED && !self.judge.holds(self.doc) {
            self.doc = self.need.seek(self.doc + 1);
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
        self.go(target);
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

impl Scorer for SpanScorer {
    fn score(&mut self) -> Score {
        self.judge.score(self.doc, &self.need, 0)
    }
}

/// Holds documents against a plan, and weighs what it finds.
pub(super) struct Judge {
    /// None where holding the term is all that is asked.
    verifier: Option<Verifier>,
    field: Field,
    plan: Arc<Plan>,
    room: Room,
    /// The most a text can score.
    value: Score,
    /// By the code of a text's length: how frequent something must be in it to score half of the most.
    pulls: [f32; 256],
    norms: FieldNormReader,
    /// What was found in the document at hand, where that had to be verified.
    found: Worth,
}

impl Judge {
    /// True if it judges by this query, or one of the same plan.
    pub(super) fn is_of(&self, query: &SpanQuery) -> bool {
        self.field == query.field && Arc::ptr_eq(&self.plan, &query.plan)
    }

    /// The leaf that is all the plan asks for.
    pub(super) fn word(&self) -> Option<Leaf> {
        if let Sought::Leaf(leaf) = self.plan.sought { Some(leaf) } else { None }
    }

    /// True if the plan holds in a candidate, which never comes before the last one.
    pub(super) fn holds(&mut self, doc: DocId) -> bool {
        let Some(verifier) = &mut self.verifier else { return true };
        verifier.turn_to(doc);
        let found = worth(&self.plan.sought, verifier, &mut self.room);
        self.found = found.unwrap_or_default();
        found.is_some()
    }

    /// Its score of the document at hand; its leaves are those of `walked` from `first` on.
    pub(super) fn score(&self, doc: DocId, walked: &Cursor, first: Leaf) -> Score {
        if self.value == 0.0 {
            return 0.0;
        }
        let Worth { share, frequency } = self.worth(doc, walked, first);
        let pull = self.pulls.get(usize::from(self.norms.fieldnorm_id(doc))).copied().unwrap_or(K1);
        self.value * share * frequency / (frequency + pull)
    }

    /// The number of terms of a document.
    fn length(&self, doc: DocId) -> f32 {
        self.norms.fieldnorm(doc) as f32
    }

    fn worth(&self, doc: DocId, walked: &Cursor, first: Leaf) -> Worth {
        if let Some(leaf) = self.word() {
            return Worth { share: 1.0, frequency: walked.frequency(first + leaf, doc) as f32 };
        }
        self.found
    }
}

/// What finding a part in the document at hand is worth; none where it is not there.
pub(super) fn worth(sought: &Sought, source: &mut dyn Source, room: &mut Room) -> Option<Worth> {
    if let Sought::Any(ways) = sought {
        // The most faithful way comes first, and what it finds the wider ones find again.
        return ways.iter().find_map(|(factor, way)| {
            let found = worth(way, source, room)?;
            Some(Worth { share: found.share * factor, ..found })
        });
    }
    let found = if let Sought::Literal(text, words) = sought {
        source.literals(text, words)
    } else if let Some(counted) = Simple::of(sought).and_then(|simple| source.count(simple)) {
        counted
    } else {
        let places = sought.places(source, room);
        let found = places.len();
        room.clear(places);
        found
    };
    (found > 0).then_some(Worth { share: 1.0, frequency: found as f32 })
}

/// The inverse document frequency of a part: that of its words together, in the most faithful of its ways.
fn value(sought: &Sought, idf: &[f32]) -> f32 {
    let sum = |parts: &[Sought]| parts.iter().map(|part| value(part, idf)).sum();
    match sought {
        Sought::Leaf(leaf) => idf.get(*leaf).copied().unwrap_or(0.0),
        Sought::Together(parts)
        | Sought::Sequence(parts)
        | Sought::Loose(parts, _)
        | Sought::Close(parts, _)
        | Sought::Both(parts) => sum(parts),
        Sought::Any(ways) => ways.first().map_or(0.0, |(factor, way)| factor * value(way, idf)),
        Sought::Linked(first, rest) => value(first, idf) + rest.iter().map(|(_, part)| value(part, idf)).sum::<f32>(),
        Sought::AtLeast(_, of) => value(of, idf),
        Sought::Literal(_, words) => words.iter().filter_map(|&word| idf.get(word)).sum(),
    }
}

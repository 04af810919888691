//! A plan as a tantivy query: candidates from postings, then every one verified on positions.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{EnableScoring, Query, Weight};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, InvertedIndexReader, Score, SegmentReader};

use crate::engine::embedded::rank::bm25::{B, K1, SpanFrequency, Statistics, length_norm};
use crate::engine::embedded::scan::conjunction::{Conjunction, SpanScorer};
use crate::engine::embedded::scan::context::{LISTS, ScanContext};
use crate::engine::embedded::scan::cursor::{Articles, Cursor, Lists};
use crate::engine::embedded::scan::postings::PostingsSource;
use crate::engine::embedded::scan::span_counter::SpanCounter;
use crate::engine::embedded::scan::stored_texts::Texts;
use crate::engine::plan::span_plan::{AsWritten, SpanPlan};
use crate::engine::spans::find::BufferPool;
use crate::engine::spans::query::{Held, SpanQuery, TermSet};
use crate::index::Index;
use crate::index::block::Hierarchies;
use crate::search::MatchClass;

/// Finds the documents in whose field a plan holds.
#[derive(Clone)]
pub(crate) struct FieldQuery {
    pub(crate) field: Field,
    pub(crate) plan: Arc<SpanPlan>,
    pub(crate) statistics: Arc<Statistics>,
    pub(crate) index: Index,
    pub(crate) context: Arc<ScanContext>,
    pub(crate) hierarchies: Arc<Hierarchies>,
    /// False where only matching counts: then all scores are 0.
    pub(crate) scored: bool,
}

impl std::fmt::Debug for FieldQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FieldQuery").field("field", &self.field).field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl Query for FieldQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Conjunction::new(vec![self.clone()]).weight(scoring)
    }
}

impl FieldQuery {
    /// The most a text can score.
    pub(crate) fn value(&self) -> Score {
        value(&self.plan.query, &self.statistics.idf)
    }

    /// Which documents of a segment make up an article.
    pub(crate) fn articles(&self, reader: &SegmentReader) -> tantivy::Result<Articles> {
        let blocks = self.hierarchies.of(reader)?;
        Ok(Box::new(move |doc| blocks.block(doc)))
    }

    /// The lists of a term set. How often its terms occur somewhere matters where they are all that is searched for; else spans do.
    pub(crate) fn lists(&self, set: TermSet, index: &InvertedIndexReader) -> tantivy::Result<Lists> {
        let counted = self.scored && matches!(self.plan.query, SpanQuery::TermSet(_));
        let option = if counted { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
        let mut postings = Vec::new();
        let typed = match self.plan.as_written {
            AsWritten::Terms(terms) => Some(terms),
            AsWritten::Always | AsWritten::Query(_) => None,
        };
        let mut written = typed.map(|_| 0);
        for (number, text) in self.plan.term_sets.get(set).map_or(&[][..], Vec::as_slice).iter().enumerate() {
            if number % LISTS == 0 && self.context.is_over() {
                break;
            }
            if typed == Some(number) {
                written = Some(postings.len());
            }
            postings.extend(index.read_block_postings(&Term::from_field_text(self.field, text), option)?);
        }
        Ok(Lists { postings, counted, written })
    }

    /// Reads the positions of one segment.
    pub(crate) fn postings(&self, reader: &SegmentReader) -> tantivy::Result<PostingsSource> {
        let texts = Texts::new(self.index.clone(), self.context.clone());
        let roles = self.index.fields().word_roles;
        PostingsSource::open(&self.plan, self.field, roles, reader, texts, &self.hierarchies)
    }

    /// Goes through one segment.
    pub(crate) fn open(&self, reader: &SegmentReader) -> tantivy::Result<SpanScorer> {
        SpanScorer::open(std::slice::from_ref(self), reader, 1.0)
    }

    /// Holds candidates of one segment against the plan.
    pub(crate) fn matcher(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<SpanMatcher> {
        let verified = !matches!(self.plan.query, SpanQuery::TermSet(_));
        let norms = match reader.fieldnorms_readers().get_field(self.field)? {
            Some(norms) => norms,
            // Where no lengths are kept, all are taken for the average.
            None => FieldNormReader::constant(reader.max_doc(), self.statistics.length.round() as u32),
        };
        let verifier = if verified {
            let postings = self.postings(reader)?;
            let counter = |query: &SpanQuery| SpanCounter::new(query, &|set| postings.size(set));
            let written = if let AsWritten::Query(query) = &self.plan.as_written { Some(counter(query)) } else { None };
            Some(Verifier { counter: counter(&self.plan.query), written, postings })
        } else {
            None
        };
        Ok(SpanMatcher {
            verifier,
            field: self.field,
            plan: self.plan.clone(),
            pool: BufferPool::default(),
            value: if self.scored { boost * self.value() } else { 0.0 },
            length_norms: std::array::from_fn(|code| {
                let length = FieldNormReader::id_to_fieldnorm(code as u8) as f32;
                K1 * length_norm(length / self.statistics.length.max(1.0), B)
            }),
            norms,
            found: SpanFrequency::default(),
        })
    }
}

/// Looks for what holding the terms does not tell.
struct Verifier {
    postings: PostingsSource,
    counter: SpanCounter,
    /// The same for the words as written, where they are a part of what is searched for.
    written: Option<SpanCounter>,
}

/// Holds documents against a plan, and weighs what it finds.
pub(crate) struct SpanMatcher {
    /// None where holding the term is all that is asked.
    verifier: Option<Verifier>,
    field: Field,
    plan: Arc<SpanPlan>,
    pool: BufferPool,
    /// The most a text can score.
    value: Score,
    /// By the code of a text's length: how frequent something must be in it to score half of the most.
    length_norms: [f32; 256],
    norms: FieldNormReader,
    /// What was found in the document at hand, where that had to be verified.
    found: SpanFrequency,
}

impl SpanMatcher {
    /// True if it judges by this query, or one of the same plan.
    pub(crate) fn is_of(&self, query: &FieldQuery) -> bool {
        self.field == query.field && Arc::ptr_eq(&self.plan, &query.plan)
    }

    /// The term set that is all the plan asks for.
    pub(crate) fn word(&self) -> Option<TermSet> {
        if let SpanQuery::TermSet(set) = self.plan.query { Some(set) } else { None }
    }

    /// True if the plan holds in a candidate, which never comes before the last one.
    pub(crate) fn holds(&mut self, doc: DocId) -> bool {
        let Some(Verifier { postings, counter, .. }) = &mut self.verifier else { return true };
        postings.set_doc(doc);
        let found = counter.count(postings, &mut self.pool);
        self.found = found.unwrap_or_default();
        found.is_some()
    }

    /// What was found in the document that was held against the plan last.
    pub(crate) fn found(&self) -> SpanFrequency {
        self.found
    }

    /// How closely the current document matches; its term sets are those of `walked` from `first` on.
    pub(crate) fn class(&mut self, doc: DocId, walked: &Cursor, first: TermSet) -> MatchClass {
        let found = self.found.class;
        let written = found <= MatchClass::Form
            && match (&self.plan.as_written, &mut self.verifier) {
                (AsWritten::Always, _) => true,
                (AsWritten::Terms(_), _) => walked.is_written(first, doc),
                (AsWritten::Query(_), Some(Verifier { postings, written: Some(written), .. })) => {
                    written.count(postings, &mut self.pool).is_some()
                }
                (AsWritten::Query(_), _) => false,
            };
        if written { MatchClass::Written } else { found }
    }

    /// Its score of the document at hand; its term sets are those of `scanned` from `first` on.
    pub(crate) fn score(&self, doc: DocId, walked: &Cursor, first: TermSet) -> Score {
        if self.value == 0.0 {
            return 0.0;
        }
        let SpanFrequency { share, frequency, .. } = self.span_frequency(doc, walked, first);
        let length_norm = self.length_norms.get(usize::from(self.norms.fieldnorm_id(doc))).copied().unwrap_or(K1);
        self.value * share * frequency / (frequency + length_norm)
    }

    /// The number of terms of a document.
    pub(crate) fn length(&self, doc: DocId) -> f32 {
        self.norms.fieldnorm(doc) as f32
    }

    pub(crate) fn span_frequency(&self, doc: DocId, walked: &Cursor, first: TermSet) -> SpanFrequency {
        if let Some(set) = self.word() {
            return SpanFrequency::times(walked.frequency(first + set, doc) as f32);
        }
        self.found
    }
}

/// The inverse document frequency of a part: that of its words together, in the most faithful of its ways.
fn value(query: &SpanQuery, idf: &[f32]) -> f32 {
    if let SpanQuery::Variants(variants) = query {
        return variants.first().map_or(0.0, |variant| variant.fidelity * value(&variant.query, idf));
    }
    match query.held() {
        Held::TermSet(set) => idf.get(set).copied().unwrap_or(0.0),
        Held::Words(words) => words.iter().filter_map(|&word| idf.get(word)).sum(),
        Held::Any(ways) => ways.first().map_or(0.0, |way| value(way, idf)),
        Held::All(parts) => parts.into_iter().map(|part| value(part, idf)).sum(),
    }
}

//! A plan as a tantivy query: candidates from postings, then every one verified on positions.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, InvertedIndexReader, Score, SegmentReader, TERMINATED, TantivyError};

use super::places::{Leaf, Place, Sought, Source};
use super::plan::{Need, Plan};
use super::quoted::QuotedScorer;
use super::texts::{Memory, Texts};
use crate::index::block::Blocks;
use crate::index::schema::Level;
use crate::text::normal::{BORDER, Terms};

/// Saturation of repeated words and the pull of a text's length in BM25 (Robertson and Zaragoza 2009). The usual pull is
/// 0.75; on known items of Reuters a half did better (nDCG@10 of 0.717 against 0.710), and so did leaving out a reward for
/// words that stand together, which cost up to 0.035.
const K1: f32 = 1.2;
const B: f32 = 0.5;

/// More terms than this are walked through once and remembered, rather than side by side.
const SIDE_BY_SIDE: usize = 16;

/// What a leaf is worth and how long texts are: the statistics of BM25 over a whole field.
#[derive(Debug, Clone)]
pub(super) struct Statistics {
    /// By leaf: the inverse document frequency.
    pub(super) idf: Vec<f32>,
    /// Average number of terms of a text.
    pub(super) length: f32,
}

/// Finds the documents in whose field a plan holds.
#[derive(Clone)]
pub(super) struct SpanQuery {
    pub(super) field: Field,
    pub(super) plan: Arc<Plan>,
    pub(super) statistics: Arc<Statistics>,
    pub(super) texts: Arc<Texts>,
    /// The segments of the searcher, in order.
    pub(super) segments: Arc<Vec<SegmentId>>,
    pub(super) scope: Scope,
}

/// What a plan is held against, and what matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scope {
    /// Every text of the field alone.
    Texts,
    /// All passages of an article, scored as one text; the article is the match. With the average length of articles.
    Articles {
        /// In terms.
        length: f32,
    },
    /// Of every passage the words of each of its quotations; the quotation is the match.
    Quotations,
}

impl std::fmt::Debug for SpanQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpanQuery").field("field", &self.field).field("plan", &self.plan).finish_non_exhaustive()
    }
}

impl Query for SpanQuery {
    fn weight(&self, _scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for SpanQuery {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let index = reader.inverted_index(self.field)?;
        let need = self.candidates(reader, &index)?;
        if self.scope == Scope::Quotations {
            return Ok(Box::new(QuotedScorer::new(need, Verifier::open(self, reader, &index)?, self, reader, boost)?));
        }
        let verifier = match self.plan.sought {
            Sought::Leaf(_) => None,
            _ => Some(Verifier::open(self, reader, &index)?),
        };
        let norms = match reader.fieldnorms_readers().get_field(self.field)? {
            Some(norms) => norms,
            // Where no lengths are kept, all are taken for the average.
            None => FieldNormReader::constant(reader.max_doc(), self.statistics.length.round() as u32),
        };
        let mut scorer = SpanScorer {
            need,
            verifier,
            sought: self.plan.clone(),
            values: self.statistics.clone(),
            norms,
            boost,
            doc: 0,
            found: Worth::default(),
        };
        scorer.settle(0);
        Ok(match self.scope {
            Scope::Articles { length } => Box::new(ArticleScorer::new(scorer, Blocks::open(reader)?, length)),
            Scope::Texts | Scope::Quotations => Box::new(scorer),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("BM25 of the places found", scorer.score()))
    }
}

impl SpanQuery {
    /// The documents of a segment that hold what the plan needs.
    fn candidates(&self, reader: &SegmentReader, index: &InvertedIndexReader) -> tantivy::Result<Cursor> {
        let postings = |leaf: Leaf| -> tantivy::Result<Vec<SegmentPostings>> {
            let mut postings = Vec::new();
            for text in self.plan.leaves.get(leaf).map_or(&[][..], Vec::as_slice) {
                let term = Term::from_field_text(self.field, text);
                postings.extend(index.read_postings(&term, IndexRecordOption::WithFreqs)?);
            }
            Ok(postings)
        };
        Cursor::open(&self.plan.need, &postings, reader.max_doc(), &mut Vec::new())
    }
}

struct SpanScorer {
    need: Cursor,
    verifier: Option<Verifier>,
    sought: Arc<Plan>,
    values: Arc<Statistics>,
    norms: FieldNormReader,
    boost: Score,
    doc: DocId,
    /// What was found in the document.
    found: Worth,
}

/// What a part found in a text is worth, before the text's length counts.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Worth {
    value: f32,
    frequency: f32,
}

impl Worth {
    pub(super) fn score(self, saturation: f32) -> Score {
        self.value * (K1 + 1.0) * self.frequency / (self.frequency + saturation)
    }
}

impl SpanScorer {
    /// Goes to the first document from `target` on in which the plan holds.
    fn settle(&mut self, target: DocId) {
        let mut doc = self.need.seek(target);
        while doc != TERMINATED {
            if let Some(verifier) = &mut self.verifier {
                verifier.turn_to(doc);
                let Some(found) = worth(&self.sought.sought, verifier, &self.values) else {
                    doc = self.need.seek(doc + 1);
                    continue;
                };
                self.found = found;
            }
            break;
        }
        self.doc = doc;
    }

    /// What was found in the document at hand.
    fn worth(&self) -> Worth {
        if self.verifier.is_some() {
            return self.found;
        }
        let value = self.values.idf.first().copied().unwrap_or(0.0);
        Worth { value, frequency: self.need.frequency(self.doc) as f32 }
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
        self.need.size()
    }
}

impl Scorer for SpanScorer {
    fn score(&mut self) -> Score {
        let length = self.norms.fieldnorm(self.doc) as f32;
        self.boost * self.worth().score(saturation(length, self.values.length))
    }
}

/// The part of BM25's denominator that the length of a text decides.
pub(super) fn saturation(length: f32, average: f32) -> f32 {
    K1 * (1.0 - B + B * length / average.max(1.0))
}

/// What finding a part in the document at hand is worth; none where it is not there.
pub(super) fn worth(sought: &Sought, source: &mut dyn Source, values: &Statistics) -> Option<Worth> {
    if let Sought::Any(ways) = sought {
        // The most faithful way comes first, and what it finds the wider ones find again. A wider way is worth a share
        // of the first, however rare its own words are.
        let best = ways.first().map_or(0.0, |(_, way)| value(way, values));
        return ways.iter().find_map(|(factor, way)| {
            let found = worth(way, source, values)?;
            Some(if *factor < 1.0 { Worth { value: factor * best, ..found } } else { found })
        });
    }
    let places = sought.places(source);
    (!places.is_empty()).then(|| Worth { value: value(sought, values), frequency: places.len() as f32 })
}

/// The passages of an article scored as one text: what is found in all of them counts together (as in BM25F,
/// Robertson, Zaragoza and Taylor 2004), and so does their length.
struct ArticleScorer {
    passages: SpanScorer,
    blocks: Blocks,
    doc: DocId,
    found: Worth,
    length: f32,
}

impl ArticleScorer {
    fn new(passages: SpanScorer, blocks: Blocks, length: f32) -> Self {
        let mut scorer = ArticleScorer { passages, blocks, doc: 0, found: Worth::default(), length };
        scorer.gather();
        scorer
    }

    /// Takes in all passages of the next article.
    fn gather(&mut self) {
        let first = self.passages.doc;
        if first == TERMINATED {
            self.doc = TERMINATED;
            return;
        }
        self.doc = self.blocks.article(first);
        self.found = Worth::default();
        while self.passages.doc != TERMINATED && self.blocks.article(self.passages.doc) == self.doc {
            let found = self.passages.worth();
            self.found.value = self.found.value.max(found.value);
            self.found.frequency += found.frequency;
            self.passages.advance();
        }
    }
}

impl DocSet for ArticleScorer {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.gather();
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            // An article's passages come after its own document.
            self.passages.seek(target);
            self.gather();
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.passages.size_hint()
    }
}

impl Scorer for ArticleScorer {
    fn score(&mut self) -> Score {
        let below = self.blocks.below(self.doc, Level::Passage);
        let length: u32 = below.map(|doc| self.passages.norms.fieldnorm(doc)).sum();
        self.passages.boost * self.found.score(saturation(length as f32, self.length))
    }
}

/// The inverse document frequency of a part: that of its words together.
fn value(sought: &Sought, values: &Statistics) -> f32 {
    let sum = |parts: &[Sought]| parts.iter().map(|part| value(part, values)).sum();
    match sought {
        Sought::Leaf(leaf) => values.idf.get(*leaf).copied().unwrap_or(0.0),
        Sought::Together(parts)
        | Sought::Sequence(parts)
        | Sought::Loose(parts, _)
        | Sought::Close(parts, _)
        | Sought::Both(parts) => sum(parts),
        Sought::Any(ways) => ways.iter().map(|(factor, way)| factor * value(way, values)).fold(0.0, f32::max),
        Sought::Linked(first, rest) => {
            value(first, values) + rest.iter().map(|(_, part)| value(part, values)).sum::<f32>()
        }
        Sought::AtLeast(_, of) => value(of, values),
        // A literal's own leaves come after all others; any of them says how rare it is.
        Sought::Literal(_) => values.idf.last().copied().unwrap_or(1.0),
    }
}

/// Walks the documents that hold what is needed.
pub(super) enum Cursor {
    /// Some terms side by side.
    Few(Vec<SegmentPostings>),
    /// The documents of many terms, in order; how far we are.
    Many(Vec<DocId>, usize),
    All(Vec<Cursor>),
    Any(Vec<Cursor>),
    /// Every document below this number.
    Every(DocId),
}

impl Cursor {
    fn open(
        need: &Need,
        postings: &dyn Fn(Leaf) -> tantivy::Result<Vec<SegmentPostings>>,
        end: DocId,
        scratch: &mut Vec<u64>,
    ) -> tantivy::Result<Self> {
        Ok(match need {
            Need::Leaf(leaf) => {
                let postings = postings(*leaf)?;
                if postings.len() > SIDE_BY_SIDE {
                    Cursor::Many(documents(postings, end, scratch), 0)
                } else {
                    Cursor::Few(postings)
                }
            }
            Need::All(parts) => {
                let mut cursors = Vec::with_capacity(parts.len());
                for part in parts {
                    cursors.push(Cursor::open(part, postings, end, scratch)?);
                }
                cursors.sort_by_key(Cursor::size);
                Cursor::All(cursors)
            }
            Need::Any(parts) => {
                let mut cursors = Vec::with_capacity(parts.len());
                for part in parts {
                    cursors.push(Cursor::open(part, postings, end, scratch)?);
                }
                Cursor::Any(cursors)
            }
            Need::Every => Cursor::Every(end),
        })
    }

    /// The first document from `target` on. Targets never go back.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        match self {
            Cursor::Few(postings) => {
                let mut first = TERMINATED;
                for list in postings {
                    let doc = if list.doc() < target { list.seek(target) } else { list.doc() };
                    first = first.min(doc);
                }
                first
            }
            Cursor::Many(documents, at) => {
                *at += documents.get(*at..).unwrap_or(&[]).partition_point(|&doc| doc < target);
                documents.get(*at).copied().unwrap_or(TERMINATED)
            }
            Cursor::All(parts) => {
                let mut doc = target;
                'agree: loop {
                    for part in parts.iter_mut() {
                        let next = part.seek(doc);
                        if next > doc {
                            doc = next;
                            if doc == TERMINATED {
                                return TERMINATED;
                            }
                            continue 'agree;
                        }
                    }
                    return doc;
                }
            }
            Cursor::Any(parts) => parts.iter_mut().map(|part| part.seek(target)).min().unwrap_or(TERMINATED),
            Cursor::Every(end) => {
                if target < *end {
                    target
                } else {
                    TERMINATED
                }
            }
        }
    }

    /// How often the terms of a leaf stand in the current document.
    fn frequency(&self, doc: DocId) -> u32 {
        match self {
            Cursor::Few(postings) => postings.iter().filter(|p| p.doc() == doc).map(Postings::term_freq).sum(),
            Cursor::Many(..) | Cursor::All(_) | Cursor::Any(_) | Cursor::Every(_) => 1,
        }
    }

    /// About how many documents there are.
    pub(super) fn size(&self) -> u32 {
        match self {
            Cursor::Few(postings) => postings.iter().map(DocSet::size_hint).fold(0, u32::saturating_add),
            Cursor::Many(documents, _) => documents.len() as u32,
            Cursor::All(parts) => parts.iter().map(Cursor::size).min().unwrap_or(0),
            Cursor::Any(parts) => parts.iter().map(Cursor::size).fold(0, u32::saturating_add),
            Cursor::Every(end) => *end,
        }
    }
}

/// The documents of all postings, in order, each once: a bit for every document of the segment.
fn documents(postings: Vec<SegmentPostings>, end: DocId, bits: &mut Vec<u64>) -> Vec<DocId> {
    bits.clear();
    bits.resize((end as usize).div_ceil(64), 0);
    for mut list in postings {
        while list.doc() != TERMINATED {
            if let Some(word) = bits.get_mut(list.doc() as usize / 64) {
                *word |= 1 << (list.doc() % 64);
            }
            list.advance();
        }
    }
    let mut found = Vec::new();
    for (i, &word) in bits.iter().enumerate() {
        let mut word = word;
        while word != 0 {
            found.push(i as DocId * 64 + word.trailing_zeros());
            word &= word - 1;
        }
    }
    found
}

/// The positions of one leaf, document after document.
enum Positions {
    Few(Vec<SegmentPostings>),
    /// All of them, by document; how far we are.
    Many(Vec<(DocId, u32)>, usize),
}

impl Positions {
    fn open(mut postings: Vec<SegmentPostings>) -> Self {
        if postings.len() <= SIDE_BY_SIDE {
            return Positions::Few(postings);
        }
        let mut all = Vec::new();
        let mut positions = Vec::new();
        for list in &mut postings {
            while list.doc() != TERMINATED {
                list.positions(&mut positions);
                all.extend(positions.iter().map(|&at| (list.doc(), at)));
                list.advance();
            }
        }
        all.sort_unstable();
        all.dedup();
        Positions::Many(all, 0)
    }

    fn read(&mut self, doc: DocId, out: &mut Vec<u32>) {
        match self {
            Positions::Few(postings) => {
                let mut lists = 0;
                for list in postings {
                    let at = if list.doc() < doc { list.seek(doc) } else { list.doc() };
                    if at == doc {
                        list.append_positions_with_offset(0, out);
                        lists += 1;
                    }
                }
                if lists > 1 {
                    out.sort_unstable();
                    out.dedup();
                }
            }
            Positions::Many(all, at) => {
                *at += all.get(*at..).unwrap_or(&[]).partition_point(|&(d, _)| d < doc);
                out.extend(all.get(*at..).unwrap_or(&[]).iter().take_while(|&&(d, _)| d == doc).map(|&(_, at)| at));
            }
        }
    }
}

/// Reads the positions of the document at hand.
pub(super) struct Verifier {
    doc: DocId,
    leaves: Vec<Positions>,
    borders: Positions,
    /// The borders of the document, and which document that is.
    border_positions: Vec<u32>,
    borders_of: DocId,
    texts: Arc<Texts>,
    pub(super) blocks: Blocks,
    segment: u32,
}

impl Verifier {
    /// Turns to another document, never to one before.
    pub(super) fn turn_to(&mut self, doc: DocId) {
        self.doc = doc;
        self.borders_of = TERMINATED;
    }

    /// Finds exactly these characters in the text of any document.
    pub(super) fn literal_in(&self, doc: DocId, text: &str, out: &mut Vec<Place>) {
        let parts = self.texts.of(self.segment, doc, &self.blocks);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Memory::new(&parts, Terms::read, &[]).literal(text, out);
    }

    fn open(query: &SpanQuery, reader: &SegmentReader, index: &InvertedIndexReader) -> tantivy::Result<Self> {
        let open = |terms: &[String]| -> tantivy::Result<Positions> {
            let mut postings = Vec::new();
            for text in terms {
                let term = Term::from_field_text(query.field, text);
                postings.extend(index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            Ok(Positions::open(postings))
        };
        let leaves = query.plan.leaves.iter().map(|terms| open(terms)).collect::<tantivy::Result<_>>()?;
        let segment = query.segments.iter().position(|id| *id == reader.segment_id()).unwrap_or(0) as u32;
        Ok(Verifier {
            doc: 0,
            leaves,
            borders: open(&[BORDER.to_owned()])?,
            border_positions: Vec::new(),
            borders_of: TERMINATED,
            texts: query.texts.clone(),
            blocks: Blocks::open(reader)?,
            segment,
        })
    }
}

impl Source for Verifier {
    fn positions(&mut self, leaf: Leaf, out: &mut Vec<u32>) {
        if let Some(positions) = self.leaves.get_mut(leaf) {
            positions.read(self.doc, out);
        }
    }

    fn borders(&mut self) -> &[u32] {
        if self.borders_of != self.doc {
            self.border_positions.clear();
            self.borders.read(self.doc, &mut self.border_positions);
            self.borders_of = self.doc;
        }
        &self.border_positions
    }

    fn literal(&mut self, text: &str, out: &mut Vec<Place>) {
        self.literal_in(self.doc, text, out);
    }
}

//! Counts the values of facets over all hits: by hits and by the articles they are in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

use crate::engine::{Engine, Error};
use crate::index::block::Hierarchy;
use crate::index::schema::{FacetKind, Level};
use crate::search::FacetCount;

/// What was counted of a facet.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    /// The values, the most frequent first.
    pub(crate) values: Vec<FacetCount>,
    /// Hits without a value; the value is empty.
    pub(crate) none: FacetCount,
}

/// Shared by all who ask for the same.
pub(crate) type Counts = Arc<Counted>;

/// What does not change while an index is open: what was counted over all documents of a level, which everybody asks for
/// first, and the values of each segment.
#[derive(Default)]
pub(crate) struct Totals {
    kept: Mutex<FxHashMap<(FacetKind, Level), Counts>>,
    values: Mutex<FxHashMap<(SegmentId, FacetKind), Arc<Values>>>,
}

/// The values of one kind of facet in a segment.
#[derive(Default)]
struct Values {
    runs: Vec<Run>,
    shown: Vec<String>,
}

/// Values whose ordinals follow one another.
struct Run {
    /// The first ordinal of the kind: facets are sorted, so that those of a kind are neighbours.
    first: u64,
    /// By ordinal from `first`: the value it is counted as, an index into `shown`; none for a name that is none.
    counted_as: Vec<Option<u32>>,
}

impl Totals {
    pub(crate) fn get(&self, kind: FacetKind, level: Level) -> Option<Counts> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&(kind, level)).cloned()
    }

    pub(crate) fn keep(&self, kind: FacetKind, level: Level, counts: &Counts) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert((kind, level), counts.clone());
    }

    /// The values of a kind in a segment, read when they are first needed.
    fn values(
        &self,
        engine: &Engine,
        kind: FacetKind,
        of: SegmentId,
        facets: &StrColumn,
    ) -> Result<Arc<Values>, Error> {
        let known = self.values.lock().unwrap_or_else(PoisonError::into_inner).get(&(of, kind)).cloned();
        if let Some(values) = known {
            return Ok(values);
        }
        let values = Arc::new(Values::read(engine, kind, facets)?);
        self.values.lock().unwrap_or_else(PoisonError::into_inner).insert((of, kind), values.clone());
        Ok(values)
    }
}

impl Values {
    /// One pass over the values of a kind is far cheaper than a look-up each. To names belong also those that are of this
    /// kind elsewhere.
    fn read(engine: &Engine, kind: FacetKind, facets: &StrColumn) -> Result<Self, Error> {
        let mut values = Values::default();
        let mut known: FxHashMap<String, u32> = FxHashMap::default();
        for &held in kind.held_as() {
            let (start, after) = (format!("{}\0", held.name()), format!("{}\u{1}", held.name()));
            let terms = facets.dictionary().range().ge(&start).lt(&after).into_stream();
            let mut terms = terms.map_err(tantivy::TantivyError::from)?;
            let mut run = Run { first: 0, counted_as: Vec::new() };
            while terms.advance() {
                if run.counted_as.is_empty() {
                    run.first = terms.term_ord();
                }
                let value = terms.key().get(start.len()..).and_then(|value| std::str::from_utf8(value).ok());
                let value = value.map(|value| held.name_of(value)).unwrap_or_default();
                run.counted_as.push(engine.counted_as(kind, held, value)?.map(|name| {
                    *known.entry(name.to_owned()).or_insert_with(|| {
                        values.shown.push(name.to_owned());
                        values.shown.len() as u32 - 1
                    })
                }));
            }
            values.runs.push(run);
        }
        Ok(values)
    }

    /// The value that a facet is counted as, an index into `shown`; none if it is of another kind.
    fn of(&self, ordinal: u64) -> Option<u32> {
        self.runs.iter().find_map(|run| run.counted_as.get(ordinal.checked_sub(run.first)? as usize).copied().flatten())
    }
}

/// What is counted of a value.
#[derive(Default)]
struct Tally {
    hits: u64,
    articles: u64,
    periods: BTreeMap<String, u64>,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.hits += other.hits;
        self.articles += other.articles;
        for (period, hits) in other.periods {
            *self.periods.entry(period).or_default() += hits;
        }
    }

    fn of(self, value: String) -> FacetCount {
        FacetCount { value, count: self.hits, articles: self.articles, periods: self.periods, with_duplicates: None }
    }
}

/// Counts one kind of facet.
pub(crate) struct Counter<'e> {
    engine: &'e Engine,
    kind: FacetKind,
    /// The facet of articles that its values are counted by.
    periods: Option<FacetKind>,
    segment: Option<Segment>,
    /// By value, in the segments that are done.
    counts: FxHashMap<String, Tally>,
    /// Of hits without a value.
    none: Tally,
}

struct Segment {
    number: u32,
    /// The ordinals of facets by document; none where no document has any.
    facets: Option<Column>,
    blocks: Hierarchy,
    values: Arc<Values>,
    /// By value: hits, articles, the last hit and the last article counted (plus 1).
    tallies: Vec<(u32, u32, DocId, DocId)>,
    /// The article of the last hit without a value.
    last_without: Option<DocId>,
    periods: Option<Periods>,
}

/// Hits of a segment by value and period.
struct Periods {
    /// The periods.
    values: Arc<Values>,
    /// By value (none: of hits without one) and period.
    counts: FxHashMap<(Option<u32>, u32), u64>,
}

impl<'e> Counter<'e> {
    /// Counts names under the name that their bearer is shown under.
    pub(crate) fn new(engine: &'e Engine, kind: FacetKind, periods: Option<FacetKind>) -> Self {
        let (counts, none) = (FxHashMap::default(), Tally::default());
        Counter { engine, kind, periods, segment: None, counts, none }
    }

    /// Counts the values of one hit. Hits must come in order of document, segment by segment.
    pub(crate) fn count(&mut self, number: u32, reader: &SegmentReader, hit: DocId) -> Result<(), Error> {
        if self.segment.as_ref().is_none_or(|segment| segment.number != number) {
            self.finish();
            self.segment = Some(Segment::open(self.engine, (self.kind, self.periods), number, reader)?);
        }
        let Some(segment) = &mut self.segment else { return Ok(()) };
        let article = segment.blocks.article(hit);
        let own = segment.blocks.level(hit);
        let mut found = false;
        if self.kind.level() <= own {
            let holder = segment.blocks.ancestor(hit, self.kind.level());
            found = segment.tally(holder, hit, article);
        } else {
            let below: Vec<DocId> = segment.blocks.below(hit, self.kind.level()).collect();
            for holder in below {
                found |= segment.tally(holder, hit, article);
            }
        }
        if !found {
            self.none.hits += 1;
            self.none.articles += u64::from(segment.last_without != Some(article));
            segment.last_without = Some(article);
            if let (Some(facets), Some(periods)) = (&segment.facets, &mut segment.periods) {
                periods.count(facets, None, article);
            }
        }
        Ok(())
    }

    /// Adds what was counted elsewhere, of the same kind. Nothing more is counted after that.
    pub(crate) fn join(&mut self, mut other: Counter) {
        self.finish();
        other.finish();
        for (value, tally) in other.counts {
            self.counts.entry(value).or_default().add(tally);
        }
        self.none.add(other.none);
    }

    /// What it counts.
    pub(crate) fn kind(&self) -> FacetKind {
        self.kind
    }

    /// What was counted.
    pub(crate) fn into_counts(mut self) -> Counted {
        self.finish();
        let mut values: Vec<FacetCount> = self.counts.into_iter().map(|(value, tally)| tally.of(value)).collect();
        values.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        Counted { values, none: self.none.of(String::new()) }
    }

    /// Adds what was counted in the open segment.
    fn finish(&mut self) {
        let Some(segment) = self.segment.take() else { return };
        for (value, (hits, articles, ..)) in segment.values.shown.iter().zip(segment.tallies) {
            if hits > 0 {
                let (hits, articles) = (u64::from(hits), u64::from(articles));
                let tally = Tally { hits, articles, ..Tally::default() };
                self.counts.entry(value.clone()).or_default().add(tally);
            }
        }
        let Some(Periods { values, counts }) = segment.periods else { return };
        for ((value, period), hits) in counts {
            let Some(period) = values.shown.get(period as usize) else { continue };
            let tally = match value.and_then(|value| segment.values.shown.get(value as usize)) {
                Some(value) => self.counts.entry(value.clone()).or_default(),
                None => &mut self.none,
            };
            *tally.periods.entry(period.clone()).or_default() += hits;
        }
    }
}

impl Segment {
    fn open(
        engine: &Engine,
        (kind, periods): (FacetKind, Option<FacetKind>),
        number: u32,
        reader: &SegmentReader,
    ) -> Result<Self, Error> {
        let blocks = engine.hierarchies.of(reader)?;
        let facets = reader.fast_fields().str("facet")?;
        let values = |kind| match &facets {
            Some(facets) => engine.totals.values(engine, kind, reader.segment_id(), facets),
            None => Ok(Arc::default()),
        };
        let periods = periods.map(values).transpose()?.map(|values| Periods { values, counts: FxHashMap::default() });
        let values = values(kind)?;
        let tallies = vec![(0, 0, 0, 0); values.shown.len()];
        let facets = facets.map(|facets| facets.ords().clone());
        Ok(Segment { number, facets, blocks, values, tallies, last_without: None, periods })
    }

    /// Counts the values of `holder` for a hit, each once a hit. True if it has any.
    fn tally(&mut self, holder: DocId, hit: DocId, article: DocId) -> bool {
        let Some(facets) = &self.facets else { return false };
        let mut found = false;
        for ordinal in facets.values_for_doc(holder) {
            let Some(value) = self.values.of(ordinal) else { continue };
            let Some((hits, articles, last_hit, last_article)) = self.tallies.get_mut(value as usize) else { continue };
            found = true;
            let first = *last_hit != hit + 1;
            if first {
                *last_hit = hit + 1;
                *hits += 1;
            }
            if *last_article != article + 1 {
                *last_article = article + 1;
                *articles += 1;
            }
            if first && let Some(periods) = &mut self.periods {
                periods.count(facets, Some(value), article);
            }
        }
        found
    }
}

impl Periods {
    /// Counts a hit in the period of its article.
    fn count(&mut self, facets: &Column, value: Option<u32>, article: DocId) {
        if let Some(period) = facets.values_for_doc(article).find_map(|ordinal| self.values.of(ordinal)) {
            *self.counts.entry((value, period)).or_default() += 1;
        }
    }
}

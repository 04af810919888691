//! What is made of the hits of a request: scored, dated, counted, the first of them kept.

use std::collections::BTreeMap;

use tantivy::columnar::Column;
use tantivy::query::Scorer;
use tantivy::{DocAddress, Score};

use crate::engine::embedded::duplicates::Collapsed;
use crate::engine::embedded::facets::Counter;
use crate::engine::embedded::rank::article_score::Part;
use crate::engine::embedded::rank::classes::{Classes, Classifier};
use crate::engine::embedded::rank::ranking::Ranking;
use crate::engine::embedded::rank::top::{ScoredDoc, Top};
use crate::engine::embedded::scan::parallel::{Collector, Threshold};
use crate::engine::plan::resolved::known_facet;
use crate::engine::{Engine, Error};
use crate::index::block::Hierarchy;
use crate::index::document_builder::day_number;
use crate::index::schema::{FacetKind, Level};
use crate::search::{Duplicates, MatchClass, Request, Sort};

/// What is wanted of all that is found, whoever scans it.
pub(crate) struct CollectorConfig<'r> {
    request: &'r Request,
    level: Level,
    limit: usize,
    /// Only hits after this one are kept.
    after: Option<ScoredDoc>,
    /// The facets to count, by the name that was asked for.
    counted: Vec<(&'r str, FacetKind)>,
    /// The parts of the query, the heaviest first.
    parts: Vec<Part>,
    /// How the class of a hit is found.
    pub(crate) classes: Classes,
    /// Whether scores are asked for.
    pub(crate) scored: bool,
    today: i64,
    threshold: Threshold,
}

impl<'r> CollectorConfig<'r> {
    /// `counted` are the facets that are not cached.
    pub(crate) fn new(
        request: &'r Request,
        level: Level,
        limit: usize,
        after: Option<ScoredDoc>,
        counted: Vec<(&'r str, FacetKind)>,
        parts: Vec<Part>,
    ) -> Self {
        CollectorConfig {
            request,
            level,
            limit,
            after,
            counted,
            parts,
            classes: Classes::none(),
            scored: request.sort == Sort::Rank && limit > 0,
            today: day_number(request.today),
            threshold: Threshold::default(),
        }
    }

    fn collapses(&self) -> bool {
        self.request.duplicates == Duplicates::Collapse
    }

    fn tally<'e>(&self, engine: &'e Engine, limit: usize) -> HitSummary<'r, 'e> {
        let periods = self.request.periods.as_deref().and_then(|name| known_facet(name).ok());
        let counters = self.counted.iter().map(|&(name, kind)| (name, Counter::new(engine, kind, periods)));
        HitSummary {
            total: 0,
            by_class: BTreeMap::new(),
            top: Top::new(engine, limit, self.request.sort, self.after),
            counters: counters.collect(),
        }
    }

    fn kept<'e>(&self, engine: &'e Engine) -> Collected<'r, 'e> {
        let collapsing = self.collapses().then(|| (self.tally(engine, 0), Collapsed::default()));
        Collected {
            told: self.tally(engine, if self.limit > 0 { self.limit.saturating_add(1) } else { 0 }),
            collapsing,
        }
    }
}

/// Takes in the hits of one share of the index.
pub(crate) struct HitCollector<'r, 'e> {
    engine: &'e Engine,
    wanted: &'e CollectorConfig<'r>,
    dates: Dates,
    classifier: Classifier<'e>,
    ranking: Ranking<'e>,
    kept: Collected<'r, 'e>,
}

impl<'r, 'e> HitCollector<'r, 'e> {
    pub(crate) fn new(engine: &'e Engine, wanted: &'e CollectorConfig<'r>) -> Self {
        HitCollector {
            engine,
            wanted,
            dates: Dates::new(wanted),
            classifier: Classifier::new(&wanted.classes),
            ranking: Ranking::new(engine, &wanted.parts, wanted.level),
            kept: wanted.kept(engine),
        }
    }

    /// What was kept of all shares.
    pub(crate) fn joined(
        shares: Vec<HitCollector<'r, 'e>>,
        engine: &'e Engine,
        wanted: &CollectorConfig<'r>,
    ) -> Result<Collected<'r, 'e>, Error> {
        let mut shares = shares.into_iter().map(|share| share.kept);
        let mut all = shares.next().unwrap_or_else(|| wanted.kept(engine));
        for share in shares {
            all.join(share, engine)?;
        }
        Ok(all)
    }

    /// Whether a hit may be dropped for its score: an order by score alone, in which no hit represents others.
    fn drops(&self) -> bool {
        !self.wanted.collapses() && self.wanted.request.half_life.is_none()
    }
}

impl Collector for HitCollector<'_, '_> {
    fn collect(&mut self, segment: u32, scorer: &mut dyn Scorer) -> Result<(), Error> {
        let at = DocAddress::new(segment, scorer.doc());
        let class = self.classifier.class(self.engine, at, scorer)?;
        let group = self.wanted.classes.group(class);
        let found = ScoredDoc { score: 0.0, day: self.dates.of(self.engine, at)?, at, class, group };
        if !self.wanted.scored {
            return self.kept.push(self.engine, found);
        }
        let drops = self.drops();
        let HitCollector { engine, wanted, dates, ranking, kept, .. } = self;
        let threshold = drops.then_some(&wanted.threshold);
        if let (Some(threshold), Some(last)) = (threshold, kept.told.top.last()) {
            threshold.raise(last.group, last.score);
        }
        let least = |group| threshold.map_or(Score::NEG_INFINITY, |threshold| threshold.least(group));
        ranking.push(scorer, found, least(group), &mut |found| {
            if found.score < least(found.group) {
                kept.pass(engine, found)
            } else {
                kept.push(engine, dates.aged(found))
            }
        })
    }

    fn finish(&mut self) -> Result<(), Error> {
        let HitCollector { engine, dates, ranking, kept, .. } = self;
        ranking.finish(&mut |found| kept.push(engine, dates.aged(found)))
    }
}

/// What is kept of all that is found.
pub(crate) struct Collected<'r, 'e> {
    pub(crate) told: HitSummary<'r, 'e>,
    /// Where near-duplicates are collapsed: the count of all, and their groups, which are resolved at the end.
    pub(crate) collapsing: Option<(HitSummary<'r, 'e>, Collapsed)>,
}

impl Collected<'_, '_> {
    /// Takes in a hit, in order of document.
    fn push(&mut self, engine: &Engine, found: ScoredDoc) -> Result<(), Error> {
        let Some((every, collapsed)) = &mut self.collapsing else { return self.told.push(engine, found) };
        let segment = engine.searcher().segment_reader(found.at.segment_ord);
        collapsed.push(engine.hierarchies.of(segment)?.group(found.at.doc_id), found, engine)?;
        every.push(engine, found)
    }

    /// Takes in a hit that cannot be among the first, nor stand for others.
    fn pass(&mut self, engine: &Engine, found: ScoredDoc) -> Result<(), Error> {
        self.told.count(engine, found)
    }

    /// Takes over what was kept of other documents.
    fn join(&mut self, other: Self, engine: &Engine) -> Result<(), Error> {
        self.told.join(other.told)?;
        if let (Some((every, collapsed)), Some((others, theirs))) = (&mut self.collapsing, other.collapsing) {
            every.join(others)?;
            collapsed.join(theirs, engine)?;
        }
        Ok(())
    }
}

/// What is counted, and the first of it.
pub(crate) struct HitSummary<'r, 'e> {
    pub(crate) total: u64,
    pub(crate) by_class: BTreeMap<MatchClass, u64>,
    pub(crate) top: Top<'e>,
    /// By the name that was asked for.
    pub(crate) counters: Vec<(&'r str, Counter<'e>)>,
}

impl HitSummary<'_, '_> {
    pub(crate) fn push(&mut self, engine: &Engine, found: ScoredDoc) -> Result<(), Error> {
        self.top.push(found)?;
        self.count(engine, found)
    }

    /// Takes in a hit that is not one of the first.
    fn count(&mut self, engine: &Engine, found: ScoredDoc) -> Result<(), Error> {
        self.total += 1;
        if let Some(class) = found.class {
            *self.by_class.entry(class).or_default() += 1;
        }
        if !self.counters.is_empty() {
            let segment = engine.searcher().segment_reader(found.at.segment_ord);
            for (_, counter) in &mut self.counters {
                counter.count(found.at.segment_ord, segment, found.at.doc_id)?;
            }
        }
        Ok(())
    }

    fn join(&mut self, other: Self) -> Result<(), Error> {
        self.total += other.total;
        for (class, count) in other.by_class {
            *self.by_class.entry(class).or_default() += count;
        }
        self.top.join(other.top)?;
        for ((_, own), (_, others)) in self.counters.iter_mut().zip(other.counters) {
            own.join(others);
        }
        Ok(())
    }
}

/// When articles were published, where that is asked for.
struct Dates {
    wanted: bool,
    half_life: Option<u32>,
    today: i64,
    open: Option<(u32, Hierarchy, Column<i64>)>,
}

impl Dates {
    fn new(wanted: &CollectorConfig) -> Self {
        let Request { sort, half_life, .. } = wanted.request;
        let wanted_dates = wanted.collapses() || *sort != Sort::Rank || half_life.is_some();
        Dates { wanted: wanted_dates, half_life: half_life.filter(|&days| days > 0), today: wanted.today, open: None }
    }

    fn of(&mut self, engine: &Engine, at: DocAddress) -> Result<Option<i64>, Error> {
        if !self.wanted {
            return Ok(None);
        }
        let (_, blocks, days) = match &mut self.open {
            Some(open) if open.0 == at.segment_ord => open,
            open => {
                let segment = engine.searcher().segment_reader(at.segment_ord);
                open.insert((at.segment_ord, engine.hierarchies.of(segment)?, segment.fast_fields().i64("day")?))
            }
        };
        Ok(days.first(blocks.article(at.doc_id)))
    }

    /// A hit whose score its age lowers, where that is asked for: by a half for every half-life; undated articles count
    /// as one half-life old.
    fn aged(&self, found: ScoredDoc) -> ScoredDoc {
        let Some(days) = self.half_life else { return found };
        let age = found.day.map_or(days as f32, |day| (self.today - day).max(0) as f32);
        ScoredDoc { score: found.score * 0.5_f32.powf(age / days as f32), ..found }
    }
}

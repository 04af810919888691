//! What is made of the hits of a request: scored, dated, counted, the first of them kept.

use tantivy::columnar::Column;
use tantivy::query::Scorer;
use tantivy::{DocAddress, Score};

use super::article_score::Part;
use super::collect::{Found, Top};
use super::duplicates::Collapsed;
use super::facets::Counter;
use super::ranking::Ranking;
use super::walk::{Gather, Threshold};
use super::{Engine, Error};
use crate::index::block::Hierarchy;
use crate::index::document_builder::day_number;
use crate::index::schema::{FacetKind, Level};
use crate::search::{Duplicates, Request, Sort};

/// What is wanted of all that is found, whoever walks it.
pub(super) struct Wanted<'r> {
    request: &'r Request,
    level: Level,
    limit: usize,
    /// The facets to count, by the name that was asked for.
    counted: Vec<(&'r str, FacetKind)>,
    /// The parts of the query, the heaviest first.
    parts: Vec<Part>,
    /// Whether scores are asked for.
    pub(super) scored: bool,
    today: i64,
    threshold: Threshold,
}

impl<'r> Wanted<'r> {
    /// `counted` are the facets that nobody has counted before.
    pub(super) fn new(
        request: &'r Request,
        level: Level,
        limit: usize,
        counted: Vec<(&'r str, FacetKind)>,
        parts: Vec<Part>,
    ) -> Self {
        Wanted {
            request,
            level,
            limit,
            counted,
            parts,
            scored: request.sort == Sort::Rank && limit > 0,
            today: day_number(jiff::Zoned::now().date()),
            threshold: Threshold::default(),
        }
    }

    fn collapses(&self) -> bool {
        self.request.duplicates == Duplicates::Collapse
    }

    fn tally<'e>(&self, engine: &'e Engine, limit: usize) -> Tally<'r, 'e> {
        let counters = self.counted.iter().map(|&(name, kind)| (name, Counter::new(engine, kind)));
        Tally { total: 0, top: Top::new(engine, limit, self.request.sort), counters: counters.collect() }
    }

    fn kept<'e>(&self, engine: &'e Engine) -> Kept<'r, 'e> {
        let collapsing = self.collapses().then(|| (self.tally(engine, 0), Collapsed::default()));
        Kept { told: self.tally(engine, self.limit), collapsing }
    }
}

/// Takes in the hits of one share of the index.
pub(super) struct Hits<'r, 'e> {
    engine: &'e Engine,
    wanted: &'e Wanted<'r>,
    dates: Dates,
    ranking: Ranking<'e>,
    kept: Kept<'r, 'e>,
}

impl<'r, 'e> Hits<'r, 'e> {
    pub(super) fn new(engine: &'e Engine, wanted: &'e Wanted<'r>) -> Self {
        Hits {
            engine,
            wanted,
            dates: Dates::new(wanted),
            ranking: Ranking::new(engine, &wanted.parts, wanted.level),
            kept: wanted.kept(engine),
        }
    }

    /// What was kept of all shares.
    pub(super) fn joined(
        shares: Vec<Hits<'r, 'e>>,
        engine: &'e Engine,
        wanted: &Wanted<'r>,
    ) -> Result<Kept<'r, 'e>, Error> {
        let mut shares = shares.into_iter().map(|share| share.kept);
        let mut all = shares.next().unwrap_or_else(|| wanted.kept(engine));
        for share in shares {
            all.join(share, engine)?;
        }
        Ok(all)
    }

    /// The score that a hit needs to be kept. An undisturbed order by score alone lets hits go that can't be among the
    /// first.
    fn least(&self) -> Score {
        if self.wanted.collapses() || self.wanted.request.half_life.is_some() {
            return Score::NEG_INFINITY;
        }
        let least = self.kept.told.top.least();
        self.wanted.threshold.raise(least);
        least.max(self.wanted.threshold.get())
    }
}

impl Gather for Hits<'_, '_> {
    fn take(&mut self, segment: u32, scorer: &mut dyn Scorer) -> Result<(), Error> {
        let at = DocAddress::new(segment, scorer.doc());
        let found = Found { score: 0.0, day: self.dates.of(self.engine, at)?, at };
        if !self.wanted.scored {
            return self.kept.push(self.engine, found);
        }
        let least = self.least();
        let Hits { engine, dates, ranking, kept, .. } = self;
        ranking.push(scorer, found, least, &mut |found| {
            // Where an undisturbed order by score alone says so, most hits are only counted.
            if found.score < least { kept.pass(engine, found) } else { kept.push(engine, dates.aged(found)) }
        })
    }

    fn finish(&mut self) -> Result<(), Error> {
        let Hits { engine, dates, ranking, kept, .. } = self;
        ranking.finish(&mut |found| kept.push(engine, dates.aged(found)))
    }
}

/// What is kept of all that is found.
pub(super) struct Kept<'r, 'e> {
    pub(super) told: Tally<'r, 'e>,
    /// Where near-duplicates are told once: the count of all, and their groups, of which only later is told.
    pub(super) collapsing: Option<(Tally<'r, 'e>, Collapsed)>,
}

impl Kept<'_, '_> {
    /// Takes in a hit, in order of document.
    fn push(&mut self, engine: &Engine, found: Found) -> Result<(), Error> {
        let Some((every, collapsed)) = &mut self.collapsing else { return self.told.push(engine, found) };
        let segment = engine.searcher().segment_reader(found.at.segment_ord);
        collapsed.push(engine.shapes.of(segment)?.group(found.at.doc_id), found, engine)?;
        every.push(engine, found)
    }

    /// Takes in a hit that cannot be among the first, nor stand for others.
    fn pass(&mut self, engine: &Engine, found: Found) -> Result<(), Error> {
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
pub(super) struct Tally<'r, 'e> {
    pub(super) total: u64,
    pub(super) top: Top<'e>,
    /// By the name that was asked for.
    pub(super) counters: Vec<(&'r str, Counter<'e>)>,
}

impl Tally<'_, '_> {
    pub(super) fn push(&mut self, engine: &Engine, found: Found) -> Result<(), Error> {
        self.top.push(found)?;
        self.count(engine, found)
    }

    /// Takes in a hit that is not one of the first.
    fn count(&mut self, engine: &Engine, found: Found) -> Result<(), Error> {
        self.total += 1;
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
    fn new(wanted: &Wanted) -> Self {
        let Request { sort, half_life, .. } = wanted.request;
        let asked_for = wanted.collapses() || *sort != Sort::Rank || half_life.is_some();
        Dates { wanted: asked_for, half_life: half_life.filter(|&days| days > 0), today: wanted.today, open: None }
    }

    fn of(&mut self, engine: &Engine, at: DocAddress) -> Result<Option<i64>, Error> {
        if !self.wanted {
            return Ok(None);
        }
        let (_, blocks, days) = match &mut self.open {
            Some(open) if open.0 == at.segment_ord => open,
            open => {
                let segment = engine.searcher().segment_reader(at.segment_ord);
                open.insert((at.segment_ord, engine.shapes.of(segment)?, segment.fast_fields().i64("day")?))
            }
        };
        Ok(days.first(blocks.article(at.doc_id)))
    }

    /// A hit whose score its age lowers, where that is asked for: by a half for every half-life; undated articles count
    /// as one half-life old.
    fn aged(&self, found: Found) -> Found {
        let Some(days) = self.half_life else { return found };
        let age = found.day.map_or(days as f32, |day| (self.today - day).max(0) as f32);
        Found { score: found.score * 0.5_f32.powf(age / days as f32), ..found }
    }
}

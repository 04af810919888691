//! Answers a request: walks everything it matches, counts all of it, keeps the best.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashMap;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query};
use tantivy::{DocAddress, DocId, Score, SegmentReader};

use super::collect::{Found, Top, walk};
use super::hits::Maker;
use super::lower::Lowering;
use super::ranking::Ranking;
use super::results::Results;
use super::wordings::Once;
use super::{Engine, Error, duplicates, facets};
use crate::index::block::Blocks;
use crate::index::filing::day_number;
use crate::index::schema::{FacetKind, Level};
use crate::query::{Matching, Node, parse};
use crate::search::{By, Duplicates, Request, Response, Sort, Variants};

impl Engine {
    /// Finds and counts everything, and keeps the first `limit`.
    pub(super) fn find(&self, request: &Request, limit: usize) -> Result<Results<'_>, Error> {
        let clock = Instant::now();
        let (tree, mut warnings) = read(request);
        let kinds: Vec<(String, FacetKind)> = request
            .facets
            .iter()
            .map(|name| Ok((name.clone(), facets::kind(name).ok_or_else(|| Error::Facet(name.clone()))?)))
            .collect::<Result<_, Error>>()?;
        let by = request.by.unwrap_or_else(|| by(&tree, request));
        let level = level(by);
        let mut lowering = Lowering::new(self, request.literal, variants(request));
        let query = whole(&mut lowering, &tree, &filters(request), level)?;

        let everything = tree == Node::All && request.filters.is_empty() && request.duplicates != Duplicates::Collapse;
        let mut counts: BTreeMap<&str, facets::Counts> = BTreeMap::new();
        let mut counters = Vec::new();
        for (name, kind) in &kinds {
            match self.totals.get(*kind, level).filter(|_| everything) {
                Some(known) => drop(counts.insert(name, known)),
                None => counters.push((name.as_str(), facets::Counter::new(self, *kind))),
            }
        }
        let tally = |counters, limit| Tally { engine: self, total: 0, top: Top::new(limit, request.sort), counters };
        let collapsing = (request.duplicates == Duplicates::Collapse).then(|| {
            let counters = kinds.iter().map(|(name, kind)| (name.as_str(), facets::Counter::new(self, *kind)));
            (tally(counters.collect(), 0), duplicates::Collapsed::default())
        });
        let mut dates = Dates::new(request, collapsing.is_some());
        // An undisturbed order by score alone lets hits go that can't be among the first.
        let open_end = collapsing.is_some() || request.half_life.is_some();
        let mut kept = Kept { told: tally(counters, limit), collapsing };
        let scored = request.sort == Sort::Rank && !kept.told.top.is_closed();
        let mut ranking = Ranking::new(self, lowering.take_parts(), level);
        walk(self.searcher(), query.as_ref(), scored, |number, segment, scorer| {
            let at = DocAddress::new(number, scorer.doc());
            let found = Found { score: 0.0, day: dates.of(self, number, segment, at.doc_id)?, at };
            if !scored {
                return kept.push(found);
            }
            let least = if open_end { Score::NEG_INFINITY } else { kept.told.top.least() };
            ranking.push(scorer, found, least, &mut |found| kept.push(dates.aged(found)))
        })?;
        ranking.finish(&mut |found| kept.push(dates.aged(found)))?;
        let Kept { mut told, collapsing } = kept;
        let (every, collapsed) = collapsing.unzip();
        let mut once =
            Once { told: collapsed.map(duplicates::Collapsed::into_hits).unwrap_or_default(), ..Once::default() };
        if level == Level::Quote {
            once = self.once(once.told)?;
        }
        warnings.extend(once.too_many.then(|| too_many(once.told.len())));
        for &found in &once.told {
            told.push(found)?;
        }
        let Tally { total, top, counters, .. } = told;
        for (name, counter) in counters {
            let kind = counter.kind();
            let counted = Arc::new(counter.into_counts());
            if everything {
                self.totals.keep(kind, level, &counted);
            }
            counts.insert(name, counted);
        }
        let total_with_duplicates = every.as_ref().map(|every| every.total);
        if let Some(every) = every {
            with_duplicates(&mut counts, every.counters);
        }
        let most = request.facet_limit.map_or(usize::MAX, |limit| limit as usize);
        let first = |counts: facets::Counts| counts.iter().take(most).cloned().collect();
        warnings.append(&mut lowering.warnings);
        if total == 0 {
            warnings.append(&mut self.misspelt(&tree)?);
        }
        let listed = std::mem::take(&mut lowering.listed);
        let expansions = if request.explain {
            self.count_variants(listed, &tree, &filters(request), level, request)?
        } else {
            listed.into_iter().map(|listed| listed.expansion).collect()
        };
        let explained = if request.explain { self.explain(&tree, level, request)? } else { Vec::new() };
        let response = Response {
            query: request.query.clone(),
            read_as: tree.to_string(),
            expansions,
            total,
            total_with_duplicates,
            hits: Vec::new(),
            facets: counts.into_iter().map(|(name, counts)| (name.to_owned(), first(counts))).collect(),
            took_ms: clock.elapsed().as_millis() as u64,
            index: self.index.info(),
            explained,
            warnings,
        };
        let others = (request.duplicates == Duplicates::Collapse).then_some(once.others);
        Results::new(self, response, top.into_sorted(), level, Maker::new(by, lowering.plans), others)
    }
}

/// Adds to each value how often it stands in all that was found, near-duplicates included.
fn with_duplicates(counts: &mut BTreeMap<&str, facets::Counts>, counters: Vec<(&str, facets::Counter)>) {
    for (name, counter) in counters {
        let all: FxHashMap<String, u64> =
            counter.into_counts().into_iter().map(|counted| (counted.value, counted.count)).collect();
        if let Some(counted) = counts.get_mut(name) {
            let mut both = counted.to_vec();
            for value in &mut both {
                value.with_duplicates = all.get(&value.value).copied();
            }
            *counted = Arc::new(both);
        }
    }
}

fn too_many(quotations: usize) -> String {
    format!(
        "{quotations} quotations are too many to compare: only those of the very same words, or in copies of an article, are told once"
    )
}

/// What is kept of all that is found.
struct Kept<'e> {
    told: Tally<'e>,
    /// Where near-duplicates are told once: the count of all, and their groups, of which only later is told.
    collapsing: Option<(Tally<'e>, duplicates::Collapsed)>,
}

impl Kept<'_> {
    /// Takes in a hit, in order of document.
    fn push(&mut self, found: Found) -> Result<(), Error> {
        let Some((every, collapsed)) = &mut self.collapsing else { return self.told.push(found) };
        let segment = every.engine.searcher().segment_reader(found.at.segment_ord);
        collapsed.push(every.engine.shapes.of(segment)?.group(found.at.doc_id), found);
        every.push(found)
    }
}

/// What is counted, and the first of it.
struct Tally<'e> {
    engine: &'e Engine,
    total: u64,
    top: Top,
    /// By the name that was asked for.
    counters: Vec<(&'e str, facets::Counter<'e>)>,
}

impl Tally<'_> {
    fn push(&mut self, found: Found) -> Result<(), Error> {
        self.total += 1;
        self.top.push(found);
        let segment = self.engine.searcher().segment_reader(found.at.segment_ord);
        for (_, counter) in &mut self.counters {
            counter.count(found.at.segment_ord, segment, found.at.doc_id)?;
        }
        Ok(())
    }
}

/// When articles were published, where that is asked for.
struct Dates {
    wanted: bool,
    half_life: Option<u32>,
    today: i64,
    open: Option<(u32, Blocks, tantivy::columnar::Column<i64>)>,
}

impl Dates {
    fn new(request: &Request, wanted: bool) -> Self {
        let wanted = wanted || request.sort != Sort::Rank || request.half_life.is_some();
        let today = day_number(jiff::Zoned::now().date());
        Dates { wanted, half_life: request.half_life.filter(|&days| days > 0), today, open: None }
    }

    fn of(&mut self, engine: &Engine, number: u32, segment: &SegmentReader, doc: DocId) -> Result<Option<i64>, Error> {
        if !self.wanted {
            return Ok(None);
        }
        let (_, blocks, days) = match &mut self.open {
            Some(open) if open.0 == number => open,
            open => open.insert((number, engine.shapes.of(segment)?, segment.fast_fields().i64("day")?)),
        };
        Ok(days.first(blocks.article(doc)))
    }

    /// A hit whose score its age lowers, where that is asked for: by a half for every half-life; undated articles count
    /// as one half-life old.
    fn aged(&self, found: Found) -> Found {
        let Some(days) = self.half_life else { return found };
        let age = found.day.map_or(days as f32, |day| (self.today - day).max(0) as f32);
        Found { score: found.score * 0.5_f32.powf(age / days as f32), ..found }
    }
}

/// The tree of a request, filters left out, and what there was to warn of.
pub(super) fn read(request: &Request) -> (Node, Vec<String>) {
    let today = jiff::Zoned::now().date();
    let parsed = parse(&request.query, request.matching, today);
    (parsed.tree, parsed.warnings.iter().map(ToString::to_string).collect())
}

fn filters(request: &Request) -> Vec<Node> {
    let today = jiff::Zoned::now().date();
    request.filters.iter().map(|filter| parse(filter, Matching::All, today).tree).collect()
}

/// The query and its filters; a filter makes no hit better than another.
pub(super) fn whole(
    lowering: &mut Lowering,
    tree: &Node,
    filters: &[Node],
    level: Level,
) -> tantivy::Result<Box<dyn Query>> {
    let query = lowering.lower(tree, level)?;
    if filters.is_empty() {
        return Ok(query);
    }
    let (plans, parts) = (lowering.plans.len(), lowering.parts.len());
    let filter = lowering.lower(&Node::all(filters.to_vec()), level)?;
    lowering.plans.truncate(plans);
    lowering.parts.truncate(parts);
    Ok(Box::new(BooleanQuery::new(vec![
        (Occur::Must, query),
        (Occur::Must, Box::new(BoostQuery::new(filter, 0.0)) as Box<dyn Query>),
    ])))
}

/// What a hit is where the request does not say.
pub(super) fn by(tree: &Node, request: &Request) -> By {
    if tree.asks_for_quotations() {
        return By::Quote;
    }
    let filters = request.filters.iter().map(|filter| parse(filter, Matching::All, jiff::civil::Date::ZERO).tree);
    if filters.into_iter().any(|filter| filter.asks_for_quotations()) {
        return By::Quote;
    }
    if *tree == Node::All {
        let kinds: Vec<FacetKind> = request.facets.iter().filter_map(|name| facets::kind(name)).collect();
        return match facets::common_level(&kinds) {
            Some(Level::Quote) => By::Quote,
            Some(Level::Article) => By::Article,
            Some(Level::Passage) | None => By::Passage,
        };
    }
    By::Passage
}

/// The documents that hits of a kind are.
pub(super) fn level(by: By) -> Level {
    match by {
        By::Quote => Level::Quote,
        By::Passage => Level::Passage,
        By::Article => Level::Article,
    }
}

/// The variants that are searched for.
pub(super) fn variants(request: &Request) -> Variants {
    if request.literal { Variants { forms: false, near: false, synonyms: false } } else { request.variants }
}

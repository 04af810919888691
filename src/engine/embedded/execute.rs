//! Answers a request: scans everything it matches, counts all of it, keeps the best.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashMap;
use tantivy::{DocAddress, Score};

use crate::engine::embedded::quote_variants::DistinctQuotes;
use crate::engine::embedded::rank::classes::Classes;
use crate::engine::embedded::rank::collector::{Collected, CollectorConfig, HitCollector, HitSummary};
use crate::engine::embedded::rank::top::ScoredDoc;
use crate::engine::embedded::results::Hits;
use crate::engine::embedded::translate::Translator;
use crate::engine::embedded::{duplicates, facets};
use crate::engine::hits::builder::HitBuilder;
use crate::engine::plan::resolved::{ResolvedRequest, known_facet};
use crate::engine::{Engine, Error};
use crate::index::schema::{FacetKind, Level};
use crate::query::{Matching, Node, Warning};
use crate::search::{Cursor, Duplicates, Request, Response, Results};

impl Engine {
    /// Finds and counts everything, and keeps the first `limit`. Where a request in plain English finds nothing, its
    /// words are searched for; where they find nothing either, what is suggested is for the request.
    pub(crate) fn execute(&self, request: &Request, limit: usize) -> Result<Results<'_>, Error> {
        let clock = Instant::now();
        let mut resolved = self.resolve(request);
        if resolved.is_in_english {
            let read_as = resolved.tree.to_string();
            resolved.warnings.push(Warning::note(format!("read as `{read_as}`; quote the words to search for them")));
            let results = self.execute_resolved(request, &resolved, limit, clock)?;
            if results.response().total > 0 {
                return Ok(results);
            }
            let mut words = ResolvedRequest::read(request, false, &|_, _| false);
            let nothing = format!("nothing found for `{read_as}`; searched for the words instead");
            words.warnings.insert(0, Warning::new(nothing));
            let instead = self.execute_resolved(request, &words, limit, clock)?;
            return Ok(if instead.response().total > 0 { instead } else { results });
        }
        self.execute_resolved(request, &resolved, limit, clock)
    }

    /// A request, with the names in it resolved by this index.
    pub(crate) fn resolve(&self, request: &Request) -> ResolvedRequest {
        let names = self.known_names();
        let in_english = !request.literal && request.matching == Matching::All;
        ResolvedRequest::read(request, in_english, &|field, name| names.holds(field, name))
    }

    fn execute_resolved(
        &self,
        request: &Request,
        resolved: &ResolvedRequest,
        limit: usize,
        clock: Instant,
    ) -> Result<Results<'_>, Error> {
        let counted_by = request.periods.iter().filter(|period| !request.facets.contains(period));
        let kinds = request.facets.iter().chain(counted_by).map(|name| Ok((name.clone(), known_facet(name)?)));
        let kinds: Vec<(String, FacetKind)> = kinds.collect::<Result<_, Error>>()?;
        let level = resolved.level();
        let mut translator = Translator::new(self, resolved);
        let query = translator.filtered(&resolved.tree, resolved)?;

        let everything =
            resolved.is_everything() && request.duplicates != Duplicates::Collapse && request.periods.is_none();
        let mut counts: BTreeMap<&str, facets::Counts> = BTreeMap::new();
        let mut counted = Vec::new();
        for (name, kind) in &kinds {
            match self.totals.get(*kind, level).filter(|_| everything) {
                Some(known) => drop(counts.insert(name, known)),
                None => counted.push((name.as_str(), *kind)),
            }
        }
        let mut wanted =
            CollectorConfig::new(request, level, limit, self.place_of(request)?, counted, translator.take_parts());
        wanted.classes = Classes::new(self, request, resolved, query.as_ref(), &translator)?;
        // Nothing is said of everything, so no hit is better than another.
        wanted.scored &= resolved.tree != Node::All;
        let gathered = self.collect_parallel(query.as_ref(), wanted.scored, &translator.context, &|| {
            HitCollector::new(self, &wanted)
        })?;
        translator.context.check()?;
        let Collected { mut told, collapsing } = HitCollector::joined(gathered, self, &wanted)?;
        let (every, collapsed) = collapsing.unzip();
        let mut once = DistinctQuotes {
            told: collapsed.map(duplicates::Collapsed::into_hits).unwrap_or_default(),
            ..DistinctQuotes::default()
        };
        if level == Level::Quote {
            once = self.once(once.told)?;
        }
        let mut warnings = resolved.warnings.clone();
        warnings.extend(once.too_many.then(|| too_many(once.told.len())));
        for &found in &once.told {
            told.push(self, found)?;
        }
        let HitSummary { total, by_class, top, counters } = told;
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
        let without = counts.iter().filter(|(_, counted)| counted.none.count > 0);
        let without = without.map(|(name, counted)| ((*name).to_owned(), counted.none.clone())).collect();
        let first = |counted: facets::Counts| counted.values.iter().take(most).cloned().collect();
        let suggestions = if total == 0 { self.suggestions(resolved, request)? } else { Vec::new() };
        let listed = std::mem::take(&mut translator.listed);
        let expansions = if request.explain {
            self.count_variants(listed, resolved, request)?
        } else {
            listed.into_iter().map(|listed| listed.expansion).collect()
        };
        let explained = if request.explain { self.explain(resolved)? } else { Vec::new() };
        let mut found = top.into_sorted()?;
        let more = found.len() > limit;
        found.truncate(limit);
        let last = found.last().filter(|_| more);
        let response = Response {
            query: request.query.clone(),
            read_as: resolved.tree.to_string(),
            filters: resolved.filters.iter().map(ToString::to_string).collect(),
            options: request.options(),
            on_articles: resolved.on_articles().map(ToString::to_string).collect(),
            expansions,
            total,
            total_with_duplicates,
            total_by_class: by_class,
            hits: Vec::new(),
            next: last.map(|last| self.cursor(last)).transpose()?,
            facets: counts.into_iter().map(|(name, counts)| (name.to_owned(), first(counts))).collect(),
            without,
            took_ms: clock.elapsed().as_millis() as u64,
            index: self.index.info(),
            explained,
            warnings,
            suggestions,
        };
        let others = (request.duplicates == Duplicates::Collapse).then_some(once.others);
        let builder = HitBuilder::new(resolved.by, translator.plans, self.readers.lend());
        Ok(Results::new(response, Hits::new(self, found, level, builder, others)?))
    }

    /// A hit's place in the order of its request.
    fn cursor(&self, hit: &ScoredDoc) -> Result<Cursor, Error> {
        let hierarchy = self.hierarchies.of(self.searcher().segment_reader(hit.at.segment_ord))?;
        let article = hierarchy.article(hit.at.doc_id);
        Ok(Cursor {
            digest: self.index.info().digest,
            class: hit.group,
            score: hit.score.to_bits(),
            day: hit.day,
            article: self.index.meta(DocAddress::new(hit.at.segment_ord, article))?.id,
            ordinal: hit.at.doc_id - article,
        })
    }

    /// The hit that a request's cursor means.
    fn place_of(&self, request: &Request) -> Result<Option<ScoredDoc>, Error> {
        let Some(cursor) = &request.after else { return Ok(None) };
        if cursor.digest != self.index.info().digest {
            return Err(Error::StaleCursor);
        }
        let article = self.index.find(&cursor.article)?.ok_or(Error::StaleCursor)?;
        let at = DocAddress::new(article.segment_ord, article.doc_id.saturating_add(cursor.ordinal));
        let score = Score::from_bits(cursor.score);
        Ok(Some(ScoredDoc { score, day: cursor.day, at, class: None, group: cursor.class }))
    }
}

/// Adds to each value how often it occurs in all that was found, near-duplicates included.
fn with_duplicates(counts: &mut BTreeMap<&str, facets::Counts>, counters: Vec<(&str, facets::Counter)>) {
    for (name, counter) in counters {
        let all = counter.into_counts();
        let none = all.none.count;
        let all: FxHashMap<String, u64> = all.values.into_iter().map(|value| (value.value, value.count)).collect();
        if let Some(counted) = counts.get_mut(name) {
            let mut both = facets::Counted::clone(counted);
            for value in &mut both.values {
                value.with_duplicates = all.get(&value.value).copied();
            }
            both.none.with_duplicates = Some(none);
            *counted = Arc::new(both);
        }
    }
}

fn too_many(quotations: usize) -> Warning {
    Warning::new(format!(
        "{quotations} quotations are too many to compare: only identical wording and copied articles were merged"
    ))
}

//! Answers a request: walks everything it matches, counts all of it, keeps the best.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rustc_hash::FxHashMap;

use super::asked::Asked;
use super::hits::Maker;
use super::lower::Lowering;
use super::results::Results;
use super::tally::{Hits, Kept, Tally, Wanted};
use super::wordings::Once;
use super::{Engine, Error, duplicates, facets};
use crate::index::schema::{FacetKind, Level};
use crate::query::Node;
use crate::search::{Duplicates, Request, Response};

impl Engine {
    /// Finds and counts everything, and keeps the first `limit`.
    pub(super) fn find(&self, request: &Request, limit: usize) -> Result<Results<'_>, Error> {
        let clock = Instant::now();
        let asked = Asked::read(request);
        let kinds: Vec<(String, FacetKind)> = request
            .facets
            .iter()
            .map(|name| Ok((name.clone(), facets::kind(name).ok_or_else(|| Error::Facet(name.clone()))?)))
            .collect::<Result<_, Error>>()?;
        let level = asked.level();
        let mut lowering = Lowering::new(self, request.literal, asked.variants);
        let query = asked.filtered(&asked.tree, &mut lowering)?;

        let everything = asked.is_everything() && request.duplicates != Duplicates::Collapse;
        let mut counts: BTreeMap<&str, facets::Counts> = BTreeMap::new();
        let mut counted = Vec::new();
        for (name, kind) in &kinds {
            match self.totals.get(*kind, level).filter(|_| everything) {
                Some(known) => drop(counts.insert(name, known)),
                None => counted.push((name.as_str(), *kind)),
            }
        }
        let mut wanted = Wanted::new(request, level, limit, counted, lowering.take_parts());
        // Nothing is said of everything, so no hit is better than another.
        wanted.scored &= asked.tree != Node::All;
        let gathered = self.gather(query.as_ref(), wanted.scored, &|| Hits::new(self, &wanted))?;
        lowering.failures.check()?;
        let Kept { mut told, collapsing } = Hits::joined(gathered, self, &wanted)?;
        let (every, collapsed) = collapsing.unzip();
        let mut once =
            Once { told: collapsed.map(duplicates::Collapsed::into_hits).unwrap_or_default(), ..Once::default() };
        if level == Level::Quote {
            once = self.once(once.told)?;
        }
        let mut warnings = asked.warnings.clone();
        warnings.extend(once.too_many.then(|| too_many(once.told.len())));
        for &found in &once.told {
            told.push(self, found)?;
        }
        let Tally { total, top, counters } = told;
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
            warnings.append(&mut self.misspelt(&asked.tree)?);
        }
        let listed = std::mem::take(&mut lowering.listed);
        let expansions = if request.explain {
            self.count_variants(listed, &asked, request)?
        } else {
            listed.into_iter().map(|listed| listed.expansion).collect()
        };
        let explained = if request.explain { self.explain(&asked, request)? } else { Vec::new() };
        let response = Response {
            query: request.query.clone(),
            read_as: asked.tree.to_string(),
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
        Results::new(
            self,
            response,
            top.into_sorted()?,
            level,
            Maker::new(asked.by, lowering.plans, self.readers.lend()),
            others,
        )
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

//! The articles that may have hits, and an engine in memory over them.

use std::sync::{Arc, PoisonError};

use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::reader::Cluster;
use super::superset::Superset;
use crate::engine::plan::resolved::ResolvedRequest;
use crate::engine::{Engine, Error};
use crate::index::schema::Level;
use crate::search::{Deadline, Request};

/// Values in one `terms` query; a cluster allows 65,536.
const MOST_TERMS: usize = 60_000;

/// Engines over candidates that are kept, for the next page and for several questions about the same hits.
const KEPT: usize = 4;

impl Cluster {
    /// An engine over all that may match a request; where parts are counted alone, over all that may match any of these.
    pub(super) fn engine_for(&self, request: &Request, any_part: bool) -> Result<Arc<Engine>, Error> {
        let resolved = self.planner.resolve(request);
        let level = resolved.level();
        let superset = |resolved: &ResolvedRequest| {
            let mut superset = Superset::new(&self.planner, resolved);
            if any_part { superset.of_any_part() } else { superset.query() }
        };
        let mut query = superset(&resolved)?;
        if resolved.is_in_english {
            // Its words are searched for where it finds nothing.
            let words = ResolvedRequest::read(request, false, &|_, _| false);
            query = json!({ "bool": { "should": [query, superset(&words)?] } });
        }
        if let Some(id) = &request.article {
            query = json!({ "bool": { "filter": [query, { "term": { "id": id } }] } });
        }
        self.engine_over(&query, level, &request.deadline)
    }

    /// An engine over what a query finds and the near-duplicates of these on the level of the hits.
    fn engine_over(&self, query: &Value, level: Level, deadline: &Deadline) -> Result<Arc<Engine>, Error> {
        let key = format!("{level:?} {query}");
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().position(|(known, _)| *known == key) {
            let found = kept.remove(at);
            let engine = found.1.clone();
            kept.push(found);
            return Ok(engine);
        }
        drop(kept);
        let mut found = std::thread::scope(|scope| {
            // If it fails, it is tried again where it is needed.
            scope.spawn(|| self.beside().map(drop));
            self.articles.read(query, deadline)
        })?;
        let articles = self.corpus.documents(Level::Article);
        if (found.len() as u64) < articles {
            let fields = self.planner.index().fields();
            let groups: FxHashSet<u64> = found.iter().flat_map(|block| block.groups(level, fields)).collect();
            let groups = self.beside()?.groups.united_with(&groups);
            let mut others = Vec::new();
            for groups in groups.chunks(MOST_TERMS) {
                let of = |path: &str| json!({ "terms": { format!("{path}group"): groups } });
                let nested = |path: &str| json!({ "nested": { "path": path, "query": of(&format!("{path}.")) } });
                let same = match level {
                    Level::Article => of(""),
                    Level::Passage => nested("p"),
                    Level::Quote => nested("p.q"),
                };
                let others_of = json!({ "bool": { "filter": [same], "must_not": [query] } });
                others.extend(self.articles.read(&others_of, deadline)?);
            }
            let mut numbers: FxHashSet<u64> = FxHashSet::default();
            found.extend(others.into_iter().filter(|block| numbers.insert(block.number(fields))));
        }
        let engine = Arc::new(self.engine_of(found)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, engine.clone()));
        Ok(engine)
    }
}

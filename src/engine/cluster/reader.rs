//! Reads an index in a cluster.
//!
//! The cluster finds the articles that may have hits; an engine in memory over these answers, with the counts, terms and
//! names of the whole collection. So an answer is that of an index on this machine.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use crossbeam_channel::bounded;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::error::ClusterError;
use super::store::{Commit, Mirror, Store};
use super::superset::Superset;
use crate::engine::plan::resolved::ResolvedRequest;
use crate::engine::{Engine, Error};
use crate::entity::{Directory, Group};
use crate::groups::Groups;
use crate::index::nested::StoredBlock;
use crate::index::schema::Level;
use crate::index::{Collection, Index, IndexStats, Lookup, Manifest, Paths, State};
use crate::search::{Annotated, Backend, Deadline, Hit, IndexInfo, Request, Response, Results, Verdict};

/// Articles that are read at once.
const PAGE: usize = 1000;

/// Candidates of one query that fit into memory: a gigabyte of news.
const MOST: usize = 200_000;

/// Values in one `terms` query; a cluster allows 65,536.
const MOST_TERMS: usize = 60_000;

/// Engines over candidates that are kept, for the next page and for several questions about the same hits.
const KEPT: usize = 4;

/// Articles that are looked at where several match a name.
const NAMED: usize = 1000;

/// How often opening is tried again when a commit comes in between.
const TRIES: usize = 20;

/// An index in a cluster, as one commit left it.
pub struct Cluster {
    store: Store,
    commit: Commit,
    paths: Paths,
    name: PathBuf,
    collection: Arc<Collection>,
    /// An engine over no articles: it knows the terms and names of the collection.
    planner: Engine,
    /// A point in time of this commit.
    point: Mutex<String>,
    kept: Mutex<Vec<(String, Arc<Engine>)>>,
}

/// A page of a search.
#[derive(Deserialize)]
struct Page {
    hits: Hits,
    #[serde(rename = "_shards")]
    shards: Shards,
    #[serde(default)]
    timed_out: bool,
}

#[derive(Deserialize)]
struct Shards {
    #[serde(default)]
    failed: u64,
}

#[derive(Deserialize)]
struct Hits {
    hits: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    fields: Fields,
    #[serde(default)]
    sort: Vec<Value>,
}

#[derive(Deserialize)]
struct Fields {
    block: Vec<String>,
}

impl Found {
    fn block(&self, client: &Client) -> Result<StoredBlock, ClusterError> {
        let packed = self.fields.block.first().map(String::as_str).unwrap_or_default();
        StoredBlock::read(packed).map_err(|_| damaged(client, "a stored article can't be unpacked"))
    }
}

fn damaged(client: &Client, what: &str) -> ClusterError {
    ClusterError::Damaged { url: client.shown(), what: what.to_owned() }
}

/// The articles that a query finds, at most `limit`, as the cluster has them now.
pub(super) fn blocks(client: &Client, query: &Value, limit: usize) -> Result<Vec<StoredBlock>, ClusterError> {
    let body = json!({ "size": limit, "query": query, "stored_fields": ["block"] });
    let page: Page =
        client.post(&format!("{}/_search?allow_partial_search_results=false", client.index("articles")), &body)?;
    page.hits.hits.iter().map(|found| found.block(client)).collect()
}

impl Cluster {
    /// Opens the index. `paths` shows where its articles were read.
    pub fn open(client: &Client, paths: Paths) -> Result<Self, Error> {
        let store = Store { client: client.clone() };
        for _ in 0..TRIES {
            let Some((commit, version)) = store.commit()? else {
                return Err(ClusterError::Missing { url: client.shown() }.into());
            };
            let point = client.open_point()?;
            let collection = store.collection(&commit);
            if store.commit()?.is_none_or(|(_, now)| now != version) {
                client.close_point(&point);
                continue;
            }
            let (collection, name) = (Arc::new(collection?), PathBuf::from(client.shown()));
            let none = Index::over(Vec::new(), collection.clone(), &name, paths.clone())?;
            let planner = Engine::new(none)?;
            let (point, kept) = (Mutex::new(point), Mutex::default());
            return Ok(Cluster { store, commit, paths, name, collection, planner, point, kept });
        }
        Err(ClusterError::Red { url: client.shown(), what: "it is written all the time".to_owned() }.into())
    }

    /// Follows a user's `aliases.toml`, given as text.
    pub fn set_aliases(&mut self, toml: &str) -> Result<(), Error> {
        self.planner.set_aliases(toml)
    }

    /// Adds the groups of a user's `synonyms.toml`, given as text.
    pub fn set_synonyms(&mut self, toml: &str) -> Result<(), Error> {
        self.planner.set_synonyms(toml)
    }

    /// Knows a user's groups of people.
    pub fn set_groups(&mut self, groups: Groups) {
        self.planner.set_groups(groups);
    }

    /// What it holds.
    pub fn stats(&self) -> Result<IndexStats, Error> {
        let client = &self.store.client;
        let body = json!({
            "size": 0, "query": self.commit.filter(), "pit": { "id": self.point(), "keep_alive": "2m" },
            "aggs": {
                "first": { "min": { "field": "day" } },
                "last": { "max": { "field": "day" } },
                "undated": { "missing": { "field": "day" } },
            },
        });
        let found: Value = client.post("/_search", &body)?;
        let day = |name: &str| {
            found.pointer(&format!("/aggregations/{name}/value")).and_then(Value::as_f64).map(|day| day as i64)
        };
        let sizes: Value = client.get(&format!("{}/_stats/store", client.index("articles")))?;
        Ok(IndexStats {
            articles: self.collection.documents(Level::Article),
            passages: self.collection.documents(Level::Passage),
            quotes: self.collection.documents(Level::Quote),
            days: day("first").zip(day("last")),
            undated: found.pointer("/aggregations/undated/doc_count").and_then(Value::as_u64).unwrap_or_default(),
            bytes: sizes.pointer("/_all/primaries/store/size_in_bytes").and_then(Value::as_u64).unwrap_or_default(),
        })
    }

    /// What was ingested; `mirror` is where its files are put.
    pub fn manifest(&self, mirror: &Mirror) -> Result<Manifest, Error> {
        for name in &self.commit.state.manifest {
            let bytes = self.store.file(name)?;
            std::fs::write(mirror.derived().join(name), bytes)
                .map_err(|error| damaged(&self.store.client, &error.to_string()))?;
        }
        let loaded = Manifest::load(&mirror.derived(), &self.commit.state);
        Ok(loaded.map_err(|error| damaged(&self.store.client, &error.to_string()))?)
    }

    /// What its last commit says.
    pub fn state(&self) -> &State {
        &self.commit.state
    }

    /// The ids of the articles with exactly this id, link or file.
    pub fn find_exactly(&self, name: &str) -> Result<Vec<String>, Error> {
        let mut ids = Vec::new();
        for id in std::iter::once(name.to_owned()).chain(self.paths.id(name)) {
            let names = json!([{ "term": { "id": &id } }, { "term": { "names": id.to_lowercase() } }]);
            let found = self.engine_over(&json!({ "bool": { "should": names } }), None, &Deadline::none())?;
            ids.extend(found.index().find_exactly(name)?);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn point(&self) -> String {
        self.point.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Articles that a query finds, all of them: one page after the other, each behind the last one.
    fn read(&self, query: &Value, deadline: &Deadline, found: &mut Vec<StoredBlock>) -> Result<(), Error> {
        let client = &self.store.client;
        let mut body = json!({
            "size": PAGE,
            "query": { "bool": { "filter": [query, self.commit.filter()] } },
            "stored_fields": ["block"],
            "sort": [{ "number": "asc" }],
            "track_total_hits": false,
            "pit": { "id": self.point(), "keep_alive": "2m" },
        });
        let mut failures = 0;
        loop {
            deadline.check()?;
            let page: Result<Page, ClusterError> = client.post("/_search?allow_partial_search_results=false", &body);
            let page = match page {
                Ok(page) if page.shards.failed == 0 && !page.timed_out => page,
                // A node that is gone takes its points in time with it: another one sees the same commit, if it is the last.
                failed if failures < 5 => {
                    failures += 1;
                    tracing::debug!(error = ?failed.err(), "opening another point in time");
                    std::thread::sleep(std::time::Duration::from_millis(300 * failures));
                    if let Some(set) = body.get_mut("pit") {
                        *set = json!({ "id": self.renew()?, "keep_alive": "2m" });
                    }
                    continue;
                }
                Ok(page) => {
                    let what = format!("{} shards fail", page.shards.failed);
                    return Err(ClusterError::Red { url: client.shown(), what }.into());
                }
                Err(error) => return Err(error.into()),
            };
            for hit in &page.hits.hits {
                found.push(hit.block(client)?);
            }
            if found.len() > MOST {
                return Err(ClusterError::TooMany { url: client.shown(), most: MOST }.into());
            }
            let last = page.hits.hits.last().map(|hit| hit.sort.clone());
            match (last, body.as_object_mut()) {
                (Some(last), Some(body)) if page.hits.hits.len() == PAGE => {
                    body.insert("search_after".to_owned(), last.into());
                }
                _ => return Ok(()),
            }
        }
    }

    /// Another point in time of the same commit.
    fn renew(&self) -> Result<String, Error> {
        let client = &self.store.client;
        let point = client.open_point()?;
        let now = self.store.commit()?;
        if now.is_none_or(|(commit, _)| commit.generation != self.commit.generation) {
            client.close_point(&point);
            return Err(ClusterError::Changed { url: client.shown() }.into());
        }
        self.point.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&point);
        Ok(point)
    }

    /// An engine over what a query finds and, for hits of `copies`, the near-duplicates of these.
    fn engine_over(&self, query: &Value, copies: Option<Level>, deadline: &Deadline) -> Result<Arc<Engine>, Error> {
        let key = format!("{copies:?} {query}");
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = kept.iter().position(|(known, _)| *known == key) {
            let found = kept.remove(at);
            let engine = found.1.clone();
            kept.push(found);
            return Ok(engine);
        }
        drop(kept);
        let mut found = Vec::new();
        self.read(query, deadline, &mut found)?;
        let articles = self.collection.documents(Level::Article);
        if let Some(level) = copies.filter(|_| (found.len() as u64) < articles) {
            let groups: FxHashSet<u64> = found.iter().flat_map(|block| block.groups(level)).collect();
            let groups: Vec<u64> = groups.into_iter().collect();
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
                self.read(&others_of, deadline, &mut others)?;
            }
            let mut numbers: FxHashSet<u64> = FxHashSet::default();
            found.extend(others.into_iter().filter(|block| numbers.insert(block.number())));
        }
        let part = Index::over(found, self.collection.clone(), &self.name, self.paths.clone())?;
        let engine = Arc::new(self.planner.over(part)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((key, engine.clone()));
        Ok(engine)
    }

    /// An engine over all that may match a request; where parts are counted alone, over all that may match any of these.
    fn engine_for(&self, request: &Request, any_part: bool) -> Result<Arc<Engine>, Error> {
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
        self.engine_over(&query, Some(level), &request.deadline)
    }

    fn answer(&self, request: &Request, every: bool) -> Result<Results<'_>, Error> {
        let clock = Instant::now();
        let engine = self.engine_for(request, request.explain)?;
        let (mut response, hits) = stream(engine, request.clone(), every)?;
        if response.total == 0 && !request.explain {
            // What to try instead is known by what the parts find.
            let engine = self.engine_for(request, true)?;
            response.suggestions = stream(engine, request.clone(), every)?.0.suggestions;
        }
        response.took_ms = clock.elapsed().as_millis() as u64;
        Ok(Results::new(response, hits))
    }

    /// The engine over the only article that goes by `key`, and its id.
    fn locate(&self, key: &str) -> Result<(Arc<Engine>, String), Error> {
        let exact = std::iter::once(key.to_owned()).chain(self.paths.id(key));
        for id in exact {
            let engine = self.engine_over(&json!({ "term": { "id": &id } }), None, &Deadline::none())?;
            if engine.index().find(&id)?.is_some() {
                return Ok((engine, id));
            }
        }
        let engine = self.named(key)?;
        let id = engine.article(key)?.article.id;
        Ok((engine, id))
    }

    /// An engine over the articles whose id, file or title holds `key`.
    fn named(&self, key: &str) -> Result<Arc<Engine>, Error> {
        let part: String = key
            .to_lowercase()
            .chars()
            .flat_map(|c| matches!(c, '*' | '?' | '\\').then_some('\\').into_iter().chain([c]))
            .collect();
        let query = json!({ "bool": { "filter": [{ "wildcard": { "names": { "value": format!("*{part}*") } } }, self.commit.filter()] } });
        let found = blocks(&self.store.client, &query, NAMED)?;
        let part = Index::over(found, self.collection.clone(), &self.name, self.paths.clone())?;
        Ok(Arc::new(self.planner.over(part)?))
    }

    /// The ids of articles that a part of an id, file or title may mean.
    pub fn similar(&self, name: &str) -> Result<Vec<String>, Error> {
        let engine = self.named(name)?;
        Ok(match engine.index().lookup(name)? {
            Lookup::Nothing => Vec::new(),
            Lookup::Found(at) => vec![engine.index().meta(at)?.id],
            Lookup::Several(_, ids) => ids,
        })
    }
}

/// Answers a request on a thread of its own, so that the hits outlive the borrow of the engine.
fn stream(
    engine: Arc<Engine>,
    request: Request,
    every: bool,
) -> Result<(Response, impl Iterator<Item = Result<Hit, Error>>), Error> {
    let (answered, answer) = bounded(1);
    let (found, hits) = bounded(64);
    std::thread::spawn(move || {
        let results = if every { engine.all_results(&request) } else { engine.results(&request) };
        match results {
            Err(error) => drop(answered.send(Err(error))),
            Ok(results) => {
                let _ = answered.send(Ok(results.response().clone()));
                drop(answered);
                for hit in results {
                    if found.send(hit).is_err() {
                        break;
                    }
                }
            }
        }
    });
    let response = answer.recv().unwrap_or_else(|_| Err(Error::Cancelled))?;
    Ok((response, hits.into_iter()))
}

impl Backend for Cluster {
    fn info(&self) -> IndexInfo {
        self.planner.info()
    }

    fn results(&self, request: &Request) -> Result<Results<'_>, Error> {
        self.answer(request, false)
    }

    fn all_results(&self, request: &Request) -> Result<Results<'_>, Error> {
        self.answer(request, true)
    }

    fn article(&self, key: &str) -> Result<Annotated, Error> {
        let (engine, id) = self.locate(key)?;
        engine.article(&id)
    }

    fn directory(&self) -> Result<&Directory, Error> {
        self.planner.directory()
    }

    fn roles(&self, group: &Group) -> Result<Vec<(String, u64)>, Error> {
        self.planner.roles(group)
    }

    fn why_not(&self, request: &Request, article: &str) -> Result<Vec<Verdict>, Error> {
        let (engine, id) = self.locate(article)?;
        engine.why_not(request, &id)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.store.client.close_point(&self.point());
    }
}

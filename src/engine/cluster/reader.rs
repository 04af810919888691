//! Reads an index in a cluster.
//!
//! The cluster finds the articles that may have hits; an engine in memory over these answers, with the counts, terms and
//! names of the whole collection. So an answer is that of an index on this machine.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;

use crossbeam_channel::bounded;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::error::ClusterError;
use super::mirror::no_folder;
use super::store::{Commit, Store};
use super::superset::Superset;
use crate::engine::plan::resolved::ResolvedRequest;
use crate::engine::{Engine, Error, OpenIndex};
use crate::entity::{Directory, Group};
use crate::index::collection::Counts;
use crate::index::document_builder::facet;
use crate::index::nested::{Nester, StoredBlock, Unpacker};
use crate::index::part::Beside;
use crate::index::schema::{FacetKind, Level};
use crate::index::{Collection, Index, IndexStats, Key, Lookup, Manifest, Paths, State};
use crate::search::{
    Annotated, Backend, By, Deadline, FacetCount, Hit, IndexInfo, Request, Response, Results, Verdict,
};

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

/// How often a search is sent again while a node goes: the pauses add up to 5 s.
const SEARCHES: u64 = 6;

/// An index in a cluster, as one commit left it.
pub struct Cluster {
    store: Store,
    commit: Commit,
    paths: Paths,
    name: PathBuf,
    collection: Arc<Collection>,
    /// The rest of the commit.
    beside: OnceLock<Beside>,
    /// An engine over no articles: it knows the terms and names of the collection.
    planner: Engine,
    /// The query of the articles that are seen.
    some: Value,
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
    #[serde(default)]
    aggregations: Value,
}

#[derive(Deserialize)]
struct Shards {
    #[serde(default)]
    failed: u64,
}

#[derive(Deserialize)]
struct Hits {
    hits: Vec<Found>,
    /// Left out where it was not asked for.
    total: Option<Total>,
}

#[derive(Deserialize)]
struct Total {
    value: usize,
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
    fn block(&self, client: &Client, unpacker: &mut Unpacker) -> Result<StoredBlock, ClusterError> {
        let packed = self.fields.block.first().map(String::as_str).unwrap_or_default();
        unpacker.read(packed).map_err(|_| damaged(client, "a stored article can't be unpacked"))
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
    let mut unpacker = Unpacker::default();
    page.hits.hits.iter().map(|found| found.block(client, &mut unpacker)).collect()
}

impl Cluster {
    /// Opens the index. `paths` shows where its articles were read; `teach` gives an engine the user's names, synonyms,
    /// groups and marks.
    pub fn open<E: From<Error>>(
        client: &Client,
        paths: Paths,
        teach: impl FnOnce(Engine) -> Result<Engine, E>,
    ) -> Result<Self, E> {
        let mut cluster = Cluster::untaught(client, paths)?;
        let none = cluster.engine_of(Vec::new())?;
        cluster.planner = teach(none)?;
        Ok(cluster)
    }

    fn untaught(client: &Client, paths: Paths) -> Result<Self, Error> {
        let store = Store { client: client.clone() };
        for _ in 0..TRIES {
            let Some((commit, version)) = store.commit()? else {
                return Err(ClusterError::Missing { url: client.shown() }.into());
            };
            let (point, collection) = std::thread::scope(|scope| {
                let point = scope.spawn(|| client.open_point());
                let collection = store.collection(&commit);
                Ok::<_, Error>((point.join().map_err(|_| Error::Cancelled)??, collection))
            })?;
            if store.commit()?.is_none_or(|(_, now)| now != version) {
                client.close_point(&point);
                continue;
            }
            let (collection, name) = (Arc::new(collection?), PathBuf::from(client.shown()));
            let none = Index::over(Vec::new(), collection.clone(), &name, paths.clone(), Beside::default())?;
            let (planner, beside) = (Engine::new(none)?, OnceLock::new());
            let (point, kept) = (Mutex::new(point), Mutex::default());
            let some = commit.filter();
            return Ok(Cluster { store, commit, paths, name, collection, beside, planner, some, point, kept });
        }
        Err(ClusterError::Red { url: client.shown(), what: "it is written all the time".to_owned() }.into())
    }

    /// The ids of the articles with exactly this id, link or file.
    pub fn find_exactly(&self, name: &str) -> Result<Vec<String>, Error> {
        let mut ids = Vec::new();
        for id in std::iter::once(name.to_owned()).chain(self.paths.id(name)) {
            let names = json!([{ "term": { "id": &id } }, { "term": { "names": id.to_lowercase() } }]);
            let found = self.engine_once(&json!({ "bool": { "should": names } }))?;
            ids.extend(found.index().find_exactly(name)?);
        }
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    }

    fn point(&self) -> String {
        self.point.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Searches at its point in time; in another one of the same commit where a node took that with it, or it was not
    /// used for two minutes.
    fn search_at_point(&self, mut body: Map<String, Value>) -> Result<Page, Error> {
        let client = &self.store.client;
        let mut failures = 0;
        loop {
            body.insert("pit".to_owned(), json!({ "id": self.point(), "keep_alive": "2m" }));
            let path = "/_search?allow_partial_search_results=false";
            let page: Result<Page, ClusterError> = client.post(path, &Value::Object(body.clone()));
            match page {
                Ok(page) if page.shards.failed == 0 && !page.timed_out => return Ok(page),
                failed if failures < SEARCHES => {
                    tracing::debug!(error = ?failed.err(), "opening another point in time");
                    std::thread::sleep(std::time::Duration::from_millis(300 * failures));
                    failures += 1;
                    self.renew()?;
                }
                Ok(page) => {
                    let what = format!("{} shards fail", page.shards.failed);
                    return Err(ClusterError::Red { url: client.shown(), what }.into());
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Articles that a query finds; an error at once if they do not fit into memory.
    fn read(&self, query: &Value, deadline: &Deadline, found: &mut Vec<StoredBlock>) -> Result<(), Error> {
        self.each(query, deadline, MOST, |block| found.push(block))
    }

    /// Calls `take` with each article that a query finds: one page after the other, each behind the last one. An error if
    /// there are more than `most`.
    fn each(
        &self,
        query: &Value,
        deadline: &Deadline,
        most: usize,
        mut take: impl FnMut(StoredBlock),
    ) -> Result<(), Error> {
        let client = &self.store.client;
        let mut body = Map::new();
        body.insert("size".to_owned(), PAGE.into());
        body.insert("query".to_owned(), json!({ "bool": { "filter": [query, self.some] } }));
        body.insert("stored_fields".to_owned(), json!(["block"]));
        body.insert("sort".to_owned(), json!([{ "number": "asc" }]));
        let counted = most.checked_add(1).and_then(|counted| i32::try_from(counted).ok());
        body.insert("track_total_hits".to_owned(), counted.map_or(false.into(), Value::from));
        let mut unpacker = Unpacker::default();
        loop {
            deadline.check()?;
            let page = self.search_at_point(body.clone())?;
            if page.hits.total.is_some_and(|total| total.value > most) {
                return Err(ClusterError::TooMany { url: client.shown(), most }.into());
            }
            body.insert("track_total_hits".to_owned(), false.into());
            for hit in &page.hits.hits {
                take(hit.block(client, &mut unpacker)?);
            }
            match page.hits.hits.last() {
                Some(last) if page.hits.hits.len() == PAGE => {
                    body.insert("search_after".to_owned(), last.sort.clone().into());
                }
                _ => return Ok(()),
            }
        }
    }

    /// Another point in time of the same commit.
    fn renew(&self) -> Result<(), Error> {
        let client = &self.store.client;
        let point = client.open_point()?;
        if !self.is_current()? {
            client.close_point(&point);
            return Err(ClusterError::Changed { url: client.shown() }.into());
        }
        self.point.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&point);
        Ok(())
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
        let mut found = Vec::new();
        std::thread::scope(|scope| {
            // If it fails, it is tried again where it is needed.
            scope.spawn(|| self.beside().map(drop));
            self.read(query, deadline, &mut found)
        })?;
        let articles = self.collection.documents(Level::Article);
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
                self.read(&others_of, deadline, &mut others)?;
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

    /// What the commit keeps beside the articles.
    fn beside(&self) -> Result<&Beside, Error> {
        if let Some(beside) = self.beside.get() {
            return Ok(beside);
        }
        let file = |name: &Option<String>| name.as_ref().map(|name| self.store.file(name)).transpose();
        let groups = file(&self.commit.duplicates)?;
        let beside = Beside::read(file(&self.commit.sources)?, groups.as_deref());
        let beside = beside.ok_or_else(|| damaged(&self.store.client, "its list of near-duplicates can't be read"))?;
        Ok(self.beside.get_or_init(|| beside))
    }

    /// An engine over some articles.
    fn engine_of(&self, articles: Vec<StoredBlock>) -> Result<Engine, Error> {
        let beside = if articles.is_empty() { Beside::default() } else { self.beside()?.clone() };
        let part = Index::over(articles, self.collection.clone(), &self.name, self.paths.clone(), beside)?;
        Ok(self.planner.over(part)?)
    }

    /// An engine over the articles that a query finds, which is not asked again.
    fn engine_once(&self, query: &Value) -> Result<Engine, Error> {
        let mut found = Vec::new();
        self.read(query, &Deadline::none(), &mut found)?;
        self.engine_of(found)
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
        if let Some(id) = &request.article {
            query = json!({ "bool": { "filter": [query, { "term": { "id": id } }] } });
        }
        self.engine_over(&query, level, &request.deadline)
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
    pub fn locate(&self, key: &str) -> Result<(Engine, String), Error> {
        let exact = std::iter::once(key.to_owned()).chain(self.paths.id(key));
        for id in exact {
            let engine = self.engine_once(&json!({ "term": { "id": &id } }))?;
            if engine.index().find(&id)?.is_some() {
                return Ok((engine, id));
            }
        }
        let engine = self.named(key)?;
        let id = engine.article(key)?.article.id;
        Ok((engine, id))
    }

    /// An engine over the articles whose id, file or title holds `key`.
    fn named(&self, key: &str) -> Result<Engine, Error> {
        let part: String = key
            .to_lowercase()
            .chars()
            .flat_map(|c| matches!(c, '*' | '?' | '\\').then_some('\\').into_iter().chain([c]))
            .collect();
        let query =
            json!({ "bool": { "filter": [{ "wildcard": { "names": { "value": format!("*{part}*") } } }, self.some] } });
        self.engine_of(blocks(&self.store.client, &query, NAMED)?)
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

    /// Counted by the terms of the collection, so that no article is read: by the quotations or passages that have a value.
    fn frequent(&self, field: &str, by: By, limit: u64, deadline: &Deadline) -> Result<Vec<FacetCount>, Error> {
        let Some(kind) = FacetKind::ALL.into_iter().find(|kind| kind.name() == field) else {
            let request =
                Request { query: "*".to_owned(), by: Some(by), deadline: deadline.clone(), ..Request::default() };
            return self.facets(&request, field);
        };
        let mut held: Vec<(String, u64)> = Vec::new();
        let value_of = |term: &str| term.split('\0').next().unwrap_or_default().to_owned();
        self.collection.values(kind, |term, documents| held.push((value_of(term), documents)));
        let mut counts: FxHashMap<&str, u64> = FxHashMap::default();
        for (value, documents) in &held {
            if let Some(name) = self.planner.shown(kind, value)? {
                *counts.entry(name).or_default() += documents;
            }
        }
        let counted = |(value, count): (&str, u64)| FacetCount {
            value: value.to_owned(),
            count,
            articles: count,
            ..FacetCount::default()
        };
        let mut values: Vec<FacetCount> = counts.into_iter().map(counted).collect();
        values.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        values.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(values)
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

impl OpenIndex for Cluster {
    fn state(&self) -> &State {
        &self.commit.state
    }

    fn stats(&self) -> Result<IndexStats, Error> {
        let client = &self.store.client;
        let mut body = Map::new();
        body.insert("size".to_owned(), 0.into());
        body.insert("query".to_owned(), self.some.clone());
        let aggregations = json!({
            "first": { "min": { "field": "day" } },
            "last": { "max": { "field": "day" } },
            "undated": { "missing": { "field": "day" } },
        });
        body.insert("aggs".to_owned(), aggregations);
        let found = self.search_at_point(body)?.aggregations;
        let day = |name: &str| found.pointer(&format!("/{name}/value")).and_then(Value::as_f64).map(|day| day as i64);
        let sizes: Value = client.get(&format!("{}/_stats/store", client.index("articles")))?;
        Ok(IndexStats {
            articles: self.collection.documents(Level::Article),
            passages: self.collection.documents(Level::Passage),
            quotes: self.collection.documents(Level::Quote),
            days: day("first").zip(day("last")),
            undated: found.pointer("/undated/doc_count").and_then(Value::as_u64).unwrap_or_default(),
            bytes: sizes.pointer("/_all/primaries/store/size_in_bytes").and_then(Value::as_u64).unwrap_or_default(),
        })
    }

    fn manifest(&self) -> Result<Manifest, Error> {
        let client = &self.store.client;
        let folder = tempfile::tempdir().map_err(no_folder)?;
        for name in &self.commit.state.manifest {
            std::fs::write(folder.path().join(name), self.store.file(name)?).map_err(no_folder)?;
        }
        let loaded = Manifest::load(folder.path(), &self.commit.state);
        Ok(loaded.map_err(|error| damaged(client, &error.to_string()))?)
    }

    fn article_of(&self, key: Key) -> Result<Option<Annotated>, Error> {
        let engine = self.engine_once(&json!({ "term": { "key": key.hex() } }))?;
        engine.article_of(key)
    }

    /// Reads all articles of these collections once, as what is counted of a collection is not kept apart.
    fn within(&self, collections: &[String]) -> Result<Box<dyn OpenIndex>, Error> {
        let facets: Vec<String> = collections.iter().map(|name| facet(FacetKind::Collection, name)).collect();
        let some = json!({ "bool": { "filter": [{ "terms": { "facet": facets } }, self.some] } });
        let (mut counts, mut nester) = (Counts::default(), Nester::default());
        self.each(&some, &Deadline::none(), usize::MAX, |block| nester.count(&block, &mut counts))?;
        let collection = Arc::new(Collection::within(collections, counts, self.state()));
        let (name, paths, beside) = (self.name.clone(), self.paths.clone(), self.beside.clone());
        let none = Index::over(Vec::new(), collection.clone(), &name, paths.clone(), Beside::default())?;
        let planner = self.planner.over_some(none)?;
        let commit = Commit { state: collection.state(), ..self.commit.clone() };
        let (store, point, kept) = (self.store.clone(), Mutex::default(), Mutex::default());
        let limited = Cluster { store, commit, paths, name, collection, beside, planner, some, point, kept };
        limited.renew()?;
        Ok(Box::new(limited))
    }

    fn is_current(&self) -> Result<bool, Error> {
        Ok(self.store.commit()?.is_some_and(|(commit, _)| commit.generation == self.commit.generation))
    }

    fn warm(&self) -> Result<(), Error> {
        self.planner.directory().map(drop)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.store.client.close_point(&self.point());
    }
}

//! Reads an index in a cluster.
//!
//! The cluster finds the articles that may have hits; an engine in memory over these answers, with the counts, terms and
//! names of the whole corpus. So an answer is that of an index on this machine.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use crossbeam_channel::bounded;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::client::Client;
use super::error::ClusterError;
use super::mirror::no_folder;
use super::point_in_time::{PointInTime, current_blocks};
use super::store::{Commit, Store};
use crate::engine::{Engine, Error, OpenIndex};
use crate::entity::{Directory, Group};
use crate::index::corpus_statistics::CountChanges;
use crate::index::document_builder::facet;
use crate::index::nested::{Nester, StoredBlock};
use crate::index::part::Beside;
use crate::index::schema::{FacetKind, Level};
use crate::index::{CorpusStatistics, Index, IndexStats, Key, Lookup, Manifest, Paths, State};
use crate::search::{
    Annotated, Backend, By, Deadline, FacetCount, Hit, IndexInfo, Request, Response, Results, Verdict,
};

/// Articles that are looked at where several match a name.
const NAMED: usize = 1000;

/// How often opening is tried again when a commit comes in between.
const TRIES: usize = 20;

/// An index in a cluster, as one commit left it.
pub struct Cluster {
    store: Store,
    pub(super) articles: PointInTime,
    commit: Commit,
    paths: Paths,
    name: PathBuf,
    pub(super) corpus: Arc<CorpusStatistics>,
    /// The rest of the commit.
    beside: OnceLock<Beside>,
    /// An engine over no articles: it knows the terms and names of the corpus.
    pub(super) planner: Engine,
    /// The engines over the candidates of the last queries.
    pub(super) kept: Mutex<Vec<(String, Arc<Engine>)>>,
}

/// The last commit, and a point in time that shows it.
fn last_commit(store: &Store) -> Result<(PointInTime, Commit, CorpusStatistics), Error> {
    let url = || store.client.shown();
    for _ in 0..TRIES {
        let (commit, version) = store.commit()?.ok_or_else(|| ClusterError::Missing { url: url() })?;
        let (articles, corpus) = std::thread::scope(|scope| {
            let articles = scope.spawn(|| PointInTime::open(store, &commit));
            let corpus = store.corpus(&commit);
            Ok::<_, Error>((articles.join().map_err(|_| Error::Cancelled)??, corpus))
        })?;
        if store.commit()?.is_some_and(|(_, now)| now == version) {
            return Ok((articles, commit, corpus?));
        }
    }
    Err(ClusterError::Red { url: url(), what: "it is written all the time".to_owned() }.into())
}

impl Cluster {
    /// Opens the index. `paths` shows where its articles were read; `teach` gives an engine the user's names, synonyms,
    /// groups and marks.
    pub fn open<E: From<Error>>(
        client: &Client,
        paths: Paths,
        teach: impl FnOnce(Engine) -> Result<Engine, E>,
    ) -> Result<Self, E> {
        let store = Store { client: client.clone() };
        let (articles, commit, corpus) = last_commit(&store)?;
        let over_none = |none| teach(Engine::new(none).map_err(Error::from)?);
        Cluster::new(store, articles, commit, paths, corpus, over_none)
    }

    /// `over_none` makes an engine over no articles.
    fn new<E: From<Error>>(
        store: Store,
        articles: PointInTime,
        commit: Commit,
        paths: Paths,
        corpus: CorpusStatistics,
        over_none: impl FnOnce(Index) -> Result<Engine, E>,
    ) -> Result<Self, E> {
        let (name, corpus) = (PathBuf::from(store.client.shown()), Arc::new(corpus));
        let none = Index::over(Vec::new(), corpus.clone(), &name, paths.clone(), Beside::default());
        let planner = over_none(none.map_err(Error::from)?)?;
        let (beside, kept) = (OnceLock::new(), Mutex::default());
        Ok(Cluster { store, articles, commit, paths, name, corpus, beside, planner, kept })
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

    /// What the commit keeps beside the articles.
    pub(super) fn beside(&self) -> Result<&Beside, Error> {
        if let Some(beside) = self.beside.get() {
            return Ok(beside);
        }
        let file = |name: &Option<String>| name.as_ref().map(|name| self.store.file(name)).transpose();
        let groups = file(&self.commit.duplicates)?;
        let beside = Beside::read(file(&self.commit.sources)?, groups.as_deref());
        let beside = beside.ok_or_else(|| self.store.client.damaged("its list of near-duplicates can't be read"))?;
        Ok(self.beside.get_or_init(|| beside))
    }

    /// An engine over some articles.
    pub(super) fn engine_of(&self, articles: Vec<StoredBlock>) -> Result<Engine, Error> {
        let beside = if articles.is_empty() { Beside::default() } else { self.beside()?.clone() };
        let part = Index::over(articles, self.corpus.clone(), &self.name, self.paths.clone(), beside)?;
        Ok(self.planner.over(part)?)
    }

    /// An engine over the articles that a query finds, which is not asked again.
    fn engine_once(&self, query: &Value) -> Result<Engine, Error> {
        self.engine_of(self.articles.read(query, &Deadline::none())?)
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

    /// The engine over the only article that matches `key`, and its id.
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
        let query = self.articles.seen_of(&json!({ "wildcard": { "names": { "value": format!("*{part}*") } } }));
        self.engine_of(current_blocks(&self.store.client, &query, NAMED)?)
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

    /// Counted by the terms of the corpus, so that no article is read: by the quotations or passages that have a value.
    fn frequent(&self, field: &str, by: By, limit: u64, deadline: &Deadline) -> Result<Vec<FacetCount>, Error> {
        let Some(kind) = FacetKind::ALL.into_iter().find(|kind| kind.name() == field) else {
            let request =
                Request { query: "*".to_owned(), by: Some(by), deadline: deadline.clone(), ..Request::default() };
            return self.facets(&request, field);
        };
        let mut held: Vec<(FacetKind, String, u64)> = Vec::new();
        for &of in kind.held_as() {
            self.corpus.values(of, |term, documents| held.push((of, of.name_of(term).to_owned(), documents)));
        }
        let mut counts: FxHashMap<&str, u64> = FxHashMap::default();
        for (of, value, documents) in &held {
            if let Some(name) = self.planner.counted_as(kind, *of, value)? {
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
        let found = self.articles.aggregations(json!({
            "first": { "min": { "field": "day" } },
            "last": { "max": { "field": "day" } },
            "undated": { "missing": { "field": "day" } },
        }))?;
        let day = |name: &str| found.pointer(&format!("/{name}/value")).and_then(Value::as_f64).map(|day| day as i64);
        let sizes: Value = client.get(&format!("{}/_stats/store", client.index("articles")))?;
        Ok(IndexStats {
            articles: self.corpus.documents(Level::Article),
            passages: self.corpus.documents(Level::Passage),
            quotes: self.corpus.documents(Level::Quote),
            days: day("first").zip(day("last")),
            undated: found.pointer("/undated/doc_count").and_then(Value::as_u64).unwrap_or_default(),
            bytes: sizes.pointer("/_all/primaries/store/size_in_bytes").and_then(Value::as_u64).unwrap_or_default(),
        })
    }

    fn manifest(&self) -> Result<Manifest, Error> {
        let folder = tempfile::tempdir().map_err(no_folder)?;
        for name in &self.commit.state.manifest {
            std::fs::write(folder.path().join(name), self.store.file(name)?).map_err(no_folder)?;
        }
        let loaded = Manifest::load(folder.path(), &self.commit.state);
        Ok(loaded.map_err(|error| self.store.client.damaged(error))?)
    }

    fn article_of(&self, key: Key) -> Result<Option<Annotated>, Error> {
        let engine = self.engine_once(&json!({ "term": { "key": key.hex() } }))?;
        engine.article_of(key)
    }

    /// Reads all articles of these collections once, as what is counted of a collection is not kept apart.
    fn within(&self, collections: &[String]) -> Result<Box<dyn OpenIndex>, Error> {
        let facets: Vec<String> = collections.iter().map(|name| facet(FacetKind::Collection, name)).collect();
        let some = json!({ "terms": { "facet": facets } });
        let (mut counts, mut nester) = (CountChanges::default(), Nester::default());
        self.articles.each(&some, &Deadline::none(), usize::MAX, |block| nester.count(&block, &mut counts))?;
        let corpus = CorpusStatistics::within(collections, counts, self.state());
        let commit = Commit { state: corpus.state(), ..self.commit.clone() };
        let (store, articles, paths) = (self.store.clone(), self.articles.limited(&some)?, self.paths.clone());
        let over_none = |none| Ok::<_, Error>(self.planner.over_some(none)?);
        let limited = Cluster::new(store, articles, commit, paths, corpus, over_none)?;
        Ok(Box::new(Cluster { beside: self.beside.clone(), ..limited }))
    }

    fn is_current(&self) -> Result<bool, Error> {
        Ok(self.articles.is_current()?)
    }

    fn warm(&self) -> Result<(), Error> {
        self.planner.directory().map(drop)
    }
}

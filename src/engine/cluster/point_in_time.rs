//! The articles of one commit, read a page at a time at a point in time: what is written meanwhile is not seen.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::error::ClusterError;
use super::store::{Commit, Store};
use crate::engine::Error;
use crate::index::nested::{StoredBlock, Unpacker};
use crate::search::Deadline;

/// Articles that are read at once.
const PAGE: usize = 1000;

/// Candidates of one query that fit into memory: a gigabyte of news.
const MOST: usize = 200_000;

/// How often a search is sent again while a node goes: the pauses add up to 5 s.
const SEARCHES: u64 = 6;

/// A point in time of one commit.
pub(super) struct PointInTime {
    store: Store,
    generation: u64,
    /// The query of the articles that are seen.
    seen: Value,
    /// The cluster's name for it; another one where the cluster lost the first.
    id: Mutex<String>,
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
        unpacker.read(packed).map_err(|_| client.damaged("a stored article can't be unpacked"))
    }
}

/// The articles that a query finds, at most `limit`, as the cluster has them now.
pub(super) fn current_blocks(client: &Client, query: &Value, limit: usize) -> Result<Vec<StoredBlock>, ClusterError> {
    let body = json!({ "size": limit, "query": query, "stored_fields": ["block"] });
    let page: Page =
        client.post(&format!("{}/_search?allow_partial_search_results=false", client.index("articles")), &body)?;
    let mut unpacker = Unpacker::default();
    page.hits.hits.iter().map(|found| found.block(client, &mut unpacker)).collect()
}

impl PointInTime {
    /// Opens one; whether `commit` is still the last one is for the caller to check.
    pub(super) fn open(store: &Store, commit: &Commit) -> Result<Self, ClusterError> {
        let id = Mutex::new(store.client.open_point()?);
        Ok(PointInTime { store: store.clone(), generation: commit.generation, seen: commit.filter(), id })
    }

    /// Another one of the same commit, in which only the articles are seen that a query finds.
    pub(super) fn limited(&self, query: &Value) -> Result<Self, Error> {
        let id = Mutex::new(self.reopened()?);
        Ok(PointInTime { store: self.store.clone(), generation: self.generation, seen: self.seen_of(query), id })
    }

    /// A query of what is seen of that which another one finds.
    pub(super) fn seen_of(&self, query: &Value) -> Value {
        json!({ "bool": { "filter": [query, self.seen] } })
    }

    /// True if no other commit has replaced this one.
    pub(super) fn is_current(&self) -> Result<bool, ClusterError> {
        Ok(self.store.commit()?.is_some_and(|(commit, _)| commit.generation == self.generation))
    }

    /// Articles that a query finds; an error at once if they do not fit into memory.
    pub(super) fn read(&self, query: &Value, deadline: &Deadline) -> Result<Vec<StoredBlock>, Error> {
        let mut found = Vec::new();
        self.each(query, deadline, MOST, |block| found.push(block))?;
        Ok(found)
    }

    /// Calls `take` with each article that a query finds: one page after the other, each behind the last one. An error if
    /// there are more than `most`.
    pub(super) fn each(
        &self,
        query: &Value,
        deadline: &Deadline,
        most: usize,
        mut take: impl FnMut(StoredBlock),
    ) -> Result<(), Error> {
        let client = &self.store.client;
        let mut body = Map::new();
        body.insert("size".to_owned(), PAGE.into());
        body.insert("query".to_owned(), self.seen_of(query));
        body.insert("stored_fields".to_owned(), json!(["block"]));
        body.insert("sort".to_owned(), json!([{ "number": "asc" }]));
        let counted = most.checked_add(1).and_then(|counted| i32::try_from(counted).ok());
        body.insert("track_total_hits".to_owned(), counted.map_or(false.into(), Value::from));
        let mut unpacker = Unpacker::default();
        loop {
            deadline.check()?;
            let page = self.search(body.clone())?;
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

    /// What is counted over all articles that are seen.
    pub(super) fn aggregations(&self, wanted: Value) -> Result<Value, Error> {
        let mut body = Map::new();
        body.insert("size".to_owned(), 0.into());
        body.insert("query".to_owned(), self.seen.clone());
        body.insert("aggs".to_owned(), wanted);
        Ok(self.search(body)?.aggregations)
    }

    /// Searches; at another point in time of the same commit where a node took this one with it, or it was not used for two
    /// minutes.
    fn search(&self, mut body: Map<String, Value>) -> Result<Page, Error> {
        let client = &self.store.client;
        let mut failures = 0;
        loop {
            body.insert("pit".to_owned(), json!({ "id": self.id(), "keep_alive": "2m" }));
            let path = "/_search?allow_partial_search_results=false";
            let page: Result<Page, ClusterError> = client.post(path, &Value::Object(body.clone()));
            match page {
                Ok(page) if page.shards.failed == 0 && !page.timed_out => return Ok(page),
                failed if failures < SEARCHES => {
                    tracing::debug!(error = ?failed.err(), "opening another point in time");
                    std::thread::sleep(Duration::from_millis(300 * failures));
                    failures += 1;
                    let id = self.reopened()?;
                    *self.id.lock().unwrap_or_else(PoisonError::into_inner) = id;
                }
                Ok(page) => {
                    let what = format!("{} shards fail", page.shards.failed);
                    return Err(ClusterError::Red { url: client.shown(), what }.into());
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// The name of a new point in time of the same commit.
    fn reopened(&self) -> Result<String, ClusterError> {
        let client = &self.store.client;
        let id = client.open_point()?;
        if self.is_current()? {
            return Ok(id);
        }
        client.close_point(&id);
        Err(ClusterError::Changed { url: client.shown() })
    }

    fn id(&self) -> String {
        self.id.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for PointInTime {
    fn drop(&mut self) {
        self.store.client.close_point(&self.id());
    }
}

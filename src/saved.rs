//! Saved searches: kept in the user's half of the index folder, with the moment at which each hit was first seen.
//!
//! A hit is known by its article's key and its words, not by its place: an article that grows above a quotation does not
//! make it new.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::index::Key;
use crate::search::{self, Backend, Hit, Request};
use crate::user::{self, UserFiles};

/// The file of all saved searches.
const SEARCHES: &str = "saved.jsonl";

/// Hits that are kept of one search, the newest articles first: far more than anybody reads, and soon compared.
pub const MOST: u64 = 10_000;

/// A saved search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// A short name that is its own among all saved searches.
    pub id: String,
    /// What it is for.
    pub note: String,
    /// Whose token it was saved with, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The secret part of the address of its feed.
    pub feed: String,
    /// When it was saved.
    pub saved: Timestamp,
    /// What it asks for.
    pub request: Request,
}

/// A hit of a saved search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// The hit's key.
    hit: String,
    /// When a run first found it.
    first: Timestamp,
}

/// What a run of a saved search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The hits, the newest articles first, each with the moment at which a run first found it.
    pub hits: Vec<(Hit, Timestamp)>,
    /// Hits of earlier runs that are found no more.
    pub gone: u64,
    /// All hits; more than are listed where there are more than [`MOST`].
    pub total: u64,
}

/// Why a saved search cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user's files cannot be read or written.
    #[error(transparent)]
    Files(#[from] user::Error),
    /// The search fails.
    #[error(transparent)]
    Search(#[from] search::Error),
    /// The search does not exist.
    #[error("no saved search `{0}`; `onrecord saved list` shows all")]
    Unknown(String),
    /// The system gives no random numbers, so no secret address can be made.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

/// The saved searches of one index.
#[derive(Debug, Clone)]
pub struct Saved(UserFiles);

impl Saved {
    /// Those of an index folder.
    pub fn of(files: UserFiles) -> Self {
        Saved(files)
    }

    /// All of them, the oldest first.
    pub fn list(&self) -> Result<Vec<Search>, Error> {
        Ok(self.0.records(SEARCHES)?)
    }

    /// The one with this id.
    pub fn get(&self, id: &str) -> Result<Search, Error> {
        self.list()?.into_iter().find(|search| search.id == id).ok_or_else(|| Error::Unknown(id.to_owned()))
    }

    /// The one whose feed has this secret address.
    pub fn of_feed(&self, secret: &str) -> Result<Search, Error> {
        // Hashes are compared, so that the time does not say how much of the secret was right.
        let asked = blake3::hash(secret.as_bytes());
        let found = self.list()?.into_iter().find(|search| blake3::hash(search.feed.as_bytes()) == asked);
        found.ok_or_else(|| Error::Unknown("feed".to_owned()))
    }

    /// Saves a search.
    pub fn add(&self, request: &Request, note: &str, owner: Option<&str>, now: Timestamp) -> Result<Search, Error> {
        let mut secret = [0; 24];
        getrandom::fill(&mut secret).map_err(|error| Error::Random(error.to_string()))?;
        let hex = blake3::hash(&secret).to_hex();
        let (id, feed) = hex.split_at(8);
        let request = Request { limit: 0, facets: Vec::new(), explain: false, after: None, ..request.clone() };
        let search = Search {
            id: id.to_owned(),
            note: note.trim().to_owned(),
            owner: owner.map(str::to_owned),
            feed: feed.to_owned(),
            saved: now,
            request,
        };
        self.0.append(SEARCHES, vec![search.clone()])?;
        Ok(search)
    }

    /// Removes a search and what was seen of it.
    pub fn remove(&self, id: &str) -> Result<Search, Error> {
        let removed = self.0.update(SEARCHES, |searches: &mut Vec<Search>| {
            let at = searches.iter().position(|search| search.id == id)?;
            Some(searches.remove(at))
        })?;
        let search = removed.ok_or_else(|| Error::Unknown(id.to_owned()))?;
        self.0.update(&seen_in(&search), |seen: &mut Vec<Seen>| seen.clear())?;
        Ok(search)
    }

    /// Runs a search and notes what is seen for the first time.
    ///
    /// `request` is the search's own with the day and the deadline of this run.
    pub fn run(&self, search: &Search, backend: &dyn Backend, request: Request, now: Timestamp) -> Result<Run, Error> {
        let found = backend.search(&Request { limit: MOST, sort: search::Sort::Newest, ..request })?;
        let keys: Vec<String> = found.hits.iter().map(key).collect();
        let (firsts, gone) = self.0.update(&seen_in(search), |seen: &mut Vec<Seen>| {
            let mut known: HashMap<String, Timestamp> =
                seen.iter().map(|seen| (seen.hit.clone(), seen.first)).collect();
            let mut firsts = Vec::with_capacity(keys.len());
            for key in &keys {
                let first = *known.entry(key.clone()).or_insert_with(|| {
                    seen.push(Seen { hit: key.clone(), first: now });
                    now
                });
                firsts.push(first);
            }
            let present: HashSet<&String> = keys.iter().collect();
            let gone =
                if found.total <= MOST { seen.iter().filter(|seen| !present.contains(&seen.hit)).count() } else { 0 };
            (firsts, gone as u64)
        })?;
        Ok(Run { hits: found.hits.into_iter().zip(firsts).collect(), gone, total: found.total })
    }
}

/// What a hit is known by: the key of its article and a hash of its words.
pub fn key(hit: &Hit) -> String {
    let words = blake3::hash(hit.text.as_bytes()).to_hex();
    format!("{:016x}:{}", Key::of(&hit.article.id).0, words.get(..16).unwrap_or_default())
}

/// The file of what was seen of a search.
fn seen_in(search: &Search) -> String {
    format!("saved-{}.jsonl", search.id)
}

//! Saved searches: kept in the user's half of the index folder, with the moment at which each hit was first seen.
//!
//! A hit is known by its article's key and its words, not by its place: an article that grows above a quotation does not
//! make it new. Nor is it new where the article was in the index when the search was last run: there a newer model, or
//! another alias, found it anew.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::engine::OpenIndex;
use crate::index::Key;
use crate::query::Warning;
use crate::search::{self, Backend, Hit, Request};
use crate::user::{self, UserFiles};

/// The file of all saved searches.
const SEARCHES: &str = "saved.jsonl";

/// The file of the articles that were in the index when saved searches were run.
const ARTICLES: &str = "saved-articles.jsonl";

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
    /// The collections that this token was limited to, in which the search is run whoever runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Vec<String>>,
    /// The secret part of the address of its feed.
    pub feed: String,
    /// When it was saved.
    pub saved: Timestamp,
    /// When it was last run over articles that no run had seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ran: Option<Timestamp>,
    /// What it asks for.
    pub request: Request,
}

/// A hit of a saved search, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// The hit's key.
    hit: String,
    /// When a run first found it.
    first: Timestamp,
    /// Whether its article was seen before it was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    anew: bool,
}

/// Articles that a run was the first to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Arrivals {
    at: Timestamp,
    /// The last state of the index in which nothing else was new.
    digest: String,
    /// Their keys, 16 hexadecimal digits each.
    keys: String,
}

/// A hit of a saved search.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedHit {
    /// The hit.
    pub hit: Hit,
    /// When a run first found it.
    pub first: Timestamp,
    /// Whether it was found in an article that earlier runs had seen without it.
    pub anew: bool,
}

/// What a run of a saved search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The hits, the newest articles first.
    pub hits: Vec<SavedHit>,
    /// Hits of earlier runs that are found no more.
    pub gone: u64,
    /// All hits; more than are listed where there are more than [`MOST`].
    pub total: u64,
    /// What is odd about the query.
    pub warnings: Vec<Warning>,
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
    pub fn add(
        &self,
        request: &Request,
        note: &str,
        (owner, within): (Option<String>, Option<Vec<String>>),
        now: Timestamp,
    ) -> Result<Search, Error> {
        let mut secret = [0; 24];
        getrandom::fill(&mut secret).map_err(|error| Error::Random(error.to_string()))?;
        let hex = blake3::hash(&secret).to_hex();
        let (id, feed) = hex.split_at(8);
        let request = Request { limit: 0, facets: Vec::new(), explain: false, after: None, ..request.clone() };
        let search = Search {
            id: id.to_owned(),
            note: note.trim().to_owned(),
            owner,
            within,
            feed: feed.to_owned(),
            saved: now,
            ran: None,
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

    /// Forgets what the run at this moment saw first, so that the next run finds it new.
    pub fn forget(&self, search: &Search, run: Timestamp) -> Result<(), Error> {
        self.0.update(ARTICLES, |articles: &mut Vec<Arrivals>| articles.retain(|arrived| arrived.at != run))?;
        Ok(self.0.update(&seen_in(search), |seen: &mut Vec<Seen>| seen.retain(|seen| seen.first != run))?)
    }

    /// Runs a search and notes what is seen for the first time.
    ///
    /// `request` is the search's own with the day and the deadline of this run; `backend` searches what the search is
    /// limited to, `index` is the whole of it.
    pub fn run(
        &self,
        search: &Search,
        backend: &dyn Backend,
        index: &dyn OpenIndex,
        request: Request,
        now: Timestamp,
    ) -> Result<Run, Error> {
        let found = backend.search(&Request { limit: MOST, sort: search::Sort::Newest, ..request })?;
        let arrivals = self.arrivals(index, now)?;
        let known: HashSet<&str> = match search.ran {
            Some(ran) => arrivals.iter().filter(|arrived| arrived.at <= ran).flat_map(Arrivals::keys).collect(),
            None => HashSet::new(),
        };
        let keys: Vec<String> = found.hits.iter().map(key).collect();
        let (seen, gone) = self.0.update(&seen_in(search), |all: &mut Vec<Seen>| {
            let mut places: HashMap<String, usize> =
                all.iter().enumerate().map(|(at, seen)| (seen.hit.clone(), at)).collect();
            for key in &keys {
                places.entry(key.clone()).or_insert_with(|| {
                    let anew = key.split(':').next().is_some_and(|article| known.contains(article));
                    all.push(Seen { hit: key.clone(), first: now, anew });
                    all.len() - 1
                });
            }
            let present: HashSet<&String> = keys.iter().collect();
            let gone =
                if found.total <= MOST { all.iter().filter(|seen| !present.contains(&seen.hit)).count() } else { 0 };
            let seen: Vec<Option<Seen>> = keys.iter().map(|key| all.get(*places.get(key)?).cloned()).collect();
            (seen, gone as u64)
        })?;
        if let Some(last) = arrivals.last().filter(|last| search.ran.is_none_or(|ran| ran < last.at)) {
            self.0.update(SEARCHES, |searches: &mut Vec<Search>| {
                searches.iter_mut().filter(|known| known.id == search.id).for_each(|known| known.ran = Some(last.at));
            })?;
        }
        let hits = found.hits.into_iter().zip(seen).filter_map(|(hit, seen)| {
            let Seen { first, anew, .. } = seen?;
            Some(SavedHit { hit, first, anew })
        });
        Ok(Run { hits: hits.collect(), gone, total: found.total, warnings: found.warnings })
    }

    /// The articles that runs have seen so far, with those of the index as it is.
    fn arrivals(&self, index: &dyn OpenIndex, now: Timestamp) -> Result<Vec<Arrivals>, Error> {
        let digest = &index.state().digest;
        let known: Vec<Arrivals> = self.0.records(ARTICLES)?;
        if known.last().is_some_and(|last| last.digest == *digest) {
            return Ok(known);
        }
        let manifest = index.manifest()?;
        Ok(self.0.update(ARTICLES, |all: &mut Vec<Arrivals>| {
            let known: HashSet<&str> = all.iter().flat_map(Arrivals::keys).collect();
            let keys = manifest.articles().map(|(key, _)| key.hex());
            let mut new: Vec<String> = keys.filter(|key| !known.contains(key.as_str())).collect();
            new.sort_unstable();
            match all.last_mut() {
                Some(last) if new.is_empty() => last.digest.clone_from(digest),
                _ => all.push(Arrivals { at: now, digest: digest.clone(), keys: new.concat() }),
            }
            all.clone()
        })?)
    }
}

impl Arrivals {
    fn keys(&self) -> impl Iterator<Item = &str> {
        (0..self.keys.len() / 16).filter_map(|at| self.keys.get(16 * at..16 * (at + 1)))
    }
}

/// What a hit is known by: the key of its article and a hash of its words.
pub fn key(hit: &Hit) -> String {
    let words = blake3::hash(hit.text.as_bytes()).to_hex();
    format!("{}:{}", Key::of(&hit.article.id).hex(), words.get(..16).unwrap_or_default())
}

/// The file of what was seen of a search.
fn seen_in(search: &Search) -> String {
    format!("saved-{}.jsonl", search.id)
}

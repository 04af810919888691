//! Saved searches for programs.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::ask::Ask;
use super::super::failure::Failure;
use super::super::page::saved as page;
use super::super::state::Server;
use super::super::{Owner, body};
use super::json;
use crate::saved::Search;
use crate::search::Hit;

/// Bytes that a search has at most.
const LONGEST: usize = 64 << 10;

/// A saved search as programs see it.
#[derive(Serialize)]
struct Told {
    id: String,
    note: String,
    owner: Option<String>,
    saved: Timestamp,
    /// The search, as an address says it.
    search: String,
    feed: String,
}

impl From<Search> for Told {
    fn from(search: Search) -> Self {
        Told {
            search: page::ask_of(&search.request).address("/api/v1/search"),
            feed: format!("/feeds/{}.atom", search.feed),
            id: search.id,
            note: search.note,
            owner: search.owner,
            saved: search.saved,
        }
    }
}

/// A search to save: what follows the question mark of its address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    search: String,
    #[serde(default)]
    note: String,
}

/// A hit with the moment at which it was first seen.
#[derive(Serialize)]
struct Seen<'h> {
    first_seen: Timestamp,
    #[serde(flatten)]
    hit: &'h Hit,
}

#[derive(Serialize)]
struct Run<'h> {
    total: u64,
    gone: u64,
    hits: Vec<Seen<'h>>,
}

/// `GET /api/v1/saved`.
pub(in super::super) async fn list(State(server): State<Arc<Server>>) -> Result<Response, Failure> {
    let saved = server.saved();
    server.pool.run(move |_| json(&saved.list()?.into_iter().map(Told::from).collect::<Vec<_>>(), None)).await
}

/// `POST /api/v1/saved`.
pub(in super::super) async fn add(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let owner = request.extensions().get::<Owner>().and_then(|owner| owner.0.clone());
    let sent = body(request, LONGEST).await?;
    let sent: Sent =
        serde_json::from_slice(&sent).map_err(|error| Failure::request(format!("cannot read the JSON: {error}")))?;
    let ask = Ask::parse(Some(sent.search.split_once('?').map_or(sent.search.as_str(), |(_, query)| query)))?;
    ask.only(&[])?;
    if ask.is_empty() {
        return Err(Failure::request("there is no search to save"));
    }
    let (saved, snapshot) = (server.saved(), server.snapshot());
    server
        .pool
        .run(move |deadline| {
            let asked = ask.request(&deadline);
            let search = saved.add(&asked, &sent.note, owner.as_deref(), Timestamp::now())?;
            saved.run(&search, &snapshot.engine, asked, Timestamp::now())?;
            Ok((StatusCode::CREATED, json(&Told::from(search), None)?).into_response())
        })
        .await
}

/// `GET /api/v1/saved/ID`: its hits, with the moment at which each was first seen.
pub(in super::super) async fn run(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let since = page::since(query.as_deref())?;
    let (saved, snapshot) = (server.saved(), server.snapshot());
    let masker = server.clone();
    server
        .pool
        .run(move |deadline| {
            let search = saved.get(&id)?;
            let mut run = page::run(&saved, &search, &snapshot, deadline)?;
            run.hits.retain(|(_, first)| since.is_none_or(|since| *first >= since));
            run.hits.iter_mut().for_each(|(hit, _)| masker.mask_hit(hit));
            let hits = run.hits.iter().map(|(hit, first)| Seen { first_seen: *first, hit }).collect();
            json(&Run { total: run.total, gone: run.gone, hits }, None)
        })
        .await
}

/// `DELETE /api/v1/saved/ID`.
pub(in super::super) async fn remove(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let saved = server.saved();
    server
        .pool
        .run(move |_| {
            saved.remove(&id)?;
            Ok(StatusCode::NO_CONTENT.into_response())
        })
        .await
}

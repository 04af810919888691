//! Saved searches for programs.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::access::Who;
use super::super::failure::Failure;
use super::super::request::body;
use super::super::search_params::SearchParams;
use super::super::searches::{self, feed_of, params_of};
use super::super::state::Server;
use super::json;
use crate::saved::{Saved, Search};
use crate::search::Hit;

/// Bytes that a search has at most.
const LONGEST: usize = 64 << 10;

/// A saved search as programs see it.
#[derive(Serialize)]
struct SavedJson {
    id: String,
    note: String,
    owner: Option<String>,
    saved: Timestamp,
    /// The search, as an address says it.
    search: String,
    feed: String,
}

impl From<Search> for SavedJson {
    fn from(search: Search) -> Self {
        SavedJson {
            search: params_of(&search.request).address("/api/v1/search"),
            feed: feed_of(&search),
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
struct DatedHit {
    first_seen: Timestamp,
    /// Whether it is in an article that earlier runs had seen without it.
    anew: bool,
    #[serde(flatten)]
    hit: Hit,
}

#[derive(Serialize)]
struct Run {
    total: u64,
    gone: u64,
    /// Hits that are in articles which earlier runs had seen without them.
    anew: u64,
    hits: Vec<DatedHit>,
}

/// `GET /api/v1/saved`.
pub(in super::super) async fn list(State(server): State<Arc<Server>>, who: Who) -> Result<Response, Failure> {
    let saved = server.saved();
    server
        .pool
        .run(move |_| json(&searches::list(&saved, &who)?.into_iter().map(SavedJson::from).collect::<Vec<_>>()))
        .await
}

/// `POST /api/v1/saved`.
pub(in super::super) async fn add(
    State(server): State<Arc<Server>>,
    who: Who,
    request: Request,
) -> Result<Response, Failure> {
    let sent = body(request, LONGEST).await?;
    let sent: Sent =
        serde_json::from_slice(&sent).map_err(|error| Failure::request(format!("cannot read the JSON: {error}")))?;
    let params =
        SearchParams::parse(Some(sent.search.split_once('?').map_or(sent.search.as_str(), |(_, query)| query)))?;
    params.only(&[])?;
    let search = searches::add(&server, params, sent.note, who).await?;
    Ok((StatusCode::CREATED, json(&SavedJson::from(search))?).into_response())
}

/// `GET /api/v1/saved/ID`: its hits, with the moment at which each was first seen.
pub(in super::super) async fn run(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let since = searches::since(query.as_deref())?;
    let find = move |saved: &Saved| searches::get(saved, &id, &who);
    searches::answer(&server, find, move |server, _, _, run| {
        let wanted = run.hits.into_iter().filter(|seen| since.is_none_or(|since| seen.first >= since));
        let hits: Vec<DatedHit> = wanted
            .map(|mut seen| {
                server.mask_hit(&mut seen.hit);
                DatedHit { first_seen: seen.first, anew: seen.anew, hit: seen.hit }
            })
            .collect();
        let anew = hits.iter().filter(|hit| hit.anew).count() as u64;
        json(&Run { total: run.total, gone: run.gone, anew, hits })
    })
    .await
}

/// `DELETE /api/v1/saved/ID`.
pub(in super::super) async fn remove(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    who: Who,
) -> Result<Response, Failure> {
    searches::remove(&server, id, who).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

//! Counts: the values of a field, hits over time, and names that begin as typed.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::super::ask::Ask;
use super::super::failure::Failure;
use super::super::state::Server;
use super::super::tagged;
use super::json;
use crate::answers::{self, Period, Split};
use crate::search::{Backend as _, Request};

/// Names that are offered while one types.
const OFFERED: usize = 8;

/// Series of a timeline, unless more are asked for, and at most.
const SERIES: (usize, usize) = (6, 50);

/// `GET /api/v1/facets`: the values of `field` over the hits of `q`.
pub(in super::super) async fn facets(
    State(server): State<Arc<Server>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let ask = Ask::parse(query.as_deref())?;
    ask.only(&["field"])?;
    let field = ask.other("field").ok_or_else(|| Failure::request("`field` is missing"))?.to_owned();
    let snapshot = server.snapshot();
    let tag = match tagged(&snapshot, &format!("/facets?{}", query.unwrap_or_default()), &headers) {
        Ok(tag) => tag,
        Err(not_modified) => return Ok(*not_modified),
    };
    server
        .pool
        .run(move |deadline| {
            let everything = ask.is_empty();
            let mut request =
                Request { limit: 0, facets: vec![field], facet_limit: ask.limit, ..ask.request(&deadline) };
            if everything {
                "*".clone_into(&mut request.query);
            }
            json(&snapshot.search(&request)?, Some(tag))
        })
        .await
}

/// `GET /api/v1/timeline`: hits by day, month or year, of all or split by a field.
pub(in super::super) async fn timeline(
    State(server): State<Arc<Server>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let ask = Ask::parse(query.as_deref())?;
    ask.only(&["every", "split", "series"])?;
    let every = match ask.other("every") {
        Some("day") => Period::Day,
        None | Some("month") => Period::Month,
        Some("year") => Period::Year,
        Some(_) => return Err(Failure::request("`every` is day, month or year")),
    };
    let series = match ask.other("series").map(str::parse::<usize>) {
        None => SERIES.0,
        Some(Ok(series)) if series <= SERIES.1 => series,
        Some(_) => return Err(Failure::request(format!("`series` is a number up to {}", SERIES.1))),
    };
    let split = ask.other("split").map(str::to_owned);
    let snapshot = server.snapshot();
    let tag = match tagged(&snapshot, &format!("/timeline?{}", query.unwrap_or_default()), &headers) {
        Ok(tag) => tag,
        Err(not_modified) => return Ok(*not_modified),
    };
    server
        .pool
        .run(move |deadline| {
            let mut request = ask.request(&deadline);
            if ask.is_empty() {
                "*".clone_into(&mut request.query);
            }
            let split = split.as_deref().map(|field| Split { field, series });
            json(&answers::timeline(&snapshot.engine, &request, every, split)?.timeline, Some(tag))
        })
        .await
}

/// `GET /api/v1/complete`: values of `field` with a word that begins with `prefix`.
pub(in super::super) async fn complete(
    State(server): State<Arc<Server>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let ask = Ask::parse(query.as_deref())?;
    ask.only(&["field", "prefix"])?;
    let field = ask.other("field").ok_or_else(|| Failure::request("`field` is missing"))?.to_owned();
    let prefix = ask.other("prefix").unwrap_or_default().to_owned();
    let snapshot = server.snapshot();
    let tag = match tagged(&snapshot, &format!("/complete?{}", query.unwrap_or_default()), &headers) {
        Ok(tag) => tag,
        Err(not_modified) => return Ok(*not_modified),
    };
    server.pool.run(move |_| json(&snapshot.engine.complete(&field, &prefix, OFFERED)?, Some(tag))).await
}

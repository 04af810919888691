//! Counts: the values of a field, hits over time, and names that begin as typed.

use axum::response::Response;

use super::super::failure::Failure;
use super::super::request::IndexRequest;
use super::super::search_params::SearchParams;
use super::json;
use crate::answers::{self, Period, Split};
use crate::search::Request;

/// Names that are offered while one types.
const OFFERED: usize = 8;

/// Series of a timeline, unless more are asked for, and at most.
const SERIES: (usize, usize) = (6, 50);

/// `GET /api/v1/facets`: the values of `field` over the hits of `q`.
pub(in super::super) async fn facets(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    params.only(&["field"])?;
    let field = needed(&params, "field")?;
    request
        .answer(move |_, snapshot, deadline| {
            let facets = vec![field];
            json(&snapshot.search(&Request {
                limit: 0,
                facets,
                facet_limit: params.limit,
                ..params.everything(deadline)
            })?)
        })
        .await
}

/// `GET /api/v1/timeline`: hits by day, month or year, of all or split by a field.
pub(in super::super) async fn timeline(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    params.only(&["every", "split", "series"])?;
    let every = match params.other("every") {
        Some("day") => Period::Day,
        None | Some("month") => Period::Month,
        Some("year") => Period::Year,
        Some(_) => return Err(Failure::request("`every` is day, month or year")),
    };
    let series = match params.other("series").map(str::parse::<usize>) {
        None => SERIES.0,
        Some(Ok(series)) if series <= SERIES.1 => series,
        Some(_) => return Err(Failure::request(format!("`series` is a number up to {}", SERIES.1))),
    };
    let split = params.other("split").map(str::to_owned);
    request
        .answer(move |_, snapshot, deadline| {
            let split = split.as_deref().map(|field| Split { field, series });
            json(&answers::timeline(snapshot.engine(), &params.everything(deadline), every, split)?.timeline)
        })
        .await
}

/// `GET /api/v1/complete`: values of `field` with a word that begins with `prefix`.
pub(in super::super) async fn complete(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    params.only(&["field", "prefix"])?;
    let field = needed(&params, "field")?;
    let prefix = params.other("prefix").unwrap_or_default().to_owned();
    request
        .answer(move |_, snapshot, deadline| json(&snapshot.engine().complete(&field, &prefix, OFFERED, deadline)?))
        .await
}

/// A parameter that must be there.
fn needed(params: &SearchParams, name: &str) -> Result<String, Failure> {
    params.other(name).map(str::to_owned).ok_or_else(|| Failure::request(format!("`{name}` is missing")))
}

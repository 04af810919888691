//! Searches: a page of hits as JSON, everything there is as NDJSON, and why an answer is as it is.

use std::io::Write as _;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde::Serialize;

use super::super::access::Who;
use super::super::failure::Failure;
use super::super::request::IndexRequest;
use super::super::search_params::SearchParams;
use super::super::state::Server;
use super::export::{all_of, gone};
use super::json as answer;
use super::stream;
use crate::present::jsonl;
use crate::search::{Request, Response as Found};

/// Hits of an answer unless more or fewer are asked for.
const HITS: u64 = 20;

/// A page of hits.
#[derive(Serialize)]
struct Page {
    #[serde(flatten)]
    found: Found,
    /// Where the next page begins, if there is one: the value of `after`.
    next: Option<String>,
}

/// `GET /api/v1/search`.
pub(in super::super) async fn json(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    params.only(&[])?;
    request
        .answer(move |server, snapshot, deadline| {
            let request = Request { limit: params.limit.unwrap_or(HITS), ..params.request(deadline) };
            let mut found = Found { query: params.query, ..snapshot.search(&request)? };
            found.hits.iter_mut().for_each(|hit| server.mask_hit(hit));
            let next = found.next.as_ref().map(ToString::to_string);
            answer(&Page { found, next })
        })
        .await
}

/// The last line of a stream: without it, the stream was cut off.
#[derive(Serialize)]
struct End {
    end: bool,
    total: u64,
}

/// `GET /api/v1/search.ndjson`: every hit a line, and a last line that says so.
pub(in super::super) async fn ndjson(
    State(server): State<Arc<Server>>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let (params, snapshot) = (all_of(query.as_deref())?, server.snapshot(&who.within)?);
    let masker = server.clone();
    stream::answer(&server, "application/x-ndjson", None, move |out, begin, deadline| {
        let results = snapshot.engine().all_results(&params.request(&deadline))?;
        let total = results.response().total;
        begin.now();
        for hit in results.take(params.limit.map_or(usize::MAX, |limit| limit as usize)) {
            let mut hit = hit?;
            masker.mask_hit(&mut hit);
            jsonl::line(out, &hit).map_err(|error| gone(&error))?;
        }
        jsonl::line(out, &End { end: true, total }).map_err(|error| gone(&error))?;
        out.flush().map_err(|error| gone(&error))
    })
    .await
}

/// `GET /api/v1/explain`: how a query is read, its variants, and what each part finds.
pub(in super::super) async fn explain(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    params.only(&[])?;
    request
        .answer(move |_, snapshot, deadline| {
            answer(&snapshot.search(&Request { limit: 0, explain: true, ..params.request(deadline) })?)
        })
        .await
}

/// `GET /api/v1/why-not`: which parts of a query an article fails.
pub(in super::super) async fn why_not(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    params.only(&["article"])?;
    let key = params.other("article").unwrap_or_default().to_owned();
    if key.is_empty() {
        return Err(Failure::request("`article` is missing; it takes the key of an article"));
    }
    request
        .answer(move |_, snapshot, deadline| {
            let article = snapshot.article(&key)?.article;
            answer(&snapshot.engine().why_not(&params.request(deadline), &article.id)?)
        })
        .await
}

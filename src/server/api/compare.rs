//! Two filters side by side.

use axum::response::Response;

use super::super::failure::Failure;
use super::super::page::compare::{compared, sides};
use super::super::request::IndexRequest;
use super::super::search_params::SearchParams;
use super::json as answer;

/// Entries of each list unless more or fewer are asked for.
const LISTED: u64 = 20;

/// `GET /api/v1/compare`: what passes `a` and `b`, what both have, what only one has.
pub(in super::super) async fn json(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    let sides = sides(&params)?;
    if sides.iter().any(String::is_empty) {
        return Err(Failure::request("`a` and `b` are filters, such as `outlet:\"Harbour Post\"`; both are needed"));
    }
    request
        .answer(move |server, snapshot, deadline| {
            let limit = params.limit.unwrap_or(LISTED) as usize;
            let mut comparison = compared(snapshot, &params, &sides, limit, deadline)?;
            let pairs = comparison.both.iter_mut().flat_map(|pair| [&mut pair.a, &mut pair.b]);
            let only = [&mut comparison.a, &mut comparison.b].into_iter().flat_map(|side| &mut side.only);
            pairs.chain(only).for_each(|hit| server.mask_hit(hit));
            answer(&comparison)
        })
        .await
}

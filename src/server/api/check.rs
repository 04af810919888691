//! Whether somebody said something.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::super::claim;
use super::super::failure::Failure;
use super::super::state::Server;
use super::super::tagged;
use super::json as answer;

/// `GET /api/v1/check`: the quotations on record that are nearest to `words`.
pub(in super::super) async fn json(
    State(server): State<Arc<Server>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let claim = claim::parse(query.as_deref())?;
    if !claim::has_words(&claim) {
        return Err(Failure::request("there are no words to check; give them as `words`"));
    }
    let snapshot = server.snapshot();
    let tag = match tagged(&snapshot, &format!("/api/check?{}", query.unwrap_or_default()), &headers) {
        Ok(tag) => tag,
        Err(not_modified) => return Ok(*not_modified),
    };
    let masker = server.clone();
    server
        .pool
        .run(move |deadline| {
            let mut check = claim::check(&snapshot, &claim, &deadline)?;
            for nearest in &mut check.nearest {
                masker.mask(&mut nearest.article);
            }
            answer(&check, Some(tag))
        })
        .await
}

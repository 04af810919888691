//! The API: what the screens say, for programs.

pub(super) mod annotate;
pub(super) mod article;
pub(super) mod atom;
pub(super) mod check;
pub(super) mod compare;
pub(super) mod counts;
pub(super) mod export;
pub(super) mod network;
pub(super) mod saved;
pub(super) mod search;
pub(super) mod status;
mod stream;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::failure::Failure;

/// A value as JSON.
fn json(value: &impl Serialize) -> Result<Response, Failure> {
    let text = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "cannot write JSON");
        Failure::internal("the answer could not be written; the server's log says why")
    })?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

/// What the API takes and gives, as an `OpenAPI` 3.1 document.
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], include_str!("../assets/openapi.json")).into_response()
}

//! What the index holds.

use axum::response::Response;
use serde::Serialize;

use super::super::failure::Failure;
use super::super::request::IndexRequest;
use super::json as answer;

#[derive(Serialize)]
struct Status<'a> {
    digest: &'a str,
    articles: u64,
    passages: u64,
    quotes: u64,
    undated: u64,
    /// Of the whole index.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// The collections that the token is limited to.
    #[serde(skip_serializing_if = "Option::is_none")]
    collections: Option<&'a [String]>,
    opened: String,
    version: &'static str,
}

/// `GET /api/v1/status`.
pub(in super::super) async fn json(request: IndexRequest) -> Result<Response, Failure> {
    request
        .answer(move |_, snapshot, _| {
            let stats = snapshot.stats()?;
            answer(&Status {
                digest: snapshot.digest(),
                articles: stats.articles,
                passages: stats.passages,
                quotes: stats.quotes,
                undated: stats.undated,
                bytes: snapshot.within.is_none().then_some(stats.bytes),
                collections: snapshot.within.as_deref(),
                opened: snapshot.since.to_string(),
                version: env!("CARGO_PKG_VERSION"),
            })
        })
        .await
}

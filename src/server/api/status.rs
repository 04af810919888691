//! What the index holds.

use axum::response::Response;
use serde::Serialize;

use super::super::Asked;
use super::super::failure::Failure;
use super::json as answer;

#[derive(Serialize)]
struct Status<'a> {
    digest: &'a str,
    articles: u64,
    passages: u64,
    quotes: u64,
    undated: u64,
    bytes: u64,
    opened: String,
    version: &'static str,
}

/// `GET /api/v1/status`.
pub(in super::super) async fn json(asked: Asked) -> Result<Response, Failure> {
    asked
        .answer(move |_, snapshot, _| {
            let stats = snapshot.stats()?;
            answer(&Status {
                digest: snapshot.digest(),
                articles: stats.articles,
                passages: stats.passages,
                quotes: stats.quotes,
                undated: stats.undated,
                bytes: stats.bytes,
                opened: snapshot.since.to_string(),
                version: env!("CARGO_PKG_VERSION"),
            })
        })
        .await
}

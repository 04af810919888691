//! What the index holds, and what could not be read into it.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::date;

use super::super::failure::Failure;
use super::super::state::Server;
use super::super::tagged;
use super::{Frame, screen as answer};
use crate::article::Place;
use crate::index::IndexStats;
use crate::present::phrase::{count, thousands};

/// Problems that are listed.
const LISTED: usize = 200;

#[derive(Template)]
#[template(path = "status.html")]
struct Status {
    frame: Frame,
    rows: Vec<(&'static str, String)>,
    problems: Vec<(String, String)>,
    more_problems: usize,
}

/// The screen at `/status`.
pub(in super::super) async fn screen(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let snapshot = server.snapshot();
    let tag = match tagged(&snapshot, "/status", &headers) {
        Ok(tag) => tag,
        Err(not_modified) => return Ok(*not_modified),
    };
    let is_public = server.access.is_public;
    let signed_in = server.access.tokens.is_some();
    server
        .pool
        .run(move |_| {
            let stats = snapshot.stats()?;
            let index = snapshot.engine.index();
            let manifest = index.manifest()?;
            let problems: Vec<(String, String)> = manifest
                .sources()
                .flat_map(|(_, source)| {
                    source.problems.iter().map(|problem| {
                        let place = Place { path: source.path.clone(), record: problem.record.clone() };
                        let place = if is_public { "an input".to_owned() } else { place.to_string() };
                        (place, problem.reason.clone())
                    })
                })
                .collect();
            let days = days(stats).map_or("none".to_owned(), |(first, last)| format!("{first} to {last}"));
            let rows = vec![
                ("Articles", thousands(stats.articles)),
                ("Passages", thousands(stats.passages)),
                ("Quotations", thousands(stats.quotes)),
                ("Days covered", days),
                ("Without a date", count(stats.undated, "article")),
                ("Read from", count(manifest.sources().count() as u64, "file")),
                ("Size on disk", format!("{:.1} MB", stats.bytes as f64 / 1e6)),
                ("Taken up", snapshot.opened.strftime("%Y-%m-%d %H:%M UTC").to_string()),
                ("Digest", snapshot.digest().to_owned()),
                ("Program", format!("onrecord {}", env!("CARGO_PKG_VERSION"))),
            ];
            let mut frame =
                Frame::new("Status", "status").also("application/json", "JSON", "/api/v1/status".to_owned());
            frame.signed_in = signed_in;
            snapshot.digest().clone_into(&mut frame.digest);
            let more_problems = problems.len().saturating_sub(LISTED);
            let problems = problems.into_iter().take(LISTED).collect();
            answer(&Status { frame, rows, problems, more_problems }, Some(tag))
        })
        .await
}

/// First and last day that an index covers, for people.
pub(super) fn days(stats: &IndexStats) -> Option<(String, String)> {
    let day = |number: i64| Some(super::chart::day(date(1970, 1, 1).checked_add(number.days()).ok()?));
    let (first, last) = stats.days?;
    Some((day(first)?, day(last)?))
}

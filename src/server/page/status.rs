//! What the index holds, and what could not be read into it.

use askama::Template;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::date;

use super::super::request::IndexRequest;
use super::super::state::Server;
use super::{Failure, Frame, screen as answer};
use crate::article::Place;
use crate::index::{IndexStats, Manifest, SourceEntry, SourceProblem};
use crate::present::phrase::{count, thousands};

/// Problems that are listed.
const LISTED: usize = 200;

#[derive(Template)]
#[template(path = "status.html")]
struct Status {
    frame: Frame,
    rows: Vec<(&'static str, String)>,
    /// What could not be read, for tokens that are not limited.
    problems: Option<Vec<(String, String)>>,
    more_problems: usize,
}

/// The screen at `/status`.
pub(in super::super) async fn screen(request: IndexRequest) -> Result<Response, Failure> {
    request
        .answer(move |server, snapshot, _| {
            let stats = snapshot.stats()?;
            let manifest = match snapshot.within {
                None => Some(snapshot.engine().manifest()?),
                Some(_) => None,
            };
            let problems = manifest.as_ref().map(|manifest| problems(manifest, server));
            let days = days(stats).map_or("none".to_owned(), |(first, last)| format!("{first} to {last}"));
            let mut rows = vec![
                ("Articles", thousands(stats.articles)),
                ("Passages", thousands(stats.passages)),
                ("Quotations", thousands(stats.quotes)),
                ("Days covered", days),
                ("Without a date", count(stats.undated, "article")),
                ("In use since", snapshot.since.strftime("%Y-%m-%d %H:%M UTC").to_string()),
                ("Digest", snapshot.digest().to_owned()),
                ("Program", format!("onrecord {}", env!("CARGO_PKG_VERSION"))),
            ];
            if let Some(manifest) = &manifest {
                rows.push(("Read from", count(manifest.sources().count() as u64, "file")));
                rows.push(("Size on disk", format!("{:.1} MB", stats.bytes as f64 / 1e6)));
            }
            let frame = Frame::of(server, snapshot, "Status", "status").also(
                "application/json",
                "JSON",
                "/api/v1/status".to_owned(),
            );
            let more_problems = problems.as_ref().map_or(0, Vec::len).saturating_sub(LISTED);
            let problems = problems.map(|problems| problems.into_iter().take(LISTED).collect());
            answer(&Status { frame, rows, problems, more_problems })
        })
        .await
}

/// What could not be read, and why.
fn problems(manifest: &Manifest, server: &Server) -> Vec<(String, String)> {
    let of_source = |source: &SourceEntry| {
        let problem = |problem: &SourceProblem| {
            let place = Place { path: source.path.clone(), record: problem.record.clone() };
            let place = if server.access.is_public { "an input".to_owned() } else { place.to_string() };
            (place, problem.reason.clone())
        };
        source.problems.iter().map(problem).collect::<Vec<_>>()
    };
    manifest.sources().flat_map(|(_, source)| of_source(source)).collect()
}

/// First and last day that an index covers, for people.
pub(super) fn days(stats: &IndexStats) -> Option<(String, String)> {
    let day = |number: i64| Some(crate::present::html::day(date(1970, 1, 1).checked_add(number.days()).ok()?));
    let (first, last) = stats.days?;
    Some((day(first)?, day(last)?))
}

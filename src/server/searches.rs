//! Saved searches, as the screens and the API have them in common.

use std::sync::Arc;

use axum::response::Response;
use jiff::Timestamp;

use super::Owner;
use super::ask::Ask;
use super::failure::Failure;
use super::state::{Server, Snapshot};
use crate::saved::{Run, Saved, Search};
use crate::search::{Deadline, Request};

/// Saves a search.
pub(super) async fn add(server: &Server, ask: Ask, note: String, Owner(owner): Owner) -> Result<Search, Failure> {
    if ask.is_empty() {
        return Err(Failure::request("there is no search to save"));
    }
    let (saved, snapshot) = (server.saved(), server.snapshot());
    server
        .pool
        .run(move |deadline| {
            let search = saved.add(&ask.request(&deadline), &note, owner.as_deref(), Timestamp::now())?;
            run(&saved, &search, &snapshot, &deadline)?;
            Ok(search)
        })
        .await
}

/// Runs the search that `find` gives over the index as it is now, and answers as `work` says.
pub(super) async fn answer<F, W>(server: &Arc<Server>, find: F, work: W) -> Result<Response, Failure>
where
    F: FnOnce(&Saved) -> Result<Search, crate::saved::Error> + Send + 'static,
    W: FnOnce(&Server, &Snapshot, &Search, Run) -> Result<Response, Failure> + Send + 'static,
{
    let (shared, snapshot) = (server.clone(), server.snapshot());
    server
        .pool
        .run(move |deadline| {
            let saved = shared.saved();
            let search = find(&saved)?;
            let run = run(&saved, &search, &snapshot, &deadline)?;
            work(&shared, &snapshot, &search, run)
        })
        .await
}

/// Removes a search.
pub(super) async fn remove(server: &Server, id: String) -> Result<(), Failure> {
    let saved = server.saved();
    server.pool.run(move |_| Ok(saved.remove(&id).map(drop)?)).await
}

fn run(saved: &Saved, search: &Search, snapshot: &Snapshot, deadline: &Deadline) -> Result<Run, Failure> {
    let (today, deadline) = (jiff::Zoned::now().date(), deadline.clone());
    let request = Request { today, deadline, ..search.request.clone() };
    Ok(saved.run(search, snapshot.engine(), Some(snapshot.engine().index()), request, Timestamp::now())?)
}

/// The moment since which hits are wanted, if an address names one.
pub(super) fn since(query: Option<&str>) -> Result<Option<Timestamp>, Failure> {
    let ask = Ask::parse(query)?;
    ask.only(&["since-seen"])?;
    let since = ask.other("since-seen").map(str::parse::<Timestamp>).transpose();
    since.map_err(|_| Failure::request("`since-seen` is a moment: 2026-05-01T12:00:00Z"))
}

/// A saved request as an address says it.
pub(super) fn ask_of(request: &Request) -> Ask {
    Ask {
        query: request.query.clone(),
        filters: request.filters.clone(),
        by: request.by,
        sort: request.sort,
        matching: request.matching,
        duplicates: request.duplicates,
        literal: request.literal,
        variants: request.variants,
        half_life: request.half_life,
        ..Ask::default()
    }
}

/// The address of the feed of a search.
pub(super) fn feed_of(search: &Search) -> String {
    format!("/feeds/{}.atom", search.feed)
}

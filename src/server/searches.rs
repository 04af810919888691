//! Saved searches, as the screens and the API have them in common.

use std::sync::Arc;

use axum::response::Response;
use jiff::Timestamp;

use super::access::Who;
use super::failure::Failure;
use super::search_params::SearchParams;
use super::state::{Server, Snapshot};
use crate::saved::{self, Run, Saved, Search};
use crate::search::{Deadline, Request};

/// Those that somebody may see: all of them, or those of their own limit.
pub(super) fn list(saved: &Saved, who: &Who) -> Result<Vec<Search>, Failure> {
    let mut searches = saved.list()?;
    searches.retain(|search| is_seen(search, who));
    Ok(searches)
}

/// The one with this id, if they may see it.
pub(super) fn get(saved: &Saved, id: &str, who: &Who) -> Result<Search, saved::Error> {
    let search = saved.get(id)?;
    if is_seen(&search, who) { Ok(search) } else { Err(saved::Error::Unknown(id.to_owned())) }
}

fn is_seen(search: &Search, who: &Who) -> bool {
    who.within.is_none() || who.within == search.within
}

/// Saves a search.
pub(super) async fn add(server: &Arc<Server>, params: SearchParams, note: String, who: Who) -> Result<Search, Failure> {
    if params.is_empty() {
        return Err(Failure::request("there is no search to save"));
    }
    let (shared, snapshot) = (server.clone(), server.snapshot(&who.within)?);
    server
        .pool
        .run(move |deadline| {
            let saved = shared.saved();
            let by = (who.owner, who.within);
            let search = saved.add(&params.request(&deadline), &note, by, Timestamp::now())?;
            run(&shared, &search, &snapshot, &deadline)?;
            Ok(search)
        })
        .await
}

/// Runs the search that `find` gives over what it is limited to as that is now, and answers as `work` says.
pub(super) async fn answer<F, W>(server: &Arc<Server>, find: F, work: W) -> Result<Response, Failure>
where
    F: FnOnce(&Saved) -> Result<Search, saved::Error> + Send + 'static,
    W: FnOnce(&Server, &Snapshot, &Search, Run) -> Result<Response, Failure> + Send + 'static,
{
    let shared = server.clone();
    server
        .pool
        .run(move |deadline| {
            let search = find(&shared.saved())?;
            let snapshot = shared.snapshot(&search.within)?;
            let run = run(&shared, &search, &snapshot, &deadline)?;
            work(&shared, &snapshot, &search, run)
        })
        .await
}

/// Removes a search.
pub(super) async fn remove(server: &Server, id: String, who: Who) -> Result<(), Failure> {
    let saved = server.saved();
    server.pool.run(move |_| Ok(saved.remove(&get(&saved, &id, &who)?.id).map(drop)?)).await
}

fn run(server: &Server, search: &Search, snapshot: &Snapshot, deadline: &Deadline) -> Result<Run, Failure> {
    let (today, deadline) = (jiff::Zoned::now().date(), deadline.clone());
    let request = Request { today, deadline, ..search.request.clone() };
    let whole = server.snapshot(&None)?;
    Ok(server.saved().run(search, snapshot.engine(), whole.engine(), request, Timestamp::now())?)
}

/// The moment since which hits are wanted, if an address names one.
pub(super) fn since(query: Option<&str>) -> Result<Option<Timestamp>, Failure> {
    let params = SearchParams::parse(query)?;
    params.only(&["since-seen"])?;
    let since = params.other("since-seen").map(str::parse::<Timestamp>).transpose();
    since.map_err(|_| Failure::request("`since-seen` is a moment: 2026-05-01T12:00:00Z"))
}

/// A saved request as an address says it.
pub(super) fn params_of(request: &Request) -> SearchParams {
    SearchParams {
        query: request.query.clone(),
        filters: request.filters.clone(),
        by: request.by,
        sort: request.sort,
        matching: request.matching,
        duplicates: request.duplicates,
        literal: request.literal,
        variants: request.variants,
        half_life: request.half_life,
        ..SearchParams::default()
    }
}

/// The address of the feed of a search.
pub(super) fn feed_of(search: &Search) -> String {
    format!("/feeds/{}.atom", search.feed)
}

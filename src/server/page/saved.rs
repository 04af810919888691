//! Saved searches: the list of them, and each with the time at which its hits were first seen.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;

use super::super::api::atom::{self, Feed};
use super::super::ask::Ask;
use super::super::failure::Failure;
use super::super::state::{Server, Snapshot};
use super::super::{Owner, base_of, body};
use super::card::{Card, Worded};
use super::{Frame, screen as answer};
use crate::present::phrase::count;
use crate::saved::{MOST, Run, Saved, Search};
use crate::search::{Deadline, Request as Asked};

/// Bytes that a form has at most.
const FORM: usize = 64 << 10;

/// Hits that the screen and the feed show.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "saved.html")]
struct List {
    frame: Frame,
    searches: Vec<Row>,
}

struct Row {
    id: String,
    says: String,
    note: String,
    day: String,
    owner: Option<String>,
}

#[derive(Template)]
#[template(path = "saved-search.html")]
struct One {
    frame: Frame,
    id: String,
    says: String,
    note: String,
    open: String,
    total: String,
    gone: u64,
    since: Option<String>,
    feed: String,
    groups: Vec<Group>,
    unseen: u64,
}

/// Hits that were first seen at the same time.
struct Group {
    first: String,
    cards: Vec<Card>,
}

/// The screen at `/saved`.
pub(in super::super) async fn screen(State(server): State<Arc<Server>>) -> Result<Response, Failure> {
    let signed_in = server.access.tokens.is_some();
    let saved = server.saved();
    server
        .pool
        .run(move |_| {
            let searches = saved.list()?.into_iter().rev().map(|search| Row {
                says: says(&search),
                id: search.id,
                note: search.note,
                day: when(search.saved),
                owner: search.owner,
            });
            let mut frame = Frame::new("Saved searches", "saved");
            frame.signed_in = signed_in;
            answer(&List { frame, searches: searches.collect() }, None)
        })
        .await
}

/// Saves the search of the form at `/saved`.
pub(in super::super) async fn save(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let owner = request.extensions().get::<Owner>().and_then(|owner| owner.0.clone());
    let form = body(request, FORM).await?;
    let ask = Ask::parse(std::str::from_utf8(&form).ok())?;
    if ask.is_empty() {
        return Err(Failure::request("there is no search to save"));
    }
    let (saved, snapshot) = (server.saved(), server.snapshot());
    server
        .pool
        .run(move |deadline| {
            let asked = ask.request(&deadline);
            let note = ask.other("note").unwrap_or_default();
            let search = saved.add(&asked, note, owner.as_deref(), Timestamp::now())?;
            saved.run(&search, &snapshot.engine, asked, Timestamp::now())?;
            Ok(Redirect::to(&format!("/saved/{}", search.id)).into_response())
        })
        .await
}

/// The screen at `/saved/ID`.
pub(in super::super) async fn one(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let since = since(query.as_deref())?;
    let signed_in = server.access.tokens.is_some();
    let (saved, snapshot) = (server.saved(), server.snapshot());
    server
        .pool
        .run(move |deadline| {
            let search = saved.get(&id)?;
            let run = run(&saved, &search, &snapshot, deadline)?;
            let mut page = shown(&search, &run, &snapshot, since);
            page.frame.signed_in = signed_in;
            answer(&page, None)
        })
        .await
}

/// Removes a search.
pub(in super::super) async fn remove(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let saved = server.saved();
    server
        .pool
        .run(move |_| {
            saved.remove(&id)?;
            Ok(Redirect::to("/saved").into_response())
        })
        .await
}

/// The feed of a saved search: whoever knows its address may read it.
pub(in super::super) async fn feed(
    State(server): State<Arc<Server>>,
    Path(secret): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let base = base_of(&server, &request);
    let own = format!("{base}{}", request.uri().path());
    let (saved, snapshot) = (server.saved(), server.snapshot());
    server
        .pool
        .run(move |deadline| {
            let search = saved.of_feed(secret.trim_end_matches(".atom"))?;
            let run = run(&saved, &search, &snapshot, deadline)?;
            let ask = ask_of(&search.request);
            let mut hits = run.hits;
            hits.sort_by_key(|(_, first)| std::cmp::Reverse(*first));
            let entries = hits.iter().take(SHOWN).map(|(hit, first)| {
                let mut entry = atom::entry(hit, &ask, &base);
                entry.updated = first.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
                entry
            });
            Feed {
                id: format!("urn:onrecord:saved:{}", search.id),
                title: atom::clean(&format!("onrecord: {}", says(&search))),
                updated: hits
                    .first()
                    .map_or(search.saved, |(_, first)| *first)
                    .strftime("%Y-%m-%dT%H:%M:%SZ")
                    .to_string(),
                page: format!("{base}/saved/{}", search.id),
                own,
                entries: entries.collect(),
            }
            .answer(None)
        })
        .await
}

/// Runs a search over the index as it is now.
pub(in super::super) fn run(
    saved: &Saved,
    search: &Search,
    snapshot: &Snapshot,
    deadline: Deadline,
) -> Result<Run, Failure> {
    let request = Asked { today: jiff::Zoned::now().date(), deadline, ..search.request.clone() };
    Ok(saved.run(search, &snapshot.engine, request, Timestamp::now())?)
}

/// What `since` says in an address.
pub(in super::super) fn since(query: Option<&str>) -> Result<Option<Timestamp>, Failure> {
    let ask = Ask::parse(query)?;
    ask.only(&["since-seen"])?;
    let since = ask.other("since-seen").map(str::parse::<Timestamp>).transpose();
    since.map_err(|_| Failure::request("`since-seen` is a moment: 2026-05-01T12:00:00Z"))
}

fn shown(search: &Search, run: &Run, snapshot: &Snapshot, since: Option<Timestamp>) -> One {
    let ask = ask_of(&search.request);
    let mut hits: Vec<_> = run.hits.iter().filter(|(_, first)| since.is_none_or(|since| *first >= since)).collect();
    // The newest arrivals first; those of one run stay as they are, the newest articles first.
    hits.sort_by_key(|(_, first)| std::cmp::Reverse(*first));
    let unseen = hits.len().saturating_sub(SHOWN) as u64;
    let mut groups: Vec<Group> = Vec::new();
    for (hit, first) in hits.into_iter().take(SHOWN) {
        let first = when(*first);
        let card = Card::of(hit, &ask, snapshot);
        match groups.last_mut().filter(|group| group.first == first) {
            Some(group) => group.cards.push(card),
            None => groups.push(Group { first, cards: vec![card] }),
        }
    }
    let mut frame = Frame::new(says(search), "saved").asking(&ask).also(
        "application/atom+xml",
        "Feed",
        format!("/feeds/{}.atom", search.feed),
    );
    snapshot.digest().clone_into(&mut frame.digest);
    let over = if run.total > MOST { format!(", of which the newest {MOST} are followed") } else { String::new() };
    One {
        frame,
        id: search.id.clone(),
        says: says(search),
        note: search.note.clone(),
        open: ask.address("/"),
        total: format!("{}{over}", count(run.total, "hit")),
        gone: run.gone,
        since: since.map(when),
        feed: format!("/feeds/{}.atom", search.feed),
        groups,
        unseen,
    }
}

/// A saved request as an address says it.
pub(in super::super) fn ask_of(request: &Asked) -> Ask {
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

/// The search in words.
fn says(search: &Search) -> String {
    let request = &search.request;
    let parts: Vec<&str> = std::iter::once(&request.query)
        .chain(&request.filters)
        .map(String::as_str)
        .filter(|part| !part.is_empty() && (*part != "*" || request.filters.is_empty()))
        .collect();
    parts.join(" ")
}

fn when(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

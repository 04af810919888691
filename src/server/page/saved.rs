//! Saved searches: the list of them, and each with the time at which its hits were first seen.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;

use super::super::access::Who;
use super::super::api::atom::{self, Feed};
use super::super::request::{PublicUrl, body};
use super::super::search_params::SearchParams;
use super::super::searches::{self, feed_of, params_of};
use super::super::state::{Server, Snapshot};
use super::{Failure, Frame, cards, screen as answer};
use crate::present::html::card::Card;
use crate::present::phrase::count;
use crate::saved::{MOST, Run, SavedHit, Search};

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
    /// Whether they are in articles that had been seen before.
    anew: bool,
    cards: Vec<Card>,
}

/// The screen at `/saved`.
pub(in super::super) async fn screen(State(server): State<Arc<Server>>, who: Who) -> Result<Response, Failure> {
    let (shared, snapshot) = (server.clone(), server.snapshot(&who.within)?);
    server
        .pool
        .run(move |_| {
            let searches = searches::list(&shared.saved(), &who)?.into_iter().rev().map(|search| Row {
                says: says(&search),
                id: search.id,
                note: search.note,
                day: when(search.saved),
                owner: search.owner,
            });
            let frame = Frame::of(&shared, &snapshot, "Saved searches", "saved");
            answer(&List { frame, searches: searches.collect() })
        })
        .await
}

/// Saves the search of the form at `/saved`.
pub(in super::super) async fn save(
    State(server): State<Arc<Server>>,
    who: Who,
    request: Request,
) -> Result<Response, Failure> {
    let form = body(request, FORM).await?;
    let params = SearchParams::parse(std::str::from_utf8(&form).ok())?;
    let note = params.other("note").unwrap_or_default().to_owned();
    let search = searches::add(&server, params, note, who).await?;
    Ok(Redirect::to(&format!("/saved/{}", search.id)).into_response())
}

/// The screen at `/saved/ID`.
pub(in super::super) async fn one(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let since = searches::since(query.as_deref())?;
    let find = move |saved: &crate::saved::Saved| searches::get(saved, &id, &who);
    searches::answer(&server, find, move |server, snapshot, search, run| {
        let frame = Frame::of(server, snapshot, says(search), "saved");
        answer(&shown(frame, search, &run, snapshot, since))
    })
    .await
}

/// Removes a search.
pub(in super::super) async fn remove(
    State(server): State<Arc<Server>>,
    Path(id): Path<String>,
    who: Who,
) -> Result<Response, Failure> {
    searches::remove(&server, id, who).await?;
    Ok(Redirect::to("/saved").into_response())
}

/// The feed of what is new in a saved search; its address needs no token, as it is a secret.
pub(in super::super) async fn feed(
    State(server): State<Arc<Server>>,
    Path(secret): Path<String>,
    PublicUrl { uri, base }: PublicUrl,
) -> Result<Response, Failure> {
    let find = move |saved: &crate::saved::Saved| saved.of_feed(secret.trim_end_matches(".atom"));
    searches::answer(&server, find, move |_, _, search, run| {
        let params = params_of(&search.request);
        let mut hits: Vec<SavedHit> = run.hits.into_iter().filter(|seen| !seen.anew).collect();
        hits.sort_by_key(|seen| std::cmp::Reverse(seen.first));
        let moment = |moment: Timestamp| moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let entries = hits.iter().take(SHOWN).map(|seen| {
            let mut entry = atom::entry(&seen.hit, &params, &base);
            entry.updated = moment(seen.first);
            entry
        });
        Feed {
            id: format!("urn:onrecord:saved:{}", search.id),
            title: atom::clean(&format!("onrecord: {}", says(search))),
            updated: moment(hits.first().map_or(search.saved, |seen| seen.first)),
            page: format!("{base}/saved/{}", search.id),
            own: format!("{base}{}", uri.path()),
            entries: entries.collect(),
        }
        .answer()
    })
    .await
}

fn shown(frame: Frame, search: &Search, run: &Run, snapshot: &Snapshot, since: Option<Timestamp>) -> One {
    let params = params_of(&search.request);
    let mut hits: Vec<_> = run.hits.iter().filter(|seen| since.is_none_or(|since| seen.first >= since)).collect();
    // The newest arrivals first; those of one run stay as they are, the newest articles first.
    hits.sort_by_key(|seen| (std::cmp::Reverse(seen.first), seen.anew));
    let unseen = hits.len().saturating_sub(SHOWN) as u64;
    hits.truncate(SHOWN);
    let groups = hits.chunk_by(|a, b| (a.first, a.anew) == (b.first, b.anew)).filter_map(|group| {
        let SavedHit { first, anew, .. } = group.first()?;
        Some(Group {
            first: when(*first),
            anew: *anew,
            cards: cards(group.iter().map(|seen| &seen.hit), &params, snapshot),
        })
    });
    let over = if run.total > MOST { format!(", of which the newest {MOST} are followed") } else { String::new() };
    One {
        frame: frame.for_search(&params).also("application/atom+xml", "Feed", feed_of(search)),
        id: search.id.clone(),
        says: says(search),
        note: search.note.clone(),
        open: params.address("/"),
        total: format!("{}{over}", count(run.total, "hit")),
        gone: run.gone,
        since: since.map(when),
        feed: feed_of(search),
        groups: groups.collect(),
        unseen,
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

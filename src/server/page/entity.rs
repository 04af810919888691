//! Somebody or something across articles: names, roles, who quotes them, whom they talk about.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::chart::Chart;
use super::super::request::IndexRequest;
use super::super::search_params::SearchParams;
use super::super::state::{Server, Snapshot};
use super::{Download, Failure, Frame, Link, Screens, cards, downloads, kind_name, part, screen as answer};
use crate::answers;
use crate::entity::EntityKind;
use crate::present::entity::{Name, Profile};
use crate::present::html::Links as _;
use crate::present::html::card::Card;
use crate::present::phrase::{count, thousands};
use crate::query::filter;
use crate::search::{By, Deadline, FacetCount, Request, Sort};

#[derive(Template)]
#[template(path = "entity.html")]
struct Entity {
    frame: Frame,
    name: String,
    kind: &'static str,
    roles: String,
    names: Vec<Name>,
    quotes: Option<(String, String)>,
    passages: (String, String),
    chart: Option<Chart>,
    lists: Vec<List>,
    /// The latest quotations.
    cards: Vec<Card>,
    /// The same quotations in other orders.
    orders: Vec<Link>,
    downloads: Vec<Download>,
    /// Who talks about whom, as a graph.
    graphs: Vec<Download>,
    /// What holds for a search within what they said.
    within: Option<String>,
}

/// Names with counts, each a link to what is counted.
struct List {
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    text: String,
    count: String,
    href: String,
    /// The screen of the one who is named.
    screen: Option<String>,
}

/// Quotations that the screen shows.
const LATEST: u64 = 4;

/// The screen at `/entity/KIND/NAME`.
pub(in super::super) async fn screen(
    Path((kind, name)): Path<(String, String)>,
    request: IndexRequest,
) -> Result<Response, Failure> {
    let kind = kind_of(&kind)?;
    request
        .answer(move |server, snapshot, deadline| {
            // A speaker may be an organisation: links from quotations do not say which.
            let profile = match answers::profile(snapshot.engine(), Some(kind), &name, deadline)? {
                Some(profile) => Some(profile),
                None => answers::profile(snapshot.engine(), None, &name, deadline)?,
            };
            let Some(profile) = profile else {
                return Err(Failure::not_found(format!("nobody and nothing called “{name}” is in this index")));
            };
            answer(&entity(server, snapshot, profile, deadline)?)
        })
        .await
}

/// The kind that an address names.
pub(in super::super) fn kind_of(name: &str) -> Result<EntityKind, Failure> {
    match name {
        "person" => Ok(EntityKind::Person),
        "organization" | "org" => Ok(EntityKind::Organization),
        "place" => Ok(EntityKind::Place),
        _ => Err(Failure::not_found("a kind is person, organization or place")),
    }
}

fn entity(server: &Server, snapshot: &Snapshot, profile: Profile, deadline: &Deadline) -> Result<Entity, Failure> {
    let speaker = filter("speaker", &profile.name);
    let named = filter(answers::field(profile.kind), &profile.name);
    let about = filter("about", &profile.name);
    let to = |query: &str| SearchParams { query: query.to_owned(), ..SearchParams::default() }.address("/");
    let has_quotes = profile.quotes > 0;
    let asked = if has_quotes { &speaker } else { &named };
    let params = SearchParams { query: asked.clone(), ..SearchParams::default() };
    let base = Request { by: Some(if has_quotes { By::Quote } else { By::Passage }), ..params.request(deadline) };
    let newest = Request { limit: LATEST, sort: Sort::Newest, facets: vec!["day".to_owned()], ..base };
    let mut found = snapshot.search(&newest)?;
    let days = found.facets.remove("day").unwrap_or_default();
    let total = if has_quotes { profile.quotes } else { profile.passages };
    let sorted = |sort: Sort| params.with(|params| params.sort = sort);
    let rows = |counts: Vec<FacetCount>, query: &dyn Fn(&str) -> String, is_name: bool| -> Vec<Row> {
        let row = |counted: FacetCount| Row {
            href: to(&query(&counted.value)),
            screen: Screens(&params).entity(EntityKind::Person, &counted.value).filter(|_| is_name),
            text: counted.value,
            count: thousands(counted.count),
        };
        counts.into_iter().map(row).collect()
    };
    let lists = [
        List {
            title: "Talks about",
            rows: rows(profile.talks_about, &|name| format!("{speaker} {}", filter("about", name)), true),
        },
        List {
            title: "Talked about by",
            rows: rows(profile.talked_about_by, &|name| format!("{} {about}", filter("speaker", name)), true),
        },
        List {
            title: "Quoted by",
            rows: rows(profile.quoted_by, &|outlet| format!("{speaker} {}", filter("outlet", outlet)), false),
        },
        List {
            title: "Named by",
            rows: rows(profile.named_by, &|outlet| format!("{named} {}", filter("outlet", outlet)), false),
        },
    ];
    let frame = Frame::of(server, snapshot, profile.name.clone(), "entity").also(
        "application/json",
        "JSON",
        format!("/api/v1/entities?kind={}&name={}", kind_name(profile.kind), part(&profile.name)),
    );
    Ok(Entity {
        frame,
        kind: kind_name(profile.kind),
        roles: profile.roles.iter().take(4).cloned().collect::<Vec<_>>().join("; "),
        names: if profile.names.len() > 1 { profile.names } else { Vec::new() },
        quotes: has_quotes.then(|| (count(profile.quotes, "quotation"), to(&speaker))),
        passages: (count(profile.passages, "passage"), to(&named)),
        chart: Chart::of(&days, total, &params, "/"),
        lists: lists.into_iter().filter(|list| !list.rows.is_empty()).collect(),
        cards: cards(&found.hits, &sorted(Sort::Newest), snapshot),
        orders: [(Sort::Newest, "All, newest first"), (Sort::Oldest, "Oldest first")]
            .map(|(sort, text)| Link { text: text.to_owned(), href: sorted(sort).address("/") })
            .into(),
        downloads: downloads(|ending| params.address(&format!("/api/v1/search{ending}"))),
        graphs: graphs(&speaker, &about),
        within: has_quotes.then_some(speaker),
        name: profile.name,
    })
}

/// The graph of who they talk about and who talks about them.
fn graphs(speaker: &str, about: &str) -> Vec<Download> {
    let params = SearchParams { query: format!("{speaker} OR {about}"), ..SearchParams::default() };
    [
        ("csv", "CSV", "a row per edge"),
        ("graphml", "GraphML", "for programs that draw graphs"),
        ("dot", "DOT", "for Graphviz"),
    ]
    .map(|(ending, title, purpose)| Download {
        title,
        purpose,
        href: params.address(&format!("/api/v1/network.{ending}")),
    })
    .into()
}

//! An article as it was read: quotations ruled, names underlined, speakers in the margin, the matches of a search one
//! after the other.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::failure::Failure;
use super::super::request::IndexRequest;
use super::super::search_params::SearchParams;
use super::super::state::{Server, Snapshot};
use super::{Download, Frame, Link, Screens, downloads, screen as answer, search};
use crate::answers;
use crate::index::versions::Versions;
use crate::present::html::text::{self, Row};
use crate::present::html::{Links as _, card, day_note, day_of, original};
use crate::present::phrase::{self, count};
use crate::present::versions::{Changed, shortened};
use crate::query::filter;
use crate::saved;
use crate::search::{Annotated, By, Deadline, Difference, Duplicates, Hit, Request};
use crate::text::CharSpan;

/// Matches that are listed by number.
const NUMBERED: usize = 30;

#[derive(Template)]
#[template(path = "article.html")]
struct Article {
    frame: Frame,
    title: String,
    meta: Vec<String>,
    day_note: Option<&'static str>,
    original: Option<String>,
    /// Back to the hits that led here.
    back: Option<Link>,
    previous: Option<String>,
    next: Option<String>,
    rows: Vec<Row>,
    matches: u32,
    numbered: Vec<u32>,
    quotes: String,
    speakers: String,
    also: Option<String>,
    downloads: Vec<Download>,
    /// Tags of the whole article, each with the search for it, and notes.
    tags: Vec<Link>,
    notes: Vec<String>,
    changes: Vec<Change>,
}

/// What its outlet changed at one time.
struct Change {
    noticed: String,
    places: Vec<Vec<Difference>>,
}

/// The screen at `/article/KEY`.
pub(in super::super) async fn screen(Path(key): Path<String>, request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    request.answer(move |server, snapshot, deadline| answer(&article(server, snapshot, &params, &key, deadline)?)).await
}

fn article(
    server: &Server,
    snapshot: &Snapshot,
    params: &SearchParams,
    key: &str,
    deadline: &Deadline,
) -> Result<Article, Failure> {
    let whole = &snapshot.article(key)?;
    let searched = (!params.is_empty()).then(|| Request { by: Some(search::unit(params)), ..params.request(deadline) });
    let hits = match &searched {
        Some(request) => within(snapshot, request, whole)?,
        None => Vec::new(),
    };
    let mut matches: Vec<CharSpan> = hits.iter().flat_map(matches_of).collect();
    matches.sort_unstable();
    matches.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        if overlaps {
            last.end = last.end.max(next.end);
        }
        overlaps
    });
    let mut names: Vec<&str> = whole.quotes.iter().filter_map(|quote| quote.speaker.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    let meta = &whole.article;
    let neighbours = neighbours(snapshot, searched.as_ref(), params)?;
    let title = phrase::title(meta).to_owned();
    let tag = |tag: &String| {
        let href = SearchParams { query: filter("tag", tag), ..SearchParams::default() }.address("/");
        Link { text: tag.clone(), href }
    };
    // Where a paragraph is says little without the file that it is in.
    let has_places = whole.locators.iter().any(Option::is_some) && !server.access.is_public;
    let frame = Frame::of(server, snapshot, title.clone(), "article")
        .for_search(&params.with(|params| params.more = None))
        .also("application/json", "JSON", format!("/api/v1/articles/{key}"))
        .also("application/ld+json", "Annotations", format!("/api/v1/articles/{key}/annotations"));
    Ok(Article {
        title,
        meta: [
            meta.outlet.clone(),
            Some(day_of(meta)),
            phrase::byline(meta),
            meta.section.clone(),
            has_places.then(|| phrase::file(meta)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        day_note: day_note(meta),
        original: original(meta).map(str::to_owned),
        back: searched
            .is_some()
            .then(|| Link { text: "All hits".to_owned(), href: params.with(|params| params.more = None).address("/") }),
        previous: neighbours.0,
        next: neighbours.1,
        matches: matches.len() as u32,
        numbered: (1..=matches.len().min(NUMBERED) as u32).collect(),
        quotes: count(whole.quotes.len() as u64, "quotation"),
        speakers: count(names.len() as u64, "speaker"),
        also: hits.iter().find_map(card::also),
        changes: changes(server, whole)?,
        rows: text::rows(whole, &matches, &Screens(&SearchParams::default())),
        downloads: files(key),
        tags: whole.tags.iter().map(tag).collect(),
        notes: whole.notes.clone(),
        frame,
    })
}

/// What its outlet changed, the latest first, where earlier texts are kept.
fn changes(server: &Server, whole: &Annotated) -> Result<Vec<Change>, Failure> {
    let kept = Versions::among(server.source.user_files()).of_article(&whole.article.id).map_err(saved::Error::from)?;
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    let change = |change: Changed| Change {
        noticed: change.when(),
        places: [change.title, change.byline, change.published]
            .into_iter()
            .filter(|field| !field.is_empty())
            .chain(change.text.iter().map(|place| shortened(place)))
            .collect(),
    };
    Ok(answers::history(whole.clone(), kept).changes.into_iter().rev().map(change).collect())
}

/// The article, and its quotations.
fn files(key: &str) -> Vec<Download> {
    downloads(|ending| match ending {
        ".html" => format!("/api/v1/articles/{key}/report.html"),
        ending => format!("/api/v1/articles/{key}/quotes{ending}"),
    })
}

/// Where the query matches, in the article; of a quotation without matching words, what was said.
fn matches_of(hit: &Hit) -> Vec<CharSpan> {
    let place = |mark: &CharSpan| CharSpan { start: hit.start + mark.start, end: hit.start + mark.end };
    if hit.highlights.is_empty() && hit.by == By::Quote {
        return hit.quotes.first().map(|quote| quote.content.clone()).unwrap_or_default();
    }
    hit.highlights.iter().map(place).collect()
}

/// The hits of a request in one article.
fn within(snapshot: &Snapshot, request: &Request, whole: &Annotated) -> Result<Vec<Hit>, Failure> {
    let by = match request.by {
        Some(By::Article) | None => Some(By::Passage),
        by => by,
    };
    let article = Some(whole.article.id.clone());
    let narrowed = Request {
        article,
        by,
        duplicates: Duplicates::Show,
        facets: Vec::new(),
        explain: false,
        after: None,
        ..request.clone()
    };
    Ok(snapshot.engine().all_results(&narrowed)?.collect::<Result<_, _>>()?)
}

/// The screens of the hits before and after this one.
fn neighbours(
    snapshot: &Snapshot,
    request: Option<&Request>,
    params: &SearchParams,
) -> Result<(Option<String>, Option<String>), Failure> {
    /// Beyond this, finding the neighbours takes longer than it is worth.
    const DEEPEST: u64 = 1_000;
    let rank = params.other("n").and_then(|n| n.parse::<u64>().ok()).filter(|n| (1..DEEPEST).contains(n));
    let (Some(request), Some(rank)) = (request, rank) else { return Ok((None, None)) };
    let request = Request { limit: rank + 1, facets: Vec::new(), explain: false, ..request.clone() };
    let (mut previous, mut next) = (None, None);
    for hit in snapshot.engine().results(&request)?.skip(rank.saturating_sub(2) as usize) {
        let hit = hit?;
        let href = Screens(&params.first_page()).hit(&hit);
        match hit.rank {
            n if n + 1 == rank => previous = href,
            n if n == rank + 1 => next = href,
            _ => {}
        }
    }
    Ok((previous, next))
}

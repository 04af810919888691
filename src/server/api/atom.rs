//! The newest hits of a search as an Atom feed.

use askama::Template;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::super::failure::Failure;
use super::super::page::{anchor, article_address};
use super::super::request::IndexRequest;
use super::super::search_params::{SearchParams, address};
use crate::present::harmless::is_harmful;
use crate::present::phrase;
use crate::saved;
use crate::search::{By, Hit, Request, Sort};

/// Entries of a feed unless more or fewer are asked for.
const ENTRIES: u64 = 50;

#[derive(Template)]
#[template(path = "feed.xml")]
pub(in super::super) struct Feed {
    pub(in super::super) id: String,
    pub(in super::super) title: String,
    pub(in super::super) updated: String,
    /// Its own address.
    pub(in super::super) own: String,
    /// The address of the screen with the same content.
    pub(in super::super) page: String,
    pub(in super::super) entries: Vec<Entry>,
}

/// A hit in a feed.
pub(in super::super) struct Entry {
    id: String,
    title: String,
    pub(in super::super) updated: String,
    author: String,
    href: String,
    text: String,
}

impl Feed {
    /// The feed as an answer.
    pub(in super::super) fn answer(&self) -> Result<Response, Failure> {
        let xml = self.render().map_err(|_| Failure::internal("the feed could not be written"))?;
        Ok(([(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")], xml).into_response())
    }
}

/// `GET /api/v1/search.atom`.
pub(in super::super) async fn feed(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    params.only(&[])?;
    let base = request.url.base.clone();
    request
        .answer(move |_, snapshot, deadline| {
            let limit = params.limit.unwrap_or(ENTRIES);
            let found = snapshot.search(&Request { limit, sort: Sort::Newest, ..params.request(deadline) })?;
            let newest =
                found.hits.iter().filter_map(|hit| hit.article.published.as_ref()).map(|p| moment(&p.at)).max();
            let own = params.address("/api/v1/search.atom");
            Feed {
                id: format!("urn:onrecord:search:{}", blake3::hash(own.as_bytes()).to_hex()),
                title: clean(&format!("onrecord: {}", found.read_as)),
                updated: newest.unwrap_or_else(|| EPOCH.to_owned()),
                page: format!("{base}{}", params.address("/")),
                own: format!("{base}{own}"),
                entries: found.hits.iter().map(|hit| entry(hit, &params, &base)).collect(),
            }
            .answer()
        })
        .await
}

/// What has no date is older than everything that has one.
const EPOCH: &str = "1970-01-01T00:00:00Z";

/// An entry for a hit, dated by its article.
pub(in super::super) fn entry(hit: &Hit, params: &SearchParams, base: &str) -> Entry {
    let said = match hit.quotes.first().filter(|_| hit.by == By::Quote) {
        Some(quote) => format!("{}: {}", phrase::speakers(quote), phrase::title(&hit.article)),
        None => phrase::title(&hit.article).to_owned(),
    };
    let author = hit.article.outlet.clone().unwrap_or_else(|| "unknown outlet".to_owned());
    Entry {
        // The words, not the place: an article that grows above a quotation does not make it new.
        id: format!("urn:onrecord:{}", saved::key(hit)),
        title: clean(&said),
        updated: hit.article.published.as_ref().map_or_else(|| EPOCH.to_owned(), |published| moment(&published.at)),
        author: clean(&author),
        href: format!("{base}{}#{}", address(&article_address(&hit.article.id), params.pairs()), anchor(hit)),
        text: clean(&hit.text),
    }
}

/// A day or a moment as a moment: Atom knows no days.
fn moment(at: &str) -> String {
    let has_zone = at.ends_with('Z') || at.get(19..).is_some_and(|zone| zone.contains(['+', '-']));
    match at.len() {
        10 => format!("{at}T00:00:00Z"),
        16.. if has_zone => at.to_owned(),
        16 => format!("{at}:00Z"),
        _ => format!("{at}Z"),
    }
}

/// Text without the characters that XML forbids, or that turn text around.
pub(in super::super) fn clean(text: &str) -> String {
    let forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().filter(|&c| !forbidden(c)).map(|c| if is_harmful(c) && c > ' ' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_moments() {
        assert_eq!(moment("2025-05-16"), "2025-05-16T00:00:00Z");
        assert_eq!(moment("2025-05-16T14:05:00+01:00"), "2025-05-16T14:05:00+01:00");
        assert_eq!(moment("2025-05-16T14:05:00"), "2025-05-16T14:05:00Z");
        assert_eq!(clean("a\u{0}b\u{1b}c\n\u{202e}d"), "abc\n\u{fffd}d");
    }
}

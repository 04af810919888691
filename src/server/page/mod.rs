//! The screens: what an answer says, as HTML.

pub(super) mod article;
mod card;
pub(super) mod check;
pub(super) mod entity;
pub(super) mod error;
mod facets;
pub(super) mod saved;
pub(super) mod search;
pub(super) mod sign_in;
pub(super) mod status;

use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ask::Ask;
use super::failure::Failure;
use super::{assets, chart, keys};
use crate::article::{DateOrigin, Meta};
use crate::entity::EntityKind;

/// What every screen has around its own part.
#[derive(Debug, Clone, Default)]
struct Frame {
    title: String,
    /// What is in the box.
    query: String,
    /// What stays when something else is searched for.
    kept: Vec<(&'static str, String)>,
    /// The same content for programs.
    alternates: Vec<Alternate>,
    /// Whether the server asks for tokens, so that one can sign out.
    signed_in: bool,
    /// Which of the screens it is.
    here: &'static str,
    digest: String,
    /// Where style, script and icon are.
    assets: String,
}

/// The same content in another form.
#[derive(Debug, Clone)]
struct Alternate {
    kind: &'static str,
    title: &'static str,
    href: String,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Link {
    text: String,
    href: String,
}

/// One of several views of the same results; the current one is not a link.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Choice {
    text: &'static str,
    href: String,
    on: bool,
}

impl Frame {
    fn new(title: impl Into<String>, here: &'static str) -> Self {
        let assets = format!("/assets/{}", assets::version());
        Frame { title: title.into(), here, assets, ..Frame::default() }
    }

    /// The box holds this search, and what is chosen stays when another is typed.
    fn asking(mut self, ask: &Ask) -> Self {
        self.query.clone_from(&ask.query);
        self.kept = ask.first_page().pairs().into_iter().filter(|(name, _)| !matches!(*name, "q" | "more")).collect();
        self
    }

    fn also(mut self, kind: &'static str, title: &'static str, href: String) -> Self {
        self.alternates.push(Alternate { kind, title, href });
        self
    }
}

/// A screen as an answer.
fn screen(template: &impl Template, tag: Option<String>) -> Result<Response, Failure> {
    let html = template.render().map_err(|error| {
        tracing::error!(%error, "cannot write a screen");
        Failure::internal("the screen could not be written; the server's log says why")
    })?;
    let mut response = Html(html).into_response();
    if let Some(tag) = tag.and_then(|tag| tag.parse().ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Characters that stay as they are in a part of a path.
const PART: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A part of a path.
pub(super) fn part(text: &str) -> String {
    utf8_percent_encode(text, PART).to_string()
}

/// The address of an article's screen.
pub(super) fn article_address(id: &str) -> String {
    format!("/article/{}", keys::written(id))
}

/// The address of the screen of somebody or something.
fn entity_address(kind: EntityKind, name: &str) -> String {
    format!("/entity/{}/{}", kind_name(kind), part(name))
}

fn kind_name(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "person",
        EntityKind::Organization => "organization",
        EntityKind::Place => "place",
    }
}

/// The day of publication for people: `20 May 2025`.
fn day_of(article: &Meta) -> String {
    let Some(published) = &article.published else { return "undated".to_owned() };
    day_text(published.day())
}

/// `20 May 2025` for `2025-05-20`; anything else stays as it is.
fn day_text(day: &str) -> String {
    day.parse::<Date>().map_or_else(|_| day.to_owned(), chart::day)
}

/// Where the day of publication was found, if not in the record itself.
fn day_note(article: &Meta) -> Option<&'static str> {
    match article.published.as_ref()?.origin {
        DateOrigin::Record | DateOrigin::Metadata => None,
        DateOrigin::Page => Some("date read off the page"),
        DateOrigin::Url => Some("date from the address"),
        DateOrigin::Crawl => Some("date of the crawl"),
        DateOrigin::File => Some("date from the file's name"),
    }
}

/// The address of the original, if it is one that a browser may be sent to.
pub(super) fn original(article: &Meta) -> Option<&str> {
    let url = article.url.as_deref()?;
    let scheme = url.split_once("://")?.0;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(url)
}

/// The address of the original at these words, in browsers that know text fragments.
fn original_at(article: &Meta, words: &str) -> Option<String> {
    let url = original(article)?;
    let words: Vec<&str> = words.split_whitespace().collect();
    let few = |words: &[&str]| utf8_percent_encode(&words.join(" "), NON_ALPHANUMERIC).to_string();
    let fragment = match words.len() {
        0 => return Some(url.to_owned()),
        1..=8 => few(&words),
        all => format!("{},{}", few(words.get(..4)?), few(words.get(all - 4..)?)),
    };
    let separator = if url.contains('#') { "" } else { "#" };
    Some(format!("{url}{separator}:~:text={fragment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        let article = |url: &str| Meta { url: Some(url.to_owned()), ..Meta::default() };
        assert_eq!(original(&article("https://paper.example/a")), Some("https://paper.example/a"));
        for url in
            ["javascript:alert(1)", "javascript://x%0Aalert(1)", "data:text/html,x", "file:///etc/passwd", "paper"]
        {
            assert_eq!(original(&article(url)), None, "{url}");
        }
        let at = original_at(&article("https://paper.example/a"), "We, too, tried – twice.").unwrap();
        assert_eq!(at, "https://paper.example/a#:~:text=We%2C%20too%2C%20tried%20%E2%80%93%20twice%2E");
    }
}

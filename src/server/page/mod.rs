//! The screens: what an answer says, as HTML.

pub(super) mod article;
pub(super) mod check;
pub(super) mod compare;
pub(super) mod entity;
pub(super) mod error;
mod facets;
mod home;
mod nothing_found;
pub(super) mod saved;
pub(super) mod search;
pub(super) mod sign_in;
pub(super) mod status;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::api::export::FileFormat;
use super::failure::Failure;
use super::search_params::{SearchParams, address};
use super::state::{Server, Snapshot};
use super::{assets, keys};
use crate::entity::EntityKind;
use crate::present::html::Links;
use crate::present::html::card::Card;
use crate::search::{By, Hit};

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
    /// The collections that the token is limited to.
    within: Option<String>,
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

/// A file to take along.
#[derive(Debug, Clone)]
struct Download {
    title: &'static str,
    purpose: &'static str,
    href: String,
}

/// The files of what an address without its ending leads to.
fn downloads(address: impl Fn(&str) -> String) -> Vec<Download> {
    let file = |kind: FileFormat| Download {
        title: kind.title(),
        purpose: kind.purpose(),
        href: address(&format!(".{}", kind.extension())),
    };
    FileFormat::all().map(file).collect()
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

    /// The frame of a screen about the index.
    fn of(server: &Server, snapshot: &Snapshot, title: impl Into<String>, here: &'static str) -> Self {
        Frame {
            signed_in: server.access.tokens.is_some(),
            digest: snapshot.digest().to_owned(),
            within: snapshot.within.as_ref().map(|collections| collections.join(", ")),
            ..Frame::new(title, here)
        }
    }

    /// The box holds this search, and what is chosen stays when another is typed.
    fn for_search(mut self, params: &SearchParams) -> Self {
        self.query.clone_from(&params.query);
        self.kept =
            params.first_page().pairs().into_iter().filter(|(name, _)| !matches!(*name, "q" | "more")).collect();
        self
    }

    fn also(mut self, kind: &'static str, title: &'static str, href: String) -> Self {
        self.alternates.push(Alternate { kind, title, href });
        self
    }
}

/// A screen as an answer.
fn screen(template: &impl Template) -> Result<Response, Failure> {
    let html = template.render().map_err(|error| {
        tracing::error!(%error, "cannot write a screen");
        Failure::internal("the screen could not be written; the server's log says why")
    })?;
    Ok(Html(html).into_response())
}

/// Links to the screens; those to hits lead back to this search.
struct Screens<'a>(&'a SearchParams);

impl Links for Screens<'_> {
    fn entity(&self, kind: EntityKind, name: &str) -> Option<String> {
        Some(format!("/entity/{}/{}", kind_name(kind), part(name)))
    }

    fn article(&self, id: &str) -> Option<String> {
        Some(article_address(id))
    }

    fn hit(&self, hit: &Hit) -> Option<String> {
        let mut pairs = self.0.with(|params| (params.limit, params.more) = (None, None)).pairs();
        if !self.0.is_empty() {
            pairs.push(("n", (self.0.from + hit.rank).to_string()));
        }
        Some(format!("{}#{}", address(&article_address(&hit.article.id), pairs), anchor(hit)))
    }

    fn permalink(&self, hit: &Hit) -> Option<String> {
        Some(format!("{}#{}", article_address(&hit.article.id), anchor(hit)))
    }

    fn search(&self, query: &str) -> Option<String> {
        Some(SearchParams { query: query.to_owned(), ..SearchParams::default() }.address("/"))
    }
}

/// A message with a capital letter.
fn sentence(message: &str) -> String {
    let (first, rest) = message.split_at(message.chars().next().map_or(0, char::len_utf8));
    first.to_uppercase() + rest
}

/// What a hit of a search is called.
fn kind_of_hit(params: &SearchParams) -> &'static str {
    match search::unit(params) {
        By::Quote => "quotation",
        By::Passage => "passage",
        By::Article => "article",
    }
}

/// Where a hit is on the screen of its article.
pub(super) fn anchor(hit: &Hit) -> String {
    if hit.by == By::Quote { format!("q{}", hit.start) } else { format!("p{}", hit.paragraph) }
}

/// The cards of hits, with what is around them in their articles.
fn cards<'h>(hits: impl IntoIterator<Item = &'h Hit>, params: &SearchParams, snapshot: &Snapshot) -> Vec<Card> {
    let card = |hit: &Hit| {
        let whole = snapshot.article(&keys::written(&hit.article.id)).ok();
        Card::of(hit, whole.as_ref(), &Screens(params))
    };
    hits.into_iter().map(card).collect()
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

fn kind_name(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "person",
        EntityKind::Organization => "organization",
        EntityKind::Place => "place",
    }
}

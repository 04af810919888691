//! Atom (RFC 4287).

use super::super::items::{Item, plain};
use super::super::xml::Element;
use super::{Channel, LONGEST};

/// Reads what is before the entries.
pub(super) fn channel(feed: &Element) -> Channel {
    let authors: Vec<String> = authors(feed).collect();
    Channel {
        title: own(feed, "title").map(line).filter(|title| title.len() <= LONGEST),
        language: feed.attribute("xml:lang").filter(|language| language.len() <= LONGEST).map(str::to_owned),
        authors: if authors.iter().map(String::len).sum::<usize>() <= LONGEST { authors } else { Vec::new() },
        ..Channel::default()
    }
}

/// What Blogger calls the kind of an entry, beside what it is about.
const KIND: &str = "http://schemas.google.com/g/2005#kind";

/// True for an entry of an export that is the design, a setting or a comment of a blog.
pub(super) fn is_beside(entry: &Element) -> bool {
    let mut kinds = entry.all("category").filter(|category| category.attribute("scheme") == Some(KIND));
    kinds.any(|kind| kind.attribute("term").is_some_and(|term| !term.ends_with("#post") && !term.ends_with("#page")))
}

/// Understands an entry.
pub(super) fn item(entry: &Element, feed: &Channel) -> Item {
    let source = entry.at(&["source"]);
    let mut item = Item::default();
    item.set("title", own(entry, "title").map(line));
    item.set_all("byline", authors(entry));
    item.set_all("byline", feed.authors.iter().cloned());
    item.set("outlet", source.and_then(|source| own(source, "title")).map(line));
    item.set("outlet", feed.title.clone());
    item.set("url", address(entry));
    item.set("id", entry.text_at(&["id"]));
    // Atom 0.3 called them `issued` and `modified`.
    for name in ["published", "issued", "updated", "modified"] {
        item.set("date", entry.text_at(&[name]));
    }
    item.set("section", category(entry));
    let language = entry.attribute("xml:lang").map(str::to_owned);
    item.set("language", language.or_else(|| feed.language.clone()));
    if let Some(content) = own(entry, "content") {
        item.set_body(&body(content));
    }
    if !item.has_body()
        && let Some(summary) = own(entry, "summary")
    {
        item.set_body(&body(summary));
        if item.has_body() {
            item.warn(super::ONLY_SUMMARY);
        }
    }
    item
}

/// An element of Atom's own, not of a module that has one of the same name (`media:content`).
fn own<'e>(element: &'e Element, name: &str) -> Option<&'e Element> {
    element.elements().find(|found| found.name == name && matches!(found.prefix.as_str(), "" | "atom" | "a"))
}

/// A text construct on one line.
fn line(element: &Element) -> String {
    match element.attribute("type") {
        Some("html" | "text/html") => plain(&element.verbatim()),
        Some(_) | None => element.text(),
    }
}

/// A text construct as markup, or as text where it is plain.
fn body(element: &Element) -> String {
    match element.attribute("type") {
        Some("xhtml" | "application/xhtml+xml") => element.markup(),
        // Escaped markup or plain text; some declare nothing and mean markup, which shows.
        Some(_) | None => element.verbatim(),
    }
}

fn authors(element: &Element) -> impl Iterator<Item = String> {
    element.all("author").filter_map(|author| author.text_at(&["name"]))
}

/// The address that a reader is sent to, not that of the feed or of a comment page.
fn address(entry: &Element) -> Option<String> {
    let links = || entry.all("link").filter(|link| link.prefix.is_empty() || link.prefix == "atom");
    let is_page = |link: &&Element| matches!(link.attribute("rel"), None | Some("alternate"));
    links().find(is_page).or_else(|| links().next()).and_then(|link| link.attribute("href")).map(str::to_owned)
}

fn category(entry: &Element) -> Option<String> {
    let category = entry.all("category").find(|category| category.attribute("scheme") != Some(KIND))?;
    category.attribute("label").or_else(|| category.attribute("term")).map(str::to_owned)
}

//! Atom (RFC 4287).

use super::super::items::{Item, plain};
use super::super::xml::Element;

/// Understands an entry; `feed` holds what is before the entries.
pub(super) fn item(entry: &Element, feed: &Element) -> Item {
    let source = entry.at(&["source"]);
    let mut item = Item::default();
    item.set("title", own(entry, "title").map(line));
    item.set_all("byline", authors(entry));
    item.set_all("byline", authors(feed));
    item.set("outlet", source.and_then(|source| own(source, "title")).map(line));
    item.set("outlet", own(feed, "title").map(line));
    item.set("url", address(entry));
    item.set("id", entry.text_at(&["id"]));
    // Atom 0.3 called them `issued` and `modified`.
    for name in ["published", "issued", "updated", "modified"] {
        item.set("date", entry.text_at(&[name]));
    }
    item.set("section", category(entry));
    let language = [entry, feed].into_iter().find_map(|element| element.attribute("xml:lang"));
    item.set("language", language.map(str::to_owned));
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
    let category = entry.at(&["category"])?;
    category.attribute("label").or_else(|| category.attribute("term")).map(str::to_owned)
}

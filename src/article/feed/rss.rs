//! RSS 0.9 to 2.0, with the modules that carry whole articles: content, Dublin Core.

use super::super::items::{Item, plain};
use super::super::xml::Element;

/// Understands an item; `channel` holds what stands before the items.
pub(super) fn item(element: &Element, channel: &Element) -> Item {
    // RSS 1.0 has its items beside the channel, the others within it.
    let channel = channel.at(&["channel"]).unwrap_or(channel);
    let mut item = Item::default();
    item.set("title", own(element, "title").map(|title| plain(&title)));
    item.set_all("byline", element.all("creator").chain(element.all("author")).map(|author| name(&author.text())));
    // An aggregator's items name the outlet that each came from.
    item.set("outlet", own(element, "source").map(|title| plain(&title)));
    item.set("outlet", own(channel, "title").map(|title| plain(&title)));
    item.set("url", own(element, "link").or_else(|| permalink(element)));
    item.set("id", own(element, "guid"));
    item.set("date", own(element, "pubDate").or_else(|| element.text_at(&["date"])));
    item.set("section", own(element, "category").map(|category| plain(&category)));
    item.set("language", element.text_at(&["language"]).or_else(|| channel.text_at(&["language"])));
    if let Some(content) = element.at(&["encoded"]) {
        item.set_body(&content.verbatim());
    }
    if !item.has_body()
        && let Some(description) = element.all("description").find(|found| found.prefix.is_empty())
    {
        item.set_body(&description.verbatim());
        if item.has_body() {
            item.warn(super::ONLY_SUMMARY);
        }
    }
    item
}

/// The text of an element of RSS's own, not of a module that has one of the same name (`media:title`, `atom:link`).
fn own(element: &Element, name: &str) -> Option<String> {
    let found = element.all(name).find(|found| found.prefix.is_empty() || found.prefix == "rss")?;
    Some(found.text()).filter(|text| !text.is_empty())
}

/// The item's id, which is an address unless it says otherwise.
fn permalink(element: &Element) -> Option<String> {
    let guid = element.at(&["guid"])?;
    let is_address = guid.attribute("isPermaLink").is_none_or(|value| value.eq_ignore_ascii_case("true"));
    Some(guid.text()).filter(|text| is_address && text.starts_with("http"))
}

/// The name in `ann@example.org (Ann Ray)`, which is how the specification wants authors.
fn name(author: &str) -> String {
    match author.split_once('(') {
        Some((address, name)) if address.contains('@') => name.trim_end_matches(')').trim().to_owned(),
        _ => plain(author),
    }
}

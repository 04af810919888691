//! Sitemaps with Google's news extension: metadata of articles, without their text.

use super::super::items::Item;
use super::super::xml::Element;

/// Understands an address that comes with metadata. What is known of the article is kept, the headline as its only text.
pub(super) fn item(address: &Element) -> Option<Item> {
    let news = address.at(&["news"])?;
    let mut item = Item::default();
    item.set("title", news.text_at(&["title"]));
    item.set("text", news.text_at(&["title"]));
    item.set("outlet", news.text_at(&["publication", "name"]));
    item.set("language", news.text_at(&["publication", "language"]));
    item.set("date", news.text_at(&["publication_date"]));
    item.set("url", address.text_at(&["loc"]));
    item.warn("a sitemap gives the headline only; ingest the page for its text");
    Some(item)
}

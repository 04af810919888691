//! What outlets publish for machines: feeds of items and sitemaps of addresses.

mod atom;
mod rss;
mod sitemap;

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;

use super::items::{self, Item};
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::{Format, Problem};

/// Reads every item of a feed, RSS of any version or Atom.
pub(super) fn split(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let is_item = |name: &str| matches!(name, "item" | "entry");
    let mut titles = Titles::default();
    // Read once: it may be as large as all items together.
    let mut channel: Option<Channel> = None;
    items::split(stream, Format::Feed, options, give, is_item, |item, feed| {
        if rss::is_attachment(item) || atom::is_beside(item) {
            return Ok(None);
        }
        let mut item = if item.name == "entry" {
            atom::item(item, channel.get_or_insert_with(|| atom::channel(feed)))
        } else {
            rss::item(item, channel.get_or_insert_with(|| rss::channel(feed)))
        };
        titles.separate(&mut item);
        if item.has_body() { Ok(Some(item)) } else { Err(Problem::Announced) }
    })
}

/// What a feed says of all of its items, before the first one.
#[derive(Default)]
struct Channel {
    title: Option<String>,
    language: Option<String>,
    /// Authors of the feed.
    authors: Vec<String>,
    /// The names that an export gives for authors whom its items name by a login.
    display_names: FxHashMap<String, String>,
}

/// A title or a list of authors that is longer is none: each item would repeat it.
const LONGEST: usize = 1000;

/// By id: the title of the first item of a feed that has it.
#[derive(Default)]
struct Titles(FxHashMap<String, String>);

impl Titles {
    /// Takes the id from an item without an address that has another title than an earlier item of this id: some
    /// publishing systems repeat ids.
    fn separate(&mut self, item: &mut Item) {
        let (None, Some(id)) = (item.get("url"), item.get("id")) else { return };
        let title = item.get("title").unwrap_or_default();
        if self.0.entry(id.to_owned()).or_insert_with(|| title.to_owned()) != title {
            item.remove("id");
        }
    }
}

/// Reads every address of a sitemap with Google's news extension.
pub(super) fn split_sitemap(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let is_address = |name: &str| matches!(name, "url" | "sitemap");
    // One word about addresses without metadata is enough: there may be fifty thousand.
    let mut reported = false;
    items::split(stream, Format::Sitemap, options, give, is_address, |address, _| match sitemap::item(address) {
        None if reported => Ok(None),
        None => {
            reported = true;
            Err(Problem::OnlyAddresses)
        }
        item => Ok(item),
    })
}

/// The message about items that hold only a teaser.
const ONLY_SUMMARY: &str = "the feed gives a summary, not the whole article";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Options, read_from};

    #[track_caller]
    fn check(items: &str, expect: &[&str]) {
        let feed = format!("<rss version=\"2.0\"><channel><title>The Post</title>{items}</channel></rss>");
        let mut ids = Vec::new();
        let _ = read_from("feed.xml", feed.as_bytes(), &Options::default(), &mut |article| {
            ids.extend(article.ok().map(|article| article.meta.id));
            ControlFlow::Continue(())
        });
        assert_eq!(ids, expect);
    }

    fn item(title: &str, link: &str, guid: &str) -> String {
        let link = if link.is_empty() { String::new() } else { format!("<link>{link}</link>") };
        let guid = if guid.is_empty() { String::new() } else { format!("<guid isPermaLink=\"false\">{guid}</guid>") };
        format!("<item><title>{title}</title>{link}{guid}<description>{title} in full.</description></item>")
    }

    #[test]
    fn items_with_ids_of_their_own_are_separate() {
        let live = "https://post.example/live";
        let blog = [item("Dues", live, "a1"), item("Ferry", live, "a2"), item("Fog", live, "a3")].concat();
        check(&blog, &[live, "https://post.example/live#a2", "https://post.example/live#a3"]);
        let versions = [item("Dues", live, "a1"), item("Dues rise", live, "a1")].concat();
        check(&versions, &[live, live]);
        check(&[item("Dues", live, ""), item("Ferry", live, "")].concat(), &[live, live]);
        check(&[item("Dues", "", "7"), item("Ferry", "", "7")].concat(), &["feed.xml!7", "feed.xml!2"]);
        check(&[item("Dues", "", "7"), item("Dues", "", "7")].concat(), &["feed.xml!7", "feed.xml!7"]);
    }
}

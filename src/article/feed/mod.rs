//! What outlets publish for machines: feeds of items and sitemaps of addresses.

mod atom;
mod rss;
mod sitemap;

use std::ops::ControlFlow;

use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::{Format, Problem, items};

/// Reads every item of a feed, RSS of any version or Atom.
pub(super) fn split(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let is_item = |name: &str| matches!(name, "item" | "entry");
    items::split(stream, Format::Feed, options, give, is_item, |item, feed| {
        let item = if item.name == "entry" { atom::item(item, feed) } else { rss::item(item, feed) };
        if item.has_body() { Ok(Some(item)) } else { Err(Problem::Announced) }
    })
}

/// Reads every address of a sitemap with Google's news extension.
pub(super) fn split_sitemap(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let is_address = |name: &str| matches!(name, "url" | "sitemap");
    // One word about addresses without metadata is enough: there may be fifty thousand.
    let mut told = false;
    items::split(stream, Format::Sitemap, options, give, is_address, |address, _| match sitemap::item(address) {
        None if told => Ok(None),
        None => {
            told = true;
            Err(Problem::OnlyAddresses)
        }
        item => Ok(item),
    })
}

/// What is told of items that carry no more than their teaser.
const ONLY_SUMMARY: &str = "the feed gives a summary, not the whole article";

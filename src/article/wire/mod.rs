//! What news agencies send: NITF and NewsML-G2 in XML, ninjs in JSON.

mod newsml;
pub(super) mod ninjs;
mod nitf;

use std::ops::ControlFlow;

use super::items::{self, Item};
use super::problem::shown;
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::xml::Element;
use super::{Format, Problem};

/// Reads every item of a wire document.
pub(super) fn split(stream: Stream<'_>, format: Format, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let is_item = |name: &str| matches!(name, "newsItem" | "NewsItem" | "packageItem" | "nitf");
    items::split(stream, format, options, give, is_item, |element, _| {
        let item = match element.name.as_str() {
            "nitf" => nitf::item(element),
            "NewsItem" => newsml::item_of_version_1(element),
            _ => newsml::item(element),
        };
        item.map(Some)
    })
}

/// Refuses an item that its provider has taken back; `status` may be a qualified code such as `stat:canceled`.
fn refuse_withdrawn(status: Option<&str>) -> Result<(), Problem> {
    let status = status.unwrap_or("usable");
    let plain = status.rsplit(':').next().unwrap_or(status).to_ascii_lowercase();
    match plain.as_str() {
        "canceled" | "cancelled" | "withheld" | "killed" => Err(Problem::Withdrawn { status: shown(&plain) }),
        _ => Ok(()),
    }
}

/// Warns of an item that is not to be published before a moment.
fn note_embargo(item: &mut Item, until: Option<String>) {
    if let Some(until) = until {
        item.warn(&format!("its provider asks not to publish it before {}", shown(&until)));
    }
}

/// The paragraphs, headings and lists of a body as plain markup; captions, tables of results and notes are left out.
fn body_markup(body: &Element) -> String {
    body.markup_by(&|name| match name {
        "p" | "ul" | "ol" | "li" | "br" | "dl" | "dt" | "dd" | "pre" => Some(name),
        "hl1" | "hl2" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Some("h2"),
        "block" | "bq" | "blockquote" | "div" | "section" | "article" | "body" => Some("div"),
        "media" | "figure" | "img" | "table" | "nitf-table" | "note" | "fn" | "script" | "style" | "footer" => None,
        _ => Some(""),
    })
}

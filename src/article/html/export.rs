//! Pages that an archive of the press or a messenger exports, with several articles, each in a part of its own.

use std::ops::ControlFlow;

use memchr::memmem;
use serde_json::Value;

use super::super::unpack::Sink;
use super::super::{Content, Fields, Format, Hints, Place, Raw, charset, document};
use super::block::{Shown, blocks};
use super::dom::{Dom, NodeId};
use super::tag::Tag;
use super::{charset_of, join};

/// How an export lays out its articles.
struct Layout {
    /// Only pages of the export hold this.
    mark: &'static str,
    /// The element around an article, and a word of its class.
    article: (Tag, Option<&'static str>),
    /// The classes of the text, of each field of an article, and of what the page says of all of them.
    text: &'static [&'static str],
    fields: &'static [(&'static str, &'static str)],
    of_all: Option<(&'static str, &'static str)>,
}

const LAYOUTS: [Layout; 2] = [
    // Telegram
    Layout {
        mark: "class=\"pull_right date details\"",
        article: (Tag::Div, Some("default")),
        text: &["text"],
        fields: &[("date", "date"), ("byline", "from_name")],
        of_all: Some(("outlet", "page_header")),
    },
    // Europresse
    Layout {
        mark: "class=\"DocPublicationName\"",
        article: (Tag::Article, None),
        text: &["docOcurrContainer", "DocText"],
        fields: &[
            ("title", "titreArticle"),
            ("outlet", "DocPublicationName"),
            ("date", "DocHeader"),
            ("byline", "sm-margin-bottomNews"),
        ],
        of_all: None,
    },
];

/// What pages hold whose lines are those of an export as text: Factiva by codes, `ProQuest`, Nexis. Factiva's others have numbers.
const LINES: [&[&str]; 3] = [&[">HD<", ">LP<"], &["ull text", "ublication title"], &["<DOCFULL>", " DOCUMENTS"]];

/// Gives the articles of an export whose parts have no names, by the lines that its page shows.
fn by_lines(bytes: &[u8], place: &Place, give: &mut Sink) -> Option<ControlFlow<()>> {
    let decoded = charset::decode(bytes.to_vec(), charset_of(bytes).as_deref()).ok()?;
    let dom = Dom::parse(&decoded.text);
    let body = dom.all().find(|node| dom.is(*node, Tag::Body)).unwrap_or(NodeId::ROOT);
    let lines: Vec<String> = blocks(&dom, body, Shown::default()).into_iter().map(|block| block.text).collect();
    document::split_lines(&lines, place, Format::Html, give)
}

/// Gives the articles of an export, numbered from 1; none if the page is no export.
pub(in super::super) fn split(bytes: &[u8], place: &Place, give: &mut Sink) -> Option<ControlFlow<()>> {
    let has = |mark: &str| memmem::find(bytes, mark.as_bytes()).is_some();
    let Some(layout) = LAYOUTS.iter().find(|layout| has(layout.mark)) else {
        return if LINES.iter().any(|marks| marks.iter().all(|mark| has(mark))) || document::has_number(bytes) {
            by_lines(bytes, place, give)
        } else {
            None
        };
    };
    let decoded = charset::decode(bytes.to_vec(), charset_of(bytes).as_deref()).ok()?;
    let dom = Dom::parse(&decoded.text);
    let has_class = |node: NodeId, class: &str| {
        dom.attribute(node, "class").is_some_and(|own| own.split_ascii_whitespace().any(|word| word == class))
    };
    let shown =
        |node: NodeId| dom.attribute(node, "title").map_or_else(|| dom.text(node), std::borrow::Cow::into_owned);
    let of_all = layout.of_all.and_then(|(name, class)| {
        Some((name, dom.all().find(|node| has_class(*node, class)).map(|node| dom.text(node))?))
    });
    let (tag, class) = layout.article;
    let articles = dom.all().filter(|node| dom.is(*node, tag) && class.is_none_or(|class| has_class(*node, class)));
    // Who writes several messages in a row is named once.
    let mut byline = None;
    let mut number = 0;
    for article in articles {
        let Some(text) = dom.within(article).find(|node| layout.text.iter().any(|class| has_class(*node, class)))
        else {
            continue;
        };
        let paragraphs: Vec<String> =
            blocks(&dom, text, Shown::default()).into_iter().map(|block| block.text).collect();
        let mut fields = Fields::new();
        let mut put = |name: &str, value: String| fields.insert(name.to_owned(), Value::String(value));
        put("text", join(&paragraphs).0);
        for (name, class) in layout.fields {
            let found = dom.within(article).find(|node| has_class(*node, class)).map(shown);
            if *name == "byline" && (found.is_some() || layout.of_all.is_none()) {
                byline.clone_from(&found);
            }
            if let Some(value) = if *name == "byline" { byline.clone() } else { found } {
                put(name, value);
            }
        }
        if let Some((name, value)) = &of_all {
            put(name, value.clone());
            if byline.as_ref() == Some(value) {
                fields.remove("byline");
            }
        }
        number += 1;
        let hints = Hints { warnings: decoded.warnings.clone(), ..Hints::default() };
        let raw = Raw { place: place.part(number), format: Format::Html, content: Content::Fields(fields), hints };
        if give(Ok(raw)).is_break() {
            return Some(ControlFlow::Break(()));
        }
    }
    (number > 0).then_some(ControlFlow::Continue(()))
}

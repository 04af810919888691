//! Web pages.

use super::{Article, Format, Hints, Meta, Place, Problem};
use super::{charset, date, language};
use crate::text::Span;

/// Reads a page.
pub(super) fn read(bytes: &[u8], place: &Place, format: Format, hints: &Hints) -> Result<Article, Problem> {
    let decoded = charset::decode(bytes.to_vec(), hints.charset.as_deref())?;
    let options = trafilatura::Options::default();
    let found = trafilatura::extract(&decoded.text, &options).map_err(|_| Problem::NoText)?;
    let (text, paragraphs) = fragment(&found.content_html);
    let mut article = Article { meta: Meta::at(place), text, paragraphs, format, warnings: decoded.warnings };
    let meta = &mut article.meta;
    meta.title = Some(found.metadata.title).filter(|title| !title.is_empty());
    meta.url.clone_from(&hints.url);
    if let Some(url) = &meta.url {
        meta.id.clone_from(url);
    }
    meta.published = meta.url.as_deref().and_then(date::of_url);
    meta.language = language::detect(&article.text);
    Ok(article)
}

/// Text and paragraphs of marked-up text that is all body: a feed's content, a record's field. Nothing is left out.
pub(super) fn fragment(html: &str) -> (String, Vec<Span>) {
    let mut text = String::new();
    let mut paragraphs = Vec::new();
    let document = scraper::Html::parse_fragment(html);
    let mut current = String::new();
    let flush = |current: &mut String, text: &mut String, paragraphs: &mut Vec<Span>| {
        let words = current.split_whitespace().collect::<Vec<_>>().join(" ");
        current.clear();
        if !words.is_empty() {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            let start = text.len();
            text.push_str(&words);
            paragraphs.push(Span::new(start, text.len()));
        }
    };
    for edge in document.root_element().traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) | ego_tree::iter::Edge::Close(node) => match node.value() {
                scraper::Node::Text(t) if matches!(edge, ego_tree::iter::Edge::Open(_)) => current.push_str(t),
                scraper::Node::Element(e)
                    if matches!(e.name(), "p" | "br" | "div" | "li" | "h1" | "h2" | "h3" | "h4") =>
                {
                    flush(&mut current, &mut text, &mut paragraphs);
                }
                _ => {}
            },
        }
    }
    flush(&mut current, &mut text, &mut paragraphs);
    (text, paragraphs)
}

/// True for a string that is HTML rather than text: it holds a closed paragraph or a line break element.
pub(super) fn looks_marked_up(text: &str) -> bool {
    ["</p>", "<br>", "<br/>", "<br />", "</div>"].iter().any(|tag| text.contains(tag))
}

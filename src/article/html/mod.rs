//! Web pages.

mod block;
mod body;
mod dom;
mod entity;
mod furniture;
mod tag;
mod token;

use super::{Article, Format, Hints, Meta, Place, Problem};
use super::{charset, language};
use crate::text::Span;
use dom::{Dom, NodeId};

/// Reads a page: its article, and what it says about it.
pub(super) fn read(bytes: &[u8], place: &Place, format: Format, hints: &Hints) -> Result<Article, Problem> {
    let decoded = charset::decode(bytes.to_vec(), hints.charset.as_deref())?;
    let dom = Dom::parse(&decoded.text);
    let found = body::paragraphs(&dom, body::Clues::default());
    let (text, paragraphs) = join(&found);
    if paragraphs.is_empty() {
        return Err(Problem::NoText);
    }
    let mut article = Article { meta: Meta::at(place), text, paragraphs, format, warnings: decoded.warnings };
    article.meta.language = language::detect(&article.text);
    Ok(article)
}

/// Text and paragraphs of marked-up text that is all body: a feed's content, a record's field. Nothing is left out.
pub(super) fn fragment(html: &str) -> (String, Vec<Span>) {
    let dom = Dom::parse(html);
    let found: Vec<String> = block::blocks(&dom, NodeId::ROOT).into_iter().map(|block| block.text).collect();
    join(&found)
}

/// True for a string that is HTML rather than text: it holds a closed paragraph or a line break element.
pub(super) fn looks_marked_up(text: &str) -> bool {
    ["</p>", "<br>", "<br/>", "<br />", "</div>"].iter().any(|tag| text.contains(tag))
}

/// A body of paragraphs with a blank line between them.
fn join(found: &[String]) -> (String, Vec<Span>) {
    let mut text = String::with_capacity(found.iter().map(|paragraph| paragraph.len() + 2).sum());
    let mut paragraphs = Vec::with_capacity(found.len());
    for paragraph in found {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let start = text.len();
        text.push_str(paragraph);
        paragraphs.push(Span::new(start, text.len()));
    }
    (text, paragraphs)
}

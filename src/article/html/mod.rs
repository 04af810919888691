//! Web pages.

mod block;
mod body;
mod dom;
mod entity;
mod furniture;
mod linked;
mod metadata;
mod tag;
mod token;

use super::{Article, Format, Hints, Meta, Place, Problem};
use super::{charset, language, record};
use crate::text::Span;
use body::Clues;
use dom::{Dom, NodeId};
use metadata::Metadata;

/// Reads a page: its article, and what it says about it.
pub(super) fn read(bytes: &[u8], place: &Place, format: Format, hints: &Hints) -> Result<Article, Problem> {
    let declared = hints.charset.clone().or_else(|| charset_of(bytes));
    let decoded = charset::decode(bytes.to_vec(), declared.as_deref())?;
    let dom = Dom::parse(&decoded.text);
    let metadata = Metadata::read(&dom, hints);
    let clues = Clues {
        title: metadata.title.as_deref(),
        headline: metadata.headline,
        description: metadata.description.as_deref(),
        article_body: metadata.article_body.as_deref(),
    };
    let (text, paragraphs) = join(&body::paragraphs(&dom, clues));
    if paragraphs.is_empty() {
        return Err(Problem::NoText);
    }
    let mut warnings = decoded.warnings;
    warnings.extend(metadata.warnings);
    if dom.cut {
        warnings.push("the page is too large; its end was left out".to_owned());
    }
    let mut meta = Meta::at(place);
    meta.title = metadata.title;
    meta.byline = metadata.byline;
    meta.outlet = metadata.outlet;
    meta.section = metadata.section;
    meta.published = metadata.published;
    meta.language = language::of_page(metadata.language, &text);
    if let Some(url) = metadata.url {
        meta.id.clone_from(&url);
        meta.url = Some(url);
    }
    record::complete(&mut meta, hints, place);
    Ok(Article { meta, text, paragraphs, format, warnings })
}

/// The charset that a page declares in its first bytes: `<meta charset=...>`, an XML declaration.
fn charset_of(bytes: &[u8]) -> Option<String> {
    // Browsers look at this much.
    const HEAD: usize = 1024;
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(HEAD * 4)).unwrap_or(bytes)).to_ascii_lowercase();
    let (_, after) = head.split_once("charset=").or_else(|| head.split_once("encoding="))?;
    let name = after.trim_start_matches(['"', '\'', ' ']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty()).map(str::to_owned)
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

//! Web pages.

mod apart;
mod article_body;
mod authors;
mod block;
mod body;
mod boilerplate;
mod boilerplate_line;
mod dom;
mod elsewhere;
mod entity;
mod export;
mod features;
mod flat_data;
mod headline;
mod json_ld;
mod meta;
mod metadata;
mod page_hints;
mod parts;
mod published;
mod saved;
mod score;
mod script_data;
mod standfirst;
mod style;
mod tag;
mod title;
mod token;
mod turns;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod train;

use super::record::FieldMap;
use super::{Article, DateOrigin, Format, Hints, Meta, Place, Problem, Published};
use super::{charset, language, record};
use crate::text::Span;
use dom::{Dom, NodeId};

pub(super) use export::split as split_export;

use metadata::Metadata;
use page_hints::PageHints;

/// A page that shows less than this part of the text in its data builds the rest by script, or keeps it after a wall.
const SHOWN_PART: f64 = 0.4;

/// A page that shows fewer bytes of text may keep it in data for a script.
const SHORT: usize = 1500;

/// Reads a page: its article, and what it says about it.
pub(super) fn read(bytes: &[u8], place: &Place, format: Format, hints: &Hints) -> Result<Article, Problem> {
    let declared = hints.charset.clone().or_else(|| charset_of(bytes));
    let decoded = charset::decode(bytes.to_vec(), declared.as_deref())?;
    let dom = Dom::parse(&decoded.text);
    let saved = || saved::from_remark(&decoded.text).or_else(|| saved::from_frame(&dom));
    let hints = &Hints { url: hints.url.clone().or_else(saved), ..hints.clone() };
    let metadata = Metadata::read(&dom, hints);
    let page_hints = PageHints {
        title: metadata.title.as_deref(),
        headline: metadata.headline,
        byline: &metadata.byline,
        description: metadata.description.as_deref(),
        article_body: metadata.article_body.as_deref(),
    };
    let mut warnings = decoded.warnings;
    warnings.extend(metadata.warnings);
    let (mut text, mut paragraphs) = join(&body::paragraphs(&dom, page_hints));
    let mut copy = page_hints.article_body.map(lines);
    let mut data = script_data::Found::default();
    if copy.is_none() && text.len() < SHORT {
        data = script_data::article(&dom, page_hints.title, text.is_empty());
        copy = Some(join(&data.paragraphs));
    }
    let (mut title, mut byline, mut published) = (metadata.title, metadata.byline, metadata.published);
    if let Some(copy) = copy
        && copy.0.len() as f64 * SHOWN_PART > text.len() as f64
    {
        warnings.push("most of the text is not shown by the page; it was taken from the page's data".to_owned());
        (text, paragraphs) = copy;
        let beside =
            record::with_body(&data.fields, String::new(), place, &Hints::default(), &FieldMap::default()).meta;
        title = title.or(data.title);
        byline = if byline.is_empty() { beside.byline } else { byline };
        let told = beside.published.filter(|published| published.origin == DateOrigin::Record);
        let told = told.map(|published| Published { origin: DateOrigin::Metadata, ..published });
        if published.as_ref().is_none_or(|published| published.origin >= DateOrigin::Crawl) {
            published = told.or(published);
        }
    }
    if paragraphs.is_empty() {
        return Err(Problem::NoText);
    }
    if dom.cut {
        warnings.push("the page is too large; its end was left out".to_owned());
    }
    let mut meta = Meta::at(place);
    meta.title = title;
    meta.byline = byline;
    meta.outlet = metadata.outlet;
    meta.section = metadata.section;
    meta.published = published;
    meta.language = language::of_page(metadata.language, &text);
    if let Some(url) = metadata.url {
        meta.id.clone_from(&url);
        meta.url = Some(url);
    }
    record::complete(&mut meta, hints, place);
    Ok(Article { meta, text, paragraphs, format, warnings, ..Article::default() })
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

/// Text and paragraphs of the copy of the text in a page's data, a paragraph a line.
fn lines(copy: &str) -> (String, Vec<Span>) {
    let found: Vec<String> = copy.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    join(&found)
}

/// Text and paragraphs of marked-up text that is all body: a feed's content, a record's field. Nothing is left out but
/// captions, links to other articles in an `<aside>`, and the line at the end that says where it appeared first. A
/// blank line ends a paragraph of bare text.
pub(super) fn fragment(html: &str) -> (String, Vec<Span>) {
    let dom = Dom::parse(html);
    let blocks = block::blocks(&dom, NodeId::ROOT, block::Shown { blank_lines: true, ..Default::default() });
    let has_text = |block: &&block::Block| !boilerplate::is_beside_text(&dom, block.first, block.link_density());
    let mut found: Vec<String> = blocks.iter().filter(has_text).map(|block| block.text.clone()).collect();
    if found.is_empty() {
        found = blocks.into_iter().map(|block| block.text).collect();
    }
    // Some wires send the lead twice: on its own, and at the head of the text.
    if found.len() > 2 && found.first() == found.get(1) {
        found.remove(0);
    }
    if found.last().is_some_and(|last| boilerplate_line::is_feed_footer(last)) {
        found.pop();
    }
    join(&found)
}

/// The letters and digits of a text, in lower case: what is the same however it is set.
pub(super) use title::letters;

/// The text of the first heading in marked-up text.
pub(super) fn heading(html: &str) -> Option<String> {
    let dom = Dom::parse(html);
    let headings = dom.all().filter(|node| dom.tag(*node).is_some_and(|tag| tag.heading().is_some()));
    headings.map(|node| dom.text(node)).find(|text| !text.is_empty())
}

/// True for the name of one of HTML's elements.
pub(super) fn is_element(name: &str) -> bool {
    tag::Tag::of(name) != tag::Tag::Other || matches!(name, "font" | "strike" | "small" | "big" | "mark" | "code")
}

/// Text with its character references resolved.
pub(super) fn resolve(text: &str) -> std::borrow::Cow<'_, str> {
    entity::resolve(text)
}

/// Elements whose text is set apart, in HTML that is kept as text, and those that are within a line.
const APART: [&str; 10] = ["p", "div", "blockquote", "h2", "h3", "h4", "li", "ul", "ol", "figure"];
const WITHIN: [&str; 7] = ["a", "b", "em", "i", "span", "strong", "u"];

/// True for a string that is HTML rather than text: it holds a closed element or a line break.
pub(super) fn looks_marked_up(text: &str) -> bool {
    is_set_apart(text) || has_mark(text, |name, closes| closes && is_one_of(&WITHIN, name))
}

/// Text and paragraphs of a string that may be text or HTML; none if it is text. Where nothing is set apart, its lines are
/// paragraphs as those of a text are.
pub(super) fn if_marked_up(text: &str) -> Option<(String, Vec<Span>)> {
    let blank = |line: &str| line.trim().is_empty();
    if !looks_marked_up(text) {
        None
    } else if is_set_apart(text) || text.trim().lines().any(blank) {
        Some(fragment(text))
    } else {
        Some(fragment(&text.replace('\n', "\n\n")))
    }
}

fn is_set_apart(text: &str) -> bool {
    has_mark(text, |name, closes| closes && is_one_of(&APART, name) || name.eq_ignore_ascii_case("br"))
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// True if the text has an element like this, given its name and whether it is its end.
fn has_mark(text: &str, is_like: impl Fn(&str, bool) -> bool) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let (name, behind) = name.split_at(end);
        let ends = behind.trim_start_matches([' ', '/']).starts_with('>');
        ends && is_like(name, rest.starts_with('/'))
    })
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

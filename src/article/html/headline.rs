//! Which heading of a page is that of the article.

use super::body::is_date;
use super::boilerplate::is_hidden;
use super::dom::{Dom, NodeId, NodeKind};
use super::tag::Tag;
use super::title::letters;

/// The heading that is the article's: an `<h1>` that the page's title repeats, else the first that is shown and long enough
/// to be none of a paper's or a section's name, else an `<h2>` or `<h3>` that the title repeats; else the only `<h1>`, or a
/// line of an old page that says the title, or that is set large where there is none.
pub(super) fn headline(dom: &Dom<'_>, page_title: Option<&str>) -> Option<NodeId> {
    let title = page_title.map(letters).unwrap_or_default();
    let of_rank = |rank: Tag| {
        dom.all()
            .filter(move |node| dom.is(*node, rank) && dom.is_small(*node))
            .filter(|node| !dom.ancestors(*node).any(|around| dom.is(around, Tag::Nav)))
            .map(|node| (node, dom.text(node)))
    };
    let headings: Vec<(NodeId, String)> = of_rank(Tag::H1).collect();
    // The title begins with the headline, and may end with the name of the paper; or the other way round.
    let begins = |text: &str| {
        let own = letters(text);
        own.len() >= 6 && own.len() * 3 > title.len() && title.starts_with(&own)
    };
    let ends = |text: &str| title.ends_with(&letters(text));
    let is_name = |text: &str| ends(text) && letters(text).len() * 2 < title.len();
    let shown = || headings.iter().filter(|(node, text)| is_long(text) && !is_hidden(dom, *node));
    headings
        .iter()
        .find(|(_, text)| begins(text))
        .or_else(|| shown().find(|(_, text)| !is_name(text)))
        .cloned()
        .or_else(|| {
            of_rank(Tag::H2).chain(of_rank(Tag::H3)).find(|(_, text)| is_long(text) && (begins(text) || ends(text)))
        })
        .or_else(|| shown().next().cloned())
        .map(|(node, _)| node)
        .or_else(|| only_heading(dom, &headings, &title))
        .or_else(|| {
            let lower: Vec<_> = of_rank(Tag::H2).chain(of_rank(Tag::H3)).collect();
            lone_heading(dom, &lower).filter(|_| headings.is_empty())
        })
        .or_else(|| {
            let line = set_headline(dom, &title).or_else(|| large_line(dom, page_title.unwrap_or_default()));
            line.filter(|_| of_rank(Tag::H1).chain(of_rank(Tag::H2)).next().is_none())
        })
}

/// A short `<h1>`, where it is the only one that is shown, leads nowhere, and the title says nothing else of the article.
fn only_heading(dom: &Dom<'_>, headings: &[(NodeId, String)], title: &str) -> Option<NodeId> {
    let mut shown = headings.iter().filter(|(node, text)| !text.is_empty() && !is_hidden(dom, *node));
    let ((only, _), None) = (shown.next()?, shown.next()) else { return None };
    let is_in_article = || dom.ancestors(*only).any(|around| matches!(dom.tag(around), Some(Tag::Article | Tag::Main)));
    let is_linked = dom.within(*only).any(|inner| dom.is(inner, Tag::A)) || dom.is(dom.parent(*only), Tag::A);
    ((title.is_empty() || is_in_article()) && !is_linked).then_some(*only)
}

/// The only heading that is no date, before all text: the headline of an old page whose title is the name of the paper.
fn lone_heading(dom: &Dom<'_>, headings: &[(NodeId, String)]) -> Option<NodeId> {
    const LONG: usize = 20;
    let mut own = headings.iter().filter(|(_, text)| is_long(text) && !is_date(text));
    let ((only, _), None) = (own.next()?, own.next()) else { return None };
    let is_text =
        |node: NodeId| dom.is(node, Tag::P) && dom.is_small(node) && dom.text(node).split_whitespace().count() >= LONG;
    let is_linked = || dom.within(*only).any(|inner| dom.is(inner, Tag::A)) || dom.is(dom.parent(*only), Tag::A);
    let is_first = !Dom::between(NodeId::ROOT, *only).any(is_text);
    (is_first && !is_linked() && !is_hidden(dom, *only)).then_some(*only)
}

/// The line of a page without headings that says its title: `<font size=5><b>Vote is put off</b></font>`.
fn set_headline(dom: &Dom<'_>, title: &str) -> Option<NodeId> {
    const LEAST: usize = 10;
    const LONGEST: usize = 400;
    let is_set = |node: &NodeId| matches!(dom.tag(*node), Some(Tag::B | Tag::Strong | Tag::Span | Tag::Other));
    let says = |node: &NodeId| {
        let text = dom.text(*node);
        text.len() < LONGEST && is_long(&text) && {
            let own = letters(&text);
            own.len() >= LEAST && (title == own || title.starts_with(&own) && own.len() * 2 > title.len())
        }
    };
    let is_line = |node: &NodeId| is_set(node) && dom.is_small(*node) && !is_set(&dom.parent(*node));
    dom.all().filter(is_line).filter(|node| !is_hidden(dom, *node)).find(says)
}

/// The first line above the text that is set large, on a page whose title is missing or a name: `<font size=+2>`.
fn large_line(dom: &Dom<'_>, page_title: &str) -> Option<NodeId> {
    const LONGEST_NAME: usize = 4;
    const LONGEST: usize = 200;
    const PROSE: usize = 20;
    if page_title.split_whitespace().count() > LONGEST_NAME {
        return None;
    }
    let title = letters(page_title);
    let is_shown = |node: NodeId| !matches!(dom.tag(dom.parent(node)), Some(Tag::Script | Tag::Style));
    let is_prose = |node: &NodeId| match dom.kind(*node) {
        NodeKind::Text(text) => text.split_whitespace().count() >= PROSE && is_shown(*node),
        NodeKind::Element(_) => false,
    };
    let is_large = |node: &NodeId| {
        let size = dom.attribute(*node, "size").filter(|_| dom.is(*node, Tag::Other));
        size.is_some_and(|size| matches!(size.trim().as_bytes(), [b'+', b'1'..=b'4'] | [b'4'..=b'7']))
    };
    let is_headline = |node: &NodeId| {
        let text = dom.text(*node);
        let is_linked = dom.within(*node).chain([dom.parent(*node)]).any(|near| dom.is(near, Tag::A));
        text.len() < LONGEST && is_long(&text) && !title.contains(&letters(&text)) && !is_linked
    };
    let lines = dom.all().take_while(|node| !is_prose(node)).filter(is_large);
    lines.filter(|node| dom.is_small(*node) && !is_hidden(dom, *node)).find(is_headline)
}

/// True for a heading that is too long to be the name of a paper or a section.
pub(super) fn is_long(heading: &str) -> bool {
    heading.split(' ').count() >= 3 || heading.chars().filter(|c| !c.is_ascii()).count() >= 6
}

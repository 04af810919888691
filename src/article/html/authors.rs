//! Who wrote a page.

use super::boilerplate::words;
use super::dom::{Dom, NodeId, NodeKind};
use super::json_ld::JsonLd;
use super::meta::{Tags, line};
use super::tag::Tag;
use super::title::letters;
use crate::article::byline;
use crate::language::world;

/// Who wrote it: by the page's data, by meta tags, by what is marked or named a byline.
///
/// Where one of these names only the outlet or an agency, people whom a later one names come first.
pub(super) fn bylines(
    dom: &Dom<'_>,
    tags: &Tags,
    json_ld: &JsonLd,
    headline: Option<NodeId>,
    outlet: Option<&str>,
) -> Vec<String> {
    const TAGS: &[&str] = &[
        "author",
        "article:author",
        "article:author_name",
        "og:article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "citation_author",
        "cxenseparse:author",
        "author_name",
        "article.author",
        "creator",
        "rbauthors",
    ];
    let is_house =
        |name: &String| byline::is_house(name) || outlet.is_some_and(|outlet| letters(outlet) == letters(name));
    let in_data = std::iter::once_with(|| byline::names(&json_ld.authors));
    let tagged = TAGS.iter().map(|name| {
        let values: Vec<String> = tags.all(name).map(str::to_owned).collect();
        byline::names(&values)
    });
    let shown = std::iter::once_with(|| shown_authors(dom, headline));
    let opening = std::iter::once_with(|| opening_lines(dom, headline));
    let mut house = Vec::new();
    for names in in_data.chain(tagged).chain(shown).chain(opening) {
        // After a house, only what is a name beyond doubt.
        let is_sure = house.is_empty() || names.iter().all(|name| byline::is_full_name(name));
        if is_sure && names.iter().any(|name| !is_house(name)) {
            return names;
        }
        if house.is_empty() {
            house = names;
        }
    }
    house
}

/// Authors in a line of their own between the headline and the text: `By Ann Ray`, or the name alone in bold.
fn opening_lines(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    /// Words of a paragraph that is the text.
    const LONG: usize = 20;
    const MOST: usize = 60;
    let Some(headline) = headline else { return Vec::new() };
    let after = dom.all().filter(|node| *node > headline && dom.is_small(*node) && dom.tag(*node).is_some());
    let mut paragraphs = 0;
    for node in after.take(MOST * 4) {
        let text = dom.text(node);
        if text.split_whitespace().count() >= LONG {
            // The first may be the standfirst.
            paragraphs += u32::from(dom.is(node, Tag::P));
            if paragraphs > 1 {
                break;
            }
            continue;
        }
        if is_of_another_article(dom, node, Some(headline)) {
            continue;
        }
        let is_bold = paragraphs == 0 && dom.is(node, Tag::P) && {
            let bold = dom.within(node).filter(|inner| matches!(dom.tag(*inner), Some(Tag::B | Tag::Strong)));
            bold.map(|inner| dom.text(inner)).any(|bold| bold == text)
        };
        if let Some(names) = byline::line(&text, is_bold) {
            return names;
        }
    }
    // In Chinese and Japanese, reporters and editors may be named at the end.
    let opens = |node: &NodeId| matches!(dom.kind(*node), NodeKind::Text(text) if text.contains('：') || text.contains(':') && !text.is_ascii());
    let signed = dom.all().filter(|node| *node > headline).filter(opens).map(|node| dom.parent(node));
    let mut texts = signed.filter(|node| dom.is_small(*node)).map(|node| dom.text(node)).filter(|text| text.len() < 90);
    texts.find_map(|text| byline::signature(&text)).unwrap_or_default()
}

/// Authors as the page shows them: marked ones, links to authors, else what is named a byline.
fn shown_authors(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    // Further down are the authors of other articles.
    const MOST: usize = 3;
    let has = |node: NodeId, name: &str, wanted: &str| {
        dom.attributes(node)
            .iter()
            .any(|(own, value)| *own == name && value.split_ascii_whitespace().any(|v| v == wanted))
    };
    let short =
        |node: NodeId| dom.is_small(node).then(|| dom.text(node)).filter(|text| !text.is_empty() && text.len() < 150);
    let marked: Vec<String> = dom
        .all()
        .filter(|node| has(*node, "itemprop", "author") || has(*node, "rel", "author"))
        .filter(|node| !is_of_another_article(dom, *node, headline))
        .filter_map(|node| {
            let name = dom.within(node).find(|inner| has(*inner, "itemprop", "name"));
            let name = name.unwrap_or(node);
            dom.attribute(name, "content").map(|content| line(&content)).or_else(|| short(name))
        })
        .collect();
    let marked = byline::names(&marked);
    if !marked.is_empty() {
        return marked;
    }
    let from = headline.unwrap_or(NodeId::ROOT);
    let named = dom.all().filter(|node| {
        *node >= from
            && dom.attributes(*node).iter().any(|(name, value)| {
                matches!(*name, "class" | "id" | "data-testid")
                    && value.split_ascii_whitespace().flat_map(words).any(|word| world().bylines.marks.contains(&word))
            })
            && short(*node).is_some()
            && !is_of_another_article(dom, *node, headline)
    });
    // A byline may be empty, or hold an icon: the next one has the name.
    let names_of = |node: NodeId| {
        let links: Vec<String> = dom.within(node).filter(|inner| dom.is(*inner, Tag::A)).filter_map(short).collect();
        let linked = byline::names(&links);
        let line = || byline::names(&short(node).into_iter().collect::<Vec<_>>());
        if linked.is_empty() { line() } else { linked }
    };
    named.take(MOST).map(names_of).find(|names| !names.is_empty()).unwrap_or_default()
}

/// True for a part that lies in an aside, in a card with a linked heading of its own, or in another `<article>`.
fn is_of_another_article(dom: &Dom<'_>, node: NodeId, headline: Option<NodeId>) -> bool {
    let holds = |around: NodeId| headline.is_some_and(|headline| dom.contains(around, headline));
    dom.ancestors(node).take_while(|around| *around != NodeId::ROOT && !holds(*around)).any(|around| {
        matches!(dom.tag(around), Some(Tag::Aside | Tag::Nav))
            || headline.is_some() && dom.is(around, Tag::Article) && has_heading(dom, around, false)
            || dom.is_small(around) && has_heading(dom, around, true)
    })
}

/// True if there is a heading in `node`, or one that is a link.
fn has_heading(dom: &Dom<'_>, node: NodeId, linked: bool) -> bool {
    dom.within(node).filter(|inner| dom.tag(*inner).is_some_and(|tag| tag.heading().is_some())).any(|heading| {
        let is_link = |inner: NodeId| dom.is(inner, Tag::A);
        !linked || dom.within(heading).any(is_link) || is_link(dom.parent(heading))
    })
}

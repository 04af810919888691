//! Who wrote a page.

use super::boilerplate::words;
use super::dom::{Dom, NodeId};
use super::json_ld::JsonLd;
use super::meta::{Tags, line};
use super::tag::Tag;
use crate::article::byline;

/// Who wrote it: by the page's data, by meta tags, by what is marked or named a byline.
pub(super) fn bylines(dom: &Dom<'_>, tags: &Tags, json_ld: &JsonLd, headline: Option<NodeId>) -> Vec<String> {
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
    let in_data = byline::names(&json_ld.authors);
    if !in_data.is_empty() {
        return in_data;
    }
    let tagged = TAGS.iter().map(|name| {
        let values: Vec<String> = tags.all(name).map(str::to_owned).collect();
        byline::names(&values)
    });
    let first = tagged.into_iter().find(|names| !names.is_empty());
    first.unwrap_or_else(|| shown_authors(dom, headline))
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
                    && value.split_ascii_whitespace().flat_map(words).any(|word| {
                        matches!(
                            word.as_str(),
                            "byline"
                                | "bylines"
                                | "author"
                                | "authors"
                                | "autor"
                                | "autoren"
                                | "auteur"
                                | "auteurs"
                                | "autore"
                                | "autori"
                                | "autores"
                                | "firma"
                                | "signature"
                                | "verfasser"
                                | "skribent"
                        )
                    })
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

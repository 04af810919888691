//! Parts of a page that are not the article, by the words in the names that pages give their parts.

use super::dom::{Dom, NodeId, NodeKind};
use super::tag::Tag;
use crate::language::world;

/// How sure it is that a part of a page is boilerplate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Boilerplate {
    /// Unless it holds a good part of the page's prose.
    Likely,
    /// Unless it holds nearly all of it.
    Certain,
}

/// Why a part of a page may be boilerplate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Evidence {
    /// How sure it is.
    pub(super) boilerplate: Boilerplate,
    /// The word of its name, or its element or attribute.
    pub(super) by: &'static str,
}

/// Evidence that a part is not shown at all.
pub(super) const HIDDEN: &str = "hidden";

/// What the element, class, id, role and style of a part say about it.
pub(super) fn boilerplate(dom: &Dom<'_>, node: NodeId) -> Option<Evidence> {
    let likely = |by| Some(Evidence { boilerplate: Boilerplate::Likely, by });
    let certain = |by| Some(Evidence { boilerplate: Boilerplate::Certain, by });
    let tag = dom.tag(node)?;
    let mut best = match tag {
        Tag::Nav => certain("nav"),
        Tag::Menu | Tag::Search => certain("menu"),
        Tag::Footer => likely("footer"),
        Tag::Aside => likely("aside"),
        Tag::Figure if holds_quotation(dom, node) => None,
        Tag::Figcaption | Tag::Figure | Tag::Caption => likely("figure"),
        Tag::Form => likely("form"),
        Tag::Html | Tag::Body => return None,
        // The links and marks of running text have names of their own.
        tag if !tag.is_block() && !matches!(tag, Tag::Span | Tag::Other) => return None,
        Tag::Span if dom.is(dom.parent(node), Tag::P) => return None,
        Tag::P if is_set_caption(dom, node) => certain("figure"),
        _ => None,
    };
    let mut is_body = false;
    for (name, value) in dom.attributes(node) {
        let found = match *name {
            "class" | "id" | "data-component" | "data-testid" | "data-type" | "data-module" | "data-component-name" => {
                let named = by_names(value);
                is_body |= named.is_body;
                // A paragraph is named for who may read it.
                named.evidence.filter(|evidence| tag != Tag::P || evidence.by != "paywall")
            }
            "role" => match *value {
                "navigation" | "complementary" | "search" | "banner" | "contentinfo" | "dialog" | "menu" => {
                    likely("role")
                }
                _ => None,
            },
            "aria-hidden" if *value == "true" => likely("aria-hidden"),
            _ => None,
        };
        if found.map(|evidence| evidence.boilerplate) > best.map(|evidence| evidence.boilerplate) {
            best = found;
        }
    }
    if is_hidden(dom, node) {
        return certain(HIDDEN);
    }
    best.filter(|_| !is_body)
}

/// True for a figure around a quotation, which is text.
fn holds_quotation(dom: &Dom<'_>, figure: NodeId) -> bool {
    dom.children(figure).any(|inner| dom.is(inner, Tag::Blockquote))
}

/// What a class or an id says.
#[derive(Default)]
struct Named {
    evidence: Option<Evidence>,
    /// True if it names the article's text (`article-body paywall`).
    is_body: bool,
}

fn by_names(value: &str) -> Named {
    let pages = &world().pages;
    let mut named = Named::default();
    for name in value.split_ascii_whitespace().filter(|name| !is_random(name)) {
        let mut before = String::new();
        let mut is_body = false;
        let mut own: Option<Evidence> = None;
        for word in words(name) {
            let pair = || pages.rarely_article_pairs.get(&before)?.get(&word);
            let certain = pages.never_article.get(&word).map(|by| Evidence { boilerplate: Boilerplate::Certain, by });
            let likely = || pages.rarely_article.get(&word).or_else(pair);
            let found = certain.or_else(|| likely().map(|by| Evidence { boilerplate: Boilerplate::Likely, by }));
            if found.map(|found| found.boilerplate) > own.map(|own| own.boilerplate) {
                own = found;
            }
            // Of `article-body__related` the last word counts, of `sidebar-fixed article-body` the body.
            is_body = (is_body && found.is_none())
                || (matches!(before.as_str(), "article" | "story" | "post" | "entry" | "main")
                    && matches!(word.as_str(), "body" | "content" | "text" | "copy"));
            before = word;
        }
        named.is_body |= is_body;
        if own.map(|own| own.boilerplate) > named.evidence.map(|own| own.boilerplate) && !is_body {
            named.evidence = own;
        }
    }
    named
}

/// True for generated names: the letters in a hexadecimal number are not words.
fn is_random(name: &str) -> bool {
    let parts = || name.split(|c: char| !c.is_ascii_alphanumeric());
    let is_hexadecimal = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
    name.len() >= 8 && parts().all(is_hexadecimal) && parts().any(is_mixed)
}

/// True for letters and digits in turn (`9ad41f`), as only machines write them; a number after a word is fine (`ad1`).
fn is_mixed(part: &str) -> bool {
    let word = part.trim_end_matches(|c: char| c.is_ascii_digit());
    word.contains(|c: char| c.is_ascii_digit()) && word.contains(|c: char| c.is_ascii_alphabetic())
}

/// The words of a name such as `article-body__relatedLinks`, in lower case.
pub(super) fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words: Vec<String> = Vec::new();
    let mut upper_before = false;
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !is_mixed(part)) {
        let mut open = false;
        for c in part.chars() {
            if !c.is_ascii_alphabetic() {
                open = false;
                continue;
            }
            let starts = !open || (c.is_ascii_uppercase() && !upper_before);
            match words.last_mut() {
                Some(word) if !starts => word.push(c.to_ascii_lowercase()),
                Some(_) | None => words.push(c.to_ascii_lowercase().to_string()),
            }
            open = true;
            upper_before = c.is_ascii_uppercase();
        }
    }
    words.into_iter()
}

/// True for elements that are not shown, or only to screen readers: by their style, an attribute or a usual class.
pub(super) fn is_hidden(dom: &Dom<'_>, node: NodeId) -> bool {
    // Names that hold one of these, whatever is around it.
    const PARTS: [&str; 7] =
        ["sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "screenreader", "offscreen", "assistive"];
    // Whole names.
    const NAMES: [&str; 8] =
        ["hidden", "hide", "is-hidden", "d-none", "invisible", "display-none", "u-hidden", "js-hidden"];
    dom.attributes(node).iter().any(|(name, value)| match *name {
        "class" => {
            let mut names = value.split_ascii_whitespace();
            let hidden = names.clone().any(|name| {
                let is_whole = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
                is_whole || PARTS.iter().any(|known| contains_ignore_case(name, known))
            });
            let by_style = names.clone().any(|name| is_hidden_by_style(dom, '.', name));
            // `d-none d-md-block`, `hidden lg:flex`: hidden on small screens only.
            (hidden || by_style) && !names.any(is_shown_somewhere)
        }
        "id" => is_hidden_by_style(dom, '#', value),
        "style" => {
            let style: String = value.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
            ["display:none", "visibility:hidden", "clip:"].iter().any(|known| style.contains(known))
        }
        "hidden" => *value != "until-found",
        _ => false,
    })
}

/// True for a class or an id that the page's own styles hide.
fn is_hidden_by_style(dom: &Dom<'_>, mark: char, name: &str) -> bool {
    !dom.hidden.is_empty() && dom.hidden.contains(format!("{mark}{}", name.trim()).as_str())
}

/// True for class names that show an element on screens of some size.
fn is_shown_somewhere(name: &str) -> bool {
    const WAYS: [&str; 6] = ["block", "flex", "inline", "grid", "table", "contents"];
    let way = name.split_once(':').map(|(_, way)| way).or_else(|| {
        let (_, way) = name.strip_prefix("d-")?.split_once('-')?;
        Some(way)
    });
    way.is_some_and(|way| WAYS.iter().any(|known| way.starts_with(known)))
}

fn contains_ignore_case(text: &str, part: &str) -> bool {
    text.len() >= part.len() && text.as_bytes().windows(part.len()).any(|w| w.eq_ignore_ascii_case(part.as_bytes()))
}

/// True for a `<span>` that is named the caption or the credit of a picture: some papers set it at the head of the
/// paragraph beside the picture. A single letter there is an initial.
pub(super) fn is_caption(dom: &Dom<'_>, node: NodeId) -> bool {
    const NAMES: [&str; 4] = ["caption", "captions", "credit", "credits"];
    dom.is(node, Tag::Span)
        && dom.attributes(node).iter().any(|(name, value)| {
            *name == "class"
                && value.split_ascii_whitespace().flat_map(words).any(|word| NAMES.contains(&word.as_str()))
        })
        && dom.text(node).chars().nth(1).is_some()
}

/// True for a paragraph of a picture and words in italics or small print: its caption.
fn is_set_caption(dom: &Dom<'_>, node: NodeId) -> bool {
    dom.is_small(node)
        && dom.within(node).any(|inner| matches!(dom.tag(inner), Some(Tag::Img | Tag::Picture)))
        && is_set_in(dom, node, &[Tag::Em, Tag::I, Tag::Cite, Tag::Small])
}

/// True if all text of an element is in elements of these, and there is some.
pub(super) fn is_set_in(dom: &Dom<'_>, node: NodeId, tags: &[Tag]) -> bool {
    let mut end = NodeId::ROOT;
    let mut any = false;
    for inner in dom.within(node) {
        match dom.kind(inner) {
            NodeKind::Element(tag) if tags.contains(&tag) => end = dom.end(inner).max(end),
            NodeKind::Text(text) if !text.trim().is_empty() => {
                if inner >= end {
                    return false;
                }
                any = true;
            }
            NodeKind::Text(_) | NodeKind::Element(_) => {}
        }
    }
    any
}

/// True for text that is not the article's even in what is all body: captions, and in an `<aside>` links to other articles.
pub(super) fn is_beside_text(dom: &Dom<'_>, text: NodeId, link_density: f32) -> bool {
    dom.ancestors(text).any(|around| match dom.tag(around) {
        Some(Tag::Figcaption) => true,
        Some(Tag::Aside) => link_density > 0.5,
        Some(Tag::P) => is_set_caption(dom, around),
        Some(_) | None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: Option<Boilerplate>) {
        let dom = Dom::parse(html);
        let evidence = boilerplate(&dom, dom.all().next().unwrap());
        assert_eq!(evidence.map(|evidence| evidence.boilerplate), expect, "{html}");
    }

    #[test]
    fn names_tell_boilerplate() {
        check("<div class='c-relatedLinks'>", Some(Boilerplate::Certain));
        check("<div class='story read-more'>", Some(Boilerplate::Likely));
        check("<div id=AuthorBio>", Some(Boilerplate::Likely));
        check("<nav>", Some(Boilerplate::Certain));
        check("<div class='shareholder-report advent'>", None);
        check("<div class='ad1'>", Some(Boilerplate::Certain));
        check("<div id=ad-300-250>", Some(Boilerplate::Certain));
    }

    #[test]
    fn the_name_of_the_body_counts_for_more_than_that_of_the_layout() {
        check("<div class='article-body paywall'>", None);
        check("<div class='l-sidebar-fixed l-article-body-segment'>", None);
        check("<div class='article-body__related'>", Some(Boilerplate::Certain));
        check("<p class=paywall>", None);
    }

    #[test]
    fn random_names_have_no_words() {
        check("<div id=11ad6ed7-0000-4000-8000-000000000000>", None);
        check("<div id=6f677730-826a-42ce-ad-a86f663c70ae>", None);
        check("<div class=css-9ad41f>", None);
        check("<div class='b-7ad3ad'>", None);
    }

    #[test]
    fn what_the_page_s_own_styles_hide_is_not_shown() {
        let hides = |page: &str| {
            let dom = Dom::parse(page);
            let last = dom.all().last().unwrap();
            boilerplate(&dom, last).is_some_and(|evidence| evidence.by == HIDDEN)
        };
        assert!(hides("<style>.x9{display:none}</style><p class='lead x9'>"));
        assert!(hides("<style>#pre, .y{visibility: hidden}</style><div id=pre>"));
        assert!(!hides("<style>.x9 p{display:none}</style><p class=x9>"));
        assert!(!hides("<style>@media print{.x9{display:none}}</style><p class=x9>"));
    }

    #[test]
    fn what_is_hidden_is_not_shown() {
        for page in [
            "<p hidden>",
            "<div class='gate hidden'>",
            "<div class=d-none>",
            "<section style='color: red; Display: none'>",
            "<div style=visibility:hidden>",
        ] {
            check(page, Some(Boilerplate::Certain));
        }
        for page in [
            "<div class='hidden lg:flex'>",
            "<div class='d-none d-md-block'>",
            "<div class='md:hidden'>",
            "<div class=hideaway>",
        ] {
            check(page, None);
        }
    }
}

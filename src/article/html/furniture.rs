//! What stands around an article and is none of it: known by the words that pages name their parts with.

use super::dom::{Dom, NodeId};
use super::tag::Tag;
use crate::language::world;

/// How sure it is that a part of a page is no article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Furniture {
    /// Unless it holds a good part of the page's prose.
    Likely,
    /// Unless it holds nearly all of it.
    Surely,
}

/// A part's claim to be furniture, and the word that makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    /// How sure it is.
    pub(super) furniture: Furniture,
    /// The word of its name, or its element or attribute.
    pub(super) by: &'static str,
}

/// What the names of a part's element, class, id and role say about it.
pub(super) fn furniture(dom: &Dom<'_>, node: NodeId) -> Option<Claim> {
    let likely = |by| Some(Claim { furniture: Furniture::Likely, by });
    let surely = |by| Some(Claim { furniture: Furniture::Surely, by });
    let mut best = match dom.tag(node)? {
        Tag::Nav => surely("nav"),
        Tag::Menu | Tag::Search => surely("menu"),
        Tag::Footer => likely("footer"),
        Tag::Aside => likely("aside"),
        Tag::Figcaption | Tag::Figure | Tag::Caption => likely("figure"),
        Tag::Form => likely("form"),
        Tag::Html | Tag::Body => return None,
        // The links and marks of running text have names of their own.
        tag if !tag.is_block() && !matches!(tag, Tag::Span | Tag::Other) => return None,
        Tag::Span if dom.is(dom.parent(node), Tag::P) => return None,
        _ => None,
    };
    let mut is_body = false;
    for (name, value) in dom.attributes(node) {
        let found = match *name {
            "class" | "id" | "data-component" | "data-testid" | "data-type" | "data-module" | "data-component-name" => {
                let named = by_names(value);
                is_body |= named.is_body;
                named.claim
            }
            "role" => match *value {
                "navigation" | "complementary" | "search" | "banner" | "contentinfo" | "dialog" | "menu" => {
                    likely("role")
                }
                _ => None,
            },
            "hidden" => likely("hidden"),
            "aria-hidden" if *value == "true" => likely("hidden"),
            "style" if value.replace(' ', "").contains("display:none") => likely("hidden"),
            _ => None,
        };
        if found.map(|claim| claim.furniture) > best.map(|claim| claim.furniture) {
            best = found;
        }
    }
    best.filter(|claim| claim.furniture == Furniture::Surely || !is_body)
}

/// What a class or an id says.
#[derive(Default)]
struct Named {
    claim: Option<Claim>,
    /// True if it names the article's text (`article-body paywall`).
    is_body: bool,
}

fn by_names(value: &str) -> Named {
    let pages = &world().pages;
    let mut named = Named::default();
    for name in value.split_ascii_whitespace() {
        let mut before = String::new();
        for word in words(name) {
            if let Some(by) = pages.never_article.get(&word) {
                return Named { claim: Some(Claim { furniture: Furniture::Surely, by }), is_body: false };
            }
            let pair = || pages.rarely_article_pairs.get(&before)?.get(&word);
            if let Some(by) = pages.rarely_article.get(&word).or_else(pair) {
                named.claim = Some(Claim { furniture: Furniture::Likely, by });
            }
            named.is_body |= matches!(before.as_str(), "article" | "story" | "post" | "entry" | "main")
                && matches!(word.as_str(), "body" | "content" | "text" | "copy");
            before = word;
        }
    }
    named
}

/// The words of a name such as `article-body__relatedLinks`, in lower case.
pub(super) fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    let mut upper_before = false;
    for c in name.chars() {
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
    words.into_iter()
}

/// True for inline elements that only screen readers see: "opens in a new tab".
pub(super) fn is_hidden(dom: &Dom<'_>, node: NodeId) -> bool {
    const NAMES: [&str; 7] =
        ["sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "screenreader", "offscreen", "assistive"];
    dom.attributes(node).iter().any(|(name, value)| match *name {
        "class" => NAMES.iter().any(|known| value.to_ascii_lowercase().contains(known)),
        "style" => value.contains("clip:") || value.replace(' ', "").contains("display:none"),
        "hidden" => true,
        _ => false,
    })
}

/// True for a `<span>` that is named the caption or the credit of a picture: some papers set it at the head of the
/// paragraph beside the picture.
pub(super) fn is_caption(dom: &Dom<'_>, node: NodeId) -> bool {
    const NAMES: [&str; 4] = ["caption", "captions", "credit", "credits"];
    dom.is(node, Tag::Span)
        && dom.attributes(node).iter().any(|(name, value)| {
            *name == "class"
                && value.split_ascii_whitespace().flat_map(words).any(|word| NAMES.contains(&word.as_str()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: Option<Furniture>) {
        let dom = Dom::parse(html);
        let claim = furniture(&dom, dom.all().next().unwrap());
        assert_eq!(claim.map(|claim| claim.furniture), expect, "{html}");
    }

    #[test]
    fn names_tell_furniture() {
        check("<div class='c-relatedLinks'>", Some(Furniture::Surely));
        check("<div class='story read-more'>", Some(Furniture::Likely));
        check("<div id=AuthorBio>", Some(Furniture::Likely));
        check("<nav>", Some(Furniture::Surely));
        check("<div class='shareholder-report advent'>", None);
        check("<div class='article-body paywall'>", None);
        check("<p hidden>", Some(Furniture::Likely));
    }
}

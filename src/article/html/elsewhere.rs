//! Where on a page something is: with the article, in another one, or in the head of the site.

use super::block::is_no_text;
use super::boilerplate::{Boilerplate, HIDDEN, boilerplate, is_hidden};
use super::dom::{Dom, NodeId, NodeKind};
use super::features::is_post;
use super::headline::is_long;
use super::tag::Tag;
use crate::language::world;

/// True for what is in a part of the page that is not the article, or in a post that it embeds.
pub(super) fn is_elsewhere(dom: &Dom<'_>, node: NodeId, headline: Option<NodeId>) -> bool {
    let holds = |around: NodeId| headline.is_some_and(|headline| dom.contains(around, headline));
    let is_other = |around: NodeId| {
        is_post(dom, around)
            || boilerplate(dom, around)
                .is_some_and(|evidence| evidence.boilerplate == Boilerplate::Certain && evidence.by != HIDDEN)
    };
    dom.ancestors(node).take_while(|around| *around != NodeId::ROOT && !holds(*around)).any(is_other)
        || is_of_another_article(dom, node, headline)
}

/// True for a part that lies in an aside, in a card with a linked heading of its own, in an item of a list that leads
/// elsewhere, or in another `<article>`.
pub(super) fn is_of_another_article(dom: &Dom<'_>, node: NodeId, headline: Option<NodeId>) -> bool {
    let holds = |around: NodeId| headline.is_some_and(|headline| dom.contains(around, headline));
    let is_apart = |inner: NodeId| !dom.contains(inner, node) && !dom.contains(node, inner);
    let leads_on = |inner: NodeId| {
        dom.is(inner, Tag::A) && is_apart(inner) && !leads_to_author(dom, inner) && is_long(&dom.text(inner))
    };
    dom.ancestors(node).take_while(|around| *around != NodeId::ROOT && !holds(*around)).any(|around| {
        matches!(dom.tag(around), Some(Tag::Aside | Tag::Nav))
            || headline.is_some() && dom.is(around, Tag::Article) && has_heading(dom, around, false)
            || dom.is_small(around) && has_heading(dom, around, true)
            || dom.is(around, Tag::Li) && dom.is_small(around) && dom.within(around).any(leads_on)
    })
}

/// True if there is a heading in `node`, or one that is a link.
fn has_heading(dom: &Dom<'_>, node: NodeId, linked: bool) -> bool {
    dom.within(node).filter(|inner| dom.tag(*inner).is_some_and(|tag| tag.heading().is_some())).any(|heading| {
        let is_link = |inner: NodeId| dom.is(inner, Tag::A);
        // The name of a section is shorter than a headline.
        !linked || (dom.within(heading).any(is_link) || is_link(dom.parent(heading))) && is_long(&dom.text(heading))
    })
}

/// True for a link to the page of an author: `/author/ann-ray`.
pub(super) fn leads_to_author(dom: &Dom<'_>, node: NodeId) -> bool {
    let address = dom.attribute(node, "href").filter(|_| dom.is(node, Tag::A));
    address.is_some_and(|address| address.split('/').any(|folder| world().bylines.folders.contains(folder)))
}

/// The texts right above the headline, the nearest first: some set there who wrote the article, and when. None are from the
/// head of the site, nor from before it: a date there is that of the day on which the page was fetched.
pub(super) fn texts_above(dom: &Dom<'_>, headline: NodeId) -> Vec<NodeId> {
    const MOST: usize = 6;
    const MOST_NODES: usize = 200;
    let holds = |around: NodeId| around == NodeId::ROOT || dom.contains(around, headline);
    let around = |node: NodeId| dom.ancestors(node).take_while(|around| !holds(*around));
    let is_shown = |node: NodeId| {
        let is_none =
            |around: NodeId| is_hidden(dom, around) || dom.tag(around).is_some_and(|tag| is_no_text(dom, around, tag));
        !around(node).any(is_none)
    };
    let is_text = |node: &NodeId| matches!(dom.kind(*node), NodeKind::Text(text) if !text.trim().is_empty());
    let is_of_site = |node: NodeId| {
        is_elsewhere(dom, node, Some(headline))
            || around(node).any(|around| {
                matches!(dom.tag(around), Some(Tag::Head | Tag::Header | Tag::Footer))
                    || boilerplate(dom, around).is_some_and(|evidence| matches!(evidence.by, "masthead" | "role"))
            })
    };
    let texts = Dom::before(headline).take(MOST_NODES).filter(is_text).filter(|node| is_shown(*node));
    texts.take_while(|node| !is_of_site(*node)).take(MOST).collect()
}

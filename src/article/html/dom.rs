//! The tree of a page: small, flat, and never deeper than a page has reason to be.
//!
//! Elements nest as browsers nest them in all that matters for reading: void elements, end tags that may be left out,
//! blocks that end a paragraph, stray end tags. Building is linear in the page, whatever it holds: end tags look through
//! at most [`DEEPEST`] open elements, and what nests deeper is put side by side.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::entity;
use super::style;
use super::tag::Tag;
use super::token::{Token, Tokens};

/// Elements within elements. Pages of the press stay below 60.
const DEEPEST: usize = 256;
/// Nodes of a page; what comes after is left out. The longest live blogs have 100,000.
const MOST_NODES: usize = 2_000_000;

/// A node of the tree; its number is its place in the order of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId(u32);

impl NodeId {
    /// The node that all others are within.
    pub(super) const ROOT: NodeId = NodeId(0);

    /// As an index of a table with an entry a node.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind<'h> {
    /// An element.
    Element(Tag),
    /// Characters as written, character references and all.
    Text(&'h str),
}

#[derive(Debug)]
struct Node<'h> {
    kind: NodeKind<'h>,
    parent: u32,
    /// Its attributes, as a range of the table of attributes.
    attributes: (u32, u32),
    /// The number after its last descendant: the tree is its order and these ends.
    end: u32,
}

/// A page as a tree; borrows the page.
#[derive(Debug)]
pub(super) struct Dom<'h> {
    nodes: Vec<Node<'h>>,
    attributes: Vec<(&'h str, &'h str)>,
    /// True if the page went on after the last node that was kept.
    pub(super) cut: bool,
    /// The classes and ids that the page's own styles hide, as selectors: `.preheader`.
    pub(super) hidden: FxHashSet<&'h str>,
}

impl<'h> Dom<'h> {
    /// Builds the tree of `html`; anything is a page.
    pub(super) fn parse(html: &'h str) -> Self {
        Builder::default().build(html)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// All nodes in the order of the document, the root left out.
    pub(super) fn all(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..self.nodes.len() as u32).map(NodeId)
    }

    /// The nodes within `node` in the order of the document, itself left out.
    pub(super) fn within(&self, node: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (node.0 + 1..self.end(node).0).map(NodeId)
    }

    /// The nodes after `from` and before `to` in the order of the document.
    pub(super) fn between(from: NodeId, to: NodeId) -> impl Iterator<Item = NodeId> {
        (from.0 + 1..to.0).map(NodeId)
    }

    /// The nodes before `node`, the nearest first, those around it among them.
    pub(super) fn before(node: NodeId) -> impl Iterator<Item = NodeId> {
        (1..node.0).rev().map(NodeId)
    }

    /// The children of `node`, in order.
    pub(super) fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.end(node);
        let mut next = NodeId(node.0 + 1);
        std::iter::from_fn(move || {
            let child = next;
            (child < end).then(|| {
                next = self.end(child);
                child
            })
        })
    }

    /// The number after the last node within `node`.
    pub(super) fn end(&self, node: NodeId) -> NodeId {
        NodeId(self.nodes.get(node.index()).map_or(node.0 + 1, |n| n.end))
    }

    /// The node that `node` is a child of; the root is its own.
    pub(super) fn parent(&self, node: NodeId) -> NodeId {
        NodeId(self.nodes.get(node.index()).map_or(0, |n| n.parent))
    }

    /// True if `node` holds so few nodes that it can be one line of a page: a heading, a byline, a date.
    pub(super) fn is_small(&self, node: NodeId) -> bool {
        const MOST: u32 = 60;
        self.end(node).0 - node.0 <= MOST
    }

    /// The nodes around `node`, innermost first, the root last.
    pub(super) fn ancestors(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let mut next = node;
        std::iter::from_fn(move || {
            (next != NodeId::ROOT).then(|| {
                next = self.parent(next);
                next
            })
        })
    }

    /// True if `inner` lies within `outer` or is it.
    pub(super) fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        outer <= inner && inner < self.end(outer)
    }

    /// What `node` is.
    pub(super) fn kind(&self, node: NodeId) -> NodeKind<'h> {
        self.nodes.get(node.index()).map_or(NodeKind::Text(""), |n| n.kind)
    }

    /// The tag of `node`; `None` for text.
    pub(super) fn tag(&self, node: NodeId) -> Option<Tag> {
        match self.kind(node) {
            NodeKind::Element(tag) => Some(tag),
            NodeKind::Text(_) => None,
        }
    }

    /// True if `node` is an element of that tag.
    pub(super) fn is(&self, node: NodeId, tag: Tag) -> bool {
        self.tag(node) == Some(tag)
    }

    /// The attributes of `node`: names and values as written.
    pub(super) fn attributes(&self, node: NodeId) -> &[(&'h str, &'h str)] {
        let (start, end) = self.nodes.get(node.index()).map_or((0, 0), |n| n.attributes);
        self.attributes.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The value of an attribute, its character references resolved.
    pub(super) fn attribute(&self, node: NodeId, name: &str) -> Option<Cow<'h, str>> {
        let found = self.attributes(node).iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| entity::resolve(value))
    }

    /// The characters within `node`, white space as written.
    pub(super) fn raw_text(&self, node: NodeId) -> String {
        let mut text = String::new();
        for inner in std::iter::once(node).chain(self.within(node)) {
            if let NodeKind::Text(part) = self.kind(inner) {
                text.push_str(part);
            }
        }
        text
    }

    /// The characters within `node` as one line.
    pub(super) fn text(&self, node: NodeId) -> String {
        let mut line = entity::Line::default();
        for inner in std::iter::once(node).chain(self.within(node)) {
            match self.kind(inner) {
                NodeKind::Text(part) => line.push(part),
                NodeKind::Element(tag) if tag.is_block() || tag == Tag::Br => line.space(),
                NodeKind::Element(_) => line.edge(),
            }
        }
        line.finish()
    }
}

/// Builds a tree from tokens.
#[derive(Default)]
struct Builder<'h> {
    nodes: Vec<Node<'h>>,
    attributes: Vec<(&'h str, &'h str)>,
    open: Vec<(u32, Tag)>,
    /// True while the page's head is open.
    in_head: bool,
    /// True once an `<svg>` was opened that may still be open.
    in_drawing: bool,
}

impl<'h> Builder<'h> {
    fn build(mut self, html: &'h str) -> Dom<'h> {
        self.nodes.push(Node { kind: NodeKind::Element(Tag::Other), parent: 0, attributes: (0, 0), end: 1 });
        let mut tokens = Tokens::new(html);
        let mut cut = false;
        while let Some(token) = tokens.next(&mut self.attributes) {
            match token {
                Token::Text(text) => self.text(text),
                Token::Start { tag, attributes, closed } => self.start(tag, attributes, closed),
                Token::End(tag) => self.end(tag),
            }
            if self.nodes.len() >= MOST_NODES {
                cut = true;
                break;
            }
        }
        while !self.open.is_empty() {
            self.pop();
        }
        if let Some(root) = self.nodes.len().try_into().ok().zip(self.nodes.first_mut()).map(|(end, root)| (root, end))
        {
            root.0.end = root.1;
        }
        let mut dom = Dom { nodes: self.nodes, attributes: self.attributes, cut, hidden: FxHashSet::default() };
        dom.hidden = style::hidden(&dom);
        dom
    }

    fn push(&mut self, kind: NodeKind<'h>, attributes: (u32, u32), opens: bool) {
        let number = self.nodes.len() as u32;
        let parent = self.open.last().map_or(0, |(node, _)| *node);
        self.nodes.push(Node { kind, parent, attributes, end: number + 1 });
        if let NodeKind::Element(tag) = kind
            && opens
            && self.open.len() < DEEPEST
        {
            self.open.push((number, tag));
        }
    }

    fn pop(&mut self) {
        let end = self.nodes.len() as u32;
        if let Some((node, _)) = self.open.pop()
            && let Some(node) = self.nodes.get_mut(node as usize)
        {
            node.end = end;
        }
    }

    /// Ends the innermost open `wanted` element, unless an element that satisfies `wall` is around it.
    fn close(&mut self, wanted: impl Fn(Tag) -> bool, wall: impl Fn(Tag) -> bool) {
        for depth in (0..self.open.len()).rev() {
            let Some((_, tag)) = self.open.get(depth) else { return };
            if wanted(*tag) {
                while self.open.len() > depth {
                    self.pop();
                }
                return;
            }
            if wall(*tag) {
                return;
            }
        }
    }

    fn text(&mut self, text: &'h str) {
        // Text directly in the head begins the body.
        if self.in_head && self.open.last().is_some_and(|(_, tag)| *tag == Tag::Head) && !text.trim().is_empty() {
            self.leave_head();
        }
        self.push(NodeKind::Text(text), (0, 0), false);
    }

    /// Ends a head that was never closed.
    fn leave_head(&mut self) {
        self.close(|t| t == Tag::Head, |t| matches!(t, Tag::Noscript | Tag::Template));
        self.in_head = self.open.iter().any(|(_, tag)| *tag == Tag::Head);
    }

    fn start(&mut self, tag: Tag, attributes: (u32, u32), closed: bool) {
        if self.in_head && !tag.is_of_head() {
            self.leave_head();
        }
        if self.in_drawing && tag.ends_drawing() {
            self.close(|t| t == Tag::Svg, |t| t == Tag::ForeignObject);
            self.in_drawing = self.open.iter().any(|(_, tag)| *tag == Tag::Svg);
        }
        match tag {
            Tag::Head => self.in_head = true,
            Tag::Svg => self.in_drawing = true,
            // A heading within a heading ends the first.
            _ if tag.heading().is_some() && self.open.last().is_some_and(|(_, t)| t.heading().is_some()) => self.pop(),
            Tag::Li => self.close(|t| t == Tag::Li, |t| matches!(t, Tag::Ul | Tag::Ol | Tag::Menu)),
            Tag::Dt | Tag::Dd => self.close(|t| matches!(t, Tag::Dt | Tag::Dd), |t| t == Tag::Dl),
            Tag::Option => self.close(|t| t == Tag::Option, Tag::is_block),
            Tag::Td | Tag::Th => {
                self.close(|t| matches!(t, Tag::Td | Tag::Th), |t| matches!(t, Tag::Tr | Tag::Table));
            }
            Tag::Tr => self.close(|t| t == Tag::Tr, |t| t == Tag::Table),
            Tag::Body => self.close(|t| t == Tag::Head, |_| false),
            // A link within a link ends the first.
            Tag::A => self.close(|t| t == Tag::A, Tag::is_block),
            _ => {}
        }
        if tag.is_block() {
            self.close(|t| t == Tag::P, |t| t.is_block() && t != Tag::P);
        }
        self.push(NodeKind::Element(tag), attributes, !tag.is_void() && !closed);
    }

    /// True if a paragraph is open within the innermost other block.
    fn has_open_paragraph(&self) -> bool {
        self.open.iter().rev().map(|(_, tag)| *tag).find(|tag| tag.is_block()) == Some(Tag::P)
    }

    fn end(&mut self, tag: Tag) {
        match tag {
            // What comes after them still belongs to the page.
            Tag::Html | Tag::Body => {}
            Tag::Head => {
                self.close(|t| t == tag, |_| false);
                self.in_head = false;
            }
            Tag::Template => self.close(|t| t == tag, |_| false),
            // As in browsers, these are start tags.
            Tag::Br => self.start(tag, (0, 0), false),
            Tag::P if !self.has_open_paragraph() => {
                self.start(tag, (0, 0), false);
                self.pop();
            }
            // Any end tag of a heading ends the open heading.
            _ if tag.heading().is_some() => {
                self.close(|t| t.heading().is_some(), |t| matches!(t, Tag::Td | Tag::Th));
            }
            _ if tag.is_block() => {
                self.close(|t| t == tag, |t| matches!(t, Tag::Td | Tag::Th) && !matches!(tag, Tag::Table | Tag::Tr));
            }
            // An inline element never ends the block that is within it. Unknown ones are not told apart: they nest.
            _ => self.close(|t| t == tag, Tag::is_block),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree with brackets around what is within an element.
    fn shape(dom: &Dom<'_>, node: NodeId, out: &mut String) {
        for child in dom.children(node) {
            match dom.kind(child) {
                NodeKind::Text(text) => out.push_str(text),
                NodeKind::Element(tag) => {
                    out.push_str(&format!("{tag:?}(").to_lowercase());
                    shape(dom, child, out);
                    out.push(')');
                }
            }
        }
    }

    #[track_caller]
    fn check(html: &str, expect: &str) {
        let dom = Dom::parse(html);
        let mut found = String::new();
        shape(&dom, NodeId::ROOT, &mut found);
        assert_eq!(found, expect);
    }

    #[test]
    fn end_tags_may_be_left_out() {
        check("<p>a<p>b<div>c</div>d", "p(a)p(b)div(c)d");
        check("<ul><li>a<li>b<ul><li>c</ul></ul>d", "ul(li(a)li(bul(li(c))))d");
        check("<table><tr><td>a<td>b<tr><td>c</table>d", "table(tr(td(a)td(b))tr(td(c)))d");
        check("<p>a<br>b<img src=x>c", "p(abr()bimg()c)");
    }

    #[test]
    fn stray_and_misnested_tags_do_no_harm() {
        check("</div>a</p><b>b<i>c</b>d</i>", "ap()b(bi(c))d");
        check("<p><b>a</p><p>b", "p(b(a))p(b)");
        check("<div><a>x<div>y</a>z</div></div>w", "div(a(xdiv(yz)))w");
    }

    #[test]
    fn what_browsers_mend_is_mended() {
        check("<h2>a</h3>b<h2>c<h3>d</h3>", "h2(a)bh2(c)h3(d)");
        check("a</br>b", "abr()b");
        check("<html><head><title>t</title><article>a", "html(head(title(t))article(a))");
        check("<head><meta name=a>text<p>b", "head(meta())textp(b)");
        check("<head><noscript><img src=a></noscript><link></head><p>b", "head(noscript(img())link())p(b)");
        check("<p><svg class=i />a<p>b", "p(svg()a)p(b)");
        check("<p><svg><g>x<p>a</svg>b", "p(svg(other(x)))p(ab)");
        check("<h1><svg/>a</h1>b", "h1(svg()a)b");
    }

    #[test]
    fn unknown_elements_end() {
        check("<x-a>a</x-a><x-b><div>b</div></x-b>c", "other(a)other(div(b))c");
    }

    #[test]
    fn depth_bombs_lie_flat() {
        let deep = "<div>".repeat(100_000) + "text" + &"</div>".repeat(100_000) + "<p>after</p>";
        let dom = Dom::parse(&deep);
        assert!(dom.all().all(|node| dom.ancestors(node).count() <= DEEPEST + 1));
        assert!(dom.text(NodeId::ROOT).ends_with("text after"));
        let spans = "<b><i>".repeat(100_000) + "text";
        assert_eq!(Dom::parse(&spans).text(NodeId::ROOT), "text");
    }

    #[test]
    fn attributes_are_found_in_any_case() {
        let dom = Dom::parse("<a HREF='x?a=1&amp;b=2' class=big data-x>y</a>");
        let link = dom.all().next().unwrap();
        assert_eq!(dom.attribute(link, "href").unwrap(), "x?a=1&b=2");
        assert_eq!(dom.attribute(link, "class").unwrap(), "big");
        assert_eq!(dom.attribute(link, "data-x").unwrap(), "");
        assert_eq!(dom.attribute(link, "id"), None);
    }
}

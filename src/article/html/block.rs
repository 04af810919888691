//! The blocks of text that a page shows: what could be a paragraph.

use super::dom::{Dom, Kind, NodeId};
use super::entity::Line;
use super::furniture::{is_caption, is_hidden};
use super::tag::Tag;

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// A paragraph, or the loose text of a `<div>`.
    Paragraph,
    /// A heading and its level.
    Heading(u8),
    /// An item of a list.
    Item,
    /// A cell of a table.
    Cell,
}

/// A stretch of text between two borders of block elements.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// The innermost block element around it.
    pub(super) node: NodeId,
    /// Its first text node.
    pub(super) first: NodeId,
    /// Its characters, as one line.
    pub(super) text: String,
    /// How many bytes of them are links.
    pub(super) linked: usize,
    /// What it is.
    pub(super) kind: BlockKind,
}

impl Block {
    /// The part of it that is links, 0 to 1.
    pub(super) fn link_density(&self) -> f32 {
        self.linked as f32 / self.text.len().max(1) as f32
    }

    /// How much running prose it is: its letters where it reads like sentences, nothing where it is links or a label.
    pub(super) fn prose(&self) -> f32 {
        // The least length of a sentence that says something, by looking at what shorter blocks of pages are.
        const SENTENCE: usize = 50;
        let long_enough = self.text.len() >= SENTENCE || (self.text.len() >= 25 && self.text.ends_with(ENDS));
        let is_prose = match self.kind {
            BlockKind::Paragraph => long_enough,
            BlockKind::Item => long_enough && self.text.contains(ENDS),
            BlockKind::Heading(_) | BlockKind::Cell => false,
        };
        if !is_prose || self.link_density() > 0.4 {
            return 0.0;
        }
        // One endless block, a page's terms or a script's text, must not outweigh an article of many paragraphs.
        (self.text.len() - self.linked).min(1200) as f32
    }
}

/// Marks that end a sentence, in the scripts of the press.
const ENDS: [char; 10] = ['.', '!', '?', '…', '"', '”', '。', '؟', '।', '»'];

/// The blocks within `root`, in the order of the page.
pub(super) fn blocks(dom: &Dom<'_>, root: NodeId) -> Vec<Block> {
    let mut collector =
        Collector { dom, found: Vec::new(), open: vec![root], line: Line::default(), first: None, linked: 0 };
    let mut links_end = NodeId::ROOT;
    let mut breaks = 0;
    let mut skip_end = NodeId::ROOT;
    for node in dom.within(root) {
        if node < skip_end {
            continue;
        }
        collector.leave(node);
        match dom.kind(node) {
            Kind::Text(text) => {
                if !text.bytes().all(|b| b.is_ascii_whitespace()) {
                    breaks = 0;
                }
                collector.text(node, text, node < links_end);
            }
            Kind::Element(tag) if is_no_text(tag) => skip_end = dom.end(node),
            Kind::Element(Tag::A) if is_link(dom, node) => links_end = dom.end(node).max(links_end),
            Kind::Element(Tag::Br) => {
                breaks += 1;
                // Two line breaks are how a paragraph ends where nobody marks paragraphs.
                if breaks == 2 {
                    collector.finish();
                }
                collector.line.space();
            }
            Kind::Element(tag) if tag.is_block() => {
                collector.finish();
                collector.open.push(node);
                breaks = 0;
            }
            Kind::Element(_) if is_hidden(dom, node) || is_caption(dom, node) => skip_end = dom.end(node),
            Kind::Element(_) => {}
        }
    }
    collector.finish();
    collector.found
}

/// True for an `<a>` that leads somewhere and holds no more than a card does; an anchor does not, nor does a link that
/// somebody forgot to end.
fn is_link(dom: &Dom<'_>, node: NodeId) -> bool {
    const PARAGRAPHS_OF_A_CARD: usize = 2;
    dom.attribute(node, "href").is_some()
        && dom.within(node).filter(|inner| dom.is(*inner, Tag::P)).nth(PARAGRAPHS_OF_A_CARD).is_none()
}

/// Elements whose content is no text of the page.
fn is_no_text(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::Head
            | Tag::Script
            | Tag::Style
            | Tag::Noscript
            | Tag::Template
            | Tag::Svg
            | Tag::Iframe
            | Tag::Button
            | Tag::Select
            | Tag::Textarea
            | Tag::Picture
            | Tag::Video
            | Tag::Audio
            | Tag::Object
            | Tag::Canvas
            | Tag::Dialog
            | Tag::Title
    )
}

struct Collector<'d, 'h> {
    dom: &'d Dom<'h>,
    found: Vec<Block>,
    /// The block elements around the place reached.
    open: Vec<NodeId>,
    line: Line,
    first: Option<NodeId>,
    linked: usize,
}

impl Collector<'_, '_> {
    /// Ends the block elements that `node` is not within.
    fn leave(&mut self, node: NodeId) {
        while self.open.len() > 1 && self.open.last().is_some_and(|open| self.dom.end(*open) <= node) {
            self.finish();
            self.open.pop();
        }
    }

    fn text(&mut self, node: NodeId, text: &str, linked: bool) {
        let before = self.line.len();
        self.line.push(text);
        if self.line.len() > before {
            self.first.get_or_insert(node);
            self.linked += if linked { self.line.len() - before } else { 0 };
        }
    }

    fn finish(&mut self) {
        let text = std::mem::take(&mut self.line).finish();
        let linked = std::mem::take(&mut self.linked);
        let node = self.open.last().copied().unwrap_or(NodeId::ROOT);
        let first = self.first.take().unwrap_or(node);
        // Bullets, rules and page numbers are no text.
        if !text.contains(char::is_alphabetic) {
            return;
        }
        let kind = self.kind(node);
        self.found.push(Block { node, first, text, linked, kind });
    }

    /// What the block in `node` is: by itself or what stands close around it.
    fn kind(&self, node: NodeId) -> BlockKind {
        for around in std::iter::once(node).chain(self.dom.ancestors(node).take(2)) {
            let Some(tag) = self.dom.tag(around) else { continue };
            if let Some(level) = tag.heading() {
                return BlockKind::Heading(level);
            }
            match tag {
                Tag::Li | Tag::Dd | Tag::Dt => return BlockKind::Item,
                Tag::Td | Tag::Th => return BlockKind::Cell,
                // A paragraph within a list is still its item; a division is where looking ends.
                Tag::P => {}
                _ => break,
            }
        }
        BlockKind::Paragraph
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &[(&str, BlockKind)]) {
        let dom = Dom::parse(html);
        let found = blocks(&dom, NodeId::ROOT);
        let found: Vec<(&str, BlockKind)> = found.iter().map(|block| (block.text.as_str(), block.kind)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn borders_of_blocks_cut() {
        use BlockKind::{Heading, Item, Paragraph};
        check(
            "<h2>A</h2><div>b <b>c</b><p>d</p>e</div><ul><li>f<li><p>g</ul>",
            &[("A", Heading(2)), ("b c", Paragraph), ("d", Paragraph), ("e", Paragraph), ("f", Item), ("g", Item)],
        );
    }

    #[test]
    fn two_line_breaks_cut_and_one_does_not() {
        check("<div>a<br>b<br> <br>c</div>", &[("a b", BlockKind::Paragraph), ("c", BlockKind::Paragraph)]);
    }

    #[test]
    fn anchors_and_unended_links_are_no_links() {
        let dom = Dom::parse("<div><a name=x>abc<a href=y>def<p>g<p>h<p>i</div>");
        assert!(blocks(&dom, NodeId::ROOT).iter().all(|block| block.linked == 0));
    }

    #[test]
    fn links_are_counted() {
        let dom = Dom::parse("<p>abcd<a href=x>efgh</a></p>");
        assert!((blocks(&dom, NodeId::ROOT)[0].link_density() - 0.5).abs() < f32::EPSILON);
    }
}

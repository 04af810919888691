//! The blocks of text that a page shows: what could be a paragraph.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::boilerplate::{is_caption, is_hidden};
use super::dom::{Dom, NodeId, NodeKind};
use super::entity::Line;
use super::tag::Tag;
use super::turns;
use crate::text::Indents;

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

    /// True if it ends as a sentence does.
    pub(super) fn ends_sentence(&self) -> bool {
        ends_sentence(&self.text)
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

/// True for a text that ends as a sentence does.
pub(super) fn ends_sentence(text: &str) -> bool {
    text.ends_with(ENDS)
}

/// What of a page is read besides what it always shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// What is there for browsers without scripts.
    pub(super) noscript: bool,
    /// The headline, which is a block of its own whatever its element is.
    pub(super) headline: Option<NodeId>,
    /// A blank line ends a paragraph of text that no element marks as one, as publishing systems keep what was typed.
    pub(super) blank_lines: bool,
}

/// The blocks within `root`, in the order of the page.
pub(super) fn blocks(dom: &Dom<'_>, root: NodeId, shown: Shown) -> Vec<Block> {
    let mut collector = Collector {
        dom,
        data_tables: data_tables(dom, root),
        found: Vec::new(),
        open: vec![root],
        line: Line::default(),
        first: None,
        links: Vec::new(),
        bold: Vec::new(),
        breaks: Vec::new(),
    };
    let mut links_end = NodeId::ROOT;
    let mut bold_end = NodeId::ROOT;
    let mut breaks = 0;
    let mut skip_end = NodeId::ROOT;
    for node in dom.within(root) {
        if node < skip_end {
            continue;
        }
        collector.leave(node);
        match dom.kind(node) {
            NodeKind::Text(text) => {
                if !is_blank(text) {
                    breaks = 0;
                }
                let set = Set { linked: node < links_end, bold: node < bold_end };
                let around = collector.open.last().filter(|open| **open != root).and_then(|open| dom.tag(*open));
                if around == Some(Tag::Pre) {
                    collector.lines(node, text, set, Indents::of(text));
                } else if shown.blank_lines && around.is_none_or(may_hold_paragraphs) {
                    collector.lines(node, text, set, None);
                } else {
                    collector.text(node, text, set);
                }
            }
            NodeKind::Element(Tag::Noscript) if shown.noscript => {}
            NodeKind::Element(tag) if is_no_text(dom, node, tag) => skip_end = dom.end(node),
            NodeKind::Element(Tag::A) if is_link(dom, node) => links_end = dom.end(node).max(links_end),
            NodeKind::Element(Tag::Br) => {
                breaks += 1;
                // Where paragraphs are not marked, two line breaks end one.
                if breaks == 2 {
                    collector.finish();
                } else {
                    collector.breaks.push(collector.line.len());
                }
                collector.line.space();
            }
            NodeKind::Element(tag) if tag.is_block() || shown.headline == Some(node) => {
                collector.finish();
                collector.open.push(node);
                breaks = 0;
            }
            NodeKind::Element(_) if is_hidden(dom, node) || is_caption(dom, node) => skip_end = dom.end(node),
            NodeKind::Element(Tag::B | Tag::Strong) => bold_end = dom.end(node).max(bold_end),
            NodeKind::Element(_) => {}
        }
    }
    collector.finish();
    turns::named(dom, collector.found)
}

/// True for elements whose bare text may be several paragraphs.
fn may_hold_paragraphs(tag: Tag) -> bool {
    matches!(tag, Tag::Article | Tag::Blockquote | Tag::Body | Tag::Center | Tag::Div | Tag::Html | Tag::Section)
}

/// True for text that shows nothing: white space, no-break spaces among it.
fn is_blank(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(after) = ["&nbsp;", "&#160;", "&#xa0;", "&#xA0;"].iter().find_map(|space| rest.strip_prefix(space)) {
        rest = after.trim_start();
    }
    rest.is_empty()
}

/// True for an `<a>` that leads somewhere and holds no more than a card does; an anchor does not, nor does a link that
/// somebody forgot to end.
fn is_link(dom: &Dom<'_>, node: NodeId) -> bool {
    const PARAGRAPHS_OF_A_CARD: usize = 2;
    dom.attribute(node, "href").is_some()
        && dom.within(node).filter(|inner| dom.is(*inner, Tag::P)).nth(PARAGRAPHS_OF_A_CARD).is_none()
}

/// True for elements whose content is not text of the page. A template that is a shadow root is shown.
pub(super) fn is_no_text(dom: &Dom<'_>, node: NodeId, tag: Tag) -> bool {
    match tag {
        Tag::Template => dom.attribute(node, "shadowrootmode").is_none(),
        _ => matches!(
            tag,
            Tag::Head
                | Tag::Script
                | Tag::Style
                | Tag::Noscript
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
        ),
    }
}

/// The tables that hold data; other tables only lay the page out.
fn data_tables(dom: &Dom<'_>, root: NodeId) -> FxHashSet<NodeId> {
    dom.within(root).filter(|node| dom.is(*node, Tag::Table) && is_data_table(dom, *node)).collect()
}

/// True for a table of several rows and columns with little in its cells. Linear over all tables of a page: looking
/// ends at the first table within.
fn is_data_table(dom: &Dom<'_>, table: NodeId) -> bool {
    // No cell of a table of data holds more than a sentence or two.
    const LONG_CELL: usize = 250;
    if dom.attribute(table, "role").is_some_and(|role| matches!(&*role, "presentation" | "none")) {
        return false;
    }
    let (mut rows, mut cells, mut heads, mut cell) = (0usize, 0usize, 0usize, 0usize);
    for node in dom.within(table) {
        match dom.kind(node) {
            NodeKind::Text(text) => cell += text.trim().len(),
            NodeKind::Element(Tag::Table | Tag::H1 | Tag::Article | Tag::Main) => return false,
            NodeKind::Element(Tag::Tr) => rows += 1,
            NodeKind::Element(tag @ (Tag::Td | Tag::Th)) => {
                cells += 1;
                heads += usize::from(tag == Tag::Th);
                cell = 0;
            }
            NodeKind::Element(_) => {}
        }
        if cell > LONG_CELL {
            return false;
        }
    }
    heads > 0 || (rows >= 2 && cells >= 2 * rows)
}

/// How text is set.
#[derive(Clone, Copy)]
struct Set {
    linked: bool,
    bold: bool,
}

struct Collector<'d, 'h> {
    dom: &'d Dom<'h>,
    data_tables: FxHashSet<NodeId>,
    found: Vec<Block>,
    /// The block elements around the place reached.
    open: Vec<NodeId>,
    line: Line,
    first: Option<NodeId>,
    /// Which bytes of the line are links.
    links: Vec<Range<usize>>,
    /// Which are bold.
    bold: Vec<Range<usize>>,
    /// Where single line breaks are in the line.
    breaks: Vec<usize>,
}

impl Collector<'_, '_> {
    /// Ends the block elements that `node` is not within.
    fn leave(&mut self, node: NodeId) {
        while self.open.len() > 1 && self.open.last().is_some_and(|open| self.dom.end(*open) <= node) {
            self.finish();
            self.open.pop();
        }
    }

    fn text(&mut self, node: NodeId, text: &str, set: Set) {
        // A name and its time may be parted by how they are shown alone.
        if turns::is_time(text.trim()) {
            self.line.space();
        }
        let before = self.line.len();
        self.line.push(text);
        if self.line.len() > before {
            self.first.get_or_insert(node);
            for (is_set, ranges) in [(set.linked, &mut self.links), (set.bold, &mut self.bold)] {
                match ranges.last_mut().filter(|last| is_set && last.end == before) {
                    Some(last) => last.end = self.line.len(),
                    None if is_set => ranges.push(before..self.line.len()),
                    None => {}
                }
            }
        }
    }

    /// Adds text whose lines are as written: a blank one ends a paragraph, an indented one begins one where that is the layout.
    fn lines(&mut self, node: NodeId, text: &str, set: Set, indents: Option<Indents>) {
        let mut before = "";
        let mut rest = text.split('\n').enumerate().peekable();
        while let Some((at, line)) = rest.next() {
            if at > 0 {
                self.line.space();
            }
            if at > 0 && rest.peek().is_some() && is_blank(line) {
                self.finish();
            } else {
                if at > 0 && indents.is_some_and(|indents| indents.opens(before, line)) {
                    self.finish();
                }
                self.text(node, line, set);
            }
            before = line;
        }
    }

    fn finish(&mut self) {
        let text = std::mem::take(&mut self.line).finish();
        let links = std::mem::take(&mut self.links);
        let breaks = std::mem::take(&mut self.breaks);
        let node = self.open.last().copied().unwrap_or(NodeId::ROOT);
        let first = self.first.take().unwrap_or(node);
        let bold = std::mem::take(&mut self.bold);
        // Bullets, rules and page numbers are not text; a time may be that of a turn.
        if !text.contains(char::is_alphabetic) && !turns::is_time(&text) {
            return;
        }
        let kind = self.kind(node);
        let linked = |part: Range<usize>| -> usize {
            links.iter().map(|link| link.end.min(part.end).saturating_sub(link.start.max(part.start))).sum()
        };
        let mut start = 0;
        if kind == BlockKind::Paragraph && !breaks.is_empty() && breaks.len() + links.len() + bold.len() <= MOST_PARTS {
            let is_bold =
                |line: &Range<usize>| bold.iter().any(|bold| bold.start <= line.start + 1 && line.end <= bold.end);
            let mut before = 0;
            for (at, end) in breaks.iter().zip(breaks.iter().skip(1).chain([&text.len()])) {
                let (above, below) = (before..*at, *at..*end);
                before = *at;
                let line = |range: Range<usize>| turns::Line {
                    is_bold: is_bold(&range),
                    text: text.get(range).unwrap_or_default().trim(),
                };
                if let Some((head, tail)) = text.get(start..*at).zip(text.get(*at..))
                    && (is_border(head, tail) || turns::is_border(line(above), line(below)))
                {
                    let part = start..*at;
                    self.found.push(Block { node, first, text: head.trim().to_owned(), linked: linked(part), kind });
                    start = *at;
                }
            }
        }
        let linked = linked(start..text.len());
        let text = if start == 0 { text } else { text.get(start..).unwrap_or_default().trim().to_owned() };
        self.found.push(Block { node, first, text, linked, kind });
    }

    fn is_words(&self, node: NodeId) -> bool {
        matches!(self.dom.kind(node), NodeKind::Text(text) if !is_blank(text))
    }

    /// What the block in `node` is: by itself or what is close around it.
    fn kind(&self, node: NodeId) -> BlockKind {
        for around in std::iter::once(node).chain(self.dom.ancestors(node).take(2)) {
            let Some(tag) = self.dom.tag(around) else { continue };
            if let Some(level) = tag.heading() {
                // Paragraphs after the words of a heading: its end tag is missing.
                let opens = self.dom.within(around).take(60).find(|inner| self.is_words(*inner));
                if around == node || opens.is_none_or(|first| self.dom.contains(node, first)) {
                    return BlockKind::Heading(level);
                }
                break;
            }
            match tag {
                Tag::Li | Tag::Dd | Tag::Dt => return BlockKind::Item,
                Tag::Td | Tag::Th => {
                    let table = self.dom.ancestors(around).find(|node| self.dom.is(*node, Tag::Table));
                    let is_data = table.is_some_and(|table| self.data_tables.contains(&table));
                    return if is_data { BlockKind::Cell } else { BlockKind::Paragraph };
                }
                // A paragraph within a list is still its item; a division is where looking ends.
                Tag::P => {}
                _ => break,
            }
        }
        BlockKind::Paragraph
    }
}

/// How many line breaks and links of one block are looked at, so that the time stays linear.
const MOST_PARTS: usize = 2000;

/// True if a single line break between these parts of a block ends a paragraph: whole sentences are on both sides.
fn is_border(head: &str, tail: &str) -> bool {
    // Lines of poems and addresses are shorter.
    const LEAST: usize = 60;
    head.len() >= LEAST
        && tail.len() >= LEAST
        && head.trim_end().ends_with(ENDS)
        && tail.trim_start().starts_with(|c: char| !c.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &[(&str, BlockKind)]) {
        let dom = Dom::parse(html);
        let found = blocks(&dom, NodeId::ROOT, Shown::default());
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
        check("<div>a<br>&nbsp;<br>\u{a0}b</div>", &[("a", BlockKind::Paragraph), ("b", BlockKind::Paragraph)]);
    }

    #[test]
    fn one_line_break_cuts_between_sentences() {
        let (one, two) = (
            "The ferry was two hours late on Monday because of fog over the bay.",
            "Blankets were handed out to those who waited, and the last boat left.",
        );
        check(&format!("<p>{one}<br>{two}"), &[(one, BlockKind::Paragraph), (two, BlockKind::Paragraph)]);
        let page = format!("<p>{one}<br>and <a href=x>more</a>");
        let joined = format!("{one} and more");
        check(&page, &[(&joined, BlockKind::Paragraph)]);
    }

    #[test]
    fn tables_that_lay_a_page_out_hold_paragraphs() {
        use BlockKind::{Cell, Heading, Paragraph};
        check(
            "<table><tr><td>a<td><h1>b</h1><p>c</p>d</table>",
            &[("a", Paragraph), ("b", Heading(1)), ("c", Paragraph), ("d", Paragraph)],
        );
        check(
            "<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>",
            &[("a", Paragraph), ("b", Paragraph), ("c", Paragraph), ("d", Paragraph)],
        );
        check("<table><tr><th>a<th>b<tr><td>c<td><p>d</table>", &[("a", Cell), ("b", Cell), ("c", Cell), ("d", Cell)]);
    }

    #[test]
    fn shadow_roots_are_shown_and_other_templates_are_not() {
        check(
            "<x-a><template shadowrootmode=open><p>a</template></x-a><template><p>b</template>",
            &[("a", BlockKind::Paragraph)],
        );
    }

    #[test]
    fn anchors_and_unended_links_are_no_links() {
        let dom = Dom::parse("<div><a name=x>abc<a href=y>def<p>g<p>h<p>i</div>");
        assert!(blocks(&dom, NodeId::ROOT, Shown::default()).iter().all(|block| block.linked == 0));
    }

    #[test]
    fn links_are_counted() {
        let dom = Dom::parse("<p>abcd<a href=x>efgh</a></p>");
        assert!((blocks(&dom, NodeId::ROOT, Shown::default())[0].link_density() - 0.5).abs() < f32::EPSILON);
    }
}

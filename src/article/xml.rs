//! XML as a tree, record by record, forgiving what the world's feeds get wrong.
//!
//! Document types are passed over and no entity that they declare is expanded, so that no document can grow by reading it.

use std::borrow::Cow;
use std::ops::ControlFlow;

use quick_xml::Reader;
use quick_xml::escape::{escape, unescape_with};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::reference::named;

/// Elements within elements; what lies deeper is read as if it lay here.
const DEEPEST: usize = 200;

/// Elements that may be held at a time: a record and what surrounds it. About 100 MB.
const MOST: usize = 500_000;

/// An element with all that is in it. Names are without their prefix: the vocabularies read here do not overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name, without prefix.
    pub(super) name: String,
    /// Its prefix, empty without one.
    pub(super) prefix: String,
    /// Its attributes in order, names with their prefix.
    pub(super) attributes: Vec<(String, String)>,
    /// What is in it, in order.
    pub(super) nodes: Vec<Node>,
    /// True once its end was read; false for what the end of the file cut.
    pub(super) whole: bool,
}

/// A part of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Text, its references resolved.
    Text(String),
    /// An element.
    Element(Element),
}

/// Why reading ended before the document did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// The byte where it broke.
    pub(super) at: u64,
    /// What is wrong.
    pub(super) detail: String,
}

impl Element {
    /// The elements in it, one level down.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements called `name` in it, one level down.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements().filter(move |element| element.name == name)
    }

    /// The first element at the end of a path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Element> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        self.elements().filter(|element| element.name == *first).find_map(|element| element.at(rest))
    }

    /// The first element called `name` anywhere in it, itself included, in reading order.
    pub(super) fn find(&self, name: &str) -> Option<&Element> {
        if self.name == name { Some(self) } else { self.elements().find_map(|element| element.find(name)) }
    }

    /// The value of an attribute, unless blank.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let value = self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// All text in it, white space as one space.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        self.gather(&mut text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Its text at the end of a path of names, unless blank.
    pub(super) fn text_at(&self, path: &[&str]) -> Option<String> {
        self.at(path).map(Element::text).filter(|text| !text.is_empty())
    }

    /// All text in it, verbatim.
    pub(super) fn verbatim(&self) -> String {
        let mut text = String::new();
        self.gather(&mut text);
        text
    }

    fn gather(&self, into: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(text) => into.push_str(text),
                Node::Element(element) => element.gather(into),
            }
        }
    }

    /// All text in it but that of the elements called `name`, white space as one space.
    pub(super) fn text_without(&self, name: &str) -> String {
        let rest = self.nodes.iter().filter(|node| !matches!(node, Node::Element(element) if element.name == name));
        Element { nodes: rest.cloned().collect(), ..Element::default() }.text()
    }

    /// What is in it, written as markup again, names without prefix: XHTML carried in a feed.
    pub(super) fn markup(&self) -> String {
        self.markup_by(&Some)
    }

    /// The same with other names: `rename` gives an element its name in the markup, an empty one to keep only what is in
    /// it, none to leave it out.
    pub(super) fn markup_by<'e>(&'e self, rename: &dyn Fn(&'e str) -> Option<&'e str>) -> String {
        let mut markup = String::new();
        self.write_nodes(rename, &mut markup);
        markup
    }

    fn write_nodes<'e>(&'e self, rename: &dyn Fn(&'e str) -> Option<&'e str>, into: &mut String) {
        for node in &self.nodes {
            match node {
                Node::Text(text) => into.push_str(&escape(text.as_str())),
                Node::Element(element) => match rename(&element.name) {
                    None => {}
                    Some("") => element.write_nodes(rename, into),
                    Some(name) => {
                        into.extend(["<", name]);
                        for (name, value) in &element.attributes {
                            into.extend([" ", name.as_str(), "=\"", &escape(value.as_str()), "\""]);
                        }
                        into.push('>');
                        element.write_nodes(rename, into);
                        // Void elements of HTML have no end tag; an end tag of `br` would even be read as another one.
                        if !matches!(name, "br" | "hr" | "img" | "wbr" | "meta" | "link" | "input") {
                            into.extend(["</", name, ">"]);
                        }
                    }
                },
            }
        }
    }
}

/// The root of a document, up to its end or where it breaks off.
pub(super) fn root(text: &str) -> Option<Element> {
    let mut root = None;
    // What is broken in it is left out.
    let _ = each_record(
        text,
        |_| true,
        |element, _| {
            root = Some(element);
            ControlFlow::Break(())
        },
    );
    root
}

/// Reads a document and gives each outermost element that `is_record` names, together with its parent as far as it was
/// read: a feed's own title is before its items. Records are dropped once given, so that memory holds one at a time.
///
/// What the end of the file cuts is given too, not `whole`. The error says where a document broke; records before it were given.
pub(super) fn each_record(
    text: &str,
    is_record: impl Fn(&str) -> bool,
    mut give: impl FnMut(Element, &Element) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, Broken> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut tree = Tree::default();
    let broken = loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(error) => break Some(error.to_string()),
        };
        match event {
            Event::Start(start) => tree.open(&start, &is_record),
            Event::Empty(start) => {
                tree.open(&start, &is_record);
                if tree.close(&tree.innermost_name(), &mut give).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Event::End(end) => {
                if tree.close(end.local_name().as_ref(), &mut give).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Event::Text(text) => tree.text(&text.xml10_content()),
            Event::CData(text) => tree.text(&text.xml10_content()),
            Event::GeneralRef(reference) => resolve(&reference, |text| tree.text(text)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof => break None,
        }
        if tree.held > MOST {
            break Some(format!("more than {MOST} elements in one record"));
        }
    };
    let cut = tree.cut(&mut give);
    match broken {
        Some(detail) => Err(Broken { at: reader.error_position(), detail }),
        None if cut == Cut::Record => {
            Err(Broken { at: text.len() as u64, detail: "it ends within a record".to_owned() })
        }
        None => Ok(if cut == Cut::Stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }),
    }
}

/// A reference as text: by number, by one of XML's or HTML's names, else as written.
pub(super) fn resolve(reference: &BytesRef<'_>, mut push: impl FnMut(&str)) {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        push(character.encode_utf8(&mut [0; 4]));
    } else if let Some(text) = named(reference) {
        push(text);
    } else if !reference.is_char_ref() {
        push(&format!("&{};", &**reference));
    }
}

/// The elements that are open, the document itself first.
#[derive(Default)]
struct Tree {
    document: Element,
    open: Vec<Element>,
    /// Which of the open elements is the record, if any.
    record: Option<usize>,
    /// How many elements are held, open or within open ones.
    held: usize,
    /// How many open elements were passed over for lying too deep.
    too_deep: usize,
}

#[derive(PartialEq, Eq)]
enum Cut {
    Nothing,
    Record,
    Stopped,
}

impl Tree {
    fn innermost(&mut self) -> &mut Element {
        self.open.last_mut().unwrap_or(&mut self.document)
    }

    fn innermost_name(&self) -> String {
        self.open.last().map(|element| element.name.clone()).unwrap_or_default()
    }

    fn open(&mut self, start: &BytesStart<'_>, is_record: &impl Fn(&str) -> bool) {
        if self.open.len() >= DEEPEST {
            self.too_deep += 1;
            return;
        }
        let name = start.local_name().as_ref().to_owned();
        let prefix = start.name().prefix().map(|prefix| prefix.as_ref().to_owned()).unwrap_or_default();
        let mut attributes = Vec::new();
        for attribute in start.html_attributes().with_checks(false).flatten() {
            let value = unescape_with(&attribute.value, named);
            let value = value.map_or_else(|_| attribute.value.to_string(), Cow::into_owned);
            attributes.push((attribute.key.as_ref().to_owned(), value));
        }
        if self.record.is_none() && is_record(&name) {
            self.record = Some(self.open.len());
        }
        self.held += 1;
        self.open.push(Element { name, prefix, attributes, nodes: Vec::new(), whole: false });
    }

    fn text(&mut self, text: &str) {
        let element = self.innermost();
        match element.nodes.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            Some(Node::Element(_)) | None => element.nodes.push(Node::Text(text.to_owned())),
        }
    }

    /// Closes the innermost element of that name and all that were left open in it; an end without a start is passed over.
    fn close(&mut self, name: &str, give: &mut impl FnMut(Element, &Element) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return ControlFlow::Continue(());
        }
        let Some(depth) = self.open.iter().rposition(|element| element.name == name) else {
            return ControlFlow::Continue(());
        };
        while self.open.len() > depth {
            self.shut(true, give)?;
        }
        ControlFlow::Continue(())
    }

    fn shut(&mut self, whole: bool, give: &mut impl FnMut(Element, &Element) -> ControlFlow<()>) -> ControlFlow<()> {
        let Some(mut element) = self.open.pop() else { return ControlFlow::Continue(()) };
        element.whole = whole;
        if self.record == Some(self.open.len()) {
            self.record = None;
            self.held = self.open.len();
            return give(element, self.innermost());
        }
        self.innermost().nodes.push(Node::Element(element));
        ControlFlow::Continue(())
    }

    /// Closes what the end of the file left open.
    fn cut(&mut self, give: &mut impl FnMut(Element, &Element) -> ControlFlow<()>) -> Cut {
        let record = self.record.is_some();
        while !self.open.is_empty() {
            if self.shut(false, give).is_break() {
                return Cut::Stopped;
            }
        }
        if record { Cut::Record } else { Cut::Nothing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records called `item` as `title: text`, with `…` where cut, and the error.
    #[track_caller]
    fn check(text: &str, expect: &[&str], error: Option<&str>) {
        let mut found = Vec::new();
        let end = each_record(
            text,
            |name| name == "item",
            |item, parent| {
                let cut = if item.whole { "" } else { "…" };
                found.push(format!("{}: {}{cut}", parent.text_at(&["title"]).unwrap_or_default(), item.text()));
                ControlFlow::Continue(())
            },
        );
        assert_eq!(found, expect);
        assert_eq!(end.err().map(|e| e.detail).as_deref(), error);
    }

    #[test]
    fn records_come_with_what_stands_before_them() {
        check(
            "<rss><title>Post</title><item>One</item><item>Two <b>three</b></item></rss>",
            &["Post: One", "Post: Two three"],
            None,
        );
    }

    #[test]
    fn references_are_resolved() {
        check(
            "<item>R&amp;D &#233;t&#xE9; caf&eacute;&nbsp;&mdash; <![CDATA[a & b]]> &unknown; A & B</item>",
            &[": R&D été café — a & b &unknown; A & B"],
            None,
        );
    }

    #[test]
    fn entities_of_the_document_are_not_expanded() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><item>&b;</item>";
        check(bomb, &[": &b;"], None);
        check("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><item>&f;</item>", &[": &f;"], None);
    }

    #[test]
    fn wrong_ends_are_forgiven() {
        check("<rss><item>One <b>two</item><item>Three</i></item></rss>", &[": One two", ": Three"], None);
    }

    #[test]
    fn what_was_whole_before_a_cut_is_given() {
        check("<rss><item>One</item><item>Tw", &[": One", ": Tw…"], Some("it ends within a record"));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!("<item>{}text{}</item><item>two</item>", "<a>".repeat(100_000), "</a>".repeat(100_000));
        check(&deep, &[": text", ": two"], None);
    }

    #[test]
    fn too_many_elements_end_it() {
        check(
            &format!("<rss><item>{}", "<a/>".repeat(600_000)),
            &[": …"],
            Some("more than 500000 elements in one record"),
        );
    }

    #[test]
    fn markup_is_written_back() {
        let mut markup = String::new();
        let _ = each_record(
            "<x:item xmlns:x=\"u\"><x:p class=\"a&quot;b\">A &lt; B<x:br/>C</x:p></x:item>",
            |name| name == "item",
            |item, _| {
                markup = item.markup();
                ControlFlow::Continue(())
            },
        );
        assert_eq!(markup, "<p class=\"a&quot;b\">A &lt; B<br>C</p>");
    }
}

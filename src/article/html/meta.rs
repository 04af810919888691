//! What a page says in its head: `<meta>`, `<link>`, `<title>`.

use super::dom::Dom;
use super::entity;
use super::tag::Tag;

/// The `<meta>` and `<link>` tags of a page and its `<title>`: names in lower case with their values, in order.
#[derive(Default)]
pub(super) struct Tags {
    values: Vec<(String, String)>,
}

impl Tags {
    /// Collects them.
    pub(super) fn of(dom: &Dom<'_>) -> Self {
        let mut values = Vec::new();
        for node in dom.all() {
            match dom.tag(node) {
                Some(Tag::Meta) => {
                    let name = ["property", "name", "itemprop", "http-equiv"]
                        .iter()
                        .find_map(|attribute| dom.attribute(node, attribute).filter(|name| !name.is_empty()));
                    if let (Some(name), Some(value)) = (name, dom.attribute(node, "content")) {
                        values.push((name.to_ascii_lowercase(), line(&value)));
                    }
                }
                Some(Tag::Link) => {
                    if let (Some(rel), Some(href)) = (dom.attribute(node, "rel"), dom.attribute(node, "href")) {
                        values.push((format!("link:{}", rel.to_ascii_lowercase()), line(&href)));
                    }
                }
                // Drawings have titles too.
                Some(Tag::Title) if !dom.ancestors(node).any(|around| dom.is(around, Tag::Svg)) => {
                    values.push(("title".to_owned(), dom.text(node)));
                }
                Some(_) | None => {}
            }
        }
        Tags { values }
    }

    /// The first value of the first of `names` that has one.
    pub(super) fn get(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.all(name).next()).map(str::to_owned)
    }

    /// Every value of `name`.
    pub(super) fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        self.values.iter().filter(move |(own, value)| own == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}

/// A value as one line, its references resolved.
pub(super) fn line(value: &str) -> String {
    let mut line = entity::Line::default();
    line.push(value);
    line.finish()
}

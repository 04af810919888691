//! XML documents that hold one or many articles: feeds and wire formats.

use std::borrow::Cow;
use std::io;
use std::ops::ControlFlow;

use serde_json::Value;

use super::bounds::read_whole;
use super::charset::{self, Decoded};
use super::problem::shown;
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::xml::{self, Element};
use super::{Content, End, Fields, Format, Hints, Problem, Raw, Skip, html};

/// An article as an item of a document: named fields, and what the user should know of it.
#[derive(Debug, Default)]
pub(super) struct Item {
    fields: Fields,
    warnings: Vec<String>,
}

impl Item {
    /// Sets a field, if there is something to set and nothing was set before.
    pub(super) fn set(&mut self, name: &str, value: Option<String>) -> &mut Self {
        if let Some(value) = value.filter(|value| !value.trim().is_empty())
            && !self.fields.contains_key(name)
        {
            self.fields.insert(name.to_owned(), Value::String(value));
        }
        self
    }

    /// The value of a field that holds one string.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(Value::as_str)
    }

    /// Drops a field.
    pub(super) fn remove(&mut self, name: &str) {
        self.fields.remove(name);
    }

    /// Sets a field of several values, a name an entry.
    pub(super) fn set_all(&mut self, name: &str, values: impl Iterator<Item = String>) -> &mut Self {
        let values: Vec<Value> = values.filter(|value| !value.is_empty()).map(Value::String).collect();
        if !values.is_empty() && !self.fields.contains_key(name) {
            self.fields.insert(name.to_owned(), Value::Array(values));
        }
        self
    }

    /// Sets the body from content that may be marked up: whole, as feeds and wires carry no decoration.
    pub(super) fn set_body(&mut self, content: &str) -> &mut Self {
        let content = unescaped(content);
        if content.contains('<') || content.contains('&') {
            return self.set("html", Some(content.into_owned()));
        }
        self.set("text", Some(content.into_owned()))
    }

    /// True once it has a body.
    pub(super) fn has_body(&self) -> bool {
        self.fields.contains_key("html") || self.fields.contains_key("text")
    }

    /// Something that the user should know.
    pub(super) fn warn(&mut self, warning: &str) {
        self.warnings.push(warning.to_owned());
    }
}

/// A line that may hold markup or doubly escaped characters, as the titles of feeds do, as plain text.
pub(super) fn plain(line: &str) -> String {
    let line = unescaped(line);
    let plain = if line.contains(['<', '&']) { html::fragment(&line).0 } else { line.into_owned() };
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Content without marks that were escaped once too often: those of a CDATA section, paragraphs that show as `<p>`.
fn unescaped(content: &str) -> Cow<'_, str> {
    let trimmed = content.trim();
    if let Some(inner) = trimmed.strip_prefix("<![CDATA[") {
        return Cow::Owned(unescaped(inner.strip_suffix("]]>").unwrap_or(inner)).into_owned());
    }
    let lower_marks = ["&lt;/p&gt;", "&lt;br", "&lt;/div&gt;", "&lt;![CDATA["];
    if lower_marks.iter().any(|mark| content.contains(mark)) {
        return Cow::Owned(unescaped(&html::resolve(content)).into_owned());
    }
    Cow::Borrowed(content)
}

/// Gives the article of every record in a document that must be read whole; `make` understands one, given its parent,
/// or passes over it.
pub(super) fn split(
    mut stream: Stream<'_>,
    format: Format,
    options: &Options,
    give: &mut Sink,
    is_record: fn(&str) -> bool,
    mut make: impl FnMut(&Element, &Element) -> Result<Option<Item>, Problem>,
) -> ControlFlow<()> {
    let place = stream.place.clone();
    let read = read_whole(&mut stream.body, options.bounds.document, "document").and_then(decode);
    let Decoded { text, warnings: mut decoding_warnings } = match read {
        Ok(decoded) => decoded,
        Err(problem) => return give(Err(Skip::new(place, problem).of(format))),
    };
    let mut count = 0u64;
    let walk = xml::each_record(&text, is_record, |record, parent| {
        // Of a document cut short, the last of many records is left out; the only one is better than none.
        if !record.whole && count > 0 {
            return ControlFlow::Continue(());
        }
        count += 1;
        let place = if parent.name.is_empty() { place.clone() } else { place.part(count) };
        match make(&record, parent) {
            Ok(None) => ControlFlow::Continue(()),
            Ok(Some(Item { fields, mut warnings })) => {
                // What is wrong with the whole document is reported with its first article.
                warnings.append(&mut decoding_warnings);
                let end = if record.whole { End::Whole } else { End::Cut };
                let hints = Hints { warnings, end, ..Hints::default() };
                give(Ok(Raw { place, format, content: Content::Fields(fields), hints }))
            }
            Err(problem) => give(Err(Skip::new(place, problem).of(format))),
        }
    });
    match walk {
        Ok(ControlFlow::Break(())) => ControlFlow::Break(()),
        Ok(ControlFlow::Continue(())) if count == 0 => give(Err(Skip::new(place, Problem::NoText).of(format))),
        Ok(ControlFlow::Continue(())) => ControlFlow::Continue(()),
        Err(broken) => {
            let source = io::Error::other(format!("{} at byte {}", shown(&broken.detail), broken.at));
            give(Err(Skip::new(place, Problem::CutShort { what: "XML document", source }).of(format)))
        }
    }
}

fn decode(bytes: Vec<u8>) -> Result<Decoded, Problem> {
    let declared = declared_charset(&bytes).map(str::to_owned);
    charset::decode(bytes, declared.as_deref())
}

/// The encoding in `<?xml version="1.0" encoding="ISO-8859-1"?>`.
fn declared_charset(bytes: &[u8]) -> Option<&str> {
    let declaration = bytes.get(..memchr::memchr(b'>', bytes.get(..bytes.len().min(256))?)?)?;
    let declaration = std::str::from_utf8(declaration).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let mark = value.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    value.get(1..)?.split(mark).next()
}

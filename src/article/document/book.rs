//! Books (EPUB): each chapter is an article, in the order of reading.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::super::bounds::read_whole;
use super::super::stream::Stream;
use super::super::unpack::{Options, Sink};
use super::super::xml::Element;
use super::super::{Content, Fields, Format, Hints, Place, Problem, Raw, Skip, charset, html, xml};
use super::{Parts, is_program, put};

/// Gives the chapters of a book.
pub(in super::super) fn split(mut stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let limit = options.bounds.document;
    let budget = stream.budget.clone();
    let opened = read_whole(&mut stream.body, limit, "book").and_then(|bytes| {
        let mut parts = Parts::open(bytes, Format::Epub, limit, budget)?;
        let contents = Contents::read(&mut parts)?;
        Ok((parts, contents))
    });
    let (mut parts, contents) = match opened {
        Ok(opened) => opened,
        Err(problem) => return give(Err(Skip::new(stream.place, problem).of(Format::Epub))),
    };
    for chapter in &contents.chapters {
        let place = stream.place.part(chapter);
        match parts.read(chapter) {
            Ok(Some(bytes)) => {
                if memchr::memmem::find(&bytes, PAGE_OF_PAPER).is_some() {
                    give(Ok(contents.page(bytes, place)))?;
                    continue;
                }
                let Ok(page) = charset::decode(bytes, Some("utf-8")) else { continue };
                let (text, _) = html::fragment(&page.text);
                // A page of the cover or of a picture.
                if text.trim().is_empty() {
                    continue;
                }
                let mut fields = contents.known.clone();
                let mut paragraphs = text.as_str();
                if let Some(heading) = html::heading(&page.text) {
                    // The title of a chapter is not part of its text.
                    let (first, rest) = text.split_once("\n\n").unwrap_or((&text, ""));
                    if first == heading && !rest.is_empty() {
                        paragraphs = rest;
                    }
                    fields.insert("title".to_owned(), Value::String(heading));
                }
                fields.insert("text".to_owned(), Value::String(paragraphs.to_owned()));
                give(Ok(Raw {
                    place,
                    format: Format::Epub,
                    content: Content::Fields(fields),
                    hints: Hints::default(),
                }))?;
            }
            Ok(None) => {
                let detail = "it is listed in the book, but not there; fetch the book again".to_owned();
                give(Err(Skip::new(place, Problem::Malformed { format: Format::Epub, detail })))?;
            }
            Err(problem) => {
                let is_full = matches!(problem, Problem::TooLarge { .. });
                give(Err(Skip::new(place, problem).of(Format::Epub)))?;
                if is_full {
                    break;
                }
            }
        }
    }
    ControlFlow::Continue(())
}

/// What is around each article of a paper that Calibre made a book: links to the one before it and the one behind it.
const PAGE_OF_PAPER: &[u8] = b"class=\"calibre_navbar\"";

/// What a book says about itself.
struct Contents {
    known: Fields,
    /// Names of the parts that are chapters.
    chapters: Vec<String>,
}

impl Contents {
    /// An article of a paper: a page with a headline and a byline of its own. The paper is the book, its day the book's.
    fn page(&self, bytes: Vec<u8>, place: Place) -> Raw {
        let mut known = self.known.clone();
        let paper = known.remove("title").and_then(|title| Some(title.as_str()?.split(" [").next()?.trim().to_owned()));
        known.extend(paper.map(|paper| ("outlet".to_owned(), Value::String(paper))));
        let hints = Hints { known, ..Hints::default() };
        Raw { place, format: Format::Epub, content: Content::Bytes(bytes), hints }
    }

    fn read(parts: &mut Parts) -> Result<Self, Problem> {
        let malformed = |what: &str| Problem::Malformed {
            format: Format::Epub,
            detail: format!("it has no {what}; fetch it again"),
        };
        let mut root = |name: &str, what: &str| {
            let bytes = parts.read(name)?.ok_or_else(|| malformed(what))?;
            xml::root(&String::from_utf8_lossy(&bytes)).ok_or_else(|| malformed(what))
        };
        let container = root("META-INF/container.xml", "list of contents")?;
        let path = container.find("rootfile").and_then(|file| file.attribute("full-path"));
        let path = path.ok_or_else(|| malformed("list of contents"))?.to_owned();
        let package = root(&path, "package file")?;
        let mut known = Fields::new();
        for (name, element) in [
            ("title", "title"),
            ("byline", "creator"),
            ("outlet", "publisher"),
            ("date", "date"),
            ("language", "language"),
        ] {
            if let Some(value) = package.find("metadata").and_then(|metadata| metadata.find(element))
                && !is_program(&value.text())
            {
                put(&mut known, name, &value.text());
            }
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let items = package.find("manifest").into_iter().flat_map(|manifest| manifest.all("item"));
        let mut by_id: FxHashMap<&str, &Element> = FxHashMap::default();
        for item in items {
            if let Some(id) = item.attribute("id") {
                by_id.entry(id).or_insert(item);
            }
        }
        let href = |id: &str| {
            let item = by_id.get(id)?;
            let is_text = item.attribute("media-type").is_some_and(|kind| kind.contains("html"));
            // The list of contents repeats the headings.
            let is_list = item.attribute("properties").is_some_and(|properties| properties.contains("nav"));
            item.attribute("href").filter(|_| is_text && !is_list).map(|href| within(folder, href))
        };
        let spine = package.find("spine").into_iter().flat_map(|spine| spine.all("itemref"));
        let chapters: Vec<String> = spine.filter_map(|item| href(item.attribute("idref")?)).collect();
        if chapters.is_empty() { Err(malformed("chapters")) } else { Ok(Contents { known, chapters }) }
    }
}

/// The name of a part, from its address within a folder.
fn within(folder: &str, href: &str) -> String {
    let href = percent_encoding::percent_decode_str(href.split('#').next().unwrap_or(href)).decode_utf8_lossy();
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in href.split('/') {
        match part {
            ".." => {
                path.pop();
            }
            "." | "" => {}
            part => path.push(part),
        }
    }
    path.join("/")
}

//! Word documents (OOXML) and `OpenDocument` texts: paragraphs of XML in a zip archive.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::super::bounds::Budget;
use super::super::xml;
use super::super::{Format, Problem};
use super::{Document, Parts};

/// Reads a document.
pub(super) fn read(bytes: Vec<u8>, format: Format, limit: u64, budget: Budget) -> Result<Document, Problem> {
    let mut parts = Parts::open(bytes, format, limit, budget)?;
    let (body, properties) = match format {
        Format::Odt => ("content.xml", "meta.xml"),
        _ => ("word/document.xml", "docProps/core.xml"),
    };
    let no_body = || Problem::Malformed { format, detail: format!("it has no `{body}`; save it again") };
    let mut text = Text { is_direct: format == Format::Odt, ..Text::default() };
    text.read(&parts.read(body)?.ok_or_else(no_body)?);
    for notes in ["word/footnotes.xml", "word/endnotes.xml"] {
        if let Some(notes) = parts.read(notes)? {
            text.read(&notes);
        }
    }
    let properties = parts.read(properties)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let root = properties.and_then(|properties| xml::root(&properties));
    let property = |name: &str| {
        let text = root.as_ref()?.find(name).map(xml::Element::text)?;
        Some(text).filter(|text| !text.is_empty())
    };
    let shown: Vec<&String> = text.paragraphs.iter().take(20).collect();
    // What a form or a template was called is no title of what was written into it.
    let title = text.title.or_else(|| property("title").filter(|title| shown.iter().any(|text| text.contains(title))));
    Ok(Document {
        title,
        author: property("initial-creator").or_else(|| property("creator")).filter(|name| name.contains(' ')),
        made: property("created").or_else(|| property("creation-date")),
        paragraphs: text.paragraphs,
    })
}

/// The paragraphs of the XML of a document.
#[derive(Default)]
struct Text {
    /// True if text lies in paragraphs directly, not only in elements for it.
    is_direct: bool,
    paragraphs: Vec<String>,
    title: Option<String>,
    /// The paragraphs that are open: those of a text box lie in another.
    open: Vec<Open>,
    /// Elements around that hold nothing of the text.
    passed_over: u32,
    is_taken: bool,
}

#[derive(Default)]
struct Open {
    text: String,
    is_title: bool,
}

/// Paragraphs within paragraphs.
const DEEPEST: usize = 64;

impl Text {
    /// Reads the XML up to its end or its first error.
    fn read(&mut self, bytes: &[u8]) {
        let content = String::from_utf8_lossy(bytes);
        let mut reader = Reader::from_str(&content);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        loop {
            match reader.read_event() {
                Ok(Event::Start(element)) => self.start(&element),
                Ok(Event::Empty(element)) => {
                    self.start(&element);
                    self.end(element.local_name().as_ref());
                }
                Ok(Event::End(element)) => self.end(element.local_name().as_ref()),
                Ok(Event::Text(text)) => self.text(&text.xml10_content()),
                Ok(Event::CData(text)) => self.text(&text.xml10_content()),
                Ok(Event::GeneralRef(reference)) => xml::resolve(&reference, |text| self.text(text)),
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
                Ok(Event::Eof) | Err(_) => break,
            }
        }
        while !self.open.is_empty() {
            self.close();
        }
        (self.passed_over, self.is_taken) = (0, false);
    }

    fn start(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name();
        if is_passed_over(name.as_ref()) {
            self.passed_over += 1;
        }
        if self.passed_over > 0 {
            return;
        }
        let attribute = |wanted: &str| {
            let mut attributes = element.html_attributes();
            let mut attributes = attributes.with_checks(false).flatten();
            attributes.find(|attribute| attribute.key.local_name().as_ref() == wanted).map(|own| own.value.to_string())
        };
        let is_title =
            |style: Option<String>| style.is_some_and(|style| matches!(style.as_str(), "Title" | "Headline"));
        match name.as_ref() {
            "p" | "h" if self.open.len() < DEEPEST => {
                self.open.push(Open { text: String::new(), is_title: is_title(attribute("style-name")) });
            }
            "pStyle" if is_title(attribute("val")) => {
                if let Some(open) = self.open.last_mut() {
                    open.is_title = true;
                }
            }
            "t" => self.is_taken = true,
            "tab" | "s" | "ptab" => self.push(" "),
            "br" | "cr" | "line-break" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if is_passed_over(name) {
            self.passed_over = self.passed_over.saturating_sub(1);
        } else if self.passed_over == 0 {
            match name {
                "p" | "h" => self.close(),
                "t" => self.is_taken = false,
                _ => {}
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.passed_over == 0 && (self.is_direct || self.is_taken) {
            self.push(text);
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.text.push_str(text);
        }
    }

    fn close(&mut self) {
        let Some(Open { text, is_title }) = self.open.pop() else { return };
        // A blank line within a paragraph would part it.
        let lines: Vec<String> = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|l| !l.is_empty())
            .collect();
        let text = lines.join("\n");
        if text.is_empty() {
            return;
        }
        if is_title && self.title.is_none() {
            self.title = Some(text.replace('\n', " "));
        }
        self.paragraphs.push(text);
    }
}

/// True for elements whose text is not the document's: what was deleted or moved away, remarks, the copy of a text box for
/// older programs, instructions of fields, numbers of notes.
fn is_passed_over(name: &str) -> bool {
    let names: [&str; 8] = [
        "del",
        "moveFrom",
        "Fallback",
        "instrText",
        "annotation",
        "tracked-changes",
        "note-citation",
        "table-of-content",
    ];
    names.contains(&name)
}

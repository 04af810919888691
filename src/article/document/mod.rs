//! Documents of word processors, and books.

mod book;
mod clippings;
mod head;
mod office;
mod rtf;

use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

use serde_json::Value;
use zip::ZipArchive;
use zip::result::ZipError;

pub(super) use book::split as split_book;
pub(super) use clippings::{has_number, split as split_clippings};
pub(super) use head::read as read_head;

use super::bounds::{Budget, Spending, read_whole};
use super::problem::shown;
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::{Article, Content, DateOrigin, End, Fields, Format, Hints, Meta, Place, Problem, Raw, Skip};
use super::{date, language, record, transcript};
use crate::language::world;

/// What is read of a document.
#[derive(Debug, Default, PartialEq)]
struct Document {
    title: Option<String>,
    author: Option<String>,
    /// When the file was made, as it is written.
    made: Option<String>,
    paragraphs: Vec<String>,
}

/// Gives the articles of an export, by the lines that it shows; none if they are no export.
pub(super) fn split_lines(lines: &[String], place: &Place, format: Format, give: &mut Sink) -> Option<ControlFlow<()>> {
    let clippings = clippings::articles(&lines.join("\n\n"))?;
    Some(clippings::give(clippings.ended(End::Whole), place, format, give))
}

/// Gives the article in a document, or the articles, if it is an export of clippings.
pub(super) fn split(mut stream: Stream<'_>, format: Format, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let limit = options.bounds.document;
    let mut is_cut = false;
    let read = read_whole(&mut stream.body, limit, "document").and_then(|bytes| match format {
        Format::Rtf => {
            is_cut = rtf::lacks_end(&bytes);
            Ok(rtf::read(&bytes))
        }
        _ => office::read(bytes, format, limit, stream.budget.clone()),
    });
    let Document { title, author, made, paragraphs } = match read {
        Ok(document) => document,
        Err(problem) => return give(Err(Skip::new(stream.place, problem).of(format))),
    };
    let text = paragraphs.join("\n\n");
    let end = if is_cut { End::Cut } else { End::Whole };
    if let Some(clippings) = clippings::articles(&text) {
        clippings::give(clippings.ended(end), &stream.place, format, give)?;
        return tell_cut(is_cut, stream.place, format, give);
    }
    let author = author.filter(|author| !is_program(author));
    let known = [("title", title), ("byline", author), ("made", made)];
    let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))));
    let hints = Hints { known: known.collect(), end, ..Hints::default() };
    give(Ok(Raw { place: stream.place.clone(), format, content: Content::Bytes(text.into_bytes()), hints }))?;
    tell_cut(is_cut, stream.place, format, give)
}

fn tell_cut(is_cut: bool, place: Place, format: Format, give: &mut Sink) -> ControlFlow<()> {
    if is_cut {
        let source = io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too early");
        let problem = Problem::CutShort { what: "document", source };
        return give(Err(Skip::new(place, problem).of(format)));
    }
    ControlFlow::Continue(())
}

/// Makes an article of the text of a document.
pub(super) fn read(bytes: &[u8], place: &Place, format: Format, hints: &Hints) -> Result<Article, Problem> {
    let text = String::from_utf8_lossy(bytes);
    let mut article = if transcript::is_transcript(&text) {
        transcript::of_text(&text, place)?
    } else {
        let paragraphs = text.split("\n\n").map(|paragraph| (paragraph, None));
        let mut article = Article::from_parts(Meta::at(place), paragraphs);
        head::read(&mut article);
        article
    };
    if article.paragraphs.is_empty() {
        return Err(Problem::NoText);
    }
    article.format = format;
    article.meta.language = language::detect(&article.text);
    record::complete(&mut article.meta, hints, place);
    let made = hints.known.get("made").and_then(Value::as_str);
    date_of_file(&mut article, made, place);
    Ok(article)
}

/// The day that a document has so far or in its name, else the one on which it was made.
pub(super) fn date_of_file(article: &mut Article, made: Option<&str>, place: &Place) {
    article.meta.published = article.meta.published.take().or_else(|| date::from_name(place));
    if article.meta.published.is_none()
        && let Some((published, _)) = made.and_then(|made| date::read(made, None, DateOrigin::File))
    {
        article.meta.published = Some(published);
        article.warnings.push("the date is the one on which the file was made".to_owned());
    }
}

/// A zip archive that holds the parts of one document.
struct Parts {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    format: Format,
    /// Bytes that may still be unpacked, of this document and of its source.
    left: u64,
    limit: u64,
    budget: Budget,
}

impl Parts {
    fn open(bytes: Vec<u8>, format: Format, limit: u64, budget: Budget) -> Result<Self, Problem> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error, format))?;
        Ok(Parts { zip, format, limit, left: limit, budget })
    }

    /// The bytes of a part; none if there is no such part.
    fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        let part = match self.zip.by_name(name) {
            Err(ZipError::FileNotFound) => return Ok(None),
            part => part.map_err(|error| broken(error, self.format))?,
        };
        let mut bytes = Vec::new();
        Spending(part, self.budget.clone())
            .take(self.left + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| broken(error.into(), self.format))?;
        let too_large = Problem::TooLarge { what: "document", limit: self.limit >> 20 };
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(too_large)?;
        Ok(Some(bytes))
    }
}

fn broken(error: ZipError, format: Format) -> Problem {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            Problem::Unsupported { what: "a document locked by a password", how: "by saving it without one" }
        }
        other => Problem::Malformed { format, detail: format!("{}; fetch it again", shown(&other.to_string())) },
    }
}

/// True for an author who is a program, or whoever uses it.
pub(super) fn is_program(author: &str) -> bool {
    world().records.programs.contains(&author.trim().to_lowercase())
}

/// A field of a record, if there is something in it.
fn put(fields: &mut Fields, name: &str, value: &str) {
    if !value.trim().is_empty() && !fields.contains_key(name) {
        fields.insert(name.to_owned(), Value::String(value.trim().to_owned()));
    }
}

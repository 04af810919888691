//! JSON of any shape: lines of records, lists of them, records by their id, or somewhere within.

mod columns;
mod exports;
mod mend;
mod outer;
mod posts;
mod records;

use std::io::{self, BufReader, Cursor, Read};
use std::ops::ControlFlow;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::bounds::{Line, check_values, read_line};
use super::record::Fields;
use super::stream::{Resumed, Stream};
use super::unpack::{Options, Sink};
use super::wire::ninjs;
use super::{Content, End, FieldMap, Format, Hints, Place, Problem, Raw, Skip, charset};
use mend::{MENDED, mended};
use outer::Outer;
use records::{Records, unwrapped};

/// Cuts JSON lines into records, one a line; a bad line is reported and the next is read.
pub(super) fn split_lines(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let stream = stream.into_utf8();
    if !starts_with_record(&stream.head) && is_laid_out(&stream.head) {
        return split_document(stream, options, give);
    }
    let Stream { place, mut body, what, .. } = stream;
    for number in 1u64.. {
        let place = place.part(number);
        match read_line(&mut body, options.bounds.article) {
            Ok(Line::End) => break,
            Ok(Line::Whole(line) | Line::Open(line)) if line.trim_ascii().is_empty() => {}
            Ok(Line::Whole(line)) => give(of_line(place, &line, End::Whole, &options.map))?,
            Ok(Line::Open(line)) => {
                let is_whole = serde_json::from_slice::<IgnoredAny>(&line).is_ok();
                let read = of_line(place, &line, if is_whole { End::Whole } else { End::Cut }, &options.map);
                give(read.map_err(|skip| if is_whole { skip } else { cut_short(skip, what) }))?;
            }
            Ok(Line::TooLong) => {
                let problem = Problem::TooLarge { what: "line", limit: options.bounds.article >> 20 };
                give(Err(Skip::new(place, problem).of(Format::JsonLines)))?;
            }
            Err(source) => {
                give(Err(Skip::new(place, Problem::CutShort { what, source }).of(Format::JsonLines)))?;
                break;
            }
        }
    }
    ControlFlow::Continue(())
}

/// A last line that is no whole record tells nothing of what it was.
fn cut_short(skip: Skip, what: &'static str) -> Skip {
    let source = io::Error::new(io::ErrorKind::UnexpectedEof, "its last record is not whole");
    Skip { problem: Problem::CutShort { what, source }, ..skip }
}

fn of_line(place: Place, line: &[u8], end: End, map: &FieldMap) -> Result<Raw, Skip> {
    let format = Format::JsonLines;
    match parse(line, map) {
        Ok((fields, warnings)) => {
            let hints = Hints { warnings, end, ..Hints::default() };
            Ok(Raw { place, format, content: Content::Fields(fields), hints })
        }
        Err(problem) => Err(Skip::new(place, problem).of(format)),
    }
}

/// Finds the records of a JSON document, wherever they lie in it.
///
/// A document no larger than one article may be is read whole, and what is an article is seen from the outside in. A
/// larger one can't be a single article: its outer objects and lists are passed through as they stream by.
pub(super) fn split_document(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let stream = stream.into_utf8();
    if starts_with_record(&stream.head) && second_line_is_record(&stream.head) {
        return split_lines(stream, options, give);
    }
    let Stream { place, mut body, what, .. } = stream;
    let limit = options.bounds.article;
    let mut start = Vec::new();
    let failed = body.by_ref().take(limit + 1).read_to_end(&mut start).err();
    let mut records = Records::new(&place, options, give);
    if start.starts_with(b"window.YTD.")
        && let Some(at) = memchr::memchr(b'=', &start)
    {
        start.drain(..=at);
    }
    let too_dense = check_values(&start).err();
    if failed.is_none()
        && start.len() as u64 <= limit
        && too_dense.is_none()
        && let Ok(documents) = values(&start)
    {
        for document in documents {
            records.outermost(document)?;
        }
        return ControlFlow::Continue(());
    }
    let body = BufReader::with_capacity(64 << 10, Cursor::new(start).chain(Resumed { failed, body }));
    let end = Outer { body, what, limit }.documents(&mut records);
    if records.stopped {
        return ControlFlow::Break(());
    }
    let problem = match end {
        Ok(()) if records.found > 0 => return ControlFlow::Continue(()),
        Ok(()) => too_dense.unwrap_or(Problem::NoText),
        Err(problem) => problem,
    };
    records.fail(problem)
}

/// One record, as a line holds it.
fn parse(bytes: &[u8], map: &FieldMap) -> Result<(Fields, Vec<String>), Problem> {
    let (value, warnings) = value(bytes)?;
    let Value::Object(mut fields) = value else { return Err(no_object()) };
    ninjs::flatten(&mut fields)?;
    posts::post(&mut fields);
    Ok((unwrapped(fields, map), warnings))
}

/// A value, mended if it must be, and what to say about it.
fn value(bytes: &[u8]) -> Result<(Value, Vec<String>), Problem> {
    check_values(bytes)?;
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok((value, Vec::new()));
    }
    // A value in a legacy encoding is not valid JSON; decoded it may be.
    let decoded = charset::decode(bytes.to_vec(), None)?;
    let mut warnings = decoded.warnings;
    let value = match serde_json::from_str(&decoded.text) {
        Ok(value) => value,
        Err(error) => {
            let value = mended(&decoded.text).ok_or_else(|| malformed(&error, &decoded.text))?;
            warnings.push(MENDED.to_owned());
            value
        }
    };
    Ok((value, warnings))
}

fn no_object() -> Problem {
    let detail = "a record must be an object, `{\"title\": ..., \"text\": ...}`".to_owned();
    Problem::Malformed { format: Format::Json, detail }
}

fn malformed(error: &serde_json::Error, text: &str) -> Problem {
    let mut start = text.trim_start_matches(['[', ' ', '\n']).chars().filter(|c| !c.is_whitespace());
    if (start.next(), start.next()) == (Some('{'), Some('\'')) {
        let detail = "it is what Python prints of its objects; write it with `json.dump`".to_owned();
        return Problem::Malformed { format: Format::Json, detail };
    }
    // The parser saw one line of the file: the place holds its number, and the parser would say 1.
    let detail = error.to_string().replace("at line 1 column", "at column");
    Problem::Malformed { format: Format::Json, detail: format!("{detail}; mend or remove it") }
}

/// The documents that follow each other in `bytes`; usually one.
fn values(bytes: &[u8]) -> serde_json::Result<Vec<Value>> {
    if std::str::from_utf8(bytes).is_ok() {
        return serde_json::Deserializer::from_slice(bytes).into_iter().collect();
    }
    let text = charset::decode(bytes.to_vec(), None).map(|decoded| decoded.text).unwrap_or_default();
    serde_json::Deserializer::from_str(&text).into_iter().collect()
}

/// True if the first line is a whole record.
fn starts_with_record(head: &[u8]) -> bool {
    let line = lines(head).next().unwrap_or_default();
    line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

fn second_line_is_record(head: &[u8]) -> bool {
    lines(head).nth(1).is_some_and(|line| line.starts_with(b"{"))
}

/// True if the first line only opens something that following lines fill.
fn is_laid_out(head: &[u8]) -> bool {
    let mut lines = lines(head);
    lines.next().is_some_and(|line| line.starts_with(b"[") || line == b"{") && lines.next().is_some()
}

fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}

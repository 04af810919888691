//! JSON of any shape: lines of records, lists of them, records by their id, or somewhere within.

mod exports;
mod mend;

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::ControlFlow;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::bounds::{Line, read_line};
use super::record::Fields;
use super::stream::{Resumed, Stream};
use super::unpack::{Options, Sink};
use super::wire::ninjs;
use super::{Content, End, FieldMap, Format, Hints, Place, Problem, Raw, Skip, charset};
use mend::{MENDED, mended};

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
            Ok(Line::Whole(line)) => give(Ok(of_line(place, line, End::Whole)))?,
            Ok(Line::Open(line)) => {
                let is_whole = serde_json::from_slice::<IgnoredAny>(&line).is_ok();
                give(Ok(of_line(place, line, if is_whole { End::Whole } else { End::Cut })))?;
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

fn of_line(place: Place, line: Vec<u8>, end: End) -> Raw {
    let hints = Hints { end, ..Hints::default() };
    Raw { place, format: Format::JsonLines, content: Content::Bytes(line), hints }
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
    let mut records = Records { place: &place, options, give, found: 0, warnings: Vec::new(), stopped: false };
    if start.starts_with(b"window.YTD.")
        && let Some(at) = memchr::memchr(b'=', &start)
    {
        start.drain(..=at);
    }
    if failed.is_none()
        && start.len() as u64 <= limit
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
        Ok(()) => Problem::NoText,
        Err(problem) => problem,
    };
    (records.give)(Err(Skip::new(place.clone(), problem).of(Format::Json)))
}

/// One record, as a line holds it.
pub(super) fn parse(bytes: &[u8], map: &FieldMap) -> Result<(Fields, Vec<String>), Problem> {
    let (value, warnings) = value(bytes)?;
    let Value::Object(mut fields) = value else { return Err(no_object()) };
    ninjs::flatten(&mut fields)?;
    exports::post(&mut fields);
    Ok((unwrapped(fields, map), warnings))
}

/// A value, mended if it must be, and what to say about it.
fn value(bytes: &[u8]) -> Result<(Value, Vec<String>), Problem> {
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok((value, Vec::new()));
    }
    // A value in a legacy encoding is not valid JSON; decoded it may be.
    let decoded = charset::decode(bytes.to_vec(), None)?;
    let mut warnings = decoded.warnings;
    let value = match serde_json::from_str(&decoded.text) {
        Ok(value) => value,
        Err(error) => {
            let value = mended(&decoded.text).ok_or_else(|| malformed(&error))?;
            warnings.push(MENDED.to_owned());
            value
        }
    };
    Ok((value, warnings))
}

/// The record within a record that only wraps it, as databases export them: `{"_id": ..., "_source": {...}}`.
fn unwrapped(fields: Fields, map: &FieldMap) -> Fields {
    if map.has_body(&fields) {
        return fields;
    }
    if let Some(mut merged) = merged(&fields, map) {
        exports::post(&mut merged);
        return merged;
    }
    let inner = fields.values().filter_map(Value::as_object).find(|inner| map.is_article(inner)).cloned();
    inner.unwrap_or(fields)
}

/// The record of an interface that keeps the body apart from what it says about it:
/// `{"webTitle": …, "webUrl": …, "fields": {"bodyText": …}}`.
fn merged(fields: &Fields, map: &FieldMap) -> Option<Fields> {
    if map.has_body(fields) || !map.describes(fields) {
        return None;
    }
    let mut inner = fields.values().filter_map(Value::as_object).filter(|inner| map.has_body(inner));
    let (only, None) = (inner.next()?, inner.next()) else { return None };
    let outer = fields.iter().filter(|(name, value)| !only.contains_key(*name) && !value.is_object());
    Some(only.iter().chain(outer).map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn no_object() -> Problem {
    let detail = "a record must be an object, `{\"title\": ..., \"text\": ...}`".to_owned();
    Problem::Malformed { format: Format::Json, detail }
}

fn malformed(error: &serde_json::Error) -> Problem {
    // The parser saw one line of the file: its number is told by the place, where the parser would say 1.
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

/// Gives the records found in values.
struct Records<'r, 's> {
    place: &'r Place,
    options: &'r Options,
    give: &'r mut Sink<'s>,
    found: u64,
    /// The message about the records that follow.
    warnings: Vec<String>,
    /// True once the sink wants no more.
    stopped: bool,
}

impl Records<'_, '_> {
    /// A whole document: the article itself, or what holds articles.
    fn outermost(&mut self, value: Value) -> ControlFlow<()> {
        let before = self.found;
        let mut path = Vec::new();
        match value {
            Value::Array(items) => self.items(items, &mut path)?,
            Value::Object(mut document) if let Some(segments) = exports::segments(&document) => {
                self.found += 1;
                let content = Content::Bytes(segments.into_bytes());
                document.retain(|name, _| matches!(name.as_str(), "title" | "language" | "date" | "url"));
                let hints = Hints { known: document, ..Hints::default() };
                (self.give)(Ok(Raw { place: self.place.clone(), format: Format::Transcript, content, hints }))?;
            }
            Value::Object(document) if exports::is_known(&document) => {
                let (list, records) = exports::records(document);
                for (number, fields) in records {
                    self.give(Value::Object(fields), &[list.to_owned(), number.to_string()])?;
                }
            }
            Value::Object(columns) if let Some(rows) = exports::columns(&columns, &self.options.map) => {
                self.items(rows, &mut path)?;
            }
            value => {
                if let Some(left) = self.search(value, &mut path)?
                    && self.found == before
                {
                    self.give(left, &path)?;
                }
            }
        }
        if self.found == before {
            self.found += 1;
            return (self.give)(Err(Skip::new(self.place.clone(), Problem::NoText).of(Format::Json)));
        }
        ControlFlow::Continue(())
    }

    /// An item of a list, not parsed yet: a broken one costs nothing else.
    fn raw_item(
        &mut self,
        item: Result<Vec<u8>, Problem>,
        number: usize,
        path: &mut Vec<String>,
        tell: bool,
    ) -> ControlFlow<()> {
        match item.and_then(|bytes| value(&bytes)) {
            Ok((value, warnings)) => {
                self.warnings = warnings;
                let flow = self.item(value, number, path, tell);
                self.warnings = Vec::new();
                flow
            }
            Err(problem) => {
                self.found += 1;
                path.push(number.to_string());
                let skip = Skip::new(self.place.part(path.join(".")), problem).of(Format::Json);
                path.pop();
                let flow = (self.give)(Err(skip));
                self.stopped = flow.is_break();
                flow
            }
        }
    }

    /// The items of a list: articles, or what holds them. Items without one are reported if they could have been articles.
    fn items(&mut self, items: Vec<Value>, path: &mut Vec<String>) -> ControlFlow<()> {
        for (number, item) in items.into_iter().enumerate() {
            self.item(item, number + 1, path, true)?;
        }
        ControlFlow::Continue(())
    }

    /// One of them; `tell` if it must be reported when it is not an article.
    fn item(&mut self, item: Value, number: usize, path: &mut Vec<String>, tell: bool) -> ControlFlow<()> {
        path.push(number.to_string());
        let before = self.found;
        let left = self.search(item, path)?;
        if self.found == before
            && tell
            && let Some(left) = left
            && !is_other_thing(&left)
        {
            self.give(left, path)?;
        }
        path.pop();
        ControlFlow::Continue(())
    }

    /// Gives `value` if it is an article, else the articles in it; what is neither comes back.
    fn search(&mut self, value: Value, path: &mut Vec<String>) -> ControlFlow<(), Option<Value>> {
        match value {
            Value::Object(mut fields) => {
                exports::post(&mut fields);
                if let Some(merged) = merged(&fields, &self.options.map) {
                    fields = merged;
                    exports::post(&mut fields);
                }
                if ninjs::flatten(&mut fields).is_err() || self.is_record(&fields) {
                    self.give(Value::Object(fields), path)?;
                    return ControlFlow::Continue(None);
                }
                if !fields.values().any(|value| self.holds_articles(value)) {
                    return ControlFlow::Continue(Some(Value::Object(fields)));
                }
                for (name, value) in fields {
                    if self.holds_articles(&value) {
                        path.push(name);
                        self.search(value, path)?;
                        path.pop();
                    }
                }
                ControlFlow::Continue(None)
            }
            Value::Array(items) if items.iter().any(|item| self.holds_articles(item)) => {
                self.items(items, path)?;
                ControlFlow::Continue(None)
            }
            value => ControlFlow::Continue(Some(value)),
        }
    }

    /// True for an object with a body that is not itself a list of articles (`{"content": [{"title": …}]}`).
    fn is_record(&self, fields: &Fields) -> bool {
        let map = &self.options.map;
        let is_list = |value: &Value| {
            value.as_array().is_some_and(|items| items.iter().any(|i| i.as_object().is_some_and(|i| map.is_article(i))))
        };
        map.has_body(fields) && (map.is_article(fields) || !fields.values().any(is_list))
    }

    fn holds_articles(&self, value: &Value) -> bool {
        match value {
            Value::Object(fields) => {
                self.options.map.is_article(fields)
                    || merged(fields, &self.options.map).is_some()
                    || fields.values().any(|value| self.holds_articles(value))
            }
            Value::Array(items) => items.iter().any(|item| self.holds_articles(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        }
    }

    fn give(&mut self, value: Value, path: &[String]) -> ControlFlow<()> {
        self.found += 1;
        let place = if path.is_empty() { self.place.clone() } else { self.place.part(path.join(".")) };
        let found = match value {
            Value::Object(mut fields) => ninjs::flatten(&mut fields).map(|()| unwrapped(fields, &self.options.map)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Err(no_object()),
        };
        let given = match found {
            Ok(fields) => {
                // A record that is under its id or address may not repeat it.
                let key = path.last().filter(|key| key.parse::<u64>().is_err());
                let known = key.map(|key| ("id".to_owned(), Value::String(key.clone()))).into_iter().collect();
                let hints = Hints { known, warnings: self.warnings.clone(), ..Hints::default() };
                Ok(Raw { place, format: Format::Json, content: Content::Fields(fields), hints })
            }
            Err(problem) => Err(Skip::new(place, problem).of(Format::Json)),
        };
        let flow = (self.give)(given);
        self.stopped = flow.is_break();
        flow
    }
}

/// True for an object whose type is given and is not an article: schema.org's graphs list sites, people and pictures,
/// networks what was shared or liked.
fn is_other_thing(value: &Value) -> bool {
    let kind = value.get("@type").or_else(|| value.get("type").filter(|_| value.get("actor").is_some()));
    let kind = kind.map(Value::to_string).unwrap_or_default();
    !kind.is_empty() && !["Article", "Posting", "Report", "Review"].iter().any(|known| kind.contains(known))
}

/// The outer objects and lists of a document that is too large to be held, or is no valid JSON. They stream by; the items of
/// the lists are read one by one.
struct Outer<R> {
    body: R,
    /// What an error of reading means.
    what: &'static str,
    /// Bytes of the longest item that is read.
    limit: u64,
}

/// Objects within objects that are looked into.
const MOST_NESTED: usize = 100;

impl<R: BufRead> Outer<R> {
    /// All documents that follow each other; usually one.
    fn documents(mut self, records: &mut Records) -> Result<(), Problem> {
        while matches!(self.next_mark()?, Some(b'[' | b'{')) && !records.stopped {
            self.value(records, &mut Vec::new())?;
        }
        Ok(())
    }

    fn value(&mut self, records: &mut Records, path: &mut Vec<String>) -> Result<(), Problem> {
        match self.next_mark()? {
            Some(b'[') => self.list(records, path),
            Some(b'{') if path.len() < MOST_NESTED => self.object(records, path),
            _ => self.take(0).map(drop),
        }
    }

    fn list(&mut self, records: &mut Records, path: &mut Vec<String>) -> Result<(), Problem> {
        let before = records.found;
        self.body.consume(1);
        for number in 1.. {
            if self.next_mark()? == Some(b']') {
                break;
            }
            let limit = self.limit;
            let item = self.take(limit)?.ok_or(Problem::TooLarge { what: "record", limit: limit >> 20 });
            // Among articles, or in a list that is the whole document, the others are meant to be articles too.
            let tell = path.is_empty() || records.found > before;
            let is_left_out = matches!(&item, Ok(bytes) if bytes.is_empty());
            if !is_left_out && records.raw_item(item, number, path, tell).is_break() || self.is_last(b']')? {
                break;
            }
        }
        self.body.consume(1);
        Ok(())
    }

    fn object(&mut self, records: &mut Records, path: &mut Vec<String>) -> Result<(), Problem> {
        self.body.consume(1);
        while self.next_mark()? != Some(b'}') {
            let name = self.take(self.limit)?.unwrap_or_default();
            path.push(serde_json::from_slice(&name).map_err(|error| cut_short(error.into()))?);
            if self.is_last(b':')? {
                self.body.consume(1);
            }
            self.value(records, path)?;
            path.pop();
            if records.stopped || self.is_last(b'}')? {
                break;
            }
        }
        self.body.consume(1);
        Ok(())
    }

    /// True if `last` is next; a comma is passed over, anything else is an error.
    fn is_last(&mut self, last: u8) -> Result<bool, Problem> {
        match self.next_mark()? {
            Some(next) if next == last => Ok(true),
            Some(b',') => {
                self.body.consume(1);
                Ok(false)
            }
            next => {
                let found = next.map_or("the end".to_owned(), |next| format!("`{}`", char::from(next)));
                let detail = format!("{found} in place of a comma or `{}`", char::from(last));
                Err(cut_short(io::Error::new(io::ErrorKind::InvalidData, detail)))
            }
        }
    }

    /// The next byte that is no space, which is left to be read; none at the end.
    fn next_mark(&mut self) -> Result<Option<u8>, Problem> {
        loop {
            let bytes = read_on(&mut self.body, self.what)?;
            let spaces = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let (next, is_end) = (bytes.get(spaces).copied(), bytes.is_empty());
            self.body.consume(spaces);
            if next.is_some() || is_end {
                return Ok(next);
            }
        }
    }

    /// The bytes of a value or name, up to the mark after it; none if there are more than `limit`.
    fn take(&mut self, limit: u64) -> Result<Option<Vec<u8>>, Problem> {
        let (mut taken, mut is_too_long) = (Vec::new(), false);
        let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
        loop {
            let bytes = read_on(&mut self.body, self.what)?;
            if bytes.is_empty() {
                // The parser's words say more than that it ends.
                let error = serde_json::from_slice::<IgnoredAny>(&taken).err();
                return Err(cut_short(error.map_or_else(|| io::ErrorKind::UnexpectedEof.into(), io::Error::from)));
            }
            let end = bytes.iter().position(|&byte| {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    _ if in_string => {}
                    b'[' | b'{' => depth += 1,
                    b',' | b':' | b']' | b'}' if depth == 0 => return true,
                    b']' | b'}' => depth -= 1,
                    _ => {}
                }
                false
            });
            let length = end.unwrap_or(bytes.len());
            is_too_long |= (taken.len() + length) as u64 > limit;
            if is_too_long {
                taken = Vec::new();
            } else {
                taken.extend(bytes.iter().take(length));
            }
            self.body.consume(length);
            if end.is_some() {
                return Ok((!is_too_long).then_some(taken));
            }
        }
    }
}

fn read_on<'b>(body: &'b mut impl BufRead, what: &'static str) -> Result<&'b [u8], Problem> {
    body.fill_buf().map_err(|source| Problem::CutShort { what, source })
}

fn cut_short(source: io::Error) -> Problem {
    Problem::CutShort { what: "JSON document", source }
}

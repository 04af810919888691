//! JSON documents and JSON lines.

use std::io::BufReader;
use std::ops::ControlFlow;

use serde_json::Value;

use super::bounds::{Line, read_line, read_whole};
use super::record::Fields;
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::{Content, Format, Hints, Problem, Raw, Skip};

/// Cuts JSON lines into records, one a line; a bad line is told and the next is read.
pub(super) fn split_lines(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let Stream { place, body, what, .. } = stream;
    let mut body = BufReader::new(body);
    for number in 1u64.. {
        let place = place.part(number);
        match read_line(&mut body, options.bounds.article) {
            Ok(Line::End) => break,
            Ok(Line::Whole(line)) if line.trim_ascii().is_empty() => {}
            Ok(Line::Whole(line)) => {
                let content = Content::Bytes(line);
                give(Ok(Raw { place, format: Format::JsonLines, content, hints: Hints::default() }))?;
            }
            Ok(Line::TooLong) => {
                let problem = Problem::TooLarge { what: "line", limit: options.bounds.article >> 20 };
                give(Err(Skip::new(place, problem).of(Format::JsonLines)))?;
            }
            Err(source) => {
                give(Err(Skip::new(place, Problem::Broken { what, source }).of(Format::JsonLines)))?;
                break;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Cuts a JSON document into the records of its list, or takes it as one record.
pub(super) fn split_document(mut stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let place = stream.place.clone();
    let parsed = read_whole(&mut stream.body, options.bounds.document, stream.what).and_then(|bytes| value(&bytes));
    let records = match parsed {
        Ok(Value::Array(records)) => records,
        Ok(record) => {
            return give(as_fields(record).map_or_else(
                |problem| Err(Skip::new(place.clone(), problem).of(Format::Json)),
                |fields| Ok(raw(place.clone(), fields)),
            ));
        }
        Err(problem) => return give(Err(Skip::new(place, problem).of(Format::Json))),
    };
    for (number, record) in records.into_iter().enumerate() {
        let place = place.part(number + 1);
        give(match as_fields(record) {
            Ok(fields) => Ok(raw(place, fields)),
            Err(problem) => Err(Skip::new(place, problem).of(Format::Json)),
        })?;
    }
    ControlFlow::Continue(())
}

/// One record.
pub(super) fn parse(bytes: &[u8]) -> Result<Fields, Problem> {
    value(bytes).and_then(as_fields)
}

fn raw(place: super::Place, fields: Fields) -> Raw {
    Raw { place, format: Format::Json, content: Content::Fields(fields), hints: Hints::default() }
}

fn value(bytes: &[u8]) -> Result<Value, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::Malformed { format: Format::Json, detail: format!("{error}; mend or remove it") })
}

fn as_fields(value: Value) -> Result<Fields, Problem> {
    match value {
        Value::Object(fields) => Ok(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            let detail = "a record must be an object, `{\"title\": ..., \"text\": ...}`".to_owned();
            Err(Problem::Malformed { format: Format::Json, detail })
        }
    }
}

//! The text of a field, whatever shape its value has.

use serde_json::Value;

use super::super::charset;
use super::Fields;

/// True for a value that means there is none.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// One line: a string, a number, the first of a list, or what an object says it is called.
pub(super) fn short_text(value: &Value) -> Option<String> {
    strings(value).into_iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).find(|t| !t.is_empty())
}

/// Fields that name the person, outlet or text that an object is, best first.
const OWN_NAMES: [&str; 10] =
    ["name", "title", "main", "rendered", "text", "value", "original", "full_name", "@value", "@id"];

/// Fields that hold the moment or the id that a database wraps into an object.
const WRAPPED: [&str; 8] = ["$date", "$numberLong", "$oid", "_seconds", "seconds", "iso", "datetime", "date"];

/// Fields that hold the text of an object that is a part of a body, best first.
const OWN_TEXTS: [&str; 10] =
    ["text", "value", "content", "html", "rendered", "body", "paragraphs", "root", "children", "blocks"];

/// Kinds of objects that stand for the end of a line within a paragraph.
const BREAKS: [&str; 3] = ["hardBreak", "hard_break", "linebreak"];

/// The strings of a value: itself, those of a list, the name of an object.
pub(super) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => vec![charset::without_c1(text.clone())],
        Value::Array(items) => items.iter().flat_map(strings).collect(),
        Value::Object(fields) if is_other_hand(fields) => Vec::new(),
        Value::Object(fields) if let Some(name) = person(fields) => vec![name],
        Value::Object(fields) if let Some(day) = fields.get("date-parts").and_then(|parts| parts.get(0)) => {
            vec![strings(day).iter().map(|part| format!("{part:0>2}")).collect::<Vec<_>>().join("-")]
        }
        // `{"date": "2025-03-04", "time": "10:15"}`
        Value::Object(fields) if let (Some(day), Some(time)) = (text(fields, "date"), text(fields, "time")) => {
            vec![format!("{day} {time}")]
        }
        Value::Object(fields) => OWN_NAMES
            .iter()
            .chain(&WRAPPED)
            .find_map(|name| fields.get(*name).filter(|value| !is_empty(value)))
            .map(strings)
            .unwrap_or_default(),
    }
}

/// True for somebody whom a reference manager names beside the authors.
fn is_other_hand(fields: &Fields) -> bool {
    let role = fields.get("creatorType").and_then(Value::as_str);
    role.is_some_and(|role| matches!(role, "editor" | "seriesEditor" | "translator" | "reviewedAuthor"))
}

/// The name of somebody whose parts are fields of their own, as reference managers export it.
fn person(fields: &Fields) -> Option<String> {
    let part = |names: [&str; 4]| names.iter().find_map(|name| text(fields, name));
    let given = part(["given", "firstName", "first_name", "first"])?;
    let family = part(["family", "lastName", "last_name", "last"])?;
    Some(format!("{given} {family}").trim().to_owned())
}

fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name)?.as_str()
}

/// A body: a string verbatim; the strings of lists and objects, a paragraph each.
pub(super) fn long_text(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
        Value::String(text) => charset::without_c1(text.clone()),
        Value::Array(items) if items.iter().any(is_run) => items.iter().map(long_text).collect(),
        Value::Array(items) => join(items.iter()),
        Value::Object(fields) if text(fields, "type").is_some_and(|kind| BREAKS.contains(&kind)) => "\n".to_owned(),
        // A block of a body says what it is beside what it holds: `{"type": "paragraph", "text": "..."}`.
        Value::Object(fields) => match OWN_TEXTS.iter().find_map(|name| fields.get(*name).filter(|v| !is_empty(v))) {
            Some(text) => long_text(text),
            None if let Some(data) = data_of_block(fields) => {
                ["text", "items", "content"].iter().find_map(|name| data.get(*name)).map(long_text).unwrap_or_default()
            }
            None => join(fields.values()),
        },
    }
}

/// What a block holds that keeps it apart: `{"type": "paragraph", "data": {"text": "..."}}`.
fn data_of_block(fields: &Fields) -> Option<&Fields> {
    text(fields, "type")?;
    fields.get("data")?.as_object()
}

/// True for a stretch of a paragraph, as editors keep each that is set in another way: `{"type": "text", "text": "The "}`.
/// It begins or ends with a space, or is marked as text and ends no sentence.
fn is_run(value: &Value) -> bool {
    let Some(fields) = value.as_object() else { return false };
    let Some(words) = ["text", "value"].iter().find_map(|name| text(fields, name)) else { return false };
    let kind = ["type", "_type", "nodeType"].iter().find_map(|name| text(fields, name));
    let is_marked = matches!(kind, Some("text" | "span"));
    let is_open = words.starts_with(' ') || words.ends_with(' ');
    (is_marked || kind.is_none()) && (is_open || (is_marked && !words.ends_with(['.', '!', '?', '”', '"'])))
}

fn join<'v>(values: impl Iterator<Item = &'v Value>) -> String {
    values.map(long_text).filter(|text| !text.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

//! The text of a field, whatever shape its value has.

use serde_json::Value;

use super::super::bounds::check_values;
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
const OWN_NAMES: [&str; 13] = [
    "name",
    "displayName",
    "display_name",
    "fullName",
    "full_name",
    "title",
    "main",
    "rendered",
    "text",
    "value",
    "original",
    "@value",
    "@id",
];

/// Fields of an object without a name of its own that hold who it is about, as interfaces nest them:
/// `{"data": {"attributes": {"name": …}}}`, `{"node": {"name": …}}`.
const INNER: [&str; 13] = [
    "author",
    "person",
    "contributor",
    "creator",
    "user",
    "profile",
    "data",
    "attributes",
    "node",
    "nodes",
    "edges",
    "fields",
    "items",
];

/// Fields that hold the moment or the id that a database wraps into an object.
const WRAPPED: [&str; 12] = [
    "$date",
    "$numberLong",
    "$oid",
    "_seconds",
    "seconds",
    "iso",
    "datetime",
    "date",
    "published",
    "publishedAt",
    "published_at",
    "publication",
];

/// Fields that hold the text of an object that is a part of a body, best first.
const OWN_TEXTS: [&str; 12] = [
    "text",
    "value",
    "content",
    "html",
    "rendered",
    "body",
    "paragraphs",
    "root",
    "children",
    "blocks",
    "elements",
    "components",
];

/// Roles of blocks that are no part of a body: other fields say the same.
const BESIDE: [&str; 7] = ["title", "author", "byline", "caption", "photographer", "illustrator", "photo"];

/// Kinds of objects that stand for the end of a line within a paragraph.
const BREAKS: [&str; 3] = ["hardBreak", "hard_break", "linebreak"];

/// The strings of a value: itself, those of a list, the name of an object.
pub(super) fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::Number(number) => vec![number.to_string()],
        Value::String(text) => match written_out(text).map(|value| strings(&value)).filter(|names| !names.is_empty()) {
            Some(names) => names,
            None => vec![charset::without_c1(text.clone())],
        },
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
            .chain(&INNER)
            .filter_map(|name| fields.get(*name).filter(|value| !is_empty(value)))
            .map(strings)
            .find(|found| !found.is_empty())
            .unwrap_or_default(),
    }
}

/// True for somebody whom a reference manager names beside the authors.
fn is_other_hand(fields: &Fields) -> bool {
    let role = text(fields, "creatorType").or_else(|| text(fields, "role")).unwrap_or_default();
    ["editor", "seriesEditor", "translator", "reviewedAuthor", "photographer", "illustrator"]
        .iter()
        .any(|other| role.eq_ignore_ascii_case(other))
}

/// The value that a string holds, as tables keep lists and objects: JSON, or what Python prints (`{'id': None, 'name': 'Echo'}`).
fn written_out(text: &str) -> Option<Value> {
    let text = text.trim();
    let holds = |open, close| text.starts_with(open) && text.ends_with(close);
    if !(holds('{', '}') || holds('[', ']')) || !text.contains(['"', '\'']) {
        return None;
    }
    check_values(text.as_bytes()).ok()?;
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&python_as_json(text)?).ok())
}

/// What Python prints, as JSON: its strings may be in single quotation marks, and its constants have other names.
fn python_as_json(text: &str) -> Option<String> {
    let mut json = String::with_capacity(text.len());
    let mut rest = text.chars();
    let mut word = String::new();
    loop {
        let next = rest.next();
        if let Some(letter) = next.filter(|c| c.is_alphanumeric() || matches!(c, '.' | '+' | '-')) {
            word.push(letter);
            continue;
        }
        json.push_str(match word.as_str() {
            "None" | "nan" | "NaN" => "null",
            "True" => "true",
            "False" => "false",
            other => other,
        });
        word.clear();
        match next {
            None => return Some(json),
            Some(mark @ ('\'' | '"')) => {
                let mut string = String::new();
                loop {
                    match rest.next()? {
                        end if end == mark => break,
                        '\\' => match rest.next()? {
                            'n' => string.push('\n'),
                            't' => string.push('\t'),
                            'r' => string.push('\r'),
                            'x' => string.push(code(&mut rest, 2)?),
                            'u' => string.push(code(&mut rest, 4)?),
                            'U' => string.push(code(&mut rest, 8)?),
                            other => string.push(other),
                        },
                        other => string.push(other),
                    }
                }
                json.push_str(&Value::String(string).to_string());
            }
            Some(other) => json.push(other),
        }
    }
}

/// The character of so many digits.
fn code(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let digits: String = rest.take(digits).collect();
    char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
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
        Value::String(text) => {
            let held =
                written_out(text).map(|value| long_text(&value)).filter(|held| held.contains(char::is_alphabetic));
            held.unwrap_or_else(|| charset::without_c1(text.clone()))
        }
        Value::Array(items) if items.iter().any(is_run) => items.iter().map(long_text).collect(),
        Value::Array(items) => join(items.iter().filter(|item| !is_beside(item))),
        // An editor's list of what was typed: `{"ops": [{"insert": "We met.\n"}]}`.
        Value::Object(fields) if let Some(Value::Array(steps)) = fields.get("ops") => {
            steps.iter().filter_map(|step| step.get("insert")?.as_str()).collect()
        }
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

/// True for a block that is no part of a body.
fn is_beside(value: &Value) -> bool {
    let role = value.as_object().and_then(|block| text(block, "role"));
    role.is_some_and(|role| BESIDE.contains(&role))
}

/// True for the blocks of a body: objects that say what kind each is, of which some have a text.
pub(super) fn is_blocks(value: &Value) -> bool {
    const KINDS: [&str; 5] = ["type", "_type", "kind", "role", "__component"];
    let is_block = |item: &Value| KINDS.iter().any(|kind| item.get(*kind).is_some_and(Value::is_string));
    let is_article = |item: &Value| ["title", "headline", "url"].iter().any(|name| item.get(*name).is_some());
    value.as_array().is_some_and(|items| {
        items.iter().all(is_block)
            && !items.iter().any(is_article)
            && items.iter().any(|item| !long_text(item).trim().is_empty())
    })
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tables_keep_objects_as_text() {
        for (written, expect) in [
            ("{'id': None, 'name': 'Harbour News'}", "Harbour News"),
            (r#"{"id": null, "name": "Harbour News"}"#, "Harbour News"),
            (r#"[{'name': "Ann O'Ray", 'is_staff': True}]"#, "Ann O'Ray"),
            (r"[{'name': 'Ann \xd8ye', 'age': 3.5}]", "Ann Øye"),
            ("['Ann Ray', 'Bo Li']", "Ann Ray"),
            ("[Ann Ray]", "[Ann Ray]"),
            ("{'open", "{'open"),
            ("[1, 'a' b]", "[1, 'a' b]"),
            ("[]", "[]"),
        ] {
            assert_eq!(short_text(&json!(written)).as_deref(), Some(expect), "{written}");
        }
    }

    #[test]
    fn authors_are_found_however_they_are_nested() {
        for author in [
            json!({"data": {"id": 3, "attributes": {"name": "Ann Ray"}}}),
            json!({"node": {"name": "Ann Ray"}}),
            json!([{"author": {"name": "Ann Ray"}}]),
            json!([{"fullName": "Ann Ray", "role": "Reporter"}]),
            json!({"edges": [{"node": {"displayName": "Ann Ray"}}]}),
            json!({"profile": {"first_name": "Ann", "last_name": "Ray"}}),
            json!([{"name": "Bo Li", "role": "photographer"}, {"name": "Ann Ray"}]),
        ] {
            assert_eq!(strings(&author), ["Ann Ray"], "{author}");
        }
        assert!(strings(&json!({"avatar": {"title": "A photo"}})).is_empty());
    }

    #[test]
    fn editors_keep_bodies_as_text() {
        for body in [
            json!({"type": "doc", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "We met."}]},
                {"type": "paragraph", "content": [{"type": "text", "text": "In May."}]},
            ]}),
            json!({"blocks": [
                {"type": "paragraph", "data": {"text": "We met."}},
                {"type": "paragraph", "data": {"text": "In May."}},
            ]}),
            json!({"ops": [{"insert": "We "}, {"insert": "met.\n\nIn May."}, {"insert": {"image": "a.png"}}]}),
            json!([{"role": "title", "text": "Quay"}, {"role": "body", "text": "We met."}, {"role": "body", "text": "In May."}]),
            json!(["We met.", "In May."]),
        ] {
            assert_eq!(long_text(&body), "We met.\n\nIn May.", "{body}");
            assert_eq!(long_text(&Value::String(body.to_string())), "We met.\n\nIn May.", "{body}");
        }
        for plain in ["[Laughter]", "{We met.}", "[1]", "{}"] {
            assert_eq!(long_text(&json!(plain)), plain);
        }
    }
}

//! Finds the records in JSON values: articles, and what holds them.

use std::ops::ControlFlow;

use serde_json::Value;

use super::super::record::Fields;
use super::super::unpack::{Options, Sink};
use super::super::wire::ninjs;
use super::super::{Content, FieldMap, Format, Hints, Place, Problem, Raw, Skip, transcript};
use super::{columns, exports, no_object, posts, value};

/// Gives the records found in values.
pub(super) struct Records<'r, 's> {
    place: &'r Place,
    options: &'r Options,
    give: &'r mut Sink<'s>,
    pub(super) found: u64,
    /// The message about the records that follow.
    warnings: Vec<String>,
    /// True once the sink wants no more.
    pub(super) stopped: bool,
}

impl<'r, 's> Records<'r, 's> {
    pub(super) fn new(place: &'r Place, options: &'r Options, give: &'r mut Sink<'s>) -> Self {
        Records { place, options, give, found: 0, warnings: Vec::new(), stopped: false }
    }

    /// Reports that the document gives no record, or not all of them.
    pub(super) fn fail(self, problem: Problem) -> ControlFlow<()> {
        (self.give)(Err(Skip::new(self.place.clone(), problem).of(Format::Json)))
    }

    /// A whole document: the article itself, or what holds articles.
    pub(super) fn outermost(&mut self, value: Value) -> ControlFlow<()> {
        let before = self.found;
        let mut path = Vec::new();
        match value {
            Value::Array(items) if let Some(captions) = transcript::of_list(&items) => {
                self.transcript(captions, Fields::new())?;
            }
            Value::Array(items) => self.items(items, &mut path)?,
            Value::Object(mut document) if let Some(segments) = transcript::of_document(&document) => {
                document.retain(|name, _| matches!(name.as_str(), "title" | "language" | "date" | "url"));
                self.transcript(segments, document)?;
            }
            Value::Object(document) if exports::is_known(&document) => {
                let (list, records) = exports::records(document);
                for (number, fields) in records {
                    self.give(Value::Object(fields), &[list.to_owned(), number.to_string()])?;
                }
            }
            Value::Object(table) if let Some(rows) = columns::rows(&table, &self.options.map) => {
                self.items(rows, &mut path)?;
            }
            Value::Object(around) if let Some(rows) = columns::within(&around, &self.options.map) => {
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

    /// Gives a transcript that is the whole document, with what is known of it.
    fn transcript(&mut self, captions: String, known: Fields) -> ControlFlow<()> {
        self.found += 1;
        let (content, hints) = (Content::Bytes(captions.into_bytes()), Hints { known, ..Hints::default() });
        (self.give)(Ok(Raw { place: self.place.clone(), format: Format::Transcript, content, hints }))
    }

    /// An item of a list, not parsed yet: a broken one costs nothing else.
    pub(super) fn raw_item(
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
                posts::post(&mut fields);
                if let Some(merged) = merged(&fields, &self.options.map) {
                    fields = merged;
                    posts::post(&mut fields);
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
                    || posts::facebook(fields).is_some()
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
    let is_note = || value.get("subtype").is_some() && value.get("text").is_none();
    let kind = value.get("@type").or_else(|| value.get("type").filter(|_| value.get("actor").is_some()));
    let kind = kind.map(Value::to_string).unwrap_or_default();
    is_note()
        || !kind.is_empty() && !["Article", "Posting", "Report", "Review"].iter().any(|known| kind.contains(known))
}

/// The record within a record that only wraps it, as databases export them: `{"_id": ..., "_source": {...}}`.
pub(super) fn unwrapped(fields: Fields, map: &FieldMap) -> Fields {
    if map.has_body(&fields) {
        return fields;
    }
    if let Some(mut merged) = merged(&fields, map) {
        posts::post(&mut merged);
        return merged;
    }
    let article = |inner: &Fields| if map.is_article(inner) { Some(inner.clone()) } else { merged(inner, map) };
    fields.values().filter_map(Value::as_object).find_map(article).unwrap_or(fields)
}

/// The record of an interface that keeps the body apart from what it says about it:
/// `{"webTitle": …, "webUrl": …, "fields": {"bodyText": …}}`.
fn merged(fields: &Fields, map: &FieldMap) -> Option<Fields> {
    if map.has_body(fields) || !map.describes(fields) {
        return None;
    }
    let mut inner = fields.values().filter_map(Value::as_object).filter(|inner| map.has_body(inner));
    let only = match (map.wrapped(fields).filter(|inner| map.has_body(inner)), inner.next(), inner.next()) {
        (Some(wrapped), ..) => wrapped,
        (None, Some(only), None) => only,
        _ => return None,
    };
    let outer = fields.iter().filter(|(name, value)| !only.contains_key(*name) && !value.is_object());
    Some(only.iter().chain(outer).map(|(name, value)| (name.clone(), value.clone())).collect())
}

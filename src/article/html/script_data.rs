//! The text of a page whose article a script builds from data within the page.

use std::collections::BTreeSet;

use serde_json::Value;

use super::body;
use super::dom::{Dom, NodeId};
use super::flat_data::unflattened;
use super::page_hints::PageHints;
use super::tag::Tag;
use super::title::letters;
use crate::article::bounds::check_values;
use crate::article::record::Fields;

/// How deep the data is looked through.
const DEEPEST: u8 = 24;
/// Shorter texts are no articles, on a page that shows something itself.
const LEAST: usize = 300;
/// The same for a page that shows nothing: two or three sentences.
const LEAST_ALONE: usize = 150;

/// An article in a page's data.
#[derive(Default)]
pub(super) struct Found {
    pub(super) paragraphs: Vec<String>,
    /// The headline that is nearest around the text.
    pub(super) title: Option<String>,
    /// What is beside that headline.
    pub(super) fields: Fields,
}

/// The article in the data that scripts of the page read: the longest marked-up text, or the longest list of paragraphs.
///
/// Data of the page's `title` come first. Without it, only marked-up text is taken, or a list right beside a headline, and only
/// where `is_empty` says that the page shows nothing itself.
pub(super) fn article(dom: &Dom<'_>, title: Option<&str>, is_empty: bool) -> Found {
    let least = if is_empty { LEAST_ALONE } else { LEAST };
    let mut search = Search { title: title.map(letters), best: Found::default(), is_titled: false, is_empty, least };
    let scripts = dom.all().filter(|node| dom.is(*node, Tag::Script)).map(|node| (node, dom.raw_text(node)));
    let mut stream = String::new();
    for (node, script) in scripts.filter(|(_, script)| script.len() >= least || script.contains("__next_f")) {
        if let Some(chunk) = chunk_of_stream(&script) {
            stream.push_str(&chunk);
        } else if let Some(value) = data(dom, node, &script) {
            search.look(&value, Around::default(), 0);
        }
    }
    for value in rows(&stream) {
        search.look(&value, Around::default(), 0);
    }
    search.best
}

/// What a script holds, if it is JSON or gives JSON to a variable: `window.state = {...};`.
fn data(dom: &Dom<'_>, node: NodeId, script: &str) -> Option<Value> {
    let kind = dom.attribute(node, "type").unwrap_or_default();
    if kind.contains("ld+json") {
        return None;
    }
    let start = if kind.contains("json") { 0 } else { script.find(['{', '['])? };
    let script = script.get(start..)?;
    check_values(script.as_bytes()).ok()?;
    Some(unflattened(serde_json::Deserializer::from_str(script).into_iter().next()?.ok()?))
}

/// The string of `self.__next_f.push([1,"..."])`, in which React sends a page's data bit by bit.
fn chunk_of_stream(script: &str) -> Option<String> {
    let (_, pushed) = script.split_once("__next_f.push(")?;
    let value: Value = serde_json::Deserializer::from_str(pushed).into_iter().next()?.ok()?;
    Some(value.get(1)?.as_str()?.to_owned())
}

/// The rows of React's stream: `5:{json}` a line, or `24:T1b7b,` and that many bytes of text.
fn rows(stream: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut rest = if check_values(stream.as_bytes()).is_ok() { stream } else { "" };
    while let Some((id, row)) = rest.split_once(':') {
        let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_hexdigit());
        let text = row.strip_prefix('T').filter(|_| is_id).and_then(|row| {
            let (length, text) = row.split_once(',')?;
            let length = usize::from_str_radix(length, 16).ok()?;
            Some(text.split_at(text.floor_char_boundary(length)))
        });
        if let Some((text, after)) = text {
            rows.push(Value::String(text.to_owned()));
            rest = after;
            continue;
        }
        let (line, after) = row.split_once('\n').unwrap_or((row, ""));
        rows.extend(serde_json::from_str(line));
        rest = after;
    }
    rows
}

/// What is around a value in the data.
#[derive(Clone, Copy, Default)]
struct Around<'v> {
    /// True within data of the page's title.
    titled: bool,
    /// The nearest object with a headline.
    article: Option<&'v Fields>,
    /// True if the value is right in it.
    is_beside: bool,
}

struct Search {
    title: Option<String>,
    best: Found,
    /// True if the best is data of the page's title.
    is_titled: bool,
    is_empty: bool,
    /// The shortest text that is taken.
    least: usize,
}

impl Search {
    fn look(&mut self, value: &Value, around: Around<'_>, depth: u8) {
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::String(text) if text.len() >= self.least => {
                if super::looks_marked_up(text) {
                    let page = Dom::parse(text);
                    self.offer(body::paragraphs(&page, PageHints::default()), around, true);
                }
            }
            Value::Array(values) => {
                let is_teasers = values.iter().filter_map(Value::as_object).any(|item| headline_of(item).is_some());
                self.offer(list(values), around, around.is_beside && !is_teasers);
                for value in values {
                    self.look(value, Around { is_beside: false, ..around }, depth + 1);
                }
            }
            Value::Object(fields) => {
                let own = headline_of(fields).map(|_| fields);
                let titled = around.titled || self.has_title(fields);
                let around = Around { titled, article: own.or(around.article), is_beside: own.is_some() };
                for value in fields.values() {
                    self.look(value, around, depth + 1);
                }
            }
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn has_title(&self, fields: &Fields) -> bool {
        self.title.as_ref().is_some_and(|title| {
            let texts = fields.values().filter_map(words_of);
            texts.filter(|text| text.len() < LEAST).any(|text| letters(&super::resolve(text)) == *title)
        })
    }

    /// Takes what was found if it is the best; `is_sure` if it is an article without the page's title, too.
    fn offer(&mut self, found: Vec<String>, Around { titled, article, .. }: Around<'_>, is_sure: bool) {
        let length = |texts: &[String]| texts.iter().map(String::len).sum::<usize>();
        let is_allowed = titled || is_sure && self.is_empty;
        let key = (titled, length(&found));
        if is_allowed && key.1 >= self.least && key > (self.is_titled, length(&self.best.paragraphs)) {
            let title = article.and_then(headline_of).map(plain).filter(|title| !title.is_empty());
            self.best = Found { paragraphs: found, title, fields: article.cloned().unwrap_or_default() };
            self.is_titled = titled;
        }
    }
}

/// The headline of an object that may be an article.
fn headline_of(fields: &Fields) -> Option<&str> {
    const LONGEST: usize = 300;
    let named = ["headline", "title", "hed"].iter().filter_map(|name| words_of(fields.get(*name)?));
    named.into_iter().find(|title| title.len() < LONGEST && title.contains(' '))
}

/// A string, or the one that WordPress keeps as `{"rendered": …}`.
fn words_of(value: &Value) -> Option<&str> {
    match value {
        Value::Object(inner) => inner.get("rendered").and_then(Value::as_str),
        _ => value.as_str(),
    }
}

/// The paragraphs of a list of blocks: strings, or objects with a text. Empty unless two of them are prose.
fn list(values: &[Value]) -> Vec<String> {
    let texts: Vec<String> = values.iter().map(|value| plain(&text_of(value, "text", 0))).collect();
    let is_prose = |text: &&String| text.len() >= 60 && text.contains(' ') && text.ends_with(['.', '!', '?', '”', '"']);
    if texts.iter().filter(is_prose).count() < 2 {
        return Vec::new();
    }
    // Of teasers beside each other, each has a text of its own; so have the same blocks in another order.
    let mut seen = BTreeSet::new();
    texts.into_iter().filter(|text| !text.is_empty() && seen.insert(text.clone())).collect()
}

/// The text of a block: its strings under the names that editors give them, in order.
fn text_of(value: &Value, name: &str, depth: u8) -> String {
    const NAMES: [&str; 9] = ["text", "value", "content", "html", "body", "paragraph", "children", "data", "innerHTML"];
    match value {
        _ if depth > 5 => String::new(),
        Value::String(text) if NAMES.contains(&name) => text.clone(),
        Value::Array(values) => values.iter().map(|value| text_of(value, name, depth + 1)).collect(),
        Value::Object(fields) => {
            // Other fields say what kind of block it is, and what its pictures are called.
            let named = fields.iter().filter(|(name, _)| NAMES.contains(&name.as_str()));
            named.map(|(name, value)| text_of(value, name, depth + 1)).collect()
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

fn plain(text: &str) -> String {
    if text.contains(['<', '&']) { super::fragment(text).0.replace("\n\n", " ") } else { text.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "The harbour board met for six hours on Monday and put off the vote on the new quay until the spring, \
                       when the ferries run again.";
    const TWO: &str =
        "“Nobody was ready to sign,” said Mina Okoro, who chairs the board, as she left the hall in the rain.";
    const THREE: &str = "Fishing crews had asked for a decision before winter, when the old pier is closed for weeks.";

    #[track_caller]
    fn check(script: &str) {
        let page = script.replace("{1}", ONE).replace("{2}", TWO).replace("{3}", THREE);
        let dom = Dom::parse(&page);
        assert_eq!(article(&dom, Some("Vote on quay put off"), true).paragraphs, [ONE, TWO, THREE], "{page}");
    }

    #[test]
    fn marked_up_text_is_found() {
        check(
            r#"<script id=__NEXT_DATA__ type="application/json">{"props":{"post":{"title":"Vote on quay put off",
            "html":"<p>{1}</p><p>{2}</p><p>{3}</p>"},"more":[{"title":"Other","html":"<p>{1}</p><p>{1}</p><p>{1}{1}{1}{1}</p>"}]}}</script>"#,
        );
        check(
            r#"<script>window.__STATE__ = {"a":{"title":{"rendered":"Vote on quay put off"},"content":{"rendered":"<p>{1}</p>\n<p>{2}</p>\n<p>{3}</p>"}}};</script>"#,
        );
    }

    #[test]
    fn the_headline_beside_the_text_is_its_title() {
        let title = |data: &str| {
            let data = data.replace("{1}", ONE).replace("{2}", TWO);
            article(&Dom::parse(&format!("<script type=application/json>{data}</script>")), None, true).title
        };
        let expect = Some("Vote on quay put off".to_owned());
        assert_eq!(title(r#"{"a":{"headline":"Vote on quay put off","body":"<p>{1}</p><p>{2}</p>"}}"#), expect);
        assert_eq!(
            title(r#"{"a":{"title":{"rendered":"Vote on quay put off"},"x":{"html":"<p>{1}</p><p>{2}</p>"}}}"#),
            expect
        );
        assert_eq!(
            title(
                r#"{"title":"Harbour News site","post":{"title":"Vote on quay put off","title2":"X","html":"<p>{1}</p><p>{2}</p>"}}"#
            ),
            expect
        );
        assert_eq!(title(r#"{"html":"<p>{1}</p><p>{2}</p>"}"#), None);
    }

    #[test]
    fn blocks_are_found() {
        check(
            r#"<script type="application/json">{"article":{"headline":"Vote on quay put off","blocks":[
            {"type":"paragraph","content":[{"text":"{1}"}]},{"type":"image","caption":"The quay."},
            {"type":"paragraph","html":"<b>{2}</b>"},{"type":"paragraph","data":{"text":"{3}"}}]}}</script>"#,
        );
    }

    #[test]
    fn a_stream_is_put_together() {
        let row = format!("<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>");
        let stream = format!("1:[\"$\"]\n24:T{:x},{row}5:{{\"a\":1}}\n", row.len());
        let (head, tail) = stream.split_at(stream.floor_char_boundary(90));
        let push = |text: &str| format!("<script>self.__next_f.push([1,{}])</script>", Value::from(text));
        check(&format!("{}{}", push(head), push(tail)));
    }

    #[test]
    fn other_data_are_no_article() {
        let teasers = format!(
            "<script type=application/json>[{{\"title\":\"A\",\"text\":\"{ONE}\"}},{{\"text\":\"{TWO}\"}},{{\"text\":\"{THREE}\"}}]</script>"
        );
        assert!(article(&Dom::parse(&teasers), Some("Vote on quay put off"), true).paragraphs.is_empty());
        assert!(article(&Dom::parse("<script>var a = {b: function() {}}</script>"), None, true).paragraphs.is_empty());
    }
}

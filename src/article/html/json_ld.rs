//! What a page says of itself in JSON-LD, the vocabulary of schema.org.

use serde_json::{Map, Value};

use super::dom::{Dom, NodeId};
use super::tag::Tag;
use crate::article::bounds::check_values;

/// How deep the data is looked through; `@graph`, lists and `mainEntity` take four.
const DEEPEST: u8 = 8;
/// How many things of a page are looked at.
const MOST_THINGS: usize = 2000;

/// The article that a page's data describes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct JsonLd {
    /// `headline`, else `name`.
    pub(super) title: Option<String>,
    /// Names of `author`, else of `creator`, else of those of another description of the same article.
    pub(super) authors: Vec<String>,
    /// True if the only author is an organisation, the publisher itself.
    pub(super) author_is_publisher: bool,
    /// Addresses of authors.
    pub(super) author_urls: Vec<String>,
    /// `datePublished`, else `dateCreated` or `uploadDate`, as written.
    pub(super) published: Option<String>,
    /// `articleSection`, the first.
    pub(super) section: Option<String>,
    /// `url`, else `mainEntityOfPage`.
    pub(super) url: Option<String>,
    /// `publisher`'s name.
    pub(super) outlet: Option<String>,
    /// `description`.
    pub(super) description: Option<String>,
    /// `articleBody`, or the updates of a live blog.
    pub(super) body: Option<String>,
    /// `inLanguage`.
    pub(super) language: Option<String>,
}

impl JsonLd {
    /// Reads the data of a page; `headline` is what the page shows, by which its article is known among others.
    pub(super) fn read(dom: &Dom<'_>, headline: Option<&str>) -> Self {
        let documents: Vec<Value> = scripts(dom).filter_map(|script| parse(&script)).collect();
        let mut things = Vec::new();
        for document in &documents {
            collect(document, 0, &mut things);
        }
        // Of two that fit alike the first is the page's own.
        let best = things.iter().rev().max_by_key(|thing| fit(thing, headline));
        match best {
            Some(thing) if fit(thing, headline) > 0 => JsonLd::of(thing, &things),
            Some(_) | None => JsonLd::default(),
        }
    }

    fn of(thing: &Map<String, Value>, things: &[&Map<String, Value>]) -> Self {
        let text = |name: &str| thing.get(name).and_then(|value| name_of(value, things));
        let title = text("headline").or_else(|| text("name"));
        let outlet = text("publisher").or_else(|| text("sourceOrganization")).or_else(|| text("provider"));
        let is_same = |other: &&&Map<String, Value>| {
            let shown = other.get("headline").and_then(Value::as_str);
            matches!((shown, &title), (Some(other), Some(own)) if same_letters(other, own))
        };
        let descriptions = || std::iter::once(thing).chain(things.iter().filter(is_same).copied());
        let named = ["author", "creator"].into_iter().flat_map(|role| descriptions().filter_map(move |t| t.get(role)));
        let named: Vec<&Value> = named.collect();
        let names = |value: &&Value| {
            let mut names = Vec::new();
            names_of(value, things, 0, &mut names);
            names
        };
        let authors = named.iter().map(names).find(|names| !names.is_empty()).unwrap_or_default();
        let is_organisation = |value: &&Value| {
            value.get("@type").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("Organization"))
        };
        let author_is_publisher = named.first().is_some_and(is_organisation)
            && matches!((authors.as_slice(), &outlet), ([author], Some(outlet)) if same_letters(author, outlet));
        JsonLd {
            author_is_publisher,
            author_urls: named.first().copied().map(urls_of).unwrap_or_default(),
            authors,
            title,
            published: text("datePublished").or_else(|| text("dateCreated")).or_else(|| text("uploadDate")),
            section: text("articleSection"),
            url: thing.get("url").and_then(address_of).or_else(|| thing.get("mainEntityOfPage").and_then(address_of)),
            outlet,
            description: text("description"),
            body: thing.get("articleBody").and_then(lines_of).or_else(|| updates(thing)),
            language: text("inLanguage"),
        }
    }
}

/// The updates of a live blog, a line each, the headline of an update before it.
fn updates(thing: &Map<String, Value>) -> Option<String> {
    let updates = thing.get("liveBlogUpdate")?;
    let updates = updates.as_array().map_or_else(|| std::slice::from_ref(updates), Vec::as_slice);
    let texts = updates.iter().flat_map(|update| ["headline", "articleBody"].map(|name| update.get(name)));
    let lines: Vec<String> = texts.flatten().filter_map(lines_of).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// A text with its line breaks, which part its paragraphs, and without references that were escaped once too often.
///
/// Marked-up text loses its tags. One `<br>` parts paragraphs as a line break does.
fn lines_of(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let plain = super::looks_marked_up(text).then(|| super::fragment(&text.replace("<br", "<br><br")).0);
    let lines = plain.as_deref().unwrap_or(text).lines().map(|written| {
        let mut line = super::entity::Line::default();
        line.push(written);
        line.finish()
    });
    let text = lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then_some(text)
}

/// The JSON-LD of a page, as written.
fn scripts(dom: &Dom<'_>) -> impl Iterator<Item = String> {
    dom.all()
        .filter(|node| dom.is(*node, Tag::Script))
        .filter(|node: &NodeId| {
            dom.attribute(*node, "type").is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"))
        })
        .map(|node| dom.raw_text(node))
}

/// Parses JSON that pages get wrong: wrapped in comments, line breaks in strings, commas before brackets, a semicolon
/// at the end, character references for quotes.
fn parse(script: &str) -> Option<Value> {
    let trimmed = script
        .trim()
        .trim_start_matches("<!--")
        .trim_start_matches("//<![CDATA[")
        .trim_start_matches("/*<![CDATA[*/")
        .trim_start_matches("<![CDATA[")
        .trim_end_matches("-->")
        .trim_end_matches("/*]]>*/")
        .trim_end_matches("//]]>")
        .trim_end_matches("]]>")
        .trim()
        .trim_end_matches(';');
    check_values(trimmed.as_bytes()).ok()?;
    if let Ok(value) = serde_json::from_str(trimmed) {
        return Some(value);
    }
    if trimmed.starts_with("{&quot;") || trimmed.starts_with("[{&quot;") {
        return serde_json::from_str(&super::entity::resolve(trimmed)).ok();
    }
    let mended = mend(trimmed);
    // What is after the first value is passed over.
    serde_json::Deserializer::from_str(&mended).into_iter().next()?.ok()
}

/// Escapes control characters within strings, drops commas before closing brackets, and closes what is left open.
fn mend(json: &str) -> String {
    let mut mended = String::with_capacity(json.len() + 16);
    let mut open = Vec::new();
    let mut in_string = false;
    let mut escaped = false;
    for c in json.chars() {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                c if c.is_control() => {
                    mended.push(' ');
                    continue;
                }
                _ => {}
            }
        } else {
            match c {
                '"' => in_string = true,
                '{' => open.push('}'),
                '[' => open.push(']'),
                '}' | ']' => {
                    let end = mended.trim_end().trim_end_matches(',').len();
                    mended.truncate(end);
                    open.pop();
                }
                _ => {}
            }
        }
        mended.push(c);
    }
    if in_string {
        mended.push('"');
    }
    let end = mended.trim_end().trim_end_matches([',', ':']).len();
    mended.truncate(end);
    mended.extend(open.into_iter().rev());
    mended
}

/// The objects within a document, the outer ones first.
fn collect<'v>(value: &'v Value, depth: u8, things: &mut Vec<&'v Map<String, Value>>) {
    if depth > DEEPEST || things.len() >= MOST_THINGS {
        return;
    }
    match value {
        Value::Object(thing) => {
            things.push(thing);
            thing.values().for_each(|inner| collect(inner, depth + 1, things));
        }
        Value::Array(values) => values.iter().for_each(|inner| collect(inner, depth + 1, things)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// How well a thing fits as the page's article: its kind first, then whether it has the page's headline and a date.
fn fit(thing: &Map<String, Value>, headline: Option<&str>) -> u32 {
    let kinds = match thing.get("@type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => Vec::new(),
    };
    let kind = kinds.iter().map(|kind| fit_of_kind(kind)).max().unwrap_or(0);
    if kind == 0 {
        return 0;
    }
    let shown = thing.get("headline").or_else(|| thing.get("name")).and_then(Value::as_str);
    let same = matches!((shown, headline), (Some(own), Some(headline)) if same_letters(own, headline));
    let dated = thing.contains_key("datePublished");
    kind * 8 + u32::from(same) * 10 + u32::from(dated) * 2 + u32::from(thing.contains_key("author"))
}

fn fit_of_kind(kind: &str) -> u32 {
    let kind = kind.rsplit(['/', ':']).next().unwrap_or(kind);
    match kind {
        "Article" | "BlogPosting" | "LiveBlogPosting" | "Report" | "Review" | "SocialMediaPosting" | "ClaimReview"
        | "CriticReview" | "ArticleNewsArticle" => 3,
        _ if kind.ends_with("Article") => 3,
        "WebPage" | "ItemPage" | "Recipe" | "PodcastEpisode" | "Interview" | "CreativeWork" => 1,
        _ => 0,
    }
}

fn same_letters(a: &str, b: &str) -> bool {
    let letters = |text: &'_ str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let (a, b) = (super::entity::resolve(a), super::entity::resolve(b));
    letters(&a) == letters(&b)
}

/// The one string that a value is or is called.
fn name_of(value: &Value, things: &[&Map<String, Value>]) -> Option<String> {
    let mut names = Vec::new();
    names_of(value, things, 0, &mut names);
    names.into_iter().next()
}

/// The strings that a value is or is called; a bare `@id` is looked up among the page's things.
fn names_of(value: &Value, things: &[&Map<String, Value>], depth: u8, names: &mut Vec<String>) {
    if depth > 3 {
        return;
    }
    match value {
        Value::String(text) => {
            let mut line = super::entity::Line::default();
            // Strings hold references that were escaped once too often.
            line.push(text);
            let text = line.finish();
            if !text.is_empty() {
                names.push(text);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| names_of(value, things, depth + 1, names)),
        Value::Object(thing) => {
            if let Some(name) = thing.get("name").or_else(|| thing.get("@value")) {
                names_of(name, things, depth + 1, names);
            } else if let (Some(given), Some(family)) =
                (thing.get("givenName").and_then(Value::as_str), thing.get("familyName").and_then(Value::as_str))
            {
                names.push(format!("{given} {family}"));
            } else if let Some(id) = thing.get("@id").and_then(Value::as_str)
                && let Some(meant) = things
                    .iter()
                    .find(|other| other.contains_key("name") && other.get("@id").and_then(Value::as_str) == Some(id))
                && let Some(name) = meant.get("name")
            {
                names_of(name, things, depth + 1, names);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The addresses of one author or of several.
fn urls_of(value: &Value) -> Vec<String> {
    let values = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    let url = |value: &Value| value.as_str().or_else(|| value.get("url")?.as_str()).map(str::to_owned);
    values.iter().filter_map(url).collect()
}

fn address_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Object(thing) => thing.get("@id").or_else(|| thing.get("url")).and_then(address_of),
        Value::Array(values) => values.first().and_then(address_of),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn linked(json: &str) -> JsonLd {
        JsonLd::read(&Dom::parse(&format!("<script type=\"application/ld+json\">{json}</script>")), Some("Talks go on"))
    }

    #[test]
    fn a_graph_is_followed() {
        let found = linked(
            r##"{"@context":"https://schema.org","@graph":[{"@type":"WebPage","name":"Talks go on | Gazette"},
            {"@type":["NewsArticle"],"headline":"Talks go on","author":{"@id":"#ann"},"datePublished":"2025-05-16",
             "articleSection":["World","Europe"],"publisher":{"name":"The Gazette"}},
            {"@type":"Person","@id":"#ann","name":"Ann Ray"}]}"##,
        );
        assert_eq!(found.authors, ["Ann Ray"]);
        assert_eq!(found.title.as_deref(), Some("Talks go on"));
        assert_eq!(found.published.as_deref(), Some("2025-05-16"));
        assert_eq!(found.section.as_deref(), Some("World"));
        assert_eq!(found.outlet.as_deref(), Some("The Gazette"));
    }

    #[test]
    fn the_pages_own_article_is_told_from_others() {
        let found = linked(
            r#"[{"@type":"NewsArticle","headline":"Other","datePublished":"2025-01-01"},
                {"@type":"NewsArticle","headline":"Talks go on","author":["Ann Ray",{"name":["Bo Li"]}]}]"#,
        );
        assert_eq!(found.authors, ["Ann Ray", "Bo Li"]);
    }

    #[test]
    fn the_updates_of_a_live_blog_are_its_body() {
        let found = linked(
            r#"{"@type":"LiveBlogPosting","headline":"Talks go on","liveBlogUpdate":[
                {"@type":"BlogPosting","headline":"Doors open","articleBody":"The delegates went in."},
                {"@type":"BlogPosting","articleBody":"Nobody spoke."}]}"#,
        );
        assert_eq!(found.body.as_deref(), Some("Doors open\nThe delegates went in.\nNobody spoke."));
    }

    #[test]
    fn marked_up_text_keeps_its_lines() {
        let check = |body: &str, expect: &str| {
            let json = serde_json::json!({"@type": "NewsArticle", "headline": "Talks go on", "articleBody": body});
            assert_eq!(linked(&json.to_string()).body.as_deref(), Some(expect), "{body}");
        };
        check("The delegates went in.<br>Nobody spoke.", "The delegates went in.\nNobody spoke.");
        check("The delegates went in.<br/><br />Nobody <b>spoke</b>.", "The delegates went in.\nNobody spoke.");
        check("<p>The delegates\nwent in.</p><p>Nobody spoke.</p>", "The delegates went in.\nNobody spoke.");
        check("The delegates went in.\n\nNobody spoke.", "The delegates went in.\nNobody spoke.");
    }

    #[test]
    fn broken_json_is_mended() {
        let found = linked(
            "<!-- {\"@type\":\"Article\",\"headline\":\"Talks\n go on\",\"author\":[{\"name\":\"Ann Ray\",},],}; -->",
        );
        assert_eq!(found.title.as_deref(), Some("Talks go on"));
        assert_eq!(found.authors, ["Ann Ray"]);
        let cut = linked(
            r#"{"@type":"NewsArticle","headline":"Talks go on","datePublished":"2025-05-16","articleBody":"The ta"#,
        );
        assert_eq!(cut.published.as_deref(), Some("2025-05-16"));
    }

    #[test]
    fn what_is_no_article_says_nothing() {
        assert_eq!(linked(r#"{"@type":"Organization","name":"The Gazette"}"#), JsonLd::default());
        assert_eq!(linked("nonsense"), JsonLd::default());
        assert_eq!(linked(&"[".repeat(100_000)), JsonLd::default());
    }
}

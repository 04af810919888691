//! Records: named fields, whatever format held them, made an article.

mod names;
mod value;

use serde_json::{Map, Value};

pub use names::{FieldMap, MapError};

use super::problem::shown;
use super::{Article, DateOrigin, Format, Hints, Meta, Place, Problem};
use super::{byline, date, html, items, language};
use crate::language::world;
use names::Role;
use value::{long_text, short_text, strings};

/// A record as read: names of fields, in order, with their values.
pub type Fields = Map<String, Value>;

/// Makes an article of a record; fails if no field can be its body.
pub(super) fn read(
    fields: &Fields,
    place: &Place,
    format: Format,
    hints: &Hints,
    map: &FieldMap,
) -> Result<Article, Problem> {
    let (body, is_html) = match (map.find(fields, Role::Text), map.find(fields, Role::Html)) {
        (Some(text), _) => (long_text(text), false),
        (None, Some(html)) => (long_text(html), true),
        (None, None) => {
            let found = shown(&fields.keys().map(String::as_str).collect::<Vec<_>>().join(", "));
            return Err(Problem::NoBody { found });
        }
    };
    if body.trim().is_empty() {
        return Err(Problem::NoText);
    }
    let marked_up = if is_html { Some(html::fragment(&body)) } else { html::if_marked_up(&body) };
    let mut article = if let Some((text, paragraphs)) = marked_up {
        let mut article = with_body(fields, text, place, hints, map);
        article.paragraphs = paragraphs;
        article
    } else {
        with_body(fields, body, place, hints, map)
    };
    if article.paragraphs.is_empty() {
        return Err(Problem::NoText);
    }
    article.format = format;
    Ok(article)
}

/// What a record says that it is.
pub(super) struct Identifiers {
    /// Its address; the id, where that is one.
    pub(super) address: Option<String>,
    pub(super) id: Option<String>,
}

impl Identifiers {
    /// What these fields say, or what holds them where they are silent.
    pub(super) fn of(fields: &Fields, hints: &Hints, map: &FieldMap) -> Self {
        let find = |role| map.find(fields, role).or_else(|| map.find(&hints.known, role)).and_then(short_text);
        let id = find(Role::Id);
        let address = find(Role::Url).filter(|url| is_url(url)).or_else(|| id.clone().filter(|id| is_url(id)));
        Identifiers { address, id }
    }
}

/// An article with the given plain body and the fields' metadata.
pub(super) fn with_body(fields: &Fields, body: String, place: &Place, hints: &Hints, map: &FieldMap) -> Article {
    let all = |role| map.find_all(fields, role).chain(map.find_all(&hints.known, role));
    // A name may hold a mere reference, and the next one what it refers to.
    let find = |role| all(role).find_map(short_text);
    let mut article = Article::from_plain(Meta::at(place), body);
    let meta = &mut article.meta;
    meta.title = find(Role::Title).map(|title| {
        // Some systems export titles as they write them into pages.
        let is_marked_up = title.contains("</") || (title.contains('&') && title.contains(';'));
        if is_marked_up { items::plain(&title) } else { title }
    });
    let mut bylines = all(Role::Byline).map(|value| byline::names(&strings(value)));
    meta.byline = bylines.find(|names| !names.is_empty()).unwrap_or_default();
    // `source` may be the outlet or the page's address.
    let outlets = || all(Role::Outlet).filter_map(short_text);
    meta.outlet = outlets().find(|outlet| !is_url(outlet));
    meta.section = find(Role::Section);
    let Identifiers { address, id } = Identifiers::of(fields, hints, map);
    let source = || outlets().find(|outlet| is_url(outlet));
    meta.url = address.or_else(|| hints.url.clone()).or_else(source);
    if let (true, Some(url), Some(id)) = (hints.shares_address, &meta.url, &id) {
        meta.id = format!("{url}#{id}");
    } else if let Some(url) = &meta.url {
        meta.id.clone_from(url);
    } else if let Some(id) = id {
        // A name that is unique in the world is alone, others are unique within their file.
        meta.id = if id.starts_with("urn:") || id.starts_with("tag:") { id } else { format!("{}!{id}", place.path) };
    }
    meta.language =
        find(Role::Language).and_then(|tag| language::primary(&tag)).or_else(|| language::detect(&article.text));
    // Systems export what was not published, too.
    let status = fields.get("status").and_then(short_text).unwrap_or_default();
    if ["draft", "pending", "private", "future", "scheduled", "trash", "repost"].contains(&status.as_str()) {
        article.warnings.push(format!("is marked as `{status}`"));
    }
    let written = find(Role::Date);
    if let Some(written) = &written {
        match date::read(written, hints.seen.as_deref(), DateOrigin::Record) {
            Some((published, true)) if hints.day_first => meta.published = published.day_first(),
            Some((published, ambiguous)) => {
                if ambiguous {
                    article.warnings.push(format!("date `{}` was read as month/day/year", shown(written)));
                }
                meta.published = Some(published);
            }
            None if let Some(published) = date::of_serial(written) => {
                article.warnings.push(format!("date `{}` was read as a spreadsheet's number of a day", shown(written)));
                meta.published = Some(published);
            }
            None => {
                let is = if date::lacks_day(written) { "names no day" } else { "is not understood" };
                article.warnings.push(format!("date `{}` {is}; the article has none", shown(written)));
            }
        }
    }
    if meta.published.is_none() {
        meta.published = meta.url.as_deref().and_then(date::of_url);
    }
    if meta.published.is_none()
        && written.is_none()
        && let Some(name) =
            fields.iter().find_map(|(name, value)| (is_day(value) && is_named_as_day(name)).then_some(name))
    {
        let name = shown(name);
        article.warnings.push(format!("no known field has its date; if `{name}` is it, use `--map date={name}`"));
    }
    article
}

/// True for a name that holds one of those that days of publication go by: `crawl_date`.
fn is_named_as_day(name: &str) -> bool {
    const SHORTEST: usize = 4;
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    world().records.date.iter().any(|known| known.len() >= SHORTEST && name.contains(known))
}

/// True for a value that is a day written in numbers, and nothing else.
fn is_day(value: &Value) -> bool {
    const LONGEST: usize = 40;
    let written = value.as_str().map(str::trim).filter(|written| written.len() <= LONGEST);
    written.is_some_and(|written| {
        written.starts_with(|c: char| c.is_ascii_digit())
            && written.contains(['-', '/', '.'])
            && date::read(written, None, DateOrigin::Record).is_some()
    })
}

/// Fills what `meta` lacks from what its container knows.
pub(super) fn complete(meta: &mut Meta, hints: &Hints, place: &Place) {
    let known = with_body(&Fields::new(), String::new(), place, hints, &FieldMap::default()).meta;
    meta.title = meta.title.take().or(known.title);
    meta.outlet = meta.outlet.take().or(known.outlet);
    meta.section = meta.section.take().or(known.section);
    meta.language = meta.language.take().or(known.language);
    if meta.byline.is_empty() {
        meta.byline = known.byline;
    }
    if meta.published.as_ref().is_none_or(|published| published.origin >= DateOrigin::Crawl)
        && known.published.is_some()
    {
        meta.published = known.published;
    }
    if meta.url.is_none() {
        meta.id = known.id;
        meta.url = known.url;
    }
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.len() > 3 && !rest.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn article(json: &str, map: &str) -> Article {
        let fields: Fields = serde_json::from_str(json).unwrap();
        let place = Place::file("a.jsonl").part(3);
        read(&fields, &place, Format::JsonLines, &Hints::default(), &map.parse().unwrap()).unwrap()
    }

    #[test]
    fn fields_go_by_many_names() {
        let article = article(
            r#"{"Headline":"Talks","articleBody":"One.\n\nTwo.","publish_date":"2025-05-16","web_url":"https://example.org/a",
                "source":{"id":null,"name":"The Gazette"},"authors":[{"name":"Ann Ray"},{"name":"Bo Li"}],
                "articleSection":["World"],"inLanguage":"en-GB"}"#,
            "",
        );
        let meta = &article.meta;
        assert_eq!(meta.title.as_deref(), Some("Talks"));
        assert_eq!(article.text, "One.\n\nTwo.");
        assert_eq!(meta.published.as_ref().map(|p| p.at.as_str()), Some("2025-05-16"));
        assert_eq!(meta.id, "https://example.org/a");
        assert_eq!(meta.outlet.as_deref(), Some("The Gazette"));
        assert_eq!(meta.byline, ["Ann Ray", "Bo Li"]);
        assert_eq!(meta.section.as_deref(), Some("World"));
        assert_eq!(meta.language.as_deref(), Some("en"));
    }

    #[test]
    fn the_users_names_come_first() {
        let article =
            article(r#"{"title":"No","hed":"Yes","story":{"parts":["One.","Two."]}}"#, "title=hed,text=story.parts");
        assert_eq!(article.meta.title.as_deref(), Some("Yes"));
        assert_eq!(article.text, "One.\n\nTwo.");
        assert_eq!(article.meta.id, "a.jsonl!3");
    }

    #[test]
    fn what_has_no_body_says_what_it_has() {
        let fields: Fields = serde_json::from_str(r#"{"hed":"A","words":" "}"#).unwrap();
        let problem =
            read(&fields, &Place::file("a"), Format::Json, &Hints::default(), &FieldMap::default()).unwrap_err();
        assert_eq!(problem.to_string(), "has no body among its fields (hed, words); name it with `--map text=FIELD`");
        assert!("text".parse::<FieldMap>().unwrap_err().to_string().starts_with("`text` does not map a field"));
    }

    #[test]
    fn ids_of_the_file_are_kept_apart_from_those_of_the_world() {
        assert_eq!(article(r#"{"id":7,"text":"One."}"#, "").meta.id, "a.jsonl!7");
        assert_eq!(article(r#"{"id":"urn:x:7","text":"One."}"#, "").meta.id, "urn:x:7");
        assert_eq!(article(r#"{"id":"https://example.org/7","text":"One."}"#, "").meta.id, "https://example.org/7");
    }

    #[test]
    fn a_date_that_is_not_understood_is_said() {
        let article = article(r#"{"date":"soon","text":"One."}"#, "");
        assert_eq!(article.meta.published, None);
        assert_eq!(article.warnings, ["date `soon` is not understood; the article has none"]);
    }

    #[test]
    fn bodies_in_html_lose_their_tags() {
        let article = article(r#"{"content":{"rendered":"<p>One &amp; a <b>half</b>.</p>\n<p>Two.</p>"}}"#, "");
        assert_eq!(article.text, "One & a half.\n\nTwo.");
        assert_eq!(article.paragraphs.len(), 2);
    }
}

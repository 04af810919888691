//! Records: named fields, whatever format held them, made an article.

mod value;

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::problem::shown;
use super::{Article, DateOrigin, Format, Hints, Meta, Place, Problem};
use super::{byline, date, html, items, language};
use value::{is_empty, long_text, short_text, strings};

/// A record as read: names of fields, in order, with their values.
pub type Fields = Map<String, Value>;

/// What a field of a record can be to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Title,
    Text,
    Html,
    Date,
    Url,
    Id,
    Outlet,
    Byline,
    Section,
    Language,
}

/// The names that the world gives to the fields, best first, in lower case and without marks between their words:
/// those of schema.org, ninjs, JSON Feed, news APIs and the usual exports.
const NAMES: [(Role, &str, &[&str]); 10] = [
    (
        Role::Title,
        "title",
        &[
            "title",
            "headline",
            "hed",
            "headlinemain",
            "webtitle",
            "articletitle",
            "posttitle",
            "head",
            "name",
            "titel",
            "titre",
            "título",
            "titulo",
            "titolo",
        ],
    ),
    (
        Role::Text,
        "text",
        &[
            "text",
            "body",
            "content",
            "articlebody",
            "maintext",
            "fulltext",
            "bodytext",
            "contenttext",
            "plaintext",
            "storytext",
            "articletext",
            "articlecontent",
            "postcontent",
            "paragraphs",
            "article",
            "story",
            "contents",
            "transcript",
            "selftext",
            "cleanedtext",
            "volltext",
            "texte",
            "texto",
            "testo",
            // Of what libraries and reference managers export, there is no more.
            "abstract",
            "abstractnote",
        ],
    ),
    (Role::Html, "html", &["html", "contenthtml", "bodyhtml", "bodyxhtml", "encoded", "contentencoded"]),
    (
        Role::Date,
        "date",
        &[
            "date",
            "published",
            "datepublished",
            "publishingdate",
            "publishedat",
            "publisheddate",
            "publishdate",
            "datepublish",
            "pubdate",
            "publicationdate",
            "webpublicationdate",
            "versioncreated",
            "firstcreated",
            "datetime",
            "timestamp",
            "created",
            "createdat",
            "datecreated",
            "issued",
            "createdutc",
            "datum",
            "datedepublication",
            "fecha",
        ],
    ),
    (
        Role::Url,
        "url",
        &["url", "link", "canonicalurl", "weburl", "permalink", "uri", "href", "externalurl", "mainentityofpage"],
    ),
    (Role::Id, "id", &["id", "idstr", "guid", "uuid", "articleid", "identifier"]),
    (
        Role::Outlet,
        "outlet",
        &[
            "outlet",
            "source",
            "publisher",
            "site",
            "sitename",
            "newspaper",
            "publication",
            "provider",
            "sourcename",
            "sourcehostname",
            "sourcedomain",
            "domain",
            "containertitle",
            "publicationtitle",
            "quelle",
            "journal",
            "fuente",
            "fonte",
        ],
    ),
    (
        Role::Byline,
        "byline",
        &[
            "byline",
            "author",
            "authors",
            "by",
            "creators",
            "creator",
            "writer",
            "journalist",
            "autor",
            "auteur",
            "autore",
        ],
    ),
    (
        Role::Section,
        "section",
        &["section", "articlesection", "sectionname", "category", "desk", "newsdesk", "ressort", "rubrique"],
    ),
    (Role::Language, "language", &["language", "lang", "inlanguage"]),
];

impl Role {
    fn of(name: &str) -> Option<Self> {
        NAMES.iter().find(|(_, own, _)| *own == name).map(|(role, _, _)| *role)
    }

    fn known_names(self) -> &'static [&'static str] {
        NAMES.iter().find(|(role, _, _)| *role == self).map_or(&[], |(_, _, names)| names)
    }
}

/// The user's own names for fields: `title=hed`, `text=story.body` for a field within a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldMap {
    names: Vec<(Role, String)>,
}

/// A mapping that can't be understood.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` does not map a field; write `--map OURS=THEIRS`, OURS being one of {ours}", ours = Ours)]
pub struct MapError(String);

struct Ours;

impl fmt::Display for Ours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&NAMES.map(|(_, name, _)| name).join(", "))
    }
}

impl FieldMap {
    /// Adds a mapping such as `title=hed`; later ones are tried after earlier ones.
    pub fn add(&mut self, mapping: &str) -> Result<(), MapError> {
        let (ours, theirs) = mapping.split_once('=').ok_or_else(|| MapError(mapping.to_owned()))?;
        let role = Role::of(ours.trim()).ok_or_else(|| MapError(mapping.to_owned()))?;
        self.names.push((role, theirs.trim().to_owned()));
        Ok(())
    }

    /// The mappings as they are written, in the order in which they are tried.
    pub fn mappings(&self) -> Vec<String> {
        let ours = |role| NAMES.iter().find(|(of, ..)| *of == role).map_or("", |(_, name, _)| name);
        self.names.iter().map(|(role, theirs)| format!("{}={theirs}", ours(*role))).collect()
    }

    /// True if `fields` hold something that can be the body of an article.
    pub(super) fn has_body(&self, fields: &Fields) -> bool {
        [Role::Text, Role::Html].into_iter().any(|role| self.find(fields, role).is_some())
    }

    /// True if `fields` hold a body and what tells an article from a part of one: a title, a date or an address.
    pub(super) fn is_article(&self, fields: &Fields) -> bool {
        self.has_body(fields) && self.describes(fields)
    }

    /// True if `fields` hold lists of bodies and of titles, dates or addresses: a table by its columns.
    pub(super) fn is_article_by_lists(&self, fields: &Fields) -> bool {
        let is_list = |role| self.find(fields, role).is_some_and(Value::is_array);
        [Role::Text, Role::Html].into_iter().any(is_list)
            && [Role::Title, Role::Date, Role::Url].into_iter().any(is_list)
    }

    /// True if `fields` hold a title, a date or an address.
    pub(super) fn describes(&self, fields: &Fields) -> bool {
        [Role::Title, Role::Date, Role::Url].into_iter().any(|role| self.find(fields, role).is_some())
    }

    /// All values that can play `role` in `fields`, best first.
    fn find_all<'f>(&'f self, fields: &'f Fields, role: Role) -> impl Iterator<Item = &'f Value> {
        let own = self.names.iter().filter(move |(of, _)| *of == role).filter_map(|(_, name)| at_path(fields, name));
        own.chain(role.known_names().iter().filter_map(|name| named(fields, name)))
    }

    /// The value of the field with `role` in `fields`: by the user's names, then by the known ones, best first.
    fn find<'f>(&self, fields: &'f Fields, role: Role) -> Option<&'f Value> {
        let own = self.names.iter().filter(|(of, _)| *of == role).find_map(|(_, name)| at_path(fields, name));
        own.or_else(|| role.known_names().iter().find_map(|name| named(fields, name)))
    }
}

impl FromStr for FieldMap {
    type Err = MapError;

    /// Reads mappings separated by commas.
    fn from_str(mappings: &str) -> Result<Self, MapError> {
        let mut map = FieldMap::default();
        mappings.split(',').filter(|m| !m.trim().is_empty()).try_for_each(|mapping| map.add(mapping))?;
        Ok(map)
    }
}

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
    let mut article = if is_html || html::looks_marked_up(&body) {
        let (text, paragraphs) = html::fragment(&body);
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
    let find = |role| map.find(fields, role).or_else(|| map.find(&hints.known, role));
    let mut article = Article::from_plain(Meta::at(place), body);
    let meta = &mut article.meta;
    meta.title = find(Role::Title).and_then(short_text).map(|title| {
        // Some systems export titles as they write them into pages.
        let is_marked_up = title.contains("</") || (title.contains('&') && title.contains(';'));
        if is_marked_up { items::plain(&title) } else { title }
    });
    meta.byline = find(Role::Byline).map(|value| byline::names(&strings(value))).unwrap_or_default();
    // `source` may be the outlet or the page's address.
    let outlets = || map.find_all(fields, Role::Outlet).chain(map.find_all(&hints.known, Role::Outlet));
    meta.outlet = outlets().filter_map(short_text).find(|outlet| !is_url(outlet));
    meta.section = find(Role::Section).and_then(short_text);
    let Identifiers { address, id } = Identifiers::of(fields, hints, map);
    let source = || outlets().filter_map(short_text).find(|outlet| is_url(outlet));
    meta.url = address.or_else(|| hints.url.clone()).or_else(source);
    if let (true, Some(url), Some(id)) = (hints.shares_address, &meta.url, &id) {
        meta.id = format!("{url}#{id}");
    } else if let Some(url) = &meta.url {
        meta.id.clone_from(url);
    } else if let Some(id) = id {
        // A name that is unique in the world is alone, others are unique within their file.
        meta.id = if id.starts_with("urn:") || id.starts_with("tag:") { id } else { format!("{}!{id}", place.path) };
    }
    meta.language = find(Role::Language)
        .and_then(short_text)
        .and_then(|tag| language::primary(&tag))
        .or_else(|| language::detect(&article.text));
    // Systems export what was not published, too.
    let status = fields.get("status").and_then(short_text).unwrap_or_default();
    if ["draft", "pending", "private", "future", "scheduled", "trash", "repost"].contains(&status.as_str()) {
        article.warnings.push(format!("is marked as `{status}`"));
    }
    if let Some(written) = find(Role::Date).and_then(short_text) {
        match date::read(&written, hints.seen.as_deref(), DateOrigin::Record) {
            Some((published, true)) if hints.day_first => meta.published = published.day_first(),
            Some((published, ambiguous)) => {
                if ambiguous {
                    article.warnings.push(format!("date `{}` was read as month/day/year", shown(&written)));
                }
                meta.published = Some(published);
            }
            None => {
                let is = if date::lacks_day(&written) { "names no day" } else { "is not understood" };
                article.warnings.push(format!("date `{}` {is}; the article has none", shown(&written)));
            }
        }
    }
    if meta.published.is_none() {
        meta.published = meta.url.as_deref().and_then(date::of_url);
    }
    article
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

/// The field of that name, its case and the marks between its words aside; empty ones do not count.
fn named<'f>(fields: &'f Fields, name: &str) -> Option<&'f Value> {
    fields.iter().find(|(key, value)| !is_empty(value) && same_name(key, name)).map(|(_, value)| value)
}

/// True if `key` is `name` written in any way: `publish_date`, `Publish Date`, `dc:publishDate`.
fn same_name(key: &str, name: &str) -> bool {
    // Each article asks this a thousand times, nearly always of ASCII, nearly always in vain.
    let ends = key.as_bytes().last().zip(name.as_bytes().last());
    if ends.is_some_and(|(key, name)| key.is_ascii_alphanumeric() && !key.eq_ignore_ascii_case(name)) {
        return false;
    }
    let key = key.rsplit(':').next().unwrap_or(key);
    if key.is_ascii() {
        let letters = key.bytes().filter(u8::is_ascii_alphanumeric);
        return key.len() >= name.len() && letters.map(|b| b.to_ascii_lowercase()).eq(name.bytes());
    }
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).eq(name.chars())
}

/// The field at a path of names: as one name first, then one name a step.
fn at_path<'f>(fields: &'f Fields, path: &str) -> Option<&'f Value> {
    let direct = fields.get(path).or_else(|| named(fields, path));
    let value = direct.or_else(|| {
        let (first, rest) = path.split_once('.')?;
        match fields.get(first)? {
            Value::Object(inner) => at_path(inner, rest),
            Value::Array(items) => {
                let (index, rest) = rest.split_once('.').map_or((rest, None), |(index, rest)| (index, Some(rest)));
                let item = items.get(index.parse::<usize>().ok()?)?;
                rest.map_or(Some(item), |rest| item.as_object().and_then(|inner| at_path(inner, rest)))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        }
    });
    value.filter(|value| !is_empty(value))
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

//! What the fields of records are called, and what each is to an article.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::Fields;
use super::value::is_empty;

/// What a field of a record can be to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
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
    pub(in super::super) fn has_body(&self, fields: &Fields) -> bool {
        [Role::Text, Role::Html].into_iter().any(|role| self.find(fields, role).is_some())
    }

    /// True if `fields` hold a body and what tells an article from a part of one: a title, a date or an address.
    pub(in super::super) fn is_article(&self, fields: &Fields) -> bool {
        self.has_body(fields) && self.describes(fields)
    }

    /// True if `fields` hold lists of bodies and of titles, dates or addresses: a table by its columns.
    pub(in super::super) fn is_article_by_lists(&self, fields: &Fields) -> bool {
        let is_list = |role| self.find(fields, role).is_some_and(Value::is_array);
        [Role::Text, Role::Html].into_iter().any(is_list)
            && [Role::Title, Role::Date, Role::Url].into_iter().any(is_list)
    }

    /// True if `fields` hold a title, a date or an address.
    pub(in super::super) fn describes(&self, fields: &Fields) -> bool {
        [Role::Title, Role::Date, Role::Url].into_iter().any(|role| self.find(fields, role).is_some())
    }

    /// All values that can play `role` in `fields`, best first.
    pub(super) fn find_all<'f>(&'f self, fields: &'f Fields, role: Role) -> impl Iterator<Item = &'f Value> {
        let own = self.names.iter().filter(move |(of, _)| *of == role).filter_map(|(_, name)| at_path(fields, name));
        own.chain(role.known_names().iter().filter_map(|name| named(fields, name)))
    }

    /// The value of the field with `role` in `fields`: by the user's names, then by the known ones, best first.
    pub(super) fn find<'f>(&self, fields: &'f Fields, role: Role) -> Option<&'f Value> {
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

//! What the fields of records are called, and what each is to an article.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::super::{DateOrigin, date};
use super::Fields;
use super::value::{is_blocks, is_empty, short_text};
use crate::language::{Words, world};

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

/// The roles, with the name that `--map` knows each by.
const ROLES: [(Role, &str); 10] = [
    (Role::Title, "title"),
    (Role::Text, "text"),
    (Role::Html, "html"),
    (Role::Date, "date"),
    (Role::Url, "url"),
    (Role::Id, "id"),
    (Role::Outlet, "outlet"),
    (Role::Byline, "byline"),
    (Role::Section, "section"),
    (Role::Language, "language"),
];

impl Role {
    fn of(name: &str) -> Option<Self> {
        ROLES.iter().find(|(_, own)| *own == name).map(|(role, _)| *role)
    }

    /// The values in `fields` under the names that the world gives to this role, best first.
    fn values(self, fields: &Fields) -> impl Iterator<Item = &Value> {
        let records = &world().records;
        let (names, doubtful) = match self {
            Role::Title => (&records.title, None),
            Role::Text => (&records.text, Some(&records.doubtful.text)),
            Role::Html => (&records.html, None),
            Role::Date => (&records.date, Some(&records.doubtful.date)),
            Role::Url => (&records.url, None),
            Role::Id => (&records.id, None),
            Role::Outlet => (&records.outlet, Some(&records.doubtful.outlet)),
            Role::Byline => (&records.byline, Some(&records.doubtful.byline)),
            Role::Section => (&records.section, None),
            Role::Language => (&records.language, None),
        };
        let doubtful = doubtful.into_iter().flat_map(Words::iter).filter_map(|name| named(fields, name));
        let doubtful = doubtful.filter(move |value| self.may_be(value));
        names.iter().filter_map(|name| named(fields, name)).chain(doubtful)
    }

    /// True for a value that looks like one of this role, whatever its name is.
    fn may_be(self, value: &Value) -> bool {
        const LONGEST: usize = 80;
        let line = || short_text(value).filter(|line| line.len() <= LONGEST);
        match self {
            Role::Text => is_blocks(value),
            Role::Date => {
                (value.is_string() || value.is_number())
                    && line().is_some_and(|line| date::read(&line, None, DateOrigin::Record).is_some())
            }
            Role::Outlet => value.is_string() && line().is_some(),
            Role::Byline => value.is_object() && line().is_some(),
            Role::Title | Role::Html | Role::Url | Role::Id | Role::Section | Role::Language => true,
        }
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
        f.write_str(&ROLES.map(|(_, name)| name).join(", "))
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
        let ours = |role| ROLES.iter().find(|(of, _)| *of == role).map_or("", |(_, name)| name);
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

    /// True for a name of something that is said about a text.
    pub(in super::super) fn is_about(name: &str) -> bool {
        let fields = Fields::from_iter([(name.to_owned(), Value::from("x"))]);
        let mut about = ROLES.iter().filter(|(role, _)| !matches!(role, Role::Text | Role::Html));
        about.any(|(role, _)| role.values(&fields).next().is_some())
    }

    /// True if `fields` hold a title, a date or an address.
    pub(in super::super) fn describes(&self, fields: &Fields) -> bool {
        [Role::Title, Role::Date, Role::Url].into_iter().any(|role| self.find(fields, role).is_some())
    }

    /// All values that can play `role` in `fields`: by the user's names, then by the known ones, best first.
    pub(super) fn find_all<'f>(&'f self, fields: &'f Fields, role: Role) -> impl Iterator<Item = &'f Value> {
        let own = self.names.iter().filter(move |(of, _)| *of == role).filter_map(|(_, name)| at_path(fields, name));
        own.chain(role.values(fields).filter(move |value| role != Role::Text || !self.is_wrapped(value)))
    }

    /// The first of them.
    pub(super) fn find<'f>(&'f self, fields: &'f Fields, role: Role) -> Option<&'f Value> {
        self.find_all(fields, role).next()
    }

    /// The record that a field keeps under the name of a body: `{"article": {"title": …, "content": …}}`.
    pub(in super::super) fn wrapped<'f>(&self, fields: &'f Fields) -> Option<&'f Fields> {
        Role::Text.values(fields).find(|value| self.is_wrapped(value)).and_then(Value::as_object)
    }

    /// True for an object that says what its text is: a record of its own, and not the body of one. The text may be in an
    /// object within: `{"webTitle": …, "fields": {"bodyText": …}}`.
    fn is_wrapped(&self, value: &Value) -> bool {
        let holds_text = |fields: &Fields| {
            [Role::Text, Role::Html].into_iter().any(|role| {
                let own = self.names.iter().filter(|(of, _)| *of == role).find_map(|(_, name)| at_path(fields, name));
                own.or_else(|| role.values(fields).next()).is_some()
            })
        };
        value.as_object().is_some_and(|inner| {
            self.describes(inner) && (holds_text(inner) || inner.values().filter_map(Value::as_object).any(holds_text))
        })
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

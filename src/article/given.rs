//! What the user says about the articles of a folder: `--set outlet=X`, `--from-path '{outlet}/{date}-*.txt'`.

use std::fmt;

use super::pattern::Pattern;
use super::{Article, DateOrigin, Published, byline, date, language};

/// Fields and the values that the user gives them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    set: Vec<(Field, String)>,
    from_path: Option<Pattern<Field>>,
}

/// A field that can be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Field {
    Outlet,
    Collection,
    Section,
    Language,
    Byline,
    Date,
}

const FIELDS: [(&str, Field); 6] = [
    ("outlet", Field::Outlet),
    ("collection", Field::Collection),
    ("section", Field::Section),
    ("language", Field::Language),
    ("byline", Field::Byline),
    ("date", Field::Date),
];

/// Something that gives no field.
#[derive(Debug, thiserror::Error)]
pub enum GivenError {
    /// No assignment to a known field.
    #[error("`{0}` sets no field; write `--set FIELD=VALUE`, FIELD being one of {known}", known = Known)]
    Set(String),
    /// No day.
    #[error("`{0}` is no date; write it as 2025-05-16")]
    Date(String),
    /// No pattern of a path.
    #[error("`{0}` is no pattern of a path; write it as `{{outlet}}/{{date}}-*.txt`, with any of {known}", known = Known)]
    Path(String),
}

struct Known;

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&FIELDS.map(|(name, _)| name).join(", "))
    }
}

fn field(name: &str) -> Option<Field> {
    FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
}

impl Given {
    /// Adds a setting such as `outlet=Harbour News`; an empty value takes the field away.
    pub fn set(&mut self, setting: &str) -> Result<(), GivenError> {
        let no_field = || GivenError::Set(setting.to_owned());
        let (name, value) = setting.split_once('=').ok_or_else(no_field)?;
        let (field, value) = (field(name.trim()).ok_or_else(no_field)?, value.trim());
        if field == Field::Date && !value.is_empty() && day(value).is_none() {
            return Err(GivenError::Date(value.to_owned()));
        }
        self.set.push((field, value.to_owned()));
        Ok(())
    }

    /// Takes fields from where a file lies, by a pattern such as `{outlet}/{date}-*.txt`.
    pub fn from_path(&mut self, pattern: &str) -> Result<(), GivenError> {
        let read = Pattern::read(pattern, field).filter(Pattern::has_fields);
        self.from_path = Some(read.ok_or_else(|| GivenError::Path(pattern.to_owned()))?);
        Ok(())
    }

    /// The settings as they are written.
    pub fn settings(&self) -> Vec<String> {
        let name = |field: &Field| FIELDS.iter().find(|(_, known)| known == field).map_or("", |(name, _)| *name);
        self.set.iter().map(|(field, value)| format!("{}={value}", name(field))).collect()
    }

    /// The pattern as it is written.
    pub fn pattern(&self) -> Option<&str> {
        self.from_path.as_ref().map(Pattern::written)
    }

    /// Fills in what an article does not say of itself by its path, then sets what is set.
    pub(super) fn apply(&self, article: &mut Article) {
        if let Some(pattern) = &self.from_path {
            let record =
                article.meta.record.as_ref().map(|record| format!("/{}", record.replace('!', "/"))).unwrap_or_default();
            let file = article.meta.path.clone();
            let path = format!("{file}{record}");
            let is_value =
                |field: Field, value: &str| !value.is_empty() && (field != Field::Date || day(value).is_some());
            let found = pattern.find(&path, &is_value).or_else(|| pattern.find(&file, &is_value));
            for (field, value) in found.unwrap_or_default() {
                if !says(article, field) {
                    put(article, field, value);
                }
            }
        }
        for (field, value) in &self.set {
            put(article, *field, value);
        }
    }
}

/// True if an article says of itself what a field holds; the day on which it was fetched or saved is a guess.
fn says(article: &Article, field: Field) -> bool {
    let meta = &article.meta;
    match field {
        Field::Outlet => meta.outlet.is_some(),
        Field::Collection => meta.collection.is_some(),
        Field::Section => meta.section.is_some(),
        // The user knows better than a guess by letters.
        Field::Language => false,
        Field::Byline => !meta.byline.is_empty(),
        Field::Date => meta.published.as_ref().is_some_and(|published| published.origin < DateOrigin::Crawl),
    }
}

fn put(article: &mut Article, field: Field, value: &str) {
    let meta = &mut article.meta;
    let text = Some(value.to_owned()).filter(|value| !value.is_empty());
    match field {
        Field::Outlet => meta.outlet = text,
        Field::Collection => meta.collection = text,
        Field::Section => meta.section = text,
        Field::Language => meta.language = text.as_deref().and_then(language::primary),
        Field::Byline => meta.byline = byline::names(&[value.to_owned()]),
        Field::Date => {
            meta.published = day(value);
            article.warnings.retain(|warning| !warning.contains("date"));
        }
    }
}

fn day(value: &str) -> Option<Published> {
    date::read(value, None, DateOrigin::Record).filter(|(_, ambiguous)| !ambiguous).map(|(published, _)| published)
}

#[cfg(test)]
mod tests {
    use super::super::{Meta, Place};
    use super::*;

    fn article(path: &str) -> Article {
        Article::from_plain(Meta::at(&Place::file(path)), "One.".to_owned())
    }

    #[test]
    fn settings_overrule_and_paths_fill_in() {
        let mut given = Given::default();
        given.set("collection=leak-3").unwrap();
        given.from_path("{outlet}/{date}-*.txt").unwrap();
        let mut one = article("corpus/Harbour News/2025-05-16-talks.txt");
        given.apply(&mut one);
        assert_eq!(one.meta.outlet.as_deref(), Some("Harbour News"));
        assert_eq!(one.meta.collection.as_deref(), Some("leak-3"));
        assert_eq!(one.meta.published.as_ref().map(Published::day), Some("2025-05-16"));
        let mut other = article("corpus/Harbour News/talks.md");
        other.meta.outlet = Some("Canal Post".to_owned());
        given.set("outlet=Quay Weekly").unwrap();
        given.apply(&mut other);
        assert_eq!(other.meta.outlet.as_deref(), Some("Quay Weekly"));
        assert_eq!(given.settings(), ["collection=leak-3", "outlet=Quay Weekly"]);
    }

    #[test]
    fn what_gives_nothing_is_said() {
        let mut given = Given::default();
        assert!(given.set("hed=X").unwrap_err().to_string().starts_with("`hed=X` sets no field"));
        assert!(given.set("date=soon").is_err());
        assert!(given.from_path("{hed}/*.txt").is_err() && given.from_path("*.txt").is_err());
    }
}

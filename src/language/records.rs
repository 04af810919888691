//! What the fields of records are called.

use serde::Deserialize;

use super::Words;

/// What the fields of records are called, best first, in lower case and without marks between their words.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// Headlines.
    pub title: Words,
    /// Bodies.
    pub text: Words,
    /// Bodies in HTML.
    pub html: Words,
    /// Days of publication.
    pub date: Words,
    /// Addresses.
    pub url: Words,
    /// Ids.
    pub id: Words,
    /// Publishers.
    pub outlet: Words,
    /// Who wrote it.
    pub byline: Words,
    /// Sections.
    pub section: Words,
    /// Languages.
    pub language: Words,
    /// What programs write where the author of a document is named, in lower case.
    pub programs: Words,
    /// Names that count only where the value is such a thing as well.
    pub doubtful: Doubtful,
}

/// Names of fields that are called so for other reasons, too.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doubtful {
    /// Bodies.
    pub text: Words,
    /// Days of publication.
    pub date: Words,
    /// Publishers.
    pub outlet: Words,
    /// Who wrote it.
    pub byline: Words,
}

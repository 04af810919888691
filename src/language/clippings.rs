//! Words of the exports of press archives.

use serde::Deserialize;

use super::{Table, Words};

/// Words of the exports of press archives.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clippings {
    /// The word behind the count of words of an article, in lower case.
    pub words: Words,
    /// The word for an edition, in lower case.
    pub editions: Words,
    /// The word before the number at the end of an article.
    pub documents: Words,
    /// What opens a line behind the text of an article, in lower case.
    pub ends: Words,
    /// Labels of Nexis, in lower case, with the field that each holds; an empty one is passed over.
    pub labels: Table<String>,
    /// Codes of Factiva, with the field that each holds.
    pub codes: Table<String>,
    /// Labels of `ProQuest`, in lower case, with the field that each holds.
    pub labels_of_full_text: Table<String>,
    /// Labels of `NewsBank`, in lower case, with the field that each holds.
    pub labels_of_records: Table<String>,
}

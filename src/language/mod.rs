//! What is particular to a language, as data: one folder of word lists per language under `data/`.
//!
//! Code takes words from the pack of a language instead of naming them; `docs/languages.md` describes the files of a pack.
//! [`World`] holds what pages and dates need before their language is known.

mod bylines;
mod clippings;
mod dates;
mod letters;
mod names;
mod numbers;
mod pack;
mod packs;
mod pages;
mod queries;
mod quotes;
mod recordings;
mod records;
mod requests;
mod roles;
mod text;
mod words;

use std::sync::LazyLock;

use serde::de::DeserializeOwned;

pub use self::bylines::Bylines;
pub use self::clippings::Clippings;
pub use self::dates::Dates;
pub use self::letters::Letters;
pub use self::names::Names;
pub use self::numbers::Numbers;
pub use self::pack::Pack;
pub use self::packs::{add, added_hash, all, codes};
pub use self::pages::Pages;
pub use self::queries::Queries;
pub use self::quotes::Quotes;
pub use self::recordings::Recordings;
pub use self::records::Records;
pub use self::requests::Requests;
pub use self::roles::Roles;
pub use self::text::Text;
pub use self::words::{Table, Words};

/// The word lists of one language, each read when it is needed: a query needs few of them.
#[derive(Debug)]
pub struct Language {
    /// Its ISO 639-1 code.
    pub code: &'static str,
    /// Tokens, sentences and normal forms.
    pub text: LazyLock<Text>,
    /// Numbers and units.
    pub numbers: LazyLock<Numbers>,
    /// Names of people, bodies and places, and who is meant by a description.
    pub names: LazyLock<Names>,
    /// Quotations.
    pub quotes: LazyLock<Quotes>,
    /// Queries and the matching of loose phrases.
    pub queries: LazyLock<Queries>,
    /// Requests in plain words.
    pub requests: LazyLock<Requests>,
}

impl Language {
    /// The pack of the language with this code; English where the language is not known.
    pub fn of(code: Option<&str>) -> Option<&'static Language> {
        let english = english();
        code.is_none_or(|code| code == english.code).then_some(english)
    }
}

/// The word lists of all languages together, for text whose language is not known yet.
#[derive(Debug)]
pub struct World {
    /// Dates.
    pub dates: Dates,
    /// Web pages.
    pub pages: Pages,
    /// Bylines.
    pub bylines: Bylines,
    /// Chats and transcripts.
    pub recordings: Recordings,
    /// Exports of press archives.
    pub clippings: Clippings,
    /// Mail.
    pub letters: Letters,
    /// Records.
    pub records: Records,
}

/// The English pack.
pub fn english() -> &'static Language {
    static ENGLISH: LazyLock<Language> = LazyLock::new(|| Language {
        code: "en",
        text: LazyLock::new(|| read(include_str!("../../data/en/text.toml"))),
        numbers: LazyLock::new(|| read(include_str!("../../data/en/numbers.toml"))),
        names: LazyLock::new(|| read(include_str!("../../data/en/names.toml"))),
        quotes: LazyLock::new(|| read(include_str!("../../data/en/quotes.toml"))),
        queries: LazyLock::new(|| read(include_str!("../../data/en/queries.toml"))),
        requests: LazyLock::new(|| read(include_str!("../../data/en/requests.toml"))),
    });
    &ENGLISH
}

/// The lists that hold for all languages.
pub fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| World {
        dates: read(include_str!("../../data/world/dates.toml")),
        pages: read(include_str!("../../data/world/pages.toml")),
        bylines: read(include_str!("../../data/world/bylines.toml")),
        recordings: read(include_str!("../../data/world/recordings.toml")),
        clippings: read(include_str!("../../data/world/clippings.toml")),
        letters: read(include_str!("../../data/world/mail.toml")),
        records: read(include_str!("../../data/world/records.toml")),
    });
    &WORLD
}

/// Reads a built-in file. All of them are checked by a test, so the empty value is never used.
fn read<T: DeserializeOwned + Default>(file: &str) -> T {
    toml::from_str(file).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<T: DeserializeOwned>(file: &str) {
        if let Err(error) = toml::from_str::<T>(file) {
            panic!("{error}");
        }
    }

    #[test]
    fn every_built_in_file_has_all_lists_of_its_kind_and_no_other() {
        check::<Text>(include_str!("../../data/en/text.toml"));
        check::<Numbers>(include_str!("../../data/en/numbers.toml"));
        check::<Names>(include_str!("../../data/en/names.toml"));
        check::<Quotes>(include_str!("../../data/en/quotes.toml"));
        check::<Queries>(include_str!("../../data/en/queries.toml"));
        check::<Requests>(include_str!("../../data/en/requests.toml"));
        check::<Dates>(include_str!("../../data/world/dates.toml"));
        check::<Pages>(include_str!("../../data/world/pages.toml"));
        check::<Bylines>(include_str!("../../data/world/bylines.toml"));
        check::<Recordings>(include_str!("../../data/world/recordings.toml"));
        check::<Clippings>(include_str!("../../data/world/clippings.toml"));
        check::<Letters>(include_str!("../../data/world/mail.toml"));
        check::<Records>(include_str!("../../data/world/records.toml"));
    }

    #[test]
    fn a_language_without_a_pack_has_none_and_an_unknown_one_is_english() {
        assert_eq!(Language::of(Some("en")).map(|pack| pack.code), Some("en"));
        assert_eq!(Language::of(None).map(|pack| pack.code), Some("en"));
        assert!(Language::of(Some("de")).is_none());
    }
}

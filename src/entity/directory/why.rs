//! Why names are one.

use std::fmt;

/// Why a name is taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is the name the others are shown under.
    Shown,
    /// Case, diacritics, hyphens, full stops.
    Spelling,
    /// Another way to write the same sounds in Latin letters.
    Transliteration,
    /// A short form or another language's form of the first name.
    GivenName,
    /// A middle name or initial more or less.
    MiddleName,
    /// A title, office or letters after the name.
    Title,
    /// Family and given name in the other order.
    Order,
    /// A legal form, article or abbreviation more or less.
    Form,
    /// An acronym.
    Acronym,
    /// A well-known second name.
    WellKnown,
    /// The user's alias file says so.
    AliasFile,
    /// The family name of its usual bearer.
    FamilyName,
    /// A body's short name: without its nation, or the start of a firm's.
    ShortName,
    /// A piece of a body's name.
    Piece,
}

impl Why {
    const ALL: [Why; 14] = [
        Why::Shown,
        Why::Spelling,
        Why::Transliteration,
        Why::GivenName,
        Why::MiddleName,
        Why::Title,
        Why::Order,
        Why::Form,
        Why::Acronym,
        Why::WellKnown,
        Why::AliasFile,
        Why::FamilyName,
        Why::ShortName,
        Why::Piece,
    ];

    /// A number that stands for it on disk.
    pub fn code(self) -> u64 {
        self as u64
    }

    /// The reason that a number stands for.
    pub fn from_code(code: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(code).ok()?).copied()
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::Shown => "shown name",
            Why::Spelling => "case, marks or hyphens",
            Why::Transliteration => "transliteration",
            Why::GivenName => "form of the first name",
            Why::MiddleName => "middle name",
            Why::Title => "title",
            Why::Order => "order of the names",
            Why::Form => "legal form, article or abbreviation",
            Why::Acronym => "acronym",
            Why::WellKnown => "well-known second name",
            Why::AliasFile => "alias file",
            Why::FamilyName => "family name of its usual bearer",
            Why::ShortName => "short name of its usual bearer",
            Why::Piece => "piece of its name",
        })
    }
}

//! What firms' names start and end with.

/// True for the short form of a firm's legal form, in lower case and without its full stop: `inc`, `gmbh`.
pub(super) fn is_legal_form(word: &str) -> bool {
    matches!(word, "inc" | "corp" | "co" | "ltd" | "plc" | "llc" | "ag" | "sa" | "nv" | "gmbh")
}

/// What [`starts_many`] goes by.
const GENERIC: &[&str] = &[
    "national",
    "international",
    "american",
    "united",
    "new",
    "university",
    "bank",
    "ministry",
    "department",
    "central",
    "general",
    "federal",
    "first",
    "house",
    "state",
    "royal",
    "public",
    "south",
    "north",
    "east",
    "west",
    "council",
    "association",
    "institute",
    "college",
    "committee",
    "court",
    "office",
    "world",
    "european",
    "republican",
    "democratic",
    "social",
    "san",
    "los",
    "the",
];

/// True for a word that starts so many names that it stands for none of them alone, in any case.
pub(super) fn starts_many(word: &str) -> bool {
    GENERIC.contains(&word.to_ascii_lowercase().as_str())
}

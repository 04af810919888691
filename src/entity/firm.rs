//! What firms' names end in.

/// True for the short form of a firm's legal form, in lower case and without its full stop: `inc`, `gmbh`.
pub(super) fn is_legal_form(word: &str) -> bool {
    matches!(word, "inc" | "corp" | "co" | "ltd" | "plc" | "llc" | "ag" | "sa" | "nv" | "gmbh")
}

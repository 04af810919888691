//! What firms' names start and end with.

use crate::language::english;

/// True for the short form of a firm's legal form, in lower case and without its full stop: `inc`, `gmbh`.
pub(super) fn is_legal_form(word: &str) -> bool {
    english().names.legal_forms.contains(word)
}

/// True for a word that starts so many names that it stands for none of them alone, in any case.
pub(super) fn starts_many(word: &str) -> bool {
    english().names.generic.contains(&word.to_ascii_lowercase())
}

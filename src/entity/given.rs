//! First names that are one name: short forms, and the forms of other languages and transliterations. Our own list.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// First names and their short forms; the forms of one name a line, the full one first.
const SHORT: &str = include_str!("../../data/en/gazetteer/given_short.txt");

/// First names that are written in several ways in Latin letters; the spellings of one name a line.
const TRANSLITERATED: &str = include_str!("../../data/en/gazetteer/given_transliterated.txt");

/// A number for a first name, the same for all its forms; none for a name without forms.
pub(super) fn form(plain: &str) -> Option<usize> {
    static INDEX: LazyLock<FxHashMap<&str, usize>> = LazyLock::new(|| {
        let mut index = FxHashMap::default();
        for (number, line) in
            SHORT.lines().chain(TRANSLITERATED.lines()).enumerate().filter(|(_, line)| !line.starts_with('#'))
        {
            for name in line.split_whitespace() {
                index.entry(name).or_insert(number);
            }
        }
        index
    });
    INDEX.get(plain).copied()
}

/// True if the two forms are ways to write one name in Latin letters, rather than a short form.
pub(super) fn is_transliterated(number: usize) -> bool {
    static SHORT_LINES: LazyLock<usize> = LazyLock::new(|| SHORT.lines().count());
    number >= *SHORT_LINES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_name_share_a_number() {
        assert_eq!(form("bill"), form("william"));
        assert_eq!(form("volodymyr"), form("vladimir"));
        assert_ne!(form("hassan"), form("hussein"));
        assert_ne!(form("mohammed"), form("mahmoud"));
        assert_eq!(form("xyzzy"), None);
        assert!(is_transliterated(form("andrii").unwrap()));
        assert!(!is_transliterated(form("bob").unwrap()));
    }
}

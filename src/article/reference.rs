//! Character references by name, `&eacute;`: HTML's names, which XML of the press uses as well.

use html_escape::NAMED_ENTITIES;

/// The character of the reference with this name, which is given without `&` and `;`.
pub(super) fn named(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return None;
    }
    let found = NAMED_ENTITIES.binary_search_by(|(known, _)| (*known).cmp(name.as_bytes()));
    found.ok().and_then(|at| NAMED_ENTITIES.get(at)).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: Option<&str>) {
        assert_eq!(named(name), expect, "{name}");
    }

    #[test]
    fn letters_of_all_alphabets_are_known() {
        check("amp", Some("&"));
        check("eacute", Some("é"));
        check("oelig", Some("œ"));
        check("scaron", Some("š"));
        check("Lstrok", Some("Ł"));
        check("alpha", Some("α"));
        check("rsquo", Some("’"));
        check("NoBreak", Some("\u{2060}"));
        check("nonsense", None);
        check("", None);
    }

    #[test]
    fn the_table_is_in_the_order_that_it_is_searched_in() {
        assert!(NAMED_ENTITIES.is_sorted_by_key(|(name, _)| *name));
    }
}

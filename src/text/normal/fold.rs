//! Folding: case and diacritics go, letters that do not decompose are written out.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest folded word in bytes. Longer ones are base64 and the like; their head is enough to find them.
const LONGEST: usize = 128;

/// Appends `word` to `out` in lower case, without diacritics and joiners; at most 128 bytes of it.
pub(super) fn fold(word: &str, out: &mut String) {
    let from = out.len();
    if word.is_ascii() {
        out.extend(word.bytes().take(LONGEST).map(|b| char::from(b.to_ascii_lowercase())));
        return;
    }
    for c in word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if out.len() - from + 4 > LONGEST {
            break;
        }
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            'ħ' => out.push('h'),
            // `½` decomposes into digits but is not `12`.
            '⁄' => out.push('/'),
            c if c.is_alphanumeric() || c == '_' => out.push(c),
            // Lower-casing `İ` leaves a combining dot; joiners and marks hold no meaning in a word.
            _ => {}
        }
    }
    if out.len() == from {
        // A word may be a vowel sign alone.
        out.extend(word.chars().filter(|c| c.is_alphanumeric()).take(LONGEST / 4));
    }
}

/// `Müller` as `mueller`: folded, the letters that are also written as two vowels written so. None for words without.
pub(super) fn spelled_out(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    let mut whole = String::new();
    for c in word.nfc() {
        match c {
            'ä' | 'Ä' => whole.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' => whole.push_str("oe"),
            'ü' | 'Ü' => whole.push_str("ue"),
            'å' | 'Å' => whole.push_str("aa"),
            c => whole.push(c),
        }
    }
    if whole == word {
        return None;
    }
    let (mut spelled, mut plain) = (String::new(), String::new());
    fold(&whole, &mut spelled);
    fold(word, &mut plain);
    (spelled != plain).then_some(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_are_spelled_out() {
        assert_eq!(spelled_out("Müller").as_deref(), Some("mueller"));
        assert_eq!(spelled_out("Bru\u{308}cke").as_deref(), Some("bruecke"));
        assert_eq!(spelled_out("Malmø").as_deref(), Some("malmoe"));
        for none in ["Mueller", "café", "São", "naïve"] {
            assert_eq!(spelled_out(none), None, "{none}");
        }
    }

    #[track_caller]
    fn check(word: &str, expect: &str) {
        let mut out = String::new();
        fold(word, &mut out);
        assert_eq!(out, expect);
    }

    #[test]
    fn case_and_diacritics_go() {
        check("Erdoğan", "erdogan");
        check("STRASSE", "strasse");
        check("Straße", "strasse");
        check("Łódź", "lodz");
        check("İzmir", "izmir");
        check("São", "sao");
        check("ﬁre", "fire");
        check("½", "1/2");
    }

    #[test]
    fn no_word_is_nothing() {
        check("\u{dd0}", "\u{dd0}");
        check("\u{200d}\u{dd0}\u{300}", "\u{dd0}");
        check("a\u{dd0}", "a");
    }

    #[test]
    fn the_endless_is_cut() {
        check(&"a".repeat(1000), &"a".repeat(LONGEST));
        check(&"é".repeat(1000), &"e".repeat(LONGEST - 3));
    }
}

//! Spelling that does not count, and spelling that Latin letters give the same sounds of another script.

pub(super) use crate::entity::fold::plain;
use crate::language::english;

/// The same with German umlauts spelled out, where that makes a difference: `Jürgen` → `juergen`.
pub(super) fn spelled_out(word: &str) -> Option<String> {
    if !word.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü', 'å', 'Å']) {
        return None;
    }
    let mut out = String::with_capacity(word.len() + 2);
    for c in word.chars() {
        match c {
            'ä' | 'Ä' => out.push_str("ae"),
            'ö' | 'Ö' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            'å' | 'Å' => out.push_str("aa"),
            other => out.push(other),
        }
    }
    Some(plain(&out))
}

/// The sounds of a word that was Cyrillic: every usual way to write them in Latin letters gives the same.
pub(super) fn from_cyrillic(plain: &str) -> String {
    let mut word = plain.to_owned();
    for (written, sound) in [
        ("shch", "sch"),
        ("x", "ks"),
        ("w", "v"),
        ("kh", "h"),
        ("tz", "ts"),
        ("ije", "ie"),
        ("lj", "li"),
        ("nj", "ni"),
        ("ja", "ia"),
        ("ju", "iu"),
        ("y", "i"),
        ("j", "i"),
        ("g", "h"),
    ] {
        word = word.replace(written, sound);
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        // `ie` and `e`, `ii` and `i` are one; doubled consonants count once.
        match (out.chars().next_back(), c) {
            (Some('i'), 'e' | 'o') => {
                out.pop();
                out.push(c);
            }
            (Some(last), c) if last == c => {}
            (_, c) => out.push(c),
        }
    }
    out
}

/// True if a family name ends as Slavic ones do.
pub(super) fn looks_slavic(plain: &str) -> bool {
    english().names.slavic_endings.iter().any(|e| plain.len() > e.len() + 1 && plain.ends_with(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cyrillic_names_sound_alike() {
        for (one, other) in [
            ("zelenskyy", "zelenskiy"),
            ("zelensky", "zelenskyi"),
            ("sybiha", "sibiga"),
            ("umerov", "umierov"),
            ("yermak", "ermak"),
            ("draganova", "draganova"),
            ("ljudmila", "lyudmila"),
        ] {
            assert_eq!(from_cyrillic(one), from_cyrillic(other));
        }
        for (one, other) in [("kolosov", "kolesov"), ("petrov", "petrovsky"), ("petrov", "petrova")] {
            assert_ne!(from_cyrillic(one), from_cyrillic(other));
        }
    }

    #[test]
    fn umlauts_are_written_in_two_ways() {
        assert_eq!(plain("Jürgen"), "jurgen");
        assert_eq!(spelled_out("Jürgen").as_deref(), Some("juergen"));
        assert_eq!(spelled_out("Juergen"), None);
        assert_eq!(plain("O’Shea-Quill"), "osheaquill");
    }
}

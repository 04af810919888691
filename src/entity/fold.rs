//! Names without case and diacritics, and the keys they are looked up by.

use std::borrow::Cow;
use std::hash::Hasher;

use rustc_hash::FxHasher;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `word` in lower case, without diacritics, with straight apostrophes: `Černý` → `cerny`.
pub(super) fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        if word.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(word.to_ascii_lowercase());
        }
        return Cow::Borrowed(word);
    }
    let mut folded = String::with_capacity(word.len());
    for c in word.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            '’' | '‘' | 'ʼ' | '`' => folded.push('\''),
            '\u{2010}' | '\u{2011}' => folded.push('-'),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'þ' => folded.push_str("th"),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{307}' => {}
            c => folded.push(c),
        }
    }
    Cow::Owned(folded)
}

/// A word of a name without case, marks and hyphens.
pub(super) fn plain(word: &str) -> String {
    fold(word).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The key of a word, the same for every way to write it that [`fold`] makes equal.
pub(super) fn word_key(word: &str) -> u64 {
    let mut hasher = FxHasher::default();
    if word.is_ascii() {
        for byte in word.bytes() {
            hasher.write_u8(byte.to_ascii_lowercase());
        }
    } else {
        for byte in fold(word).bytes() {
            hasher.write_u8(byte);
        }
    }
    hasher.finish()
}

/// The key of a phrase from the key of its beginning (0 at first) and the key of its next word.
pub(super) fn phrase(start: u64, word: u64) -> u64 {
    (start.rotate_left(7) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_diacritics_and_apostrophes_do_not_count() {
        assert_eq!(fold("Černý"), "cerny");
        assert_eq!(fold("Łódź"), "lodz");
        assert_eq!(fold("O’Brien"), "o'brien");
        assert_eq!(word_key("ZELENSKY"), word_key("Zelensky"));
        assert_eq!(word_key("Erdoğan"), word_key("erdogan"));
    }
}

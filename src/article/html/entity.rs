//! Character references, and text as one line.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use memchr::memchr;

use crate::article::reference::named;

/// The longest name of a character reference that is looked for.
const LONGEST: usize = 32;

/// Resolves the character references of `text`.
pub(super) fn resolve(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut resolved = String::with_capacity(text.len());
    each(text, Within::Attribute, |part| resolved.push_str(part));
    Cow::Owned(resolved)
}

/// Where characters are in a page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Text,
    /// Addresses hold the mark of a reference as well.
    Attribute,
}

/// Calls `give` with the parts of `text`, character references resolved.
fn each(text: &str, within: Within, mut give: impl FnMut(&str)) {
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        give(rest.get(..at).unwrap_or(""));
        rest = rest.get(at..).unwrap_or("");
        let mut utf8 = [0; 4];
        if let Some((value, length)) = reference(rest, within, &mut utf8) {
            give(value);
            rest = rest.get(length..).unwrap_or("");
        } else {
            give("&");
            rest = rest.get(1..).unwrap_or("");
        }
    }
    give(rest);
}

/// The value and length of the character reference that `text` starts with.
fn reference<'v>(text: &str, within: Within, utf8: &'v mut [u8; 4]) -> Option<(&'v str, usize)> {
    let inner = text.get(1..)?;
    if let Some(number) = inner.strip_prefix('#') {
        let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |hexadecimal| (hexadecimal, 16));
        let length = digits.bytes().take_while(|b| (*b as char).is_digit(radix)).count();
        let code = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
        let from = text.len() - digits.len() + length;
        let end = from + usize::from(text.as_bytes().get(from) == Some(&b';'));
        return Some((character(code).encode_utf8(utf8), end));
    }
    let length = inner.bytes().take(LONGEST).take_while(u8::is_ascii_alphanumeric).count();
    let name = inner.get(..length)?;
    let next = inner.as_bytes().get(length);
    // A name that is not known may be of another language of marks: it stays.
    if next == Some(&b';') {
        return named(name).map(|value| (value, length + 2));
    }
    // Such a name may go without the semicolon, but not before `=`: `?a=1&copy=2` must stay.
    if next == Some(&b'=') {
        return None;
    }
    // `&eacutecole` shows as `école`, and nowhere but in text.
    let shortest = if within == Within::Text { 2 } else { length };
    let mut known = (shortest..=length).rev().filter_map(|end| name.get(..end));
    let name = known.find(|name| UNENDED.binary_search(name).is_ok())?;
    named(name).map(|value| (value, name.len() + 1))
}

/// The names that may go without a semicolon: those that HTML knew when it still let it go.
pub(super) const UNENDED: [&str; 106] = [
    "AElig", "AMP", "Aacute", "Acirc", "Agrave", "Aring", "Atilde", "Auml", "COPY", "Ccedil", "ETH", "Eacute", "Ecirc",
    "Egrave", "Euml", "GT", "Iacute", "Icirc", "Igrave", "Iuml", "LT", "Ntilde", "Oacute", "Ocirc", "Ograve", "Oslash",
    "Otilde", "Ouml", "QUOT", "REG", "THORN", "Uacute", "Ucirc", "Ugrave", "Uuml", "Yacute", "aacute", "acirc",
    "acute", "aelig", "agrave", "amp", "aring", "atilde", "auml", "brvbar", "ccedil", "cedil", "cent", "copy",
    "curren", "deg", "divide", "eacute", "ecirc", "egrave", "eth", "euml", "frac12", "frac14", "frac34", "gt",
    "iacute", "icirc", "iexcl", "igrave", "iquest", "iuml", "laquo", "lt", "macr", "micro", "middot", "nbsp", "not",
    "ntilde", "oacute", "ocirc", "ograve", "ordf", "ordm", "oslash", "otilde", "ouml", "para", "plusmn", "pound",
    "quot", "raquo", "reg", "sect", "shy", "sup1", "sup2", "sup3", "szlig", "thorn", "times", "uacute", "ucirc",
    "ugrave", "uml", "uuml", "yacute", "yen", "yuml",
];

/// The character of a number; 128 to 159 stand for Windows-1252, as browsers have it.
fn character(code: u32) -> char {
    if let (0x80..=0x9f, Ok(byte)) = (code, u8::try_from(code)) {
        let found = WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next();
        return found.unwrap_or(char::REPLACEMENT_CHARACTER);
    }
    char::from_u32(code).filter(|c| *c != '\0').unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Text as a reader sees it: character references resolved, every stretch of white space one space, none at the ends,
/// no characters that only steer hyphenation.
#[derive(Debug, Default)]
pub(super) struct Line {
    text: String,
    gap: bool,
    edge: bool,
}

impl Line {
    /// Adds characters as written in the page.
    pub(super) fn push(&mut self, written: &str) {
        if memchr(b'&', written.as_bytes()).is_none() {
            self.push_resolved(written);
        } else {
            each(written, Within::Text, |part| self.push_resolved(part));
        }
    }

    /// Adds a space between what is before and what comes.
    pub(super) fn space(&mut self) {
        self.gap = true;
    }

    /// Notes where an element begins or ends: what is parted only by how it is shown, as `<b>Ann Ray</b><b>Jo Li</b>`, is parted
    /// by a space.
    pub(super) fn edge(&mut self) {
        self.edge = true;
    }

    /// How many bytes it has by now.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Its characters.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn push_resolved(&mut self, part: &str) {
        for c in part.chars() {
            match c {
                // Soft hyphens, zero-width spaces and byte order marks.
                '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' => {}
                // Windows-1252 that was read as Latin-1 and stored so.
                '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}' => self.push_visible(character(c as u32)),
                c if c.is_whitespace() || c.is_control() => self.gap = true,
                c => self.push_visible(c),
            }
        }
    }

    fn push_visible(&mut self, c: char) {
        let glued = self.edge && c.is_uppercase() && self.text.ends_with(char::is_lowercase);
        if (self.gap || glued) && !self.text.is_empty() {
            self.text.push(' ');
        }
        (self.gap, self.edge) = (false, false);
        self.text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expect: &str) {
        assert_eq!(resolve(written), expect);
    }

    #[test]
    fn references_are_resolved() {
        check("&ldquo;A&rdquo; &amp; B &#8212; C&#x2019;s", "“A” & B — C’s");
        check("&#147;A&#148;", "“A”");
        check("&#0;&#x110000;", "\u{fffd}\u{fffd}");
        check("Andr&eacute Roux, &pound5 &amp &copy 2025", "André Roux, &pound5 & © 2025");
    }

    #[test]
    fn what_is_none_stays() {
        check("AT&T, R&D; ?a=1&section=2&copy=3 &nosuch; &", "AT&T, R&D; ?a=1&section=2&copy=3 &nosuch; &");
        check("&alpha &lang &hearts", "&alpha &lang &hearts");
    }

    #[test]
    fn letters_may_follow_a_name_at_once() {
        let check = |written: &str, expect: &str| {
            let mut line = Line::default();
            line.push(written);
            assert_eq!(line.finish(), expect);
        };
        check("&eacutecole, Caf&eacutes, a&nbspd", "école, Cafés, a d");
        check("&pound12 &frac12cup &notit &notit; &ampersand", "£12 ½cup ¬it &notit; &ersand");
        check("?a=1&section=2&copy=3 AT&T R&D &dieresis &ndash c", "?a=1&section=2&copy=3 AT&T R&D &dieresis &ndash c");
    }

    #[test]
    fn white_space_becomes_one_space() {
        let mut line = Line::default();
        line.push("  The Bundes&shy;tag\n\t");
        line.push("&nbsp;voted ");
        assert_eq!(line.finish(), "The Bundestag voted");
    }
}

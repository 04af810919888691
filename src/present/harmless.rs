//! Text from outside made harmless before it is shown: articles, names, paths and errors come from anywhere.
//!
//! Control characters and escape sequences can drive a terminal, and bidirectional overrides show text in another order
//! than it has. Text, CSV and SVG get a replacement character for each; JSON keeps them as escapes (`\u202e`), so that
//! offsets hold.

use std::borrow::Cow;
use std::io::{self, Write};

/// What replaces a character that must not be shown.
const REPLACEMENT: char = '\u{fffd}';

/// True for control characters (C0, DEL, C1) and for marks that embed, override or isolate a direction of writing.
pub fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `c` for one line of text: white space becomes a blank, and what is harmful a replacement character.
pub(super) fn in_line(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if is_harmful(c) => REPLACEMENT,
        c => c,
    }
}

/// `text` in one line, its white space as single blanks.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars().map(in_line) {
        if c != ' ' || !line.ends_with(' ') {
            line.push(c);
        }
    }
    line
}

/// `text` with its line breaks and tabs, for CSV and SVG.
pub fn block(text: &str) -> Cow<'_, str> {
    let harmful = |c: char| is_harmful(c) && !matches!(c, '\n' | '\r' | '\t');
    if !text.contains(harmful) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if harmful(c) { REPLACEMENT } else { c }).collect())
}

/// A message for people. Lines after the first are indented, so that a line break in a name cannot forge a message.
pub fn message(text: &str) -> String {
    text.lines().map(one_line).collect::<Vec<_>>().join("\n  ")
}

/// Writes JSON with harmful characters as escapes.
///
/// JSON has them in strings only, so they can be replaced without parsing.
#[derive(Debug)]
pub(super) struct Escaped<W: Write>(pub(super) W);

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // DEL; C1 starts with C2, the bidirectional marks with E2.
        let suspect = memchr::memchr3(0x7f, 0xc2, 0xe2, bytes).is_some();
        let text = if suspect { str::from_utf8(bytes).ok() } else { None };
        let Some(text) = text else {
            self.0.write_all(bytes)?;
            return Ok(bytes.len());
        };
        let mut start = 0;
        for (at, c) in text.char_indices().filter(|&(_, c)| c >= '\u{7f}' && is_harmful(c)) {
            self.0.write_all(text.get(start..at).unwrap_or("").as_bytes())?;
            write!(self.0, "\\u{:04x}", u32::from(c))?;
            start = at + c.len_utf8();
        }
        self.0.write_all(text.get(start..).unwrap_or("").as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HARMFUL: &str = "a\u{1b}[31mb\u{7}c\u{9b}2Jd\u{202e}e\u{2066}f\u{7f}";

    #[test]
    fn a_line_holds_nothing_that_drives_a_terminal_or_turns_text_round() {
        assert_eq!(one_line(HARMFUL), "a�[31mb�c�2Jd�e�f�");
        assert_eq!(one_line("two\nlines\tand  blanks"), "two lines and blanks");
    }

    #[test]
    fn a_block_keeps_its_lines() {
        assert_eq!(block("one\n\ttwo\r\n"), "one\n\ttwo\r\n");
        assert_eq!(block("one\u{1b}\ntwo"), "one�\ntwo");
    }

    #[test]
    fn a_message_cannot_be_forged_by_a_name() {
        assert_eq!(message("cannot read `em\nerror: pty.txt`"), "cannot read `em\n  error: pty.txt`");
    }

    #[test]
    fn json_keeps_every_character_as_an_escape() {
        let mut out = Vec::new();
        serde_json::to_writer(Escaped(&mut out), HARMFUL).unwrap();
        let json = String::from_utf8(out).unwrap();
        assert_eq!(json, r#""a\u001b[31mb\u0007c\u009b2Jd\u202ee\u2066f\u007f""#);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), HARMFUL);
        let mut out = Vec::new();
        serde_json::to_writer(Escaped(&mut out), "Ünï — “quoted” 停火").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\"Ünï — “quoted” 停火\"");
    }
}

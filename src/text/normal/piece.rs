//! Cutting a text into pieces: runs of letters and digits.
//!
//! Where a piece starts and ends depends only on the characters next to the cut.

use super::unit::code_unit;
use crate::text::Span;

/// A run of letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// Without the possessive ending.
    pub(super) span: Span,
    /// The byte after it, possessive ending included.
    pub(super) end: u32,
    pub(super) kind: PieceKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// Letters first.
    Word,
    /// Digits first, with separators where it is a number.
    Digits,
    /// Letters with an apostrophe among them: `don't`, `O'Brien`.
    Contracted,
}

/// True if `c` can be inside a word. A literal matches only where no such character is next to it.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_joiner(c)
}

/// Cuts `text` into pieces.
pub(super) fn cut(text: &str, out: &mut Vec<Piece>) {
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if !is_word(c) || is_joiner(c) || is_apostrophe(c) {
            at += c.len_utf8();
            continue;
        }
        let piece = currency(text, at).or_else(|| plain(text, at)).unwrap_or_else(|| piece_at(text, at, c));
        at = piece.end as usize;
        out.push(piece);
    }
}

/// The code of a currency that a sum is glued to: the `EUR` of `EUR1.5bn`.
fn currency(text: &str, start: usize) -> Option<Piece> {
    let [code @ .., digit] = text.as_bytes().get(start..start + 4)? else { return None };
    if !digit.is_ascii_digit() || !code.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    let span = Span::new(start, start + code.len());
    code_unit(&span.of(text).to_ascii_lowercase())?;
    Some(Piece { span, end: span.end, kind: PieceKind::Word })
}

/// The piece that starts at a byte if it is nothing but ASCII letters and digits, a letter first, and what follows surely
/// is no part of it: most words.
fn plain(text: &str, start: usize) -> Option<Piece> {
    let rest = text.as_bytes().get(start..)?;
    let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let ends = match rest.get(length) {
        None => true,
        Some(next) => matches!(next, b' ' | b'\n' | b',' | b'.' | b';' | b':' | b'!' | b'?' | b')' | b'"' | b'-'),
    };
    let letter = rest.first().is_some_and(u8::is_ascii_alphabetic);
    let span = Span::new(start, start + length);
    (letter && ends).then_some(Piece { span, end: span.end, kind: PieceKind::Word })
}

/// The piece that starts at a byte with the character `c`.
fn piece_at(text: &str, start: usize, c: char) -> Piece {
    let mut kind = if c.is_ascii_digit() { PieceKind::Digits } else { PieceKind::Word };
    let mut end = start + c.len_utf8();
    let alone = is_ideograph(c);
    let mut point = false;
    while let Some(rest) = text.get(end..)
        && let Some(c) = rest.chars().next()
    {
        let holds = match c {
            _ if alone => is_joiner(c),
            _ if is_ideograph(c) => false,
            _ if is_word(c) && !is_apostrophe(c) => true,
            ',' => kind == PieceKind::Digits && thousands(text.get(start..end).unwrap_or(""), rest),
            '.' => kind == PieceKind::Digits && !point && fraction(rest),
            _ if is_apostrophe(c) && kind == PieceKind::Digits => owns(rest, c),
            _ if is_apostrophe(c) => followed_by_letter(rest, c),
            _ => false,
        };
        if !holds {
            break;
        }
        match c {
            '.' => point = true,
            _ if is_apostrophe(c) && kind == PieceKind::Word => kind = PieceKind::Contracted,
            _ => {}
        }
        end += c.len_utf8();
    }
    possessive(text, start, end, kind)
}

/// Takes the ending `'s` off a piece.
fn possessive(text: &str, start: usize, end: usize, kind: PieceKind) -> Piece {
    let whole = Span::new(start, end);
    let word = whole.of(text);
    let owner = word.strip_suffix(['s', 'S']).and_then(|w| w.strip_suffix(is_apostrophe)).filter(|w| !w.is_empty());
    let span = owner.map_or(whole, |owner| Span::new(start, start + owner.len()));
    let kind = match kind {
        PieceKind::Contracted if !span.of(text).contains(is_apostrophe) => PieceKind::Word,
        kind => kind,
    };
    Piece { span, end: end as u32, kind }
}

/// True if `rest` goes on with a comma and exactly three digits, after one to three digits or a group of three.
fn thousands(before: &str, rest: &str) -> bool {
    let next = rest.as_bytes();
    let three = next.get(1..4).is_some_and(|d| d.iter().all(u8::is_ascii_digit));
    let ends = next.get(4).is_none_or(|b| !b.is_ascii_digit());
    let group = before.rsplit(',').next().unwrap_or("");
    let first = !before.contains(',');
    three && ends && group.bytes().all(|b| b.is_ascii_digit()) && (group.len() == 3 || (first && group.len() < 4))
}

/// True if `rest` is a decimal point and digits, not followed by another point and digit (a date, an address).
fn fraction(rest: &str) -> bool {
    let after = rest.get(1..).unwrap_or("");
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let tail = after.as_bytes().get(digits..).unwrap_or(&[]);
    digits > 0 && !matches!(tail, [b'.', d, ..] if d.is_ascii_digit())
}

/// True if `rest` is the possessive ending and the word ends there: `1990's`.
fn owns(rest: &str, apostrophe: char) -> bool {
    let mut after = rest.get(apostrophe.len_utf8()..).unwrap_or("").chars();
    matches!(after.next(), Some('s' | 'S')) && !after.next().is_some_and(is_word)
}

fn followed_by_letter(rest: &str, apostrophe: char) -> bool {
    rest.get(apostrophe.len_utf8()..).is_some_and(|t| t.starts_with(|c: char| c.is_alphabetic() && !is_ideograph(c)))
}

/// Every mark that is set for an apostrophe: straight, curly either way, the letter of that shape, full width.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '＇')
}

/// Combining marks, soft hyphens, joiners and other signs without width: part of the letter before them.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{300}'..='\u{36f}'
        | '\u{fe00}'..='\u{fe0f}')
}

/// Scripts written without spaces, where every character is searched for itself.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2fa1f}')
}

/// The text between two neighbours.
pub(super) fn gap(text: &str, before: Piece, after: Piece) -> &str {
    text.get(before.end as usize..after.span.start as usize).unwrap_or("")
}

/// True if the words around `gap` may belong to one quantity: white space or a hyphen.
pub(super) fn links(gap: &str) -> bool {
    matches!(gap, " " | "-" | "\u{2010}" | "\u{2011}" | "\u{2012}" | "\u{2013}" | "\u{a0}" | "\u{202f}" | "\u{2009}")
        || (!gap.is_empty() && gap.len() <= 8 && gap.chars().all(char::is_whitespace))
}

pub(super) fn has_separator(piece: Piece, text: &str) -> bool {
    match piece.kind {
        PieceKind::Contracted => true,
        PieceKind::Digits => piece.span.of(text).contains(['.', ',']),
        PieceKind::Word => false,
    }
}

/// The runs of letters and digits within a piece.
pub(super) fn inner(piece: Piece, text: &str) -> impl Iterator<Item = Span> {
    let base = piece.span.start as usize;
    let word = piece.span.of(text);
    word.split(|c| matches!(c, '.' | ',') || is_apostrophe(c)).map(move |part| {
        let start = base + (part.as_ptr().addr() - word.as_ptr().addr());
        Span::new(start, start + part.len())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn plain_words_are_pieces_like_any(text in "[A-Za-z0-9_’'., -]{0,40}|\\PC{0,40}") {
            for (start, c) in text.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()) {
                if let Some(plain) = plain(&text, start) {
                    prop_assert_eq!(plain, piece_at(&text, start, c));
                }
            }
        }
    }
}

//! Quantities: a number with its scale and its unit, however many words it takes: `$1.5bn`, `five per cent`.

mod value;

pub(super) use self::value::digits;

use self::value::vulgar_only;
use super::fold::fold;
use super::number::{Number, magnitude, numeral};
use super::piece::{Piece, PieceKind, gap, links};
use super::unit::{CELSIUS, FAHRENHEIT, MINUS, clock, code_unit, glued, several, starts_several, symbol, unit};
use crate::text::Span;

/// A number and its unit, or a unit of several words alone.
pub(super) struct Quantity {
    pub(super) value: Option<Number>,
    /// The normal forms of the unit and what is said of it, parted by spaces: `dollar`, `degre celsius minus`.
    pub(super) unit: Option<String>,
    /// How many pieces it takes.
    pub(super) pieces: usize,
    /// From a symbol before it to a symbol after it.
    pub(super) span: Span,
}

/// The pieces of a text, to be read as quantities.
#[derive(Clone, Copy)]
pub(super) struct Quantities<'a> {
    pub(super) text: &'a str,
    pub(super) pieces: &'a [Piece],
}

impl Quantities<'_> {
    /// The quantity that starts at piece `i`: a number of several pieces, or a number and its unit.
    pub(super) fn at(self, i: usize) -> Option<Quantity> {
        let at = |i: usize| self.pieces.get(i).copied();
        let first = at(i)?;
        if !may_start_quantity(first, self.text) {
            return None;
        }
        let folded = self.folded(first);
        if folded == "minus" {
            return self.below_zero(i);
        }
        if starts_several(&folded) {
            let (unit, pieces) = self.several(i)?;
            let span = Span { start: first.span.start, end: at(i + pieces - 1)?.span.end };
            return Some(Quantity { value: None, unit: Some(unit.to_owned()), pieces, span });
        }
        let (start, mut unit) = self.currency_before(i, &folded);
        let (value, pieces, mut end) = self.value(start)?;
        let mut next = start + pieces;
        let mut span = Span { start: first.span.start, end };
        let last = at(next - 1)?;
        if let Some(name) = glued_unit(last, self.text) {
            unit = unit.or_else(|| Some(name.to_owned()));
        } else if let Some((symbol, name)) = symbol_after(self.text, last.end) {
            unit = unit.or_else(|| Some(name.to_owned()));
            end = last.end + symbol;
        } else if let Some((name, taken)) = self.unit_after(next) {
            unit = unit.or_else(|| Some(name.to_owned()));
            next += taken;
            end = at(next - 1)?.span.end;
        }
        if unit.as_deref() == Some("degre")
            && let Some((name, piece)) = self.scale_of_heat(next, end)
        {
            unit = Some(format!("degre {name}"));
            next += 1;
            end = piece.span.end;
        }
        if (unit.is_none() || unit.as_ref().is_some_and(|unit| unit.starts_with("degre")))
            && self.linked(next).is_some_and(|word| word == "below")
            && self.linked(next + 1).is_some_and(|word| word == "zero")
        {
            unit = Some(format!("{} {MINUS}", unit.as_deref().unwrap_or("degre")));
            next += 2;
            end = at(next - 1)?.span.end;
        } else if start == i
            && let Some(sign) = sign_before(self.text, first.span.start)
            && let Some(unit) = unit.as_mut().filter(|unit| may_be_negative(unit))
        {
            unit.push(' ');
            unit.push_str(MINUS);
            span.start -= sign;
        }
        span.end = end;
        if start == i && unit.is_none() {
            if let Some((width, name)) = symbol_before(self.text, first.span.start) {
                unit = Some(name.to_owned());
                span.start -= width;
            } else if next == i + 1
                && (first.kind == PieceKind::Digits || vulgar_only(first.span.of(self.text)).is_none())
            {
                return None;
            }
        }
        Some(Quantity { value: Some(value), unit, pieces: next - i, span })
    }

    /// `minus 20 degrees`, from the `minus` on: a sign is read with what may have one.
    fn below_zero(self, i: usize) -> Option<Quantity> {
        self.linked(i + 1)?;
        let mut quantity = self.at(i + 1)?;
        let unit = quantity.unit.as_mut().filter(|unit| may_be_negative(unit) && !unit.ends_with(MINUS))?;
        unit.push(' ');
        unit.push_str(MINUS);
        quantity.pieces += 1;
        quantity.span.start = self.pieces.get(i)?.span.start;
        Some(quantity)
    }

    /// The `C` of `20°C`, the `Celsius` of `20 degrees Celsius`: the piece at `next`, where degrees end at
    /// byte `end`.
    fn scale_of_heat(self, next: usize, end: u32) -> Option<(&'static str, Piece)> {
        let piece = *self.pieces.get(next)?;
        let close = matches!(self.text.get(end as usize..piece.span.start as usize)?, "" | " " | "\u{a0}" | "\u{202f}");
        let name = match piece.span.of(self.text) {
            "C" | "Celsius" | "celsius" | "centigrade" | "Centigrade" => CELSIUS,
            "F" | "Fahrenheit" | "fahrenheit" => FAHRENHEIT,
            _ => return None,
        };
        close.then_some((name, piece))
    }

    /// `US$30`, `HK$30` and `USD 30`: the piece at which the number starts, and the currency.
    fn currency_before(self, i: usize, folded: &str) -> (usize, Option<String>) {
        let none = (i, None);
        let (Some(&code), Some(&number)) = (self.pieces.get(i), self.pieces.get(i + 1)) else { return none };
        if code.kind != PieceKind::Word || number.kind != PieceKind::Digits || folded.len() > 3 {
            return none;
        }
        match gap(self.text, code, number) {
            "$" if folded == "us" => (i + 1, Some("dollar".to_owned())),
            "$" => (i + 1, Some(format!("{folded}$"))),
            between if between.trim().is_empty() => {
                code_unit(folded).map_or(none, |unit| (i + 1, Some(unit.to_owned())))
            }
            _ => none,
        }
    }

    /// The folded piece `i`, if nothing but a space or a hyphen parts it from the one before.
    fn linked(self, i: usize) -> Option<String> {
        let (before, piece) = (*self.pieces.get(i.checked_sub(1)?)?, *self.pieces.get(i)?);
        let joined = before.end == before.span.end && links(gap(self.text, before, piece));
        joined.then(|| self.folded(piece))
    }

    /// A unit at piece `i`, and its number of pieces: `dollars`, `US dollars`, `percent`, `p.m.`.
    fn unit_after(self, i: usize) -> Option<(&'static str, usize)> {
        let first = self.linked(i)?;
        if let Some(unit) = clock(&first) {
            return Some((unit, 1));
        }
        if let Some(found) = self.several(i) {
            return Some(found);
        }
        if let Some(unit) = unit(&first) {
            return Some((unit, 1));
        }
        let (letter, m) = (*self.pieces.get(i)?, *self.pieces.get(i + 1)?);
        let dotted = gap(self.text, letter, m) == "." && m.span.of(self.text).eq_ignore_ascii_case("m");
        clock(&format!("{first}m")).filter(|_| dotted && first.len() == 1).map(|unit| (unit, 2))
    }

    /// A unit of several words from piece `i` on.
    fn several(self, i: usize) -> Option<(&'static str, usize)> {
        let follows = |i: usize| {
            let (before, piece) = (*self.pieces.get(i.checked_sub(1)?)?, *self.pieces.get(i)?);
            let gap = gap(self.text, before, piece);
            // `sq. km`, `km/h`.
            (links(gap) || matches!(gap, ". " | "." | "/")).then(|| self.folded(piece))
        };
        let words = [self.pieces.get(i).map(|&piece| self.folded(piece)), follows(i + 1), follows(i + 2)];
        several(words.each_ref().map(Option::as_deref))
    }

    fn folded(self, piece: Piece) -> String {
        let mut folded = String::new();
        fold(piece.span.of(self.text), &mut folded);
        folded
    }
}

/// The unit glued to the digits of a piece: `30km`.
fn glued_unit(piece: Piece, text: &str) -> Option<&'static str> {
    let word = piece.span.of(text);
    let tail = word.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let digits = piece.kind == PieceKind::Digits && !tail.is_empty();
    (digits && magnitude(&tail.to_ascii_lowercase()).is_none()).then(|| glued(tail))?
}

/// A cheap look before a quantity is read in earnest: digits, a number word, `a`, a unit of several words, or what may
/// be a currency.
pub(super) fn may_start_quantity(piece: Piece, text: &str) -> bool {
    let word = piece.span.of(text);
    match piece.kind {
        PieceKind::Digits => true,
        PieceKind::Contracted => false,
        PieceKind::Word => {
            let capitals = word.len() <= 3 && word.bytes().all(|b| b.is_ascii_uppercase());
            let numeral = || (3..=9).contains(&word.len()) && numeral(&word.to_ascii_lowercase()).is_some();
            let whole = piece.end == piece.span.end;
            let several = || {
                matches!(word.as_bytes(), [b'p' | b's' | b'S' | b'm' | b'k' | b'b' | b'P', ..])
                    && starts_several(&word.to_ascii_lowercase())
            };
            whole
                && (capitals
                    || matches!(word, "a" | "half" | "Half" | "minus" | "Minus")
                    || numeral()
                    || several()
                    || vulgar_only(word).is_some())
        }
    }
}

/// True for units that are counted below zero as well.
fn may_be_negative(unit: &str) -> bool {
    unit == "percent" || unit.starts_with("degre")
}

/// The width of a minus sign right before byte `at`: one after white space that is not in a range of numbers.
fn sign_before(text: &str, at: u32) -> Option<u32> {
    let head = text.get(..at as usize)?;
    let sign = head.chars().next_back().filter(|c| matches!(c, '-' | '\u{2212}' | '\u{2013}'))?;
    let before = head.get(..head.len() - sign.len_utf8())?;
    let spaced = before.is_empty() || before.ends_with([' ', '\n', '\u{a0}', '(']);
    let range = before.trim_end().ends_with(|c: char| c.is_ascii_digit());
    (spaced && !range).then_some(sign.len_utf8() as u32)
}

/// A unit symbol right before byte `at`, with its width.
fn symbol_before(text: &str, at: u32) -> Option<(u32, &'static str)> {
    let c = text.get(..at as usize)?.chars().next_back()?;
    symbol(c).filter(|unit| !matches!(*unit, "percent" | "degre" | "cent")).map(|unit| (c.len_utf8() as u32, unit))
}

/// A unit symbol at byte `at` or one space further, with its width.
fn symbol_after(text: &str, at: u32) -> Option<(u32, &'static str)> {
    let mut chars = text.get(at as usize..)?.chars();
    let mut c = chars.next()?;
    let mut width = 0;
    if matches!(c, ' ' | '\u{a0}' | '\u{202f}') {
        width = c.len_utf8();
        c = chars.next()?;
        // `5 $30` is a number and a price; after a space only the per cent sign, the euro and degrees are units.
        if !matches!(c, '%' | '€' | '°') {
            return None;
        }
    }
    let unit = symbol(c)?;
    // `30$50`, `€5€`: what is glued to a following word is not a unit; but for `40°C`.
    let alone = c == '°' || !chars.next().is_some_and(char::is_alphanumeric);
    alone.then_some(((width + c.len_utf8()) as u32, unit))
}

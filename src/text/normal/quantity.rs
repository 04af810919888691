//! Quantities: a number with its scale and its unit, however many words it takes: `$1.5bn`, `five per cent`.

use super::fold::fold;
use super::number::{Number, Numeral, Spelled, magnitude, numeral, parts, vulgar};
use super::piece::{Piece, PieceKind, gap, links};
use super::unit::{
    CELSIUS, FAHRENHEIT, MINUS, clock, code_unit, glued, is_clock, several, starts_several, symbol, unit,
};
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

    /// The number that starts at piece `i`, its number of pieces and the byte where it ends.
    fn value(self, i: usize) -> Option<(Number, usize, u32)> {
        let first = *self.pieces.get(i)?;
        let (mut number, mut taken) = if let Some(time) = self.time(i) {
            (time, 2)
        } else if first.kind == PieceKind::Digits {
            let number = digits(first.span.of(self.text))?;
            self.grouped(i).unwrap_or((number, 1))
        } else {
            let folded = self.folded(first);
            match (vulgar_only(first.span.of(self.text)), numeral(&folded)) {
                (Some(fraction), _) => (fraction, 1),
                (None, Some(_)) => self.spelled(i)?,
                // `a million`, but not `a second`; and `half a million`.
                (None, None) if folded == "half" => return self.half(i),
                (None, None) if folded == "a" => self.spelled(i)?,
                (None, None) => return None,
            }
        };
        if let Some((fraction, pieces)) = self.parts_of(number, i + taken) {
            (number, taken) = (fraction, taken + pieces);
        } else if let Some((mixed, pieces)) = self.and_a_half(number, i + taken) {
            (number, taken) = (mixed, taken + pieces);
        }
        while let Some(word) = self.linked(i + taken) {
            let Some(Numeral::Scale(power)) = numeral(&word).filter(|_| !number.ordinal) else { break };
            let Some(scaled) = number.times(power) else { break };
            number = scaled;
            taken += 1;
        }
        let end = self.pieces.get(i + taken - 1)?.span.end;
        Some((number, taken, end))
    }

    /// `10:30` before `am` or `p.m.`, as `10.30`: papers write the time of day with either mark.
    fn time(self, i: usize) -> Option<Number> {
        let (hour, minute) = (*self.pieces.get(i)?, *self.pieces.get(i + 1)?);
        let (hours, minutes) = (hour.span.of(self.text), minute.span.of(self.text));
        if hours.len() > 2 || gap(self.text, hour, minute) != ":" {
            return None;
        }
        let (minutes, glued) = minutes.split_at_checked(2)?;
        let named = match glued {
            "" => self.unit_after(i + 2).is_some_and(|(unit, _)| is_clock(unit)),
            _ => clock(&glued.to_ascii_lowercase()).is_some(),
        };
        if named { Number::digits(&format!("{hours}.{minutes}")) } else { None }
    }

    /// The folded piece `i`, if nothing but a space or a hyphen parts it from the one before.
    fn linked(self, i: usize) -> Option<String> {
        let (before, piece) = (*self.pieces.get(i.checked_sub(1)?)?, *self.pieces.get(i)?);
        let joined = before.end == before.span.end && links(gap(self.text, before, piece));
        joined.then(|| self.folded(piece))
    }

    /// A number in words, from piece `i` on, and how many it takes.
    fn spelled(self, i: usize) -> Option<(Number, usize)> {
        let mut spelled = Spelled::default();
        let mut taken = 1;
        if let Some(word) = numeral(&self.folded(*self.pieces.get(i)?)) {
            spelled.take(word);
        } else {
            let Some(Numeral::Scale(power)) = numeral(&self.linked(i + 1)?) else { return None };
            spelled.take(Numeral::Count(1));
            spelled.take(Numeral::Scale(power));
            taken = 2;
        }
        while let Some(word) = self.linked(i + taken) {
            if word == "and" && spelled.may_go_on() {
                let Some(word) = self.linked(i + taken + 1) else { break };
                let Some(word @ Numeral::Count(_)) = numeral(&word) else { break };
                if !spelled.take(word) {
                    break;
                }
                taken += 2;
                continue;
            }
            let Some(word) = numeral(&word) else { break };
            // `a twenty-second pause` lasts twenty seconds; other twenty-seconds are ranks.
            let rank = word == Numeral::Rank(2) && !self.lasts(i) && spelled.take_second();
            if !rank && !spelled.take(word) {
                break;
            }
            taken += 1;
        }
        spelled.value().map(|value| (value, taken))
    }

    /// True if what starts at piece `i` has an article before it.
    fn lasts(self, i: usize) -> bool {
        let before = self.pieces.get(i).and_then(|piece| self.text.get(..piece.span.start as usize)).unwrap_or("");
        let before = before.trim_end();
        before.ends_with(" a") || matches!(before, "a" | "A")
    }

    /// `two-thirds` and `2/3`, after the two: the fraction and how many pieces more it takes.
    fn parts_of(self, count: Number, next: usize) -> Option<(Number, usize)> {
        let count = count.small()?;
        if let Some(word) = self.linked(next) {
            let fraction = Number::fraction(count, parts(&word, count)?)?;
            // `one quarter-final`, `one third-party app`.
            let compound = self.pieces.get(next..next + 2).is_some_and(|two| match two {
                [part, after] => matches!(gap(self.text, *part, *after), "-" | "\u{2010}" | "\u{2011}"),
                _ => false,
            });
            return (!compound).then_some((fraction, 1));
        }
        let (before, piece) = (*self.pieces.get(next.checked_sub(1)?)?, *self.pieces.get(next)?);
        let slashed = |at: usize, c: char| self.text.get(at..).is_some_and(|rest| rest.starts_with(c));
        let dated = slashed(piece.end as usize, '/')
            || self.text.get(..before.span.start as usize).is_some_and(|head| head.ends_with('/'));
        if dated || gap(self.text, before, piece) != "/" {
            return None;
        }
        let parts = digits(piece.span.of(self.text))?.small()?;
        Some((Number::fraction(count, parts)?, 1))
    }

    /// `two and a half`, `2 1/2`, after the two: the mixed number and how many pieces more it takes.
    fn and_a_half(self, whole: Number, next: usize) -> Option<(Number, usize)> {
        let words = || [self.linked(next), self.linked(next + 1), self.linked(next + 2)];
        let piece = self.pieces.get(next)?;
        if piece.kind == PieceKind::Digits {
            self.linked(next)?;
            let (fraction, taken) = self.parts_of(digits(piece.span.of(self.text))?, next + 1)?;
            return Some((whole.and(fraction)?, taken + 1));
        }
        if piece.span.of(self.text) != "and" {
            return None;
        }
        match words() {
            [Some(_), Some(article), Some(part)] if article == "a" => {
                Some((whole.and(Number::fraction(1, parts(&part, 1)?)?)?, 3))
            }
            _ => None,
        }
    }

    /// `half a million`, `half-million`.
    fn half(self, i: usize) -> Option<(Number, usize, u32)> {
        let scale = |i: usize| {
            let (before, piece) = (*self.pieces.get(i - 1)?, *self.pieces.get(i)?);
            let power = match numeral(&self.folded(piece)) {
                Some(Numeral::Scale(power)) if links(gap(self.text, before, piece)) => power,
                _ => return None,
            };
            Some((Number::whole(5).times(power - 1)?, piece.span.end))
        };
        let article = self.pieces.get(i + 1).filter(|&&piece| self.folded(piece) == "a");
        let at = i + 1 + usize::from(article.is_some());
        scale(at).map(|(number, end)| (number, at + 1 - i, end))
    }

    /// `100 000`: groups of three digits parted by spaces, and how many pieces they take. A plain space parts numbers
    /// as well, so there the second group must be zeros or a third one follow.
    fn grouped(self, i: usize) -> Option<(Number, usize)> {
        let word = |i: usize| self.pieces.get(i).map(|piece| piece.span.of(self.text));
        let digits = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
        let mut text = word(i).filter(|first| first.len() < 4 && digits(first))?.to_owned();
        let mut groups = 1;
        let mut plain = false;
        while let Some(group) = word(i + groups).filter(|group| group.len() == 3 && digits(group)) {
            let (before, piece) = (*self.pieces.get(i + groups - 1)?, *self.pieces.get(i + groups)?);
            match gap(self.text, before, piece) {
                " " => plain = true,
                "\u{a0}" | "\u{202f}" | "\u{2009}" => {}
                _ => break,
            }
            text.push_str(group);
            groups += 1;
        }
        let sure = groups > 2 || (groups == 2 && (!plain || text.ends_with("000")));
        if sure { Some((Number::digits(&text)?, groups)) } else { None }
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

/// Reads digits and what is glued to them: `30`, `1.5bn`, `21st`, `2½`; of `30km` the 30.
pub(super) fn digits(text: &str) -> Option<Number> {
    let (text, fraction) = match text.char_indices().next_back() {
        Some((at, c)) if !c.is_ascii() => (text.get(..at)?, Some(vulgar(c)?)),
        _ => (text, None),
    };
    let head = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = Number::digits(head)?;
    let tail = text.get(head.len()..).unwrap_or("");
    if let Some(fraction) = fraction {
        return if tail.is_empty() { number.and(fraction) } else { None };
    }
    match tail.to_ascii_lowercase().as_str() {
        "" => Some(number),
        "st" | "nd" | "rd" | "th" if !head.contains('.') => Some(number.ranked()),
        letters => match magnitude(letters) {
            Some(power) => number.times(power),
            None => glued(tail).map(|_| number),
        },
    }
}

/// The unit glued to the digits of a piece: `30km`.
fn glued_unit(piece: Piece, text: &str) -> Option<&'static str> {
    let word = piece.span.of(text);
    let tail = word.trim_start_matches(|c: char| !c.is_ascii_alphabetic());
    let digits = piece.kind == PieceKind::Digits && !tail.is_empty();
    (digits && magnitude(&tail.to_ascii_lowercase()).is_none()).then(|| glued(tail))?
}

/// The value of a fraction written as one character.
fn vulgar_only(word: &str) -> Option<Number> {
    let mut chars = word.chars();
    let fraction = chars.next().and_then(vulgar)?;
    chars.next().is_none().then_some(fraction)
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

//! Quantities: a number with its scale and its unit, however many words it takes: `$1.5bn`, `five per cent`.

use super::fold::fold;
use super::number::{Number, Numeral, Spelled, magnitude, numeral};
use super::piece::{Piece, PieceKind, gap, links};
use crate::text::Span;

/// A number and its unit.
pub(super) struct Quantity {
    pub(super) value: Number,
    /// The unit's normal form.
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
        let (start, mut unit) = self.currency_before(i, &folded);
        let (value, pieces, mut end) = self.value(start)?;
        let mut next = start + pieces;
        let mut span = Span { start: first.span.start, end };
        let last = at(next - 1)?;
        if let Some((symbol, name)) = symbol_after(self.text, last.end) {
            unit = unit.or_else(|| Some(name.to_owned()));
            end = last.end + symbol;
        } else if let Some((name, taken)) = self.unit_after(next) {
            unit = unit.or_else(|| Some(name.to_owned()));
            next += taken;
            end = at(next - 1)?.span.end;
        }
        span.end = end;
        if start == i && unit.is_none() {
            if let Some((width, name)) = symbol_before(self.text, first.span.start) {
                unit = Some(name.to_owned());
                span.start -= width;
            } else if next == i + 1 {
                return None;
            }
        }
        Some(Quantity { value, unit, pieces: next - i, span })
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
        let linked = |i: usize| match (self.pieces.get(i.wrapping_sub(1)), self.pieces.get(i)) {
            (Some(&before), Some(&piece)) if before.end == before.span.end && links(gap(self.text, before, piece)) => {
                Some((self.folded(piece), piece.span.end))
            }
            _ => None,
        };
        let folded = self.folded(first);
        let mut end = first.span.end;
        let mut taken = 1;
        if first.kind == PieceKind::Digits {
            let mut number = digits(first.span.of(self.text))?;
            if let Some((grouped, pieces)) = self.grouped(i) {
                number = grouped;
                taken = pieces;
                end = self.pieces.get(i + pieces - 1)?.span.end;
            }
            while let Some((word, to)) = linked(i + taken) {
                let Some(Numeral::Scale(power)) = numeral(&word).filter(|_| !number.ordinal) else { break };
                number = number.times(power)?;
                end = to;
                taken += 1;
            }
            return Some((number, taken, end));
        }
        let mut spelled = Spelled::default();
        match numeral(&folded) {
            Some(word) => {
                spelled.take(word);
            }
            // `a million`, but not `a second`; and `half a million`.
            None if folded == "half" => return self.half(i),
            None if folded != "a" => return None,
            None => {
                let (word, to) = linked(i + 1)?;
                let Some(Numeral::Scale(power)) = numeral(&word) else { return None };
                spelled.take(Numeral::Count(1));
                spelled.take(Numeral::Scale(power));
                end = to;
                taken = 2;
            }
        }
        while let Some((word, to)) = linked(i + taken) {
            if let Some(word) = numeral(&word) {
                if !spelled.take(word) {
                    break;
                }
                end = to;
                taken += 1;
            } else if word == "and" && spelled.may_go_on() {
                let Some((word, to)) = linked(i + taken + 1) else { break };
                let Some(word @ Numeral::Count(_)) = numeral(&word) else { break };
                if !spelled.take(word) {
                    break;
                }
                end = to;
                taken += 2;
            } else {
                break;
            }
        }
        spelled.value().map(|value| (value, taken, end))
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

    /// A unit that stands at piece `i`, and its number of pieces: `dollars`, `US dollars`, `percent`, `per cent`.
    fn unit_after(self, i: usize) -> Option<(&'static str, usize)> {
        let word = |i: usize| {
            let (before, piece) = (*self.pieces.get(i.checked_sub(1)?)?, *self.pieces.get(i)?);
            let joined = before.end == before.span.end && links(gap(self.text, before, piece));
            joined.then(|| self.folded(piece))
        };
        let first = word(i)?;
        if let Some(unit) = unit(&first) {
            return Some((unit, 1));
        }
        match (first.as_str(), word(i + 1).as_deref()) {
            ("per", Some("cent")) => Some(("percent", 2)),
            ("us", Some("dollar" | "dollars" | "dlrs")) => Some(("dollar", 2)),
            _ => None,
        }
    }

    fn folded(self, piece: Piece) -> String {
        let mut folded = String::new();
        fold(piece.span.of(self.text), &mut folded);
        folded
    }
}

/// Reads digits and the letters glued to them: `30`, `1.5bn`, `21st`.
pub(super) fn digits(text: &str) -> Option<Number> {
    let head = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number = Number::digits(head)?;
    let tail = text.get(head.len()..).unwrap_or("").to_ascii_lowercase();
    match tail.as_str() {
        "" => Some(number),
        "st" | "nd" | "rd" | "th" if !head.contains('.') => Some(number.ranked()),
        letters => number.times(magnitude(letters)?),
    }
}

/// A cheap look before a quantity is read in earnest: digits, a number word, `a`, or what may be a currency.
fn may_start_quantity(piece: Piece, text: &str) -> bool {
    let word = piece.span.of(text);
    match piece.kind {
        PieceKind::Digits => true,
        PieceKind::Contracted => false,
        PieceKind::Word => {
            let capitals = word.len() <= 3 && word.bytes().all(|b| b.is_ascii_uppercase());
            let numeral = || (3..=9).contains(&word.len()) && numeral(&word.to_ascii_lowercase()).is_some();
            piece.end == piece.span.end && (capitals || matches!(word, "a" | "half" | "Half") || numeral())
        }
    }
}

/// The normal form of a unit that is written as a word, folded.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "percent" | "pct" => "percent",
        "dollar" | "dollars" | "dlr" | "dlrs" => "dollar",
        "euro" | "euros" => "euro",
        "pound" | "pounds" => "pound",
        "yen" => "yen",
        "yuan" => "yuan",
        "rouble" | "roubles" | "ruble" | "rubles" => "ruble",
        "rupee" | "rupees" => "rupee",
        "hryvnia" | "hryvnias" => "hryvnia",
        "lira" | "liras" => "lira",
        code => return code_unit(code),
    })
}

/// The unit behind a currency's ISO 4217 code, folded.
fn code_unit(code: &str) -> Option<&'static str> {
    Some(match code {
        "usd" => "dollar",
        "eur" => "euro",
        "gbp" => "pound",
        "jpy" => "yen",
        "cny" | "rmb" => "yuan",
        "inr" => "rupee",
        "uah" => "hryvnia",
        _ => return None,
    })
}

fn symbol(c: char) -> Option<&'static str> {
    Some(match c {
        '$' => "dollar",
        '€' => "euro",
        '£' => "pound",
        '¥' => "yen",
        '₽' => "ruble",
        '₹' => "rupee",
        '₴' => "hryvnia",
        '₺' => "lira",
        '%' | '٪' | '％' => "percent",
        _ => return None,
    })
}

/// A unit symbol right before byte `at`, with its width.
fn symbol_before(text: &str, at: u32) -> Option<(u32, &'static str)> {
    let c = text.get(..at as usize)?.chars().next_back()?;
    symbol(c).filter(|unit| *unit != "percent").map(|unit| (c.len_utf8() as u32, unit))
}

/// A unit symbol at byte `at` or one space further, with its width.
fn symbol_after(text: &str, at: u32) -> Option<(u32, &'static str)> {
    let mut chars = text.get(at as usize..)?.chars();
    let mut c = chars.next()?;
    let mut width = 0;
    if matches!(c, ' ' | '\u{a0}' | '\u{202f}') {
        width = c.len_utf8();
        c = chars.next()?;
        // `5 $30` is a number and a price; behind a space only the per cent sign and the euro are units.
        if !matches!(c, '%' | '€') {
            return None;
        }
    }
    let unit = symbol(c)?;
    // `30$50`, `€5€`: what is glued to a following word is not behind.
    (!chars.next().is_some_and(char::is_alphanumeric)).then_some(((width + c.len_utf8()) as u32, unit))
}

//! The number of a quantity: digits, number words, fractions and scales.

use super::Quantities;
use crate::text::normal::number::{Number, Numeral, Spelled, magnitude, numeral, parts, vulgar};
use crate::text::normal::piece::{PieceKind, gap, links};
use crate::text::normal::unit::{clock, glued, is_clock};

impl Quantities<'_> {
    /// The number that starts at piece `i`, its number of pieces and the byte where it ends.
    pub(super) fn value(self, i: usize) -> Option<(Number, usize, u32)> {
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
}

/// Reads digits and what is glued to them: `30`, `1.5bn`, `21st`, `2½`; of `30km` the 30.
pub(in crate::text::normal) fn digits(text: &str) -> Option<Number> {
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

/// The value of a fraction written as one character.
pub(super) fn vulgar_only(word: &str) -> Option<Number> {
    let mut chars = word.chars();
    let fraction = chars.next().and_then(vulgar)?;
    chars.next().is_none().then_some(fraction)
}

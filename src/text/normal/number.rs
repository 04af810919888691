//! Numbers, in digits or words, read as one value: `thirty`, `30`; `1.5 billion`, `1.5bn`, `1,500,000,000`.

use std::fmt::Write as _;

use crate::language::english;

/// A value in decimal: `digits × 10^-decimals`, whether it counts (`30`) or ranks (`30th`), and what it is parted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    digits: u128,
    decimals: u32,
    /// 1 but for fractions, which keep it: `2/3`.
    parts: u32,
    pub(super) ordinal: bool,
}

/// More digits than this are an identifier rather than a quantity. 10^30 fits a `u128`.
const MOST_DIGITS: usize = 30;

impl Number {
    pub(super) const fn whole(digits: u128) -> Self {
        Number { digits, decimals: 0, parts: 1, ordinal: false }
    }

    pub(super) const fn ordinal(digits: u128) -> Self {
        Number { digits, decimals: 0, parts: 1, ordinal: true }
    }

    /// Reads `1,000.50`. None if it is not a number, is too long, or has a leading zero that means something (`007`).
    pub(super) fn digits(text: &str) -> Option<Self> {
        let mut number = Number::whole(0);
        let mut seen = 0;
        let mut point = false;
        for b in text.bytes() {
            match b {
                b'0'..=b'9' => {
                    number.digits = number.digits * 10 + u128::from(b - b'0');
                    number.decimals += u32::from(point);
                    seen += 1;
                }
                b'.' if !point => point = true,
                b',' => {}
                _ => return None,
            }
            if seen > MOST_DIGITS {
                return None;
            }
        }
        let padded = text.len() > 1 && text.starts_with('0') && !text.starts_with("0.");
        (seen > 0 && !padded).then_some(number)
    }

    /// The same value as a rank: `21` as `21st`.
    pub(super) const fn ranked(mut self) -> Self {
        self.ordinal = true;
        self
    }

    /// So many of so many parts, where people say it so: `2/3`.
    pub(super) fn fraction(count: u32, parts: u32) -> Option<Self> {
        let usual = matches!(parts, 2..=6 | 8 | 10) && (1..parts).contains(&count);
        usual.then_some(Number { digits: u128::from(count), decimals: 0, parts, ordinal: false })
    }

    /// A whole number and a half or some quarters of one.
    pub(super) fn and(mut self, fraction: Number) -> Option<Self> {
        let hundredths = match (fraction.digits, fraction.parts) {
            (1, 2) => 50,
            (quarters, 4) => 25 * quarters,
            _ => return None,
        };
        if self.decimals > 0 || self.ordinal || self.parts > 1 {
            return None;
        }
        self.digits = self.digits.checked_mul(100)?.checked_add(hundredths)?;
        self.decimals = 2;
        Some(self)
    }

    /// Multiplied by `10^power`; none where that is beyond all quantities.
    pub(super) fn times(mut self, power: u32) -> Option<Self> {
        if self.parts > 1 {
            return None;
        }
        let cancelled = power.min(self.decimals);
        self.decimals -= cancelled;
        self.digits = self.digits.checked_mul(10_u128.checked_pow(power - cancelled)?)?;
        Some(self)
    }

    /// Appends the value as a term: no separators, no trailing zeros, `th` where it ranks.
    pub(super) fn write(mut self, out: &mut String) {
        while self.decimals > 0 && self.digits.is_multiple_of(10) {
            self.digits /= 10;
            self.decimals -= 1;
        }
        let unit = 10_u128.pow(self.decimals);
        // Writing to a string cannot fail.
        let _ = write!(out, "{}", self.digits / unit);
        if self.decimals > 0 {
            let _ = write!(out, ".{:0width$}", self.digits % unit, width = self.decimals as usize);
        }
        if self.parts > 1 {
            let _ = write!(out, "/{}", self.parts);
        }
        if self.ordinal {
            out.push_str("th");
        }
    }

    /// True for a small whole number, which may count the parts of a fraction.
    pub(super) fn small(self) -> Option<u32> {
        let whole = self.decimals == 0 && !self.ordinal && self.parts == 1;
        u32::try_from(self.digits).ok().filter(|&n| whole && n < 100)
    }
}

/// The value of a fraction written as one character: `½`.
pub(super) fn vulgar(c: char) -> Option<Number> {
    let (count, parts) = match c {
        '½' => (1, 2),
        '⅓' => (1, 3),
        '⅔' => (2, 3),
        '¼' => (1, 4),
        '¾' => (3, 4),
        '⅕' => (1, 5),
        '⅖' => (2, 5),
        '⅗' => (3, 5),
        '⅘' => (4, 5),
        '⅛' => (1, 8),
        '⅜' => (3, 8),
        '⅝' => (5, 8),
        '⅞' => (7, 8),
        _ => return None,
    };
    Number::fraction(count, parts)
}

/// How many parts a whole has, by the word for one part: 3 for `third`, or `thirds` after a count.
pub(super) fn parts(word: &str, count: u32) -> Option<u32> {
    let single = if count == 1 { word } else { word.strip_suffix('s').unwrap_or("") };
    english().numbers.parts.get(single).copied()
}

/// What a word adds to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numeral {
    /// `zero` to `nine`, `ten` to `nineteen`, `twenty` to `ninety`.
    Count(u32),
    /// `first` to `ninetieth`, below a hundred.
    Rank(u32),
    /// `hundred`, `thousand`, …: a power of ten.
    Scale(u32),
}

/// Reads one folded word as a numeral.
pub(super) fn numeral(word: &str) -> Option<Numeral> {
    let numbers = &english().numbers;
    let count = numbers.counts.get(word).copied().map(Numeral::Count);
    let rank = || numbers.ranks.get(word).copied().map(Numeral::Rank);
    let scale = || numbers.scales.get(word).copied().map(Numeral::Scale);
    count.or_else(rank).or_else(scale)
}

/// The power of ten of letters glued to digits: `1.5bn`, `30m`, `5k`.
pub(super) fn magnitude(letters: &str) -> Option<u32> {
    english().numbers.glued_scales.get(letters).copied()
}

/// A number spelled out, read word by word. The words must be given in order; each is taken or ends the number.
#[derive(Debug, Default)]
pub(super) struct Spelled {
    total: u128,
    /// The part below the last scale word: at most 99,900 (`nine hundred`, `ninety-nine hundred`).
    part: u32,
    words: u32,
    last: Option<Numeral>,
    ordinal: bool,
}

impl Spelled {
    /// True if `next` continues the number; it is then taken.
    pub(super) fn take(&mut self, next: Numeral) -> bool {
        if self.ordinal {
            return false;
        }
        let taken = match next {
            Numeral::Count(n) => self.add(n),
            // `thirty-second` is more often a span of time than a rank, so `second` ends the number before it.
            Numeral::Rank(n) => {
                let joins = self.words == 0 || (n != 2 && self.part + self.total as u32 > 0 && self.fits(n));
                if joins {
                    self.part += n;
                    self.ordinal = true;
                }
                joins
            }
            Numeral::Scale(power) => self.scale(power),
        };
        if taken {
            self.words += 1;
            self.last = Some(next);
        }
        taken
    }

    /// Takes `second` as the rank it is in `twenty-second`; true if it may be one here.
    pub(super) fn take_second(&mut self) -> bool {
        let joins = self.words > 0 && !self.ordinal && self.part >= 20 && self.fits(2);
        if joins {
            self.part += 2;
            self.ordinal = true;
            self.words += 1;
            self.last = Some(Numeral::Rank(2));
        }
        joins
    }

    /// True if `and` may follow: `one hundred and twenty`.
    pub(super) fn may_go_on(&self) -> bool {
        matches!(self.last, Some(Numeral::Scale(2 | 3))) && !self.ordinal && self.words > 1
    }

    fn fits(&self, n: u32) -> bool {
        let tail = self.part % 100;
        let after_scale = self.words == 0 || matches!(self.last, Some(Numeral::Scale(_)));
        match n {
            0 => self.words == 0,
            1..=9 => after_scale || (tail >= 20 && tail.is_multiple_of(10)),
            _ => after_scale,
        }
    }

    fn add(&mut self, n: u32) -> bool {
        let fits = self.fits(n);
        if fits {
            self.part += n;
        }
        fits
    }

    fn scale(&mut self, power: u32) -> bool {
        let bare = self.words == 0;
        if power == 2 {
            let fits = bare || (1..100).contains(&self.part);
            if fits {
                self.part = self.part.max(1) * 100;
            }
            return fits;
        }
        let unit = 10_u128.pow(power);
        // Scales descend: `two million five thousand`; and `one hundred thousand million` stays two numbers.
        let fits = bare || (self.part > 0 && (self.total == 0 || self.total.is_multiple_of(unit * 1000)));
        if fits {
            self.total += u128::from(self.part.max(1)) * unit;
            self.part = 0;
        }
        fits
    }

    /// The value of the words taken; none where there were none.
    pub(super) fn value(&self) -> Option<Number> {
        let digits = self.total + u128::from(self.part);
        (self.words > 0).then_some(Number { digits, decimals: 0, parts: 1, ordinal: self.ordinal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn digits(text: &str, power: u32, expect: &str) {
        let mut out = String::new();
        if let Some(number) = Number::digits(text).and_then(|n| n.times(power)) {
            number.write(&mut out);
        }
        assert_eq!(out, expect);
    }

    #[test]
    fn digits_are_read_as_values() {
        digits("30", 0, "30");
        digits("1,000.50", 0, "1000.5");
        digits("1.5", 9, "1500000000");
        digits("0.25", 0, "0.25");
        digits("2.0", 0, "2");
        digits("007", 0, "");
        digits("1234567890123456789012345678901", 0, "");
    }

    #[track_caller]
    fn spelled(text: &str, expect: &[&str]) {
        let mut found = Vec::new();
        let mut open = Spelled::default();
        for word in text.split([' ', '-']) {
            let word = numeral(word).unwrap();
            if !open.take(word) {
                found.push(std::mem::take(&mut open));
                open.take(word);
            }
        }
        found.push(open);
        let found: Vec<String> = found
            .iter()
            .filter_map(Spelled::value)
            .map(|n| {
                let mut out = String::new();
                n.write(&mut out);
                out
            })
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn words_are_read_as_values() {
        spelled("thirty", &["30"]);
        spelled("thirty-five", &["35"]);
        spelled("one hundred twenty", &["120"]);
        spelled("two million five hundred thousand", &["2500000"]);
        spelled("twelve hundred", &["1200"]);
        spelled("million", &["1000000"]);
        spelled("twenty-first", &["21th"]);
        spelled("third", &["3th"]);
    }

    #[test]
    fn rows_of_numbers_stay_apart() {
        spelled("one two", &["1", "2"]);
        spelled("nineteen eighty-four", &["19", "84"]);
        spelled("thirty-second", &["30", "2th"]);
        spelled("five million two billion", &["5000002", "1000000000"]);
    }
}

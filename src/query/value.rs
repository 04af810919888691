//! Values of fields other than text: days, confidence, kinds.

use jiff::civil::Date;

use super::dates::{days, is_ambiguous};
use super::suggest::closest;
use super::tree::Filter;
use crate::quote::{Attribution, QuoteKind};

/// The fields whose values are read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueField {
    Date,
    Confidence,
    Kind,
    Attribution,
    Has,
}

impl ValueField {
    pub(super) const ALL: [ValueField; 5] =
        [ValueField::Date, ValueField::Confidence, ValueField::Kind, ValueField::Attribution, ValueField::Has];

    pub(super) fn name(self) -> &'static str {
        match self {
            ValueField::Date => "date",
            ValueField::Confidence => "confidence",
            ValueField::Kind => "kind",
            ValueField::Attribution => "attribution",
            ValueField::Has => "has",
        }
    }

    /// Reads a value. An error says what would have been right.
    pub(super) fn read(self, value: &str, today: Date) -> Result<Filter, String> {
        match self {
            ValueField::Date => days(value, today).map(Filter::Date).ok_or_else(|| {
                if is_ambiguous(value) {
                    return "day and month could be either; write the year first, as in 2025-05-16".to_owned();
                }
                "a date is written 2025-05-16, 2025-05, 2025-05..2025-06, >=2025-05-01 or last-7d".to_owned()
            }),
            ValueField::Confidence => {
                confidence(value).ok_or_else(|| "confidence is a number from 0 to 1, as in confidence:>=0.8".to_owned())
            }
            ValueField::Kind => one_of(value, &QuoteKind::ALL, QuoteKind::name).map(Filter::Kind),
            ValueField::Attribution => one_of(value, &Attribution::ALL, Attribution::name).map(Filter::Attribution),
            ValueField::Has => one_of(value, &[Filter::Versions], |_| "versions"),
        }
    }
}

fn one_of<T: Copy>(value: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T, String> {
    let typed = value.to_lowercase();
    all.iter().copied().find(|&one| name(one) == typed).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|&one| name(one)).collect();
        let list = names.join(", ");
        closest(&typed, names).map_or(format!("it is one of {list}"), |name| format!("did you mean `{name}`?"))
    })
}

/// `>=0.8`, `<0.5`, `0.5..0.9`, `0.9`; also in per cent.
fn confidence(value: &str) -> Option<Filter> {
    let (compare, number) = comparison(value);
    let (from, to) = match compare {
        Compare::AtLeast => (hundredths(number)?, 100),
        Compare::Above => (hundredths(number).filter(|&above| above < 100)? + 1, 100),
        Compare::AtMost => (0, hundredths(number)?),
        Compare::Below => (0, hundredths(number)?.checked_sub(1)?),
        Compare::Within => match number.split_once("..") {
            Some((from, to)) => (hundredths(from)?, hundredths(to)?),
            None => (hundredths(number)?, hundredths(number)?),
        },
    };
    Some(Filter::Confidence(from, to))
}

fn hundredths(number: &str) -> Option<u8> {
    let (number, unit) = number.strip_suffix('%').map_or((number, 100.0), |number| (number, 1.0));
    let value = number.parse::<f64>().ok()? * unit;
    (0.0..=100.0).contains(&value).then_some(value.round() as u8)
}

/// How a value is compared.
#[derive(Clone, Copy)]
pub(super) enum Compare {
    AtLeast,
    Above,
    AtMost,
    Below,
    Within,
}

/// The comparison that a value starts with, and the rest of it.
pub(super) fn comparison(value: &str) -> (Compare, &str) {
    let signs = [
        (">=", Compare::AtLeast),
        ("≥", Compare::AtLeast),
        ("<=", Compare::AtMost),
        ("≤", Compare::AtMost),
        (">", Compare::Above),
        ("<", Compare::Below),
        ("=", Compare::Within),
    ];
    let found = signs.into_iter().find_map(|(sign, compare)| Some((compare, value.strip_prefix(sign)?)));
    found.unwrap_or((Compare::Within, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: ValueField, value: &str, expect: &str) {
        let today = Date::constant(2025, 5, 16);
        assert_eq!(field.read(value, today).map_or_else(|e| e, |f| f.to_string()), expect);
    }

    #[test]
    fn days_are_read() {
        check(ValueField::Date, "2025-05-16", "date:2025-05-16");
        check(ValueField::Date, "2024-02", "date:2024-02-01..2024-02-29");
        check(ValueField::Date, "2025", "date:2025-01-01..2025-12-31");
        check(ValueField::Date, "2025-05..2025-06", "date:2025-05-01..2025-06-30");
        check(ValueField::Date, "..2025-06", "date:<=2025-06-30");
        check(ValueField::Date, "2025-06..", "date:>=2025-06-01");
        check(ValueField::Date, ">2025-05", "date:>=2025-06-01");
        check(ValueField::Date, "<2025-05", "date:<=2025-04-30");
        check(ValueField::Date, "last-7d", "date:2025-05-10..2025-05-16");
        check(ValueField::Date, "last-1m", "date:2025-04-16..2025-05-16");
        check(ValueField::Date, "yesterday", "date:2025-05-15");
    }

    #[test]
    fn what_is_no_day_says_how_to_write_one() {
        for wrong in ["2025-13", "2025-02-30", "May", "16", "last-x", "last-9999999999d", "9999-12-31x", ""] {
            let expect = "a date is written 2025-05-16, 2025-05, 2025-05..2025-06, >=2025-05-01 or last-7d";
            check(ValueField::Date, wrong, expect);
        }
    }

    #[test]
    fn other_values_are_read() {
        check(ValueField::Confidence, ">=0.8", "confidence:>=0.80");
        check(ValueField::Confidence, "<50%", "confidence:<=0.49");
        check(ValueField::Confidence, "0.5..0.9", "confidence:0.50..0.90");
        for none in ["7", ">1", "<0"] {
            check(ValueField::Confidence, none, "confidence is a number from 0 to 1, as in confidence:>=0.8");
        }
        check(ValueField::Kind, "Direct", "kind:direct");
        check(ValueField::Kind, "direkt", "did you mean `direct`?");
        check(ValueField::Has, "Versions", "has:versions");
        check(ValueField::Has, "version", "did you mean `versions`?");
        check(ValueField::Attribution, "x", "it is one of named, alias, pronoun, inferred, unknown");
    }
}

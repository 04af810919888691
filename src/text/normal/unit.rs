//! Units: what a number counts, under one name however it is written: `%`, `per cent`, `km²`, `miles an hour`.

use crate::language::english;

/// The normal form of a unit that is written as one word, folded.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    english().numbers.units.get(word).map(String::as_str).or_else(|| code_unit(word))
}

/// Normal forms of the scales of temperature, and of a minus sign.
pub(super) const CELSIUS: &str = "celsius";
pub(super) const FAHRENHEIT: &str = "fahrenheit";
pub(super) const MINUS: &str = "minus";

/// The unit after a currency's ISO 4217 code, folded.
pub(super) fn code_unit(code: &str) -> Option<&'static str> {
    Some(match code {
        "usd" => "dollar",
        "eur" => "euro",
        "gbp" => "pound",
        "jpy" => "yen",
        "cny" | "rmb" => "yuan",
        "inr" => "rupee",
        "uah" => "hryvnia",
        "aud" => "a$",
        "cad" => "c$",
        "hkd" => "hk$",
        "nzd" => "nz$",
        "chf" => "franc",
        _ => return None,
    })
}

/// The unit of letters glued to digits, as typed: `30km`, `40C`, `3pm`.
pub(super) fn glued(letters: &str) -> Option<&'static str> {
    if let Some(unit) = english().numbers.glued_units.get(letters) {
        return Some(unit);
    }
    if letters.len() > 5 {
        return None;
    }
    let folded = letters.to_ascii_lowercase();
    clock(&folded).or_else(|| unit(&folded))
}

/// Before and after noon. The normal form is not `pm`, which is also a prime minister.
pub(super) fn clock(folded: &str) -> Option<&'static str> {
    english().numbers.clock.get(folded).map(String::as_str)
}

/// True for the units that [`clock`] gives.
pub(super) fn is_clock(unit: &str) -> bool {
    unit.starts_with("oclock-")
}

/// True for the first word of a unit of several words that is one even without a number.
pub(super) fn starts_several(word: &str) -> bool {
    english().numbers.units_alone.contains(word)
}

/// A unit of several folded words, and how many it takes.
pub(super) fn several(words: [Option<&str>; 3]) -> Option<(&'static str, usize)> {
    english().numbers.phrases.longest(&words)
}

/// The unit of a sign.
pub(super) fn symbol(c: char) -> Option<&'static str> {
    Some(match c {
        '$' => "dollar",
        '€' => "euro",
        '£' => "pound",
        '¥' => "yen",
        '₽' => "ruble",
        '₹' => "rupee",
        '₴' => "hryvnia",
        '₺' => "lira",
        '¢' => "cent",
        '°' => "degre",
        '%' | '٪' | '％' => "percent",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_go_by_one_name() {
        assert_eq!([unit("km"), unit("kilometres"), glued("km")], [Some("kilometer"); 3]);
        assert_eq!([symbol('°'), unit("degrees")], [Some("degre"); 2]);
        assert_eq!(several([Some("per"), Some("cent"), None]), Some(("percent", 2)));
        assert_eq!(several([Some("miles"), Some("an"), Some("hour")]), Some(("mph", 3)));
        assert_eq!(several([Some("miles"), Some("an"), None]), None);
    }
}

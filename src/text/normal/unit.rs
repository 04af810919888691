//! Units: what a number counts, under one name however it is written: `%`, `per cent`, `km²`, `miles an hour`.

/// The normal form of a unit that is written as one word, folded.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "percent" | "pct" => "percent",
        "dollar" | "dollars" | "dlr" | "dlrs" => "dollar",
        "cent" | "cents" => "cent",
        "euro" | "euros" => "euro",
        "pound" | "pounds" | "lb" | "lbs" => "pound",
        "pence" => "pence",
        "yen" => "yen",
        "yuan" | "renminbi" => "yuan",
        "rouble" | "roubles" | "ruble" | "rubles" => "ruble",
        "rupee" | "rupees" => "rupee",
        "hryvnia" | "hryvnias" => "hryvnia",
        "lira" | "liras" => "lira",
        "franc" | "francs" => "franc",
        "km" | "kms" | "kilometer" | "kilometers" | "kilometre" | "kilometres" => "kilometer",
        "cm" | "centimeter" | "centimeters" | "centimetre" | "centimetres" => "centimeter",
        "mm" | "millimeter" | "millimeters" | "millimetre" | "millimetres" => "millimeter",
        "kg" | "kgs" | "kilo" | "kilos" | "kilogram" | "kilograms" | "kilogramme" | "kilogrammes" => "kilogram",
        "foot" | "feet" | "ft" => "foot",
        "km2" => SQUARE_KILOMETER,
        "m2" => SQUARE_METER,
        "mph" => "mph",
        "kph" | "kmh" => "kph",
        "kw" | "kilowatt" | "kilowatts" => "kilowatt",
        "mw" | "megawatt" | "megawatts" => "megawatt",
        "gw" | "gigawatt" | "gigawatts" => "gigawatt",
        "degree" | "degrees" => "degre",
        "bpd" => "bpd",
        code => return code_unit(code),
    })
}

/// What is said of degrees, and of what is below zero.
pub(super) const CELSIUS: &str = "celsius";
pub(super) const FAHRENHEIT: &str = "fahrenheit";
pub(super) const MINUS: &str = "minus";

const SQUARE_KILOMETER: &str = "sqkilometer";
const SQUARE_METER: &str = "sqmeter";

/// The unit behind a currency's ISO 4217 code, folded.
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

/// The unit that letters glued to digits stand for, as typed: `30km`, `40C`, `3pm`.
pub(super) fn glued(letters: &str) -> Option<&'static str> {
    match letters {
        "C" => Some("degre celsius"),
        "F" => Some("degre fahrenheit"),
        "c" => Some("cent"),
        "p" => Some("pence"),
        // Glued to a number only: a `pc` by itself is a computer or a constable.
        "pc" => Some("percent"),
        _ if letters.len() > 5 => None,
        _ => {
            let folded = letters.to_ascii_lowercase();
            clock(&folded).or_else(|| unit(&folded))
        }
    }
}

/// Before and after noon. Their normal form is no `pm`, who is a prime minister.
pub(super) fn clock(folded: &str) -> Option<&'static str> {
    match folded {
        "am" => Some("oclock-am"),
        "pm" => Some("oclock-pm"),
        _ => None,
    }
}

/// True for the units that [`clock`] gives.
pub(super) fn is_clock(unit: &str) -> bool {
    unit.starts_with("oclock-")
}

/// True for a word that a unit of several words may start with.
pub(super) fn starts_several(word: &str) -> bool {
    matches!(
        word,
        "per"
            | "square"
            | "sq"
            | "mile"
            | "miles"
            | "km"
            | "kilometer"
            | "kilometers"
            | "kilometre"
            | "kilometres"
            | "barrel"
            | "barrels"
    )
}

/// A unit of several folded words, and how many it takes.
pub(super) fn several(words: [Option<&str>; 3]) -> Option<(&'static str, usize)> {
    let [Some(first), Some(second), third] = words else { return None };
    let an_hour = matches!((second, third), ("per" | "an", Some("hour")));
    Some(match (first, second) {
        ("per", "cent") => ("percent", 2),
        ("us" | "american", "dollar" | "dollars" | "dlrs") => ("dollar", 2),
        ("australian", "dollar" | "dollars") => ("a$", 2),
        ("canadian", "dollar" | "dollars") => ("c$", 2),
        ("hong", "kong") if matches!(third, Some("dollar" | "dollars")) => ("hk$", 3),
        ("new", "zealand") if matches!(third, Some("dollar" | "dollars")) => ("nz$", 3),
        ("swiss", "franc" | "francs") => ("franc", 2),
        ("pound" | "pounds", "sterling") | ("british", "pound" | "pounds") => ("pound", 2),
        ("japanese", "yen") => ("yen", 2),
        ("chinese", "yuan") => ("yuan", 2),
        ("indian", "rupee" | "rupees") => ("rupee", 2),
        ("russian", "rouble" | "roubles" | "ruble" | "rubles") => ("ruble", 2),
        ("turkish", "lira" | "liras") => ("lira", 2),
        ("mile" | "miles", _) if an_hour => ("mph", 3),
        ("km" | "kilometer" | "kilometers" | "kilometre" | "kilometres", _) if an_hour => ("kph", 3),
        ("km", "h") => ("kph", 2),
        ("barrel" | "barrels", "per" | "a") if third == Some("day") => ("bpd", 3),
        ("square" | "sq", "mile" | "miles") => ("sqmile", 2),
        ("square" | "sq", "foot" | "feet" | "ft") => ("sqfoot", 2),
        ("square" | "sq", "m" | "meter" | "meters" | "metre" | "metres") => (SQUARE_METER, 2),
        ("square" | "sq", second) if unit(second) == Some("kilometer") => (SQUARE_KILOMETER, 2),
        _ => return None,
    })
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

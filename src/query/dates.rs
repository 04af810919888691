//! Days and ranges of days, as people and other search systems write them.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::tree::Days;
use super::value::{Compare, comparison};
use crate::language::english;

/// A day, a month, a year, a range of them, a comparison, or a span that ends today.
pub(super) fn days(value: &str, today: Date) -> Option<Days> {
    if matches!(value, ".." | "*") {
        return Some(Days { since: None, until: None });
    }
    if let Some(span) = value.strip_prefix("last-") {
        return Some(Days { since: Some(today.checked_sub(past(span)?).ok()?), until: Some(today) });
    }
    if let Some((from, to)) = value.split_once("..") {
        let since = if from.is_empty() { None } else { period(from, today)?.since };
        let until = if to.is_empty() { None } else { period(to, today)?.until };
        return Some(Days { since, until });
    }
    let (compare, day) = comparison(value);
    let within = period(day, today)?;
    Some(match compare {
        Compare::AtLeast => Days { since: within.since, until: None },
        Compare::Above => Days { since: within.until.and_then(|d| d.tomorrow().ok()), until: None },
        Compare::AtMost => Days { since: None, until: within.until },
        Compare::Below => Days { since: None, until: within.since.and_then(|d| d.yesterday().ok()) },
        Compare::Within => within,
    })
}

/// `7d`, `2w`, `3m`, `1y`.
fn past(span: &str) -> Option<Span> {
    let unit = span.chars().next_back()?;
    let count = span.get(..span.len() - unit.len_utf8())?.parse::<i32>().ok().filter(|n| (0..100_000).contains(n))?;
    match unit {
        // The last seven days are today and the six before it.
        'd' => Some((count - 1).max(0).days()),
        'w' => Some((count * 7 - 1).max(0).days()),
        'm' => Span::new().try_months(count).ok(),
        'y' => Span::new().try_years(count).ok(),
        _ => None,
    }
}

/// The days of `2025`, `2025-05`, `2025-05-16`, `05/16/2025`, `May 2025`, `16 May 2025`, `last week`, `today`.
pub(super) fn period(text: &str, today: Date) -> Option<Days> {
    relative(text, today).or_else(|| in_numbers(text)).or_else(|| in_words(text))
}

/// Why no period could be read: both orders of day and month are possible.
pub(super) fn is_ambiguous(text: &str) -> bool {
    matches!(numbers(text).as_deref(), Some([first @ 1..=12, second @ 1..=12, year]) if *year > 999 && first != second)
}

fn relative(text: &str, today: Date) -> Option<Days> {
    let days = |since: Date, until: Date| Some(Days { since: Some(since), until: Some(until) });
    let week_start = today.checked_sub(i32::from(today.weekday().to_monday_zero_offset()).days()).ok()?;
    let last_month = today.first_of_month().yesterday().ok()?;
    let last_year = today.first_of_year().yesterday().ok()?;
    match text.to_lowercase().as_str() {
        "today" => days(today, today),
        "yesterday" => days(today.yesterday().ok()?, today.yesterday().ok()?),
        "this week" => days(week_start, today),
        "this month" => days(today.first_of_month(), today),
        "this year" => days(today.first_of_year(), today),
        "last week" => days(week_start.checked_sub(7.days()).ok()?, week_start.yesterday().ok()?),
        "last month" => days(last_month.first_of_month(), last_month),
        "last year" => days(last_year.first_of_year(), last_year),
        _ => None,
    }
}

/// Up to three numbers with one kind of mark between them.
fn numbers(text: &str) -> Option<Vec<i16>> {
    let mark = text.chars().find(|c| !c.is_ascii_digit()).unwrap_or('-');
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    let digits = |part: &str| matches!(part.len(), 1 | 2 | 4) && part.bytes().all(|b| b.is_ascii_digit());
    let read = |part: &str| part.parse().ok().filter(|_| digits(part));
    text.split(mark).map(read).collect::<Option<Vec<i16>>>().filter(|numbers| numbers.len() <= 3)
}

fn in_numbers(text: &str) -> Option<Days> {
    let american = text.contains('/');
    match *numbers(text)?.as_slice() {
        [year @ 1000..=i16::MAX] => whole(year, None, None),
        [year @ 1000..=i16::MAX, month] => whole(year, Some(month), None),
        [year @ 1000..=i16::MAX, month, day] => whole(year, Some(month), Some(day)),
        // Slashes are written in either order, all other marks with the day first.
        [first, second, year @ 1000..=i16::MAX] if american && first <= 12 => {
            (second > 12 || first == second).then(|| whole(year, Some(first), Some(second)))?
        }
        [day, month, year @ 1000..=i16::MAX] => whole(year, Some(month), Some(day)),
        _ => None,
    }
}

/// `May 2025`, `16 May 2025`, `May 16th, 2025`, `the 16th of May 2025`.
fn in_words(text: &str) -> Option<Days> {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c == ',' || c == '.')
        .map(str::to_lowercase)
        .filter(|word| !matches!(word.as_str(), "" | "the" | "of"))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let year = |word: &str| word.parse::<i16>().ok().filter(|_| word.len() == 4);
    match words.as_slice() {
        [name, last] => whole(year(last)?, Some(month(name)?), None),
        [first, second, last] => match (month(first), month(second)) {
            (Some(month), _) => whole(year(last)?, Some(month), Some(day(second)?)),
            (None, Some(month)) => whole(year(last)?, Some(month), Some(day(first)?)),
            (None, None) => None,
        },
        _ => None,
    }
}

fn day(word: &str) -> Option<i16> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    matches!(word.strip_prefix(digits), Some("" | "st" | "nd" | "rd" | "th")).then(|| digits.parse().ok())?
}

/// The number of a month by its name or its abbreviation.
fn month(word: &str) -> Option<i16> {
    (1..).zip(&english().text.months).find(|(_, names)| names.contains(word)).map(|(number, _)| number)
}

/// A year, a month of it, or a day of that.
fn whole(year: i16, month: Option<i16>, day: Option<i16>) -> Option<Days> {
    let (since, until) = match (month, day) {
        (None, _) => (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?),
        (Some(month), None) => {
            let first = Date::new(year, month.try_into().ok()?, 1).ok()?;
            (first, first.last_of_month())
        }
        (Some(month), Some(day)) => {
            let day = Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()?;
            (day, day)
        }
    };
    Some(Days { since: Some(since), until: Some(until) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let today = Date::constant(2025, 5, 16);
        let read = period(text, today).map_or_else(|| "unread".to_owned(), |days| days.to_string());
        assert_eq!(read, expect, "{text}");
    }

    #[test]
    fn days_are_read_in_numbers_and_words() {
        check("2025/05/16", "2025-05-16");
        check("05/16/2025", "2025-05-16");
        check("16/05/2025", "2025-05-16");
        check("5/5/2025", "2025-05-05");
        check("6.5.2025", "2025-05-06");
        check("16 May 2025", "2025-05-16");
        check("May 16th, 2025", "2025-05-16");
        check("the 16th of May 2025", "2025-05-16");
        check("Sept. 2025", "2025-09-01..2025-09-30");
        check("last week", "2025-05-05..2025-05-11");
        check("last month", "2025-04-01..2025-04-30");
        for none in ["5/6/2025", "31 April 2025", "May", "Mayor 2025", "1/2", "12", "a 1999 b", "25:5", ""] {
            check(none, "unread");
        }
        assert!(is_ambiguous("5/6/2025") && !is_ambiguous("5/16/2025") && !is_ambiguous("2025/5/6"));
    }
}

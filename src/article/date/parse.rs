//! Dates as the world's press writes them.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::clock::{clock, time, zone};
use super::token::{Token, YEARS, tokens};
use crate::language::world;

/// A point in time, as precise as the text gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The calendar day.
    pub(super) day: Date,
    /// The time of that day.
    pub(super) time: Option<Time>,
    /// The time zone of both.
    pub(super) offset: Option<Offset>,
    /// True for `5/6/2025`, which could be either; it was read as month and day.
    pub(super) ambiguous: bool,
}

impl Moment {
    fn at(moment: DateTime, offset: Option<Offset>) -> Self {
        Moment { day: moment.date(), time: Some(moment.time()), offset, ambiguous: false }
    }

    /// The first moment of the next day where the text has `24:00`.
    fn after_midnight(mut self, text: &str) -> Self {
        if self.time == Some(Time::midnight()) && (text.contains("24:00") || text.contains("T2400")) {
            self.day = self.day.tomorrow().unwrap_or(self.day);
        }
        self
    }

    /// As ISO 8601, as exactly as it is known.
    pub(super) fn iso(&self) -> String {
        let Some(time) = self.time else { return self.day.to_string() };
        let clock = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
        let zone = self.offset.map_or(String::new(), |offset| match offset.seconds() / 60 {
            0 => "Z".to_owned(),
            minutes => {
                format!("{}{:02}:{:02}", if minutes < 0 { '-' } else { '+' }, minutes.abs() / 60, minutes.abs() % 60)
            }
        });
        format!("{}T{clock}{zone}", self.day)
    }
}

/// Reads the first date in `text`; `seen` is when the text was seen, which relative dates and those without a year need.
pub(super) fn parse(text: &str, seen: Option<Moment>) -> Option<Moment> {
    let text = text.trim();
    if let Some(moment) = iso(text).or_else(|| epoch(text)) {
        return Some(moment);
    }
    let mut tokens = tokens(text);
    // `Tue Mar  4 10:00:00 2025`: the year after the time.
    if let [Token::Word(_), Token::Word(_), Token::Number { digits: 1 | 2, .. }, .., year] = *tokens.as_slice()
        && year.year().is_some()
        && tokens.contains(&Token::Mark(':'))
    {
        tokens.pop();
        tokens.insert(3, year);
    }
    let seen_day = seen.map(|seen| seen.day);
    let found = tokens
        .iter()
        .enumerate()
        .find_map(|(at, _)| numeric(&tokens, at).or_else(|| with_month(&tokens, at, seen_day)))
        .or_else(|| seen.and_then(|seen| relative(&tokens, seen)));
    let mut moment = found?;
    if moment.time.is_none()
        && let Some((time, after)) = clock(&tokens)
    {
        moment.time = Some(time);
        moment.offset = zone(tokens.get(after..).unwrap_or_default(), moment.day);
    }
    Some(moment.after_midnight(text))
}

/// The ISO 8601 date or moment that `text` starts with; laxly: any mark between day and time, `+0100`, fractions.
fn iso(text: &str) -> Option<Moment> {
    let bytes = text.as_bytes();
    let number = |range: std::ops::Range<usize>| -> Option<i32> {
        let digits = text.get(range)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let (day, end) = match (bytes.get(4), bytes.get(7)) {
        (Some(b'-' | b'/' | b'.'), Some(b'-' | b'/' | b'.')) => {
            (date(number(0..4)?, number(5..7)?, number(8..10)?)?, 10)
        }
        _ if bytes.len() == 8 || bytes.get(8) == Some(&b'T') => (date(number(0..4)?, number(4..6)?, number(6..8)?)?, 8),
        _ => return None,
    };
    let after = text.get(end..)?;
    if after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut moment = Moment { day, time: None, offset: None, ambiguous: false };
    let tokens = tokens(after.trim_start_matches(['T', 't', ' ', ',', '_']));
    // `T140500Z`: the time in one number.
    if let Some(Token::Number { value, digits: digits @ (4 | 6) }) = tokens.first() {
        let packed = if *digits == 4 { value * 100 } else { *value };
        moment.time = time(packed / 10_000, packed / 100 % 100, packed % 100);
        moment.offset = zone(tokens.get(1..).unwrap_or_default(), day);
    } else if let Some((time, after)) = clock(&tokens) {
        moment.time = Some(time);
        moment.offset = zone(tokens.get(after..).unwrap_or_default(), day);
    }
    Some(moment.after_midnight(text))
}

/// Seconds or milliseconds since 1970, which exports hold.
fn epoch(text: &str) -> Option<Moment> {
    let digits = text.split('.').next().unwrap_or(text);
    let number: i64 = digits.parse().ok()?;
    // The stamp of web archives and of GDELT; without seconds, no other number has so many digits.
    if matches!(digits.len(), 12 | 14) {
        let part = |range: std::ops::Range<usize>| digits.get(range)?.parse::<i32>().ok();
        let day = date(part(0..4)?, part(4..6)?, part(6..8)?)?;
        let time = time(part(8..10)?, part(10..12)?, part(12..14).unwrap_or(0))?;
        return YEARS.contains(&i32::from(day.year())).then(|| Moment::at(DateTime::from_parts(day, time), None));
    }
    let seconds = match digits.len() {
        9 | 10 => number,
        13 => number / 1000,
        _ => return None,
    };
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    Some(Moment::at(Offset::UTC.to_datetime(moment), Some(Offset::UTC)))
}

/// A date of three numbers that starts at token `at`: `16.05.2025`, `16/5/25`, `2025-05-16`, `2025年5月16日`.
fn numeric(tokens: &[Token], at: usize) -> Option<Moment> {
    let token = |offset: usize| tokens.get(at + offset).copied();
    let (first, mark, second, again, third) = (token(0)?, token(1)?, token(2)?, token(3)?, token(4)?);
    let exact = |day| Moment { day, time: None, offset: None, ambiguous: false };
    if let (Token::Word("年" | "년"), Token::Word("月" | "월")) = (mark, again) {
        return date(first.year()?, second.number()?, third.day()?).map(exact);
    }
    if mark != again || !matches!(mark, Token::Mark('.' | '/' | '-')) {
        return None;
    }
    if let Some(year) = first.year() {
        return date(year, second.number()?, third.day()?).map(exact);
    }
    let (first, second) = (first.day()?, second.day()?);
    let year = match third {
        Token::Number { value, digits: 4 } if YEARS.contains(&value) => value,
        Token::Number { value, digits: 2 } => 2000 + value - if value > 69 { 100 } else { 0 },
        Token::Number { .. } | Token::Word(_) | Token::Mark(_) => return None,
    };
    // Days come first but in America, which writes slashes; there, what could be a month is one.
    let american = mark == Token::Mark('/') && first <= 12;
    if american && second > 12 {
        return date(year, first, second).map(exact);
    }
    if american && first != second {
        return date(year, first, second).map(|day| Moment { ambiguous: true, ..exact(day) });
    }
    date(year, second, first).map(exact)
}

/// A date around the name of a month at token `at`: `16 May 2025`, `May 16th, 2025`, `2025. május 16.`, `16 May`.
fn with_month(tokens: &[Token], at: usize, seen: Option<Date>) -> Option<Moment> {
    let month = match tokens.get(at)? {
        Token::Word(word) => {
            let dates = &world().dates;
            let is_ordinal = at.checked_sub(1).and_then(|before| tokens.get(before)) == Some(&Token::Mark('.'));
            let ordinal = dates.ordinal_months.get(*word).copied().filter(|_| is_ordinal);
            ordinal.or_else(|| dates.month(word))?
        }
        Token::Number { .. } | Token::Mark(_) => return None,
    };
    let before: Vec<Token> = tokens.get(..at)?.iter().rev().copied().filter(|t| !t.is_filler()).take(1).collect();
    let after: Vec<Token> = tokens.get(at + 1..)?.iter().copied().filter(|t| !t.is_filler()).take(2).collect();
    let previous = before.first().copied();
    let (next, last) = (after.first().copied(), after.get(1).copied());
    let year_of = |token: Option<Token>| token.and_then(Token::year);
    let day_of = |token: Option<Token>| token.and_then(Token::day);
    let (year, day) = match (day_of(previous), year_of(next), day_of(next)) {
        (Some(day), Some(year), _) => (Some(year), day),
        (_, _, Some(day)) if year_of(last).is_some() => (year_of(last), day),
        (None, _, Some(day)) if year_of(previous).is_some() => (year_of(previous), day),
        (Some(day), None, _) | (None, _, Some(day)) => (short_year(day_of(previous).and(next)), day),
        (None, _, None) => return None,
    };
    let day = if let Some(year) = year {
        date(year, month, day)?
    } else {
        // Without a year it is the last such day before the page was seen; a day's grace for time zones.
        let seen = seen?;
        let this_year = date(i32::from(seen.year()), month, day);
        this_year
            .filter(|day| *day <= seen.saturating_add(1.day()))
            .or_else(|| date(i32::from(seen.year()) - 1, month, day))?
    };
    Some(Moment { day, time: None, offset: None, ambiguous: false })
}

/// The year of `16-May-25`; two digits at the end, which therefore are not a time.
fn short_year(token: Option<Token>) -> Option<i32> {
    match token? {
        Token::Number { value: value @ 20..=69, digits: 2 } => Some(2000 + value),
        Token::Number { .. } | Token::Word(_) | Token::Mark(_) => None,
    }
}

/// "3 hours ago", "vor 3 Stunden", "yesterday".
fn relative(tokens: &[Token], seen: Moment) -> Option<Moment> {
    let words = || {
        tokens.iter().filter_map(|token| match token {
            Token::Word(word) => Some(*word),
            Token::Number { .. } | Token::Mark(_) => None,
        })
    };
    let now = seen.day.to_datetime(seen.time.unwrap_or(Time::midnight()));
    if words().any(|word| world().dates.past.contains(word)) {
        let number = tokens.iter().find_map(|token| token.number()).unwrap_or(1);
        // Larger counts are not dates, and jiff's spans are bounded.
        if number > 10_000 {
            return None;
        }
        let unit = words().find_map(|word| {
            if word == world().dates.minutes {
                Some(60)
            } else {
                world().dates.units.iter().find(|unit| unit.starts.contains(word)).map(|unit| unit.seconds)
            }
        })?;
        let then = now.checked_sub(unit.checked_mul(i64::from(number))?.seconds()).ok()?;
        let moment = Moment::at(then, seen.offset);
        // Hours ago is a day and about what time; days ago is a day.
        return Some(if unit < 86_400 && seen.time.is_some() { moment } else { Moment { time: None, ..moment } });
    }
    let days = words().find_map(|word| world().dates.days.get(word).copied())?;
    Some(Moment { day: seen.day.checked_sub(days.days()).ok()?, time: None, offset: None, ambiguous: false })
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    let (year, month, day) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Date::new(year, month, day).ok().filter(|date| YEARS.contains(&i32::from(date.year())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen() -> Option<Moment> {
        parse("2025-05-17T09:30:00Z", None)
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(parse(text, seen()).map(|moment| moment.iso()).as_deref(), Some(expect), "{text}");
    }

    #[track_caller]
    fn check_none(text: &str) {
        assert_eq!(parse(text, None), None, "{text}");
    }

    #[test]
    fn iso_with_its_oddities() {
        check("2025-05-16", "2025-05-16");
        check("2025-05-16T14:05:00+01:00", "2025-05-16T14:05:00+01:00");
        check("2025-05-16T14:05:00.123Z", "2025-05-16T14:05:00Z");
        check("2025-05-16 14:05:00", "2025-05-16T14:05:00");
        check("2025-05-16 14:05:00 -0400", "2025-05-16T14:05:00-04:00");
        check("2025-05-16T14:05:00.000+0000", "2025-05-16T14:05:00Z");
        check("2025-05-16T14:05", "2025-05-16T14:05:00");
        check("2025-02-03T24:00:00Z", "2025-02-04T00:00:00Z");
        check("20250304101500", "2025-03-04T10:15:00");
        check("202503041015", "2025-03-04T10:15:00");
        check("Tue Mar  4 10:00:00 2025", "2025-03-04T10:00:00");
        check("Tue Mar 04 09:15:00 +0000 2025", "2025-03-04T09:15:00Z");
        check("20250516", "2025-05-16");
        check("20250516T140500Z", "2025-05-16T14:05:00Z");
        check("2025/05/16", "2025-05-16");
        check("2025-05-16 14:05:00 UTC", "2025-05-16T14:05:00Z");
    }

    #[test]
    fn seconds_since_1970() {
        check("1747404300", "2025-05-16T14:05:00Z");
        check("1747404300000", "2025-05-16T14:05:00Z");
    }

    #[test]
    fn english() {
        check("Fri 16 May 2025 14:05 BST", "2025-05-16T14:05:00+01:00");
        check("Friday, May 16, 2025 at 2:05 p.m. ET", "2025-05-16T14:05:00-04:00");
        check("Jan. 3rd, 2025, 2:05 PM ET", "2025-01-03T14:05:00-05:00");
        check("16th of May 2025", "2025-05-16");
        check("Published: 16 May 2025, Updated: 17 May 2025", "2025-05-16");
        check("May 16 2025 12:05AM EDT", "2025-05-16T00:05:00-04:00");
        check("16-May-2025", "2025-05-16");
        check("May 16", "2025-05-16");
        check("Dec 30", "2024-12-30");
        check("5/16/2025 2:05 PM", "2025-05-16T14:05:00");
        check("By Ann May 16 May 2025", "2025-05-16");
    }

    #[test]
    fn mail_without_pedantry() {
        check("Fri, 16 May 2025 14:05:00 +0100", "2025-05-16T14:05:00+01:00");
        check("Mon, 16 May 2025 14:05:00 GMT", "2025-05-16T14:05:00Z");
        check("Fri, 16 May 2025 14:05:00 -0400 (EDT)", "2025-05-16T14:05:00-04:00");
    }

    #[test]
    fn languages_of_europe() {
        check("16.05.2025", "2025-05-16");
        check("16.5.25, 14:05 Uhr", "2025-05-16T14:05:00");
        check("Freitag, 16. Mai 2025, 14.05 Uhr MESZ", "2025-05-16T14:05:00+02:00");
        check("Stand: 1. März 2025", "2025-03-01");
        check("vendredi 16 mai 2025 à 14h05", "2025-05-16T14:05:00");
        check("1er août 2025", "2025-08-01");
        check("16 de mayo de 2025 - 14:05 CEST", "2025-05-16T14:05:00+02:00");
        check("16 maggio 2025 alle 14:05", "2025-05-16T14:05:00");
        check("16 de maio de 2025 às 14h05", "2025-05-16T14:05:00");
        check("16 mei 2025 14:05", "2025-05-16T14:05:00");
        check("16. mai 2025 kl. 14:05", "2025-05-16T14:05:00");
        check("16 maj 2025", "2025-05-16");
        check("16 maja 2025, 14:05", "2025-05-16T14:05:00");
        check("16. května 2025", "2025-05-16");
        check("2025. május 16. 14:05", "2025-05-16T14:05:00");
        check("16 мая 2025 в 14:05", "2025-05-16T14:05:00");
        check("16 травня 2025", "2025-05-16");
        check("16 Μαΐου 2025", "2025-05-16");
        check("16 Ağustos 2025 14:05", "2025-08-16T14:05:00");
        check("16. toukokuuta 2025", "2025-05-16");
        check("2025年5月16日 14:05", "2025-05-16T14:05:00");
        check("16 مايو 2025", "2025-05-16");
        check("16 أيار 2025", "2025-05-16");
        check("12 Mayıs 2024 10:15", "2024-05-12T10:15:00");
        check("12 Kasım 2024", "2024-11-12");
        check("12 Aralık 2024 Perşembe", "2024-12-12");
        check("8. listopada 2024.", "2024-10-08");
        check("8 listopada 2024", "2024-11-08");
        check("8. studenoga 2024.", "2024-11-08");
        check("8 октобра 2024", "2024-10-08");
        check("8 кастрычніка 2024", "2024-10-08");
        check("2024 m. spalio 8 d. 10:15", "2024-10-08T10:15:00");
        check("8 באוקטובר 2024", "2024-10-08");
        check("8 Agustus 2024", "2024-08-08");
        check("8 كانون الثاني 2024", "2024-01-08");
        check("8 تشرين الأول 2024", "2024-10-08");
        check("الجمعة 8 أغسطس 2025 14:05", "2025-08-08T14:05:00");
    }

    #[test]
    fn relative_to_when_it_was_seen() {
        check("3 hours ago", "2025-05-17T06:30:00Z");
        check("vor 3 Stunden", "2025-05-17T06:30:00Z");
        check("il y a 2 jours", "2025-05-15");
        check("hace 10 minutos", "2025-05-17T09:20:00Z");
        check("2 timer siden", "2025-05-17T07:30:00Z");
        check("Yesterday at 14:05", "2025-05-16T14:05:00");
        check("gestern", "2025-05-16");
        check("an hour ago", "2025-05-17T08:30:00Z");
        check_none("3 hours ago");
        check_none("May 16");
    }

    #[test]
    fn what_could_be_either_is_said() {
        assert!(parse("5/6/2025", None).unwrap().ambiguous);
        assert!(!parse("13/5/2025", None).unwrap().ambiguous);
        assert!(!parse("5/5/2025", None).unwrap().ambiguous);
    }

    #[test]
    fn what_is_no_date() {
        check_none("");
        check_none("soon");
        check_none("2025");
        check_none("May 2025");
        check_none("Chapter 16");
        check_none("2025-13-45");
        check_none("99999999999999999999");
        check_none("31.02.2025");
        check_none("1.2.3.4");
        assert_eq!(parse("999999999 months ago", seen()), None);
        check("2025-05-16 14:05 +1:99999999999", "2025-05-16T14:05:00+01:00");
    }

    proptest::proptest! {
        #[test]
        fn anything_may_be_asked(text in r"\PC{0,80}") {
            let _ = parse(&text, seen());
        }

        #[test]
        fn every_moment_is_read_back(day in 0i32..40_000, minute in 0i32..1440, hours in -12i32..=14) {
            let day = Date::constant(1970, 1, 1).checked_add(i64::from(day).days()).unwrap();
            let moment = Moment {
                day,
                time: time(minute / 60, minute % 60, 7),
                offset: Offset::from_hours(hours as i8).ok(),
                ambiguous: false,
            };
            proptest::prop_assert_eq!(parse(&moment.iso(), None), Some(moment));
        }
    }
}

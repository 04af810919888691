//! Times of day and time zones.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::Offset;

use super::token::Token;
use crate::language::world;

/// The first time of day, and the token after it: `14:05`, `2:05 p.m.`, `14h05`, `14.05 Uhr`, `2 pm`.
pub(super) fn clock(tokens: &[Token]) -> Option<(Time, usize)> {
    (0..tokens.len()).find_map(|at| {
        let token = |offset: usize| tokens.get(at + offset).copied();
        let Some(Token::Number { value: hour @ 0..=24, digits: 1 | 2 }) = token(0) else { return None };
        let two_digits = |token: Option<Token>| match token {
            Some(Token::Number { value: value @ 0..=59, digits: 2 }) => Some(value),
            Some(Token::Number { .. } | Token::Word(_) | Token::Mark(_)) | None => None,
        };
        let minute = two_digits(token(2));
        let (minute, second, end) = match (token(1), minute) {
            (Some(Token::Mark(':')), Some(minute)) => match (token(3), two_digits(token(4))) {
                (Some(Token::Mark(':')), Some(second)) => (minute, second, 5),
                _ => (minute, 0, 3),
            },
            (Some(Token::Word("h")), Some(minute)) => (minute, 0, 3),
            (Some(Token::Word("h" | "uhr" | "am" | "pm")), None) => (0, 0, 1),
            (Some(Token::Mark('.')), Some(minute)) if matches!(token(3), Some(Token::Word("uhr" | "am" | "pm"))) => {
                (minute, 0, 3)
            }
            _ => return None,
        };
        // A fraction of a second is passed over.
        let mut after = at + end;
        if second_has_fraction(tokens, after) {
            after += 2;
        }
        let before = at.checked_sub(1).and_then(|before| half_of_day(tokens, before));
        let (hour, after) = match (half_of_day(tokens, after), before) {
            (Some((half, after)), _) => (hour % 12 + half, after),
            // Korean, Chinese and Japanese write it before the hour.
            (None, Some((half, next))) if next == at => (hour % 12 + half, after),
            (None, Some(_) | None) => (hour, after),
        };
        time(hour, minute, second).map(|time| (time, after))
    })
}

fn second_has_fraction(tokens: &[Token], at: usize) -> bool {
    matches!((tokens.get(at), tokens.get(at + 1)), (Some(Token::Mark('.' | ',')), Some(Token::Number { .. })))
}

/// Hours to add for a half of the day, `am` or `pm`, also written `p.m.`, and the token after it.
fn half_of_day(tokens: &[Token], at: usize) -> Option<(i32, usize)> {
    match tokens.get(at)? {
        Token::Word(letter @ ("a" | "p"))
            if tokens.get(at + 1) == Some(&Token::Mark('.')) && tokens.get(at + 2) == Some(&Token::Word("m")) =>
        {
            Some((if *letter == "p" { 12 } else { 0 }, at + 3))
        }
        Token::Word(word) => world().dates.halves.get(*word).map(|hours| (*hours, at + 1)),
        Token::Number { .. } | Token::Mark(_) => None,
    }
}

/// The time zone that follows a time: `Z`, `+01:00`, `-0500`, `GMT+2`, `BST`.
pub(super) fn zone(tokens: &[Token], day: Date) -> Option<Offset> {
    let mut named = None;
    for (at, token) in tokens.iter().enumerate().take(4) {
        match token {
            Token::Word(name) if named.is_none() => named = zone_named(name, day),
            Token::Mark(sign @ ('+' | '-' | '−')) => {
                let Some(Token::Number { value, digits }) = tokens.get(at + 1) else { break };
                let minutes = match (digits, tokens.get(at + 2), tokens.get(at + 3)) {
                    (1 | 2, Some(Token::Mark(':')), Some(Token::Number { value: minutes, digits: 2 })) => {
                        value * 60 + minutes
                    }
                    (1 | 2, _, _) => value * 60,
                    (4, _, _) => value / 100 * 60 + value % 100,
                    _ => break,
                };
                let minutes = if *sign == '+' { minutes } else { -minutes };
                return Offset::from_seconds(minutes.checked_mul(60)?).ok();
            }
            Token::Mark(_) | Token::Word(_) => {}
            Token::Number { .. } => break,
        }
    }
    named
}

fn zone_named(name: &str, day: Date) -> Option<Offset> {
    let fixed = world().dates.zones.get(name).copied();
    let minutes = fixed.or_else(|| {
        let winter = world().dates.american_zones.get(name).copied()?;
        // `MST` and `CST` are winter by their name.
        Some(if name.len() == 2 && is_american_summer(day) { winter + 60 } else { winter })
    })?;
    Offset::from_seconds(minutes * 60).ok()
}

/// From the second Sunday of March to the first of November, as since 2007.
fn is_american_summer(day: Date) -> bool {
    let sunday = |month: i8, nth: i8| {
        Date::new(day.year(), month, 1).and_then(|first| first.nth_weekday_of_month(nth, Weekday::Sunday))
    };
    matches!((sunday(3, 2), sunday(11, 1)), (Ok(start), Ok(end)) if start <= day && day < end)
}

/// The time of day, if there is one of these numbers.
pub(super) fn time(hour: i32, minute: i32, second: i32) -> Option<Time> {
    // Leap seconds and midnight as 24:00 happen.
    let hour = if hour == 24 { 0 } else { hour };
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, i8::try_from(second.min(59)).ok()?, 0).ok()
}

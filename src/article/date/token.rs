//! What dates are made of: numbers, words, marks.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::language::world;

/// The years that an article can be from; other numbers are not years.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1600..=2100;

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A number and how many digits it is written with.
    Number { value: i32, digits: usize },
    /// A word that dates are written with; empty for all others.
    Word(&'static str),
    /// Any other character that is not white space.
    Mark(char),
}

impl Token {
    /// Its number.
    pub(super) fn number(self) -> Option<i32> {
        match self {
            Token::Number { value, .. } => Some(value),
            Token::Word(_) | Token::Mark(_) => None,
        }
    }

    /// The year that it can be.
    pub(super) fn year(self) -> Option<i32> {
        match self {
            Token::Number { value, digits: 4 } if YEARS.contains(&value) => Some(value),
            Token::Number { .. } | Token::Word(_) | Token::Mark(_) => None,
        }
    }

    /// The day of a month that it can be.
    pub(super) fn day(self) -> Option<i32> {
        match self {
            Token::Number { value: value @ 1..=31, digits: 1 | 2 } => Some(value),
            Token::Number { .. } | Token::Word(_) | Token::Mark(_) => None,
        }
    }

    /// True for what may be between the parts of a date.
    pub(super) fn is_filler(self) -> bool {
        match self {
            Token::Word(word) => world().dates.fillers.contains(word),
            Token::Mark(mark) => matches!(mark, '.' | ',' | '-' | '/' | '\'' | '’' | 'º' | 'ª' | '°' | '–'),
            Token::Number { .. } => false,
        }
    }
}

/// The tokens of a text, as many as a date can have.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    // No date takes more; a longer text is prose, with a date in front if at all.
    const LONGEST: usize = 300;
    // Diacritics are dropped, but for the breve that makes `й` of `и`; Turkish has an `i` without its dot.
    let folded: String = text
        .chars()
        .take(LONGEST)
        .nfd()
        .filter(|c| !is_combining_mark(*c) || *c == '\u{306}')
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ı' { 'i' } else { c })
        .nfc()
        .collect();
    let class = |c: char| (c.is_ascii_digit(), c.is_alphabetic());
    let mut tokens = Vec::new();
    let mut rest = folded.as_str();
    while let Some(first) = rest.chars().next() {
        let length = match class(first) {
            (false, false) => first.len_utf8(),
            // Each of the characters for year, month and day is a word.
            _ if matches!(first, '年' | '月' | '日' | '년' | '월' | '일') => first.len_utf8(),
            own => {
                let end = |text: &str| text.find(|c| class(c) != own).unwrap_or(text.len());
                let first_end = end(rest);
                // `كانون الثاني`: a month of two words.
                let second = rest.get(first_end..).and_then(|after| after.strip_prefix(' ')).map(end);
                let pair = second.map(|second| first_end + 1 + second).filter(|_| !first.is_ascii());
                let is_month = |pair: &usize| rest.get(..*pair).is_some_and(|pair| world().dates.month(pair).is_some());
                pair.filter(is_month).unwrap_or(first_end)
            }
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        if first.is_ascii_digit() {
            tokens.push(Token::Number { value: token.parse().unwrap_or(i32::MAX), digits: token.len() });
        } else if first.is_alphabetic() {
            tokens.push(Token::Word(world().dates.find(token).unwrap_or("")));
        } else if !first.is_whitespace() {
            tokens.push(Token::Mark(first));
        }
    }
    tokens
}

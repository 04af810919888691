//! HTML: what the screens of the server and reports that stand alone have in common.
//!
//! | file | what it does |
//! |---|---|
//! | `pieces` | text with quotations, names and matches laid over it |
//! | `card` | a hit |
//! | `text` | an article, its speakers in the margin |
//! | `report` | one file that needs nothing else |

pub(crate) mod card;
pub(crate) mod pieces;
pub mod report;
pub(crate) mod text;

use std::fmt::{self, Write};

use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::harmless::is_harmful;
use crate::article::{DateOrigin, Meta};
use crate::entity::EntityKind;
use crate::search::Hit;

/// The sheet of styles.
pub(crate) const STYLE: &str = include_str!("style.css");

/// Escapes text for HTML; controls and marks that turn text around become a replacement character.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Harmless;

impl askama::filters::Escaper for Harmless {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        let special =
            |c: char| matches!(c, '<' | '>' | '&' | '"' | '\'') || (is_harmful(c) && !matches!(c, '\n' | '\r' | '\t'));
        let mut rest = text;
        while let Some(at) = rest.find(special) {
            let (before, from) = rest.split_at(at);
            dest.write_str(before)?;
            let mut characters = from.chars();
            match characters.next() {
                Some('<') => dest.write_str("&#60;")?,
                Some('>') => dest.write_str("&#62;")?,
                Some('&') => dest.write_str("&#38;")?,
                Some('"') => dest.write_str("&#34;")?,
                Some('\'') => dest.write_str("&#39;")?,
                Some(_) | None => dest.write_char('\u{fffd}')?,
            }
            rest = characters.as_str();
        }
        dest.write_str(rest)
    }
}

/// Where the links of a card or an article lead; none where there is nothing to lead to.
pub(crate) trait Links {
    /// The screen of somebody or something.
    fn entity(&self, kind: EntityKind, name: &str) -> Option<String>;

    /// The screen of an article.
    fn article(&self, id: &str) -> Option<String>;

    /// The screen of a hit's article, at the hit.
    fn hit(&self, hit: &Hit) -> Option<String>;

    /// The same whatever was searched for: an address to pass on.
    fn permalink(&self, hit: &Hit) -> Option<String>;

    /// A search.
    fn search(&self, query: &str) -> Option<String>;
}

/// The day of publication for people: `20 May 2025`.
pub(crate) fn day_of(article: &Meta) -> String {
    let Some(published) = &article.published else { return "undated".to_owned() };
    day_text(published.day())
}

/// `20 May 2025` for `2025-05-20`; anything else stays as it is.
pub(crate) fn day_text(day: &str) -> String {
    day.parse::<Date>().map_or_else(|_| day.to_owned(), self::day)
}

/// `20 May 2025`.
pub(crate) fn day(day: Date) -> String {
    format!("{} {} {}", day.day(), month(day), day.year())
}

/// The name of its month.
pub(crate) fn month(day: Date) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES.get(day.month() as usize - 1).copied().unwrap_or_default()
}

/// Where the day of publication was found, if not in the record itself.
pub(crate) fn day_note(article: &Meta) -> Option<&'static str> {
    match article.published.as_ref()?.origin {
        DateOrigin::Record | DateOrigin::Metadata => None,
        DateOrigin::Page => Some("date read off the page"),
        DateOrigin::Url => Some("date from the address"),
        DateOrigin::Crawl => Some("date of the crawl"),
        DateOrigin::File => Some("date from the file's name"),
    }
}

/// The address of the original, if it is one that a browser may be sent to.
pub(crate) fn original(article: &Meta) -> Option<&str> {
    let url = article.url.as_deref()?;
    let scheme = url.split_once("://")?.0;
    (scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")).then_some(url)
}

/// The address of the original at these words, in browsers that know text fragments.
pub(crate) fn original_at(article: &Meta, words: &str) -> Option<String> {
    let url = original(article)?;
    let words: Vec<&str> = words.split_whitespace().collect();
    let few = |words: &[&str]| utf8_percent_encode(&words.join(" "), NON_ALPHANUMERIC).to_string();
    let fragment = match words.len() {
        0 => return Some(url.to_owned()),
        1..=8 => few(&words),
        all => format!("{},{}", few(words.get(..4)?), few(words.get(all - 4..)?)),
    };
    let separator = if url.contains('#') { "" } else { "#" };
    Some(format!("{url}{separator}:~:text={fragment}"))
}

#[cfg(test)]
mod tests {
    use askama::filters::Escaper as _;

    use super::*;

    #[test]
    fn text_is_neither_markup_nor_turned_around() {
        let mut out = String::new();
        Harmless.write_escaped_str(&mut out, "a<b>'\"&\u{202e}c\u{1b}\n\u{2067}é").unwrap();
        assert_eq!(out, "a&#60;b&#62;&#39;&#34;&#38;\u{fffd}c\u{fffd}\n\u{fffd}é");
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        let article = |url: &str| Meta { url: Some(url.to_owned()), ..Meta::default() };
        assert_eq!(original(&article("https://paper.example/a")), Some("https://paper.example/a"));
        for url in
            ["javascript:alert(1)", "javascript://x%0Aalert(1)", "data:text/html,x", "file:///etc/passwd", "paper"]
        {
            assert_eq!(original(&article(url)), None, "{url}");
        }
        let at = original_at(&article("https://paper.example/a"), "We, too, tried – twice.").unwrap();
        assert_eq!(at, "https://paper.example/a#:~:text=We%2C%20too%2C%20tried%20%E2%80%93%20twice%2E");
    }
}

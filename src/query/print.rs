//! Prints a query tree in the query language, every group in brackets. What is printed is read as the same tree.

use std::fmt::{self, Display, Formatter, Write as _};

use jiff::civil::Date;

use super::parse::{Matching, parse};
use super::token::{self, Token, tokens};
use super::tree::{Atom, Days, Filter, Link, Node, SpanOperator};

/// A condition on a field as it is typed: `speaker:"Ada Ray"`. A quotation mark cannot occur within a phrase, and no name
/// needs one.
pub fn filter(field: &str, value: &str) -> String {
    // In quotation marks, `@cabinet` would be a word and no group.
    if value.starts_with('@') {
        return format!("{field}:{}", Atom::Literal(value.to_owned()));
    }
    format!("{field}:\"{}\"", value.replace('"', " "))
}

/// The condition that an article is of a date and later (`bound` is `>=`) or of it and earlier (`<=`), the date being written
/// as in a query; none if it cannot be read.
pub fn date_filter(bound: &str, date: &str, today: Date) -> Option<String> {
    let date = date.trim().replace('"', "");
    let date = if date.contains(char::is_whitespace) { format!("\"{date}\"") } else { date };
    let filter = format!("date:{bound}{date}");
    parse(&filter, Matching::All, today).warnings.is_empty().then_some(filter)
}

/// How a date is written, for messages.
pub const DATES: &str = "a day, month or year: `2025-05-16`, `2025-05`, `May 2025`, `last-7d`";

/// The field of the query language that conditions on a facet are made with; none where there is no such field.
pub fn facet_field(facet: &str) -> Option<&str> {
    match facet {
        "month" | "day" => Some("date"),
        "organization" => Some("org"),
        "role" => None,
        field => Some(field),
    }
}

/// The condition that a hit has this value of a facet.
pub fn facet_filter(facet: &str, value: &str) -> Option<String> {
    Some(match facet_field(facet)? {
        // These are words of the language, not texts.
        field @ ("date" | "kind" | "attribution") => format!("{field}:{value}"),
        field => filter(field, value),
    })
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Node::All => f.write_str("*"),
            Node::Nothing => f.write_str("()"),
            Node::Atom(atom) => atom.fmt(f),
            Node::Field(field, of) => {
                write!(f, "{}:", field.name())?;
                part(of, f)
            }
            Node::Filter(filter) => filter.fmt(f),
            Node::Span(SpanOperator::Near { first, rest }) => {
                part(first, f)?;
                for (link, node) in rest {
                    write!(f, " {link} ")?;
                    part(node, f)?;
                }
                Ok(())
            }
            Node::Span(SpanOperator::AtLeast { times, of }) => write!(f, "ATLEAST{times}({of})"),
            Node::And(parts) => list(parts, " AND ", f),
            Node::Or(parts) => list(parts, " OR ", f),
            Node::Not(of) => {
                f.write_str("NOT ")?;
                part(of, f)
            }
        }
    }
}

fn list(parts: &[Node], between: &str, f: &mut Formatter<'_>) -> fmt::Result {
    for (i, node) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        match node {
            Node::Not(_) => node.fmt(f)?,
            _ => part(node, f)?,
        }
    }
    Ok(())
}

/// A part of a larger query: in brackets unless it is one thing by itself.
fn part(node: &Node, f: &mut Formatter<'_>) -> fmt::Result {
    match node {
        Node::All
        | Node::Nothing
        | Node::Atom(_)
        | Node::Filter(_)
        | Node::Span(SpanOperator::AtLeast { .. })
        | Node::Field(..) => node.fmt(f),
        Node::Span(SpanOperator::Near { .. }) | Node::And(_) | Node::Or(_) | Node::Not(_) => write!(f, "({node})"),
    }
}

impl Display for Atom {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Atom::Word(word) | Atom::Pattern(word) => plain(word, f),
            Atom::Fuzzy(word, distance) => {
                plain(word, f)?;
                write!(f, "~{distance}")
            }
            Atom::Phrase(text) => quoted(text, '"', f),
            Atom::Loose(text, slop) => {
                quoted(text, '"', f)?;
                write!(f, "~{slop}")
            }
            Atom::Literal(text) => {
                f.write_char('=')?;
                quoted(text, '\'', f)
            }
        }
    }
}

/// A word, after a backslash where it would be read as something else: an operator, a field.
fn plain(word: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let read = tokens(word);
    if !matches!(read.as_slice(), [Token { kind: token::TokenKind::Word(read), .. }] if read == word) {
        f.write_char('\\')?;
    }
    f.write_str(word)
}

/// `text` in marks, with a backslash before what would end it.
fn quoted(text: &str, mark: char, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char(mark)?;
    for c in text.chars() {
        let closes =
            c == '\\' || if mark == '"' { matches!(c, '"' | '“' | '”' | '„' | '«' | '»') } else { c == mark };
        if closes {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char(mark)
}

impl Display for Link {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Link::Near(words) => write!(f, "NEAR/{words}"),
            Link::Pre(words) => write!(f, "PRE/{words}"),
            Link::Sentence => f.write_str("/s"),
            Link::Paragraph => f.write_str("/p"),
        }
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Filter::Kind(kind) => write!(f, "kind:{}", kind.name()),
            Filter::Attribution(attribution) => write!(f, "attribution:{}", attribution.name()),
            Filter::Confidence(from, to) => match (from, to) {
                (from, 100..) => write!(f, "confidence:>={}", hundredths(from)),
                (0, to) => write!(f, "confidence:<={}", hundredths(to)),
                (from, to) => write!(f, "confidence:{}..{}", hundredths(from), hundredths(to)),
            },
            Filter::Date(days) => write!(f, "date:{days}"),
            Filter::Versions => f.write_str("has:versions"),
        }
    }
}

impl Display for Days {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.since, self.until) {
            (Some(since), Some(until)) if since == until => write!(f, "{since}"),
            (Some(since), Some(until)) => write!(f, "{since}..{until}"),
            (Some(since), None) => write!(f, ">={since}"),
            (None, Some(until)) => write!(f, "<={until}"),
            (None, None) => f.write_str(".."),
        }
    }
}

fn hundredths(n: u8) -> String {
    format!("{}.{:02}", n / 100, n % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_conditions_or_nothing() {
        assert_eq!(super::filter("speaker", "@shadow cabinet"), "speaker:='@shadow cabinet'");
        let filter = |date| date_filter(">=", date, jiff::civil::date(2025, 5, 17));
        assert_eq!(filter("2025-05").as_deref(), Some("date:>=2025-05"));
        assert_eq!(filter("May 2025").as_deref(), Some("date:>=\"May 2025\""));
        for wrong in ["2025-99", "ceasefire", "2025 OR ceasefire", "", "\""] {
            assert_eq!(filter(wrong), None, "{wrong}");
        }
    }
}

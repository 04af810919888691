//! Reads a query. It never fails: what can't be read is taken as words, and a warning says where and why.

mod atom;
mod group;
mod near;
mod request;

use std::collections::VecDeque;

use jiff::civil::Date;

use super::token::{Token, TokenKind, tokens, words_of};
use super::tree::{Field, Node};
use super::warning::Warning;

/// Brackets nested deeper than this are left out. No query a person writes comes near it.
pub const DEPTH: u32 = 64;

/// More words than this are not searched for: enough for any pasted paragraph.
pub const WORDS: usize = 1000;

/// More warnings than this are counted only.
const WARNINGS: usize = 50;

/// The longest distance that is counted; paragraphs are shorter, so anything above means the same paragraph.
pub const FARTHEST: u32 = 1000;

/// What words that simply follow each other mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Matching {
    /// All of them are wanted.
    #[default]
    All,
    /// Any of them, the more the better; fields and conditions are still all wanted. For pasted sentences.
    Any,
}

impl Matching {
    /// Brackets nested deeper than this are left out. A query for any of its words has brackets more for each of its own where it
    /// is printed: `(a b -c)` is `((a OR b) AND NOT c)`.
    fn deepest(self) -> u32 {
        match self {
            Matching::All => DEPTH,
            Matching::Any => DEPTH / 2 - 1,
        }
    }
}

/// What a query is read with.
#[derive(Clone, Copy)]
pub struct Context<'c> {
    /// What words that simply follow each other mean.
    pub matching: Matching,
    /// The day on which dates such as `last-7d` end.
    pub today: Date,
    /// Whether requests in plain English, such as `every quote from Rubio`, are read as queries.
    pub requests: bool,
    /// Whether the index holds a name, whole or in part, in a field.
    pub knows: &'c dyn Fn(Field, &str) -> bool,
}

/// A query as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What it means.
    pub tree: Node,
    /// True for a request in plain English.
    pub is_request: bool,
    /// What there is to say about how it was read, in order of place.
    pub warnings: Vec<Warning>,
}

/// Reads `query` without knowing any names; dates such as `last-7d` end `today`.
pub fn parse(query: &str, matching: Matching, today: Date) -> Parsed {
    parse_with(query, &Context { matching, today, requests: false, knows: &|_, _| false })
}

/// Reads `query`.
pub fn parse_with(query: &str, context: &Context) -> Parsed {
    if context.requests
        && let Some(tree) = request::read(query, context)
    {
        return Parsed { tree, is_request: true, warnings: Vec::new() };
    }
    let end = query.chars().count() as u32;
    let mut warnings = Vec::new();
    let tokens =
        first_words(tokens(query).into_iter().map(|token| ours(token, &mut warnings)).collect(), &mut warnings);
    let mut parser = Parser { tokens, end, context, warnings, depth: 0, ignored: 0, too_deep: false };
    let mut parts: Vec<Node> = parser.or(None).into_iter().collect();
    while let Some(token) = parser.tokens.pop_front() {
        parser.warn(token.column, "unmatched `)`; ignored");
        parts.extend(parser.or(None));
    }
    if parts.is_empty() {
        parser.warn(0, "no word to search for; `*` finds everything");
    }
    let tree = Node::all(parts);
    let mut warnings = parser.warnings;
    warnings.sort_by_key(|w| w.column);
    if let Some(first) = warnings.get(WARNINGS) {
        let (column, more) = (first.column, warnings.len() - WARNINGS);
        warnings.truncate(WARNINGS);
        warnings.push(Warning { column, ..Warning::new(format!("and {more} more like these")) });
    }
    Parsed { tree, is_request: false, warnings }
}

/// The tokens up to the last word that is searched for.
fn first_words(tokens: Vec<Token>, warnings: &mut Vec<Warning>) -> VecDeque<Token> {
    let mut left = WORDS;
    let mut first = VecDeque::with_capacity(tokens.len());
    for mut token in tokens {
        let words = token.kind.words();
        if words <= left {
            left -= words;
            first.push_back(token);
            continue;
        }
        warnings.push(Warning::new(format!("more than {WORDS} words; the rest is ignored")).at(token.column));
        if let TokenKind::Phrase { text, .. } | TokenKind::Literal { text, .. } = &mut token.kind {
            let words: Vec<&str> = text.split_whitespace().collect();
            let start = |count: &usize| words.get(..*count).unwrap_or_default().join(" ");
            let counts: Vec<usize> = (1..=left.min(words.len())).collect();
            let fitting = counts.partition_point(|count| words_of(&start(count)) <= left);
            if fitting > 0 {
                *text = start(&fitting);
                first.push_back(token);
            }
        }
        // What wants a word after it has none any more.
        while first.pop_back_if(|token| token.kind.wants_more()).is_some() {}
        break;
    }
    first
}

/// A token of another search language as ours, with a hint.
fn ours(token: Token, warnings: &mut Vec<Warning>) -> Token {
    let Token { kind: TokenKind::Foreign { typed, kind, here }, column, apart } = token else { return token };
    warnings.push(Warning::note(format!("`{typed}` is read as `{here}`")).at(column));
    Token { kind: *kind, column, apart }
}

struct Parser<'c> {
    tokens: VecDeque<Token>,
    /// Column after the last character.
    end: u32,
    context: &'c Context<'c>,
    warnings: Vec<Warning>,
    depth: u32,
    /// Opening brackets beyond the greatest depth, still open.
    ignored: u32,
    /// True once a warning about that was given.
    too_deep: bool,
}

impl Parser<'_> {
    fn warn(&mut self, column: u32, message: impl Into<String>) {
        self.warnings.push(Warning::new(message).at(column));
    }

    fn note(&mut self, column: u32, message: impl Into<String>) {
        self.warnings.push(Warning::note(message).at(column));
    }

    fn peek(&mut self) -> Option<&TokenKind> {
        self.tokens.front().map(|t| &t.kind)
    }

    fn column(&mut self) -> u32 {
        self.tokens.front().map_or(self.end, |t| t.column)
    }
}

#[cfg(test)]
mod tests;

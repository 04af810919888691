//! Cuts a query into what the parser reads. Every character goes somewhere; nothing fails.

use super::tree::{Field, Link};
use super::value::ValueField;

/// A token and where it starts, in code points from 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) column: u32,
    /// True where white space or the start stands before it.
    pub(super) apart: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Open,
    Close,
    And,
    Or,
    Not,
    /// `-` right before something: not.
    Minus,
    Link(Link),
    /// `ATLEASTn`; an opening bracket follows.
    AtLeast(u32),
    Field(Field),
    Value(ValueField),
    /// A phrase, its slop, and whether its closing mark was there.
    Phrase {
        text: String,
        slop: Option<u32>,
        closed: bool,
    },
    Literal {
        text: String,
        closed: bool,
    },
    /// Everything else, as typed, without white space.
    Word(String),
    /// What another search language says, and how it is said here.
    Foreign {
        typed: String,
        kind: Box<Kind>,
        here: String,
    },
}

/// Cuts `query` into tokens.
pub(super) fn tokens(query: &str) -> Vec<Token> {
    let mut cutter = Cutter { chars: query.chars().collect(), at: 0, out: Vec::new() };
    cutter.run();
    cutter.out
}

/// Other names of the fields, and what people from other systems write.
const ALIASES: &[(&str, Field)] = &[
    ("source", Field::Outlet),
    ("publisher", Field::Outlet),
    ("organization", Field::Org),
    ("organisation", Field::Org),
    ("headline", Field::Title),
    ("author", Field::Byline),
    ("lang", Field::Language),
    ("quote", Field::Said),
];

/// The names a user may type before a colon.
pub(super) fn field_names() -> impl Iterator<Item = &'static str> {
    let values = ValueField::ALL.into_iter().map(ValueField::name);
    Field::ALL.into_iter().map(Field::name).chain(values).chain(ALIASES.iter().map(|(name, _)| *name))
}

fn field(name: &str) -> Option<Kind> {
    let known = Field::ALL.into_iter().find(|f| f.name() == name);
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, field)| *field);
    let value = || ValueField::ALL.into_iter().find(|f| f.name() == name).map(Kind::Value);
    known.or_else(alias).map(Kind::Field).or_else(value)
}

struct Cutter {
    chars: Vec<char>,
    at: usize,
    out: Vec<Token>,
}

impl Cutter {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            let start = self.at;
            let apart = start == 0 || self.chars.get(start - 1).is_none_or(|c| c.is_whitespace());
            let opened = apart || self.chars.get(start - 1).is_some_and(|&c| c == '(' || c == ':');
            let kind = match c {
                _ if c.is_whitespace() => {
                    self.at += 1;
                    continue;
                }
                '(' => self.one(Kind::Open),
                ')' => self.one(Kind::Close),
                '=' if self.peek(1).is_some_and(|c| literal_end(c).is_some()) => self.literal(),
                _ if is_quote(c) => self.phrase(),
                '-' if opened && self.peek(1).is_some_and(|c| !c.is_whitespace() && c != '-' && c != ')') => {
                    self.one(Kind::Minus)
                }
                _ => self.word(),
            };
            self.out.push(Token { kind, column: start as u32, apart });
        }
    }

    fn one(&mut self, kind: Kind) -> Kind {
        self.at += 1;
        kind
    }

    /// A phrase up to its closing mark, or to the end; `\` keeps the next character.
    fn phrase(&mut self) -> Kind {
        self.at += 1;
        let (text, closed) = self.until(|c, _| is_quote(c));
        let mut slop = None;
        if closed && self.peek(0) == Some('~') {
            let digits: String = self.chars.iter().skip(self.at + 1).take_while(|c| c.is_ascii_digit()).collect();
            if !digits.is_empty() {
                self.at += 1 + digits.len();
                slop = Some(digits.parse().unwrap_or(u32::MAX));
            }
        }
        Kind::Phrase { text, slop, closed }
    }

    /// A literal; an apostrophe inside a word does not end it.
    fn literal(&mut self) -> Kind {
        let end = self.peek(1).and_then(literal_end).unwrap_or('\'');
        self.at += 2;
        let (text, closed) = self.until(|c, next| {
            c == end && (end == '"' || next.is_none_or(|n| n.is_whitespace() || n == ')' || n == '('))
        });
        Kind::Literal { text, closed }
    }

    /// The characters before the first that `ends`, which is swallowed; the flag says whether there was one.
    fn until(&mut self, ends: impl Fn(char, Option<char>) -> bool) -> (String, bool) {
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            if c == '\\' && self.peek(1).is_some() {
                text.extend(self.peek(1));
                self.at += 2;
                continue;
            }
            self.at += 1;
            if ends(c, self.peek(0)) {
                return (text, true);
            }
            text.push(c);
        }
        (text, false)
    }

    fn word(&mut self) -> Kind {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            if c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c) {
                break;
            }
            self.at += 1;
            if c == ':' {
                let name: String = self.chars.get(start..self.at - 1).unwrap_or(&[]).iter().collect();
                if let Some(kind) = field(&name) {
                    return kind;
                }
            }
            // `word="…"` is a word and a phrase, but `field:='…'` was taken above.
            if c == '=' && self.peek(0).is_some_and(is_quote) {
                break;
            }
        }
        let word: String = self.chars.get(start..self.at).unwrap_or(&[]).iter().collect();
        self.operator(&word).unwrap_or(Kind::Word(word))
    }

    fn operator(&self, word: &str) -> Option<Kind> {
        let opens = self.peek(0) == Some('(');
        let kind = match word {
            "AND" => Kind::And,
            "OR" => Kind::Or,
            "NOT" => Kind::Not,
            "/s" => Kind::Link(Link::Sentence),
            "/p" => Kind::Link(Link::Paragraph),
            _ => {
                let count = |prefix: &str| word.strip_prefix(prefix).and_then(number);
                if let Some(n) = count("NEAR/") {
                    Kind::Link(Link::Near(n))
                } else if let Some(n) = count("PRE/") {
                    Kind::Link(Link::Pre(n))
                } else if let Some(n) = count("ATLEAST").filter(|_| opens) {
                    Kind::AtLeast(n)
                } else {
                    return foreign(word, opens);
                }
            }
        };
        Some(kind)
    }
}

/// What Nexis, Factiva and programmers write for our operators.
fn foreign(word: &str, opens: bool) -> Option<Kind> {
    let lower = word.to_ascii_lowercase();
    let count = |prefix: &str| lower.strip_prefix(prefix).and_then(number);
    let (kind, here) = if let Some(n) = count("w/").or_else(|| count("near/")) {
        (Kind::Link(Link::Near(n)), format!("NEAR/{n}"))
    } else if let Some(n) = count("pre/").or_else(|| count("adj")) {
        (Kind::Link(Link::Pre(n)), format!("PRE/{n}"))
    } else if let Some(n) = count("near") {
        (Kind::Link(Link::Near(n)), format!("NEAR/{n}"))
    } else if let Some(n) = count("atleast").filter(|_| opens) {
        (Kind::AtLeast(n), format!("ATLEAST{n}(…)"))
    } else {
        match lower.as_str() {
            "w/s" => (Kind::Link(Link::Sentence), "/s".to_owned()),
            "w/p" => (Kind::Link(Link::Paragraph), "/p".to_owned()),
            "hlead" | "headline" | "hl" if opens => (Kind::Field(Field::Title), "title:(…)".to_owned()),
            "&&" => (Kind::And, "AND".to_owned()),
            "||" => (Kind::Or, "OR".to_owned()),
            _ => return None,
        }
    };
    Some(Kind::Foreign { typed: word.to_owned(), kind: Box::new(kind), here })
}

/// A whole number; one beyond all bounds is the largest there is.
fn number(digits: &str) -> Option<u32> {
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u32::MAX))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»')
}

/// What ends a literal that starts with `=` and this mark.
fn literal_end(open: char) -> Option<char> {
    match open {
        '\'' => Some('\''),
        '‘' => Some('’'),
        '"' => Some('"'),
        '“' => Some('”'),
        _ => None,
    }
}

//! Cuts a query into what the parser reads. Every character goes somewhere; nothing fails.

use super::tree::{Field, Link};
use super::value::ValueField;
use crate::article::parts;

/// A token and where it starts, in code points from 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) column: u32,
    /// True at the start and after white space.
    pub(super) apart: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
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
        kind: Box<TokenKind>,
        here: String,
    },
}

impl TokenKind {
    /// Its words; see [`words_of`].
    pub(super) fn words(&self) -> usize {
        match self {
            TokenKind::Phrase { text, .. } | TokenKind::Literal { text, .. } | TokenKind::Word(text) => words_of(text),
            TokenKind::Foreign { kind, .. } => kind.words(),
            // Before what is no value of it, the field's name is a word.
            TokenKind::Value(_) => 1,
            TokenKind::Open
            | TokenKind::Close
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::Not
            | TokenKind::Minus
            | TokenKind::Link(_)
            | TokenKind::AtLeast(_)
            | TokenKind::Field(_) => 0,
        }
    }

    /// True for what means nothing without what comes after it.
    pub(super) fn wants_more(&self) -> bool {
        self.is_value() || (self.words() == 0 && *self != TokenKind::Close)
    }

    /// True for a field whose value follows.
    fn is_value(&self) -> bool {
        match self {
            TokenKind::Value(_) => true,
            TokenKind::Foreign { kind, .. } => matches!(**kind, TokenKind::Value(_)),
            _ => false,
        }
    }
}

/// The words of a text: those between spaces, or its signs where a script has no spaces or marks join them.
pub(super) fn words_of(text: &str) -> usize {
    /// Words and marks of an ordinary text for each word between spaces, at most.
    const PARTS: usize = 3;
    text.split_whitespace().count().max(parts(text.as_bytes()) as usize / PARTS).max(1)
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

/// What web search and archives call the date, and the sign that gives the same meaning here.
const DATE_ALIASES: &[(&str, &str)] =
    &[("after", ">="), ("since", ">="), ("before", "<"), ("until", "<="), ("published", ""), ("pubdate", "")];

/// The names a user may type before a colon.
pub(super) fn field_names() -> impl Iterator<Item = &'static str> {
    let values = ValueField::ALL.into_iter().map(ValueField::name);
    Field::ALL.into_iter().map(Field::name).chain(values).chain(ALIASES.iter().map(|(name, _)| *name))
}

fn field(name: &str) -> Option<TokenKind> {
    let known = Field::ALL.into_iter().find(|f| f.name() == name);
    let alias = || ALIASES.iter().find(|(alias, _)| *alias == name).map(|(_, field)| *field);
    let value = || ValueField::ALL.into_iter().find(|f| f.name() == name).map(TokenKind::Value);
    known.or_else(alias).map(TokenKind::Field).or_else(value)
}

/// What `speaker=` and `date>` mean: the field, and whether the sign belongs to the value.
fn compared(name: &str, sign: char) -> Option<TokenKind> {
    match (field(name)?, sign) {
        (kind @ TokenKind::Value(_), '<' | '>') => Some(kind),
        (kind, '=') => Some(foreign_as(&format!("{name}="), kind, format!("{name}:"))),
        _ => None,
    }
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
                '[' if self.out.last().is_some_and(|token| token.kind.is_value()) => {
                    self.span().unwrap_or_else(|| self.word())
                }
                '!' if opened && self.peek(1).is_some_and(|c| c.is_alphanumeric() || c == '(' || is_quote(c)) => {
                    let not = foreign_as("!", TokenKind::Not, "NOT".to_owned());
                    self.one(not)
                }
                '(' => self.one(TokenKind::Open),
                ')' => self.one(TokenKind::Close),
                '=' if self.peek(1).is_some_and(|c| literal_end(c).is_some()) => self.literal(),
                _ if is_quote(c) => self.phrase(),
                '-' if opened && self.peek(1).is_some_and(|c| !c.is_whitespace() && c != '-' && c != ')') => {
                    self.one(TokenKind::Minus)
                }
                _ => self.word(),
            };
            self.out.push(Token { kind, column: start as u32, apart });
        }
    }

    fn one(&mut self, kind: TokenKind) -> TokenKind {
        self.at += 1;
        kind
    }

    /// `[2025-05-01 TO 2025-06-01]`, as a value is written here; none unless it is whole.
    fn span(&mut self) -> Option<TokenKind> {
        let inside: String = self.chars.iter().skip(self.at + 1).take_while(|&&c| c != ']').collect();
        let words: Vec<&str> = inside.split_whitespace().collect();
        let [from, "TO" | "to", to] = words.as_slice() else { return None };
        let after = self.at + inside.chars().count() + 1;
        (self.chars.get(after) == Some(&']')).then_some(())?;
        self.at = after + 1;
        let open = |end: &str| if end == "*" { String::new() } else { end.to_owned() };
        Some(TokenKind::Word(format!("{}..{}", open(from), open(to))))
    }

    /// A phrase up to its closing mark, or to the end; `\` keeps the next character.
    fn phrase(&mut self) -> TokenKind {
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
        TokenKind::Phrase { text, slop, closed }
    }

    /// A literal; an apostrophe inside a word does not end it.
    fn literal(&mut self) -> TokenKind {
        let end = self.peek(1).and_then(literal_end).unwrap_or('\'');
        self.at += 2;
        let (text, closed) = self.until(|c, next| {
            c == end && (end == '"' || next.is_none_or(|n| n.is_whitespace() || n == ')' || n == '('))
        });
        TokenKind::Literal { text, closed }
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

    fn word(&mut self) -> TokenKind {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            if c.is_whitespace() || matches!(c, '(' | ')') || is_quote(c) {
                break;
            }
            self.at += 1;
            if c == ':' {
                let name: String = self.chars.get(start..self.at - 1).unwrap_or(&[]).iter().collect();
                if let Some(kind) = field(&name).or_else(|| self.dated(&name)) {
                    return kind;
                }
                if name == "site" {
                    return foreign_as("site:", TokenKind::Field(Field::Outlet), "outlet:".to_owned());
                }
            }
            if matches!(c, '=' | '<' | '>') {
                let name: String = self.chars.get(start..self.at - 1).unwrap_or(&[]).iter().collect();
                if let Some(kind) = compared(&name, c) {
                    self.at -= usize::from(c != '=');
                    return kind;
                }
            }
            // `word="…"` is a word and a phrase, but `field:='…'` was taken above.
            if c == '=' && self.peek(0).is_some_and(is_quote) {
                break;
            }
        }
        let word: String = self.chars.get(start..self.at).unwrap_or(&[]).iter().collect();
        if word.eq_ignore_ascii_case("around") {
            return self.around(&word).unwrap_or(TokenKind::Word(word));
        }
        self.operator(&word).unwrap_or(TokenKind::Word(word))
    }

    /// `after:2025` as a comparison: the value after the colon gets its sign.
    fn dated(&mut self, name: &str) -> Option<TokenKind> {
        let (name, sign) = DATE_ALIASES.iter().find(|(alias, _)| *alias == name)?;
        let value = self.peek(0).filter(|c| !c.is_whitespace() && *c != '/')?;
        if sign.is_empty() {
            return Some(foreign_as(&format!("{name}:"), TokenKind::Value(ValueField::Date), "date:".to_owned()));
        }
        let kind = TokenKind::Value(ValueField::Date);
        self.out.push(Token {
            kind: foreign_as(&format!("{name}:"), kind, format!("date:{sign}")),
            column: (self.at - name.len() - 1) as u32,
            apart: true,
        });
        let text = if is_quote(value) {
            self.at += 1;
            self.until(|c, _| is_quote(c)).0
        } else {
            let text: String =
                self.chars.iter().skip(self.at).take_while(|c| !c.is_whitespace() && **c != ')').collect();
            self.at += text.chars().count();
            text
        };
        Some(TokenKind::Word(format!("{sign}{text}")))
    }

    /// `AROUND(3)`, with its brackets.
    fn around(&mut self, word: &str) -> Option<TokenKind> {
        let digits: String = self.chars.iter().skip(self.at + 1).take_while(|c| c.is_ascii_digit()).collect();
        let n = number(&digits).filter(|_| self.peek(0) == Some('(') && self.peek(digits.len() + 1) == Some(')'))?;
        self.at += digits.len() + 2;
        Some(foreign_as(&format!("{word}({n})"), TokenKind::Link(Link::Near(n)), format!("NEAR/{n}")))
    }

    fn operator(&self, word: &str) -> Option<TokenKind> {
        let opens = self.peek(0) == Some('(');
        let kind = match word {
            "AND" => TokenKind::And,
            "OR" => TokenKind::Or,
            "NOT" => TokenKind::Not,
            "/s" => TokenKind::Link(Link::Sentence),
            "/p" => TokenKind::Link(Link::Paragraph),
            _ => {
                let count = |prefix: &str| word.strip_prefix(prefix).and_then(number);
                if let Some(n) = count("NEAR/") {
                    TokenKind::Link(Link::Near(n))
                } else if let Some(n) = count("PRE/") {
                    TokenKind::Link(Link::Pre(n))
                } else if let Some(n) = count("ATLEAST").filter(|_| opens) {
                    TokenKind::AtLeast(n)
                } else {
                    return foreign(word, opens);
                }
            }
        };
        Some(kind)
    }
}

/// What Nexis, Factiva and programmers write for our operators.
fn foreign(word: &str, opens: bool) -> Option<TokenKind> {
    let lower = word.to_ascii_lowercase();
    let count = |prefix: &str| lower.strip_prefix(prefix).and_then(number);
    let (kind, here) = if let Some(n) = count("w/").or_else(|| count("near/")) {
        (TokenKind::Link(Link::Near(n)), format!("NEAR/{n}"))
    } else if let Some(n) = count("pre/").or_else(|| count("adj")) {
        (TokenKind::Link(Link::Pre(n)), format!("PRE/{n}"))
    } else if let Some(n) = count("near").or_else(|| count("/")) {
        (TokenKind::Link(Link::Near(n)), format!("NEAR/{n}"))
    } else if let Some(n) = count("atleast").filter(|_| opens) {
        (TokenKind::AtLeast(n), format!("ATLEAST{n}(…)"))
    } else {
        match lower.as_str() {
            "w/s" => (TokenKind::Link(Link::Sentence), "/s".to_owned()),
            "w/p" => (TokenKind::Link(Link::Paragraph), "/p".to_owned()),
            "hlead" | "headline" | "hl" if opens => (TokenKind::Field(Field::Title), "title:(…)".to_owned()),
            "&&" => (TokenKind::And, "AND".to_owned()),
            "||" => (TokenKind::Or, "OR".to_owned()),
            _ => return None,
        }
    };
    Some(foreign_as(word, kind, here))
}

fn foreign_as(typed: &str, kind: TokenKind, here: String) -> TokenKind {
    TokenKind::Foreign { typed: typed.to_owned(), kind: Box::new(kind), here }
}

/// A whole number; one beyond all bounds is the largest there is.
fn number(digits: &str) -> Option<u32> {
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    all.then(|| digits.parse().unwrap_or(u32::MAX))
}

pub(super) fn is_quote(c: char) -> bool {
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

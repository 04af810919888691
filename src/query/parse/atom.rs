//! Words, phrases, fields and what stands in brackets.

use super::near::is_text;
use super::{DEPTH, FARTHEST, Parser};
use crate::query::suggest::closest;
use crate::query::token::{Kind, Token, field_names};
use crate::query::tree::{Atom, Field, Filter, Node};
use crate::query::value::ValueField;
use crate::text::normal::is_word;

impl Parser {
    /// What stands at the place reached and is no operator; brackets nested too deep are passed over.
    pub(super) fn atom(&mut self, within: Option<ValueField>) -> Option<Node> {
        loop {
            let kind = self.peek()?;
            if matches!(kind, Kind::Close | Kind::And | Kind::Or | Kind::Not | Kind::Minus | Kind::Link(_)) {
                return None;
            }
            let Token { kind, column, .. } = self.tokens.next()?;
            let nests = matches!(kind, Kind::Open | Kind::AtLeast(_) | Kind::Field(_) | Kind::Value(_));
            if nests && self.depth >= DEPTH {
                if !std::mem::replace(&mut self.too_deep, true) {
                    self.warn(column, format!("what is nested deeper than {DEPTH} is taken out of its brackets"));
                }
                self.ignored += u32::from(kind == Kind::Open);
                continue;
            }
            self.depth += u32::from(nests);
            let node = self.atom_of(kind, column, within);
            self.depth -= u32::from(nests);
            return node;
        }
    }

    fn atom_of(&mut self, kind: Kind, column: u32, within: Option<ValueField>) -> Option<Node> {
        match kind {
            Kind::Open => self.group(column, within),
            Kind::AtLeast(times) => self.at_least(times, column, within),
            Kind::Field(field) => self.field(field, column),
            Kind::Value(field) => self.value(field, column),
            Kind::Phrase { text, slop, closed } => {
                if !closed {
                    self.warn(column, "the quotation mark is not closed; everything after it is taken as the phrase");
                }
                self.spend(column)?;
                match within {
                    Some(field) => Some(self.read_value(field, &text, column, |p| p.phrase(&text, None, column))),
                    None => self.phrase(&text, slop, column),
                }
            }
            Kind::Literal { text, closed } => self.literal(text, closed, column),
            Kind::Word(word) => match within {
                Some(field) => Some(self.read_value(field, &word, column, |p| p.word(&word, column))),
                None => self.word(&word, column),
            },
            // Those are taken by the callers, or were turned into ours before.
            Kind::Close | Kind::And | Kind::Or | Kind::Not | Kind::Minus | Kind::Link(_) | Kind::Foreign { .. } => None,
        }
    }

    fn literal(&mut self, text: String, closed: bool, column: u32) -> Option<Node> {
        if !closed {
            self.warn(column, "the literal is not closed; everything after its mark is taken as its text");
        }
        if text.trim().is_empty() {
            self.warn(column, "the literal is empty; left out");
            return None;
        }
        self.spend(column)?;
        Some(Node::Atom(Atom::Literal(text)))
    }

    fn group(&mut self, column: u32, within: Option<ValueField>) -> Option<Node> {
        let node = self.or(within);
        if matches!(self.peek(), Some(Kind::Close)) {
            self.tokens.next();
        } else {
            self.warn(column, "`(` is not closed; taken as closed at the end");
        }
        if node.is_none() {
            self.warn(column, "the brackets are empty; left out");
        }
        node
    }

    fn at_least(&mut self, times: u32, column: u32, within: Option<ValueField>) -> Option<Node> {
        if times == 0 {
            self.warn(column, "`ATLEAST0` would hold for everything; read as `ATLEAST1`");
        }
        let of = self.atom(within)?;
        if is_text(&of) {
            return Some(Node::AtLeast { times: times.max(1), of: Box::new(of) });
        }
        if let Node::Field(field, inner) = of {
            if is_text(&inner) {
                return Some(Node::Field(field, Box::new(Node::AtLeast { times: times.max(1), of: inner })));
            }
            self.warn(column, "only words can be counted; `ATLEAST` is left out");
            return Some(Node::Field(field, inner));
        }
        self.warn(column, "only words can be counted; `ATLEAST` is left out");
        Some(of)
    }

    fn field(&mut self, field: Field, column: u32) -> Option<Node> {
        if let Some(of) = self.atom(None) {
            return Some(Node::Field(field, Box::new(of)));
        }
        self.warn(column, format!("`{}:` has no value; taken as a word", field.name()));
        self.word(field.name(), column)
    }

    fn value(&mut self, field: ValueField, column: u32) -> Option<Node> {
        if let Some(Kind::Word(sign)) = self.peek()
            && matches!(sign.as_str(), ">=" | "<=" | ">" | "<" | "=")
        {
            let sign = sign.clone();
            self.tokens.next();
            if let Some(Kind::Word(value)) = self.peek() {
                let whole = format!("{sign}{value}");
                self.tokens.next();
                return Some(self.read_value(field, &whole, column, |p| p.word(&whole, column)));
            }
        }
        self.atom(Some(field)).or_else(|| {
            self.warn(column, format!("`{}:` has no value; taken as a word", field.name()));
            self.word(field.name(), column)
        })
    }

    /// A condition; where `value` can't be read as one, the field's name and what `as_text` makes of it.
    fn read_value(
        &mut self,
        field: ValueField,
        value: &str,
        column: u32,
        as_text: impl FnOnce(&mut Self) -> Option<Node>,
    ) -> Node {
        let value = value.trim_end_matches([',', ';']).trim();
        let value = value.strip_suffix('.').filter(|v| !v.ends_with('.')).unwrap_or(value);
        match field.read(value, self.today) {
            Ok(filter) => {
                if matches!(filter, Filter::Date(days) if days.is_empty()) {
                    self.warn(column, format!("`{filter}` ends before it begins: no day is in it"));
                }
                Node::Filter(filter)
            }
            Err(help) => {
                self.warn(column, format!("`{}:{value}` can't be read, taken as words: {help}", field.name()));
                let name = self.word(field.name(), column);
                Node::all(name.into_iter().chain(as_text(self)).collect())
            }
        }
    }

    fn phrase(&mut self, text: &str, slop: Option<u32>, column: u32) -> Option<Node> {
        if !text.contains(is_word) {
            self.warn(column, "the phrase holds no word; left out");
            return None;
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Node::Atom(match slop {
            None => Atom::Phrase(text),
            Some(slop) if slop > FARTHEST => {
                self.warn(column, format!("`~{slop}` is farther than a paragraph is long; read as `~{FARTHEST}`"));
                Atom::Loose(text, FARTHEST)
            }
            Some(slop) => Atom::Loose(text, slop),
        }))
    }

    fn word(&mut self, typed: &str, column: u32) -> Option<Node> {
        if typed.bytes().all(|b| b == b'*') && !typed.is_empty() {
            return Some(Node::All);
        }
        if !typed.contains(is_word) {
            return None;
        }
        self.spend(column)?;
        self.hints(typed, column);
        let inner = trimmed(typed, &['*']).trim_end_matches('?');
        let pattern = inner.contains('*') || between_letters(inner, '?');
        // What is left of a word when the marks around it are gone may end in a distance too.
        let bare = if pattern { "" } else { trimmed(inner, &[]) };
        if let Some((word, digits)) = distance(trimmed(typed, &['~', '*'])).or_else(|| distance(bare)) {
            return Some(self.fuzzy(trimmed(word, &[]), digits, column));
        }
        Some(Node::Atom(if pattern { Atom::Pattern(inner.to_owned()) } else { Atom::Word(bare.to_owned()) }))
    }

    fn fuzzy(&mut self, word: &str, digits: &str, column: u32) -> Node {
        let distance = if digits.is_empty() { 1 } else { digits.parse().unwrap_or(u8::MAX) };
        if distance > 2 {
            self.warn(column, format!("`~{digits}` is too far: at most 2 letters may differ; read as `~2`"));
        }
        match distance {
            0 => Node::Atom(Atom::Word(word.to_owned())),
            distance => Node::Atom(Atom::Fuzzy(word.to_owned(), distance.min(2))),
        }
    }

    /// Says what may have been meant by a word that looks like something else.
    fn hints(&mut self, typed: &str, column: u32) {
        if let Some((name, value)) = typed.split_once(':')
            && name.len() > 1
            && name.bytes().all(|b| b.is_ascii_alphabetic())
            && !value.is_empty()
            && !value.starts_with('/')
        {
            let lower = name.to_ascii_lowercase();
            let help = closest(&lower, field_names()).map_or_else(
                || "the fields are speaker, said, about, person, org, place, title, outlet, date and more".to_owned(),
                |known| format!("did you mean `{known}:`?"),
            );
            self.warn(column, format!("`{name}:` is no field, taken as a word; {help}"));
        }
        if let Some(root) = typed.strip_suffix('!').filter(|r| r.len() > 2 && r.chars().all(char::is_alphabetic)) {
            self.warn(column, format!("`{typed}` is taken as the word `{root}`; for every ending write `{root}*`"));
        }
        if typed == "NEAR" || typed == "PRE" {
            self.warn(column, format!("`{typed}` is taken as a word; a distance makes it an operator: `{typed}/5`"));
        }
    }
}

/// A word and the distance behind it, the first of several: `ceasfire~1`, `ceasfire~`.
fn distance(typed: &str) -> Option<(&str, &str)> {
    let (word, digits) = typed.trim_start_matches('~').split_once('~')?;
    let fits = word.contains(is_word) && !word.contains(['*', '?']);
    let only = digits.bytes().all(|b| b.is_ascii_digit() || b == b'~');
    (fits && only).then(|| (word, digits.split('~').next().unwrap_or_default()))
}

/// `word` without the punctuation around it; the characters of `keep` stay.
fn trimmed<'w>(word: &'w str, keep: &[char]) -> &'w str {
    word.trim_matches(|c: char| !is_word(c) && !keep.contains(&c) && !is_symbol(c))
}

/// Signs that say what a number is: `$30`, `5%`.
fn is_symbol(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₽' | '₹' | '₴' | '₺' | '%')
}

/// True if `sign` stands between two letters somewhere.
fn between_letters(word: &str, sign: char) -> bool {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(3).any(|w| matches!(w, [a, s, b] if *s == sign && is_word(*a) && (is_word(*b) || *b == sign)))
}

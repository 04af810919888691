//! Words, phrases, fields and brackets.

use super::near::is_text;
use super::{FARTHEST, Parser};
use crate::query::suggest::closest;
use crate::query::token::{Token, TokenKind, field_names, is_quote};
use crate::query::tree::{Atom, Field, Filter, Node, SpanOperator};
use crate::query::value::ValueField;
use crate::text::normal::{Terms, is_word};

impl Parser<'_> {
    /// The next operand; brackets nested too deep are skipped.
    pub(super) fn atom(&mut self, within: Option<ValueField>) -> Option<Node> {
        loop {
            let kind = self.peek()?;
            if matches!(
                kind,
                TokenKind::Close
                    | TokenKind::And
                    | TokenKind::Or
                    | TokenKind::Not
                    | TokenKind::Minus
                    | TokenKind::Link(_)
            ) {
                return None;
            }
            let Token { kind, column, .. } = self.tokens.pop_front()?;
            let nests =
                matches!(kind, TokenKind::Open | TokenKind::AtLeast(_) | TokenKind::Field(_) | TokenKind::Value(_));
            let deepest = self.context.matching.deepest();
            if nests && self.depth >= deepest {
                if !std::mem::replace(&mut self.too_deep, true) {
                    self.warn(column, format!("brackets nested deeper than {deepest} are ignored"));
                }
                self.ignored += u32::from(kind == TokenKind::Open);
                continue;
            }
            self.depth += u32::from(nests);
            let node = self.atom_of(kind, column, within);
            self.depth -= u32::from(nests);
            return node;
        }
    }

    fn atom_of(&mut self, kind: TokenKind, column: u32, within: Option<ValueField>) -> Option<Node> {
        match kind {
            TokenKind::Open => self.group(column, within),
            TokenKind::AtLeast(times) => self.at_least(times, column, within),
            TokenKind::Field(field) => self.field(field, column),
            TokenKind::Value(field) => self.value(field, column),
            TokenKind::Phrase { text, slop, closed } => {
                if !closed {
                    self.warn(column, "unclosed quotation mark; the phrase runs to the end");
                }
                match within {
                    Some(field) => Some(
                        self.read_value(field, &text, column, |p| p.phrase(&text, None, column).into_iter().collect()),
                    ),
                    None => self.phrase(&text, slop, column),
                }
            }
            TokenKind::Literal { text, closed } => self.literal(text, closed, column),
            TokenKind::Word(word) => match within {
                Some(field) => Some(self.read_value(field, &word, column, |p| p.words(&word, column))),
                None => self.word(&word, column),
            },
            // Operators are consumed by the callers; foreign tokens were translated before parsing.
            TokenKind::Close
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::Not
            | TokenKind::Minus
            | TokenKind::Link(_)
            | TokenKind::Foreign { .. } => None,
        }
    }

    fn literal(&mut self, text: String, closed: bool, column: u32) -> Option<Node> {
        if !closed {
            self.warn(column, "unclosed literal; it runs to the end");
        }
        if text.trim().is_empty() {
            self.warn(column, "empty literal; ignored");
            return None;
        }
        Some(Node::Atom(Atom::Literal(text)))
    }

    fn group(&mut self, column: u32, within: Option<ValueField>) -> Option<Node> {
        let node = self.or(within);
        if matches!(self.peek(), Some(TokenKind::Close)) {
            self.tokens.pop_front();
        } else {
            self.warn(column, "unclosed `(`; closed at the end");
        }
        if node.is_none() {
            self.warn(column, "empty brackets; ignored");
        }
        node
    }

    fn at_least(&mut self, times: u32, column: u32, within: Option<ValueField>) -> Option<Node> {
        if times == 0 {
            self.warn(column, "`ATLEAST0` matches everything; read as `ATLEAST1`");
        }
        let counted = |of: Box<Node>| Node::Span(SpanOperator::AtLeast { times: times.max(1), of });
        let of = self.atom(within)?;
        if is_text(&of) {
            return Some(counted(Box::new(of)));
        }
        if let Node::Field(field, inner) = of {
            if is_text(&inner) {
                return Some(Node::Field(field, Box::new(counted(inner))));
            }
            self.warn(column, "only words can be counted; `ATLEAST` is ignored");
            return Some(Node::Field(field, inner));
        }
        self.warn(column, "only words can be counted; `ATLEAST` is ignored");
        Some(of)
    }

    fn field(&mut self, field: Field, column: u32) -> Option<Node> {
        if let Some(of) = self.atom(None) {
            let of = match of {
                Node::Atom(Atom::Word(first)) => Node::Atom(self.whole_name(field, first, column)),
                of => of,
            };
            return Some(Node::in_field(field, of));
        }
        self.warn(column, format!("`{}:` has no value; searched as a word", field.name()));
        self.word(field.name(), column)
    }

    /// The name that starts with `first`, with as many of the words after it as the index knows to belong to it.
    fn whole_name(&mut self, field: Field, first: String, column: u32) -> Atom {
        /// Words of a name, at most: `International Committee of the Red Cross`.
        const LONGEST: usize = 6;
        if field == Field::Said {
            return Atom::Word(first);
        }
        let mut name = first.clone();
        let mut known = None;
        let next = self.tokens.iter().map_while(|token| match &token.kind {
            TokenKind::Word(word) if word.contains(is_word) => Some(trimmed(word, &[])),
            _ => None,
        });
        let mut capital = None;
        for (taken, word) in (1..LONGEST).zip(next) {
            name.push(' ');
            name.push_str(word);
            if taken == 1 && word.starts_with(char::is_uppercase) {
                capital = Some(name.clone());
            }
            if (self.context.knows)(field, &name) {
                known = Some((taken, name.clone()));
            }
        }
        let Some((taken, name)) = known else {
            if let Some(name) = capital {
                let field = field.name();
                self.warn(column, format!("`{field}:` takes one word; quote a longer name: `{field}:\"{name}\"`"));
            }
            return Atom::Word(first);
        };
        for _ in 0..taken {
            self.tokens.pop_front();
        }
        self.note(column, format!("read as `{}:\"{name}\"`", field.name()));
        Atom::Phrase(name)
    }

    fn value(&mut self, field: ValueField, column: u32) -> Option<Node> {
        if let Some(TokenKind::Word(sign)) = self.peek()
            && matches!(sign.as_str(), ">=" | "<=" | ">" | "<" | "=")
        {
            let sign = sign.clone();
            self.tokens.pop_front();
            if let Some(TokenKind::Word(value)) = self.peek() {
                let whole = format!("{sign}{value}");
                self.tokens.pop_front();
                return Some(self.read_value(field, &whole, column, |p| p.words(&whole, column)));
            }
        }
        self.atom(Some(field)).or_else(|| {
            self.warn(column, format!("`{}:` has no value; searched as a word", field.name()));
            self.word(field.name(), column)
        })
    }

    /// A condition; where `value` can't be read as one, the field's name and what `as_text` makes of it.
    fn read_value(
        &mut self,
        field: ValueField,
        value: &str,
        column: u32,
        as_text: impl FnOnce(&mut Self) -> Vec<Node>,
    ) -> Node {
        let value = value.trim_end_matches([',', ';']).trim();
        let value = value.strip_suffix('.').filter(|v| !v.ends_with('.')).unwrap_or(value);
        match field.read(value, self.context.today) {
            Ok(filter) => {
                if matches!(filter, Filter::Date(days) if days.is_empty()) {
                    self.warn(column, format!("`{filter}` ends before it begins: no day is in it"));
                }
                Node::Filter(filter)
            }
            Err(help) => {
                self.warn(column, format!("cannot read `{}:{value}`; searched as words: {help}", field.name()));
                let name = self.word(field.name(), column);
                Node::all(name.into_iter().chain(as_text(self)).collect())
            }
        }
    }

    /// The words of a value, which may have quotation marks and brackets in it.
    fn words(&mut self, text: &str, column: u32) -> Vec<Node> {
        let ends = |c: char| is_quote(c) || matches!(c, '(' | ')');
        let words = text.split(ends).filter(|word| word.contains(is_word));
        words.filter_map(|word| self.word(word, column)).collect()
    }

    fn phrase(&mut self, text: &str, slop: Option<u32>, column: u32) -> Option<Node> {
        if !text.contains(is_word) {
            self.warn(column, "no word in the phrase; ignored");
            return None;
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Node::Atom(match slop {
            None => Atom::Phrase(text),
            Some(slop) if slop > FARTHEST => {
                self.warn(column, format!("`~{slop}` is longer than any paragraph; read as `~{FARTHEST}`"));
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
            if typed == "|" {
                self.warn(column, "`|` is ignored; write `OR` for either");
            }
            return None;
        }
        let typed = self.hints(typed, column)?;
        // With marks around it that belong to no word, `+9/11` is `9/11`.
        let term = with_sign(typed).or_else(|| with_sign(trimmed(typed, &[])));
        if let Some(term) = term.filter(|_| !typed.contains(['*', '~'])) {
            return Some(Node::Atom(Atom::Literal(term.to_owned())));
        }
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
            self.note(column, format!("at most 2 letters may differ; `~{digits}` is read as `~2`"));
        }
        match distance {
            0 => Node::Atom(Atom::Word(word.to_owned())),
            distance => Node::Atom(Atom::Fuzzy(word.to_owned(), distance.min(2))),
        }
    }

    /// Warns of a word that looks like something else. Gives the part of it that is searched, if there is one.
    fn hints<'w>(&mut self, typed: &'w str, column: u32) -> Option<&'w str> {
        if let Some((name, value)) = typed.split_once(':')
            && name.len() > 1
            && name.bytes().all(|b| b.is_ascii_alphabetic())
            && (!value.is_empty() || self.goes_on())
            && !value.starts_with('/')
        {
            let lower = name.to_ascii_lowercase();
            let help = closest(&lower, field_names()).map_or_else(
                || "the fields are speaker, said, about, person, org, place, title, outlet, date and more".to_owned(),
                |known| format!("did you mean `{known}:`?"),
            );
            self.warn(column, format!("unknown field `{name}:`; searched as a word; {help}"));
        }
        if let Some(root) = typed.strip_suffix('!').filter(|r| r.len() > 2 && r.chars().all(char::is_alphabetic)) {
            self.warn(column, format!("`{typed}` is searched as `{root}`; write `{root}*` for every ending"));
        }
        if let Some(operator @ ("NEAR" | "PRE")) = typed.split('/').next() {
            self.warn(column, format!("`{typed}` is searched as a word; add a distance: `{operator}/5`"));
        }
        if typed.starts_with("ATLEAST") {
            self.warn(column, format!("`{typed}` is searched as a word; write a number and brackets: `ATLEAST2(…)`"));
        }
        if typed.len() > 2 && typed.starts_with('/') && typed.ends_with('/') {
            self.warn(column, "regular expressions are not supported; `*` is any letters, `?` one letter");
        }
        if let Some(distance) = typed.strip_prefix('~').filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
            self.warn(column, format!("`~{distance}` is ignored; write `NEAR/{distance}` between two words"));
            return None;
        }
        let weight = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'^'));
        // Marks around it are no part of the word either.
        let weighted = |typed: &'w str| {
            let (word, number) = typed.split_once('^')?;
            Some((word, number.trim_end_matches(|c| !is_word(c)))).filter(|(_, number)| weight(number))
        };
        match weighted(typed).or_else(|| weighted(typed.trim_start_matches(|c| !is_word(c)))) {
            Some((word, number)) => {
                self.warn(column, format!("`^{number}` is ignored; words cannot be weighted"));
                word.contains(is_word).then_some(word)
            }
            None => Some(typed),
        }
    }

    /// True if a phrase or bracket follows without a space.
    fn goes_on(&mut self) -> bool {
        let next = self.tokens.front();
        next.is_some_and(|t| !t.apart && matches!(t.kind, TokenKind::Phrase { .. } | TokenKind::Open))
    }
}

/// A word that its signs make another: `C++`, `C#`, `Disney+`, `9/11`, `#budget`, `@mayor`.
fn with_sign(typed: &str) -> Option<&str> {
    let term = typed.trim_matches(|c: char| !is_word(c) && !matches!(c, '+' | '#' | '@'));
    let is_plain = |word: &str| !word.is_empty() && word.chars().all(is_word);
    let tagged =
        term.strip_prefix(['#', '@']).is_some_and(|rest| rest.chars().any(char::is_alphabetic) && is_plain(rest));
    let bare = term.trim_end_matches(['+', '#']);
    let marked = bare.len() < term.len() && bare.starts_with(char::is_alphabetic) && is_plain(bare);
    let digits = |part: &str| matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit());
    // A fraction such as `2/3` is one number, and matches `two thirds`.
    let parted = term.split_once('/').is_some_and(|(first, second)| digits(first) && digits(second)) && {
        let mut terms = Terms::default();
        terms.read(term);
        terms.positions() > 1
    };
    (tagged || marked || parted).then_some(term)
}

/// A word and the edit distance after it: `ceasfire~1`, `ceasfire~`.
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

/// Units of a number: `$30`, `5%`.
fn is_symbol(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₽' | '₹' | '₴' | '₺' | '%')
}

/// True if `sign` is between two letters somewhere.
fn between_letters(word: &str, sign: char) -> bool {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(3).any(|w| matches!(w, [a, s, b] if *s == sign && is_word(*a) && (is_word(*b) || *b == sign)))
}

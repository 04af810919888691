//! Reads a query. It never fails: what can't be read is taken as words, and a warning says where and why.

use std::fmt::{self, Display, Formatter};
use std::iter::Peekable;
use std::vec::IntoIter;

use jiff::civil::Date;

use super::suggest::closest;
use super::token::{Kind, Token, field_names, tokens};
use super::tree::{Atom, Days, Field, Filter, Link, Node};
use super::value::ValueField;
use crate::text::normal::is_word;

/// Brackets nested deeper than this are left out. No query a person writes comes near it.
pub const DEPTH: u32 = 64;

/// More words than this are not searched for: enough for any pasted paragraph.
pub const WORDS: usize = 1000;

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

/// A query as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What it means.
    pub tree: Node,
    /// What was not read as it may have been meant, in order of place.
    pub warnings: Vec<Warning>,
}

/// Something in a query that was not read as it may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where it stands, in characters from 1.
    pub column: u32,
    /// What it is and what to do about it.
    pub message: String,
}

impl Display for Warning {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.message)
    }
}

/// Reads `query`; dates such as `last-7d` end `today`.
pub fn parse(query: &str, matching: Matching, today: Date) -> Parsed {
    let end = query.chars().count() as u32;
    let mut warnings = Vec::new();
    let tokens: Vec<Token> = tokens(query).into_iter().map(|token| ours(token, &mut warnings)).collect();
    let tokens = tokens.into_iter().peekable();
    let mut parser = Parser { tokens, end, matching, today, warnings, depth: 0, ignored: 0, too_deep: false, words: 0 };
    let mut parts: Vec<Node> = parser.or(None).into_iter().collect();
    while let Some(token) = parser.tokens.next() {
        parser.warn(token.column, "`)` closes nothing; left out");
        parts.extend(parser.or(None));
    }
    if parts.is_empty() {
        parser.warn(0, "there is no word to search for; `*` finds everything");
    }
    let tree = Node::all(parts);
    parser.warnings.sort_by_key(|w| w.column);
    Parsed { tree, warnings: parser.warnings }
}

/// A token of another search language as ours, with a hint.
fn ours(token: Token, warnings: &mut Vec<Warning>) -> Token {
    let Token { kind: Kind::Foreign { typed, kind, here }, column, apart } = token else { return token };
    let message = format!("`{typed}` is written `{here}` here, and read as that");
    warnings.push(Warning { column: column + 1, message });
    Token { kind: *kind, column, apart }
}

struct Parser {
    tokens: Peekable<IntoIter<Token>>,
    /// Column after the last character.
    end: u32,
    matching: Matching,
    today: Date,
    warnings: Vec<Warning>,
    depth: u32,
    /// Opening brackets beyond the greatest depth, still open.
    ignored: u32,
    /// True once that was said.
    too_deep: bool,
    words: usize,
}

/// A part of an AND group, and whether the word AND stands before it.
struct Part {
    node: Node,
    explicit: bool,
}

impl Parser {
    fn warn(&mut self, column: u32, message: impl Into<String>) {
        self.warnings.push(Warning { column: column + 1, message: message.into() });
    }

    fn peek(&mut self) -> Option<&Kind> {
        self.tokens.peek().map(|t| &t.kind)
    }

    fn column(&mut self) -> u32 {
        self.tokens.peek().map_or(self.end, |t| t.column)
    }

    fn or(&mut self, within: Option<ValueField>) -> Option<Node> {
        let mut parts = Vec::new();
        let mut mixed = None;
        loop {
            let (node, several) = self.and(within);
            let column = self.column();
            let more = matches!(self.peek(), Some(Kind::Or));
            if node.is_none() && (more || !parts.is_empty()) {
                self.warn(column, "`OR` has nothing on one side; taken as the word `or`");
                parts.push(Node::Atom(Atom::Word("or".to_owned())));
            }
            if several && (more || !parts.is_empty()) {
                mixed = mixed.or(Some(column));
            }
            parts.extend(node);
            if !more {
                break;
            }
            self.tokens.next();
        }
        if parts.is_empty() {
            return None;
        }
        let node = Node::any(parts);
        if let Some(column) = mixed {
            self.warn(column, format!("AND binds tighter than OR: read as `{node}`; brackets say it otherwise"));
        }
        Some(node)
    }

    /// A group of parts that are all wanted, and whether there were several.
    fn and(&mut self, within: Option<ValueField>) -> (Option<Node>, bool) {
        let mut parts: Vec<Part> = Vec::new();
        let mut explicit = false;
        loop {
            let (column, ignored) = (self.column(), self.ignored);
            match self.peek() {
                Some(Kind::Close) if ignored > 0 => {
                    self.tokens.next();
                    self.ignored -= 1;
                }
                None | Some(Kind::Close | Kind::Or) => {
                    if explicit {
                        self.warn(column, "`AND` has nothing after it; taken as the word `and`");
                        parts.push(Part { node: Node::Atom(Atom::Word("and".to_owned())), explicit: false });
                    }
                    break;
                }
                Some(Kind::And) => {
                    self.tokens.next();
                    if explicit || parts.is_empty() {
                        self.warn(column, "`AND` has nothing before it; taken as the word `and`");
                        parts.push(Part { node: Node::Atom(Atom::Word("and".to_owned())), explicit: false });
                    } else {
                        explicit = true;
                    }
                }
                Some(_) => {
                    if let Some(node) = self.not(within) {
                        parts.push(Part { node, explicit });
                        explicit = false;
                    }
                }
            }
        }
        let several = parts.len() > 1;
        let node = match self.matching {
            Matching::All => Node::all(parts.into_iter().map(|p| p.node).collect()),
            Matching::Any => any_of(parts),
        };
        self.contradiction(&node);
        ((node != Node::Nothing).then_some(node), several)
    }

    /// Warns where dates that must all hold share no day.
    fn contradiction(&mut self, node: &Node) {
        let Node::And(parts) = node else { return };
        let dates =
            parts.iter().filter_map(|p| if let Node::Filter(Filter::Date(days)) = p { Some(*days) } else { None });
        let whole: Vec<Days> = dates.filter(|d| !d.is_empty()).collect();
        let open = Days { since: None, until: None };
        if whole.iter().fold(open, |all, &days| all.and(days)).is_empty() {
            let column = self.column().min(self.end).saturating_sub(1);
            self.warn(column, "the dates contradict each other: no day is in all of them");
        }
    }

    fn not(&mut self, within: Option<ValueField>) -> Option<Node> {
        let start = self.column();
        let mut negated = false;
        while matches!(self.peek(), Some(Kind::Not | Kind::Minus)) {
            self.tokens.next();
            negated = !negated;
        }
        let after = self.column();
        let node = self.near(within);
        if node.is_none() && after > start {
            self.warn(start, "`NOT` has nothing after it; taken as the word `not`");
            return Some(Node::Atom(Atom::Word("not".to_owned())));
        }
        node.map(|node| if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn near(&mut self, within: Option<ValueField>) -> Option<Node> {
        let mut first = self.atom(within);
        let mut rest = Vec::new();
        loop {
            let column = self.column();
            let Some(&Kind::Link(link)) = self.peek() else { break };
            self.tokens.next();
            let link = self.link(link, column);
            if first.is_none() {
                self.warn(column, format!("`{link}` has nothing before it; left out"));
                first = self.atom(within);
                continue;
            }
            if matches!(self.peek(), Some(Kind::Not | Kind::Minus)) {
                self.tokens.next();
                self.warn(column, format!("`{link}` can't be followed by NOT; the NOT is left out"));
            }
            match self.atom(within) {
                Some(node) => rest.push((link, node)),
                None => self.warn(column, format!("`{link}` has nothing after it; left out")),
            }
        }
        let first = first?;
        if rest.is_empty() { Some(first) } else { Some(self.linked(first, rest)) }
    }

    /// Makes distances possible ones.
    fn link(&mut self, link: Link, column: u32) -> Link {
        match link {
            Link::Near(0) => {
                self.warn(column, "`NEAR/0` can match nothing: the next word is 1 away; read as `NEAR/1`");
                Link::Near(1)
            }
            Link::Pre(0) => {
                self.warn(column, "`PRE/0` can match nothing: the next word is 1 away; read as `PRE/1`");
                Link::Pre(1)
            }
            Link::Near(n) | Link::Pre(n) if n > FARTHEST => {
                self.warn(column, format!("`{link}` is farther than a paragraph is long; read as `/p`"));
                Link::Paragraph
            }
            link => link,
        }
    }

    /// Parts near one another: all of them text, of one field.
    fn linked(&mut self, first: Node, rest: Vec<(Link, Node)>) -> Node {
        let field = |node: &Node| if let Node::Field(field, _) = node { Some(*field) } else { None };
        let common = field(&first);
        let bare = |node: Node| match (node, common) {
            (Node::Field(f, of), Some(common)) if f == common => *of,
            (node, _) => node,
        };
        let same = rest.iter().all(|(_, node)| field(node) == common);
        if same {
            let near = Node::Near {
                first: Box::new(bare(first.clone())),
                rest: rest.iter().map(|(link, node)| (*link, bare(node.clone()))).collect(),
            };
            if near.parts().iter().all(|part| is_text(part)) {
                return match common {
                    Some(field) => Node::Field(field, Box::new(near)),
                    None => near,
                };
            }
        }
        let column = self.column().saturating_sub(1);
        let links: Vec<String> = rest.iter().map(|(link, _)| format!("`{link}`")).collect();
        self.warn(
            column,
            format!("only words of one field can stand near one another; {} read as AND", links.join(", ")),
        );
        Node::all(std::iter::once(first).chain(rest.into_iter().map(|(_, node)| node)).collect())
    }

    fn atom(&mut self, within: Option<ValueField>) -> Option<Node> {
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
                    Some(field) => Some(self.read_value(field, &text, column)),
                    None => self.phrase(&text, slop, column),
                }
            }
            Kind::Literal { text, closed } => self.literal(text, closed, column),
            Kind::Word(word) => match within {
                Some(field) => Some(self.read_value(field, &word, column)),
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
                return Some(self.read_value(field, &whole, column));
            }
        }
        self.atom(Some(field)).or_else(|| {
            self.warn(column, format!("`{}:` has no value; taken as a word", field.name()));
            self.word(field.name(), column)
        })
    }

    fn read_value(&mut self, field: ValueField, value: &str, column: u32) -> Node {
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
                let words = [field.name(), value].into_iter().filter_map(|word| self.word(word, column)).collect();
                Node::all(words)
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
        if let Some((word, digits)) = typed.rsplit_once('~')
            && word.contains(is_word)
            && !word.contains(['*', '?'])
            && digits.bytes().all(|b| b.is_ascii_digit())
        {
            return Some(self.fuzzy(trimmed(word, &[]), digits, column));
        }
        let inner = trimmed(typed, &['*']).trim_end_matches('?');
        let pattern = inner.contains('*') || between_letters(inner, '?');
        Some(Node::Atom(if pattern {
            Atom::Pattern(inner.to_owned())
        } else {
            Atom::Word(trimmed(inner, &[]).to_owned())
        }))
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

    /// Counts a word; none once there are too many.
    fn spend(&mut self, column: u32) -> Option<()> {
        self.words += 1;
        if self.words == WORDS + 1 {
            self.warn(column, format!("the query has more than {WORDS} words; the rest is left out"));
        }
        (self.words <= WORDS).then_some(())
    }
}

/// In a group of which any part will do: conditions and fields are wanted all the same, and what AND joins stays joined.
fn any_of(parts: Vec<Part>) -> Node {
    let mut runs: Vec<Vec<Node>> = Vec::new();
    for part in parts {
        match runs.last_mut() {
            Some(run) if part.explicit => run.push(part.node),
            _ => runs.push(vec![part.node]),
        }
    }
    let (mut wanted, mut any) = (Vec::new(), Vec::new());
    for node in runs.into_iter().map(Node::all) {
        match node {
            Node::Not(_) | Node::Filter(_) | Node::Field(..) | Node::All => wanted.push(node),
            _ => any.push(node),
        }
    }
    // Nobody pastes a sentence to find every text with `the` in it.
    if !any.iter().all(is_small) {
        any.retain(|node| !is_small(node));
    }
    if !any.is_empty() {
        wanted.push(Node::any(any));
    }
    Node::all(wanted)
}

/// True for a word that holds sentences together and says nothing alone.
fn is_small(node: &Node) -> bool {
    matches!(node, Node::Atom(Atom::Word(word)) if SMALL_WORDS.contains(&word.to_lowercase().as_str()))
}

/// Words that stand in most articles, whatever they are about.
const SMALL_WORDS: &[&str] = &[
    "a", "about", "after", "an", "and", "are", "as", "at", "be", "been", "but", "by", "did", "do", "does", "for",
    "from", "had", "has", "have", "he", "her", "his", "how", "if", "in", "into", "is", "it", "its", "not", "of", "on",
    "or", "she", "so", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this",
    "those", "to", "was", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will",
    "with", "would",
];

/// True for what has places in a text: words, and groups of them.
fn is_text(node: &Node) -> bool {
    match node {
        Node::Atom(_) => true,
        Node::Near { .. } | Node::And(_) | Node::Or(_) | Node::AtLeast { .. } => node.parts().into_iter().all(is_text),
        Node::All | Node::Nothing | Node::Field(..) | Node::Filter(_) | Node::Not(_) => false,
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tree::Link;
    use super::*;
    use crate::quote;

    const TODAY: Date = Date::constant(2025, 5, 16);

    fn read(query: &str) -> Parsed {
        parse(query, Matching::All, TODAY)
    }

    /// What it is read as; it must be read without a warning.
    #[track_caller]
    fn check(query: &str, expect: &str) {
        let parsed = read(query);
        assert_eq!(parsed.tree.to_string(), expect);
        assert_eq!(parsed.warnings, []);
    }

    /// What it is read as, and how its first warning starts.
    #[track_caller]
    fn warns(query: &str, expect: &str, warning: &str) {
        let parsed = read(query);
        assert_eq!(parsed.tree.to_string(), expect);
        let said = parsed.warnings.first().map(ToString::to_string).unwrap_or_default();
        assert!(said.starts_with(warning), "said: {said}");
    }

    #[test]
    fn words_are_joined_by_and() {
        check("peace talks", "peace AND talks");
        check("peace AND talks", "peace AND talks");
        check("peace, talks.", "peace AND talks");
        check("30-day ceasefire", "30-day AND ceasefire");
        check("a -b", "a AND NOT b");
        check("a NOT b", "a AND NOT b");
        check("a AND NOT NOT b", "a AND b");
        check("peace – talks", "peace AND talks");
    }

    #[test]
    fn groups_and_alternatives() {
        check("a OR b OR c", "a OR b OR c");
        check("(a OR b) c", "(a OR b) AND c");
        check("((a))", "a");
        check("-(a b)", "NOT (a AND b)");
        warns("a b OR c", "(a AND b) OR c", "column 5: AND binds tighter than OR");
        warns("a OR b AND c", "a OR (b AND c)", "column 13: AND binds tighter than OR");
    }

    #[test]
    fn phrases_and_literals() {
        check("\"30-day ceasefire\"", "\"30-day ceasefire\"");
        check("“30-day ceasefire”", "\"30-day ceasefire\"");
        check("\"a b\"~3", "\"a b\"~3");
        check("='Rubio's plan' now", r"='Rubio\'s plan' AND now");
        check("=\"no deal\"", "='no deal'");
        warns("\"open end", "\"open end\"", "column 1: the quotation mark is not closed");
        warns("a \"\"", "a", "column 3: the phrase holds no word");
    }

    #[test]
    fn patterns_and_fuzzy_words() {
        check("negotiat*", "negotiat*");
        check("w?man", "w?man");
        check("*fire", "*fire");
        check("why?", "why");
        check("ceasfire~1", "ceasfire~1");
        check("ceasfire~", "ceasfire~1");
        check("*", "*");
        warns("word~7", "word~2", "column 1: `~7` is too far");
    }

    #[test]
    fn fields() {
        check("speaker:rubio said:breakthrough", "speaker:rubio AND said:breakthrough");
        check("speaker:\"Marco Rubio\"", "speaker:\"Marco Rubio\"");
        check("speaker:(rubio OR putin)", "speaker:(rubio OR putin)");
        check("source:Reuters", "outlet:Reuters");
        check("speaker: rubio", "speaker:rubio");
        check("-speaker:rubio a", "NOT speaker:rubio AND a");
        check("title:='No deal'", "title:='No deal'");
        warns(
            "spaeker:rubio",
            "spaeker:rubio",
            "column 1: `spaeker:` is no field, taken as a word; did you mean `speaker:`?",
        );
        check("http://example.org/a 10:30", "http://example.org/a AND 10:30");
        warns("a speaker:", "a AND speaker", "column 3: `speaker:` has no value");
    }

    #[test]
    fn values() {
        check("date:2025-05", "date:2025-05-01..2025-05-31");
        check("date:(2024 OR 2025-05-16)", "date:2024-01-01..2024-12-31 OR date:2025-05-16");
        check("date:>= 2025-05-01", "date:>=2025-05-01");
        check("kind:(direct OR mixed) confidence:>=0.8", "(kind:direct OR kind:mixed) AND confidence:>=0.80");
        warns("date:May", "date AND May", "column 6: `date:May` can't be read, taken as words: a date is written");
        warns(
            "date:2025-06..2025-05",
            "date:2025-06-01..2025-05-31",
            "column 6: `date:2025-06-01..2025-05-31` ends before",
        );
        warns(
            "date:2025 date:2024",
            "date:2025-01-01..2025-12-31 AND date:2024-01-01..2024-12-31",
            "column 19: the dates contradict",
        );
    }

    #[test]
    fn nearness() {
        check("a NEAR/5 b", "a NEAR/5 b");
        check("a PRE/3 \"b c\" /s d", "a PRE/3 \"b c\" /s d");
        check("(a OR b) /p c", "(a OR b) /p c");
        check("x a NEAR/5 b", "x AND (a NEAR/5 b)");
        check("ATLEAST3(a OR b)", "ATLEAST3(a OR b)");
        check("said:a NEAR/5 said:b", "said:(a NEAR/5 b)");
        warns("a NEAR/0 b", "a NEAR/1 b", "column 3: `NEAR/0` can match nothing");
        warns("a NEAR/999999 b", "a /p b", "column 3: `NEAR/999999` is farther than a paragraph");
        warns("a NEAR/99999999999999 b", "a /p b", "column 3: `NEAR/4294967295` is farther");
        warns("ATLEAST0(a)", "ATLEAST1(a)", "column 1: `ATLEAST0`");
        warns("a NEAR/5", "a", "column 3: `NEAR/5` has nothing after it");
        warns("NEAR/5 a", "a", "column 1: `NEAR/5` has nothing before it");
        warns("a NEAR b", "a AND NEAR AND b", "column 3: `NEAR` is taken as a word; a distance");
        warns("speaker:a NEAR/5 b", "speaker:a AND b", "column 18: only words of one field");
    }

    #[test]
    fn habits_from_elsewhere_get_a_hint() {
        warns("a W/5 b", "a NEAR/5 b", "column 3: `W/5` is written `NEAR/5` here");
        warns("a w/s b", "a /s b", "column 3: `w/s` is written `/s` here");
        warns("hlead(peace)", "title:peace", "column 1: `hlead` is written `title:(…)` here");
        warns("negotiat!", "negotiat", "column 1: `negotiat!` is taken as the word `negotiat`; for every ending write");
        warns("a near5 b", "a NEAR/5 b", "column 3: `near5`");
        warns("atleast5(a)", "ATLEAST5(a)", "column 1: `atleast5`");
    }

    #[test]
    fn what_is_broken_is_still_read() {
        warns("speaker:( \"open", "speaker:\"open\"", "column 9: `(` is not closed");
        warns("a) b", "a AND b", "column 2: `)` closes nothing");
        warns("", "()", "column 1: there is no word");
        warns("?!", "()", "column 1: there is no word");
        warns("AND a", "and AND a", "column 1: `AND` has nothing before it");
        warns("a AND", "a AND and", "column 6: `AND` has nothing after it");
        assert_eq!(read("))talks").tree.to_string(), "talks");
        check(":OR :said:x", r"\OR AND \said:x");
        warns("a OR", "a OR or", "column 5: `OR` has nothing on one side");
        warns("a NOT", "a AND not", "column 3: `NOT` has nothing after it");
        warns("a ()", "a", "column 3: the brackets are empty");
    }

    #[test]
    fn any_of_the_words_but_all_of_the_conditions() {
        let any = |query: &str| parse(query, Matching::Any, TODAY).tree.to_string();
        assert_eq!(any("the peace talks in Istanbul"), "peace OR talks OR Istanbul");
        assert_eq!(any("to be or not to be"), "to OR be OR or OR not OR to OR be");
        assert_eq!(any("peace talks date:2025-05-16 -war"), "date:2025-05-16 AND NOT war AND (peace OR talks)");
        assert_eq!(any("peace AND talks Istanbul"), "(peace AND talks) OR Istanbul");
    }

    #[test]
    fn the_monstrous_is_read_in_bounded_time() {
        for query in [
            "(".repeat(1000) + "a",
            "(".repeat(50_000),
            "NOT ".repeat(25_000),
            "said:".repeat(20_000) + "a",
            "ATLEAST2(".repeat(11_000),
            "a NEAR/5 ".repeat(11_000),
            "a ".repeat(50_000),
            "W/5 ".repeat(25_000),
            "a OR b ".repeat(14_000),
            ") ".repeat(50_000),
            "*".repeat(100_000),
            "date:(".repeat(16_000),
        ] {
            let parsed = read(&query);
            let printed = parsed.tree.to_string();
            assert!(printed.len() < 100_000);
        }
        let nested = format!("{}a b{} c", "(".repeat(1000), ")".repeat(1000));
        assert_eq!(read(&nested).tree.to_string(), "(a AND b) AND c");
        assert!(read(&nested).warnings[0].message.contains("nested deeper than 64"));
    }

    fn atom() -> impl Strategy<Value = Node> {
        let word = "[a-zé][a-z0-9]{0,5}(-[a-z]{1,4})?";
        prop_oneof![
            word.prop_map(Atom::Word),
            "[a-z]{1,4}\\*".prop_map(Atom::Pattern),
            "[a-z]{1,3}\\?[a-z]{1,3}".prop_map(Atom::Pattern),
            (word, 1_u8..3).prop_map(|(w, d)| Atom::Fuzzy(w, d)),
            "[a-z]([ \"“'\\\\][a-z]{1,3}){0,3}".prop_map(Atom::Phrase),
            ("[a-z]{1,3} [a-z]{1,3}", 0_u32..1000).prop_map(|(t, s)| Atom::Loose(t, s)),
            "[a-z][ -~’]{0,8}[a-z]".prop_map(Atom::Literal),
        ]
        .prop_map(Node::Atom)
    }

    /// Groups of text, as they may stand near one another.
    fn text() -> impl Strategy<Value = Node> {
        let link = prop_oneof![
            (1_u32..1000).prop_map(Link::Near),
            (1_u32..1000).prop_map(Link::Pre),
            Just(Link::Sentence),
            Just(Link::Paragraph)
        ];
        atom().prop_recursive(3, 12, 3, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(Node::And),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Node::Or),
                (1_u32..9, inner.clone()).prop_map(|(times, of)| Node::AtLeast { times, of: Box::new(of) }),
                (inner.clone(), prop::collection::vec((link.clone(), inner), 1..3))
                    .prop_map(|(first, rest)| Node::Near { first: Box::new(first), rest }),
            ]
        })
    }

    fn filter() -> impl Strategy<Value = Node> {
        let day =
            (0_i64..20_000).prop_map(|n| Date::constant(1990, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap());
        prop_oneof![
            Just(Filter::Kind(quote::Kind::Mixed)),
            Just(Filter::Attribution(quote::Attribution::Pronoun)),
            (0_u8..=100, 0_u8..=100).prop_map(|(a, b)| Filter::Confidence(a, b)),
            (prop::option::of(day.clone()), prop::option::of(day))
                .prop_map(|(since, until)| Filter::Date(Days { since, until })),
        ]
        .prop_map(Node::Filter)
    }

    fn tree() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![
            text(),
            filter(),
            Just(Node::All),
            (prop::sample::select(Field::ALL.to_vec()), text()).prop_map(|(f, of)| Node::Field(f, Box::new(of))),
        ];
        leaf.prop_recursive(3, 16, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 2..4).prop_map(Node::And),
                prop::collection::vec(inner.clone(), 2..4).prop_map(Node::Or),
                inner.prop_filter("doubled", |n| !matches!(n, Node::Not(_))).prop_map(|n| Node::Not(Box::new(n))),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_as_the_same(tree in tree()) {
            let printed = tree.to_string();
            prop_assert_eq!(&read(&printed).tree, &tree, "{}", printed);
        }

        #[test]
        fn anything_is_read(query in prop_oneof!["\\PC{0,60}", "[a-c ()\":*?~=/'ANDORT-]{0,60}"]) {
            let parsed = read(&query);
            prop_assert_eq!(&read(&parsed.tree.to_string()).tree, &parsed.tree, "{}", parsed.tree);
        }
    }
}

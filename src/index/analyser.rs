//! How terms get into the index.
//!
//! Running text is cut into terms once, by whoever files it, because the place of its quotations is counted in the same
//! positions; it is handed to tantivy as [`written`] down, and the tokenizer of such fields only reads it off again.
//! Names are short, and cut up by their tokenizer.

use std::str::Chars;

use tantivy::Index;
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

use super::schema::{NAME, ROLES, TEXT};
use crate::text::normal::{PlacedRole, Term, TermKind, Terms};

/// Stands before a term at the position of the one before it.
const SAME: char = '\u{1}';
/// Moves on by one position.
const NEXT: char = '\u{2}';

/// Moves on by its number without a role there. No character of a lower number is none.
const FAR: char = '\u{d7ff}';

/// Makes the tokenizers known to an index; without them it can't be written.
pub fn register(index: &Index) {
    register_in(index.tokenizers());
}

/// Makes the tokenizers known to a manager.
pub(super) fn register_in(tokenizers: &TokenizerManager) {
    tokenizers.register(TEXT, TextAnalyzer::from(Written));
    tokenizers.register(ROLES, TextAnalyzer::from(WrittenRoles));
    tokenizers.register(NAME, TextAnalyzer::from(Names::default()));
}

/// Cuts the values of fields into the terms that tantivy would post.
pub(super) struct Cutter {
    written: TextAnalyzer,
    names: TextAnalyzer,
}

impl Default for Cutter {
    fn default() -> Self {
        Cutter { written: TextAnalyzer::from(Written), names: TextAnalyzer::from(Names::default()) }
    }
}

impl Cutter {
    /// Calls `each` with every term of a value; `tokenizer` is that of its field.
    pub(super) fn terms(&mut self, tokenizer: &str, value: &str, mut each: impl FnMut(&str)) {
        let analyzer = match tokenizer {
            TEXT => &mut self.written,
            NAME => &mut self.names,
            // As it is.
            _ => return each(value),
        };
        let mut stream = analyzer.token_stream(value);
        while stream.advance() {
            each(&stream.token().text);
        }
    }
}

/// Appends terms as the tokenizer [`TEXT`] reads them off: each after marks that say how many positions further it is.
/// What the words imply is left out. Terms consist of letters and digits and the signs of [`normal`](crate::text::normal), so no mark is part of one.
pub fn written(terms: &Terms, out: &mut String) {
    let mut at = 0;
    for term in posted(terms) {
        if term.position == at {
            out.push(SAME);
        }
        for _ in at..term.position {
            out.push(NEXT);
        }
        at = term.position;
        out.push_str(term.text);
    }
}

/// Appends the roles of the words as the tokenizer [`ROLES`] reads them off: all are one term, at the positions of
/// [`PlacedRole`]s. Each is a character, how far it is from the one before.
pub fn written_roles(terms: &Terms, out: &mut String) {
    let placed = |term: Term| match term.kind {
        TermKind::Role(role) => Some(PlacedRole::new(term.position, role)),
        _ => None,
    };
    let mut roles: Vec<PlacedRole> = terms.iter().filter_map(placed).collect();
    roles.sort_unstable();
    roles.dedup();
    roles.push(PlacedRole::end(terms.positions()));
    let mut at = 0;
    for PlacedRole(place) in roles {
        let far = place - at;
        out.extend(std::iter::repeat_n(FAR, (far / FAR as u32) as usize));
        out.extend(char::from_u32(far % FAR as u32));
        at = place;
    }
}

/// How many terms [`written`] writes down: the length of a text, as the index's own statistics count it.
pub fn length(terms: &Terms) -> u64 {
    posted(terms).count() as u64
}

fn posted(terms: &Terms) -> impl Iterator<Item = Term<'_>> {
    terms.iter().filter(|term| !matches!(term.kind, TermKind::Implied | TermKind::Role(_)))
}

/// Reads off what [`written`] wrote down.
#[derive(Clone)]
struct Written;

impl Tokenizer for Written {
    type TokenStream<'a> = WrittenStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WrittenStream<'a> {
        WrittenStream { rest: text, token: Token { position: 0, ..Token::default() } }
    }
}

struct WrittenStream<'a> {
    rest: &'a str,
    token: Token,
}

impl TokenStream for WrittenStream<'_> {
    fn advance(&mut self) -> bool {
        // Marks take a byte each, and no other character has a byte that looks like one.
        let is_mark = |byte: &u8| matches!(char::from(*byte), SAME | NEXT);
        let marks = self.rest.bytes().take_while(is_mark).count();
        let (before, term) = self.rest.split_at(marks);
        self.token.position += before.bytes().filter(|&mark| char::from(mark) == NEXT).count();
        let (term, rest) = term.split_at(term.bytes().take_while(|byte| !is_mark(byte)).count());
        self.rest = rest;
        self.token.text.clear();
        self.token.text.push_str(term);
        !term.is_empty()
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Reads off what [`written_roles`] wrote down.
#[derive(Clone)]
struct WrittenRoles;

impl Tokenizer for WrittenRoles {
    type TokenStream<'a> = RoleStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> RoleStream<'a> {
        RoleStream {
            rest: text.chars(),
            token: Token { position: 0, text: PlacedRole::TERM.to_owned(), ..Token::default() },
        }
    }
}

struct RoleStream<'a> {
    rest: Chars<'a>,
    token: Token,
}

impl TokenStream for RoleStream<'_> {
    fn advance(&mut self) -> bool {
        for step in self.rest.by_ref() {
            self.token.position += step as usize;
            if step != FAR {
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Cuts names into terms; its buffers live as long as it does.
#[derive(Clone, Default)]
struct Names {
    terms: Terms,
}

impl Tokenizer for Names {
    type TokenStream<'a> = NameStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> NameStream<'a> {
        self.terms.read_name(text);
        NameStream { terms: &self.terms, next: 0, token: Token::default() }
    }
}

/// The terms of one name as tantivy takes them.
struct NameStream<'a> {
    terms: &'a Terms,
    next: usize,
    token: Token,
}

impl TokenStream for NameStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.get(self.next) else { return false };
        self.next += 1;
        self.token.text.clear();
        self.token.text.push_str(term.text);
        self.token.position = term.position as usize;
        self.token.offset_from = term.span.start as usize;
        self.token.offset_to = term.span.end as usize;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::normal::Role;

    /// What tantivy gets of a text: every term and its position.
    fn handed_over(text: &str) -> Vec<(String, usize)> {
        let (mut terms, mut down) = (Terms::default(), String::new());
        terms.read(text);
        written(&terms, &mut down);
        let mut found = Vec::new();
        Written.token_stream(&down).process(&mut |token| found.push((token.text.clone(), token.position)));
        found
    }

    /// The same of its roles.
    fn roles_handed_over(text: &str) -> Vec<PlacedRole> {
        let (mut terms, mut down) = (Terms::default(), String::new());
        terms.read(text);
        written_roles(&terms, &mut down);
        let mut found = Vec::new();
        WrittenRoles.token_stream(&down).process(&mut |token| found.push(PlacedRole(token.position as u32)));
        found
    }

    #[test]
    fn terms_of_one_place_share_a_position() {
        let amount = [("a", 0), ("30", 1), ("~dollar", 1)];
        let rest = [("deals", 2), ("went", 3), ("~go", 3)];
        let expect: Vec<_> = amount.into_iter().chain(rest).map(|(text, at)| (text.to_owned(), at)).collect();
        assert_eq!(handed_over("A $30 deals went."), expect);
        assert_eq!(handed_over("…"), []);
        let roles = [(0, Role::Determiner), (1, Role::Modifier), (3, Role::Verb), (3, Role::Stop)];
        let placed = roles.map(|(at, role)| PlacedRole::new(at, role)).into_iter().chain([PlacedRole::end(4)]);
        assert_eq!(roles_handed_over("A $30 deals went."), placed.collect::<Vec<_>>());
    }

    #[test]
    fn roles_may_be_far_apart() {
        let text = format!("the {} of", "harbour ".repeat(20_000));
        let placed = [(0, Role::Definite), (20_001, Role::Link), (20_001, Role::Stop)];
        let placed = placed.map(|(at, role)| PlacedRole::new(at, role)).into_iter().chain([PlacedRole::end(20_002)]);
        assert_eq!(roles_handed_over(&text), placed.collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn what_is_written_down_is_read_off(text in "[A-Za-z0-9$. \u{1}\u{2},’-]{0,60}|\\PC{0,40}") {
            let mut terms = Terms::default();
            terms.read(&text);
            let is_posted = |term: &Term| !matches!(term.kind, TermKind::Implied | TermKind::Role(_));
            let expect: Vec<_> = terms.iter().filter(is_posted).map(|term| (term.text.to_owned(), term.position as usize)).collect();
            let positions = expect.last().map_or(0, |(_, at)| *at as u32 + 1);
            prop_assert_eq!(handed_over(&text), expect);
            let expect = terms.iter().filter_map(|term| match term.kind {
                TermKind::Role(role) => Some(PlacedRole::new(term.position, role)),
                _ => None,
            });
            let mut expect: Vec<_> = expect.chain([PlacedRole::end(positions)]).collect();
            expect.sort_unstable();
            expect.dedup();
            prop_assert_eq!(roles_handed_over(&text), expect);
        }
    }
}

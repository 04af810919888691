//! How text becomes terms in the index: the tokenizers of running text and of names, over [`text::normal`].
//!
//! [`text::normal`]: crate::text::normal

use tantivy::Index;
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

use super::schema::{NAME, TEXT};
use crate::text::normal::Terms;

/// Makes the tokenizers known to an index; without them it can neither be written nor searched.
pub fn register(index: &Index) {
    index.tokenizers().register(TEXT, TextAnalyzer::from(Analyser { terms: Terms::default(), read: Terms::read }));
    index.tokenizers().register(NAME, TextAnalyzer::from(Analyser { terms: Terms::default(), read: Terms::read_name }));
}

/// Reads texts into terms; its buffers live as long as it does.
#[derive(Clone)]
struct Analyser {
    terms: Terms,
    read: fn(&mut Terms, &str),
}

impl Tokenizer for Analyser {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        (self.read)(&mut self.terms, text);
        Stream { terms: &self.terms, next: 0, token: Token::default() }
    }
}

/// The terms of one text as tantivy takes them.
struct Stream<'a> {
    terms: &'a Terms,
    next: usize,
    token: Token,
}

impl TokenStream for Stream<'_> {
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
    use super::*;

    #[test]
    fn terms_of_one_place_share_a_position() {
        let mut analyser = Analyser { terms: Terms::default(), read: Terms::read };
        let mut stream = analyser.token_stream("A $30 deals.");
        let mut found = Vec::new();
        stream
            .process(&mut |token| found.push((token.text.clone(), token.position, token.offset_from..token.offset_to)));
        let expect = [("a", 0, 0..1), ("30", 1, 3..5), ("~dollar", 1, 2..5), ("deals", 2, 6..11), ("~deal", 2, 6..11)];
        assert_eq!(found, expect.map(|(text, position, span)| (text.to_owned(), position, span)));
    }
}

//! Text as the analysis sees it: offsets, tokens, sentences, paragraphs. Knows nothing of news.
//!
//! Everything in here is linear in the input, never fails and never panics, whatever the bytes.

mod indent;
mod multilingual;
pub mod normal;
mod offset;
mod paragraph;
mod sentence;
mod span;
pub mod stem;
mod text_quote;
mod token;
pub mod wording;
mod wrap;

pub(crate) use indent::Indents;
pub use multilingual::is_ideograph;
pub use offset::{CharSpan, CodePoints};
pub use paragraph::paragraphs;
pub use span::Span;
pub use text_quote::TextQuote;
pub use token::{Token, TokenKind, is_invisible};
pub(crate) use wrap::Wrap;

#[cfg(test)]
thread_local! {
    /// How often a word was looked at: tests count steps instead of time.
    pub(crate) static WORDS_READ: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// A body cut into paragraphs, sentences and tokens. Borrows the body; all offsets are bytes into it.
#[derive(Debug)]
pub struct Text<'a> {
    /// The body as read.
    pub raw: &'a str,
    /// Paragraphs in order, without the white space around them.
    pub paragraphs: Vec<Unit>,
    /// Sentences in order; none crosses a paragraph.
    pub sentences: Vec<Unit>,
    /// Tokens in order.
    pub tokens: Vec<Token>,
}

/// A stretch of text that holds whole tokens: a sentence or a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// Its place in the body.
    pub span: Span,
    /// Index of its first token.
    pub first: u32,
    /// Index after its last token.
    pub end: u32,
}

impl Unit {
    /// Indices of its tokens.
    pub fn tokens(self) -> std::ops::Range<usize> {
        self.first as usize..self.end as usize
    }
}

impl<'a> Text<'a> {
    /// Cuts `raw` into tokens and sentences within the given paragraphs.
    ///
    /// `paragraphs` must be in order and must not overlap; text outside them is not analysed.
    pub fn new(raw: &'a str, paragraphs: &[Span]) -> Self {
        // Of prose, a token comes every five bytes.
        let tokens = Vec::with_capacity(raw.len() / 5 + 16);
        let mut text = Text { raw, paragraphs: Vec::with_capacity(paragraphs.len()), sentences: Vec::new(), tokens };
        for (number, &span) in paragraphs.iter().enumerate() {
            let first = text.tokens.len();
            token::tokenize(raw, span, number as u32, &mut text.tokens);
            sentence::split(raw, first, &mut text.tokens, &mut text.sentences);
            text.paragraphs.push(Unit { span, first: first as u32, end: text.tokens.len() as u32 });
        }
        text
    }

    /// The characters of token `i`; empty if `i` is out of range.
    pub fn word(&self, i: usize) -> &'a str {
        #[cfg(test)]
        WORDS_READ.with(|count| count.set(count.get() + 1));
        self.tokens.get(i).map_or("", |t| t.span.of(self.raw))
    }
}

//! An article's tokens as the entity room sees them: folded keys and the lists they are in, worked out once.

use std::ops::Range;

use super::fold::{phrase, word_key};
use super::gazetteer::{Lists, gazetteer};
use super::name_start::NameStart;
use crate::language::english;
use crate::text::{Span, Text, is_invisible};

/// What is known of a token's word.
#[derive(Debug, Clone, Copy)]
pub(super) struct WordInfo {
    /// Its [`word_key`].
    pub(super) key: u64,
    /// Lists that it is in by itself.
    pub(super) lists: Lists,
    /// Whether a name can start with it.
    pub(super) starts: NameStart,
}

/// The tokens of a text and what is known of their words.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    pub(super) text: &'t Text<'t>,
    /// One for each token; empty where it is worked out whenever it is asked for.
    known: Vec<WordInfo>,
}

impl<'t> Tokens<'t> {
    /// Tokens of which little will be asked.
    pub(super) fn new(text: &'t Text<'t>) -> Self {
        Tokens { text, known: Vec::new() }
    }

    /// Tokens of which all is known beforehand.
    pub(super) fn known(text: &'t Text<'t>, known: Vec<WordInfo>) -> Self {
        Tokens { text, known }
    }

    /// Number of tokens.
    pub(super) fn len(&self) -> usize {
        self.text.tokens.len()
    }

    /// The characters of token `i`; empty outside the text.
    pub(super) fn word(&self, i: usize) -> &'t str {
        self.text.word(i)
    }

    /// The key of token `i`; that of an empty word outside the text.
    pub(super) fn key(&self, i: usize) -> u64 {
        self.known.get(i).map_or_else(|| word_key(self.word(i)), |k| k.key)
    }

    /// The key of a phrase of several tokens.
    pub(super) fn key_of(&self, tokens: Range<usize>) -> u64 {
        tokens.fold(0, |key, i| phrase(key, self.key(i)))
    }

    /// The lists of token `i`; none outside the text.
    pub(super) fn lists(&self, i: usize) -> Lists {
        self.known.get(i).map_or_else(|| gazetteer().look_up(self.word(i)), |k| k.lists)
    }

    /// Whether a name can start with token `i`.
    pub(super) fn starts(&self, i: usize) -> NameStart {
        self.known.get(i).map_or_else(|| NameStart::of(self.word(i)), |k| k.starts)
    }

    /// The sentence of token `i`; one that does not exist outside the text.
    pub(super) fn sentence(&self, i: usize) -> u32 {
        self.text.tokens.get(i).map_or(u32::MAX, |t| t.sentence)
    }

    /// The paragraph of token `i`; one that does not exist outside the text.
    pub(super) fn paragraph(&self, i: usize) -> u32 {
        self.text.tokens.get(i).map_or(u32::MAX, |t| t.paragraph)
    }

    /// True if tokens `i` and `j` are in one sentence.
    pub(super) fn same_sentence(&self, i: usize, j: usize) -> bool {
        self.sentence(i) == self.sentence(j) && i < self.len()
    }

    /// The first token of the sentence of token `i`.
    pub(super) fn sentence_start(&self, i: usize) -> usize {
        self.text.sentences.get(self.sentence(i) as usize).map_or(i, |s| s.first as usize)
    }

    /// The first token of a paragraph; the number of tokens for one that does not exist.
    pub(super) fn first_of_paragraph(&self, paragraph: usize) -> usize {
        self.text.tokens.partition_point(|t| (t.paragraph as usize) < paragraph)
    }

    /// The span of tokens `first` to before `end`.
    pub(super) fn span(&self, first: usize, end: usize) -> Span {
        match (self.text.tokens.get(first), self.text.tokens.get(end.saturating_sub(1))) {
            (Some(a), Some(b)) => a.span.cover(b.span),
            _ => Span::default(),
        }
    }

    /// The characters of tokens `first` to before `end`, white space made single spaces.
    pub(super) fn phrase(&self, first: usize, end: usize) -> String {
        let raw = self.span(first, end).of(self.text.raw);
        raw.split(|c: char| c.is_whitespace() || is_invisible(c))
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Tokens that lie within `span`, as a range of indices.
    pub(super) fn within(&self, span: Span) -> std::ops::Range<usize> {
        let first = self.text.tokens.partition_point(|t| t.span.start < span.start);
        let end = self.text.tokens.partition_point(|t| t.span.start < span.end);
        first..end.max(first)
    }
}

/// True if the word starts with a capital letter.
pub(super) fn is_capitalised(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// True if the word has two letters or more and none of them is small.
pub(super) fn is_all_capitals(word: &str) -> bool {
    let mut letters = 0;
    for c in word.chars() {
        if c.is_lowercase() {
            return false;
        }
        letters += usize::from(c.is_alphabetic());
    }
    letters >= 2
}

/// The marks that close what this one opens.
pub(super) fn mark_after(open: &str) -> Option<&'static [&'static str]> {
    Some(match open {
        "(" => &[")"],
        "\"" => &["\""],
        "“" => &["”"],
        "'" => &["'"],
        "‘" => &["’", "'"],
        _ => return None,
    })
}

/// `Jr.`, `Sr`, `II`: not a name of its own.
pub(super) fn is_generation(word: &str) -> bool {
    english().names.generations.contains(&word.trim_end_matches('.').to_ascii_lowercase())
}

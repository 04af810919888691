//! What goes in is found: every word, every run of words and every quotation of any text, by its own characters.

use onrecord::article::Article;
use onrecord::query::Atom;
use onrecord::search::{Annotated, Backend as _, By, Request};
use onrecord::text::normal::{TermKind, Terms, is_word};

use super::Indexed;

/// Words looked up in one text: enough to meet all that a short text holds.
const WORDS: usize = 24;

/// Indexes a text and looks up what it holds.
pub fn round_trip(text: &str) {
    let indexed = Indexed::new(&[text]);
    for article in &indexed.articles {
        let stored = indexed.engine.article(&article.meta.id).expect("an article that is there");
        assert_eq!(stored.text, article.text);
        quotations(&indexed, &stored);
        words(&indexed, article);
    }
}

/// Every quotation is a hit, and its text is what its offsets give.
fn quotations(indexed: &Indexed, stored: &Annotated) {
    let chars: Vec<char> = stored.text.chars().collect();
    let request = Request { query: "said:*".to_owned(), by: Some(By::Quote), limit: u64::MAX, ..Request::default() };
    let found = indexed.engine.search(&request).expect("an answer");
    assert_eq!(found.total, stored.quotes.len() as u64, "{:?}", stored.quotes);
    for quote in found.hits.iter().flat_map(|hit| &hit.quotes) {
        let parts: Vec<String> =
            quote.content.iter().map(|part| chars[part.start as usize..part.end as usize].iter().collect()).collect();
        assert_eq!(quote.text.as_deref(), Some(parts.join(" … ").as_str()), "{quote:?}");
        assert!(stored.quotes.iter().any(|known| known.content == quote.content), "{quote:?}");
    }
}

/// Words, and runs of two and three of them as they stand, are found in their paragraph; words that did not go up in a
/// number or an acronym are found in every form as well.
fn words(indexed: &Indexed, article: &Article) {
    let mut terms = Terms::default();
    for (n, paragraph) in (0..).zip(&article.paragraphs) {
        let text = paragraph.of(&article.text);
        let words = spans(text);
        for (at, &(start, end)) in words.iter().enumerate().take(WORDS) {
            found(indexed, &Atom::Literal(text[start..end].to_owned()), n);
            if let Some(&(_, end)) = words.get(at + 1 + at % 2) {
                found(indexed, &Atom::Literal(text[start..end].to_owned()), n);
            }
        }
        terms.read(text);
        let alone = terms.iter().filter(|term| matches!(term.kind, TermKind::Plain | TermKind::Surface));
        for term in alone.take(WORDS) {
            found(indexed, &Atom::Phrase(term.span.of(text).to_owned()), n);
        }
    }
}

/// Where the words of `text` stand: runs of what no literal may be cut out of, a letter or a digit among it.
fn spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut rest = 0;
    for run in text.split(|c| !is_word(c)) {
        if run.contains(char::is_alphanumeric) {
            spans.push((rest, rest + run.len()));
        }
        rest += run.len() + text[rest + run.len()..].chars().next().map_or(0, char::len_utf8);
    }
    spans
}

#[track_caller]
fn found(indexed: &Indexed, atom: &Atom, paragraph: u32) {
    let request = Request { query: atom.to_string(), by: Some(By::Passage), limit: u64::MAX, ..Request::default() };
    let answer = indexed.engine.search(&request).expect("an answer");
    let there = answer.hits.iter().any(|hit| hit.paragraph == paragraph);
    assert!(there, "{atom:?} as {} is not found in paragraph {paragraph}, read as {}", request.query, answer.read_as);
}

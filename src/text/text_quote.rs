//! Words of a text that are found again after it changed.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation as _;

use super::normal::folded;
use super::{CharSpan, CodePoints, Span};

/// Code points of context that words are kept with.
const CONTEXT: u32 = 32;

/// Of fewer words, all must be there.
const FEWEST: i64 = 4;

/// Words of a text and what is around them, as in the W3C `TextQuoteSelector`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextQuote {
    /// The words.
    pub exact: String,
    /// What is before them.
    pub prefix: String,
    /// What is after them.
    pub suffix: String,
}

impl TextQuote {
    /// The words of a span.
    pub fn of(text: &str, span: CharSpan) -> Self {
        let points = CodePoints::new(text);
        let words = |start, end| points.bytes(CharSpan { start, end }).of(text).to_owned();
        TextQuote {
            exact: words(span.start, span.end),
            prefix: words(span.start.saturating_sub(CONTEXT), span.start),
            suffix: words(span.end, span.end.saturating_add(CONTEXT)),
        }
    }

    /// Where the words are; of several places, the one with most of the same text around it. Where the text changed, the
    /// stretch that has most of the words, if these are three in four.
    pub fn find(&self, text: &str) -> Option<CharSpan> {
        self.find_exactly(text).or_else(|| self.find_changed(text))
    }

    fn find_exactly(&self, text: &str) -> Option<CharSpan> {
        let alike = |at: usize| {
            let (before, after) = text.split_at_checked(at)?;
            let after = after.get(self.exact.len()..)?;
            let before = before.chars().rev().zip(self.prefix.chars().rev()).take_while(|(a, b)| a == b).count();
            Some(before + after.chars().zip(self.suffix.chars()).take_while(|(a, b)| a == b).count())
        };
        let (at, _) = text.match_indices(&self.exact).max_by_key(|(at, _)| alike(*at))?;
        let start = text.get(..at)?.chars().count() as u32;
        Some(CharSpan { start, end: start + self.exact.chars().count() as u32 })
    }

    fn find_changed(&self, text: &str) -> Option<CharSpan> {
        // How often each word is still to be found.
        let mut missing: FxHashMap<String, i64> = FxHashMap::default();
        self.exact.unicode_words().for_each(|word| *missing.entry(folded(word)).or_default() += 1);
        let wanted: i64 = missing.values().sum();
        if wanted < FEWEST {
            return None;
        }
        let words: Vec<(usize, &str)> = text.unicode_word_indices().collect();
        let folds: Vec<String> = words.iter().map(|(_, word)| folded(word)).collect();
        let is_wanted: Vec<bool> = folds.iter().map(|word| missing.contains_key(word)).collect();
        let (mut found, mut best) = (0, (0, 0));
        for (end, word) in folds.iter().enumerate() {
            if let Some(left) = missing.get_mut(word) {
                found += i64::from(*left > 0);
                *left -= 1;
            }
            let out = end.checked_sub(wanted as usize).and_then(|out| folds.get(out));
            if let Some(left) = out.and_then(|word| missing.get_mut(word)) {
                *left += 1;
                found -= i64::from(*left > 0);
            }
            best = best.max((found, end));
        }
        let (found, end) = best;
        if 4 * found < 3 * wanted {
            return None;
        }
        let wanted_at = |at: &usize| is_wanted.get(*at).is_some_and(|wanted| *wanted);
        let first = ((end + 1).saturating_sub(wanted as usize)..=end).find(wanted_at)?;
        let last = (first..=end).rev().find(wanted_at)?;
        let (&(start, _), &(last, word)) = (words.get(first)?, words.get(last)?);
        Some(CodePoints::new(text).chars(Span::new(start, last + word.len())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_again_where_the_text_around_them_is_alike() {
        let text = "Ann said “no deal” on Monday. Bo said “no deal” on Friday.";
        let at = |text: &str, before: &str| {
            let start = text.split(before).next().unwrap_or_default().chars().count() + before.chars().count();
            CharSpan { start: start as u32, end: start as u32 + 9 }
        };
        let second = TextQuote::of(text, at(text, "Bo said "));
        assert_eq!(second.exact, "“no deal”");
        let grown = format!("Städte zuerst. {text}");
        assert_eq!(second.find(&grown), Some(at(&grown, "Bo said ")));
        assert_eq!(second.find("No deal was said."), None);
    }

    #[test]
    fn words_of_which_a_few_changed_are_found_again() {
        let exact = "We will not pay the toll".to_owned();
        let words = TextQuote { exact, prefix: String::new(), suffix: String::new() };
        let found = |text: &str| {
            let span = words.find(text)?;
            Some(text.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect::<String>())
        };
        let text = "Élan wants to pay. “We will not pay the ferry toll,” she said. We will not.";
        assert_eq!(found(text).as_deref(), Some("will not pay the ferry toll"));
        assert_eq!(found("“We shall not pay the toll,” she said.").as_deref(), Some("We shall not pay the toll"));
        assert_eq!(found("They pay nothing. The toll is high."), None);
        assert_eq!(found(""), None);
    }
}

//! Words of a text that are found again after it changed.

use serde::{Deserialize, Serialize};

use super::{CharSpan, CodePoints};

/// Code points of context that words are kept with.
const CONTEXT: u32 = 32;

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

    /// Where the words are; of several places, the one with most of the same text around it.
    pub fn find(&self, text: &str) -> Option<CharSpan> {
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
}

//! Patterns and misspelt words: every word of the index that fits.

use std::cell::Cell;

use crate::engine::Error;
use crate::engine::plan::dictionary::Counted;
use crate::engine::plan::planner::{MOST_LISTED, Planner};
use crate::engine::spans::query::SpanQuery;
use crate::query::distance;
use crate::text::normal::{PART, folded, is_word};

/// Terms that a pattern or misspelt word may match: more would take too long to search for.
const MOST_TERMS: usize = 4096;
/// Terms that all patterns and misspelt words of a query may match together, each as often as it is searched for.
const MOST_TERMS_TOGETHER: usize = 1 << 18;
/// Words between two looks at the clock.
const WORDS: u32 = 1024;

impl Planner<'_> {
    /// A phrase in which some words are patterns: `"cease* talks"`.
    pub(crate) fn phrase_of_patterns(&mut self, text: &str) -> SpanQuery {
        let words = text.split(|c: char| !is_word(c) && c != '*').filter(|w| w.contains(is_word));
        let parts: Vec<SpanQuery> = words
            .flat_map(|word| {
                if word.contains('*') {
                    vec![self.pattern(word)]
                } else {
                    self.tokens(word).iter().map(|token| self.token(token)).collect()
                }
            })
            .collect();
        SpanQuery::Sequence(parts)
    }

    pub(crate) fn pattern(&mut self, pattern: &str) -> SpanQuery {
        let pieces: Vec<&str> =
            pattern.split(|c: char| !is_word(c) && c != '*' && c != '?').filter(|p| p.contains(is_word)).collect();
        if let [_, _, ..] = pieces.as_slice() {
            return SpanQuery::Sequence(pieces.iter().map(|piece| self.pattern_piece(piece)).collect());
        }
        self.pattern_piece(pieces.first().unwrap_or(&""))
    }

    fn pattern_piece(&mut self, piece: &str) -> SpanQuery {
        let signs: Vec<char> = piece
            .split_inclusive(['*', '?'])
            .flat_map(|part| match part.strip_suffix(['*', '?']) {
                Some(word) => folded(word).chars().chain(part.chars().next_back()).collect::<Vec<char>>(),
                None => folded(part).chars().collect(),
            })
            .collect();
        let prefix: String = signs.iter().take_while(|c| !matches!(c, '*' | '?')).collect();
        let words = self.words(piece, &prefix, &|word| fits_pattern(&signs, word));
        self.matching(piece, words)
    }

    pub(crate) fn fuzzy(&mut self, word: &str, most: u8) -> SpanQuery {
        let (word, most) = (folded(word), usize::from(most));
        let length = word.chars().count();
        let part = format!("{word}~{most}");
        let words = self.words(&part, "", &|other| {
            // Bytes are at most four a letter, so this rules nothing out that fits.
            other.len() + most >= length && other.len() <= 4 * (length + most) && distance(&word, other, most) <= most
        });
        self.matching(&part, words)
    }

    /// The words of the dictionary that fit. Reading all of it is costly, so a part is read once, and no word is looked at past
    /// the deadline.
    fn words(&mut self, part: &str, prefix: &str, fits: &dyn Fn(&str) -> bool) -> Vec<Counted> {
        if let Some(known) = self.matched.get(part) {
            return known.clone();
        }
        let (left, is_past) = (Cell::new(0_u32), Cell::new(false));
        let in_time = |word: &str| {
            left.set(left.get().checked_sub(1).unwrap_or(WORDS));
            if left.get() == WORDS && self.deadline.is_past() {
                is_past.set(true);
            }
            !is_past.get() && fits(word)
        };
        let words = self.deadline.check().and_then(|()| self.dictionary.words(prefix, &in_time));
        let words = words.and_then(|words| if is_past.get() { Err(self.deadline.error()) } else { Ok(words) });
        let words = words.and_then(|words| {
            let terms = words.len();
            let too_many = || Error::TooManyTerms { part: part.to_owned(), terms, limit: MOST_TERMS };
            if terms > MOST_TERMS { Err(too_many()) } else { Ok(words) }
        });
        let words = self.read(words);
        self.matched.insert(part.to_owned(), words.clone());
        words
    }

    /// A term set of all the words that match a pattern, listed.
    fn matching(&mut self, part: &str, words: Vec<Counted>) -> SpanQuery {
        self.pattern_terms += words.len();
        if self.pattern_terms > MOST_TERMS_TOGETHER {
            self.read::<()>(Err(Error::TooManyPatterns { limit: MOST_TERMS_TOGETHER }));
            return SpanQuery::Any(Vec::new());
        }
        for word in words.iter().filter(|w| !w.term.starts_with(PART)).take(MOST_LISTED) {
            self.list(part.to_owned(), "forms", word.term.clone());
        }
        self.any_term(words.into_iter().map(|word| word.term).collect())
    }
}

/// True if `word` fits a pattern of letters, `*` for any letters and `?` for one. Linear in the word for each `*`.
fn fits_pattern(pattern: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let (mut p, mut w) = (0, 0);
    // Where the last `*` is, and how much of the word it has swallowed.
    let mut star: Option<(usize, usize)> = None;
    while w < word.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, w));
                p += 1;
            }
            Some(&c) if c == '?' || Some(&c) == word.get(w) => {
                p += 1;
                w += 1;
            }
            _ => {
                let Some((at, swallowed)) = star else { return false };
                star = Some((at, swallowed + 1));
                p = at + 1;
                w = swallowed + 1;
            }
        }
    }
    pattern.iter().skip(p).all(|&c| c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, word: &str, expect: bool) {
        let pattern: Vec<char> = pattern.chars().collect();
        assert_eq!(fits_pattern(&pattern, word), expect);
    }

    #[test]
    fn patterns_fit_whole_words() {
        check("negotiat*", "negotiations", true);
        check("negotiat*", "renegotiate", false);
        check("w?man", "woman", true);
        check("w?man", "wman", false);
        check("*fire", "ceasefire", true);
        check("c*f*e", "ceasefire", true);
        check("c*x*", "ceasefire", false);
        check("a*", "a", true);
        check("a?*", "a", false);
    }
}

//! Patterns and misspelt words: every word of the index that fits.

use super::lexicon::{Counted, MOST_WORDS, fits_pattern};
use super::places::Sought;
use super::planner::{MOST_LISTED, Planner};
use crate::query::distance;
use crate::text::normal::{PART, folded, is_word};

impl Planner<'_> {
    /// A phrase in which some words are patterns: `"cease* talks"`.
    pub(super) fn phrase_of_patterns(&mut self, text: &str) -> Sought {
        let words = text.split(|c: char| !is_word(c) && c != '*').filter(|w| w.contains(is_word));
        let parts: Vec<Sought> = words
            .flat_map(|word| {
                if word.contains('*') {
                    vec![self.pattern(word)]
                } else {
                    self.slots(word).iter().map(|slot| self.slot(slot)).collect()
                }
            })
            .collect();
        Sought::Sequence(parts)
    }

    pub(super) fn pattern(&mut self, pattern: &str) -> Sought {
        let pieces: Vec<&str> =
            pattern.split(|c: char| !is_word(c) && c != '*' && c != '?').filter(|p| p.contains(is_word)).collect();
        if let [_, _, ..] = pieces.as_slice() {
            return Sought::Sequence(pieces.iter().map(|piece| self.pattern_piece(piece)).collect());
        }
        self.pattern_piece(pieces.first().unwrap_or(&""))
    }

    fn pattern_piece(&mut self, piece: &str) -> Sought {
        let signs: Vec<char> = piece
            .split_inclusive(['*', '?'])
            .flat_map(|part| match part.strip_suffix(['*', '?']) {
                Some(word) => folded(word).chars().chain(part.chars().next_back()).collect::<Vec<char>>(),
                None => folded(part).chars().collect(),
            })
            .collect();
        let prefix: String = signs.iter().take_while(|c| !matches!(c, '*' | '?')).collect();
        let words = self.read(self.lexicon.words(&prefix, |word| fits_pattern(&signs, word)));
        self.stand_for(piece, words)
    }

    pub(super) fn fuzzy(&mut self, word: &str, most: u8) -> Sought {
        let (word, most) = (folded(word), usize::from(most));
        let length = word.chars().count();
        let words = self.lexicon.words("", |other| {
            // Bytes are at most four a letter, so this rules nothing out that fits.
            other.len() + most >= length && other.len() <= 4 * (length + most) && distance(&word, other, most) <= most
        });
        let words = self.read(words);
        self.stand_for(&format!("{word}~{most}"), words)
    }

    /// A leaf of all the words that a pattern stands for, listed.
    fn stand_for(&mut self, part: &str, mut words: Vec<Counted>) -> Sought {
        if words.len() > MOST_WORDS {
            self.warnings.push(format!(
                "`{part}` stands for {} words; the {MOST_WORDS} most frequent are searched for: make it longer",
                words.len()
            ));
            words.truncate(MOST_WORDS);
        }
        for word in words.iter().filter(|w| !w.term.starts_with(PART)).take(MOST_LISTED) {
            self.list(part.to_owned(), "forms", word.term.clone());
        }
        self.leaf(words.into_iter().map(|word| word.term).collect())
    }
}

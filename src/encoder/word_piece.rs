//! Words to pieces: the `WordPiece` tokenizer of BERT uncased (Devlin et al. 2019), one word at a time.
//!
//! As `BertTokenizer` of Hugging Face: control characters are dropped, text is decomposed and loses its accents, is
//! lower-cased, and is split at punctuation and around CJK ideographs; then the longest piece that the rest of the word
//! starts with is taken, again and again.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::weights::{Tensors, WeightsError};

/// Id of `[UNK]`, the piece for what the vocabulary does not cover.
pub(super) const UNKNOWN: u32 = 100;
/// Id of `[CLS]`, the first piece of a window.
pub(super) const CLS: u32 = 101;
/// Id of `[SEP]`, the last piece of a window.
pub(super) const SEP: u32 = 102;

/// Words of more characters are unknown.
const MAX_CHARACTERS: usize = 100;

/// Words that are kept; past this many the cache starts anew.
const CAPACITY: usize = 1 << 16;

/// Longer words, in bytes, are not kept.
const MAX_CACHED: usize = 64;

/// The pieces there are. Shared by threads.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    /// Ids of pieces that start a word.
    first: FxHashMap<Box<str>, u32>,
    /// Ids of pieces that go on with a word, without their `##`.
    further: FxHashMap<Box<str>, u32>,
    /// Bytes of the longest piece.
    longest: usize,
}

impl Vocabulary {
    /// Reads the vocabulary from a file.
    pub(super) fn from_tensors(tensors: &Tensors) -> Result<Self, WeightsError> {
        Ok(Self::new(tensors.text("vocabulary")?.split('\n')))
    }

    /// A vocabulary of pieces in the order of their ids.
    pub(super) fn new<'p>(pieces: impl Iterator<Item = &'p str>) -> Self {
        let mut vocabulary = Vocabulary::default();
        for (piece, id) in pieces.zip(0..) {
            vocabulary.longest = vocabulary.longest.max(piece.len());
            let (table, piece) = match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => (&mut vocabulary.further, rest),
                _ => (&mut vocabulary.first, piece),
            };
            table.insert(piece.into(), id);
        }
        vocabulary
    }

    /// Appends the pieces of a word that is lower-cased and split already.
    fn split(&self, word: &str, pieces: &mut Vec<u32>) {
        let start = pieces.len();
        let mut rest = word;
        let mut table = &self.first;
        if word.chars().nth(MAX_CHARACTERS).is_some() {
            pieces.push(UNKNOWN);
            return;
        }
        while !rest.is_empty() {
            let ends = (1..=rest.len().min(self.longest)).rev();
            let found = ends
                .filter_map(|end| rest.split_at_checked(end))
                .find_map(|(piece, rest)| Some((table.get(piece)?, rest)));
            let Some((id, after)) = found else {
                pieces.truncate(start);
                pieces.push(UNKNOWN);
                return;
            };
            pieces.push(*id);
            (rest, table) = (after, &self.further);
        }
    }
}

/// Cuts words into pieces, keeping those seen lately. One a thread.
#[derive(Debug, Clone)]
pub(super) struct WordPieces<'v> {
    vocabulary: &'v Vocabulary,
    /// Where in `pieces` those of a word are.
    words: FxHashMap<Box<str>, (usize, usize)>,
    pieces: Vec<u32>,
    /// Pieces of the last word that was not kept.
    uncached: Vec<u32>,
    normal: String,
}

impl<'v> WordPieces<'v> {
    /// A tokenizer that has seen no words yet.
    pub(super) fn new(vocabulary: &'v Vocabulary) -> Self {
        let (words, normal) = (FxHashMap::default(), String::new());
        WordPieces { vocabulary, words, pieces: Vec::new(), uncached: Vec::new(), normal }
    }

    /// The pieces of a word; none if nothing of it can be seen.
    pub(super) fn pieces(&mut self, word: &str) -> &[u32] {
        if word.len() > MAX_CACHED {
            self.uncached.clear();
            cut(self.vocabulary, word, &mut self.normal, &mut self.uncached);
            return &self.uncached;
        }
        let (start, end) = match self.words.get(word) {
            Some(range) => *range,
            None => self.add(word),
        };
        self.pieces.get(start..end).unwrap_or_default()
    }

    /// Cuts a word and keeps its pieces.
    fn add(&mut self, word: &str) -> (usize, usize) {
        if self.words.len() >= CAPACITY {
            self.words.clear();
            self.pieces.clear();
        }
        let start = self.pieces.len();
        cut(self.vocabulary, word, &mut self.normal, &mut self.pieces);
        let range = (start, self.pieces.len());
        self.words.insert(word.into(), range);
        range
    }
}

/// Appends the pieces of a word. `normal` is a buffer.
fn cut(vocabulary: &Vocabulary, word: &str, normal: &mut String, pieces: &mut Vec<u32>) {
    normal.clear();
    let kept = word.chars().filter(|c| !is_control(*c)).nfd().filter(|c| !is_accent(*c));
    for c in kept.flat_map(char::to_lowercase) {
        match c {
            _ if is_space(c) => normal.push(' '),
            _ if is_punctuation(c) || is_ideograph(c) => normal.extend([' ', c, ' ']),
            _ => normal.push(c),
        }
    }
    for part in normal.split(' ').filter(|part| !part.is_empty()) {
        vocabulary.split(part, pieces);
    }
}

/// White space, as BERT sees it.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// What is dropped: control, format and private characters, other than white space.
fn is_control(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => false,
        '\u{fffd}' => true,
        _ => {
            let is_other = c.general_category_group() == GeneralCategoryGroup::Other;
            is_other && c.general_category() != GeneralCategory::Unassigned
        }
    }
}

fn is_accent(c: char) -> bool {
    !c.is_ascii() && c.general_category() == GeneralCategory::NonspacingMark
}

/// Punctuation; of ASCII also what Unicode counts among the symbols.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() || !c.is_ascii() && c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// Ideographs that are words by themselves; Hangul, kana and other scripts are not.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2a6df}' | '\u{2a700}'..='\u{2b73f}'
        | '\u{2b740}'..='\u{2b81f}' | '\u{2b920}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expect: &[u32]) {
        let vocabulary = Vocabulary::new(["[PAD]", "don", "'", "t", "zur", "##ich", "ing", "##ing"].into_iter());
        let mut pieces = WordPieces::new(&vocabulary);
        assert_eq!(pieces.pieces(word), expect);
        assert_eq!(pieces.pieces(word), expect, "from the cache");
    }

    #[test]
    fn words_are_cut_into_the_longest_pieces() {
        check("don't", &[1, 2, 3]);
        check("Zürich", &[4, 5]);
        check("ting", &[3, 7]);
        check("ING", &[6]);
        check("", &[]);
        check("tx't", &[UNKNOWN, 2, 3]);
        check(&"t".repeat(101), &[UNKNOWN]);
    }
}

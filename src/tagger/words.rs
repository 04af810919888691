//! Attributes of words, computed once for each distinct word and thread.

use rustc_hash::FxHashMap;

use super::lexicon::{Entry, Lexicon};
use super::spelling::{Case, attribute, class, identity, shape};
use crate::text::Text;

/// Index of a distinct word in [`Words`].
pub type WordId = u32;

/// Distinct words kept from text to text; past this many the cache starts anew with the next text.
const CAPACITY: usize = 1 << 17;

/// What can be told of a word by itself: numbers to be used as attributes, never 0 unless said so.
#[derive(Debug, Clone, Copy, Default)]
pub struct Attributes {
    /// The word as written.
    pub form: u32,
    /// In lower case, every digit as 0, typographic marks as plain ones.
    pub low: u32,
    /// Its last two characters, lower case.
    pub suffix2: u32,
    /// Its last three.
    pub suffix3: u32,
    /// Its last four.
    pub suffix4: u32,
    /// Its first three.
    pub prefix3: u32,
    /// Its pattern of capitals, small letters, digits and marks, long runs cut to two.
    pub shape: u32,
    /// How it is written.
    pub case: Case,
    /// What the lexicon knows of it; each may be 0.
    pub entry: Entry,
}

/// The words seen so far and their attributes.
#[derive(Debug, Default)]
pub struct Words {
    lexicon: Lexicon,
    /// By [`identity`].
    ids: FxHashMap<u64, WordId>,
    attributes: Vec<Attributes>,
    /// Of the tokens of the text that is read.
    identities: Vec<u64>,
}

impl Words {
    /// No words yet; a lexicon says what is known of them beforehand.
    pub fn new(lexicon: Lexicon) -> Self {
        Words { lexicon, ..Words::default() }
    }

    /// Writes the id of every token of `text` to `out`. Ids of earlier texts may lose their meaning.
    pub fn read(&mut self, text: &Text, out: &mut Vec<WordId>) {
        if self.attributes.len() > CAPACITY {
            self.ids = FxHashMap::default();
            self.attributes = Vec::new();
        }
        let mut identities = std::mem::take(&mut self.identities);
        identities.clear();
        identities.extend(text.tokens.iter().map(|token| identity(token.span.of(text.raw))));
        out.clear();
        // All hashes first: look-ups that follow each other closely wait for memory together.
        out.extend(
            identities.iter().zip(&text.tokens).map(|(&word, token)| self.number(word, || token.span.of(text.raw))),
        );
        self.identities = identities;
    }

    /// The id of one word.
    pub fn id(&mut self, word: &str) -> WordId {
        self.number(identity(word), || word)
    }

    /// The id of the word with this [`identity`], which `word` gives where it is new.
    fn number<'w>(&mut self, identity: u64, word: impl FnOnce() -> &'w str) -> WordId {
        if let Some(&id) = self.ids.get(&identity) {
            return id;
        }
        let id = self.attributes.len() as WordId;
        self.ids.insert(identity, id);
        self.attributes.push(attributes(word(), &self.lexicon));
        id
    }

    /// The attributes of a word.
    #[inline]
    pub fn get(&self, id: WordId) -> &Attributes {
        static NOTHING: Attributes = Attributes {
            form: 0,
            low: 0,
            suffix2: 0,
            suffix3: 0,
            suffix4: 0,
            prefix3: 0,
            shape: 0,
            case: Case::Mark,
            entry: Entry { tag: 0, name: 0, cluster: 0, flags: 0 },
        };
        self.attributes.get(id as usize).unwrap_or(&NOTHING)
    }

    /// What is known of words beforehand.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// Distinct words so far; ids are below it.
    pub fn len(&self) -> usize {
        self.attributes.len()
    }

    /// True before the first word.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// The lower-case form under which a word is known: digits as 0, typographic marks as plain ones.
    pub fn lower(word: &str) -> String {
        word.chars()
            .flat_map(char::to_lowercase)
            .map(|c| match c {
                '0'..='9' => '0',
                '’' | '‘' => '\'',
                '“' | '”' | '„' | '«' | '»' => '"',
                '–' | '—' | '―' => '—',
                '\u{2010}' | '\u{2011}' => '-',
                other => other,
            })
            .collect()
    }
}

fn attributes(word: &str, lexicon: &Lexicon) -> Attributes {
    // Only so much of a very long "word" is looked at: enough for every real one.
    let end = word.char_indices().nth(64).map_or(word.len(), |(i, _)| i);
    let word = &word[..end];
    let low = Words::lower(word);
    let case = Case::of(word);
    Attributes {
        form: attribute(word),
        low: attribute(&low),
        suffix2: attribute(suffix(&low, 2)),
        suffix3: attribute(suffix(&low, 3)),
        suffix4: attribute(suffix(&low, 4)),
        prefix3: attribute(low.char_indices().nth(3).map_or(&*low, |(i, _)| &low[..i])),
        shape: attribute(&shape(word.chars(), class)),
        case,
        entry: lexicon.get(&low, case),
    }
}

fn suffix(word: &str, length: usize) -> &str {
    word.char_indices().rev().nth(length - 1).map_or(word, |(i, _)| &word[i..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_described_once() {
        let mut words = Words::default();
        let said = words.id("said");
        assert_eq!(words.id("said"), said);
        assert_ne!(words.id("Said"), said);
        assert_eq!(words.len(), 2);
        assert_eq!(words.get(said).low, words.get(said + 1).low);
    }

    #[test]
    fn shapes_and_cases() {
        assert_eq!(shape("McDonald-1995".chars(), class), "XxXxx-dd");
        assert_eq!(Case::of("U.S."), Case::Capitals);
        assert_eq!(Case::of("I"), Case::Capitalised);
        assert_eq!(Case::of("’s"), Case::Lower);
        assert_eq!(Case::of("“"), Case::Mark);
        assert_eq!(Words::lower("It’s–30"), "it's—00");
    }

    #[test]
    fn a_word_of_a_million_letters_costs_no_more_than_a_long_one() {
        let mut words = Words::default();
        words.id(&"é".repeat(1_000_000));
        assert_eq!(words.len(), 1);
    }
}

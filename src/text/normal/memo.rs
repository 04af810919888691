//! What was laid of the words met before: of a running text, four words in five are among the same few thousand.

use super::term::TermKind;

/// Words that are remembered, each in the one place that its letters give it: a megabyte.
const PLACES: usize = 1 << 14;

/// The longest word that is remembered, in bytes.
const LONGEST: usize = 16;

/// The most terms of a word that are remembered.
const MOST: usize = 3;

/// The most letters that these have together, so that a word takes 64 bytes.
const LETTERS: usize = 41;

/// The words met last.
#[derive(Debug, Clone)]
pub(super) struct Memo {
    places: Vec<Known>,
}

/// A word in ASCII, and the terms that it always lays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// The bytes of the word, filled up with zeros; 0 where no word is remembered.
    key: u128,
    letters: [u8; LETTERS],
    /// Where the letters of each term end.
    ends: [u8; MOST],
    /// What the terms stand for; none at all where it depends on the word's company what it lays.
    kinds: [Option<TermKind>; MOST],
}

/// The letters of a word that can be remembered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key(u128);

impl Default for Memo {
    fn default() -> Self {
        Memo { places: vec![Known::depends(0); PLACES] }
    }
}

impl Memo {
    /// What is known of a word.
    pub(super) fn find(&self, key: Key) -> Option<&Known> {
        self.places.get(key.place()).filter(|known| known.key == key.0)
    }

    /// Remembers that it depends on the word's company what it lays.
    pub(super) fn depends(&mut self, key: Key) {
        if let Some(place) = self.places.get_mut(key.place()) {
            *place = Known::depends(key.0);
        }
    }

    /// Remembers that the word lays terms of these kinds, with these letters in a row, each up to the end given.
    pub(super) fn remember(&mut self, key: Key, letters: &str, terms: impl Iterator<Item = (TermKind, usize)>) {
        let mut known = Known::depends(key.0);
        let Some(room) = known.letters.get_mut(..letters.len()) else { return };
        room.copy_from_slice(letters.as_bytes());
        let mut rooms = known.kinds.iter_mut().zip(&mut known.ends);
        for (kind, end) in terms {
            let Some(room) = rooms.next() else { return };
            *room.0 = Some(kind);
            *room.1 = end as u8;
        }
        if let Some(place) = self.places.get_mut(key.place()) {
            *place = known;
        }
    }
}

impl Known {
    fn depends(key: u128) -> Self {
        Known { key, letters: [0; LETTERS], ends: [0; MOST], kinds: [None; MOST] }
    }

    /// The letters of its terms in a row.
    pub(super) fn letters(&self) -> &str {
        let end = self.ends.iter().copied().max().unwrap_or(0);
        self.letters.get(..usize::from(end)).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// What its terms stand for, and where the letters of each end. None where it depends on its company.
    pub(super) fn terms(&self) -> impl Iterator<Item = (TermKind, usize)> {
        self.kinds.iter().zip(&self.ends).map_while(|(kind, &end)| kind.map(|kind| (kind, usize::from(end))))
    }
}

impl Key {
    /// The key of a word of two letters or more: a single one may be the first of an acronym.
    pub(super) fn of(word: &str) -> Option<Self> {
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
        (word.len() > 1 && word.is_ascii()).then(|| Key(u128::from_le_bytes(bytes)))
    }

    fn place(self) -> usize {
        // Fibonacci hashing (Knuth, vol. 3, 6.4) of both halves.
        let mixed = (self.0 as u64 ^ ((self.0 >> 64) as u64).rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 50) as usize % PLACES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_remembered_is_found() {
        let mut memo = Memo::default();
        let [deals, may] = ["Deals", "may"].map(|word| Key::of(word).unwrap());
        assert!(memo.find(deals).is_none());
        let terms = [(TermKind::Surface, 5), (TermKind::Implied, 10)];
        memo.remember(deals, "deals~deal", terms.into_iter());
        memo.depends(may);
        let known = memo.find(deals).unwrap();
        assert_eq!((known.letters(), known.terms().collect::<Vec<_>>()), ("deals~deal", terms.to_vec()));
        assert_eq!(memo.find(may).unwrap().terms().count(), 0);
    }

    #[test]
    fn what_is_foreign_or_long_or_one_letter_is_not_remembered() {
        for word in ["", "a", "Łódź", "internationalists"] {
            assert!(Key::of(word).is_none(), "{word}");
        }
    }
}

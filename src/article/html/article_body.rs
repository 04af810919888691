//! The copy of an article's text that a page holds in its data, to check the blocks that it shows against.

use rustc_hash::FxHashSet;

/// The page's own copy of the article's text, as a set of short runs of words.
pub(super) struct ArticleBodyCheck {
    runs: FxHashSet<u64>,
}

impl ArticleBodyCheck {
    /// Words that are looked up together.
    const RUN: usize = 3;

    /// Takes up the copy.
    pub(super) fn new(text: &str) -> Self {
        ArticleBodyCheck { runs: Self::runs(text).collect() }
    }

    /// True if the text has nearly all of `block`.
    pub(super) fn contains(&self, block: &str) -> bool {
        let (mut found, mut total) = (0usize, 0usize);
        for run in Self::runs(block) {
            found += usize::from(self.runs.contains(&run));
            total += 1;
        }
        total > 0 && found * 10 >= total * 8
    }

    fn runs(text: &str) -> impl Iterator<Item = u64> + use<> {
        let words: Vec<u64> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| xxhash_rust::xxh3::xxh3_64(word.to_lowercase().as_bytes()))
            .collect();
        let count = words.len().max(Self::RUN) - Self::RUN + 1;
        (0..count)
            .map(move |at| words.iter().skip(at).take(Self::RUN).fold(0u64, |hash, word| hash.rotate_left(21) ^ word))
    }
}

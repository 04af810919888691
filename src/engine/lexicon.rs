//! What words the index holds in one field, and in how many documents.

use tantivy::schema::{Field, Term};
use tantivy::{InvertedIndexReader, Searcher};

use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::text::normal::{self, NORMAL, PART};

/// More words than this are not searched for in place of one pattern.
pub(super) const MOST_WORDS: usize = 20_000;

/// Classes that are remembered: what people ask for again.
const MOST_KEPT: usize = 10_000;

/// The words of one field over all segments.
pub(super) struct Lexicon {
    field: Field,
    segments: Vec<Arc<InvertedIndexReader>>,
    /// What [`Lexicon::class`] gave.
    classes: Mutex<FxHashMap<String, Vec<String>>>,
}

/// A term and the number of documents that hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) term: String,
    pub(super) documents: u64,
}

impl Lexicon {
    pub(super) fn open(searcher: &Searcher, field: Field) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers().iter().map(|segment| segment.inverted_index(field));
        Ok(Lexicon { field, segments: segments.collect::<tantivy::Result<_>>()?, classes: Mutex::default() })
    }

    /// In how many documents a term stands; deleted ones count until they are merged away.
    pub(super) fn documents(&self, term: &str) -> tantivy::Result<u64> {
        let term = Term::from_field_text(self.field, term);
        let mut documents = 0;
        for segment in &self.segments {
            documents += u64::from(segment.doc_freq(&term)?);
        }
        Ok(documents)
    }

    pub(super) fn has(&self, term: &str) -> tantivy::Result<bool> {
        Ok(self.documents(term)? > 0)
    }

    /// The terms by which every text is found that holds the normal form `normal`, each of them enough: those that say it,
    /// and the words of the index that imply it.
    pub(super) fn class(&self, normal: &str) -> tantivy::Result<Vec<String>> {
        if let Some(known) = self.classes.lock().unwrap_or_else(PoisonError::into_inner).get(normal) {
            return Ok(known.clone());
        }
        let mut class = normal::class(normal);
        let mut words = FxHashSet::default();
        self.starting(normal::head(normal), |word, _| {
            words.insert(word.to_owned());
        })?;
        let from = class.len();
        normal::implying(normal, words.iter().map(String::as_str), |word| class.push(word.to_owned()));
        if let Some(words) = class.get_mut(from..) {
            words.sort_unstable();
        }
        let mut classes = self.classes.lock().unwrap_or_else(PoisonError::into_inner);
        if classes.len() >= MOST_KEPT {
            classes.clear();
        }
        classes.insert(normal.to_owned(), class.clone());
        Ok(class)
    }

    /// Calls `each` for every term that starts with `prefix`, and the number of documents that hold it, segment by segment.
    fn starting(&self, prefix: &str, mut each: impl FnMut(&str, u64)) -> tantivy::Result<()> {
        let end = after(prefix);
        for segment in &self.segments {
            let mut range = segment.terms().range().ge(prefix.as_bytes());
            if let Some(end) = &end {
                range = range.lt(end);
            }
            let mut stream = range.into_stream()?;
            while let Some((term, info)) = stream.next() {
                if let Ok(term) = std::str::from_utf8(term) {
                    each(term, u64::from(info.doc_freq));
                }
            }
        }
        Ok(())
    }

    /// How many terms all texts hold together.
    pub(super) fn terms(&self) -> u64 {
        self.segments.iter().map(|segment| segment.total_num_tokens()).sum()
    }

    /// Every word as written that starts with `prefix` and fits, the most frequent first; the terms are as they are
    /// looked up, so a word that is part of something larger comes with its mark.
    pub(super) fn words(&self, prefix: &str, fits: impl Fn(&str) -> bool) -> tantivy::Result<Vec<Counted>> {
        let mut found: FxHashMap<String, u64> = FxHashMap::default();
        for mark in ["", "="] {
            debug_assert!(mark.is_empty() || mark.starts_with(PART));
            self.starting(&format!("{mark}{prefix}"), |term, documents| {
                let Some(word) = term.strip_prefix(mark) else { return };
                if !word.starts_with([NORMAL, PART]) && fits(word) {
                    *found.entry(format!("{mark}{word}")).or_default() += documents;
                }
            })?;
        }
        let mut found: Vec<Counted> = found.into_iter().map(|(term, documents)| Counted { term, documents }).collect();
        found.sort_unstable_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.term.cmp(&b.term)));
        Ok(found)
    }
}

/// The first string after all that start with `prefix`; none where there is no such string.
fn after(prefix: &str) -> Option<Vec<u8>> {
    let mut bytes = prefix.as_bytes().to_vec();
    while let Some(last) = bytes.last_mut() {
        if *last < u8::MAX {
            *last += 1;
            return Some(bytes);
        }
        bytes.pop();
    }
    None
}

/// True if `word` fits a pattern of letters, `*` for any letters and `?` for one. Linear in the word for each `*`.
pub(super) fn fits_pattern(pattern: &[char], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let (mut p, mut w) = (0, 0);
    // Where the last `*` stands, and how much of the word it has swallowed.
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

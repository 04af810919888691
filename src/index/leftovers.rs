//! Checks that no file of an index holds words that only removed articles had.
//!
//! Three looks: at every byte of every file, as the words may be there in plain; at every term of every dictionary, as
//! these are compressed; at every stored article, as those are compressed too and none may be there but those that live.

use std::fs::File;
use std::path::Path;

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashSet;
use serde::Serialize;
use tantivy::{SegmentReader, TantivyError};

use super::layout::{self, derived};
use super::versions::Version;
use super::{Error, Index};
use crate::article::Meta;
use crate::search::Annotated;
use crate::text::normal::folded;
use crate::user;

/// Letters from which on a word is looked for: shorter ones are in compressed bytes by chance.
const LONG: usize = 8;

/// What was looked for and found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Leftovers {
    /// Words that only the removed articles had.
    pub words: usize,
    /// Files that were read.
    pub files: usize,
    /// Terms of dictionaries that were compared.
    pub terms: usize,
    /// Where such words were found.
    pub found: Vec<String>,
}

/// Words of articles, in lower case.
#[derive(Debug, Default)]
pub(super) struct WordSet(FxHashSet<String>);

impl WordSet {
    /// Adds the words of an article.
    pub(super) fn add(&mut self, article: &Annotated) {
        each_word(article, |word| {
            self.0.insert(word);
        });
    }

    /// Adds the words of an earlier text of an article.
    pub(super) fn add_version(&mut self, version: &Version) {
        for text in version.title.iter().chain(&version.byline).chain([&version.text]) {
            each_word_of(text, |word| {
                self.0.insert(word);
            });
        }
    }

    /// Those that are in no article of the index, not even as a part of a word: `governments` is in its files as
    /// `government` too, and `O'Marwick` as `omarwick`.
    fn in_no_article(self, index: &Index) -> Result<Vec<String>, Error> {
        let words: Vec<String> = self.0.into_iter().collect();
        let patterns = patterns(index.dir(), &words)?;
        let mut is_elsewhere = vec![false; words.len()];
        let mut look = |text: &str| {
            for found in patterns.find_overlapping_iter(text) {
                if let Some(is_elsewhere) = is_elsewhere.get_mut(found.pattern().as_usize()) {
                    *is_elsewhere = true;
                }
            }
        };
        for at in if words.is_empty() { Vec::new() } else { index.articles()? } {
            each_text(&index.article(at)?, |text| {
                look(&text.to_lowercase());
                let bare = |word: &str| folded(word).replace(|c: char| !c.is_alphanumeric(), "");
                look(&text.split_whitespace().map(bare).collect::<Vec<_>>().join(" "));
            });
        }
        Ok(words.into_iter().zip(is_elsewhere).filter(|(_, elsewhere)| !elsewhere).map(|(word, _)| word).collect())
    }
}

/// Finds these words in bytes, whatever the case of their plain letters.
fn patterns(dir: &Path, words: &[String]) -> Result<AhoCorasick, Error> {
    let patterns = AhoCorasick::builder().ascii_case_insensitive(true).build(words);
    patterns.map_err(|error| Error::io(dir, std::io::Error::other(error)))
}

fn each_word(article: &Annotated, mut each: impl FnMut(String)) {
    each_text(article, |text| each_word_of(text, &mut each));
}

fn each_text(article: &Annotated, mut each: impl FnMut(&str)) {
    // Every field is named, so that a new one cannot be missed: what is not looked at here is a hole in the check of a removal.
    let Meta {
        id,
        path,
        record,
        title,
        byline,
        outlet,
        url,
        section,
        collection,
        published: _,
        language: _,
        custody: _,
    } = &article.article;
    let optional = [record, title, outlet, url, section, collection];
    let texts = optional.into_iter().flatten().chain(byline).chain([id, path, &article.text]);
    let names = article.mentions.iter().map(|mention| &mention.entity);
    texts.chain(names).for_each(|text| each(text));
}

fn each_word_of(text: &str, mut each: impl FnMut(String)) {
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LONG) {
        each(word.to_lowercase());
    }
}

/// Looks for those of `words` that no article of the index in `dir` has.
pub(super) fn check(dir: &Path, words: WordSet) -> Result<Leftovers, Error> {
    let index = Index::open(dir)?;
    let words = words.in_no_article(&index)?;
    let mut left = Leftovers { words: words.len(), ..Leftovers::default() };
    let patterns = patterns(dir, &words)?;
    for folder in [derived(dir), dir.join(user::FOLDER)] {
        for name in layout::files(&folder).map_err(|error| Error::reading(dir, error))? {
            let file = File::open(folder.join(&name)).map_err(|error| Error::reading(dir, error))?;
            left.files += 1;
            // An automaton without words has no match.
            if let Some(found) = patterns.stream_find_iter(file).next() {
                found.map_err(|error| Error::reading(dir, error))?;
                left.found.push(name);
            }
        }
    }
    for segment in index.searcher().segment_readers() {
        let id = segment.segment_id().short_uuid_string();
        if segment.num_deleted_docs() > 0 {
            left.found.push(format!("deleted documents of segment {id}"));
        }
        let terms = each_term(segment, |field, term| {
            left.terms += 1;
            if patterns.is_match(term) {
                left.found.push(format!("the dictionary of {field} in segment {id}"));
            }
        });
        terms.map_err(|error| Error::tantivy(dir, error))?;
    }
    left.found.sort_unstable();
    left.found.dedup();
    Ok(left)
}

/// Calls `each` with the name of a field and every term of it, those of its column included.
fn each_term(segment: &SegmentReader, mut each: impl FnMut(&str, &[u8])) -> Result<(), TantivyError> {
    let schema = segment.schema().clone();
    for (field, entry) in schema.fields().filter(|(_, entry)| entry.is_indexed()) {
        let index = segment.inverted_index(field)?;
        let mut terms = index.terms().stream()?;
        while terms.advance() {
            each(entry.name(), terms.key());
        }
        let column = if entry.is_fast() { segment.fast_fields().str(entry.name())? } else { None };
        if let Some(column) = column {
            let mut terms = column.dictionary().stream()?;
            while terms.advance() {
                each(entry.name(), terms.key());
            }
        }
    }
    Ok(())
}

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

    /// Takes out the words of an article.
    fn subtract(&mut self, article: &Annotated) {
        each_word(article, |word| {
            self.0.remove(&word);
        });
    }
}

fn each_word(article: &Annotated, mut each: impl FnMut(String)) {
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
    texts.chain(names).for_each(|text| each_word_of(text, &mut each));
}

fn each_word_of(text: &str, mut each: impl FnMut(String)) {
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LONG) {
        each(word.to_lowercase());
    }
}

/// Looks for those of `words` that no article of the index in `dir` has.
pub(super) fn check(dir: &Path, mut words: WordSet) -> Result<Leftovers, Error> {
    let index = Index::open(dir)?;
    for at in index.articles()? {
        if words.0.is_empty() {
            break;
        }
        words.subtract(&index.article(at)?);
    }
    let mut left = Leftovers { words: words.0.len(), ..Leftovers::default() };
    let patterns = AhoCorasick::builder().ascii_case_insensitive(true).build(&words.0);
    let patterns = patterns.map_err(|error| Error::io(dir, std::io::Error::other(error)))?;
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

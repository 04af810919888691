//! The terms of one field of the index, and in how many documents they are.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::InvertedIndexReader;
use tantivy::schema::{Field, Term};

use crate::engine::Error;
use crate::engine::plan::dictionary::{Counted, Dictionary};
use crate::index::corpus_statistics::FieldTerms;
use crate::index::{Index, schema};
use crate::language::{self, Pack};
use crate::text::normal::{self, NORMAL, PART};

/// Classes that are cached.
const MOST_CACHED: usize = 10_000;

/// The terms of one field over all segments.
pub(crate) struct Lexicon {
    field: Field,
    segments: Vec<Arc<InvertedIndexReader>>,
    /// See [`Dictionary::languages`].
    languages: Vec<&'static Pack>,
    /// See [`Dictionary::is_mainly`].
    main: Vec<&'static str>,
    /// The index, where it holds a part of a corpus: the terms of that count.
    part: Option<Index>,
    /// Results of [`Dictionary::class`].
    classes: Mutex<FxHashMap<String, Vec<String>>>,
}

/// A language with less than this part of all articles is not searched: tables and short texts are sometimes taken for one
/// (0.4% of Reuters for French), and its forms would be wrong for all others.
const RARE: u64 = 200;

/// A language with more than this part of all articles is one of the main ones.
const MAIN: u64 = 5;

impl Lexicon {
    pub(crate) fn open(index: &Index, field: Field) -> tantivy::Result<Self> {
        let searcher = index.searcher();
        let segments = searcher.segment_readers().iter().map(|segment| segment.inverted_index(field));
        let segments = segments.collect::<tantivy::Result<_>>()?;
        let language = schema::schema().1.language;
        let mut found = Vec::new();
        for code in language::codes() {
            let term = Term::from_field_text(language, code);
            let documents = match index.corpus() {
                Some(corpus) => corpus.field(language).map_or(0, |field| field.documents(code)),
                None => searcher.doc_freq(&term)?,
            };
            found.push((code, documents));
        }
        let articles = index.info().articles;
        found.retain(|(_, documents)| *documents > 0 && documents * RARE >= articles);
        let main = found.iter().filter(|(_, documents)| documents * MAIN >= articles).map(|(code, _)| *code).collect();
        // English has a normal form of its own and no pack here.
        let languages = found.iter().filter_map(|(code, _)| Pack::of(Some(code))).collect();
        let part = index.corpus().map(|_| index.clone());
        Ok(Lexicon { field, segments, languages, main, part, classes: Mutex::default() })
    }

    /// The terms of the field in the corpus; none if the index holds all there is.
    fn corpus_terms(&self) -> Option<&FieldTerms> {
        self.part.as_ref()?.corpus()?.field(self.field)
    }

    /// Calls `each` for every term that starts with `prefix`, and the number of documents that hold it, segment by segment.
    fn starting(&self, prefix: &str, mut each: impl FnMut(&str, u64)) -> tantivy::Result<()> {
        if self.part.is_some() {
            self.corpus_terms()
                .into_iter()
                .flat_map(|field| field.starting(prefix))
                .for_each(|(term, n)| each(term, n));
            return Ok(());
        }
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
    pub(crate) fn terms(&self) -> u64 {
        if self.part.is_some() {
            return self.corpus_terms().map_or(0, FieldTerms::tokens);
        }
        self.segments.iter().map(|segment| segment.total_num_tokens()).sum()
    }
}

impl Dictionary for Lexicon {
    fn documents(&self, term: &str) -> Result<u64, Error> {
        if self.part.is_some() {
            return Ok(self.corpus_terms().map_or(0, |field| field.documents(term)));
        }
        let term = Term::from_field_text(self.field, term);
        let mut documents = 0;
        for segment in &self.segments {
            documents += u64::from(segment.doc_freq(&term).map_err(tantivy::TantivyError::from)?);
        }
        Ok(documents)
    }

    fn languages(&self) -> Vec<&'static Pack> {
        self.languages.clone()
    }

    fn is_mainly(&self, pack: &Pack) -> bool {
        self.main.contains(&pack.code.as_str())
    }

    fn class(&self, normal: &str) -> Result<Vec<String>, Error> {
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
        if classes.len() >= MOST_CACHED {
            classes.clear();
        }
        classes.insert(normal.to_owned(), class.clone());
        Ok(class)
    }

    fn words(&self, prefix: &str, fits: &dyn Fn(&str) -> bool) -> Result<Vec<Counted>, Error> {
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

/// The first string after all that start with `prefix`; none if no string is.
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

//! Finds an article by id, URL, file or title, or by a unique part of one of these.

use std::collections::BTreeMap;

use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocAddress, TantivyError};

use super::schema::Level;
use super::{Error, Index};
use crate::article::Meta;

/// Candidates that are listed where several articles match.
const LISTED: usize = 10;

/// Result of a lookup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup {
    /// One article, by its own document.
    Found(DocAddress),
    /// No article.
    Nothing,
    /// Several articles: how many, and the ids of some.
    Several(usize, Vec<String>),
}

impl Index {
    /// Finds the article whose id, link, file or title is `name`; else the only one of which one of these contains it, in
    /// any case.
    ///
    /// Unless `name` is an id or a file, this reads every article.
    pub fn lookup(&self, name: &str) -> Result<Lookup, Error> {
        for id in std::iter::once(name.to_owned()).chain(self.paths().id(name)) {
            if let Some(document) = self.find(&id)? {
                return Ok(Lookup::Found(document));
            }
        }
        let part = name.to_lowercase();
        let (mut exact, mut fitting) = (BTreeMap::new(), BTreeMap::new());
        for document in self.articles()? {
            let meta = self.meta(document)?;
            let names = [Some(file_and_record(&meta)), meta.url.clone(), meta.title.clone(), Some(meta.id.clone())];
            let names: Vec<String> = names.into_iter().flatten().map(|name| name.to_lowercase()).collect();
            if names.contains(&part) {
                exact.insert(meta.id, document);
            } else if names.iter().any(|name| name.contains(&part)) {
                fitting.insert(meta.id, document);
            }
        }
        let fitting = if exact.is_empty() { fitting } else { exact };
        Ok(match (fitting.len(), fitting.values().next()) {
            (1, Some(&document)) => Lookup::Found(document),
            (0, _) | (_, None) => Lookup::Nothing,
            (several, _) => Lookup::Several(several, fitting.into_keys().take(LISTED).collect()),
        })
    }

    /// The ids of the articles with exactly this id, URL or file (of one record: `file!record`).
    pub fn find_exactly(&self, name: &str) -> Result<Vec<String>, Error> {
        if self.find(name)?.is_some() {
            return Ok(vec![name.to_owned()]);
        }
        let file = self.paths().id(name).map(|id| self.paths().shown(&id));
        let mut ids = Vec::new();
        for document in self.articles()? {
            let meta = self.meta(document)?;
            let file = file.as_deref();
            if file == Some(&meta.path) || meta.url.as_deref() == Some(name) || file == Some(&file_and_record(&meta)) {
                ids.push(meta.id);
            }
        }
        Ok(ids)
    }

    /// The documents of all articles.
    pub fn articles(&self) -> Result<Vec<DocAddress>, Error> {
        let level = Term::from_field_u64(self.fields().level, Level::Article.code());
        let query = TermQuery::new(level, IndexRecordOption::Basic);
        let found = self.searcher().search(&query, &DocSetCollector);
        let mut documents: Vec<_> = found.map_err(|error| Error::tantivy(self.dir(), error))?.into_iter().collect();
        documents.sort_unstable();
        Ok(documents)
    }

    /// The ids of the first `most` articles, those deleted not long ago among them.
    pub fn ids(&self, most: usize) -> Result<Vec<String>, Error> {
        let read = || -> Result<Vec<String>, TantivyError> {
            let mut ids = Vec::new();
            for segment in self.searcher().segment_readers() {
                let inverted = segment.inverted_index(self.fields().id)?;
                let mut terms = inverted.terms().stream()?;
                while ids.len() < most && terms.advance() {
                    ids.push(String::from_utf8_lossy(terms.key()).into_owned());
                }
            }
            Ok(ids)
        };
        read().map_err(|error| Error::tantivy(self.dir(), error))
    }
}

fn file_and_record(meta: &Meta) -> String {
    match &meta.record {
        Some(record) => format!("{}!{record}", meta.path),
        None => meta.path.clone(),
    }
}

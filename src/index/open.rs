//! Opening an index to read: a snapshot of one commit, untouched by whoever writes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tantivy::directory::{Directory, MmapDirectory};
use tantivy::schema::Term;
use tantivy::schema::document::{DeserializeError, DocumentDeserialize, DocumentDeserializer};
use tantivy::{DocAddress, ReloadPolicy, Searcher};

use super::read_only_directory::ReadOnlyDirectory;
use super::schema::{self, Fields, VERSION};
use super::{Error, Manifest, State, analyser, record};
use crate::article::Meta;
use crate::search::{Annotated, IndexInfo};

/// How often opening is tried again when a commit comes in between.
const TRIES: usize = 100;

/// An index as one commit left it.
#[derive(Clone)]
pub struct Index {
    dir: PathBuf,
    searcher: Searcher,
    fields: Fields,
    state: State,
}

impl Index {
    /// Opens the index in `dir`. Maps its files and reads little of them: some milliseconds, whatever its size.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        let failed = |error| Error::tantivy(dir, error);
        let mut state = state(dir)?;
        let index = open_tantivy(dir)?;
        let fields = schema::fields(&index).map_err(|_| Error::Foreign(dir.to_owned()))?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(64)
            .try_into()
            .map_err(failed)?;
        for _ in 0..TRIES {
            let now = self::state(dir)?;
            if now == state {
                break;
            }
            state = now;
            reader.reload().map_err(failed)?;
        }
        Ok(Index { dir: dir.to_owned(), searcher: reader.searcher(), fields, state })
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Searches it.
    pub fn searcher(&self) -> &Searcher {
        &self.searcher
    }

    /// Its fields.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What its last commit says of it.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What answers say of it.
    pub fn info(&self) -> IndexInfo {
        IndexInfo { digest: self.state.digest.clone(), articles: self.state.articles }
    }

    /// What was ingested. Reads all of the manifest: for `status` and `verify`, not for queries.
    pub fn manifest(&self) -> Result<Manifest, Error> {
        Manifest::load(&self.dir, &self.state)
            .map_err(|error| Error::Damaged { dir: self.dir.clone(), what: error.to_string() })
    }

    /// The article with everything found in it, by the document of the article itself.
    pub fn article(&self, at: DocAddress) -> Result<Annotated, Error> {
        record::decode(&self.record(at)?).map_err(|damaged| Error::record(&self.dir, damaged))
    }

    /// The article without names and quotations, by the document of the article itself.
    pub fn texts(&self, at: DocAddress) -> Result<Annotated, Error> {
        record::decode_texts(&self.record(at)?).map_err(|damaged| Error::record(&self.dir, damaged))
    }

    /// What is known about an article, by the document of the article itself; cheaper than all of it.
    pub fn meta(&self, at: DocAddress) -> Result<Meta, Error> {
        record::decode_meta(&self.record(at)?).map_err(|damaged| Error::record(&self.dir, damaged))
    }

    /// The document of the article with this id.
    pub fn find(&self, id: &str) -> Result<Option<DocAddress>, Error> {
        let failed = |error| Error::tantivy(&self.dir, error);
        let term = Term::from_field_text(self.fields.id, id);
        let query = tantivy::query::TermQuery::new(term, tantivy::schema::IndexRecordOption::Basic);
        let found = self.searcher.search(&query, &tantivy::collector::DocSetCollector).map_err(failed)?;
        Ok(found.into_iter().next())
    }

    fn record(&self, at: DocAddress) -> Result<Vec<u8>, Error> {
        let stored: Stored = self.searcher.doc(at).map_err(|error| Error::unpacking(&self.dir, error))?;
        let damaged = || Error::Damaged { dir: self.dir.clone(), what: "an article has no stored record".to_owned() };
        stored.0.ok_or_else(damaged)
    }
}

/// What is stored of a document: the record of an article, and nothing of the others.
struct Stored(Option<Vec<u8>>);

impl DocumentDeserialize for Stored {
    fn deserialize<'de, D: DocumentDeserializer<'de>>(mut stored: D) -> Result<Self, DeserializeError> {
        Ok(Stored(stored.next_field()?.map(|(_, record)| record)))
    }
}

/// What the last commit says of the index in `dir`.
pub(super) fn state(dir: &Path) -> Result<State, Error> {
    let meta = match fs::read(dir.join("meta.json")) {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::Missing(dir.to_owned())),
        Err(source) => return Err(Error::reading(dir, source)),
    };
    let damaged = |what: String| Error::Damaged { dir: dir.to_owned(), what };
    let meta: serde_json::Value =
        serde_json::from_slice(&meta).map_err(|error| damaged(format!("its meta.json: {error}")))?;
    let payload = meta.get("payload").and_then(serde_json::Value::as_str);
    if payload.is_none() && meta.pointer("/segments").and_then(|s| s.as_array()).is_some_and(Vec::is_empty) {
        // Made, but stopped before its first commit.
        return Err(Error::Missing(dir.to_owned()));
    }
    let Some(payload) = payload.and_then(|payload| serde_json::from_str::<serde_json::Value>(payload).ok()) else {
        return Err(Error::Foreign(dir.to_owned()));
    };
    match payload.get("onrecord").and_then(serde_json::Value::as_u64) {
        None => Err(Error::Foreign(dir.to_owned())),
        Some(found) if found != u64::from(VERSION) => Err(Error::Version { dir: dir.to_owned(), found: found as u32 }),
        Some(_) => serde_json::from_value(payload).map_err(|error| damaged(format!("its last commit: {error}"))),
    }
}

/// Opens the index to read it, with its tokenizers.
pub(super) fn open_tantivy(dir: &Path) -> Result<tantivy::Index, Error> {
    let failed = |error| Error::tantivy(dir, error);
    let directory = MmapDirectory::open(dir).map_err(|error| failed(error.into()))?;
    open_in(Box::new(ReadOnlyDirectory(directory)) as Box<dyn Directory>).map_err(failed)
}

/// Opens the index in any directory, with its tokenizers.
pub(super) fn open_in(directory: impl Into<Box<dyn Directory>>) -> tantivy::Result<tantivy::Index> {
    let index = tantivy::Index::open(directory)?;
    analyser::register(&index);
    Ok(index)
}

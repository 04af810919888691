//! Writes articles into a cluster.
//!
//! A commit is one document that names a generation. New articles are sent with the generation to come, so that nobody
//! sees them before; those they replace are on the commit's list of dead documents until they are deleted. A writer that
//! dies leaves the last commit as it was, and the next one deletes what it left.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::bulk::Bulk;
use super::client::Client;
use super::error::ClusterError;
use super::lease::{ARTICLES, Lease};
use super::mirror::Mirror;
use super::point_in_time::current_blocks;
use super::store::{Commit, DocumentVersion, Store};
use crate::index::corpus_statistics::CountChanges;
use crate::index::document_builder::dedup_units;
use crate::index::nested::Nester;
use crate::index::{
    ArticleBlock, CorpusStatistics, DecodeError, Error, Key, Manifest, Present, SharedManifest, Sink, SourceId, State,
    custody, duplicates, removed_keys, schema,
};
use crate::search::Annotated;

/// Documents that are read back at once.
const READ_AT_ONCE: usize = 500;

/// The one writer of an index in a cluster.
pub struct Writer {
    store: Store,
    mirror: Mirror,
    commit: Commit,
    version: DocumentVersion,
    manifest: SharedManifest,
    corpus: CorpusStatistics,
    /// What changed since the last commit.
    counts: CountChanges,
    /// Documents that count no more from the next commit on.
    dead: Vec<String>,
    nester: Nester,
    bulk: Bulk,
    // Dropped last: no other process may write before all of the above is done.
    lease: Lease,
}

impl Writer {
    /// Opens the index of a cluster to write, and makes it if there is none. `mirror` holds the user's files.
    pub fn open(client: &Client, mirror: &Mirror, wait: bool) -> Result<Self, ClusterError> {
        let store = Store { client: client.clone() };
        if store.commit()?.is_none() {
            store.create()?;
        }
        let lease = Lease::take(&store, ARTICLES, wait)?;
        let (mut commit, version) = match store.commit()? {
            Some((commit, version)) => (commit, Some(version)),
            None => (Commit::first(Manifest::default().state()), None),
        };
        let mut token = [0; 8];
        let _ = getrandom::fill(&mut token);
        commit.writer = format!("{:016x}", u64::from_le_bytes(token));
        let version = store.replace(&commit, version)?;
        for name in &commit.state.manifest {
            let bytes = store.file(name)?;
            std::fs::write(mirror.derived().join(name), bytes).map_err(|error| client.damaged(error))?;
        }
        let manifest = if commit.state.manifest.is_empty() {
            Manifest::default()
        } else {
            Manifest::load(&mirror.derived(), &commit.state).map_err(|error| client.damaged(error))?
        };
        let mut writer = Writer {
            corpus: store.corpus(&commit)?,
            mirror: mirror.clone(),
            manifest: SharedManifest::new(manifest),
            counts: CountChanges::default(),
            dead: Vec::new(),
            nester: Nester::default(),
            bulk: Bulk::new(client.clone()),
            lease,
            version,
            commit,
            store,
        };
        writer.clean_up()?;
        // A removal that was cut short is completed.
        let removed = removed_keys(&mirror.user_files()).map_err(|error| client.damaged(error))?;
        let removed = writer.manifest.write().set_removed(removed);
        for key in removed {
            writer.take_out(key);
        }
        Ok(writer)
    }

    /// What was ingested so far.
    pub fn manifest(&self) -> SharedManifest {
        self.manifest.clone()
    }

    /// Deletes what an earlier writer left: documents of a commit that never came, and dead ones.
    fn clean_up(&mut self) -> Result<(), ClusterError> {
        let articles = self.store.client.index("articles");
        self.refresh()?;
        let unborn = json!({ "range": { "born": { "gt": self.commit.generation } } });
        let mut left = self.commit.dead.clone();
        loop {
            for id in &left {
                self.bulk.delete(id)?;
            }
            self.bulk.flush()?;
            if !left.is_empty() {
                self.refresh()?;
            }
            let found: Value = self.store.client.post(
                &format!("{articles}/_search?allow_partial_search_results=false"),
                &json!({ "size": 10_000, "_source": false, "query": &unborn }),
            )?;
            let hits = found.pointer("/hits/hits").and_then(Value::as_array).into_iter().flatten();
            left = hits.filter_map(|hit| Some(hit.get("_id")?.as_str()?.to_owned())).collect();
            if left.is_empty() {
                return Ok(());
            }
        }
    }

    fn refresh(&self) -> Result<(), ClusterError> {
        self.store.client.lines(&format!("{}/_refresh", self.store.client.index("articles")), b"").map(drop)
    }

    /// Takes an article out from the next commit on.
    fn take_out(&mut self, key: Key) {
        self.dead.extend(self.manifest.read().article(key).map(|entry| document(key, entry.number)));
        self.manifest.write().remove(key);
    }

    fn add(&mut self, mut article: ArticleBlock, source: SourceId) -> Result<(), Error> {
        if self.lease.is_lost() {
            return Err(ClusterError::Replaced { url: self.store.client.shown() }.into());
        }
        let key = article.key;
        self.dead.extend(self.manifest.read().article(key).map(|entry| document(key, entry.number)));
        let number = self.manifest.write().next_number();
        let json = self.nester.nest(&mut article, number, self.commit.generation + 1, &mut self.counts);
        self.bulk.add(&document(key, number), &json)?;
        self.manifest.write().put(key, article.entry(number, source), article.sketch);
        Ok(())
    }

    /// Makes all of it last. `is_last` groups the names, too, so that readers need not.
    fn save(&mut self, is_last: bool) -> Result<State, Error> {
        let saved = self.manifest.write().save(&self.mirror.derived());
        let state = saved.map_err(|error| self.store.client.damaged(error))?;
        let changed = !self.counts.is_empty() || !self.dead.is_empty();
        let duplicates = duplicates::name(&self.manifest.read());
        let knows_duplicates = self.commit.duplicates.as_ref().is_some_and(|name| name.starts_with(&duplicates));
        let is_whole = !is_last || self.corpus.has_names() && self.commit.sources.is_some() && knows_duplicates;
        if state == self.commit.state && !changed && is_whole && self.commit.generation > 0 {
            return Ok(state);
        }
        self.bulk.flush()?;
        self.refresh()?;
        for ids in self.dead.chunks(READ_AT_ONCE) {
            for block in current_blocks(&self.store.client, &json!({ "ids": { "values": ids } }), ids.len())? {
                self.nester.subtract(&block, &mut self.counts);
            }
        }
        if changed {
            self.corpus.apply(std::mem::take(&mut self.counts));
        }
        if is_last {
            self.corpus.group_names();
        }
        let mut next = Commit {
            generation: self.commit.generation + 1,
            state: state.clone(),
            dead: std::mem::take(&mut self.dead),
            ..self.commit.clone()
        };
        for name in state.manifest.iter().filter(|name| !self.commit.state.manifest.contains(name)) {
            let bytes =
                std::fs::read(self.mirror.derived().join(name)).map_err(|error| self.store.client.damaged(error))?;
            self.store.write_file(name, &bytes)?;
        }
        let name = |what: &str| format!("{what}-{}-{}", next.generation, next.writer);
        let (counts, sources) = (name("counts"), name("sources"));
        self.store.write_file(&counts, &self.corpus.encode())?;
        next.counts = Some(counts);
        next.sources = None;
        if is_last {
            self.store.write_file(&sources, &custody::entries(&self.manifest.read()))?;
            next.sources = Some(sources);
            if !knows_duplicates {
                let name = format!("{duplicates}-{}", next.writer);
                self.store.write_file(&name, &self.find_duplicates()?)?;
                next.duplicates = Some(name);
            }
        }
        self.version = self.store.replace(&next, Some(self.version))?;
        self.commit = next;
        for id in std::mem::take(&mut self.commit.dead) {
            self.bulk.delete(&id)?;
        }
        self.bulk.flush()?;
        let named: Vec<&str> = self.commit.files().map(String::as_str).collect();
        self.store.delete_files_but(&named)?;
        let stale = self.manifest.read().delete_stale_files(&self.mirror.derived());
        stale.map_err(|error| self.store.client.damaged(error))?;
        Ok(state)
    }

    /// The file of near-duplicates, of which the last one knows some.
    fn find_duplicates(&self) -> Result<Vec<u8>, Error> {
        let before = self.commit.duplicates.as_ref().map(|name| self.store.file(name)).transpose()?;
        let articles = self.manifest.read().sketches(&self.mirror.derived());
        let articles = articles.map_err(|error| self.store.client.damaged(error))?;
        let (threads, (_, fields)) = (std::thread::available_parallelism().map_or(1, usize::from), schema::schema());
        duplicates::update(&before.unwrap_or_default(), articles, threads, |numbers| {
            let found = current_blocks(&self.store.client, &json!({ "terms": { "number": numbers } }), numbers.len())?;
            let damaged = |error: DecodeError| Error::from(self.store.client.damaged(error));
            let units = found.iter().map(|block| Ok((block.number(&fields), block.article().map_err(damaged)?)));
            let units: FxHashMap<u64, Annotated> = units.collect::<Result<_, Error>>()?;
            Ok(numbers.iter().map(|number| units.get(number).map(dedup_units).unwrap_or_default()).collect())
        })
    }
}

impl Sink for Writer {
    fn manifest(&self) -> SharedManifest {
        self.manifest()
    }

    fn put(&mut self, article: ArticleBlock, source: SourceId) -> Result<(), Error> {
        self.add(article, source)
    }

    fn remove(&mut self, key: Key) -> Result<(), Error> {
        self.take_out(key);
        Ok(())
    }

    fn commit(&mut self) -> Result<State, Error> {
        self.save(false)
    }

    fn finish(mut self: Box<Self>) -> Result<State, Error> {
        self.save(true)
    }

    fn is_rebuild(&self) -> bool {
        false
    }
}

/// The articles as the last commit left them.
pub struct Committed {
    client: Client,
}

impl Committed {
    /// Those of the index in a cluster.
    pub fn of(client: &Client) -> Self {
        Committed { client: client.clone() }
    }
}

impl Present for Committed {
    fn texts_of(&self, id: &str) -> Option<Annotated> {
        let found = current_blocks(&self.client, &json!({ "term": { "id": id } }), 1);
        if let Err(error) = &found {
            tracing::warn!(%error, id, "what is held of an article cannot be read");
        }
        found.ok()?.first()?.article().ok()
    }
}

/// The id of an article's document: no other has it, so that writing it again is harmless.
fn document(key: Key, number: u64) -> String {
    format!("{}-{number:x}", key.hex())
}

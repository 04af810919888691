//! What was ingested: every source and every article, so that ingesting again does only what changed.
//!
//! On disk the manifest is a log in a few files, each written whole before the commit that names it in its
//! payload: what a commit sees is never half written, and a crash leaves at worst a file that nobody names.
//! Each file ends in a checksum. When the files grow many, one takes the place of all.

mod log;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

use self::log::Change;
pub(super) use self::log::{seal, unseal};

use super::codec::{Damaged, Decoder, Encoder};
use super::duplicates::Known;
use super::schema::VERSION;
use super::sketch::{ARTICLE, Sketch};

/// Files of a log before they are written anew as one.
const MOST_FILES: usize = 16;

/// Problems of one source that are kept, to be told again while it stays as it is.
pub const MOST_PROBLEMS: usize = 100;

/// Hash of an article's id: by it, an article is known. 64 bits: among ten million articles, the odds that any
/// two are confused are one in 370,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u64);

impl Key {
    /// The key of the article with this id.
    pub fn of(id: &str) -> Self {
        Key(xxh3_64(id.as_bytes()))
    }
}

/// Index of a source in the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// What the file system says of a file: if that is as it was, so is the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Last modification in nanoseconds since 1970; 0 if it can't be relied on.
    pub modified: u64,
}

/// A file that was ingested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As it was found.
    pub path: String,
    /// Its size and time when it was last read to its end; `None` if it never was.
    pub stamp: Option<Stamp>,
    /// Hash of its bytes at that time.
    pub hash: u128,
    /// True if another source holds an article of the same id, so that it must be read again whatever its stamp.
    pub contested: bool,
    /// What of it could not be read; at most [`MOST_PROBLEMS`].
    pub problems: Vec<Problem>,
}

/// Something of a source that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which record of it; `None` if it is the whole.
    pub record: Option<String>,
    /// Why, and the remedy.
    pub reason: String,
}

/// An article that was ingested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the index, never given twice.
    pub number: u64,
    /// Where it was read.
    pub source: SourceId,
    /// Hash of all that was read.
    pub content: u64,
    /// Bytes of its text.
    pub bytes: u64,
    /// Its group of near-duplicates.
    pub group: u64,
    /// Its sketch, if it is long enough for one.
    pub sketch: Option<Sketch<ARTICLE>>,
}

impl Entry {
    /// The article as far as near-duplicates are concerned.
    pub(super) fn known(&self, key: Key) -> Option<Known> {
        Some(Known { key, number: self.number, group: self.group, sketch: self.sketch? })
    }
}

impl Source {
    /// A source that was not read to its end.
    pub fn unread(path: &str) -> Self {
        Source { path: path.to_owned(), stamp: None, hash: 0, contested: false, problems: Vec::new() }
    }
}

/// What a commit says of itself: the payload of tantivy's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// [`VERSION`] of the onrecord that wrote it.
    pub onrecord: u32,
    /// Articles in the index.
    pub articles: u64,
    /// Hash of what the index holds, in whatever order it came: 32 hexadecimal digits.
    pub digest: String,
    /// Files of the manifest, oldest first.
    pub manifest: Vec<String>,
}

/// The manifest in memory: about 120 bytes an article.
#[derive(Debug, Default)]
pub struct Manifest {
    sources: Vec<Option<Source>>,
    paths: FxHashMap<String, SourceId>,
    articles: FxHashMap<Key, Entry>,
    next_number: u64,
    digest: u128,
    /// What changed since the last save.
    log: Encoder,
    files: Vec<String>,
    next_file: u64,
}

impl Manifest {
    /// Reads the manifest that `state` names.
    pub fn load(dir: &Path, state: &State) -> Result<Self, LoadError> {
        let mut manifest = Manifest { files: state.manifest.clone(), ..Manifest::default() };
        for name in &state.manifest {
            let at = |what| LoadError { file: name.clone(), what };
            let bytes = fs::read(dir.join(name)).map_err(|error| at(error.to_string()))?;
            let log = unseal(&bytes).ok_or_else(|| at("its checksum is wrong".to_owned()))?;
            manifest.replay(log).map_err(|damaged| at(damaged.to_string()))?;
            manifest.next_file = manifest.next_file.max(number_of(name) + 1);
        }
        if manifest.digest() != state.digest {
            let what = "it does not fit the index it belongs to".to_owned();
            return Err(LoadError { file: state.manifest.last().cloned().unwrap_or_default(), what });
        }
        Ok(manifest)
    }

    /// Writes what changed since the last save and says what the commit must name.
    /// The files before stay until [`Manifest::tidy`].
    pub fn save(&mut self, dir: &Path) -> io::Result<State> {
        if !self.log.bytes.is_empty() {
            if self.files.len() >= MOST_FILES {
                self.log = self.written_anew();
                self.files.clear();
            }
            let name = format!("manifest-{:06}", self.next_file);
            seal(&mut self.log.bytes);
            let mut file = File::create(dir.join(&name))?;
            file.write_all(&self.log.bytes)?;
            file.sync_all()?;
            self.log.bytes.clear();
            self.next_file += 1;
            self.files.push(name);
        }
        Ok(self.state())
    }

    /// What the commit that follows the last save names.
    pub fn state(&self) -> State {
        State {
            onrecord: VERSION,
            articles: self.articles.len() as u64,
            digest: self.digest(),
            manifest: self.files.clone(),
        }
    }

    /// Removes files of manifests that no commit names any more. Only the holder of the writer's lock may call it.
    pub fn tidy(&self, dir: &Path) -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("manifest-") && !self.files.contains(&name) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Hash over all articles and what was read of each, whatever their order, and over the format.
    pub fn digest(&self) -> String {
        format!("{:032x}", self.digest.wrapping_add(u128::from(VERSION)))
    }

    /// Articles in it.
    pub fn len(&self) -> usize {
        self.articles.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.articles.is_empty()
    }

    /// True if it was never saved with anything in it.
    pub fn is_new(&self) -> bool {
        self.files.is_empty()
    }

    /// The article with this key.
    pub fn article(&self, key: Key) -> Option<&Entry> {
        self.articles.get(&key)
    }

    /// All articles, in no order.
    pub fn articles(&self) -> impl Iterator<Item = (Key, &Entry)> {
        self.articles.iter().map(|(key, entry)| (*key, entry))
    }

    /// The source with this id.
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)?.as_ref()
    }

    /// The source with this path.
    pub fn source_at(&self, path: &str) -> Option<(SourceId, &Source)> {
        let id = *self.paths.get(path)?;
        Some((id, self.source(id)?))
    }

    /// All sources.
    pub fn sources(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).zip(&self.sources).filter_map(|(id, source)| Some((SourceId(id), source.as_ref()?)))
    }

    /// A number for a new article.
    pub fn next_number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    /// The source with this path, which becomes known if it was not.
    pub fn enter(&mut self, path: &str) -> SourceId {
        if let Some(id) = self.paths.get(path) {
            return *id;
        }
        let id = SourceId(self.sources.len() as u32);
        self.apply(Change::Source(id, Source::unread(path)));
        id
    }

    /// Records how a source was when it was read; without a stamp, it must be read again.
    pub fn record(&mut self, id: SourceId, source: Source) {
        if self.source(id).is_some_and(|known| *known != source) {
            self.apply(Change::Source(id, source));
        }
    }

    /// Records an article, in place of any other with this key.
    pub fn put(&mut self, key: Key, entry: Entry) {
        self.apply(Change::Article(key, entry));
    }

    /// Forgets an article.
    pub fn remove(&mut self, key: Key) {
        self.apply(Change::NoArticle(key));
    }

    /// Forgets a source; its articles must have been removed.
    pub fn forget(&mut self, id: SourceId) {
        self.apply(Change::NoSource(id));
    }

    /// Forgets all articles; the sources stay known, as unread.
    pub fn clear(&mut self) {
        let keys: Vec<Key> = self.articles.keys().copied().collect();
        for key in keys {
            self.remove(key);
        }
        let sources: Vec<_> = self.sources().map(|(id, source)| (id, Source::unread(&source.path))).collect();
        for (id, source) in sources {
            self.record(id, source);
        }
    }

    fn apply(&mut self, change: Change) {
        change.encode(&mut self.log);
        self.take(change);
    }

    fn take(&mut self, change: Change) {
        match change {
            Change::Source(id, source) => {
                let place = id.0 as usize;
                if self.sources.len() <= place {
                    self.sources.resize(place + 1, None);
                }
                if let Some(slot) = self.sources.get_mut(place) {
                    if slot.is_none() {
                        self.paths.insert(source.path.clone(), id);
                    }
                    *slot = Some(source);
                }
            }
            Change::NoSource(id) => {
                if let Some(source) = self.sources.get_mut(id.0 as usize).and_then(Option::take) {
                    self.paths.remove(&source.path);
                }
            }
            Change::Article(key, entry) => {
                let before = self.articles.insert(key, entry);
                self.next_number = self.next_number.max(entry.number);
                self.digest = self.digest.wrapping_add(fingerprint(key, entry.content));
                if let Some(before) = before {
                    self.digest = self.digest.wrapping_sub(fingerprint(key, before.content));
                }
            }
            Change::NoArticle(key) => {
                if let Some(entry) = self.articles.remove(&key) {
                    self.digest = self.digest.wrapping_sub(fingerprint(key, entry.content));
                }
            }
        }
    }

    fn replay(&mut self, log: &[u8]) -> Result<(), Damaged> {
        let mut from = Decoder::new(log);
        while !from.is_done() {
            let change = Change::decode(&mut from)?;
            self.take(change);
        }
        Ok(())
    }

    /// The whole manifest as one log.
    fn written_anew(&self) -> Encoder {
        let mut log = Encoder::default();
        for (id, source) in self.sources() {
            Change::Source(id, source.clone()).encode(&mut log);
        }
        for (key, entry) in self.articles() {
            Change::Article(key, *entry).encode(&mut log);
        }
        log
    }
}

/// A manifest that several threads look at while one writes.
#[derive(Debug, Clone, Default)]
pub struct SharedManifest(Arc<RwLock<Manifest>>);

impl SharedManifest {
    /// Shares a manifest.
    pub fn new(manifest: Manifest) -> Self {
        SharedManifest(Arc::new(RwLock::new(manifest)))
    }

    /// Looks at it.
    pub fn read(&self) -> RwLockReadGuard<'_, Manifest> {
        // Every change is whole before anything could panic.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes it.
    pub fn write(&self) -> RwLockWriteGuard<'_, Manifest> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A manifest that can't be read.
#[derive(Debug, thiserror::Error)]
#[error("its file {file} can't be used: {what}")]
pub struct LoadError {
    /// Which file.
    pub file: String,
    /// Why.
    pub what: String,
}

fn fingerprint(key: Key, content: u64) -> u128 {
    xxh3_128(&(u128::from(key.0) << 64 | u128::from(content)).to_le_bytes())
}

fn number_of(name: &str) -> u64 {
    name.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

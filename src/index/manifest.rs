//! What was ingested: every source and every article, so that ingesting again does only what changed.
//!
//! On disk the manifest is a log in a few files, each written whole before the commit that names it in its
//! payload: what a commit refers to is never half written, and a crash leaves at worst an unused file.
//! Each file ends in a checksum. When the files grow many, few take the place of all.
//!
//! Memory grows with every article, so only what is looked up at any time is kept there: sketches are read back from the
//! files when near-duplicates are grouped.

mod entry;
mod files;
mod log;
mod salvage;
mod shared;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

pub use self::entry::{ArticleEntry, Key, MOST_PROBLEMS, SourceEntry, SourceId, SourceProblem, Stamp};
use self::files::LogFile;
pub use self::files::{LoadError, State};
use self::log::Change;
pub(super) use self::log::{seal, unseal};
pub use self::salvage::{KnownSource, salvage};
pub use self::shared::SharedManifest;

use super::codec::Encoder;
use super::schema::VERSION;
use super::sketch::{ARTICLE, Sketch};
use crate::analysis::{Depth, analysis_id};

/// The manifest in memory: 40 to 75 bytes an article, and 200 to 300 a source.
#[derive(Debug, Default)]
pub struct Manifest {
    sources: Vec<Option<SourceEntry>>,
    /// Sources by the hash of their paths. 64 bits: among ten million paths, the odds that any two are confused are
    /// one in 370,000, and then both are read again each time.
    paths: FxHashMap<u64, SourceId>,
    articles: FxHashMap<Key, ArticleEntry>,
    next_number: u64,
    digest: u128,
    /// Articles that were removed for good: never put in again.
    removed: FxHashSet<Key>,
    /// What changed since the last save.
    log: Encoder,
    files: Vec<LogFile>,
    /// Files that are full.
    full: usize,
    next_file: u64,
}

impl Manifest {
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
    pub fn article(&self, key: Key) -> Option<&ArticleEntry> {
        self.articles.get(&key)
    }

    /// All articles, in no order.
    pub fn articles(&self) -> impl Iterator<Item = (Key, &ArticleEntry)> {
        self.articles.iter().map(|(key, entry)| (*key, entry))
    }

    /// The source with this id.
    pub fn source(&self, id: SourceId) -> Option<&SourceEntry> {
        self.sources.get(id.0 as usize)?.as_ref()
    }

    /// The source with this path.
    pub fn source_at(&self, path: &str) -> Option<(SourceId, &SourceEntry)> {
        let id = *self.paths.get(&hash_of(path))?;
        Some((id, self.source(id).filter(|source| source.path == path)?))
    }

    /// All sources.
    pub fn sources(&self) -> impl Iterator<Item = (SourceId, &SourceEntry)> {
        (0..).zip(&self.sources).filter_map(|(id, source)| Some((SourceId(id), source.as_ref()?)))
    }

    /// True if the article was removed for good.
    pub fn is_removed(&self, key: Key) -> bool {
        self.removed.contains(&key)
    }

    /// Says which articles were removed for good; gives those that are still there.
    pub fn set_removed(&mut self, removed: FxHashSet<Key>) -> Vec<Key> {
        let there = removed.iter().copied().filter(|key| self.articles.contains_key(key)).collect();
        self.removed = removed;
        there
    }

    /// True if the source was analysed by this program, as deeply as that.
    pub fn is_current(&self, source: SourceId, depth: Depth) -> bool {
        self.source(source).is_some_and(|source| source.analysis == analysis_id(depth))
    }

    /// How many articles this program analysed as deeply as that.
    pub fn analysed(&self, depth: Depth) -> u64 {
        let own = analysis_id(depth);
        let is_own = |id| self.source(id).is_some_and(|source| source.analysis == own);
        self.articles.values().filter(|entry| is_own(entry.source)).count() as u64
    }

    /// How many articles another program analysed.
    pub fn stale(&self) -> u64 {
        self.articles.len() as u64 - Depth::ALL.map(|depth| self.analysed(depth)).iter().sum::<u64>()
    }

    /// Bytes of what changed since the last save.
    pub fn unsaved(&self) -> usize {
        self.log.bytes.len()
    }

    /// A number for a new article.
    pub fn next_number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    /// The source with this path, which becomes known if it was not.
    pub fn add_source(&mut self, path: &str) -> SourceId {
        if let Some((id, _)) = self.source_at(path) {
            return id;
        }
        let id = SourceId(self.sources.len() as u32);
        self.apply(Change::Source(id, SourceEntry::unread(path)));
        id
    }

    /// Records how a source was when it was read; without a stamp, it must be read again.
    pub fn update_source(&mut self, id: SourceId, source: SourceEntry) {
        if self.source(id).is_some_and(|known| *known != source) {
            self.apply(Change::Source(id, source));
        }
    }

    /// Gives a source another path; it must be read again. Does nothing if another source has that path.
    pub fn rename_source(&mut self, id: SourceId, path: &str) {
        if self.source_at(path).is_none() && self.source(id).is_some() {
            self.apply(Change::Source(id, SourceEntry::unread(path)));
        }
    }

    /// Records an article with its sketch, if it is long enough for one, in place of any other with this key.
    pub fn put(&mut self, key: Key, entry: ArticleEntry, sketch: Option<Sketch<ARTICLE>>) {
        self.apply(Change::Article(key, entry, sketch));
    }

    /// Forgets an article.
    pub fn remove(&mut self, key: Key) {
        self.apply(Change::NoArticle(key));
    }

    /// Forgets a source; its articles must have been removed.
    pub fn remove_source(&mut self, id: SourceId) {
        self.apply(Change::NoSource(id));
    }

    fn apply(&mut self, change: Change) {
        change.encode(&mut self.log);
        self.replay(change);
    }

    fn replay(&mut self, change: Change) {
        match change {
            Change::Source(id, source) => {
                let place = id.0 as usize;
                if self.sources.len() <= place {
                    self.sources.resize(place + 1, None);
                }
                if let Some(slot) = self.sources.get_mut(place) {
                    let path = hash_of(&source.path);
                    let before = slot.replace(source).map(|before| hash_of(&before.path));
                    if before != Some(path) {
                        before.and_then(|before| self.paths.remove(&before));
                        self.paths.insert(path, id);
                    }
                }
            }
            Change::NoSource(id) => {
                if let Some(source) = self.sources.get_mut(id.0 as usize).and_then(Option::take) {
                    self.paths.remove(&hash_of(&source.path));
                }
            }
            Change::Article(key, entry, _) => {
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
}

fn hash_of(path: &str) -> u64 {
    xxh3_64(path.as_bytes())
}

fn fingerprint(key: Key, content: u64) -> u128 {
    xxh3_128(&(u128::from(key.0) << 64 | u128::from(content)).to_le_bytes())
}

#[cfg(test)]
mod tests;

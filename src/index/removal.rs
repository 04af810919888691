//! Removing articles for good: from every file of the index, and from every ingest to come.
//!
//! The list of removed articles is a file of the user's half. It holds hashes of their ids, as links hold headlines. An
//! ingest leaves out what is on it, and drops it should it still be in the index.

use std::path::Path;

use jiff::Timestamp;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use tantivy::DocAddress;

use super::block::Hierarchies;
use super::leftovers::{self, Leftovers, WordSet};
use super::schema::Level;
use super::versions::Versions;
use super::{Error, Index, Key, Paths, Sink, SourceEntry, SourceId, Writer, WriterSettings};
use crate::article::Meta;
use crate::user::{self, REMOVED, UserFiles};

/// A line of the list of removed articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RemovedEntry {
    /// Hash of the article's id, 16 hexadecimal digits.
    article: String,
    /// When it was removed, in UTC.
    removed: String,
    /// True until no file of the index holds anything of it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unfinished: bool,
}

/// What a removal did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Version of the program.
    pub onrecord: String,
    /// When it was done, in UTC.
    pub removed_at: String,
    /// What was removed.
    pub removed: Vec<ArticleName>,
    /// Digest of the index before.
    pub digest_before: String,
    /// Digest of the index now.
    pub digest_after: String,
    /// Articles in the index now.
    pub articles_left: u64,
    /// Whether any file of the index still holds words that only the removed articles had.
    pub check: Leftovers,
    /// Near-identical articles that are still in the index.
    pub copies_left: Vec<ArticleName>,
}

/// How an article is referred to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ArticleName {
    /// Its id.
    pub id: String,
    /// The file it was read from.
    pub path: String,
    /// Its record within the file.
    pub record: Option<String>,
    /// Its headline.
    pub title: Option<String>,
}

impl From<Meta> for ArticleName {
    fn from(meta: Meta) -> Self {
        ArticleName { id: meta.id, path: meta.path, record: meta.record, title: meta.title }
    }
}

/// The keys of the articles that were removed for good.
pub fn removed_keys(files: &UserFiles) -> Result<FxHashSet<Key>, user::Error> {
    let entries: Vec<RemovedEntry> = files.records(REMOVED)?;
    Ok(entries.iter().filter_map(|entry| u64::from_str_radix(&entry.article, 16).ok()).map(Key).collect())
}

/// True if a removal was cut short: files may still hold something of what was removed, until the index is compacted.
pub fn is_unfinished(files: &UserFiles) -> Result<bool, user::Error> {
    Ok(files.records::<RemovedEntry>(REMOVED)?.iter().any(|entry| entry.unfinished))
}

/// The id of an article that was removed, by its id or path, and whether its removal was cut short; none if none was.
pub fn listed(files: &UserFiles, paths: &Paths, name: &str) -> Result<Option<(String, bool)>, user::Error> {
    let entries: Vec<RemovedEntry> = files.records(REMOVED)?;
    let ids = [Some(name.to_owned()), paths.id(name)];
    let of = |id: String| {
        let entry = entries.iter().find(|entry| entry.article == hash(&id))?;
        Some((id, entry.unfinished))
    };
    Ok(ids.into_iter().flatten().find_map(of))
}

/// Says that no file holds anything of what was removed.
pub(super) fn finished(files: &UserFiles) -> Result<(), user::Error> {
    if !is_unfinished(files)? {
        return Ok(());
    }
    files.update(REMOVED, |entries: &mut Vec<RemovedEntry>| {
        for entry in entries {
            entry.unfinished = false;
        }
    })
}

/// Lets removed articles come back with the next ingest; says for each id or path whether it was on the list.
pub fn allow(files: &UserFiles, paths: &Paths, ids: &[String]) -> Result<Vec<bool>, user::Error> {
    let hashes = |id: &String| [Some(hash(id)), paths.id(id).map(|id| hash(&id))];
    let hashes: Vec<[Option<String>; 2]> = ids.iter().map(hashes).collect();
    files.update(REMOVED, |entries: &mut Vec<RemovedEntry>| {
        let means = |hashes: &[Option<String>; 2], entry: &RemovedEntry| hashes.contains(&Some(entry.article.clone()));
        let there = hashes.iter().map(|hashes| entries.iter().any(|entry| means(hashes, entry))).collect();
        entries.retain(|entry| !hashes.iter().any(|hashes| means(hashes, entry)));
        there
    })
}

/// Has the next ingest read all files again: an article that may come back is in one of them, and nothing says in which.
pub fn read_again(sink: Box<dyn Sink>) -> Result<(), Error> {
    let manifest = sink.manifest();
    let sources: Vec<_> = manifest.read().sources().map(|(id, source)| (id, source.clone())).collect();
    for (id, source) in sources {
        manifest.write().update_source(id, SourceEntry { stamp: None, ..source });
    }
    sink.finish().map(drop)
}

fn hash(id: &str) -> String {
    Key::of(id).hex()
}

/// Removes the articles with these ids, and checks that nothing of them is left. Ids that are not in the index are only put
/// on the list.
pub fn remove(dir: &Path, ids: &[String], settings: WriterSettings) -> Result<Receipt, Error> {
    let mut writer = Writer::open(dir, settings)?;
    writer.check_files()?;
    let index = Index::open(dir)?;
    let digest_before = index.state().digest.clone();
    let mut articles: Vec<(DocAddress, Meta)> = Vec::new();
    let mut words = WordSet::default();
    for id in ids {
        let Some(at) = index.find(id)? else { continue };
        let article = index.article(at)?;
        words.add(&article);
        articles.push((at, article.article));
    }
    for id in ids {
        for version in Versions::of(dir).forget(id)? {
            words.add_version(&version);
        }
    }
    let copies_left = copies(&index, &articles)?;
    drop(index);

    // First of all: from now on, no ingest brings them back.
    let removed_at = put_on_list(&UserFiles::of(dir), ids, true)?;
    take_out(&mut writer, ids)?;
    let state = writer.compact()?;
    let check = leftovers::check(dir, words)?;
    Ok(Receipt {
        onrecord: env!("CARGO_PKG_VERSION").to_owned(),
        removed_at,
        removed: ids.iter().map(|id| name(id, &articles)).collect(),
        digest_before,
        digest_after: state.digest,
        articles_left: state.articles,
        check,
        copies_left,
    })
}

/// What is said of a removed article; of one that is in the index no more, its id.
fn name(id: &str, articles: &[(DocAddress, Meta)]) -> ArticleName {
    let known = articles.iter().find(|(_, meta)| meta.id == id).map(|(_, meta)| meta.clone().into());
    known.unwrap_or_else(|| ArticleName { id: id.to_owned(), path: String::new(), record: None, title: None })
}

/// Puts articles on the list of those that no ingest brings back; gives the time. They are `unfinished` if files of an index on
/// this machine hold something of them.
pub fn put_on_list(files: &UserFiles, ids: &[String], unfinished: bool) -> Result<String, Error> {
    let removed_at = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let on_list = removed_keys(files)?;
    let new = ids.iter().filter(|id| !on_list.contains(&Key::of(id)));
    let entries = new.map(|id| RemovedEntry { article: hash(id), removed: removed_at.clone(), unfinished });
    files.append(REMOVED, entries.collect())?;
    Ok(removed_at)
}

/// Deletes the articles, and forgets the sources that hold no other.
pub fn take_out(writer: &mut dyn Sink, ids: &[String]) -> Result<(), Error> {
    let manifest = writer.manifest();
    let mut emptied: FxHashSet<SourceId> = FxHashSet::default();
    for key in ids.iter().map(|id| Key::of(id)) {
        let source = manifest.read().article(key).map(|entry| entry.source);
        emptied.extend(source);
        writer.remove(key)?;
    }
    let mut manifest = manifest.write();
    for (_, entry) in manifest.articles() {
        emptied.remove(&entry.source);
    }
    for id in emptied {
        manifest.remove_source(id);
    }
    Ok(())
}

/// The other articles in the groups of near-duplicates of `articles`.
fn copies(index: &Index, articles: &[(DocAddress, Meta)]) -> Result<Vec<ArticleName>, Error> {
    let failed = |error| Error::tantivy(index.dir(), error);
    let segments = index.searcher().segment_readers();
    let hierarchies = Hierarchies::new(index);
    let hierarchies = segments.iter().map(|segment| hierarchies.of(segment)).collect::<tantivy::Result<Vec<_>>>();
    let hierarchies = hierarchies.map_err(failed)?;
    let group = |at: &DocAddress| hierarchies.get(at.segment_ord as usize).map(|blocks| blocks.group(at.doc_id));
    let groups: FxHashSet<u64> = articles.iter().filter_map(|(at, _)| group(at)).collect();
    let mut copies = Vec::new();
    for ((ordinal, segment), blocks) in (0..).zip(segments).zip(&hierarchies) {
        for doc in segment.doc_ids_alive().filter(|&doc| blocks.level(doc) == Level::Article) {
            let at = DocAddress::new(ordinal, doc);
            if groups.contains(&blocks.group(doc)) && articles.iter().all(|(removed, _)| *removed != at) {
                copies.push(index.meta(at)?.into());
            }
        }
    }
    copies.sort_unstable();
    Ok(copies)
}

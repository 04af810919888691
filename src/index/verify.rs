//! Re-checking an index: its files, its articles, its sources.
//!
//! That every quotation's offsets still give its text follows in three steps: the file's hash is that of the file
//! that was read; the hash of the stored article is that of what was read from it; the offsets lie within it.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;

use super::block::Hierarchy;
use super::fingerprint;
use super::open::{open_tantivy, state};
use super::schema::Level;
use super::{ArticleEntry, Error, Index, Key, Manifest, SourceEntry, SourceId};
use crate::article::Place;
use crate::search::Annotated;
use crate::text::CharSpan;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The article or source it is about; `None` where it is about the index itself.
    pub place: Option<Place>,
    /// What is wrong.
    pub what: Issue,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Issue {
    /// A file of the index is not as it was written.
    #[error("the file {0} of the index is damaged; `--repair` reads all sources again")]
    File(String),
    /// An article can't be read back, or not as it was put in.
    #[error("{0}; `--repair` reads it again")]
    Article(String),
    /// A source was not read to its end: an ingest was cut short.
    #[error("was not read to its end; ingest it again")]
    Unfinished,
    /// A source has changed since it was read.
    #[error("has changed since it was read; ingest it again")]
    Changed,
    /// A source is there, but can't be read to compare it.
    #[error("cannot be read ({0}); check its permissions and the disk it is on")]
    Unreadable(String),
    /// A source is gone.
    #[error("is gone; `ingest --prune` drops its articles")]
    Gone,
}

/// What was checked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checked {
    /// Files of the index.
    pub files: u64,
    /// Articles.
    pub articles: u64,
    /// Quotations whose offsets were followed.
    pub quotes: u64,
    /// Sources that were hashed.
    pub sources: u64,
}

/// Checks the index in `dir` and tells each finding; fails only where there is no index to check.
pub fn verify(dir: &Path, tell: &mut dyn FnMut(Finding)) -> Result<Checked, Error> {
    let mut checked = Checked::default();
    let state = state(dir)?;
    let manifest =
        Manifest::load(dir, &state).map_err(|error| Error::Damaged { dir: dir.to_owned(), what: error.to_string() })?;
    let failed = |error| Error::tantivy(dir, error);
    let files = open_tantivy(dir)?;
    checked.files = files.directory().list_managed_files().len() as u64;
    let damaged = files.validate_checksum().map_err(failed)?;
    for file in &damaged {
        tell(Finding { place: None, what: Issue::File(file.display().to_string()) });
    }
    if damaged.is_empty() {
        articles(&Index::open(dir)?, &manifest, &mut checked, tell)?;
    }
    let holding: FxHashSet<SourceId> = manifest.articles().map(|(_, entry)| entry.source).collect();
    for (id, source) in manifest.sources() {
        checked.sources += 1;
        if let Some(what) = source_trouble(source, holding.contains(&id)) {
            tell(Finding { place: Some(Place::file(source.path.clone())), what });
        }
    }
    Ok(checked)
}

/// Every article of the manifest stands in the index once, as it was read, and nothing else does.
fn articles(
    index: &Index,
    manifest: &Manifest,
    checked: &mut Checked,
    tell: &mut dyn FnMut(Finding),
) -> Result<(), Error> {
    let failed = |error| Error::tantivy(index.dir(), error);
    let mut met = FxHashSet::default();
    for (segment, reader) in (0..).zip(index.searcher().segment_readers()) {
        let blocks = Hierarchy::open(reader).map_err(failed)?;
        for doc in reader.doc_ids_alive().filter(|&doc| blocks.level(doc) == Level::Article) {
            checked.articles += 1;
            let article = match index.article(DocAddress::new(segment, doc)) {
                Ok(article) => article,
                Err(error) => {
                    tell(Finding { place: None, what: Issue::Article(format!("an article is damaged ({error})")) });
                    continue;
                }
            };
            checked.quotes += article.quotes.len() as u64;
            let key = Key::of(&article.article.id);
            let below = |level| blocks.below(doc, level).count();
            let counts = (below(Level::Passage), below(Level::Quote));
            let fault = if met.insert(key) {
                fault(&article, manifest.article(key), counts)
            } else {
                Some("stands in the index twice".to_owned())
            };
            if let Some(fault) = fault {
                tell(Finding { place: Some(place(&article)), what: Issue::Article(fault) });
            }
        }
    }
    let mut missing: FxHashMap<SourceId, u64> = FxHashMap::default();
    for (_, entry) in manifest.articles().filter(|(key, _)| !met.contains(key)) {
        *missing.entry(entry.source).or_default() += 1;
    }
    for (id, count) in missing {
        let place = manifest.source(id).map(|source| Place::file(source.path.clone()));
        tell(Finding { place, what: Issue::Article(format!("{count} of its articles are missing from the index")) });
    }
    Ok(())
}

/// What is wrong with a stored article, if anything is.
fn fault(article: &Annotated, entry: Option<&ArticleEntry>, (passages, quotes): (usize, usize)) -> Option<String> {
    let Some(entry) = entry else { return Some("stands in the index, but not in its manifest".to_owned()) };
    if fingerprint::of_stored(article) != entry.content {
        return Some("is not stored as it was read".to_owned());
    }
    if passages != article.paragraphs.len() {
        return Some(format!("has {} paragraphs, but {passages} passages", article.paragraphs.len()));
    }
    if quotes > article.quotes.len() {
        return Some(format!("has {} quotations, but {quotes} documents of them", article.quotes.len()));
    }
    let end = article.text.chars().count() as u32;
    let outside = |span: &CharSpan| span.start >= span.end || span.end > end;
    let bad = article.quotes.iter().find(|quote| {
        quote.content.is_empty() || quote.content.iter().chain(&quote.cue).chain(&quote.source).any(outside)
    })?;
    Some(format!("has a quotation whose offsets {:?} give no text", bad.content))
}

fn place(article: &Annotated) -> Place {
    Place { path: article.article.path.clone(), record: article.article.record.clone() }
}

fn source_trouble(source: &SourceEntry, holds_articles: bool) -> Option<Issue> {
    let path = Path::new(&source.path);
    if source.path == "-" {
        return None;
    }
    if !path.exists() {
        return holds_articles.then_some(Issue::Gone);
    }
    if source.stamp.is_none() {
        return Some(Issue::Unfinished);
    }
    match fingerprint::of_file(path) {
        Ok(hash) => (hash != source.hash).then_some(Issue::Changed),
        Err(error) => Some(Issue::Unreadable(error.to_string())),
    }
}

//! Re-checks an index: its files, its articles, its sources.
//!
//! That every quotation's offsets still give its text is shown in three steps: the source has the hash of the file that
//! was read; the stored article has the hash of what was read from it; the offsets lie within it.

use std::io;
use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocAddress;

use super::block::Hierarchy;
use super::checksums::FileSum;
use super::layout::derived;
use super::schema::Level;
use super::{ArticleEntry, Error, Index, Key, Manifest, Paths, SourceEntry, SourceId, is_gone};
use super::{fingerprint, names, open, removal};
use crate::article::Place;
use crate::search::Annotated;
use crate::text::CharSpan;
use crate::user::UserFiles;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The article or source it is about, by its stored path; `None` where it is about the index itself.
    pub place: Option<Place>,
    /// What is wrong.
    pub what: Issue,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Issue {
    /// A file of the index is not as it was written.
    #[error("the index is damaged ({0}); `--repair` makes it again from its sources")]
    File(String),
    /// The file of names is not as it was written.
    #[error("the names must be grouped again ({0}); `--repair` or the next ingest does it")]
    Names(String),
    /// A file of the user's half is not as it was written.
    #[error("{0}")]
    User(String),
    /// Articles were removed, but not from every file.
    #[error("a removal was cut short, so files still hold something of what was removed; `onrecord compact` ends it")]
    Removal,
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

impl Issue {
    /// True if repairing it takes more than reading one source again.
    pub(crate) fn needs_rebuild(&self, place: Option<&Place>) -> bool {
        match self {
            Issue::File(_) => true,
            Issue::Article(_) => place.is_none(),
            Issue::Names(_)
            | Issue::User(_)
            | Issue::Removal
            | Issue::Unfinished
            | Issue::Changed
            | Issue::Unreadable(_)
            | Issue::Gone => false,
        }
    }
}

/// Checks the index in `dir` and reports each finding; fails only without an index.
///
/// Each file is checked against the size and checksum that the last commit lists; if that list is itself damaged, this is
/// reported, and those sources are checked that the manifest's readable files name.
pub fn verify(dir: &Path, report: &mut dyn FnMut(Finding)) -> Result<Checked, Error> {
    let mut checked = Checked::default();
    let state = match open::read_state(dir) {
        Ok(state) => Some(state),
        Err(Error::Damaged { what, .. }) => {
            report(Finding { place: None, what: Issue::File(what) });
            None
        }
        Err(error) => return Err(error),
    };
    let user = UserFiles::of(dir);
    user.check(&mut |error| report(Finding { place: None, what: Issue::User(error.to_string()) }));
    if removal::is_unfinished(&user).unwrap_or(false) {
        report(Finding { place: None, what: Issue::Removal });
    }
    let Some(state) = state else { return Ok(checked) };
    // Without its own list, the folder does not know what it should hold.
    if let Some(error) = user.lists().ok().filter(Vec::is_empty).and_then(|_| user.missing(&state.user)) {
        report(Finding { place: None, what: Issue::User(error.to_string()) });
    }
    let folder = derived(dir);
    let mut whole = true;
    for (name, listed) in &state.files {
        checked.files += 1;
        let fault = match FileSum::of_file(&folder.join(name)) {
            Ok(sum) if sum == *listed => continue,
            Ok(sum) if sum.size != listed.size => {
                format!("its file {name} has {} bytes instead of {}", sum.size, listed.size)
            }
            Ok(_) => format!("its file {name}: its checksum is wrong"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => format!("its file {name} is missing"),
            Err(error) => format!("its file {name} cannot be read: {error}"),
        };
        if name.starts_with(names::PREFIX) {
            report(Finding { place: None, what: Issue::Names(fault) });
            continue;
        }
        whole = false;
        report(Finding { place: None, what: Issue::File(fault) });
    }
    if !whole {
        return Ok(checked);
    }
    let index = Index::open(dir)?;
    let manifest = index.manifest()?;
    articles(&index, &manifest, &mut checked, report)?;
    let holding: FxHashSet<SourceId> = manifest.articles().map(|(_, entry)| entry.source).collect();
    let paths = Paths::new(dir);
    for (id, source) in manifest.sources() {
        checked.sources += 1;
        if let Some(what) = source_issue(source, &paths, holding.contains(&id)) {
            report(Finding { place: Some(Place::file(source.path.clone())), what });
        }
    }
    Ok(checked)
}

/// Checks that the index holds every article of the manifest once, as it was read, and no other.
fn articles(
    index: &Index,
    manifest: &Manifest,
    checked: &mut Checked,
    report: &mut dyn FnMut(Finding),
) -> Result<(), Error> {
    let failed = |error| Error::tantivy(index.dir(), error);
    let mut met = FxHashSet::default();
    for (segment, reader) in (0..).zip(index.searcher().segment_readers()) {
        let blocks = Hierarchy::open(reader).map_err(failed)?;
        for doc in reader.doc_ids_alive().filter(|&doc| blocks.level(doc) == Level::Article) {
            checked.articles += 1;
            let article = match index.article_as_stored(DocAddress::new(segment, doc)) {
                Ok(article) => article,
                Err(error) => {
                    report(Finding { place: None, what: Issue::Article(format!("an article is damaged ({error})")) });
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
                report(Finding { place: Some(place(&article)), what: Issue::Article(fault) });
            }
        }
    }
    let mut missing: FxHashMap<SourceId, u64> = FxHashMap::default();
    for (_, entry) in manifest.articles().filter(|(key, _)| !met.contains(key)) {
        *missing.entry(entry.source).or_default() += 1;
    }
    for (id, count) in missing {
        let place = manifest.source(id).map(|source| Place::file(source.path.clone()));
        report(Finding { place, what: Issue::Article(format!("{count} of its articles are missing from the index")) });
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

fn source_issue(source: &SourceEntry, paths: &Paths, holds_articles: bool) -> Option<Issue> {
    let path = paths.of_stored(&source.path);
    if source.path == "-" {
        return None;
    }
    if is_gone(&path) {
        return holds_articles.then_some(Issue::Gone);
    }
    if source.stamp.is_none() {
        return Some(Issue::Unfinished);
    }
    match fingerprint::of_file(&path) {
        Ok(hashes) => (hashes.hash != source.hash).then_some(Issue::Changed),
        Err(error) => Some(Issue::Unreadable(error.to_string())),
    }
}

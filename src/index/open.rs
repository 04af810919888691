//! Opening an index to read: a snapshot of one commit, untouched by whoever writes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes, RamDirectory};
use tantivy::schema::Term;
use tantivy::{DocAddress, ReloadPolicy, Searcher};

use super::checksums::FileSum;
use super::custody::Sources;
use super::duplicates::DuplicateGroups;
use super::layout::{self, META, derived};
use super::part::Beside;
use super::read_only_directory::ReadOnlyDirectory;
use super::removal::removed_keys;
use super::schema::{self, Fields, VERSION};
use super::stores::Stores;
use super::{CorpusStatistics, Error, Manifest, Paths, State, analyser, checksums, names, record};
use crate::article::Meta;
use crate::search::{Annotated, IndexInfo};
use crate::user::UserFiles;

/// How often opening is tried again when a commit comes in between.
const TRIES: usize = 100;

/// An index as one commit left it.
#[derive(Clone)]
pub struct Index {
    dir: PathBuf,
    /// Where its files are: `derived` within `dir`.
    folder: PathBuf,
    paths: Paths,
    searcher: Searcher,
    stores: Stores,
    fields: Fields,
    state: State,
    /// What is known of its source files.
    sources: Sources,
    groups: DuplicateGroups,
    /// The corpus that it holds a part of; none if it holds all there is.
    corpus: Option<Arc<CorpusStatistics>>,
}

impl Index {
    /// An index over some articles of a corpus, which says what holds of the whole: counts, terms, names.
    pub(super) fn of_part(
        dir: &Path,
        paths: Paths,
        searcher: Searcher,
        fields: Fields,
        corpus: Arc<CorpusStatistics>,
        beside: Beside,
    ) -> Result<Self, Error> {
        let stores = stores(dir, &searcher)?;
        let (dir, state, corpus) = (dir.to_owned(), corpus.state(), Some(corpus));
        let Beside { sources, groups } = beside;
        Ok(Index { folder: dir.clone(), dir, paths, searcher, stores, fields, state, sources, groups, corpus })
    }

    /// The same commit through another searcher, of whose documents `corpus` says what holds of all.
    pub(super) fn seen_as(&self, searcher: Searcher, corpus: CorpusStatistics) -> Result<Self, Error> {
        // Source files are found by the files of the whole commit, on first use.
        self.sources.of(&self.folder, &self.state, "");
        let stores = stores(&self.dir, &searcher)?;
        Ok(Index { searcher, stores, state: corpus.state(), corpus: Some(Arc::new(corpus)), ..self.clone() })
    }

    /// The corpus that it holds a part of; none if it holds all there is.
    pub fn corpus(&self) -> Option<&CorpusStatistics> {
        self.corpus.as_deref()
    }

    /// Opens the index in `dir`. Maps its files and reads little of them: some milliseconds, whatever its size.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Self::open_in(dir, &derived(dir))
    }

    /// Opens the half in `folder` of the index in `dir`.
    pub(super) fn open_in(dir: &Path, folder: &Path) -> Result<Self, Error> {
        // Before the files are opened: tantivy may panic on damaged ones.
        check_if_small(dir, folder, &state_in(dir, folder)?)?;
        Self::open_checked(dir, folder, state_in)
    }

    /// Opens the index in `dir` by its segments alone, whatever other files are missing.
    pub(super) fn open_segments(dir: &Path) -> Result<Self, Error> {
        Self::open_checked(dir, &derived(dir), |dir, folder| parse_meta(dir, &read_meta(dir, folder)?))
    }

    fn open_checked(
        dir: &Path,
        folder: &Path,
        state: impl Fn(&Path, &Path) -> Result<State, Error>,
    ) -> Result<Self, Error> {
        let failed = |error| Error::tantivy(dir, error);
        let mut last = state(dir, folder)?;
        let index = open_tantivy(dir, folder)?;
        let fields = schema::fields(&index).map_err(|error| Error::tantivy(dir, error))?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(failed)?;
        for _ in 0..TRIES {
            let now = state(dir, folder)?;
            if now == last {
                break;
            }
            last = now;
            reader.reload().map_err(failed)?;
        }
        let searcher = reader.searcher();
        Ok(Index {
            dir: dir.to_owned(),
            folder: folder.to_owned(),
            paths: Paths::new(dir),
            stores: stores(dir, &searcher)?,
            searcher,
            fields,
            state: last,
            sources: Sources::default(),
            groups: DuplicateGroups::of_folder(folder),
            corpus: None,
        })
    }

    /// Where it is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the files are that can be made again.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its groups of near-duplicates.
    pub(super) fn groups(&self) -> &DuplicateGroups {
        &self.groups
    }

    /// How the paths of its sources are shown.
    pub fn paths(&self) -> &Paths {
        &self.paths
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
        let mut manifest = Manifest::load(&self.folder, &self.state)
            .map_err(|error| Error::Damaged { dir: self.dir.clone(), what: error.to_string() })?;
        manifest.set_removed(removed_keys(&UserFiles::of(&self.dir))?);
        Ok(manifest)
    }

    /// The article with everything found in it, by the document of the article itself. As in all that is read here, its
    /// path is that from the current folder.
    pub fn article(&self, at: DocAddress) -> Result<Annotated, Error> {
        let article = self.article_as_stored(at)?;
        Ok(Annotated { article: self.shown(article.article), ..article })
    }

    /// The same with its path as it was stored.
    pub fn article_as_stored(&self, at: DocAddress) -> Result<Annotated, Error> {
        record::decode(&self.record(at)?).map(Annotated::from).map_err(|damaged| Error::record(&self.dir, damaged))
    }

    /// The article without names and quotations, by the document of the article itself.
    pub fn texts(&self, at: DocAddress) -> Result<Annotated, Error> {
        let article = record::decode_texts(&self.record(at)?)
            .map(Annotated::from)
            .map_err(|damaged| Error::record(&self.dir, damaged))?;
        Ok(Annotated { article: self.shown(article.article), ..article })
    }

    /// What is known about an article, by the document of the article itself; cheaper than all of it.
    pub fn meta(&self, at: DocAddress) -> Result<Meta, Error> {
        let meta = record::decode_meta(&self.record(at)?).map_err(|damaged| Error::record(&self.dir, damaged))?;
        Ok(self.shown(meta))
    }

    fn shown(&self, meta: Meta) -> Meta {
        let custody = self.sources.of(&self.folder, &self.state, &meta.path);
        Meta { path: self.paths.shown(&meta.path), custody, ..meta }
    }

    /// The document of the article with this id.
    pub fn find(&self, id: &str) -> Result<Option<DocAddress>, Error> {
        let failed = |error| Error::tantivy(&self.dir, error);
        let term = Term::from_field_text(self.fields.id, id);
        let query = tantivy::query::TermQuery::new(term, tantivy::schema::IndexRecordOption::Basic);
        let found = self.searcher.search(&query, &tantivy::collector::DocSetCollector).map_err(failed)?;
        Ok(found.into_iter().next())
    }

    fn record(&self, at: DocAddress) -> Result<OwnedBytes, Error> {
        let stored = self.stores.record(at).map_err(|error| Error::unpacking(&self.dir, error))?;
        stored
            .ok_or_else(|| Error::Damaged { dir: self.dir.clone(), what: "an article has no stored record".to_owned() })
    }
}

/// The stores of what `searcher` reads.
fn stores(dir: &Path, searcher: &Searcher) -> Result<Stores, Error> {
    Stores::of(searcher).map_err(|error| Error::unpacking(dir, error.into()))
}

/// What the last commit says of the half in `folder` of the index in `dir`, once all files it lists are there with their
/// sizes.
pub(super) fn state_in(dir: &Path, folder: &Path) -> Result<State, Error> {
    let mut meta = read_meta(dir, folder)?;
    for _ in 0..TRIES {
        let state = parse_meta(dir, &meta)?;
        let Some(what) = misfit(folder, &state) else { return Ok(state) };
        // A commit may have come in between, after which older files are deleted.
        let now = read_meta(dir, folder)?;
        if now == meta {
            return Err(Error::Damaged { dir: dir.to_owned(), what });
        }
        meta = now;
    }
    parse_meta(dir, &meta)
}

/// What the last commit says, whether or not its files are there.
pub(super) fn read_state(dir: &Path) -> Result<State, Error> {
    parse_meta(dir, &read_meta(dir, &derived(dir))?)
}

/// Reads `meta.json`.
fn read_meta(dir: &Path, folder: &Path) -> Result<Vec<u8>, Error> {
    match fs::read(folder.join(META)) {
        Ok(meta) => Ok(meta),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if folder == derived(dir) && layout::is_flat(dir) {
                return Err(flat_version(dir));
            }
            let is_index = |name: &String| name.starts_with("manifest-") || layout::is_tantivys(name);
            if layout::files(folder).is_ok_and(|files| files.iter().any(is_index)) {
                return Err(Error::Damaged { dir: dir.to_owned(), what: format!("its file {META} is missing") });
            }
            Err(Error::Missing(dir.to_owned()))
        }
        Err(source) => Err(Error::reading(dir, source)),
    }
}

/// The files of the first format were in `dir` itself: tells these from those of another program.
fn flat_version(dir: &Path) -> Error {
    let payload = fs::read(dir.join(META)).ok().and_then(|meta| payload(&serde_json::from_slice(&meta).ok()?));
    match payload.as_ref().and_then(version) {
        Some(found) => Error::Version { dir: dir.to_owned(), found },
        None => Error::Foreign(dir.to_owned()),
    }
}

/// The payload of tantivy's metadata.
fn payload(meta: &serde_json::Value) -> Option<serde_json::Value> {
    serde_json::from_str(meta.get("payload")?.as_str()?).ok()
}

fn version(payload: &serde_json::Value) -> Option<u32> {
    payload.get("onrecord").and_then(serde_json::Value::as_u64).map(|version| version as u32)
}

fn parse_meta(dir: &Path, bytes: &[u8]) -> Result<State, Error> {
    let damaged = |what: String| Error::Damaged { dir: dir.to_owned(), what: format!("its file {META}: {what}") };
    let meta: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
    let has_segments = meta.get("segments").and_then(|s| s.as_array()).is_none_or(|segments| !segments.is_empty());
    if meta.get("payload").is_none_or(serde_json::Value::is_null) && !has_segments && meta.get("schema").is_some() {
        // It was created, but the process ended before the first commit.
        return Err(Error::Missing(dir.to_owned()));
    }
    if !checksums::is_sealed(bytes) {
        return Err(damaged("its checksum is wrong".to_owned()));
    }
    let Some(payload) = payload(&meta) else { return Err(Error::Foreign(dir.to_owned())) };
    match version(&payload) {
        None => Err(Error::Foreign(dir.to_owned())),
        Some(found) if found != VERSION => Err(Error::Version { dir: dir.to_owned(), found }),
        Some(_) => serde_json::from_value(payload).map_err(|error| damaged(error.to_string())),
    }
}

/// Fails if a file of a small index is not as it was written. In a large one, [`verify`](super::verify) finds that.
pub(super) fn check_if_small(dir: &Path, folder: &Path, state: &State) -> Result<(), Error> {
    /// Hashing this much takes less than a millisecond.
    const SMALL: u64 = 8 << 20;
    let sizes = needed(state).map(|(_, file)| file.size);
    if sizes.sum::<u64>() > SMALL { Ok(()) } else { check_files(dir, folder, state) }
}

/// Fails if a file that was written to since the commit, or in the same tick of the clock, is not as the commit lists it.
pub(super) fn check_if_touched(dir: &Path, folder: &Path, state: &State) -> Result<(), Error> {
    let written = |name: &str| fs::metadata(folder.join(name)).and_then(|file| file.modified()).ok();
    let committed = written(META);
    check(dir, folder, needed(state).filter(|(name, _)| written(name) >= committed))
}

/// The files of a commit that nothing can do without: without the names' file queries work, and the next writer makes it again.
fn needed(state: &State) -> impl Iterator<Item = (&String, &FileSum)> {
    state.files.iter().filter(|(name, _)| !name.starts_with(names::PREFIX))
}

/// An error if the bytes of a file are not those that were written.
pub(super) fn check_files(dir: &Path, folder: &Path, state: &State) -> Result<(), Error> {
    check(dir, folder, needed(state))
}

fn check<'s>(
    dir: &Path,
    folder: &Path,
    mut files: impl Iterator<Item = (&'s String, &'s FileSum)>,
) -> Result<(), Error> {
    // A file that cannot be read may have been deleted by a commit that came in between.
    let differs = |name: &str, listed: &FileSum| FileSum::of_file(&folder.join(name)).is_ok_and(|sum| sum != *listed);
    match files.find(|(name, listed)| differs(name, listed)) {
        Some((name, _)) => {
            Err(Error::Damaged { dir: dir.to_owned(), what: format!("its file {name}: its checksum is wrong") })
        }
        None => Ok(()),
    }
}

/// The first file that is missing or has another size than the commit lists.
fn misfit(folder: &Path, state: &State) -> Option<String> {
    needed(state).find_map(|(name, listed)| match fs::metadata(folder.join(name)) {
        Ok(file) if file.len() == listed.size => None,
        Ok(file) => Some(format!("its file {name} has {} bytes instead of {}", file.len(), listed.size)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(format!("its file {name} is missing")),
        // Whatever else keeps it from being read comes up when it is opened.
        Err(_) => None,
    })
}

/// Opens the index to read it, with its tokenizers.
fn open_tantivy(dir: &Path, folder: &Path) -> Result<tantivy::Index, Error> {
    let failed = |error| Error::tantivy(dir, error);
    let directory = MmapDirectory::open(folder).map_err(|error| failed(error.into()))?;
    open_in(Box::new(ReadOnlyDirectory { files: directory, over: RamDirectory::create() }) as Box<dyn Directory>)
        .map_err(failed)
}

/// Opens the index in any directory, with its tokenizers.
pub(super) fn open_in(directory: impl Into<Box<dyn Directory>>) -> tantivy::Result<tantivy::Index> {
    let index = tantivy::Index::open(directory)?;
    analyser::register(&index);
    Ok(index)
}

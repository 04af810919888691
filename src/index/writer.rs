//! Writing: articles go in and out as whole blocks, and every commit names the manifest that goes with it.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::{NoMergePolicy, UserOperation};
use tantivy::query::TermSetQuery;
use tantivy::schema::Term;
use tantivy::{IndexWriter, SegmentMeta, TantivyError};

use super::block::WholeBlock;
use super::checksums::WrittenFiles;
use super::custody;
use super::document::Document;
use super::document_builder::ArticleBlock;
use super::duplicates;
use super::layout::{self, derived, rebuilt};
use super::locked_directory::LockedDirectory;
use super::merge_policy;
use super::names;
use super::open::{check_files, check_if_small, check_if_touched, open_in, state_in};
use super::removal::{self, removed_keys};
use super::schema::{self, Fields};
use super::{Error, Key, Lock, Manifest, SharedManifest, Sink, SourceId, State};
use crate::user::UserFiles;

/// How an index is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterSettings {
    /// Threads that build segments, from 1 to 8.
    pub threads: usize,
    /// Bytes that segments in the making may take together.
    pub memory: usize,
    /// Whether to wait for another writer, rather than fail.
    pub wait: bool,
}

/// Articles that one query of tantivy deletes: a query for each of them takes a kilobyte until the next commit.
const DELETED_AT_ONCE: usize = 1000;

/// The one writer of an index.
pub struct Writer {
    dir: PathBuf,
    /// Where it writes: the derived half of the index, or a new one that will take its place.
    folder: PathBuf,
    fields: Fields,
    tantivy: IndexWriter<Document>,
    manifest: SharedManifest,
    threads: usize,
    /// Numbers of articles that are still to be deleted. No article gets such a number again.
    deleted: Vec<u64>,
    /// Bytes of text put in since the last commit.
    uncommitted: u64,
    // Dropped last: no other process may write before all of the above is closed.
    lock: Lock,
}

impl Writer {
    /// Opens the index in `dir` to write, and makes it if there is none.
    pub fn open(dir: &Path, settings: WriterSettings) -> Result<Self, Error> {
        let lock = Self::lock(dir, settings)?;
        if layout::is_flat(dir) {
            // Says which format it has, or that it is another program's.
            state_in(dir, &derived(dir))?;
        }
        Self::open_folder(dir, derived(dir), lock, settings)
    }

    /// Starts a new half for the index in `dir`, which takes the place of the present one when the writer
    /// [finishes](Self::finish). Until then, readers see the present one, whatever state it is in.
    pub fn rebuild(dir: &Path, settings: WriterSettings) -> Result<Self, Error> {
        let lock = Self::lock(dir, settings)?;
        if let Err(foreign @ Error::Foreign(_)) = state_in(dir, &derived(dir)) {
            return Err(foreign);
        }
        layout::remove(&rebuilt(dir)).map_err(|source| Error::io(dir, source))?;
        Self::open_folder(dir, rebuilt(dir), lock, settings)
    }

    fn lock(dir: &Path, settings: WriterSettings) -> Result<Lock, Error> {
        match fs::create_dir_all(dir) {
            Err(_) if dir.exists() => return Err(Error::NotAFolder(dir.to_owned())),
            made => made.map_err(|source| Error::io(dir, source))?,
        }
        let lock = Lock::acquire(dir, settings.wait)?;
        layout::recover(dir)?;
        layout::adopt_user_files(dir)?;
        if let Ok(state) = state_in(dir, &derived(dir)) {
            UserFiles::of(dir).missing(&state.user).map_or(Ok(()), Err)?;
        }
        Ok(lock)
    }

    fn open_folder(dir: &Path, folder: PathBuf, lock: Lock, settings: WriterSettings) -> Result<Self, Error> {
        fs::create_dir_all(&folder).map_err(|source| Error::io(dir, source))?;
        let directory = MmapDirectory::open(&folder).map_err(|error| Error::tantivy(dir, error.into()))?;
        Self::open_in(dir, folder, directory.into(), lock, settings)
    }

    /// The same over any directory of tantivy's, so that tests can make its writes fail.
    fn open_in(
        dir: &Path,
        folder: PathBuf,
        directory: Box<dyn tantivy::Directory>,
        lock: Lock,
        settings: WriterSettings,
    ) -> Result<Self, Error> {
        let failed = |error| Error::tantivy(dir, error);
        let state = state_in(dir, &folder);
        let written = state.as_ref().map(|state| WrittenFiles::new(&state.files)).unwrap_or_default();
        let lock_file = lock.lock_file().clone();
        let locked = LockedDirectory { directory, folder: folder.clone(), lock_file, written };
        let directory: Box<dyn tantivy::Directory> = Box::new(locked);
        let (index, manifest) = match state {
            Ok(state) => {
                check_if_small(dir, &folder, &state)?;
                check_if_touched(dir, &folder, &state)?;
                let manifest = Manifest::load(&folder, &state)
                    .map_err(|error| Error::Damaged { dir: dir.to_owned(), what: error.to_string() })?;
                (open_in(directory).map_err(failed)?, manifest)
            }
            Err(Error::Missing(_)) => {
                let made = tantivy::IndexBuilder::new()
                    .schema(schema::schema().0)
                    .settings(schema::settings())
                    .open_or_create(directory)
                    .map_err(failed)?;
                super::analyser::register(&made);
                (made, Manifest::default())
            }
            Err(error) => return Err(error),
        };
        let fields = schema::fields(&index).map_err(|_| Error::Foreign(dir.to_owned()))?;
        let threads = settings.threads.clamp(1, 8);
        // tantivy asks for 15 MB a thread at least, and for less than 4 GB.
        let memory = (settings.memory / threads).clamp(16 << 20, 4000 << 20) * threads;
        let tantivy = index.writer_with_num_threads(threads, memory).map_err(failed)?;
        tantivy.set_merge_policy(Box::new(merge_policy::RunMergePolicy));
        // A run that was killed may have left a list of deleted documents that this one would write under the same name.
        if let Err(error) = tantivy.garbage_collect_files().wait() {
            tracing::warn!(dir = %dir.display(), %error, "cannot delete the leftovers of an earlier run");
        }
        let mut writer = Writer {
            dir: dir.to_owned(),
            folder,
            fields,
            tantivy,
            manifest: SharedManifest::new(manifest),
            threads,
            deleted: Vec::new(),
            uncommitted: 0,
            lock,
        };
        if writer.manifest.read().is_new() {
            // From its first moment on, an index says that it is one of onrecord's.
            writer.commit()?;
        }
        // A removal that was cut short is completed; its articles are no longer searched from the next commit on.
        let removed = writer.manifest.write().set_removed(removed_keys(&UserFiles::of(dir))?);
        for key in removed {
            writer.remove(key)?;
        }
        writer.manifest.read().delete_stale_files(&writer.folder).map_err(|source| Error::io(dir, source))?;
        Ok(writer)
    }

    /// What was ingested so far. What is recorded there lasts from the next commit on.
    pub fn manifest(&self) -> SharedManifest {
        self.manifest.clone()
    }

    /// The fields of its documents.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Puts an article's block in, in place of what there was with its key. Blocks while the pipeline is full.
    pub fn put(&mut self, mut article: ArticleBlock, source: SourceId) -> Result<(), Error> {
        self.delete(article.key)?;
        let number = self.manifest.write().next_number();
        article.number(number, &self.fields);
        let (entry, bytes) = (article.entry(number, source), u64::from(article.bytes));
        let documents = article.block.into_documents().map(UserOperation::Add);
        if let Err(error) = self.tantivy.run(documents) {
            return Err(self.failed(error));
        }
        self.manifest.write().put(article.key, entry, article.sketch);
        self.uncommitted += bytes;
        Ok(())
    }

    /// Takes an article out.
    pub fn remove(&mut self, key: Key) -> Result<(), Error> {
        self.delete(key)?;
        self.manifest.write().remove(key);
        Ok(())
    }

    /// Bytes of text put in since the last commit.
    pub fn uncommitted(&self) -> u64 {
        self.uncommitted
    }

    /// Commits all of it: an index that is opened from now on holds it, even after a crash.
    /// Writes nothing where nothing changed.
    pub fn commit(&mut self) -> Result<State, Error> {
        if !self.lock.lock_file().is_there() {
            return Err(Error::Replaced(self.dir.clone()));
        }
        let saved = self.manifest.write().save(&self.folder);
        self.commit_state(saved.map_err(|source| self.with_cause(Error::io(&self.dir, source)))?)
    }

    fn commit_state(&mut self, state: State) -> Result<State, Error> {
        self.delete_blocks()?;
        // Where the list of the user's files cannot be read, what the last commit named is named still.
        let user = UserFiles::of(&self.dir).lists();
        let user = user.or_else(|_| state_in(&self.dir, &derived(&self.dir)).map(|last| last.user));
        let state = State { user: user.unwrap_or_default(), ..state };
        let payload = serde_json::json!(state).to_string();
        let committed = self.tantivy.prepare_commit().and_then(|mut prepared| {
            prepared.set_payload(&payload);
            prepared.commit()
        });
        if let Err(error) = committed {
            return Err(self.failed(error));
        }
        self.uncommitted = 0;
        // What the last commit named is named no more. If it can't be removed now, the next writer does it.
        let _ = self.manifest.read().delete_stale_files(&self.folder);
        Ok(state)
    }

    /// True if it makes a new half that takes the place of the present one.
    pub fn is_rebuild(&self) -> bool {
        self.folder == rebuilt(&self.dir)
    }

    /// Commits, merges small segments and groups the names; a rebuilt half then takes the place of the present one. After a
    /// removal that was cut short, it compacts.
    pub fn finish(mut self) -> Result<State, Error> {
        if !self.is_rebuild() && removal::is_unfinished(&UserFiles::of(&self.dir))? {
            return self.compact();
        }
        // The policy would start on segments that are merged here.
        self.tantivy.set_merge_policy(Box::new(NoMergePolicy));
        let state = self.commit()?;
        self.merge_segments();
        self.close()?;
        Ok(state)
    }

    /// An error if a file of the last commit is damaged: what reads it may panic, and what is written from it is no better.
    pub(super) fn check_files(&self) -> Result<(), Error> {
        check_files(&self.dir, &self.folder, &state_in(&self.dir, &self.folder)?)
    }

    /// Commits, and writes everything anew that holds something of articles that were deleted: segments, names and the
    /// manifest.
    pub fn compact(mut self) -> Result<State, Error> {
        // The policy would rewrite some of these segments on its own.
        self.tantivy.set_merge_policy(Box::new(NoMergePolicy));
        self.check_files()?;
        self.commit()?;
        let segments =
            self.tantivy.index().searchable_segment_metas().map_err(|error| Error::tantivy(&self.dir, error))?;
        let worn: Vec<_> = segments.iter().filter(|segment| segment.has_deletes()).map(SegmentMeta::id).collect();
        drop(segments);
        for segment in worn {
            if let Err(error) = self.tantivy.merge(&[segment]).wait() {
                return Err(self.failed(error));
            }
        }
        let saved = self.manifest.write().compact(&self.folder);
        let state = self.commit_state(saved.map_err(|source| self.with_cause(Error::io(&self.dir, source)))?)?;
        if let Err(error) = self.tantivy.garbage_collect_files().wait() {
            return Err(self.failed(error));
        }
        self.close()?;
        Ok(state)
    }

    /// Waits for merges and brings the names and the near-duplicates up to date.
    fn close(self) -> Result<(), Error> {
        let is_rebuild = self.is_rebuild();
        let Writer { dir, folder, tantivy, manifest, threads, lock: _lock, .. } = self;
        tantivy.wait_merging_threads().map_err(|error| Error::tantivy(&dir, error))?;
        // Without the file, queries group the names themselves: slower, with the same result.
        if let Err(error) = names::save(&dir, &folder) {
            tracing::warn!(dir = %dir.display(), %error, "the names are not saved");
        }
        custody::save(&dir, &folder, &manifest.read())?;
        duplicates::save(&dir, &folder, &manifest.read(), threads)?;
        if is_rebuild {
            layout::replace(&dir)?;
        }
        // What was removed is in no file now: all were compacted or made anew, or no removal was cut short.
        Ok(removal::finished(&UserFiles::of(&dir))?)
    }

    /// Merges the small segments of the run, and rewrites those of which much is deleted.
    fn merge_segments(&mut self) {
        let Ok(mut segments) = self.tantivy.index().searchable_segment_metas() else { return };
        segments.sort_by_key(SegmentMeta::num_docs);
        let sizes: Vec<u32> = segments.iter().map(SegmentMeta::num_docs).collect();
        let ids: Vec<_> = segments.iter().map(SegmentMeta::id).collect();
        let groups = merge_policy::final_merges(&sizes);
        let mut merges: Vec<_> = groups.iter().filter_map(|group| ids.get(group.clone())).collect();
        for (place, segment) in segments.iter().enumerate() {
            if merge_policy::is_worn(segment) && !groups.iter().any(|group| group.contains(&place)) {
                merges.extend(ids.get(place..=place));
            }
        }
        // What is named here counts as in use, and its files would stay.
        drop(segments);
        for group in merges {
            // The index is whole without it; the next run may fare better.
            let merged = self.tantivy.merge(group).wait().map(drop);
            if let Err(error) = merged.and_then(|()| self.tantivy.garbage_collect_files().wait().map(drop)) {
                tracing::info!(dir = %self.dir.display(), %error, "segments are left unmerged");
                return;
            }
        }
    }

    /// Deletes the block of an article, if there is one, by the next commit.
    fn delete(&mut self, key: Key) -> Result<(), Error> {
        self.deleted.extend(self.manifest.read().article(key).map(|entry| entry.number));
        if self.deleted.len() < DELETED_AT_ONCE { Ok(()) } else { self.delete_blocks() }
    }

    fn delete_blocks(&mut self) -> Result<(), Error> {
        if self.deleted.is_empty() {
            return Ok(());
        }
        let numbers = self.deleted.drain(..).map(|number| Term::from_field_u64(self.fields.number, number));
        let articles = TermSetQuery::new(numbers);
        let deleted = self.tantivy.delete_query(Box::new(WholeBlock::new(Box::new(articles))));
        deleted.map(drop).map_err(|error| self.failed(error))
    }

    fn failed(&mut self, error: TantivyError) -> Error {
        let error = match error {
            // A thread that builds segments died; why, the next commit would say.
            TantivyError::ErrorInThread(_) => self.tantivy.prepare_commit().err().unwrap_or(error),
            error => error,
        };
        self.with_cause(Error::tantivy(&self.dir, error))
    }

    /// An error, with what is known of its cause here.
    fn with_cause(&self, error: Error) -> Error {
        match error {
            _ if !self.lock.lock_file().is_there() => Error::Replaced(self.dir.clone()),
            // The batch in hand needs its index, and as much again while segments merge.
            Error::Full { dir, needed } => Error::Full { dir, needed: needed + ((self.uncommitted * 3) >> 20) },
            error => error,
        }
    }
}

impl Sink for Writer {
    fn manifest(&self) -> SharedManifest {
        self.manifest()
    }

    fn put(&mut self, article: ArticleBlock, source: SourceId) -> Result<(), Error> {
        self.put(article, source)
    }

    fn remove(&mut self, key: Key) -> Result<(), Error> {
        self.remove(key)
    }

    fn commit(&mut self) -> Result<State, Error> {
        self.commit()
    }

    fn finish(self: Box<Self>) -> Result<State, Error> {
        Writer::finish(*self)
    }

    fn is_rebuild(&self) -> bool {
        self.is_rebuild()
    }
}

#[cfg(test)]
mod tests;

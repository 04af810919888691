//! The writer's view of the index folder. A commit fails if the folder was moved away or replaced since it was locked, so
//! that another index made in its place stays untouched. Every commit lists the files it consists of, with their
//! [checksums].
//!
//! tantivy's own list of files, `.managed.json`, is answered from the folder: what it says is known without it, and a
//! file that need not be there cannot be damaged.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, WatchCallback, WatchHandle, WritePtr};

use super::checksums::{self, WrittenFiles};
use super::layout::{self, MANAGED, META};
use super::lock::LockFile;

/// A folder that accepts commits only while its lock file is in place.
#[derive(Debug, Clone)]
pub(super) struct LockedDirectory {
    pub(super) directory: Box<dyn Directory>,
    /// Where it is.
    pub(super) folder: PathBuf,
    pub(super) lock_file: LockFile,
    pub(super) written: WrittenFiles,
}

impl Directory for LockedDirectory {
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if path == Path::new(MANAGED) {
            return Ok(());
        }
        if !self.lock_file.is_there() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the index was removed or replaced"));
        }
        if path == Path::new(META) {
            return self.directory.atomic_write(path, &checksums::seal(data, &self.folder, &self.written)?);
        }
        self.directory.atomic_write(path, data)
    }

    // The other files have unique names, so writing and deleting them is safe.

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Ok(self.written.watch(&path.to_string_lossy(), self.directory.open_write(path)?))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.directory.delete(path)
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.directory.get_file_handle(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.directory.exists(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(MANAGED) {
            let failed = |error: io::Error| OpenReadError::wrap_io_error(error, path.to_owned());
            let files = layout::files(&self.folder).map_err(failed)?;
            let files: Vec<String> = files.into_iter().filter(|name| layout::is_tantivys(name)).collect();
            return serde_json::to_vec(&files).map_err(|error| failed(error.into()));
        }
        self.directory.atomic_read(path)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.directory.sync_directory()
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.directory.watch(callback)
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.directory.acquire_lock(lock)
    }
}

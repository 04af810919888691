//! An index's folder as its writer sees it: what names the files of a commit is written only while the folder is the
//! one that was locked. Whoever moved it away, and made another in its place, finds that untouched.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, WatchCallback, WatchHandle, WritePtr};

use super::lock::Held;

/// A folder that is written to while a lock in it is there.
#[derive(Debug, Clone)]
pub(super) struct Guarded {
    pub(super) directory: Box<dyn Directory>,
    pub(super) held: Held,
}

impl Directory for Guarded {
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if self.held.is_there() {
            self.directory.atomic_write(path, data)
        } else {
            Err(io::Error::new(io::ErrorKind::NotFound, "the index was removed or replaced"))
        }
    }

    // What is written and removed here has names that are never given twice.

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.directory.open_write(path)
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

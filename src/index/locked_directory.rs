//! The writer's view of the index folder: a commit fails if the folder was moved away or replaced since it was locked, so
//! that another index made in its place stays untouched.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, WatchCallback, WatchHandle, WritePtr};

use super::lock::LockFile;

/// A folder that accepts commits only while its lock file is in place.
#[derive(Debug, Clone)]
pub(super) struct LockedDirectory {
    pub(super) directory: Box<dyn Directory>,
    pub(super) lock_file: LockFile,
}

impl Directory for LockedDirectory {
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        if self.lock_file.is_there() {
            self.directory.atomic_write(path, data)
        } else {
            Err(io::Error::new(io::ErrorKind::NotFound, "the index was removed or replaced"))
        }
    }

    // The other files have unique names, so writing and deleting them is safe.

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

//! The readers' view of the index folder: never written to, so that an index on a read-only disk can be searched.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, RamDirectory, WatchCallback, WatchHandle, WritePtr,
};

use super::layout::MANAGED;

/// A folder without write access.
#[derive(Debug, Clone)]
pub(super) struct ReadOnlyDirectory {
    pub(super) files: MmapDirectory,
    /// Files that are read in place of those of the same name.
    pub(super) over: RamDirectory,
}

impl Directory for ReadOnlyDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        if self.over.exists(path)? { self.over.get_file_handle(path) } else { self.files.get_file_handle(path) }
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        Ok(self.over.exists(path)? || self.files.exists(path)?)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(MANAGED) {
            // Only a writer needs to know which files are tantivy's.
            return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
        }
        if self.over.exists(path)? { self.over.atomic_read(path) } else { self.files.atomic_read(path) }
    }

    /// The lock keeps a writer from deleting files that are about to be opened. Where its file cannot be created, no writer
    /// can be at work either.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.files.acquire_lock(lock) {
            Err(LockError::IoError(_)) => Ok(DirectoryLock::from(Box::new(()))),
            locked => locked,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let io_error = Arc::new(io::ErrorKind::ReadOnlyFilesystem.into());
        Err(DeleteError::IoError { io_error, filepath: path.to_owned() })
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let io_error = Arc::new(io::ErrorKind::ReadOnlyFilesystem.into());
        Err(OpenWriteError::IoError { io_error, filepath: path.to_owned() })
    }

    fn atomic_write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::index::{Index, Writer, WriterSettings, layout};

    #[test]
    fn an_index_is_read_where_no_lock_can_be_made() {
        let dir = tempfile::tempdir().unwrap();
        let settings = WriterSettings { threads: 1, memory: 0, wait: false };
        Writer::open(dir.path(), settings).unwrap().finish().unwrap();
        // Nobody can write to a folder as if it were a file, whatever their rights.
        let lock = layout::derived(dir.path()).join(".tantivy-meta.lock");
        fs::remove_file(&lock).unwrap();
        fs::create_dir(&lock).unwrap();
        assert_eq!(Index::open(dir.path()).unwrap().state().articles, 0);
    }
}

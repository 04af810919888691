//! One writer at a time: a lock file that says who holds it. Readers never look at it.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::Error;

/// The process that writes to an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Process id and start time from the lock file; empty if it could not be read.
    words: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.words.is_empty() {
            f.write_str("another onrecord")
        } else {
            write!(f, "another onrecord ({})", self.words)
        }
    }
}

/// The writer's lock, held until dropped. The operating system releases it when the process dies.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    lock_file: LockFile,
}

/// Identifies the locked file: its path may come to name another file.
#[derive(Debug, Clone)]
pub(super) struct LockFile {
    path: PathBuf,
    file: Option<(u64, u64)>,
}

impl LockFile {
    /// True while the path still names the locked file. Always true where the system has no file identity.
    pub(super) fn is_there(&self) -> bool {
        self.file.is_none() || fs::metadata(&self.path).is_ok_and(|file| identity(&file) == self.file)
    }
}

/// Device and inode.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there is none")]
fn identity(file: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((file.dev(), file.ino()))
}

/// This system has no lasting file identity.
#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

impl Lock {
    /// Locks the index in `dir`. If another process holds the lock, waits for it or fails and names it.
    pub fn acquire(dir: &Path, wait: bool) -> Result<Self, Error> {
        let failed = |source| Error::io(dir, source);
        let path = dir.join("writer.lock");
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if wait => file.lock().map_err(failed)?,
            Err(TryLockError::WouldBlock) => {
                let mut words = String::new();
                let _ = file.read_to_string(&mut words);
                return Err(Error::Locked { dir: dir.to_owned(), holder: Holder { words: words.trim().to_owned() } });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let now = jiff::Zoned::now().strftime("%Y-%m-%d %H:%M:%S").to_string();
        let words = format!("process {}, since {now}\n", std::process::id());
        // The holder's name is only informative: a full disk must not prevent a repair.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(words.as_bytes()));
        let lock_file = LockFile { path, file: file.metadata().ok().as_ref().and_then(identity) };
        Ok(Lock { _file: file, lock_file })
    }

    /// The locked file.
    pub(super) fn lock_file(&self) -> &LockFile {
        &self.lock_file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_came_first() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::acquire(dir.path(), false).unwrap();
        let refused = Lock::acquire(dir.path(), false).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}, since 2", std::process::id())), "{refused}");
        assert!(refused.ends_with("`--wait` waits until it is done"), "{refused}");
        drop(first);
        Lock::acquire(dir.path(), false).unwrap();
    }

    #[test]
    fn who_waits_gets_it() {
        let dir = tempfile::tempdir().unwrap();
        let first = Lock::acquire(dir.path(), false).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| Lock::acquire(dir.path(), true).is_ok());
            drop(first);
            assert!(second.join().unwrap());
        });
    }
}

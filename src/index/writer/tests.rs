//! Writes that fail: the index stays as its last commit left it, and the message says what to do.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, OpenReadError, OpenWriteError};
use tantivy::directory::{AntiCallToken, FileHandle, TerminatingWrite, WatchCallback, WatchHandle, WritePtr};

use super::*;
use crate::analysis::Analyser;
use crate::article::{Article, Meta};
use crate::index::document_builder::DocumentBuilder;
use crate::index::fingerprint;
use crate::index::verify::{Issue, verify};

/// A directory on a disk with so many bytes left.
#[derive(Debug, Clone)]
struct Small {
    inner: MmapDirectory,
    left: Arc<AtomicU64>,
}

impl Small {
    fn take(&self, bytes: usize) -> io::Result<()> {
        let enough = |left: u64| left.checked_sub(bytes as u64);
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, enough);
        taken.map(drop).map_err(|_| io::ErrorKind::StorageFull.into())
    }
}

impl Directory for Small {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let inner = self.inner.open_write(path)?;
        Ok(BufWriter::new(Box::new(SmallFile { inner, disk: self.clone() })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.take(data.len())?;
        self.inner.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

struct SmallFile {
    inner: WritePtr,
    disk: Small,
}

impl Write for SmallFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.take(bytes.len())?;
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for SmallFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.terminate_ref(token)
    }
}

const SETTINGS: WriterSettings = WriterSettings { threads: 1, memory: 0, wait: false };

/// Puts 50 articles in, with a commit after every ten, until the first error.
fn fill(writer: &mut Writer) -> Result<(), Error> {
    let mut analyser = Analyser::new();
    let source = writer.manifest().write().add_source("a.txt");
    let mut builder = DocumentBuilder::default();
    for n in 0..50 {
        let text = format!("“Pier {n} is shut,” Ada Ray said on day {n}.\n\nNobody at the harbour of Sarn knew why.");
        let article = Article::from_plain(Meta { id: format!("a{n}"), ..Meta::default() }, text);
        let analysis = analyser.analyse(&article);
        let (key, hash) = (Key::of(&article.meta.id), fingerprint::of_article(&article));
        let block = builder.build(article, &analysis, key, hash);
        writer.put(block, source)?;
        if n % 10 == 9 {
            writer.commit()?;
        }
    }
    Ok(())
}

fn broken(dir: &Path) -> Vec<Issue> {
    let mut found = Vec::new();
    verify(dir, &mut |finding| found.push(finding.what)).unwrap();
    found.retain(|trouble| matches!(trouble, Issue::File(_) | Issue::Article(_)));
    found
}

#[test]
fn a_full_disk_leaves_the_last_commit_and_says_what_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let mut writer = Writer::open(&whole, SETTINGS).unwrap();
    fill(&mut writer).unwrap();
    let digest = writer.finish().unwrap().digest;
    let mut refused = 0;
    for left in (15_000..165_000).step_by(25_000) {
        let dir = folder.path().join(left.to_string());
        let derived = derived(&dir);
        fs::create_dir_all(&derived).unwrap();
        let lock = Lock::acquire(&dir, false).unwrap();
        let inner = MmapDirectory::open(&derived).unwrap();
        let disk = Small { inner, left: Arc::new(AtomicU64::new(left)) };
        let mut writer = Writer::open_in(&dir, derived, Box::new(disk), lock, SETTINGS).unwrap();
        let filled = fill(&mut writer);
        drop(writer);
        if let Err(error) = filled {
            refused += 1;
            let told = error.to_string();
            assert!(told.contains("is full; free about 64 MB and run the same command again"), "{error:?}");
        }
        assert_eq!(broken(&dir), [], "{left} bytes");
        let mut writer = Writer::open(&dir, SETTINGS).unwrap();
        fill(&mut writer).unwrap();
        assert_eq!(writer.finish().unwrap().digest, digest, "{left} bytes");
        assert_eq!(broken(&dir), [], "{left} bytes");
    }
    assert!(refused > 2, "{refused} disks were too small");
}

#[test]
fn a_file_that_something_else_wrote_to_is_found_in_an_index_of_any_size() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("index");
    let mut writer = Writer::open(&dir, SETTINGS).unwrap();
    fill(&mut writer).unwrap();
    let state = writer.finish().unwrap();
    let derived = derived(&dir);
    check_if_touched(&dir, &derived, &state).unwrap();
    let (name, _) = state.files.iter().max_by_key(|(_, file)| file.size).unwrap();
    let path = derived.join(name);
    let whole = fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).unwrap();
    let found = check_if_touched(&dir, &derived, &state);
    assert!(matches!(&found, Err(Error::Damaged { what, .. }) if what.contains(name.as_str())), "{found:?}");
    // Written again as it was, as by a copy.
    fs::write(&path, whole).unwrap();
    check_if_touched(&dir, &derived, &state).unwrap();
}

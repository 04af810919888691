//! Sizes and checksums of the files of a commit, kept in `meta.json`, which holds a checksum of itself.
//!
//! tantivy replaces `meta.json` with every commit and every merge, by one rename. The list of files is added to it in
//! that moment, as part of the payload, so that a commit and its list become valid together.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tantivy::directory::{AntiCallToken, TerminatingWrite, WritePtr};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::layout;

/// Size and checksum of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Bytes.
    pub size: u64,
    /// XXH3 of all of them, 16 hexadecimal digits.
    pub sum: String,
}

impl FileSum {
    /// Of bytes in memory.
    pub(super) fn of(bytes: &[u8]) -> Self {
        FileSum { size: bytes.len() as u64, sum: hex(xxh3_64(bytes)) }
    }

    /// Of a file on disk.
    pub(super) fn of_file(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut hasher = Xxh3::new();
        let (mut buffer, mut size) = (vec![0; 256 << 10], 0);
        loop {
            match file.read(&mut buffer) {
                Ok(0) => return Ok(FileSum { size, sum: hex(hasher.digest()) }),
                Ok(count) => {
                    hasher.update(buffer.get(..count).unwrap_or_default());
                    size += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

fn hex(sum: u64) -> String {
    format!("{sum:016x}")
}

/// The files that tantivy wrote, if known.
#[derive(Debug, Clone, Default)]
pub(super) struct WrittenFiles(Arc<Mutex<BTreeMap<String, FileSum>>>);

impl WrittenFiles {
    /// Starts with the files of a commit.
    pub(super) fn new(files: &BTreeMap<String, FileSum>) -> Self {
        WrittenFiles(Arc::new(Mutex::new(files.clone())))
    }

    /// Sums up what is written to `inner`, the file of this name.
    pub(super) fn watch(&self, name: &str, inner: WritePtr) -> WritePtr {
        let file = SummedFile { inner, hasher: Xxh3::new(), size: 0, name: name.to_owned(), files: self.clone() };
        WritePtr::new(Box::new(file))
    }

    fn add(&self, name: &str, sum: FileSum) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), sum);
    }

    /// The sum of a file; read from the disk if it was not written by this process.
    fn get(&self, folder: &Path, name: &str) -> io::Result<FileSum> {
        if let Some(sum) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(sum.clone());
        }
        let sum = FileSum::of_file(&folder.join(name))?;
        self.add(name, sum.clone());
        Ok(sum)
    }
}

/// A file whose checksum is computed while it is written.
struct SummedFile {
    inner: WritePtr,
    hasher: Xxh3,
    size: u64,
    name: String,
    files: WrittenFiles,
}

impl Write for SummedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.hasher.update(bytes.get(..count).unwrap_or_default());
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for SummedFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.inner.terminate_ref(token)?;
        self.files.add(&self.name, FileSum { size: self.size, sum: hex(self.hasher.digest()) });
        Ok(())
    }
}

/// Placeholder of the checksum of `meta.json` while that is computed.
const BLANK: &str = "0000000000000000";
/// What precedes the checksum: the payload is JSON within a JSON string.
const BEFORE_SUM: &str = r#"\"meta_sum\":\""#;

/// Adds to tantivy's metadata the files that it names in `folder`, and its checksum.
pub(super) fn seal(meta: &[u8], folder: &Path, written: &WrittenFiles) -> io::Result<Vec<u8>> {
    edit(meta, |segments, files| {
        // The files of the manifest come with the payload; all others are those of the segments.
        files.retain(|name, _| name.starts_with("manifest-"));
        for name in layout::files(folder)? {
            let Some((id, what)) = name.split_once('.').filter(|_| layout::is_tantivys(&name)) else { continue };
            let belongs = segments.iter().any(|segment| {
                let of = segment.get("segment_id").and_then(Value::as_str).unwrap_or_default().replace('-', "");
                let deletes = segment.pointer("/deletes/opstamp").and_then(Value::as_u64);
                let is_current = match what.strip_suffix(".del") {
                    Some(opstamp) => deletes.is_some_and(|deletes| opstamp == deletes.to_string()),
                    None => Path::new(what).extension().is_none_or(|end| end != "temp"),
                };
                of == id && is_current
            });
            if belongs {
                files.insert(name.clone(), written.get(folder, &name)?);
            }
        }
        Ok(())
    })
}

/// Lists a file in the `meta.json` of `folder`, and deletes those of the same kind, such as older `names-…`.
pub(super) fn list_one(folder: &Path, prefix: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let (path, sum) = (folder.join(layout::META), FileSum::of(bytes));
    let meta = edit(&fs::read(&path)?, |_, files| {
        files.retain(|name, _| !name.starts_with(prefix));
        files.insert(name.to_owned(), sum);
        Ok(())
    })?;
    if fs::read(&path)? != meta {
        write_atomically(&path, &meta)?;
    }
    for stale in layout::files(folder)?.iter().filter(|file| file.starts_with(prefix) && *file != name) {
        fs::remove_file(folder.join(stale))?;
    }
    Ok(())
}

/// Changes the list of files and seals the whole anew.
fn edit(
    meta: &[u8],
    change: impl FnOnce(&[Value], &mut BTreeMap<String, FileSum>) -> io::Result<()>,
) -> io::Result<Vec<u8>> {
    let mut meta: Value = serde_json::from_slice(meta)?;
    let Some(mut payload) =
        meta.get("payload").and_then(Value::as_str).map(serde_json::from_str::<Value>).transpose()?
    else {
        // Before the first commit the payload is missing.
        return Ok(serde_json::to_vec_pretty(&meta)?);
    };
    let mut files = match payload.get("files") {
        Some(files) => serde_json::from_value(files.clone())?,
        None => BTreeMap::new(),
    };
    let segments = meta.get("segments").and_then(Value::as_array).cloned().unwrap_or_default();
    change(&segments, &mut files)?;
    if let Some(payload) = payload.as_object_mut() {
        payload.insert("files".to_owned(), serde_json::to_value(files)?);
        payload.insert("meta_sum".to_owned(), Value::String(BLANK.to_owned()));
    }
    if let Some(meta) = meta.as_object_mut() {
        meta.insert("payload".to_owned(), Value::String(payload.to_string()));
    }
    let mut bytes = serde_json::to_vec_pretty(&meta)?;
    bytes.push(b'\n');
    let sum = hex(xxh3_64(&bytes));
    if let Some(place) = place_of_sum(&bytes).and_then(|place| bytes.get_mut(place)) {
        place.copy_from_slice(sum.as_bytes());
    }
    Ok(bytes)
}

/// Makes `meta.json` say that it has another format.
#[cfg(test)]
pub(crate) fn change_version(meta: &Path, version: u32) {
    let sealed = fs::read_to_string(meta).unwrap();
    let start = sealed.find(r#"\"onrecord\":"#).unwrap() + r#"\"onrecord\":"#.len();
    let digits = sealed[start..].bytes().take_while(u8::is_ascii_digit).count();
    let changed = format!("{}{version}{}", &sealed[..start], &sealed[start + digits..]);
    fs::write(meta, edit(changed.as_bytes(), |_, _| Ok(())).unwrap()).unwrap();
}

/// True if `meta.json` has its checksum and fits it.
pub(super) fn is_sealed(meta: &[u8]) -> bool {
    let Some(place) = place_of_sum(meta) else { return false };
    let mut blank = meta.to_vec();
    let Some(sum) = blank.get_mut(place) else { return false };
    let stated = sum.to_vec();
    sum.copy_from_slice(BLANK.as_bytes());
    hex(xxh3_64(&blank)).as_bytes() == stated
}

fn place_of_sum(meta: &[u8]) -> Option<std::ops::Range<usize>> {
    let start = memchr::memmem::find(meta, BEFORE_SUM.as_bytes())? + BEFORE_SUM.len();
    Some(start..start + BLANK.len()).filter(|place| place.end <= meta.len())
}

/// Writes a file by renaming, so that it is there whole or not at all.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut begun = path.as_os_str().to_owned();
    begun.push(".new");
    let written = File::create(&begun).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&begun, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&begun);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    const META: &[u8] = br#"{"segments": [], "opstamp": 7, "payload": "{\"onrecord\":2,\"files\":{}}"}"#;

    #[test]
    fn a_sealed_list_shows_every_flipped_bit() {
        let folder = tempfile::tempdir().unwrap();
        let sealed = seal(META, folder.path(), &WrittenFiles::default()).unwrap();
        assert!(is_sealed(&sealed) && !is_sealed(META));
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut flipped = sealed.clone();
                flipped[at] ^= 1 << bit;
                assert!(!is_sealed(&flipped), "byte {at}, bit {bit}");
            }
            assert!(!is_sealed(&sealed[..at]), "cut at {at}");
        }
    }

    #[test]
    fn the_files_of_the_segments_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        let id = "3883123bce284e76b13293628f0cf0ff";
        let names = ["store", "idx", "12.del", "9.del", "store.temp"].map(|end| format!("{id}.{end}"));
        for name in &names {
            fs::write(folder.path().join(name), "words").unwrap();
        }
        fs::write(folder.path().join("4883123bce284e76b13293628f0cf0ff.idx"), "of no commit").unwrap();
        let meta = serde_json::json!({
            "segments": [{"segment_id": "3883123b-ce28-4e76-b132-93628f0cf0ff", "deletes": {"num_deleted_docs": 1, "opstamp": 12}}],
            "payload": "{\"onrecord\":2}",
        });
        let sealed = seal(meta.to_string().as_bytes(), folder.path(), &WrittenFiles::default()).unwrap();
        let sealed: Value = serde_json::from_slice(&sealed).unwrap();
        let payload: Value = serde_json::from_str(sealed["payload"].as_str().unwrap()).unwrap();
        let listed: Vec<&String> = payload["files"].as_object().unwrap().keys().collect();
        assert_eq!(listed, [&names[2], &names[1], &names[0]]);
        assert_eq!(payload["files"][&names[0]]["size"], 5);
    }
}

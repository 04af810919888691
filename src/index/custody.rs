//! The file of sources: SHA-256, size and time of reading of each, by the hash of its path.
//!
//! It is written when a writer finishes and holds for that commit only: between the commits of one run there is none, as
//! what it says of a file that was read since would be wrong.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};
use xxhash_rust::xxh3::xxh3_64;

use super::checksums::{self, write_atomically};
use super::{Error, Manifest, State};
use crate::article::Custody;

/// How the names of the file begin.
const PREFIX: &str = "sources-";
/// Bytes of an entry: the hash of the path, SHA-256, size, seconds since 1970. Numbers are big-endian, so that entries sort by
/// their bytes.
const ENTRY: usize = 8 + 32 + 8 + 8;

/// The sources of one commit, mapped on first use.
#[derive(Clone, Default)]
pub struct Sources {
    entries: Arc<OnceLock<Option<OwnedBytes>>>,
}

impl Sources {
    /// Those that [`entries`] wrote down.
    pub(crate) fn read(entries: Vec<u8>) -> Self {
        Sources { entries: Arc::new(OnceLock::from(Some(OwnedBytes::new(entries)))) }
    }

    /// What is known of the source with this stored path; `state` lists the file if there is one.
    pub(super) fn of(&self, folder: &Path, state: &State, path: &str) -> Option<Custody> {
        let entries = self.entries.get_or_init(|| {
            let name = state.files.keys().find(|name| name.starts_with(PREFIX))?;
            MmapDirectory::open(folder).ok()?.open_read(Path::new(name)).ok()?.read_bytes().ok()
        });
        find(entries.as_deref()?, path)
    }
}

fn find(entries: &[u8], path: &str) -> Option<Custody> {
    let (entries, _) = entries.as_chunks::<ENTRY>();
    let hash = xxh3_64(path.as_bytes()).to_be_bytes();
    let at = entries.binary_search_by(|entry| entry.first_chunk::<8>().cmp(&Some(&hash))).ok()?;
    let (_, known) = entries.get(at)?.split_first_chunk::<8>()?;
    let (sha256, known) = known.split_first_chunk::<32>()?;
    let (bytes, seconds) = known.split_first_chunk::<8>()?;
    let seconds = i64::from_be_bytes(*seconds.first_chunk()?);
    Some(Custody {
        sha256: hex(sha256),
        bytes: u64::from_be_bytes(*bytes),
        read_at: Timestamp::from_second(seconds).ok()?.to_string(),
    })
}

fn hex(bytes: &[u8; 32]) -> String {
    let (halves, _) = bytes.as_chunks::<16>();
    halves.iter().fold(String::new(), |hex, half| hex + &format!("{:032x}", u128::from_be_bytes(*half)))
}

/// What the file holds.
pub(crate) fn entries(manifest: &Manifest) -> Vec<u8> {
    let entries = manifest.sources().filter_map(|(_, source)| {
        let (stamp, sha256) = (source.stamp?, source.sha256?);
        let mut entry = [0; ENTRY];
        let (path, rest) = entry.split_first_chunk_mut::<8>()?;
        let (hash, rest) = rest.split_first_chunk_mut::<32>()?;
        let (bytes, read) = rest.split_first_chunk_mut::<8>()?;
        *path = xxh3_64(source.path.as_bytes()).to_be_bytes();
        *hash = sha256;
        *bytes = stamp.size.to_be_bytes();
        *read.first_chunk_mut()? = source.read.to_be_bytes();
        Some(entry)
    });
    let mut entries: Vec<[u8; ENTRY]> = entries.collect();
    entries.sort_unstable();
    entries.concat()
}

/// Writes the file of the half in `folder`, and lists it with the files of the commit. Only the holder of the writer's lock may
/// call it.
pub(super) fn save(dir: &Path, folder: &Path, manifest: &Manifest) -> Result<(), Error> {
    let bytes = entries(manifest);
    let name = format!("{PREFIX}{:016x}", xxh3_64(&bytes));
    let failed = |source| Error::io(dir, source);
    if !folder.join(&name).exists() {
        write_atomically(&folder.join(&name), &bytes).map_err(failed)?;
    }
    checksums::list_one(folder, PREFIX, &name, &bytes).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::{SourceEntry, Stamp};

    #[test]
    fn a_source_is_found_by_its_path() {
        let dir = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::default();
        for number in 0..100_u8 {
            let path = format!("{number}.txt");
            let id = manifest.add_source(&path);
            let stamp = Some(Stamp { size: u64::from(number), modified: 1 });
            let sha256 = Some([number; 32]).filter(|_| number != 7);
            let read = 1_700_000_000;
            manifest.update_source(id, SourceEntry { stamp, sha256, read, ..SourceEntry::unread(&path) });
        }
        std::fs::write(dir.path().join("meta.json"), "{}").unwrap();
        save(dir.path(), dir.path(), &manifest).unwrap();
        let files = crate::index::layout::files(dir.path()).unwrap();
        let name = files.iter().find(|name| name.starts_with(PREFIX)).unwrap();
        let bytes = std::fs::read(dir.path().join(name)).unwrap();
        let found = find(&bytes, "18.txt").unwrap();
        assert_eq!((found.bytes, found.read_at.as_str()), (18, "2023-11-14T22:13:20Z"));
        assert_eq!(found.sha256, "12".repeat(32));
        assert_eq!((find(&bytes, "7.txt"), find(&bytes, "x.txt")), (None, None));
    }
}

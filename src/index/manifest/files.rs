//! The manifest on disk: how it is read back, saved, and written anew once its files are many.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::log::{Change, seal, unseal};
use super::{Manifest, SourceId};
use crate::index::checksums::FileSum;
use crate::index::codec::{Decoder, Encoder};
use crate::index::duplicates::Sketched;
use crate::index::schema::VERSION;

/// Files of a log, beside full ones, before all is written anew.
pub(super) const MOST_FILES: usize = 16;

/// Bytes from which on a file is full, and another one begun: a file is read and written as a whole.
const FULL: usize = 32 << 20;

/// What a commit says of itself: the payload of tantivy's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// [`VERSION`] of the onrecord that wrote it.
    pub onrecord: u32,
    /// Articles in the index.
    pub articles: u64,
    /// Hash of what the index holds, in whatever order it came: 32 hexadecimal digits.
    pub digest: String,
    /// Files of the manifest, oldest first.
    pub manifest: Vec<String>,
    /// Every file of the commit, with its size and checksum.
    pub files: BTreeMap<String, FileSum>,
    /// The lists among the user's files, so that they are missed if the whole folder is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub user: Vec<String>,
}

impl State {
    /// A hash of all of it. The digest stays the same where an article is analysed anew; this does not.
    pub fn commit(&self) -> String {
        blake3::hash(&serde_json::to_vec(self).unwrap_or_default()).to_hex().to_string()
    }
}

/// A file of the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LogFile {
    pub(super) name: String,
    sum: FileSum,
}

/// A file of the manifest that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("its file {file}: {what}")]
pub struct LoadError {
    /// Which file.
    pub file: String,
    /// Why.
    pub what: String,
}

impl Manifest {
    /// Reads the manifest that `state` names.
    pub fn load(dir: &Path, state: &State) -> Result<Self, LoadError> {
        let mut manifest = Manifest::default();
        for name in &state.manifest {
            let sum = read_file(dir, name, |change| manifest.replay(change))?;
            manifest.full += usize::from(sum.size >= FULL as u64);
            manifest.files.push(LogFile { name: name.clone(), sum });
            manifest.next_file = manifest.next_file.max(number_of(name) + 1);
        }
        if manifest.digest() != state.digest {
            let what = "it does not fit the index it belongs to".to_owned();
            return Err(LoadError { file: state.manifest.last().cloned().unwrap_or_default(), what });
        }
        Ok(manifest)
    }

    /// Writes all of it anew, without what is no longer true. [`save`](Self::save) must have been called.
    pub(in crate::index) fn compact(&mut self, dir: &Path) -> io::Result<State> {
        let (old, full) = (std::mem::take(&mut self.files), std::mem::take(&mut self.full));
        if let Err(error) = self.write_anew(dir, &old) {
            (self.files, self.full, self.log) = (old, full, Encoder::default());
            return Err(error);
        }
        Ok(self.state())
    }

    /// Writes what changed since the last save and says what the commit must name.
    /// The files before stay until [`Manifest::delete_stale_files`].
    pub fn save(&mut self, dir: &Path) -> io::Result<State> {
        if self.log.bytes.is_empty() {
            return Ok(self.state());
        }
        let before = self.files.len();
        self.write(dir)?;
        if before >= MOST_FILES + self.full {
            // If this fails, the old files are still valid.
            return self.compact(dir);
        }
        Ok(self.state())
    }

    /// Writes the log down as one more file.
    fn write(&mut self, dir: &Path) -> io::Result<()> {
        let name = format!("manifest-{:06}", self.next_file);
        let mut file = File::create(dir.join(&name))?;
        let length = self.log.bytes.len();
        seal(&mut self.log.bytes);
        let written = file.write_all(&self.log.bytes).and_then(|()| file.sync_all());
        let sum = FileSum::of(&self.log.bytes);
        if let Err(error) = written {
            // The next save tries again.
            self.log.bytes.truncate(length);
            return Err(error);
        }
        self.full += usize::from(sum.size >= FULL as u64);
        // A long log was one of many articles at once: its room is better given back.
        self.log.bytes = Vec::new();
        self.next_file += 1;
        self.files.push(LogFile { name, sum });
        Ok(())
    }

    /// Writes what is still true of the `old` files into new ones.
    fn write_anew(&mut self, dir: &Path, old: &[LogFile]) -> io::Result<()> {
        for place in 0..self.sources.len() {
            if let Some(Some(source)) = self.sources.get(place) {
                Change::Source(SourceId(place as u32), source.clone()).encode(&mut self.log);
                self.write_if_full(dir)?;
            }
        }
        for file in old {
            let mut valid = Encoder::default();
            let read = read_file(dir, &file.name, |change| match change {
                Change::Article(key, entry, _) if self.articles.get(&key) == Some(&entry) => change.encode(&mut valid),
                Change::Article(..) | Change::Source(..) | Change::NoSource(_) | Change::NoArticle(_) => {}
            });
            read.map_err(io::Error::other)?;
            self.log.bytes.append(&mut valid.bytes);
            self.write_if_full(dir)?;
        }
        self.write(dir)
    }

    fn write_if_full(&mut self, dir: &Path) -> io::Result<()> {
        if self.log.bytes.len() >= FULL { self.write(dir) } else { Ok(()) }
    }

    /// The articles that have a sketch, as they were when the manifest was last saved, in no order.
    pub fn sketches(&self, dir: &Path) -> Result<Vec<Sketched>, LoadError> {
        let mut sketches = Vec::new();
        for file in &self.files {
            read_file(dir, &file.name, |change| {
                if let Change::Article(key, entry, Some(sketch)) = change
                    && self.articles.get(&key) == Some(&entry)
                {
                    sketches.push(Sketched { sketch, key, number: entry.number });
                }
            })?;
        }
        Ok(sketches)
    }

    /// What the commit that follows the last save names.
    pub fn state(&self) -> State {
        State {
            onrecord: VERSION,
            articles: self.articles.len() as u64,
            digest: self.digest(),
            manifest: self.files.iter().map(|file| file.name.clone()).collect(),
            files: self.files.iter().map(|file| (file.name.clone(), file.sum.clone())).collect(),
            user: Vec::new(),
        }
    }

    /// Removes files of manifests that no commit names any more. Only the holder of the writer's lock may call it.
    pub fn delete_stale_files(&self, dir: &Path) -> io::Result<()> {
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("manifest-") && self.files.iter().all(|file| file.name != name) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Reads a file of the log and gives its steps in order.
pub(super) fn read_file(dir: &Path, name: &str, mut step: impl FnMut(Change)) -> Result<FileSum, LoadError> {
    let at = |what| LoadError { file: name.to_owned(), what };
    let bytes = fs::read(dir.join(name)).map_err(|error| at(error.to_string()))?;
    let log = unseal(&bytes).ok_or_else(|| at("its checksum is wrong".to_owned()))?;
    let mut from = Decoder::new(log);
    while !from.is_done() {
        step(Change::decode(&mut from).map_err(|damaged| at(damaged.to_string()))?);
    }
    Ok(FileSum::of(&bytes))
}

fn number_of(name: &str) -> u64 {
    name.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

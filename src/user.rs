//! The user's half of an index folder: aliases, synonyms, corrections, saved searches, removals and whatever else people
//! made. These files cannot be made again from the sources, so nothing here is touched by repair, rebuild or a change of
//! the index format.
//!
//! Two kinds of file: TOML that people edit by hand, and JSON lines that onrecord writes. Every write goes to a new file
//! that is renamed over the old one, under a lock of its own. A file of JSON lines ends in a line with its checksum, so
//! that damage is found; [`CONTENTS`] lists these files, so that a deleted one is found too.
//!
//! To accept a JSON lines file that was edited by hand, replace its last line by `{"edited":true}`.

mod sealed;

use std::any::Any;
use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::language::Pack;
use sealed::{parse, seal, unseal};

/// Name of the folder within the index folder.
pub const FOLDER: &str = "user";

/// Name of the folder of language packs within it.
const LANGUAGES: &str = "languages";

/// Names to merge or keep apart; edited by hand.
pub const ALIASES: &str = "aliases.toml";
/// Synonyms beside the built-in thesaurus; edited by hand.
pub const SYNONYMS: &str = "synonyms.toml";
/// Speakers of quotations, overruled; written by `onrecord correct`, and edited by hand.
pub const CORRECTIONS: &str = "corrections.toml";
/// Articles that were removed for good, as hashes.
pub const REMOVED: &str = "removed.jsonl";
/// The list of JSON lines files.
const CONTENTS: &str = "contents.jsonl";

/// Before the name of a file in [`CONTENTS`] that is being written for the first time.
const BEGUN: char = '+';
/// The lock that writers hold.
const LOCK: &str = ".lock";

/// Why a file of the user's half cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refuses to read or write it.
    #[error("cannot use `{path}`; check its permissions and the disk it is on")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Its content is not as onrecord wrote it, or cannot be read.
    #[error("`{path}` is damaged ({what}); restore it from a backup, or mend it by hand")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The place that several machines share refuses it, or cannot be reached.
    #[error("{0}")]
    Shared(Cause),
}

/// Any error of a place that several machines share.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Where the files are kept if several machines use them; the folder then holds copies.
pub trait SharedFiles: Debug + Send + Sync {
    /// Excludes all other writers until the answer is dropped, and brings the copies up to date.
    fn lock(&self) -> Result<Box<dyn Any>, Cause>;

    /// Keeps a file that was changed.
    fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), Cause>;
}

/// The user's files of one index.
#[derive(Debug, Clone)]
pub struct UserFiles {
    folder: PathBuf,
    shared: Option<Arc<dyn SharedFiles>>,
}

/// Excludes other writers until it is dropped.
struct Lock {
    _file: File,
    _shared: Option<Box<dyn Any>>,
}

impl UserFiles {
    /// Those of the index in `dir`. Reads nothing yet.
    pub fn of(dir: &Path) -> Self {
        UserFiles { folder: dir.join(FOLDER), shared: None }
    }

    /// Copies in `dir` of files that are kept elsewhere.
    pub fn copies(dir: &Path, shared: Arc<dyn SharedFiles>) -> Self {
        UserFiles { shared: Some(shared), ..UserFiles::of(dir) }
    }

    /// True if they are kept elsewhere, for all who use the same index.
    pub fn are_shared(&self) -> bool {
        self.shared.is_some()
    }

    /// Where a file is.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The text of a file; `None` if there is none.
    pub fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let path = self.path(name);
        match fs::read(&path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Ok(Some(text)),
                Err(error) => Err(Error::Damaged { path, what: format!("not UTF-8: {error}") }),
            },
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(source) => Err(Error::Io { path, source }),
        }
    }

    /// The language packs in `languages/`, each in a folder by its code (see docs/languages.md).
    pub fn languages(&self) -> Result<Vec<Pack>, Error> {
        let folder = self.path(LANGUAGES);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Vec::new());
            }
            Err(source) => return Err(Error::Io { path: folder, source }),
        };
        let mut codes: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        codes.sort_unstable();
        let mut packs = Vec::new();
        for code in codes {
            let (lists, names) = (format!("{LANGUAGES}/{code}/pack.toml"), format!("{LANGUAGES}/{code}/names.txt"));
            let Some(text) = self.text(&lists)? else { continue };
            if !(2..=3).contains(&code.len()) || !code.bytes().all(|c| c.is_ascii_lowercase()) {
                let what = "the folder of a language is named by its code, as `sv`".to_owned();
                return Err(Error::Damaged { path: self.path(LANGUAGES).join(code), what });
            }
            let pack = Pack::read(&code, &text, &self.text(&names)?.unwrap_or_default());
            packs.push(pack.map_err(|error| Error::Damaged { path: self.path(&lists), what: error.to_string() })?);
        }
        Ok(packs)
    }

    /// The records of a file of JSON lines; none if there never was such a file.
    pub fn records<T: DeserializeOwned>(&self, name: &str) -> Result<Vec<T>, Error> {
        let Some(text) = self.text(name)? else {
            let is_listed = name != CONTENTS && self.records::<String>(CONTENTS)?.iter().any(|listed| listed == name);
            let what = "it is missing".to_owned();
            return if is_listed { Err(Error::Damaged { path: self.path(name), what }) } else { Ok(Vec::new()) };
        };
        unseal(&text).and_then(parse).map_err(|what| Error::Damaged { path: self.path(name), what })
    }

    /// The names of the files of JSON lines that were made.
    pub fn lists(&self) -> Result<Vec<String>, Error> {
        let mut contents: Vec<String> = self.records(CONTENTS)?;
        contents.retain(|name| !name.starts_with(BEGUN));
        Ok(contents)
    }

    /// The error of the first of these files that is not there; none if all are.
    pub fn missing(&self, lists: &[String]) -> Option<Error> {
        let missing = lists.iter().map(|name| self.path(name)).find(|path| !path.exists())?;
        Some(Error::Damaged { path: missing, what: "it is missing".to_owned() })
    }

    /// Adds records at the end of a file of JSON lines.
    pub fn append<T: Serialize + DeserializeOwned>(&self, name: &str, records: Vec<T>) -> Result<(), Error> {
        self.update(name, |all| all.extend(records))
    }

    /// Changes the records of a file of JSON lines. Readers see all of the change or nothing of it, and two processes
    /// that change the same file do so one after the other.
    pub fn update<T: Serialize + DeserializeOwned, R>(
        &self,
        name: &str,
        change: impl FnOnce(&mut Vec<T>) -> R,
    ) -> Result<R, Error> {
        let _lock = self.lock()?;
        let mut records = self.records(name)?;
        let done = change(&mut records);
        let mut contents: Vec<String> = self.records(CONTENTS)?;
        let is_new = !contents.iter().any(|known| known == name);
        // Killed on the way, it leaves a file that may be there or not.
        let begun = format!("{BEGUN}{name}");
        if is_new && !contents.contains(&begun) {
            contents.push(begun.clone());
            self.write_records(CONTENTS, &contents)?;
        }
        self.write_records(name, &records)?;
        if is_new {
            contents.retain(|known| *known != begun);
            contents.push(name.to_owned());
            self.write_records(CONTENTS, &contents)?;
        }
        Ok(done)
    }

    fn write_records<T: Serialize>(&self, name: &str, records: &[T]) -> Result<(), Error> {
        self.write(name, &seal(records).map_err(|error| self.failed(name, error.into()))?)
    }

    /// Replaces the text of a file, or makes it.
    pub fn replace(&self, name: &str, text: &str) -> Result<(), Error> {
        let _lock = self.lock()?;
        self.write(name, text)
    }

    /// Changes the text of a file; two processes that change it do so one after the other.
    pub fn change_text(
        &self,
        name: &str,
        change: impl FnOnce(Option<String>) -> Result<String, Error>,
    ) -> Result<(), Error> {
        let _lock = self.lock()?;
        self.write(name, &change(self.text(name)?)?)
    }

    /// Takes a file over from elsewhere, unless there is one of this name already.
    pub fn adopt(&self, from: &Path, name: &str) -> Result<(), Error> {
        if !from.is_file() || self.path(name).exists() {
            return Ok(());
        }
        let _lock = self.lock()?;
        fs::rename(from, self.path(name)).map_err(|source| self.failed(name, source))
    }

    /// Checks every file and reports each that is damaged or missing.
    pub fn check(&self, report: &mut dyn FnMut(Error)) {
        let mut names: Vec<String> = self.records(CONTENTS).unwrap_or_else(|error| {
            report(error);
            Vec::new()
        });
        for name in names.iter().filter(|name| !name.starts_with(BEGUN)) {
            let path = self.path(name);
            if !path.exists() {
                report(Error::Damaged { path, what: "it is missing".to_owned() });
            }
        }
        let there = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        names = there.filter_map(|file| file.file_name().into_string().ok()).collect();
        names.sort_unstable();
        let is_lines =
            |name: &String| !name.starts_with('.') && Path::new(name).extension().is_some_and(|e| e == "jsonl");
        if names.iter().any(is_lines) && !names.iter().any(|name| name == CONTENTS) {
            report(Error::Damaged { path: self.path(CONTENTS), what: "it is missing".to_owned() });
        }
        for name in names.iter().filter(|name| !name.starts_with('.')) {
            let ends_in = |end: &str| Path::new(name).extension().is_some_and(|extension| extension == end);
            let checked = if ends_in("jsonl") {
                if name == CONTENTS { Ok(()) } else { self.records::<serde_json::Value>(name).map(drop) }
            } else if ends_in("toml") {
                self.text(name).and_then(|text| match text.unwrap_or_default().parse::<toml::Table>() {
                    Ok(_) => Ok(()),
                    Err(error) => Err(Error::Damaged { path: self.path(name), what: error.message().to_owned() }),
                })
            } else {
                Ok(())
            };
            if let Err(error) = checked {
                report(error);
            }
        }
    }

    fn lock(&self) -> Result<Lock, Error> {
        let failed = |source| self.failed(LOCK, source);
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(self.path(LOCK)).map_err(failed)?;
        file.lock().map_err(failed)?;
        let shared = self.shared.as_ref().map(|shared| shared.lock()).transpose().map_err(Error::Shared)?;
        Ok(Lock { _file: file, _shared: shared })
    }

    /// Writes a file by renaming; the lock must be held.
    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        if let Some(shared) = &self.shared {
            shared.keep(name, text.as_bytes()).map_err(Error::Shared)?;
        }
        let begun = self.path(&format!(".{name}.new"));
        let written = File::create(&begun).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&begun, self.path(name))
        });
        written.map_err(|source| {
            let _ = fs::remove_file(&begun);
            self.failed(name, source)
        })
    }

    fn failed(&self, name: &str, source: io::Error) -> Error {
        Error::Io { path: self.path(name), source }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Search {
        name: String,
        query: String,
    }

    fn search(name: &str) -> Search {
        Search { name: name.to_owned(), query: format!("\"{name}\" ferry") }
    }

    #[test]
    fn languages_are_read_and_wrong_ones_named() {
        let dir = tempfile::tempdir().unwrap();
        let files = UserFiles::of(dir.path());
        assert!(files.languages().unwrap().is_empty());
        let folder = dir.path().join("user/languages/xx");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("pack.toml"), "[speech]\nverbs = \"sade säger\"\n").unwrap();
        fs::write(folder.join("names.txt"), "city Göteborg;Malmö\n").unwrap();
        let packs = files.languages().unwrap();
        assert_eq!((packs.len(), packs[0].code.as_str(), packs[0].gazetteer.len()), (1, "xx", 1));
        fs::write(folder.join("pack.toml"), "[speech]\nverb = \"sade\"\n").unwrap();
        let message = files.languages().unwrap_err().to_string();
        assert!(message.contains("pack.toml") && message.contains("verb"), "{message}");
    }

    fn damaged(files: &UserFiles) -> Vec<String> {
        let mut found = Vec::new();
        files.check(&mut |error| found.push(error.to_string()));
        found
    }

    #[test]
    fn records_are_appended_changed_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let files = UserFiles::of(dir.path());
        assert_eq!(files.records::<Search>("saved.jsonl").unwrap(), []);
        files.append("saved.jsonl", vec![search("a"), search("b")]).unwrap();
        files.append("saved.jsonl", vec![search("c")]).unwrap();
        files.update("saved.jsonl", |all: &mut Vec<Search>| all.retain(|search| search.name != "b")).unwrap();
        assert_eq!(files.records::<Search>("saved.jsonl").unwrap(), [search("a"), search("c")]);
        assert_eq!(damaged(&files), Vec::<String>::new());
    }

    #[test]
    fn processes_do_not_overwrite_each_others_changes() {
        let dir = tempfile::tempdir().unwrap();
        let files = UserFiles::of(dir.path());
        std::thread::scope(|scope| {
            for n in 0..8 {
                let files = &files;
                scope.spawn(move || files.append("tags.jsonl", vec![n]).unwrap());
            }
        });
        let mut tags = files.records::<i32>("tags.jsonl").unwrap();
        tags.sort_unstable();
        assert_eq!(tags, (0..8).collect::<Vec<_>>());
    }

    #[test]
    fn every_changed_or_lost_byte_is_found_and_the_file_named() {
        let dir = tempfile::tempdir().unwrap();
        let files = UserFiles::of(dir.path());
        files.append("saved.jsonl", vec![search("a"), search("b")]).unwrap();
        for name in ["saved.jsonl", CONTENTS] {
            let path = files.path(name);
            let whole = fs::read(&path).unwrap();
            for at in 0..whole.len() {
                let mut flipped = whole.clone();
                flipped[at] ^= 1;
                for broken in [&flipped[..], &whole[..at]] {
                    fs::write(&path, broken).unwrap();
                    let found = damaged(&files);
                    assert!(found.iter().any(|told| told.contains(name)), "{name}, byte {at}: {found:?}");
                }
            }
            fs::write(&path, &whole).unwrap();
        }
        fs::remove_file(files.path("saved.jsonl")).unwrap();
        assert!(damaged(&files)[0].contains("saved.jsonl` is damaged (it is missing)"));
        assert!(files.records::<Search>("saved.jsonl").unwrap_err().to_string().contains("it is missing"));
        assert_eq!(files.records::<Search>("tags.jsonl").unwrap(), []);
    }

    #[test]
    fn killed_while_a_file_is_made_it_leaves_no_damage() {
        let dir = tempfile::tempdir().unwrap();
        let files = UserFiles::of(dir.path());
        drop(files.lock().unwrap());
        files.write_records(CONTENTS, &["+saved.jsonl"]).unwrap();
        assert_eq!(damaged(&files), Vec::<String>::new());
        files.write_records("saved.jsonl", &[search("a")]).unwrap();
        assert_eq!(damaged(&files), Vec::<String>::new());
        files.append("saved.jsonl", vec![search("b")]).unwrap();
        assert_eq!(files.records::<String>(CONTENTS).unwrap(), ["saved.jsonl"]);
    }

    #[test]
    fn an_edited_file_is_read_once_its_last_line_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let files = UserFiles::of(dir.path());
        files.append("tags.jsonl", vec![1]).unwrap();
        fs::write(files.path("tags.jsonl"), "1\n2\n{\"edited\":true}\n").unwrap();
        assert_eq!(files.records::<i32>("tags.jsonl").unwrap(), [1, 2]);
        assert_eq!(damaged(&files), Vec::<String>::new());
    }

    #[test]
    fn broken_toml_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let files = UserFiles::of(dir.path());
        files.replace(ALIASES, "[[entity]]\nkind = \"person\"\n").unwrap();
        assert_eq!(damaged(&files), Vec::<String>::new());
        files.replace(ALIASES, "[[entity]]\nkind = \"per\0\n").unwrap();
        assert!(damaged(&files)[0].contains(ALIASES));
    }
}

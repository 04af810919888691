//! The roots of an index: the paths that were given to `ingest`, with the options by which their files are read.
//!
//! They are kept in the user's half of the index, because everything else about the sources can be made again from them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Options;
use crate::article;
use crate::index::{self, Manifest, Paths, STANDARD_INPUT, SourceEntry, SourceId, is_gone};
use crate::user::{self, UserFiles};

/// The file among those of the user.
const SOURCES: &str = "sources.jsonl";

/// Beside it, where the folder that holds the index was: paths are stored relative to it, and an index may move without its
/// sources.
const FOLDER: &str = "folder.txt";

/// The paths given to `ingest` so far.
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// By real path.
    options: FxHashMap<PathBuf, Arc<article::Options>>,
    /// For files below none of them.
    usual: Arc<article::Options>,
    /// Where roots would be that stayed behind when the index alone moved, and where they are.
    left_behind: Vec<[PathBuf; 2]>,
}

/// A root as stored.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Line {
    path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    map: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    set: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_path: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pre: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    analysis: Option<String>,
}

impl Roots {
    /// The roots of an index.
    pub(super) fn load(files: &UserFiles, paths: &Paths) -> Result<Self, index::Error> {
        let mut roots = Roots::default();
        let folder = files.text(FOLDER)?;
        for line in files.records::<Line>(SOURCES)? {
            let damaged = |what| user::Error::Damaged { path: files.path(SOURCES), what };
            let options = Arc::new(line.options().map_err(damaged)?);
            let mut real = paths.of_stored(&line.path);
            let there = folder.as_ref().map(|folder| Path::new(folder).join(&line.path));
            if let Some(there) = there.filter(|there| is_gone(&real) && !is_gone(there)) {
                roots.left_behind.push([real, there.clone()]);
                real = there;
            }
            roots.options.insert(real, options);
        }
        Ok(roots)
    }

    /// Writes them down.
    pub(super) fn save(&self, files: &UserFiles, paths: &Paths) -> Result<(), index::Error> {
        let mut lines: Vec<Line> =
            self.options.iter().filter_map(|(real, options)| Some(Line::new(paths.stored(real)?, options))).collect();
        lines.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        if files.records::<Line>(SOURCES)? != lines {
            files.update(SOURCES, |all: &mut Vec<Line>| *all = lines)?;
        }
        let folder = paths.root().to_string_lossy();
        if !files.are_shared() && files.text(FOLDER)?.is_none_or(|known| known != folder) {
            files.replace(FOLDER, &folder)?;
        }
        Ok(())
    }

    /// Remembers the paths given to a run. Files that are read by other options than before will be read again.
    pub(super) fn remember(&mut self, given: &[PathBuf], options: &Options, paths: &Paths, manifest: &mut Manifest) {
        for path in given.iter().filter(|path| path.as_os_str() == STANDARD_INPUT || !is_gone(path)) {
            if path.as_os_str() == STANDARD_INPUT {
                self.usual = Arc::new(options.reading.clone());
                continue;
            }
            let real = paths.real(path);
            if self.add(&real, &options.reading) {
                for (id, source) in below(&real, paths, manifest) {
                    manifest.update_source(id, SourceEntry { stamp: None, ..source });
                }
            }
        }
    }

    /// Follows a folder or file that moved: its sources keep their articles until they are read at their new place. Gives
    /// their stored paths, the new by the old.
    pub(super) fn follow(
        &mut self,
        [old, new]: [&Path; 2],
        paths: &Paths,
        manifest: &mut Manifest,
    ) -> FxHashMap<String, String> {
        let (old, new) = (paths.real(old), paths.real(new));
        let mut followed = FxHashMap::default();
        self.rename(&old, &new);
        for (id, source) in below(&old, paths, manifest) {
            let real = paths.of_stored(&source.path);
            let moved = real
                .strip_prefix(&old)
                .map(|rest| if rest.as_os_str().is_empty() { new.clone() } else { new.join(rest) });
            if let Some(stored) = moved.as_ref().ok().and_then(|real| paths.stored(real)) {
                manifest.rename_source(id, stored);
                followed.insert(source.path, stored.to_owned());
            }
        }
        followed
    }

    /// Adds a path that was given. One below a root needs none of its own unless its options differ. Returns true if the
    /// files below it are read by other options from now on.
    fn add(&mut self, real: &Path, options: &article::Options) -> bool {
        let covering = real.ancestors().find_map(|path| self.options.get(path));
        // Options hold for a path until others are given: how articles are read, and how they are analysed, each for itself.
        let options = covering.map_or_else(|| options.clone(), |known| options.after(known));
        if covering.is_some_and(|known| **known == options) {
            return false;
        }
        self.options.retain(|path, known| !(path.starts_with(real) && **known == options));
        let changed = **self.options(real) != options;
        self.options.insert(real.to_owned(), Arc::new(options));
        changed
    }

    /// Follows a folder that moved.
    fn rename(&mut self, old: &Path, new: &Path) {
        let moved: Vec<PathBuf> = self.options.keys().filter(|path| path.starts_with(old)).cloned().collect();
        for path in moved {
            if let (Some(options), Ok(rest)) = (self.options.remove(&path), path.strip_prefix(old)) {
                let path = if rest.as_os_str().is_empty() { new.to_owned() } else { new.join(rest) };
                self.options.insert(path, options);
            }
        }
    }

    /// The options by which the file at this real path is read: those of the nearest root above it.
    pub(super) fn options(&self, real: &Path) -> &Arc<article::Options> {
        real.ancestors().find_map(|path| self.options.get(path)).unwrap_or(&self.usual)
    }

    /// What stayed behind when the index alone moved: where it would be, and where it is.
    pub(super) fn left_behind(&self) -> &[[PathBuf; 2]] {
        &self.left_behind
    }

    /// All roots, sorted.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = self.options.keys().cloned().collect();
        paths.sort_unstable();
        paths
    }
}

/// The sources at or below a real path.
fn below(real: &Path, paths: &Paths, manifest: &Manifest) -> Vec<(SourceId, SourceEntry)> {
    let sources = manifest.sources().filter(|(_, source)| paths.of_stored(&source.path).starts_with(real));
    sources.map(|(id, source)| (id, source.clone())).collect()
}

impl Line {
    fn new(path: &str, options: &article::Options) -> Self {
        let format = options.format.map(|format| format.name().to_owned());
        Line {
            path: path.to_owned(),
            format,
            map: options.map.mappings(),
            set: options.given.settings(),
            from_path: options.given.pattern().map(str::to_owned),
            pre: options.preprocessors.iter().map(ToString::to_string).collect(),
            analysis: options.depth.map(|depth| depth.name().to_owned()),
        }
    }

    fn options(&self) -> Result<article::Options, String> {
        let mut options = article::Options::default();
        if let Some(format) = &self.format {
            options.format = Some(format.parse().map_err(|error: article::UnknownFormat| error.to_string())?);
        }
        for mapping in &self.map {
            options.map.add(mapping).map_err(|error| error.to_string())?;
        }
        for setting in &self.set {
            options.given.set(setting).map_err(|error| error.to_string())?;
        }
        if let Some(pattern) = &self.from_path {
            options.given.from_path(pattern).map_err(|error| error.to_string())?;
        }
        for program in &self.pre {
            options.preprocessors.push(program.parse()?);
        }
        options.depth = self.analysis.as_ref().map(|name| name.parse()).transpose()?;
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn mapped(mapping: &str) -> article::Options {
        article::Options { map: mapping.parse().unwrap(), ..article::Options::default() }
    }

    #[test]
    fn roots_are_kept_with_their_options() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("index");
        fs::create_dir(&dir).unwrap();
        let paths = Paths::new(&dir);
        let (corpus, elsewhere) = (paths.of_stored("corpus"), PathBuf::from("/elsewhere/news"));
        let files = UserFiles::of(&dir);
        let mut roots = Roots::load(&files, &paths).unwrap();
        assert!(!roots.add(&corpus, &article::Options::default()));
        let mut csv = article::Options { format: Some(article::Format::Csv), ..mapped("title=hed,text=story.body") };
        csv.given.set("collection=leak-3").unwrap();
        csv.given.from_path("{outlet}/{date}-*.txt").unwrap();
        csv.preprocessors.push("*.doc=antiword -w 0".parse().unwrap());
        roots.add(&elsewhere, &csv);
        roots.save(&files, &paths).unwrap();
        let loaded = Roots::load(&files, &paths).unwrap();
        assert_eq!(loaded.paths(), roots.paths());
        assert_eq!(**loaded.options(&elsewhere.join("a.csv")), csv);
        let file = files.path(SOURCES);
        fs::write(&file, "{oops\n{\"edited\":true}\n").unwrap();
        let error = Roots::load(&files, &paths).unwrap_err().to_string();
        assert!(error.contains("sources.jsonl") && error.contains("line 1"), "{error}");
    }

    #[test]
    fn a_path_below_a_root_is_part_of_it_unless_its_options_differ() {
        let usual = article::Options::default();
        let mut roots = Roots::default();
        let path = |text: &str| PathBuf::from(text);
        assert!(!roots.add(&path("/n/a"), &usual));
        assert!(!roots.add(&path("/n/a/deep"), &usual));
        assert!(!roots.add(&path("/n/b"), &usual));
        assert!(roots.add(&path("/n/a/csv"), &mapped("title=hed")), "its files are read anew");
        assert_eq!(roots.paths(), [path("/n/a"), path("/n/a/csv"), path("/n/b")]);
        assert!(!roots.add(&path("/n/a/csv/x.csv"), &usual), "options hold until others are given");
        assert_eq!(**roots.options(Path::new("/n/a/csv/x.csv")), mapped("title=hed"));
        roots.add(&path("/n"), &usual);
        assert_eq!(roots.paths(), [path("/n"), path("/n/a/csv")]);
        roots.rename(Path::new("/n/a"), Path::new("/m"));
        assert_eq!(roots.paths(), [path("/m/csv"), path("/n")]);
    }
}

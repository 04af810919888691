//! Path identity: the one name under which a file is stored, however its path was written and wherever the command ran.
//!
//! A file below the folder that holds the index is stored relative to that folder, so that a project keeps its index
//! when it is moved as a whole. Any other file is stored by its absolute path. Links to folders are resolved; a link to
//! a file is a source of its own. Paths are shown relative to the current folder where they lie below it.

use std::path::{Component, Path, PathBuf};

use crate::article;

/// Standard input, which is not a file.
pub const STANDARD_INPUT: &str = "-";

/// Translates between the paths of an index and those of the command that uses it.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    /// The folder that holds the index, absolute and without links.
    root: PathBuf,
    /// The current folder, absolute and without links.
    current: PathBuf,
    /// How `root` is written in the current folder; ends in a slash unless empty.
    prefix: String,
}

impl Paths {
    /// The paths of the index in `dir`, seen from the current folder.
    pub fn new(dir: &Path) -> Self {
        let current = std::env::current_dir().and_then(|dir| dir.canonicalize()).unwrap_or_default();
        let index = resolve(dir, &current);
        Self::between(index.parent().unwrap_or(&index), &current)
    }

    fn between(root: &Path, current: &Path) -> Self {
        let relative = if let Ok(below) = root.strip_prefix(current) {
            below.to_owned()
        } else if let (Ok(above), Some(_)) = (current.strip_prefix(root), root.parent()) {
            above.components().map(|_| Component::ParentDir).collect()
        } else {
            root.to_owned()
        };
        let mut prefix = relative.to_string_lossy().into_owned();
        if !prefix.is_empty() && !prefix.ends_with('/') {
            prefix.push('/');
        }
        Paths { root: root.to_owned(), current: current.to_owned(), prefix }
    }

    /// The folder that holds the index, absolute and without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The absolute path of a file, with links to folders resolved.
    pub fn real(&self, path: &Path) -> PathBuf {
        resolve(path, &self.current)
    }

    /// The name under which the file at this real path is stored; `None` if it is not UTF-8.
    pub fn stored<'p>(&self, real: &'p Path) -> Option<&'p str> {
        real.strip_prefix(&self.root).unwrap_or(real).to_str()
    }

    /// The id of an article that is named by its file as the current folder sees it, or by `file!record`.
    pub fn id(&self, name: &str) -> Option<String> {
        let (path, record) = name.find('!').map_or((name, ""), |at| name.split_at(at));
        let real = self.real(Path::new(path));
        Some(format!("{}{record}", self.stored(&real)?))
    }

    /// The real path of a stored file.
    pub fn of_stored(&self, stored: &str) -> PathBuf {
        self.root.join(stored)
    }

    /// A stored path as the current folder sees it: for people, and to open the file.
    pub fn shown(&self, stored: &str) -> String {
        if stored == STANDARD_INPUT {
            return stored.to_owned();
        }
        let shown = match Path::new(stored).strip_prefix(&self.current) {
            Ok(below) => below.to_string_lossy().into_owned(),
            Err(_) if Path::new(stored).is_absolute() => stored.to_owned(),
            Err(_) => self.relative(stored),
        };
        if shown.is_empty() { ".".to_owned() } else { shown }
    }

    /// A path relative to the root, as the current folder sees it.
    fn relative(&self, stored: &str) -> String {
        // In a folder below the root, what lies in it needs no way up and down again.
        if let Ok(below) = self.current.strip_prefix(&self.root)
            && let Ok(rest) = Path::new(stored).strip_prefix(below)
        {
            return rest.to_string_lossy().into_owned();
        }
        format!("{}{stored}", self.prefix)
    }
}

/// The absolute path without `.`, `..` and links to folders; its last name stays as it is. Of a path that does not
/// exist, the part that exists is resolved.
fn resolve(path: &Path, current: &Path) -> PathBuf {
    let path = current.join(path);
    let ends_in_name = matches!(path.components().next_back(), Some(Component::Normal(_)));
    let (folder, name) = match (path.parent(), path.file_name()) {
        // A link to a folder that is named itself means the folder.
        (Some(folder), Some(name)) if ends_in_name && !path.is_dir() => (folder, Some(name)),
        _ => (path.as_path(), None),
    };
    let mut real = folder.canonicalize().unwrap_or_else(|_| match (folder.parent(), folder.file_name()) {
        (Some(above), Some(name)) => resolve(above, current).join(name),
        _ => folder.to_owned(),
    });
    real.extend(name);
    real
}

/// True if there is surely nothing at the path, nor the database of `file.db:table`. What cannot be looked at may be there.
pub fn is_gone(path: &Path) -> bool {
    path.try_exists().is_ok_and(|there| !there) && article::named_table(path).is_none()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[track_caller]
    fn check(root: &str, current: &str, stored: &str, expect: &str) {
        let paths = Paths::between(Path::new(root), Path::new(current));
        assert_eq!(paths.shown(stored), expect);
    }

    #[test]
    fn paths_are_shown_relative_to_the_current_folder() {
        check("/home/ann/news", "/home/ann/news", "corpus/a.txt", "corpus/a.txt");
        check("/home/ann/news", "/home/ann", "corpus/a.txt", "news/corpus/a.txt");
        check("/home/ann/news", "/home/ann/news/corpus", "corpus/a.txt", "a.txt");
        check("/home/ann/news", "/home/ann/news/corpus", "other/a.txt", "../other/a.txt");
        check("/home/ann/news", "/var/tmp", "corpus/a.txt", "/home/ann/news/corpus/a.txt");
        check("/home/ann/news", "/var/tmp", "/var/tmp/x/a.txt", "x/a.txt");
        check("/home/ann/news", "/home/ann/news", "/data/a.txt", "/data/a.txt");
        check("/", "/home", "data/a.txt", "/data/a.txt");
        check("/home/ann/news", "/home", "-", "-");
        check("/home/ann/news", "/home/ann/news/corpus", "corpus", ".");
        check("/home/ann/news", "/home/ann/news", "", ".");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_has_one_real_path() {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap();
        fs::create_dir_all(top.join("corpus/deep")).unwrap();
        fs::write(top.join("corpus/a.txt"), "x").unwrap();
        std::os::unix::fs::symlink(top.join("corpus"), top.join("linked")).unwrap();
        std::os::unix::fs::symlink("a.txt", top.join("corpus/b.txt")).unwrap();
        let paths = Paths::between(&top, &top.join("corpus/deep"));
        for spelling in ["../a.txt", "./../a.txt", "../../linked/a.txt", "../deep/../a.txt"] {
            assert_eq!(paths.stored(&paths.real(Path::new(spelling))), Some("corpus/a.txt"), "{spelling}");
        }
        let stored = |path: &str| paths.stored(&paths.real(Path::new(path))).map(str::to_owned);
        assert_eq!(stored("../b.txt").as_deref(), Some("corpus/b.txt"), "a link to a file keeps its name");
        assert_eq!(stored("../../linked").as_deref(), Some("corpus"));
        assert_eq!(stored(".").as_deref(), Some("corpus/deep"));
        assert_eq!(stored("../gone/x.txt").as_deref(), Some("corpus/gone/x.txt"));
        assert_eq!(stored("../../../elsewhere").unwrap(), top.with_file_name("elsewhere").to_str().unwrap());
        assert_eq!(paths.of_stored("corpus/a.txt"), top.join("corpus/a.txt"));
    }
}

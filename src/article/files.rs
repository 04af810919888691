//! The files below the paths that were given.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::clutter::{is_clutter, page_of};
use super::{Place, Problem, Skip, table};

/// The regular files below `paths`, in the order given and sorted by name within each folder.
///
/// Links are followed; loops of links and hidden files (a name that starts with a dot) are left out unless given by name.
/// `-` stands for standard input and is passed on. Pipes, sockets and devices are reported and never opened.
pub fn files(paths: &[PathBuf]) -> impl Iterator<Item = Result<PathBuf, Skip>> {
    paths.iter().flat_map(|path| below(path))
}

fn below(path: &Path) -> Box<dyn Iterator<Item = Result<PathBuf, Skip>>> {
    if path.as_os_str() == "-" || table::named_table(path).is_some() {
        return Box::new(std::iter::once(Ok(path.to_path_buf())));
    }
    let walk = WalkDir::new(path).follow_links(true).sort_by_file_name().into_iter();
    Box::new(walk.filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry) && !is_beside(entry)).filter_map(
        |entry| match entry {
            Ok(entry) if entry.file_type().is_dir() => None,
            Ok(entry) if entry.path().to_str().is_none() => {
                Some(Err(Skip::new(Place::file(entry.path().to_string_lossy()), Problem::Unnameable)))
            }
            Ok(entry) if entry.file_type().is_file() => Some(Ok(entry.into_path())),
            Ok(entry) => {
                let place = Place::file(entry.path().to_string_lossy());
                Some(Err(Skip::new(place, Problem::NotAFile(kind_of(&entry)))))
            }
            Err(error) if error.loop_ancestor().is_some() => None,
            Err(error) => Some(Err(refused(error))),
        },
    ))
}

/// What the walk could not get at.
fn refused(error: walkdir::Error) -> Skip {
    let path = error.path().unwrap_or(Path::new("?")).to_owned();
    let problem = match error.into_io_error().map(Problem::opening) {
        Some(Problem::Missing) | None if path.is_symlink() => Problem::Dangling,
        Some(problem) => problem,
        None => Problem::Missing,
    };
    Skip::new(Place::file(path.to_string_lossy()), problem)
}

fn is_hidden(entry: &DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with('.')
}

/// True for what dresses a page that was saved: its folder, and style sheets and scripts anywhere.
fn is_beside(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    if !entry.file_type().is_dir() {
        return is_clutter(&name);
    }
    let page = |ending: &str| page_of(&name).map(|page| entry.path().with_file_name(format!("{page}.{ending}")));
    ["html", "htm", "xhtml"].iter().filter_map(|ending| page(ending)).any(|page| page.is_file())
}

#[cfg(unix)]
fn kind_of(entry: &DirEntry) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    let kind = entry.file_type();
    if kind.is_fifo() {
        "pipe"
    } else if kind.is_socket() {
        "socket"
    } else {
        "device"
    }
}

#[cfg(not(unix))]
fn kind_of(_: &DirEntry) -> &'static str {
    "device"
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[track_caller]
    fn check(root: &Path, expect: &[&str]) {
        let found: Vec<String> = files(&[root.to_path_buf()])
            .map(|file| match file {
                Ok(path) => path.strip_prefix(root).unwrap().to_string_lossy().into_owned(),
                Err(skip) => skip.problem.to_string(),
            })
            .collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn files_come_sorted_and_hidden_ones_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let saved = ["page.html", "page_files/frame.html", "page_files/photo.png", "style.css", "case_files/e.txt"];
        for name in ["b.txt", "a.txt", ".hidden", "c/d.txt", ".git/x.txt"].into_iter().chain(saved) {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        check(folder.path(), &["a.txt", "b.txt", "c/d.txt", "case_files/e.txt", "page.html"]);
    }

    #[test]
    fn what_is_not_there_is_told() {
        let found: Vec<String> = files(&[PathBuf::from("nowhere/at-all.txt"), PathBuf::from("-")])
            .map(|file| file.map_or_else(|skip| skip.to_string(), |path| path.display().to_string()))
            .collect();
        assert_eq!(found, ["nowhere/at-all.txt: no such file or folder; check the path", "-"]);
    }

    #[cfg(unix)]
    #[test]
    fn pipes_are_not_opened_and_loops_end() {
        let folder = tempfile::tempdir().unwrap();
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap();
        assert!(made.success());
        std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
        fs::write(folder.path().join("z.txt"), "x").unwrap();
        let told = "is a pipe, which is never opened; pipe its content to standard input and read `-`";
        check(folder.path(), &[told, "z.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_to_nothing_and_names_of_other_bytes_are_told() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(folder.path().join("gone"), folder.path().join("link")).unwrap();
        std::os::unix::fs::symlink("itself", folder.path().join("itself")).unwrap();
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.txt")), "x").unwrap();
        check(
            folder.path(),
            &[
                "has a name that is not UTF-8; rename it, as `convmv` does for a whole folder",
                "cannot be read (Too many levels of symbolic links (os error 40)); check the path and the disk it is on",
                "is a broken link; remove it or restore its target",
            ],
        );
    }
}

//! An index of every format is kept in `tests/upgrades/`. The present one opens; an earlier one says how to make it again,
//! and the next ingest does so by itself.
//!
//! `ONRECORD_BLESS=1 cargo test --test upgrades` writes that of the present format anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use onrecord::engine::Engine;
use onrecord::index::schema::VERSION;
use onrecord::index::verify::verify;
use onrecord::index::{self, Index};
use onrecord::ingest::{Options, ingest};
use onrecord::search::{Backend as _, Request};

const HOME: &str = "tests/upgrades";

#[test]
fn every_format_opens_or_is_made_again() {
    let present = Path::new(HOME).join(format!("format-{VERSION}"));
    if std::env::var_os("ONRECORD_BLESS").is_some() {
        bless(&present);
    }
    assert!(present.is_dir(), "format {VERSION} has no index in {HOME}: run this with ONRECORD_BLESS=1");
    for folder in fs::read_dir(HOME).unwrap().map(|entry| entry.unwrap().path()) {
        let Some(format) = folder.to_str().and_then(|name| name.rsplit_once("format-")) else { continue };
        if format.1 == VERSION.to_string() { opens(&folder) } else { is_made_again(&folder, format.1) }
    }
}

#[track_caller]
fn opens(folder: &Path) {
    // A copy: opening an index must not change what is kept.
    let (_copy, index) = copied(folder);
    answers(&index);
}

/// A copy of an index in a folder of its own, with its sources, which are known by where they are beside it.
fn copied(folder: &Path) -> (tempfile::TempDir, PathBuf) {
    let copy = tempfile::tempdir().unwrap();
    let index = copy.path().join("index");
    for (from, to) in [(folder, index.as_path()), (&Path::new(HOME).join("articles"), &copy.path().join("articles"))] {
        fs::create_dir(to).unwrap();
        copy_files(from, to);
    }
    (copy, index)
}

/// Holds the two articles and finds what they say.
#[track_caller]
fn answers(dir: &Path) {
    let index = Index::open(dir).unwrap();
    assert_eq!(index.state().articles, 2);
    let mut findings = Vec::new();
    verify(dir, &mut |finding| findings.push(finding)).unwrap();
    assert_eq!(findings, []);
    let engine = Engine::open(dir).unwrap();
    for (query, total) in [("speaker:moss", 1), ("said:midnight", 1), ("\"harbour of Sarn\"", 2), ("outlet:courier", 2)]
    {
        let request = Request { query: query.to_owned(), limit: 10, ..Request::default() };
        assert_eq!(engine.search(&request).unwrap().total, total, "{query}");
    }
}

#[track_caller]
fn is_made_again(folder: &Path, format: &str) {
    let (_copy, index) = copied(folder);
    // Where it was kept first.
    fs::write(index.join("aliases.toml"), "").unwrap();
    let Err(error @ index::Error::Version { .. }) = Index::open(&index) else {
        panic!("format {format} is not told to be another one")
    };
    let told = error.to_string();
    assert!(told.contains(&format!("has format {format}")) && told.contains("ingest --rebuild"), "{told}");
    // Its sources are known, so that no path need be given.
    ingest(&index, &[], &Options::default(), &AtomicBool::new(false), &mut ()).unwrap();
    answers(&index);
    let mut left: Vec<_> = fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort_unstable();
    assert_eq!(left, ["derived", "user", "writer.lock"]);
    assert!(index.join("user/aliases.toml").is_file());
}

fn bless(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    let articles = PathBuf::from(HOME).join("articles");
    ingest(folder, &[articles], &Options::default(), &AtomicBool::new(false), &mut ()).unwrap();
    for lock in [".tantivy-writer.lock", ".tantivy-meta.lock", "writer.lock"] {
        let _ = fs::remove_file(folder.join(lock));
        let _ = fs::remove_file(folder.join("derived").join(lock));
        let _ = fs::remove_file(folder.join("user").join(".lock"));
    }
}

fn copy_files(from: &Path, to: &Path) {
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let place = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&place).unwrap();
            copy_files(&path, &place);
        } else {
            fs::copy(&path, place).unwrap();
        }
    }
}

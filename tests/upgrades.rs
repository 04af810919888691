//! An index of every released format is kept in `tests/upgrades/`: opening it works, or says exactly how to rebuild.
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
fn every_released_format_opens_or_says_how_to_rebuild() {
    let present = Path::new(HOME).join(format!("format-{VERSION}"));
    if std::env::var_os("ONRECORD_BLESS").is_some() {
        bless(&present);
    }
    assert!(present.is_dir(), "format {VERSION} has no index in {HOME}: run this with ONRECORD_BLESS=1");
    for folder in fs::read_dir(HOME).unwrap().map(|entry| entry.unwrap().path()) {
        let Some(format) = folder.to_str().and_then(|name| name.rsplit_once("format-")) else { continue };
        if format.1 == VERSION.to_string() { opens(&folder) } else { says_how_to_rebuild(&folder, format.1) }
    }
}

#[track_caller]
fn opens(folder: &Path) {
    // A copy: opening an index must not change what is kept.
    let copy = tempfile::tempdir().unwrap();
    copy_files(folder, copy.path());
    let index = Index::open(copy.path()).unwrap();
    assert_eq!(index.state().articles, 2);
    let mut findings = Vec::new();
    verify(copy.path(), &mut |finding| findings.push(finding)).unwrap();
    assert_eq!(findings, []);
    let engine = Engine::open(copy.path()).unwrap();
    for (query, total) in [("speaker:moss", 1), ("said:midnight", 1), ("\"harbour of Sarn\"", 2), ("outlet:courier", 2)]
    {
        let request = Request { query: query.to_owned(), limit: 10, ..Request::default() };
        assert_eq!(engine.search(&request).unwrap().total, total, "{query}");
    }
}

#[track_caller]
fn says_how_to_rebuild(folder: &Path, format: &str) {
    let Err(error @ index::Error::Version { .. }) = Index::open(folder) else {
        panic!("format {format} is not told to be another one")
    };
    let told = error.to_string();
    assert!(told.contains(&format!("has format {format}")), "{told}");
    assert!(told.contains("rm -r") && told.contains("ingest PATH"), "{told}");
}

fn bless(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
    let articles = PathBuf::from(HOME).join("articles");
    ingest(folder, &[articles], &Options::default(), &AtomicBool::new(false), &mut ()).unwrap();
    for lock in [".tantivy-writer.lock", ".tantivy-meta.lock", "writer.lock"] {
        let _ = fs::remove_file(folder.join(lock));
    }
}

fn copy_files(from: &Path, to: &Path) {
    for file in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

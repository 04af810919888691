//! What the analysis finds in a few articles, as one hash beside the version of the analysis: a change of results without
//! a change of the version fails, as indexes would keep old results beside new ones.
//!
//! `ONRECORD_BLESS=1 cargo test --test analysis_version` writes down the present results.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use onrecord::analysis::{ANALYSIS_VERSION, Analyser, Depth, analysis_id};
use onrecord::article::{self, Article, Options};
use onrecord::passage;
use xxhash_rust::xxh3::Xxh3;

const GOLDEN: &str = "tests/cases/analysis.txt";

#[test]
fn results_change_with_the_version_only() {
    let [fast, careful] = Depth::ALL.map(analysis_id);
    let identity = format!("{ANALYSIS_VERSION} {fast:016x} {careful:016x}");
    let present = format!("{identity} {}\n", results());
    if std::env::var_os("ONRECORD_BLESS").is_some() {
        fs::write(GOLDEN, &present).unwrap();
    }
    let golden = fs::read_to_string(GOLDEN).unwrap();
    if golden.starts_with(&identity) {
        assert_eq!(present, golden, "the analysis gives other results: raise ANALYSIS_VERSION in src/analysis.rs");
    } else {
        assert!(
            std::env::var_os("CI").is_none(),
            "{GOLDEN} is of another version: ONRECORD_BLESS=1 cargo test --test analysis_version"
        );
        eprintln!("skipped: {GOLDEN} is of another version of the analysis");
    }
}

/// Hash of everything that is found in the articles of `corpus/`, in either way of reading.
fn results() -> String {
    let mut files = Vec::new();
    list(Path::new("corpus"), &mut files);
    files.sort_unstable();
    let mut articles: Vec<Article> = Vec::new();
    for file in files {
        let _ = article::read(&file, &Options::default(), &mut |read| {
            articles.extend(read);
            ControlFlow::Continue(())
        });
    }
    assert!(articles.len() > 20, "{} articles", articles.len());
    let mut analyser = Analyser::new();
    let mut hash = Xxh3::new();
    for article in articles {
        for depth in Depth::ALL {
            let analysis = analyser.analyse_as(&article, depth);
            hash.update(serde_json::to_string(&passage::annotated(article.clone(), &analysis)).unwrap().as_bytes());
        }
    }
    format!("{:016x}", hash.digest())
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

//! Every reader against samples of its format, and against what the world does to files.
//!
//! The samples are of our own making and valid against the formats' specifications; what must come out stands beside
//! the call. Containers are packed here, from the same samples.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

#[path = "readers/bad_input.rs"]
mod bad_input;
#[path = "readers/bombs.rs"]
#[cfg(unix)]
mod bombs;
#[path = "readers/containers.rs"]
mod containers;
#[path = "readers/exports.rs"]
mod exports;
#[path = "readers/kinds.rs"]
mod kinds;
#[path = "readers/layouts.rs"]
mod layouts;
#[path = "readers/modern_layouts.rs"]
mod modern_layouts;
#[path = "readers/samples.rs"]
mod samples;
#[path = "readers/web_archives.rs"]
mod web_archives;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use onrecord::article::{self, Article, Options, Skip};

/// The sample of that name.
fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples").join(name)
}

/// What comes out of a source: a line an article (`record | title | byline | outlet | date | paragraphs`, warnings in
/// brackets) or problem (`! record: problem`).
fn outline(source: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let _ = article::read(source, &Options::default(), &mut |outcome| {
        found.push(match outcome {
            Ok(article) => of_article(&article),
            Err(Skip { place, problem, .. }) => {
                format!("! {}: {problem}", place.record.unwrap_or_default())
            }
        });
        ControlFlow::Continue(())
    });
    found
}

fn of_article(article: &Article) -> String {
    let meta = &article.meta;
    let paragraphs: Vec<&str> = article.paragraphs.iter().map(|p| p.of(&article.text)).collect();
    let warnings: String = article.warnings.iter().map(|warning| format!(" [{warning}]")).collect();
    [
        meta.record.clone().unwrap_or_default(),
        meta.title.clone().unwrap_or_default(),
        meta.byline.join(", "),
        meta.outlet.clone().unwrap_or_default(),
        meta.published.as_ref().map(|published| published.at.clone()).unwrap_or_default(),
        paragraphs.join(" ¶ ") + &warnings,
    ]
    .join(" | ")
}

/// Writes `bytes` as a file of that name into a folder of its own and outlines it.
fn outline_of(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    outline(&path)
}

#[track_caller]
fn check(source: &Path, expect: &[&str]) {
    assert_eq!(outline(source), expect, "{}", source.display());
}

#[track_caller]
fn check_bytes(name: &str, bytes: &[u8], expect: &[&str]) {
    assert_eq!(outline_of(name, bytes), expect, "{name}");
}

//! The figures that the README claims, each with a floor: measured with the scorers in `../shared/eval`, which need Python.
//!
//! `cargo test --test floors -- --nocapture` prints the scores.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "support/shared.rs"]
mod shared;

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use assert_cmd::cargo::CommandCargoExt as _;
use shared::shared;

/// Runs a scorer in the shared folder and returns what it prints.
#[track_caller]
fn score(shared: &Path, script: &str, args: &[&OsStr]) -> String {
    let output = Command::new("python3").current_dir(shared).arg(script).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("cannot run python3: {error}"));
    let (printed, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // Some scorers fail below floors of their own; those here count.
    assert!(!printed.is_empty(), "{script}: {errors}");
    println!("{printed}");
    printed.into_owned()
}

/// Annotates files into `out` as JSON lines.
#[track_caller]
fn annotate(files: &[PathBuf], out: &Path) {
    annotate_by("fast", files, out);
}

/// The same, read in that way.
#[track_caller]
fn annotate_by(analysis: &str, files: &[PathBuf], out: &Path) {
    let mut command = Command::cargo_bin("onrecord").unwrap();
    command.args(["annotate", "--analysis", analysis, "--format", "jsonl", "--threads", "2", "--quiet"]).args(files);
    let status = command.stdout(File::create(out).unwrap()).status().unwrap();
    // Some pages hold no article, which is exit code 3.
    assert!(matches!(status.code(), Some(0 | 3)), "{status}");
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(ending));
    files.sort();
    files
}

/// The number at `column` of the numbers after `label`, in the first line that starts with it.
#[track_caller]
fn number(printed: &str, label: &str, column: usize) -> f64 {
    let line = printed.lines().find(|line| line.starts_with(label));
    let line = line.unwrap_or_else(|| panic!("no `{label}` in {printed}"));
    let words = line[label.len()..].split_whitespace();
    let mut numbers = words.filter_map(|word| word.parse::<f64>().ok());
    numbers.nth(column).unwrap_or_else(|| panic!("no number {column} in `{line}`"))
}

#[track_caller]
fn at_least(floor: f64, score: f64, what: &str) {
    assert!(score >= floor, "{what}: {score}, must be at least {floor}");
}

#[test]
fn quotations_and_their_speakers() {
    let Some(gold) = shared("data/polnear/dev") else { return };
    let Some(root) = shared("") else { return };
    let scratch = tempfile::tempdir().unwrap();
    for (analysis, floors) in [("fast", [94.0, 71.0, 78.5, 92.5]), ("careful", [95.5, 74.5, 81.0, 93.0])] {
        let found = scratch.path().join(analysis);
        annotate_by(analysis, &files(&gold.join("text"), ".txt"), &found);
        let printed = score(&root, "eval/quotes/score.py", &[gold.as_os_str(), found.as_os_str()]);
        let labels = ["A direct attribution", "B triple", "C speaker retrieval", "C'' direct units (silver)"];
        for (label, floor) in labels.into_iter().zip(floors) {
            at_least(floor, number(&printed, label, 2), &format!("{analysis}: {label}"));
        }
    }
}

#[test]
fn people_organizations_and_places() {
    let Some(gold) = shared("data/conll2003/dev.txt.gz") else { return };
    let Some(root) = shared("") else { return };
    let scratch = tempfile::tempdir().unwrap();
    let columns = scratch.path().join("dev.txt");
    let mut unpacked = flate2::read::MultiGzDecoder::new(File::open(gold).unwrap());
    std::io::copy(&mut unpacked, &mut File::create(&columns).unwrap()).unwrap();
    let (texts, found) = (scratch.path().join("texts"), scratch.path().join("found.jsonl"));
    let script = "eval/entities/conll.py";
    score(&root, script, &["text".as_ref(), columns.as_os_str(), texts.as_os_str()]);
    for (analysis, floor) in [("fast", 94.5), ("careful", 94.8)] {
        annotate_by(analysis, &files(&texts, ".txt"), &found);
        let printed = score(&root, script, &["score".as_ref(), columns.as_os_str(), found.as_os_str()]);
        at_least(floor, number(&printed, "all ", 2), &format!("{analysis}: CoNLL-2003 dev, F1"));
    }
}

#[test]
fn bodies_of_news_pages() {
    let Some(gold) = shared("data/fundus-us") else { return };
    let Some(root) = shared("") else { return };
    let scratch = tempfile::tempdir().unwrap();
    let found = scratch.path().join("found.jsonl");
    annotate(&files(&gold, ".html.gz"), &found);
    let printed = score(&root, "eval/html/score.py", &[gold.as_os_str(), "--".as_ref(), found.as_os_str()]);
    let body = printed.split(" body ").nth(1).unwrap();
    at_least(97.5, number(body, "P", 2), "body of news pages, F1");
}

#[test]
fn mentions_of_phrases() {
    let Some(root) = shared("") else { return };
    if shared("eval/mentions/run.py").is_none() {
        return;
    }
    let binary = assert_cmd::cargo::cargo_bin("onrecord");
    let printed = score(&root, "eval/mentions/run.py", &[binary.as_os_str()]);
    at_least(0.9, number(&printed, "near", 0), "mentions with their words near each other, recall");
    at_least(0.6, number(printed.split(" synonym").nth(1).unwrap(), "", 0), "mentions in other words, recall");
}

#[test]
fn ranking_of_judged_collections() {
    let Some(root) = shared("") else { return };
    for (collection, floor) in [("cran", 0.382), ("med", 0.6932), ("cacm", 0.4612)] {
        let Some(file) = shared(&format!("eval/retrieval/{collection}.json.gz")) else { return };
        let binary = assert_cmd::cargo::cargo_bin("onrecord");
        let printed = score(&root, "eval/retrieval/score.py", &[binary.as_os_str(), file.as_os_str()]);
        at_least(floor, number(&printed, collection, 0), collection);
    }
}

//! Every mention of a phrase, and nothing that only looks like one: `tests/cases/mentions`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;

use onrecord::search::Request;
use support::{Indexed, index};

struct Case {
    phrase: String,
    label: String,
    passage: String,
}

fn rows(path: &std::path::Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).filter(|l| !l.is_empty()).map(|l| l.split('\t').map(str::to_owned).collect()).collect()
}

fn cases() -> Vec<Case> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mentions");
    let phrases: BTreeMap<String, String> =
        rows(&folder.join("phrases.tsv")).into_iter().map(|r| (r[0].clone(), r[1].clone())).collect();
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let passages = files.iter().filter(|f| !f.ends_with("phrases.tsv")).flat_map(|f| rows(f));
    passages.map(|r| Case { phrase: phrases[&r[0]].clone(), label: r[1].clone(), passage: r[2].clone() }).collect()
}

/// Phrases, whether a passage mentions them in other words, and the passage: for most groups of the thesaurus that have
/// more than one sense, a sentence for and one against.
fn synonyms() -> Vec<Case> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/synonyms.tsv");
    rows(&path).into_iter().map(|r| Case { phrase: r[0].clone(), label: r[1].clone(), passage: r[2].clone() }).collect()
}

/// True if the passage holds these very characters between word borders.
fn holds(passage: &str, phrase: &str) -> bool {
    passage.match_indices(phrase).any(|(at, found)| {
        let before = passage[..at].chars().next_back();
        let after = passage[at + found.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

/// By label: how many passages are found by their phrase, and how many there are; what went wrong is printed.
fn found(indexed: &Indexed, cases: &[Case], literal: bool) -> BTreeMap<String, (usize, usize)> {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut hits: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (number, case) in cases.iter().enumerate() {
        let ids = hits.entry(&case.phrase).or_insert_with(|| {
            let query = format!("\"{}\"", case.phrase);
            let hits = indexed.ask(&Request { query, literal, ..Request::default() });
            hits.iter().map(support::id).collect()
        });
        let hit = ids.contains(&number.to_string());
        let wanted = if literal { holds(&case.passage, &case.phrase) } else { case.label != "distractor" };
        assert!(!literal || hit == wanted, "literally `{}`: {}", case.phrase, case.passage);
        if hit != wanted {
            eprintln!("{} {} `{}`: {}", if hit { "found" } else { "missed" }, case.label, case.phrase, case.passage);
        }
        let count = counts.entry(case.label.clone()).or_default();
        count.0 += usize::from(hit);
        count.1 += 1;
    }
    eprintln!("{counts:?}");
    counts
}

#[test]
fn mentions_are_found_and_look_alikes_are_not() {
    let cases = cases();
    let articles: Vec<(String, &str)> =
        cases.iter().enumerate().map(|(n, case)| (n.to_string(), case.passage.as_str())).collect();
    let indexed = index(&articles);

    let counts = found(&indexed, &cases, false);
    let rate = |label: &str| counts[label].0 as f64 / counts[label].1 as f64;
    assert!(rate("exact") >= 1.0, "exact: {}", rate("exact"));
    assert!(rate("form") >= 1.0, "forms: {}", rate("form"));
    assert!(rate("near") >= 0.9);
    assert!(rate("synonym") >= 0.6);
    assert!(rate("distractor") <= 0.05);

    // Literally, a mention is its very characters: a possessive or a larger number with a comma may go on after them.
    let counts = found(&indexed, &cases, true);
    assert_eq!(counts["exact"].0, counts["exact"].1);
}

#[test]
fn synonyms_hold_in_their_sense_alone() {
    let cases = synonyms();
    let articles: Vec<(String, &str)> =
        cases.iter().enumerate().map(|(n, case)| (n.to_string(), case.passage.as_str())).collect();
    let indexed = index(&articles);
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let query = format!("\"{}\"", case.phrase);
        let hits = indexed.ask(&Request { query, ..Request::default() });
        let hit = hits.iter().any(|hit| support::id(hit) == number.to_string());
        if hit != (case.label == "for") {
            wrong.push(format!("`{}` {}: {}", case.phrase, case.label, case.passage));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

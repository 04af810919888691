//! Names to merge and names to keep apart, as `tests/cases/names` lists them.
//!
//! A pair is judged across articles by the directory, or within one article where the list says so. One pair in twenty
//! may fail on either list; which ones do is printed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use std::fmt::Write as _;

use onrecord::entity::{self, Aliases, Directory, EntityKind};
use onrecord::text::{Text, paragraphs};

/// Pairs that may be judged wrongly, in hundredths.
const ALLOWED: usize = 5;

struct Pair<'c> {
    kind: EntityKind,
    one: &'c str,
    other: &'c str,
    why: &'c str,
}

fn pairs(list: &str) -> Vec<Pair<'_>> {
    let pair = |line| {
        let [kind, one, other, why] = <[&str; 4]>::try_from(str::split(line, '\t').collect::<Vec<_>>()).ok()?;
        let kind = match kind {
            "person" => EntityKind::Person,
            "organization" => EntityKind::Organization,
            "place" => EntityKind::Place,
            other => panic!("`{other}` is no kind"),
        };
        Some(Pair { kind, one, other, why })
    };
    list.lines().skip(1).map(|line| pair(line).unwrap_or_else(|| panic!("not four columns: {line}"))).collect()
}

fn is_one(pair: &Pair) -> bool {
    if pair.why == "within one article" {
        return is_one_in_an_article(pair);
    }
    let names = [(pair.kind, pair.one, 1), (pair.kind, pair.other, 1)];
    let directory = Directory::build(names, &Aliases::default());
    directory.canonical(pair.kind, pair.one) == directory.canonical(pair.kind, pair.other)
}

/// The fuller name first, as articles do; true if no second entity of the kind comes out.
fn is_one_in_an_article(pair: &Pair) -> bool {
    let (full, short) = if pair.one.len() > pair.other.len() { (pair.one, pair.other) } else { (pair.other, pair.one) };
    let raw = match pair.kind {
        EntityKind::Person => format!("{full} arrived in London on Monday. “We are glad,” {short} said."),
        EntityKind::Organization | EntityKind::Place => {
            format!("Shares of {full} fell on Monday. {short} said it was no surprise.")
        }
    };
    let entities = entity::find(&Text::new(&raw, &paragraphs(&raw)));
    entities.mentions.iter().filter(|m| m.kind == pair.kind).count() >= 2
        && entities.list.iter().filter(|e| e.kind == pair.kind).count() == 1
}

#[track_caller]
fn check(list: &str, expect_one: bool) {
    let pairs = pairs(list);
    let mut wrong = String::new();
    let mut count = 0;
    for pair in pairs.iter().filter(|p| is_one(p) != expect_one) {
        count += 1;
        let _ = writeln!(wrong, "  {} | {} ({})", pair.one, pair.other, pair.why);
    }
    eprintln!("{count} of {} pairs wrong\n{wrong}", pairs.len());
    assert!(pairs.len() >= 80, "{} pairs only", pairs.len());
    assert!(count * 100 <= pairs.len() * ALLOWED, "{count} of {} pairs:\n{wrong}", pairs.len());
}

#[test]
fn names_of_one_are_merged() {
    check(include_str!("cases/names/merge.tsv"), true);
}

#[test]
fn names_that_look_alike_are_kept_apart() {
    check(include_str!("cases/names/keep-apart.tsv"), false);
}

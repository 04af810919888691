//! Who says what, on the cases marked by hand in `tests/cases/quotes` (their format: `tests/cases/README.md`).
//!
//! A case passes when every marked quotation is found with its kind, cue, source, speakers and attribution, and nothing else
//! is found that stands in quotation marks. A case marked as a known limit must still fail: when it comes out, its line goes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]
use std::collections::BTreeSet;
use std::fs;

use onrecord::analysis::Analyser;
use onrecord::article::{Article, Meta};
use onrecord::quote::{Quotation, QuoteKind, unmark};
use onrecord::text::Span;

/// Words of a content that must be found, and of those found that must be right, as their harmonic mean.
const ENOUGH: f64 = 0.9;

#[test]
fn hand_marked_cases_come_out() {
    let mut analyser = Analyser::new();
    let mut complaints = Vec::new();
    for (file, text) in files() {
        for case in text.split("\n=== ").map(|case| Case::parse(case.trim_start_matches("=== "))) {
            let wrong = case.wrong(&mut analyser);
            match (&case.limit, wrong.is_empty()) {
                (None, false) => complaints.push(format!("{file}: {}: {}", case.name, wrong.join("; "))),
                (Some(limit), true) => complaints.push(format!("{file}: {}: no limit any more: {limit}", case.name)),
                // Shown by `--nocapture`, to see what a limit still lacks.
                (Some(limit), false) => eprintln!("{file}: {}: {} ({limit})", case.name, wrong.join("; ")),
                (None, true) => {}
            }
        }
    }
    assert!(complaints.is_empty(), "{} cases:\n{}", complaints.len(), complaints.join("\n"));
}

fn files() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/quotes");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

/// An article with what is to be found in it.
#[derive(Debug)]
struct Case {
    name: String,
    text: String,
    expected: Vec<Expected>,
    limit: Option<String>,
}

/// A quotation that is to be found.
#[derive(Debug, Default)]
struct Expected {
    number: usize,
    kind: String,
    speakers: BTreeSet<String>,
    attribution: String,
    source: Vec<Span>,
    cue: Vec<Span>,
    content: Vec<Span>,
}

impl Case {
    fn parse(case: &str) -> Case {
        let (name, rest) = case.split_once('\n').unwrap();
        let is_note = |line: &&str| line.starts_with("> ") || line.starts_with("! ");
        let marked: Vec<&str> = rest.lines().take_while(|line| !is_note(line)).collect();
        let (text, mut marks) = unmark(marked.join("\n").trim()).unwrap_or_else(|mark| panic!("{name}: [{mark}"));
        let mut expected = Vec::new();
        for line in rest.lines().filter_map(|line| line.strip_prefix("> ")).filter(|line| *line != "none") {
            let (number, line) = line.split_once(' ').unwrap();
            let (kind, line) = line.split_once(" speaker=").unwrap();
            let (speakers, attribution) = line.split_once(" attribution=").unwrap();
            let number = number.parse().unwrap();
            let mut take = |role| marks.remove(&(number, role)).unwrap_or_default();
            expected.push(Expected {
                number,
                kind: kind.to_owned(),
                speakers: speakers.split(" & ").filter(|name| *name != "-").map(bare).collect(),
                attribution: attribution.to_owned(),
                source: take('S'),
                cue: take('C'),
                content: take('Q'),
            });
        }
        assert!(marks.is_empty(), "{name}: marks that no line speaks of: {marks:?}");
        let limit = rest.lines().find_map(|line| line.strip_prefix("! known limit: ")).map(str::to_owned);
        Case { name: name.to_owned(), text, expected, limit }
    }

    /// What did not come out.
    fn wrong(&self, analyser: &mut Analyser) -> Vec<String> {
        let article = Article::from_plain(Meta::default(), self.text.clone());
        let mut found = analyser.analyse(&article).quotations;
        let mut wrong = Vec::new();
        for expected in &self.expected {
            let wanted = self.words(expected.content.iter().copied());
            let best = (0..found.len())
                .map(|i| (self.agreement(&wanted, &found[i]), i))
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .filter(|(agreement, _)| *agreement >= 0.5);
            match best {
                None => wrong.push(format!("{} is missed", expected.number)),
                Some((agreement, i)) => {
                    let quotation = found.swap_remove(i);
                    if agreement < ENOUGH {
                        wrong.push(format!("{} is cut to {:?}", expected.number, self.said(&quotation)));
                    }
                    wrong.extend(self.differences(expected, &quotation));
                }
            }
        }
        // Attitudes count as indirect quotations in the corpora learned from; the cases mark words only.
        let counts = |quotation: &&Quotation| self.expected.is_empty() || quotation.kind != QuoteKind::Indirect;
        wrong.extend(found.iter().filter(counts).map(|more| format!("{:?} is none", self.said(more))));
        wrong
    }

    fn differences(&self, expected: &Expected, found: &Quotation) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut differ = |what: &str, found: &str, wanted: &str| {
            wrong.push(format!("{}: {what} {found:?}, not {wanted:?}", expected.number));
        };
        let kind = format!("{:?}", found.kind).to_lowercase();
        if kind != expected.kind {
            differ("kind", &kind, &expected.kind);
        }
        for (what, found, wanted) in [("cue", found.cue, &expected.cue), ("source", found.source, &expected.source)] {
            let wanted_words = self.words(wanted.iter().copied());
            let found_words = self.words(found.into_iter());
            if !wanted_words.is_empty() && wanted_words.is_disjoint(&found_words) {
                let found = found.map_or("nothing", |span| span.of(&self.text));
                differ(what, found, wanted[0].of(&self.text));
            }
        }
        let speakers: BTreeSet<String> = found.speakers.iter().map(|name| bare(name)).collect();
        let attribution = format!("{:?}", found.attribution).to_lowercase();
        if speakers != expected.speakers {
            differ("speakers", &format!("{speakers:?}"), &format!("{:?}", expected.speakers));
        } else if attribution != expected.attribution {
            differ("attribution", &attribution, &expected.attribution);
        }
        wrong
    }

    /// Harmonic mean of precision and recall in words.
    fn agreement(&self, wanted: &BTreeSet<usize>, found: &Quotation) -> f64 {
        let found = self.words(found.content.iter().copied());
        let both = wanted.intersection(&found).count();
        2.0 * both as f64 / (wanted.len() + found.len()).max(1) as f64
    }

    /// Where the words of `spans` begin; punctuation does not count.
    fn words(&self, spans: impl Iterator<Item = Span>) -> BTreeSet<usize> {
        let mut words = BTreeSet::new();
        for span in spans {
            let mut within = false;
            for (at, c) in span.of(&self.text).char_indices() {
                if c.is_alphanumeric() && !within {
                    words.insert(span.start as usize + at);
                }
                within = c.is_alphanumeric();
            }
        }
        words
    }

    fn said(&self, quotation: &Quotation) -> String {
        let parts: Vec<&str> = quotation.content.iter().map(|&span| span.of(&self.text)).collect();
        parts.join(" … ")
    }
}

/// A name without article, courtesy title and letter case.
fn bare(name: &str) -> String {
    let name = name.to_lowercase().replace('’', "'");
    let titles =
        ["the ", "mr. ", "mr ", "ms. ", "ms ", "mrs. ", "mrs ", "dr. ", "dr ", "sen. ", "sir ", "lord ", "dame "];
    titles.iter().find_map(|title| name.strip_prefix(title)).unwrap_or(&name).to_owned()
}

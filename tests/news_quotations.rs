//! Who says what in news other than the articles learned from: Wikinews of 2019 and pages of American outlets, marked by hand
//! in `eval/news_quotations.tsv`. The articles are not ours to publish, so the marks are offsets into the shared data.
//!
//! What other papers have and these hardly do is in `eval/marked_news.txt`, which is ours.
//!
//! `cargo test --test news_quotations -- --nocapture` prints the figures and everything that is wrong.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "support/shared.rs"]
mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use onrecord::analysis::{Analyser, Depth};
use onrecord::article::{Article, Meta};
use onrecord::encoder::ReadingModel;
use onrecord::quote::{self, AnnotatedArticle, Careful, Models, Quotation};
use onrecord::text::{CharSpan, CodePoints, Span};
use shared::shared;
use unicode_normalization::UnicodeNormalization as _;

/// Quotations from this confidence on should have the right speaker.
const SURE: f32 = 0.8;

/// Words of the shortest stretch in quotation marks that counts.
const LEAST_WORDS: usize = 5;

/// A quotation as marked.
struct Marked {
    speaker: String,
    spans: Vec<Span>,
}

/// Right ones of all.
#[derive(Debug, Default)]
struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.right += usize::from(right);
        self.all += 1;
    }

    fn percent(&self) -> f64 {
        100.0 * self.right as f64 / self.all.max(1) as f64
    }
}

#[test]
fn quotations_of_news_nobody_learned_from() {
    measure(Depth::Fast, [97.0, 92.0, 89.5]);
}

#[test]
fn the_same_read_carefully() {
    measure(Depth::Careful, [97.5, 92.0, 90.0]);
}

/// Compares what is found with what is marked; `floors` are those of speakers, stretches and borders, in percent.
fn measure(depth: Depth, floors: [f64; 3]) {
    let Some(data) = shared("data") else { return };
    let list = include_str!("eval/news_quotations.tsv");
    let mut articles: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        let (article, rest) = line.split_once('\t').unwrap();
        articles.entry(article).or_default().push(rest.split_once('\t').unwrap());
    }
    let wikinews = wikinews(&data);
    let mut analyser = Analyser::new();
    let (mut sure, mut stretches, mut borders) = (Share::default(), Share::default(), Share::default());
    for (name, marks) in articles {
        let text = wikinews.get(name).cloned().unwrap_or_else(|| page(&data, name));
        let points = CodePoints::new(&text);
        let span = |range: &str| {
            let (start, end) = range.split_once('-').unwrap();
            points.bytes(CharSpan { start: start.parse().unwrap(), end: end.parse().unwrap() })
        };
        let marked: Vec<Marked> = marks
            .iter()
            .map(|(speaker, spans)| Marked {
                speaker: (*speaker).to_owned(),
                spans: spans.split(' ').map(span).collect(),
            })
            .collect();
        let found = analyser.analyse_as(&Article::from_plain(Meta::default(), text.clone()), depth).quotations;
        compare(name, &text, &marked, &found, [&mut sure, &mut stretches, &mut borders]);
    }
    println!("{}:", depth.name());
    println!("speaker right from {SURE} on: {:.1}% of {}", sure.percent(), sure.all);
    println!(
        "stretches of {LEAST_WORDS} quoted words with the right speaker: {:.1}% of {}",
        stretches.percent(),
        stretches.all
    );
    println!("borders right: {:.1}% of {}", borders.percent(), borders.all);
    for (share, floor) in [&sure, &stretches, &borders].into_iter().zip(floors) {
        assert!(share.percent() >= floor, "{:.1}%, must be {floor}%", share.percent());
    }
}

/// Invented articles in the forms of other papers, kept apart from those that the models learn from.
#[test]
fn forms_of_other_papers() {
    let articles = AnnotatedArticle::read_marked(include_str!("eval/marked_news.txt")).unwrap();
    let careful = ReadingModel::shipped().zip(Careful::shipped());
    assert!(careful.is_some(), "what careful reading needs is not in the binary");
    for (how, careful, floors) in [("fast", None, [0.88, 0.86, 0.90]), ("careful", careful, [0.91, 0.88, 0.92])] {
        let score = quote::evaluate(Models::shipped(), careful, &articles).score;
        let figures =
            [("contents", score.content_f1()), ("whole triples", score.triple_f1()), ("cues", score.cue_f1())];
        for ((what, share), floor) in figures.into_iter().zip(floors) {
            println!("{how}: {what} of marked articles: {:.1} (F1)", 100.0 * share);
            assert!(share >= floor, "{how}: {what}: {share}, must be {floor}");
        }
    }
}

/// Counts what is right in one article, and prints what is wrong.
fn compare(
    name: &str,
    text: &str,
    marked: &[Marked],
    found: &[Quotation],
    [sure, stretches, borders]: [&mut Share; 3],
) {
    let marked_words: Vec<BTreeSet<usize>> = marked.iter().map(|m| words(text, &m.spans)).collect();
    let found_words: Vec<BTreeSet<usize>> = found.iter().map(|q| words(text, &q.content)).collect();
    let shared = |a: &BTreeSet<usize>, b: &BTreeSet<usize>| a.intersection(b).count();
    for (quotation, own) in found.iter().zip(&found_words) {
        // What agrees with no mark is an attitude or a plan more often than a wrong quotation.
        let meant = marked.iter().zip(&marked_words).filter(|(_, words)| 10 * shared(words, own) >= 3 * own.len());
        let meant: Vec<&Marked> = meant.map(|(marked, _)| marked).collect();
        if quotation.confidence >= SURE && !quotation.speakers.is_empty() && !meant.is_empty() {
            let right = meant.iter().any(|m| is_right(&quotation.speakers, &m.speaker));
            sure.count(right);
            if !right {
                println!(
                    "{name}: {:?}, not {}: {}",
                    quotation.speakers,
                    meant[0].speaker,
                    said(text, &quotation.content)
                );
            }
        }
    }
    for (mark, own) in marked.iter().zip(&marked_words) {
        let best = found.iter().zip(&found_words).max_by_key(|(_, words)| shared(words, own));
        if let Some((quotation, best)) = best.filter(|(_, best)| 2 * shared(best, own) >= best.union(own).count()) {
            let right = best.first() == own.first() && best.last() == own.last();
            borders.count(right);
            if !right {
                println!("{name}: `{}` where `{}` is said", said(text, &quotation.content), said(text, &mark.spans));
            }
        }
        for stretch in quoted(text, &mark.spans) {
            let own = words(text, &[stretch]);
            if own.len() < LEAST_WORDS {
                continue;
            }
            let mut holders = found.iter().zip(&found_words).filter(|(_, words)| 2 * shared(words, &own) >= own.len());
            let right = holders.any(|(quotation, _)| is_right(&quotation.speakers, &mark.speaker));
            stretches.count(right);
            if !right {
                println!("{name}: not by {}: {}", mark.speaker, stretch.of(text));
            }
        }
    }
}

fn said<'t>(text: &'t str, spans: &[Span]) -> String {
    spans.iter().map(|span| span.of(text)).collect::<Vec<&'t str>>().join(" … ")
}

/// True if these speakers are right where `marked` is.
fn is_right(speakers: &[String], marked: &str) -> bool {
    if marked == "-" {
        return speakers.is_empty();
    }
    let names = marked.trim_start_matches('?');
    let one = |speaker: &String| names.split(" & ").flat_map(|name| name.split('/')).any(|name| is_same(speaker, name));
    if speakers.is_empty() { marked.starts_with('?') } else { speakers.iter().all(one) }
}

/// True if two names have the same last word, or one is part of the other.
fn is_same(one: &str, other: &str) -> bool {
    let fold = |name: &str| {
        let plain: String = name.nfkd().filter(|c| c.is_ascii() || *c == 'ł').collect();
        plain.to_lowercase().replace('ł', "l")
    };
    let (one, other) = (fold(one), fold(other));
    one.rsplit(' ').next() == other.rsplit(' ').next() || one.contains(&other) || other.contains(&one)
}

/// Stretches in quotation marks within the spans; a mark may be right behind a span.
fn quoted(text: &str, spans: &[Span]) -> Vec<Span> {
    let mut found = Vec::new();
    for span in spans {
        let mut open: Option<usize> = None;
        let behind =
            text[span.end as usize..].chars().next().filter(|c| matches!(c, '"' | '”')).map_or(0, char::len_utf8);
        for (at, c) in text[span.start as usize..span.end as usize + behind].char_indices() {
            let at = span.start as usize + at;
            match (c, open) {
                ('"' | '“', None) => open = Some(at + c.len_utf8()),
                ('"' | '”', Some(start)) => {
                    found.push(Span { start: start as u32, end: at as u32 });
                    open = None;
                }
                _ => {}
            }
        }
    }
    found
}

/// Where the words of spans begin, without a conjunction at the start.
fn words(text: &str, spans: &[Span]) -> BTreeSet<usize> {
    let mut words = BTreeSet::new();
    for span in spans {
        let mut within = false;
        for (at, c) in span.of(text).char_indices() {
            let inside = c.is_alphanumeric() || within && matches!(c, '\'' | '’');
            if inside && !within {
                words.insert(span.start as usize + at);
            }
            within = inside;
        }
    }
    if let Some(&first) = words.first()
        && ["that ", "if ", "whether "].iter().any(|word| text[first..].starts_with(word))
    {
        words.pop_first();
    }
    words
}

/// The texts of Wikinews, by address.
fn wikinews(data: &Path) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_path(data.join("wikinews/wikinews_2019.csv")).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (url, text) = (column("url"), column("text"));
    reader.records().map(|record| record.unwrap()).map(|r| (r[url].to_owned(), r[text].to_owned())).collect()
}

/// The text of a page, `folder/file#key`: its paragraphs as they are listed beside it.
fn page(data: &Path, name: &str) -> String {
    let (file, key) = name.split_once('#').unwrap();
    let listed: serde_json::Value = serde_json::from_slice(&fs::read(data.join(file)).unwrap()).unwrap();
    let body = &listed[key]["body"];
    let strings = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|s| s.as_str().map(str::to_owned)).collect()
    };
    let mut paragraphs = strings(&body["summary"]);
    for section in body["sections"].as_array().into_iter().flatten() {
        paragraphs.extend(strings(&section["headline"]));
        paragraphs.extend(strings(&section["paragraphs"]));
    }
    paragraphs.join("\n\n")
}

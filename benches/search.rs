//! How long queries take in one process, beside plain tantivy for the same words on the same index in the same run.
//!
//! usage: cargo bench --bench search -- INDEX [RUNS]
//!
//! Both count all hits and keep the ten best. Each query runs interleaved with its plain counterpart.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "a bench that cannot start has nothing to say but why"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use onrecord::engine::Engine;
use onrecord::search::{By, Matching, Request, Variants};
use tantivy::Term;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

/// A name, what we are asked, and the same words as plain tantivy would be asked.
type Case = (&'static str, Request, Option<Box<dyn Query>>);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let Some(dir) = arguments.first() else {
        println!("no index given; usage: cargo bench --bench search -- INDEX [RUNS]");
        return;
    };
    let runs = arguments.get(1).map_or(101, |n| n.parse().unwrap());
    let clock = Instant::now();
    let engine = Engine::open(Path::new(dir)).unwrap();
    println!("opened in {:.1} ms", clock.elapsed().as_secs_f64() * 1e3);
    println!(
        "{:<24} {:>9} {:>9} {:>9} {:>9} {:>7} {:>9} {:>11}",
        "ms", "median", "p99", "plain", "p99", "ratio", "hits", "plain hits"
    );
    for (name, request, plain) in cases(engine.index().fields().text) {
        measure(&engine, name, &request, plain.as_deref(), runs);
    }
}

fn cases(text: Field) -> Vec<Case> {
    let ask = |query: &str| Request { query: query.to_owned(), limit: 10, ..Request::default() };
    let with = |query: &str, forms, wider| Request {
        variants: Variants { forms, near: wider, synonyms: wider },
        ..ask(query)
    };
    let facets = vec!["place".to_owned(), "month".to_owned()];
    let pasted = "oil prices fell after the meeting in Vienna";
    let price = ["oil", "~price"];
    vec![
        ("two words", ask("oil prices"), Some(words(text, &price))),
        ("two rarer words", ask("grain embargo"), Some(words(text, &["grain", "embargo"]))),
        ("phrase, as written", with("\"oil prices\"", false, false), Some(phrase(text, &["oil", "prices"]))),
        ("phrase, forms", with("\"oil prices\"", true, false), Some(phrase(text, &price))),
        ("phrase, all variants", ask("\"oil prices\""), Some(phrase(text, &price))),
        ("three, all variants", ask("\"prime interest rate\""), Some(phrase(text, &["prime", "interest", "~rate"]))),
        ("NEAR/5", ask("oil NEAR/5 prices"), Some(words(text, &price))),
        ("literal", ask("='oil prices'"), Some(phrase(text, &["oil", "prices"]))),
        ("speaker + word", ask("speaker:baker said:dollar"), None),
        ("prefix", ask("petrol*"), None),
        ("any of a sentence", Request { matching: Matching::Any, ..ask(pasted) }, None),
        ("by article", Request { by: Some(By::Article), ..ask("oil prices") }, Some(words(text, &price))),
        ("facets over everything", Request { facets, ..ask("*") }, None),
    ]
}

fn measure(engine: &Engine, name: &str, request: &Request, plain: Option<&dyn Query>, runs: usize) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let (mut hits, mut plain_hits) = (0, 0);
    for _ in 0..runs {
        let clock = Instant::now();
        hits = engine.search(request).unwrap().total;
        ours.push(clock.elapsed());
        if let Some(plain) = plain {
            let clock = Instant::now();
            let collector = (Count, TopDocs::with_limit(10).order_by_score());
            plain_hits = engine.index().searcher().search(plain, &collector).unwrap().0;
            theirs.push(clock.elapsed());
        }
    }
    let (median, p99) = quantiles(&mut ours);
    print!("{name:<24} {median:>9.2} {p99:>9.2}");
    if theirs.is_empty() {
        println!(" {:>9} {:>9} {:>7} {hits:>9}", "", "", "");
    } else {
        let (plain, plain99) = quantiles(&mut theirs);
        println!(" {plain:>9.2} {plain99:>9.2} {:>7.2} {hits:>9} {plain_hits:>11}", median / plain);
    }
}

fn words(field: Field, words: &[&str]) -> Box<dyn Query> {
    let terms = words.iter().map(|word| Term::from_field_text(field, word));
    let all = terms.map(|term| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>);
    Box::new(BooleanQuery::intersection(all.collect()))
}

fn phrase(field: Field, words: &[&str]) -> Box<dyn Query> {
    Box::new(PhraseQuery::new(words.iter().map(|word| Term::from_field_text(field, word)).collect()))
}

/// Median and 99th percentile, in milliseconds.
fn quantiles(times: &mut [Duration]) -> (f64, f64) {
    times.sort_unstable();
    let at = |q: f64| times[((times.len() - 1) as f64 * q).round() as usize].as_secs_f64() * 1e3;
    (at(0.5), at(0.99))
}

//! How long queries take in one process, beside plain tantivy for the same words on the same index in the same run.
//!
//! usage: cargo bench --bench search -- INDEX [RUNS [NAME]]
//!
//! Both count all hits and keep the ten best; the last columns are plain tantivy's when it fetches the stored documents of
//! these as well, which is part of every answer of ours. Each query runs by turns with its plain counterpart, whose words
//! are those of the query as typed: `prices`, while ours are `price`, `pricing` and so on, unless the name says otherwise.
//! With a NAME, only queries run in whose name it is.

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
use onrecord::index::block::Hierarchy;
use onrecord::search::{Backend as _, By, Matching, Request, Variants};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, TantivyDocument};

/// The allocator of the program itself, for both.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A name, what we are asked, and the same words as plain tantivy would be asked.
type Case = (&'static str, Request, Option<Box<dyn Query>>);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let Some(dir) = arguments.first() else {
        println!("no index given; usage: cargo bench --bench search -- INDEX [RUNS [NAME]]");
        return;
    };
    let runs = arguments.get(1).map_or(101, |n| n.parse().unwrap());
    let wanted = arguments.get(2).map_or("", String::as_str);
    let clock = Instant::now();
    let engine = Engine::open(Path::new(dir)).unwrap();
    println!("opened in {:.1} ms", clock.elapsed().as_secs_f64() * 1e3);
    println!(
        "{:<24} {:>8} {:>8} {:>8} {:>8} {:>8}  plain tantivy: hits, least, median, ratio; with stored documents: median, ratio",
        "ms", "hits", "first", "least", "median", "p99"
    );
    for (name, request, plain) in cases(engine.index().fields().text) {
        if name.contains(wanted) {
            measure(&engine, name, &request, plain.as_deref(), runs);
        }
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
    let price = ["oil", "prices"];
    vec![
        ("two words, as written", with("oil prices", false, false), Some(words(text, &price))),
        ("two words", ask("oil prices"), Some(words(text, &price))),
        ("two rarer words", ask("grain embargo"), Some(words(text, &["grain", "embargo"]))),
        ("phrase, as written", with("\"oil prices\"", false, false), Some(phrase(text, &price))),
        ("phrase, forms", with("\"oil prices\"", true, false), Some(phrase(text, &price))),
        ("phrase, all variants", ask("\"oil prices\""), Some(phrase(text, &price))),
        ("three, all variants", ask("\"prime interest rate\""), Some(phrase(text, &["prime", "interest", "rate"]))),
        ("NEAR/5, as written", with("oil NEAR/5 prices", false, false), Some(words(text, &price))),
        ("NEAR/5", ask("oil NEAR/5 prices"), Some(words(text, &price))),
        ("literal", ask("='oil prices'"), Some(phrase(text, &price))),
        ("speaker + word", ask("speaker:baker said:dollar"), None),
        ("prefix", ask("petrol*"), None),
        ("any of a sentence", Request { matching: Matching::Any, ..ask(pasted) }, None),
        ("by article", Request { by: Some(By::Article), ..ask("oil prices") }, Some(words(text, &price))),
        ("facets over everything", Request { facets, ..ask("*") }, None),
    ]
}

fn measure(engine: &Engine, name: &str, request: &Request, plain: Option<&dyn Query>, runs: usize) {
    let searcher = engine.index().searcher();
    let (mut ours, mut theirs, mut fetching) = (Vec::new(), Vec::new(), Vec::new());
    let (mut hits, mut plain_hits) = (0, 0);
    let blocks: Vec<Hierarchy> =
        searcher.segment_readers().iter().map(|segment| Hierarchy::open(segment).unwrap()).collect();
    let clock = Instant::now();
    engine.search(request).unwrap();
    let first = clock.elapsed().as_secs_f64() * 1e3;
    for _ in 0..runs {
        let clock = Instant::now();
        hits = engine.search(request).unwrap().total;
        ours.push(clock.elapsed());
        let Some(plain) = plain else { continue };
        let clock = Instant::now();
        let collector = (Count, TopDocs::with_limit(10).order_by_score());
        let (count, best) = searcher.search(plain, &collector).unwrap();
        theirs.push(clock.elapsed());
        for (_, at) in best {
            // The record of a passage is with its article.
            let article = blocks.get(at.segment_ord as usize).unwrap().article(at.doc_id);
            searcher.doc::<TantivyDocument>(DocAddress::new(at.segment_ord, article)).unwrap();
        }
        fetching.push(clock.elapsed());
        plain_hits = count;
    }
    let [least, median, p99] = quantiles(&mut ours);
    print!("{name:<24} {hits:>8} {first:>8.2} {least:>8.2} {median:>8.2} {p99:>8.2}");
    if theirs.is_empty() {
        println!();
        return;
    }
    let [plain_least, plain, _] = quantiles(&mut theirs);
    let [_, fetched, _] = quantiles(&mut fetching);
    let (ratio, fairer) = (median / plain, median / fetched);
    println!(" {plain_hits:>8} {plain_least:>7.2} {plain:>7.2} {ratio:>7.1} {fetched:>7.2} {fairer:>7.1}");
}

fn words(field: Field, words: &[&str]) -> Box<dyn Query> {
    let terms = words.iter().map(|word| Term::from_field_text(field, word));
    let all = terms.map(|term| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)) as Box<dyn Query>);
    Box::new(BooleanQuery::intersection(all.collect()))
}

fn phrase(field: Field, words: &[&str]) -> Box<dyn Query> {
    Box::new(PhraseQuery::new(words.iter().map(|word| Term::from_field_text(field, word)).collect()))
}

/// The least, the median and the 99th percentile, in milliseconds. Where others use the machine, the least says most.
fn quantiles(times: &mut [Duration]) -> [f64; 3] {
    times.sort_unstable();
    [0.0, 0.5, 0.99].map(|q| times[((times.len() - 1) as f64 * q).round() as usize].as_secs_f64() * 1e3)
}

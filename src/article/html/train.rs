//! Training of the weights of [`super::score`], run by `just train-pages`.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::features::NAMES;
use super::{Dom, Hints, Metadata, NodeId, PageHints, block, body, charset, charset_of};

/// A block of a page with the features that tell what it is.
struct Example {
    features: Vec<f64>,
    is_article: bool,
    weight: f64,
}

/// Trains on the pages below `ONRECORD_PAGES` (folders of the fundus test data, separated by colons) and writes
/// `models/pages.tsv`.
#[test]
#[ignore = "trains the weights for pages; needs ONRECORD_PAGES"]
fn train_pages() {
    let folders = std::env::var("ONRECORD_PAGES").unwrap();
    let pages: Vec<(PathBuf, Vec<String>)> = folders.split(':').flat_map(|folder| pages(Path::new(folder))).collect();
    let examples: Vec<Example> = pages.iter().flat_map(|(page, gold)| examples_of(page, gold)).collect();
    let weights = fit(&examples);
    let mut lines = String::new();
    for (weight, name) in weights.iter().zip(NAMES) {
        writeln!(lines, "{weight:.3}\t{name}").unwrap();
    }
    std::fs::write("models/pages.tsv", lines).unwrap();
    println!("{} pages, {} blocks", pages.len(), examples.len());
}

/// The pages of a folder with the paragraphs of their articles: the n-th version of a publisher is its n-th page.
fn pages(folder: &Path) -> Vec<(PathBuf, Vec<String>)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut found = Vec::new();
    for spec in files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")) {
        let start = format!("{}_", name(spec).trim_end_matches(".json"));
        let versions: Value = serde_json::from_str(&std::fs::read_to_string(spec).unwrap()).unwrap();
        let versions: Vec<&Value> = versions.as_object().unwrap().values().collect();
        let pages: Vec<&PathBuf> =
            files.iter().filter(|path| name(path).starts_with(&start) && name(path).ends_with(".html.gz")).collect();
        if pages.len() == versions.len() {
            found.extend(pages.into_iter().cloned().zip(versions.into_iter().map(paragraphs)));
        }
    }
    found
}

fn paragraphs(version: &Value) -> Vec<String> {
    let texts = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let body = &version["body"];
    let sections = body["sections"].as_array().cloned().unwrap_or_default();
    let within =
        sections.iter().flat_map(|section| [texts(&section["headline"]), texts(&section["paragraphs"])].concat());
    texts(&body["summary"]).into_iter().chain(within).collect()
}

/// The blocks of a page, and paragraphs of it once more as they are in a wrapper of their own: few of these pages have such.
fn examples_of(page: &Path, gold: &[String]) -> Vec<Example> {
    const WEIGHT: f64 = 0.3;
    let mut bytes = Vec::new();
    let _ = flate2::read::MultiGzDecoder::new(std::fs::File::open(page).unwrap()).read_to_end(&mut bytes);
    let Ok(decoded) = charset::decode(bytes.clone(), charset_of(&bytes).as_deref()) else { return Vec::new() };
    let mut found: Vec<Example> = examples(&decoded.text, gold).into_iter().map(|(_, example)| example).collect();
    if let Some(wrapped) = Wrapped::of(&decoded.text, gold) {
        let gold: Vec<String> = gold.iter().chain([&wrapped.heading]).cloned().collect();
        for (text, example) in examples(&wrapped.page, &gold) {
            if wrapped.texts.contains(&text) {
                found.push(Example { weight: WEIGHT * example.weight, ..example });
            }
        }
    }
    found
}

/// A page with paragraphs of its article in elements of another name, the first one, and in wrappers, the last one and one from
/// the middle below a heading.
struct Wrapped {
    page: String,
    heading: String,
    /// The words of what is wrapped.
    texts: HashSet<String>,
}

impl Wrapped {
    fn of(page: &str, gold: &[String]) -> Option<Self> {
        const LEAST: usize = 5;
        const LONG: usize = 60;
        let gold: HashSet<String> =
            gold.iter().filter(|text| text.len() >= LONG).map(|text| words(text).join(" ")).collect();
        let mut paragraphs: Vec<(Range<usize>, String)> = Vec::new();
        for (start, _) in page.match_indices("<p").filter(|(at, _)| page[at + 2..].starts_with(['>', ' '])) {
            let Some(length) = page[start..].find("</p>").map(|length| length + "</p>".len()) else { break };
            let markup = &page[start..start + length];
            let dom = Dom::parse(markup);
            let text = words(&dom.text(NodeId::ROOT)).join(" ");
            if gold.contains(&text) {
                paragraphs.push((start..start + length, text));
            }
        }
        let [(first, first_text), .., (last, last_text)] = paragraphs.as_slice() else { return None };
        let (middle, text) = paragraphs.get(paragraphs.len() / 2).filter(|_| paragraphs.len() >= LEAST)?;
        let heading = text.split(' ').take(3).collect::<Vec<_>>().join(" ");
        let words_of_first = page[first.clone()].split_once('>').map_or("", |(_, rest)| rest.trim_end_matches("</p>"));
        let wrapped = [
            &page[..first.start],
            &format!("<div>{words_of_first}</div>"),
            &page[first.end..middle.start],
            &format!("<section><h3>{heading}</h3>{}</section>", &page[middle.clone()]),
            &page[middle.end..last.start],
            &format!("<div class=part>{}</div>", &page[last.clone()]),
            &page[last.end..],
        ];
        let texts = [first_text, text, last_text, &heading].into_iter().cloned().collect();
        Some(Wrapped { page: wrapped.concat(), heading, texts })
    }
}

/// The blocks of a page, each with its words.
fn examples(page: &str, gold: &[String]) -> Vec<(String, Example)> {
    let dom = Dom::parse(page);
    let metadata = Metadata::read(&dom, &Hints::default());
    let hints = PageHints {
        title: metadata.title.as_deref(),
        headline: metadata.headline,
        byline: &metadata.byline,
        description: metadata.description.as_deref(),
        article_body: metadata.article_body.as_deref(),
    };
    let all = block::blocks(&dom, NodeId::ROOT, block::Shown::default());
    let whole: HashSet<String> = gold.iter().map(|text| words(text).join(" ")).collect();
    let gold = words(&gold.join(" "));
    let runs = runs(&gold);
    let mut found: Vec<(String, Example)> = Vec::new();
    for (block, features) in body::candidates(&dom, &all, hints) {
        let words = words(&block.text);
        let own = self::runs(&words);
        // Nearly all runs of four words are in the article; a shorter line is one of its paragraphs.
        let hits: usize = own.iter().map(|(run, count)| (*count).min(runs.get(run).copied().unwrap_or(0))).sum();
        let is_article = if words.len() >= 4 {
            hits as f64 >= 0.6 * (words.len() - 3) as f64
        } else {
            whole.contains(&words.join(" "))
        };
        let weight = (words.len().max(1) as f64).powf(0.6);
        let features = features.iter().map(|value| f64::from(*value)).collect();
        found.push((words.join(" "), Example { features, is_article, weight }));
    }
    // A page of many words counts for more, but not in proportion.
    let total: f64 = found.iter().map(|(_, example)| example.weight).sum();
    for (_, example) in &mut found {
        example.weight /= total.sqrt();
    }
    found
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

fn runs(words: &[String]) -> HashMap<&[String], usize> {
    let mut runs = HashMap::new();
    for run in words.windows(4) {
        *runs.entry(run).or_default() += 1;
    }
    runs
}

/// Logistic regression by Newton's method, with a penalty on the squares of all weights but the first.
fn fit(examples: &[Example]) -> Vec<f64> {
    const PENALTY: f64 = 1.0;
    let size = NAMES.len();
    let mean = examples.iter().map(|example| example.weight).sum::<f64>() / examples.len() as f64;
    let mut weights = vec![0.0; size];
    for _ in 0..20 {
        let mut gradient = vec![0.0; size];
        let mut hessian = vec![vec![0.0; size]; size];
        for at in 0..size {
            hessian[at][at] = PENALTY;
            gradient[at] = if at == 0 { 0.0 } else { PENALTY * weights[at] };
        }
        for example in examples {
            let score: f64 = example.features.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let chance = 1.0 / (1.0 + (-score).exp());
            let error = example.weight / mean * (chance - f64::from(u8::from(example.is_article)));
            let curve = example.weight / mean * chance * (1.0 - chance);
            let present: Vec<usize> = (0..size).filter(|at| example.features[*at] != 0.0).collect();
            for &row in &present {
                gradient[row] += error * example.features[row];
                for &column in &present {
                    hessian[row][column] += curve * example.features[row] * example.features[column];
                }
            }
        }
        for (weight, step) in weights.iter_mut().zip(solve(hessian, gradient)) {
            *weight -= step;
        }
    }
    weights
}

/// Solves a system of linear equations by elimination; the matrix is positive definite.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for pivot in 0..size {
        for row in pivot + 1..size {
            let (above, below) = matrix.split_at_mut(row);
            let (above, below) = (&above[pivot], &mut below[0]);
            let factor = below[pivot] / above[pivot];
            for (value, above) in below.iter_mut().zip(above).skip(pivot) {
                *value -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    let mut solution = vec![0.0; size];
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row][column] * solution[column]).sum();
        solution[row] = (right[row] - known) / matrix[row][row];
    }
    solution
}

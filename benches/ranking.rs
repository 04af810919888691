//! How well hits are ranked, beside SQLite's FTS5: nDCG@10 on known items and on judged queries.
//!
//! usage: cargo bench --bench ranking -- [ARTICLES.jsonl [COUNT]]
//!
//! Known items: an article's headline is the query, the article without headline and first paragraph is the document;
//! the one right answer is that article. Judged queries: `tests/cases/retrieval` over `corpus/`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "a bench that cannot start has nothing to say but why"
)]

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use onrecord::engine::Engine;
use onrecord::ingest::{self, Options};
use onrecord::search::{Backend as _, By, Matching, Request};
use rusqlite::Connection;

/// A document by its name.
struct Document {
    name: String,
    title: String,
    text: String,
}

/// A query and how well each document answers it.
struct Query {
    text: String,
    grades: HashMap<String, f64>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    if let Some(file) = arguments.first() {
        let count = arguments.get(1).map_or(300, |n| n.parse().unwrap());
        let (documents, queries) = known_items(Path::new(file), count);
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("documents.jsonl");
        let url = |name: &str| format!("https://paper.example/{name}");
        let lines: Vec<String> =
            documents.iter().map(|d| serde_json::json!({"url": url(&d.name), "text": d.text}).to_string()).collect();
        fs::write(&source, lines.join("\n")).unwrap();
        let engine = indexed(folder.path(), &[source]);
        compare("known items", &documents, &queries, &engine, |id| id.rsplit('/').next().unwrap().to_owned());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let corpus = root.join("corpus");
    let engine = indexed(folder.path(), std::slice::from_ref(&corpus));
    let queries = judged(&root.join("tests/cases/retrieval"));
    let documents = documents_of(&engine, &corpus);
    let names: HashMap<String, String> = documents.iter().map(|(id, d)| (id.clone(), d.name.clone())).collect();
    let documents: Vec<Document> = documents.into_values().collect();
    compare("judged queries", &documents, &queries, &engine, |id| names.get(id).cloned().unwrap_or_default());
}

fn indexed(folder: &Path, sources: &[PathBuf]) -> Engine {
    let dir = folder.join("index");
    ingest::ingest(&dir, sources, &Options::default(), &AtomicBool::new(false), &mut ()).unwrap();
    Engine::open(&dir).unwrap()
}

/// Every n-th article's headline as a query for its article.
fn known_items(file: &Path, count: usize) -> (Vec<Document>, Vec<Query>) {
    let text = fs::read_to_string(file).unwrap();
    let mut documents = Vec::new();
    let mut titles = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let title = record["title"].as_str().unwrap_or("").to_owned();
        let body = record["text"].as_str().unwrap_or("");
        let Some((_, rest)) = body.trim().split_once("\n\n") else { continue };
        if rest.split_whitespace().count() > 60 && title.split_whitespace().count() > 3 {
            titles.push((number.to_string(), title));
        }
        documents.push(Document { name: number.to_string(), title: String::new(), text: rest.to_owned() });
    }
    let step = (titles.len() / count).max(1);
    let queries = titles.into_iter().step_by(step).take(count);
    (documents, queries.map(|(name, text)| Query { text, grades: HashMap::from([(name, 1.0)]) }).collect())
}

fn judged(folder: &Path) -> Vec<Query> {
    let rows = |name: &str| -> Vec<Vec<String>> {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        text.lines().skip(1).filter(|l| !l.is_empty()).map(|l| l.split('\t').map(str::to_owned).collect()).collect()
    };
    let mut grades: BTreeMap<String, HashMap<String, f64>> = BTreeMap::new();
    for row in rows("judgments.tsv") {
        grades.entry(row[0].clone()).or_default().insert(row[1].clone(), row[2].parse().unwrap());
    }
    let queries = rows("queries.tsv").into_iter();
    queries.map(|row| Query { grades: grades.remove(&row[0]).unwrap_or_default(), text: row[1].clone() }).collect()
}

/// The articles of the corpus by id, named as the judgments name them.
fn documents_of(engine: &Engine, corpus: &Path) -> HashMap<String, Document> {
    let mut documents = HashMap::new();
    let request = Request { query: "*".to_owned(), by: Some(By::Article), ..Request::default() };
    for hit in engine.all_results(&request).unwrap().map(Result::unwrap) {
        let whole = engine.article(&hit.article.id).unwrap();
        // Paths are told from the current folder.
        let path = std::path::absolute(&hit.article.path).unwrap();
        let path = path.strip_prefix(corpus).unwrap().display().to_string();
        let name = hit.article.record.as_ref().map_or(path.clone(), |record| format!("{path}!{record}"));
        let title = hit.article.title.clone().unwrap_or_default();
        documents.insert(hit.article.id, Document { name, title, text: whole.text });
    }
    documents
}

fn compare(what: &str, documents: &[Document], queries: &[Query], engine: &Engine, name: impl Fn(&str) -> String) {
    println!("{what}: {} documents, {} queries", documents.len(), queries.len());
    for tokenizer in ["unicode61", "porter unicode61"] {
        let table = fts5(documents, tokenizer);
        let mean = mean(queries, |query| best_of_fts5(&table, &query.text));
        println!("  {:<34} {mean:.4}", format!("FTS5 bm25, {tokenizer}"));
    }
    for (label, by, matching) in [
        ("onrecord --by article --match any", By::Article, Matching::Any),
        ("onrecord --match any", By::Passage, Matching::Any),
        ("onrecord --by article", By::Article, Matching::All),
        ("onrecord", By::Passage, Matching::All),
    ] {
        let clock = std::time::Instant::now();
        let mean = mean(queries, |query| {
            let limit = if by == By::Article { 10 } else { 40 };
            let request = Request { query: query.text.clone(), by: Some(by), matching, limit, ..Request::default() };
            let mut names: Vec<String> = Vec::new();
            for hit in engine.search(&request).unwrap().hits {
                let name = name(&hit.article.id);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names
        });
        let each = clock.elapsed().as_secs_f64() * 1e3 / queries.len() as f64;
        println!("  {label:<34} {mean:.4}   {each:.1} ms a query");
    }
}

fn fts5(documents: &[Document], tokenizer: &str) -> Connection {
    let table = Connection::open_in_memory().unwrap();
    let create = format!("CREATE VIRTUAL TABLE t USING fts5(name UNINDEXED, title, text, tokenize='{tokenizer}')");
    table.execute(&create, []).unwrap();
    for d in documents {
        table.execute("INSERT INTO t VALUES (?, ?, ?)", [&d.name, &d.title, &d.text]).unwrap();
    }
    table
}

fn best_of_fts5(table: &Connection, query: &str) -> Vec<String> {
    let words: Vec<String> =
        query.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(|w| format!("\"{w}\"")).collect();
    let mut statement = table.prepare("SELECT name FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 10").unwrap();
    let names = statement.query_map([words.join(" OR ")], |row| row.get(0)).unwrap();
    names.map(Result::unwrap).collect()
}

/// Mean nDCG@10 (Järvelin and Kekäläinen 2002, gain 2^grade − 1).
fn mean(queries: &[Query], search: impl Fn(&Query) -> Vec<String>) -> f64 {
    let gain = |grade: f64, rank: usize| (2_f64.powf(grade) - 1.0) / (rank as f64 + 2.0).log2();
    let sum: f64 = queries
        .iter()
        .map(|query| {
            let found = search(query);
            let dcg: f64 = found
                .iter()
                .take(10)
                .enumerate()
                .map(|(i, n)| gain(query.grades.get(n).copied().unwrap_or(0.0), i))
                .sum();
            let mut ideal: Vec<f64> = query.grades.values().copied().collect();
            ideal.sort_by(|a, b| b.total_cmp(a));
            let ideal: f64 = ideal.iter().take(10).enumerate().map(|(i, &g)| gain(g, i)).sum();
            if ideal > 0.0 { dcg / ideal } else { 0.0 }
        })
        .sum();
    sum / queries.len() as f64
}

//! An index of a few articles, made the way users make theirs, in a folder that lasts as long as it does.

use std::fs;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use onrecord::article::{self, Article};
use onrecord::engine::Engine;
use onrecord::index::verify::verify;
use onrecord::ingest::{self, Options};
use tempfile::TempDir;

/// An index and what was read into it.
pub struct Indexed {
    pub engine: Engine,
    /// The articles in the order of their records, but for those that could not be read.
    pub articles: Vec<Article>,
    _folder: TempDir,
}

impl Indexed {
    /// Indexes each of `texts` as a record of one file of JSON lines, and checks the index.
    pub fn new(texts: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the index");
        let (file, dir) = (folder.path().join("articles.jsonl"), folder.path().join("index"));
        let record = |(n, text): (usize, &&str)| serde_json::json!({"id": format!("article-{n}"), "text": text});
        let lines: String = texts.iter().enumerate().map(|line| format!("{}\n", record(line))).collect();
        fs::write(&file, &lines).expect("room for the articles");
        let mut articles = Vec::new();
        let _ = article::read(&file, &article::Options::default(), &mut |outcome| {
            articles.extend(outcome.ok());
            ControlFlow::Continue(())
        });
        let options = Options { threads: 1, memory: 32 << 20, ..Options::default() };
        let summary = ingest::ingest(&dir, &[file], &options, &AtomicBool::new(false), &mut ()).expect("an ingest");
        assert_eq!(summary.articles, articles.len() as u64, "{summary:?}");
        verify(&dir, &mut |finding| panic!("{finding:?}")).expect("an index to verify");
        Indexed { engine: Engine::open(&dir).expect("an index to search"), articles, _folder: folder }
    }
}

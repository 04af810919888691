//! Indexes of a few texts, made the way users make theirs.

// Each test file uses its own part of this.
#![allow(dead_code)]

pub(crate) mod cluster;
pub(crate) mod shared;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use cluster::Remote;
use onrecord::engine::Engine;
use onrecord::engine::cluster::Cluster;
use onrecord::ingest::{self, Options};
use onrecord::search::{Backend as _, Hit, Request};

/// An index in a folder of its own.
pub(crate) struct Indexed {
    pub(crate) engine: Engine,
    /// The same articles in the cluster of `ONRECORD_TEST_ENGINE`, where `ONRECORD_TEST_BOTH` asks for it.
    cluster: Option<Cluster>,
    folder: tempfile::TempDir,
}

/// Indexes articles: an id and a text each, paragraphs parted by blank lines.
pub(crate) fn index<I: AsRef<str>, T: AsRef<str>>(articles: &[(I, T)]) -> Indexed {
    let records = articles.iter().map(|(id, text)| serde_json::json!({"url": url(id.as_ref()), "text": text.as_ref()}));
    index_records(records)
}

/// Indexes articles given as JSON records.
pub(crate) fn index_records(records: impl IntoIterator<Item = serde_json::Value>) -> Indexed {
    index_in_files([records], &Options::default())
}

/// Indexes articles given as JSON records, file by file.
pub(crate) fn index_in_files<R: IntoIterator<Item = serde_json::Value>>(
    files: impl IntoIterator<Item = R>,
    options: &Options,
) -> Indexed {
    let folder = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (number, records) in files.into_iter().enumerate() {
        let lines: Vec<String> = records.into_iter().map(|record| record.to_string()).collect();
        paths.push(folder.path().join(format!("articles{number}.jsonl")));
        std::fs::write(&paths[number], lines.join("\n")).unwrap();
    }
    let (indexed, skipped) = ingested(folder, &paths, options);
    assert_eq!(skipped, 0);
    indexed
}

/// Indexes files as they are; what cannot be read is left out.
pub(crate) fn index_paths(paths: &[PathBuf]) -> Indexed {
    ingested(tempfile::tempdir().unwrap(), paths, &Options::default()).0
}

fn ingested(folder: tempfile::TempDir, paths: &[PathBuf], options: &Options) -> (Indexed, u64) {
    let dir = folder.path().join("index");
    let summary = ingest::ingest(&dir, paths, options, &AtomicBool::new(false), &mut ()).unwrap();
    let cluster = std::env::var_os("ONRECORD_TEST_BOTH").and_then(|_| Remote::new(&dir)).map(|remote| {
        remote.ingest(paths, options);
        remote.open()
    });
    (Indexed { engine: Engine::open(&dir).unwrap(), cluster, folder }, summary.skipped)
}

/// The articles of the first files of Reuters-21578, as JSON records.
pub(crate) fn reuters(folder: &Path, files: usize) -> Vec<serde_json::Value> {
    let part = |text: &str, tag: &str| -> Option<String> {
        let (_, rest) = text.split_once(&format!("<{tag}>"))?;
        let inner = rest.split_once(&format!("</{tag}>"))?.0.replace("&#3;", "");
        Some(inner.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").replace("\n    ", "\n\n"))
    };
    let mut records = Vec::new();
    for number in 0..files {
        let file = std::fs::File::open(folder.join(format!("reut2-{number:03}.sgm.gz"))).unwrap();
        let mut bytes = Vec::new();
        flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
        for article in String::from_utf8_lossy(&bytes).split("<REUTERS").skip(1) {
            let Some(id) = article.split("NEWID=\"").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
            let Some(text) = part(article, "BODY").filter(|text| !text.trim().is_empty()) else { continue };
            records.push(serde_json::json!({"url": url(id), "title": part(article, "TITLE"), "text": text}));
        }
    }
    records
}

impl Indexed {
    /// Where the index is.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    /// Every hit of a query.
    pub(crate) fn all(&self, query: &str) -> Vec<Hit> {
        self.ask(&Request { query: query.to_owned(), ..Request::default() })
    }

    /// Every hit of a request; their number must be the total.
    pub(crate) fn ask(&self, request: &Request) -> Vec<Hit> {
        let mut results = self.engine.all_results(request).unwrap();
        let hits: Vec<Hit> = results.by_ref().map(Result::unwrap).collect();
        assert_eq!(results.response().total, hits.len() as u64, "{request:?}");
        if let Some(cluster) = &self.cluster {
            cluster::compare(&self.engine, cluster, request);
        }
        hits
    }

    /// The ids of the articles a query finds, sorted.
    pub(crate) fn ids(&self, query: &str) -> Vec<String> {
        let mut ids: Vec<String> = self.all(query).iter().map(id).collect();
        ids.sort();
        ids
    }
}

/// The address of the article with this short id.
pub(crate) fn url(id: &str) -> String {
    format!("https://paper.example/{id}")
}

/// The short id of the article of a hit.
pub(crate) fn id(hit: &Hit) -> String {
    hit.article.id.rsplit('/').next().unwrap().to_owned()
}

/// What lights up in a hit.
pub(crate) fn highlights(hit: &Hit) -> Vec<String> {
    let chars: Vec<char> = hit.text.chars().collect();
    hit.highlights.iter().map(|h| chars[h.start as usize..h.end as usize].iter().collect()).collect()
}

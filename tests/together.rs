//! Several at once: readers see one commit or another and nothing in between; a second writer waits or is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use onrecord::index::schema::Level;
use onrecord::index::{Index, Lock};
use onrecord::ingest::{Options, ingest};
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

/// How long readers read beside a writer; `ONRECORD_SECONDS=60` for longer.
fn lasting() -> Duration {
    Duration::from_secs(std::env::var("ONRECORD_SECONDS").ok().and_then(|n| n.parse().ok()).unwrap_or(3))
}

#[test]
fn readers_see_whole_commits_while_a_writer_writes() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, corpus) = (folder.path().join("index"), folder.path().join("corpus"));
    fs::create_dir(&corpus).unwrap();
    write(&corpus, 0);
    run(&dir, &corpus);
    let committed = Mutex::new(BTreeSet::from([state(&dir)]));
    let done = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..8).map(|_| scope.spawn(|| read(&dir, &done))).collect();
        let clock = Instant::now();
        let mut round = 1;
        while clock.elapsed() < lasting() {
            write(&corpus, round);
            run(&dir, &corpus);
            committed.lock().unwrap().insert(state(&dir));
            round += 1;
        }
        done.store(true, Ordering::Relaxed);
        readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect::<BTreeSet<_>>()
    });
    let committed = committed.into_inner().unwrap();
    assert!(seen.is_subset(&committed), "{seen:?} are not all among {committed:?}");
    assert!(seen.len() > 1, "no reader saw the writer write");
}

#[test]
fn a_second_writer_is_told_who_came_first_or_waits() {
    let folder = tempfile::tempdir().unwrap();
    let (dir, corpus) = (folder.path().join("index"), folder.path().join("corpus"));
    fs::create_dir_all(&dir).unwrap();
    fs::create_dir(&corpus).unwrap();
    write(&corpus, 0);
    let first = Lock::acquire(&dir, false).unwrap();
    let refused = onrecord(&dir, &corpus, &[]);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains(&format!("process {}", std::process::id())) && told.contains("--wait"), "{told}");
    let waited = std::thread::scope(|scope| {
        let second = scope.spawn(|| onrecord(&dir, &corpus, &["--wait"]));
        std::thread::sleep(Duration::from_millis(300));
        assert!(!second.is_finished());
        drop(first);
        second.join().unwrap()
    });
    assert!(waited.status.success());
    assert_eq!(state(&dir).1, 20);
}

/// Opens the index again and again; every snapshot holds as many articles as its commit says.
fn read(dir: &Path, done: &AtomicBool) -> BTreeSet<(String, u64)> {
    let mut seen = BTreeSet::new();
    while !done.load(Ordering::Relaxed) {
        let index = Index::open(dir).unwrap();
        let level = tantivy::Term::from_field_u64(index.fields().level, Level::Article.code());
        let query = TermQuery::new(level, IndexRecordOption::Basic);
        let found = index.searcher().search(&query, &Count).unwrap();
        assert_eq!(found as u64, index.state().articles);
        seen.insert((index.state().digest.clone(), index.state().articles));
        std::thread::sleep(Duration::from_millis(5));
    }
    seen
}

fn write(corpus: &Path, round: usize) {
    for n in 0..20 + round % 5 {
        let text = format!("“Pier {n} is shut,” Ada Ray said.\n\nRound {} of talks ended.", round * n % 7);
        fs::write(corpus.join(format!("{n}.txt")), text).unwrap();
    }
}

fn run(dir: &Path, corpus: &Path) {
    ingest(dir, &[corpus.to_owned()], &Options::default(), &AtomicBool::new(false), &mut ()).unwrap();
}

fn state(dir: &Path) -> (String, u64) {
    let index = Index::open(dir).unwrap();
    (index.state().digest.clone(), index.state().articles)
}

fn onrecord(dir: &Path, corpus: &Path, flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["ingest", "--index"])
        .arg(dir)
        .arg(corpus)
        .args(flags)
        .output()
        .unwrap()
}

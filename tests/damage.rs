//! Damage to an index: every flipped bit, truncation, zero fill and deletion in a file of its derived half is found by
//! `verify`, and a repair leaves the index as it was. Nothing panics meanwhile.
//!
//! `ONRECORD_DAMAGES=300 cargo test --test damage` does 300 instead of a few; `ONRECORD_SEED` repeats a run.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use onrecord::engine::Engine;
use onrecord::index::verify::{Finding, Issue, verify};
use onrecord::index::{self, Index, derived};
use onrecord::ingest::{Options, Summary, ingest, repair};
use onrecord::search::{Backend, Request};
use onrecord::user::UserFiles;

#[test]
fn every_damage_is_found_and_repaired() {
    let rounds = std::env::var("ONRECORD_DAMAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
    let seed = std::env::var("ONRECORD_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(7);
    let folder = tempfile::tempdir().unwrap();
    let whole = Case::new(folder.path());
    let expected = whole.digest();
    let mut random = Random(seed);
    let mut met: BTreeMap<String, u32> = BTreeMap::new();
    for round in 0..rounds {
        let case = whole.copy("damaged");
        let files = case.files();
        let file = &files[random.below(files.len())];
        let damage = [Damage::Flip, Damage::Truncate, Damage::Zero, Damage::Delete][random.below(4)];
        damage.apply(file, &mut random);
        *met.entry(format!("{damage:?} {}", kind(file))).or_default() += 1;
        let told = format!("round {round}: {damage:?} in {}", file.display());
        case.is_found_and_repaired(&expected, &told);
    }
    eprintln!("{rounds} damages: {met:?}");
}

#[test]
fn an_ingest_does_not_pass_over_a_damaged_index() {
    let folder = tempfile::tempdir().unwrap();
    let whole = Case::new(folder.path());
    let mut random = Random(3);
    for file in whole.files().iter().filter(|file| !kind(file).starts_with("names")) {
        let case = whole.copy("damaged");
        let file = case.dir.join(file.strip_prefix(&whole.dir).unwrap());
        Damage::Truncate.apply(&file, &mut random);
        let refused = case.ingest();
        assert!(matches!(refused, Err(index::Error::Damaged { .. })), "{}: {refused:?}", file.display());
    }
}

#[test]
fn a_source_that_is_gone_is_reported_and_the_rest_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let case = Case::new(folder.path());
    let before = Index::open(&case.dir).unwrap().state().articles;
    let gone = case.corpus.join("0.txt");
    fs::remove_file(&gone).unwrap();
    let file = case.files().into_iter().find(|file| kind(file) == "store").unwrap();
    Damage::Truncate.apply(&file, &mut Random(1));
    let summary = case.repair(&case.findings());
    assert_eq!((summary.skipped, summary.articles), (1, before - 1));
    let left: Vec<Issue> = case.findings().into_iter().map(|finding| finding.what).collect();
    assert_eq!(left, [], "what is lost is not asked for again");
}

#[test]
fn a_stopped_rebuild_changes_nothing_and_a_later_one_succeeds() {
    let folder = tempfile::tempdir().unwrap();
    let case = Case::new(folder.path());
    let expected = case.digest();
    let options = Options { rebuild: true, threads: 2, ..Options::default() };
    let stopped = ingest(&case.dir, &[], &options, &AtomicBool::new(true), &mut ()).unwrap();
    assert!(stopped.stopped);
    assert_eq!((case.digest(), case.findings()), (expected.clone(), vec![]));
    ingest(&case.dir, &[], &options, &AtomicBool::new(false), &mut ()).unwrap();
    assert_eq!((case.digest(), case.findings()), (expected, vec![]));
    assert!(!case.dir.join("derived.new").exists() && !case.dir.join("derived.old").exists());
}

#[test]
fn a_rebuild_leaves_the_users_files_alone_and_their_damage_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let case = Case::new(folder.path());
    let files = UserFiles::of(&case.dir);
    files.append("saved.jsonl", vec!["ferry".to_owned()]).unwrap();
    let options = Options { rebuild: true, threads: 2, ..Options::default() };
    ingest(&case.dir, &[], &options, &AtomicBool::new(false), &mut ()).unwrap();
    assert_eq!(files.records::<String>("saved.jsonl").unwrap(), ["ferry"]);
    fs::write(files.path("saved.jsonl"), "\"fer").unwrap();
    let findings = case.findings();
    assert!(matches!(&findings[..], [Finding { what: Issue::User(told), .. }] if told.contains("saved.jsonl")));
}

/// An index and its corpus.
struct Case {
    folder: PathBuf,
    dir: PathBuf,
    corpus: PathBuf,
}

impl Case {
    /// Two commits, a replaced article, near-duplicates, several formats.
    fn new(folder: &Path) -> Self {
        let case = Case { folder: folder.to_owned(), dir: folder.join("whole"), corpus: folder.join("corpus") };
        fs::create_dir(&case.corpus).unwrap();
        for n in 0..12 {
            case.write(n, "first");
        }
        let records: String = (0..6)
            .map(|n| serde_json::json!({ "url": format!("https://example.org/{n}"), "text": text(n, "record") }))
            .map(|record| record.to_string() + "\n")
            .collect();
        fs::write(case.corpus.join("records.jsonl"), records).unwrap();
        case.ingest().unwrap();
        case.write(3, "second");
        case.write(12, "first");
        case.ingest().unwrap();
        case
    }

    fn write(&self, n: usize, wording: &str) {
        fs::write(self.corpus.join(format!("{n}.txt")), text(n, wording)).unwrap();
    }

    fn copy(&self, name: &str) -> Case {
        let dir = self.folder.join(name);
        let _ = fs::remove_dir_all(&dir);
        copy(&self.dir, &dir);
        Case { folder: self.folder.clone(), dir, corpus: self.corpus.clone() }
    }

    fn ingest(&self) -> Result<Summary, index::Error> {
        let options = Options { threads: 2, ..Options::default() };
        ingest(&self.dir, std::slice::from_ref(&self.corpus), &options, &AtomicBool::new(false), &mut ())
    }

    fn digest(&self) -> String {
        Index::open(&self.dir).unwrap().state().digest.clone()
    }

    /// The files of the derived half that hold something, sorted.
    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(derived(&self.dir)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.metadata().unwrap().len() > 0);
        files.sort_unstable();
        files
    }

    fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        verify(&self.dir, &mut |finding| findings.push(finding)).unwrap();
        findings
    }

    fn repair(&self, findings: &[Finding]) -> Summary {
        let options = Options { threads: 2, ..Options::default() };
        repair(&self.dir, findings, &options, &AtomicBool::new(false), &mut ()).unwrap()
    }

    #[track_caller]
    fn is_found_and_repaired(&self, expected: &str, told: &str) {
        // Whatever it answers, it does not panic.
        let asked = catch_unwind(AssertUnwindSafe(|| {
            let Ok(engine) = Engine::open(&self.dir) else { return };
            for query in ["harbour", "speaker:ray", "\"pier 3\""] {
                let _ = engine.search(&Request { query: query.to_owned(), limit: 20, ..Request::default() });
            }
        }));
        assert!(asked.is_ok(), "{told}: a query panics");
        let findings = self.findings();
        assert!(!findings.is_empty(), "{told}: not found");
        self.repair(&findings);
        assert_eq!(self.findings(), [], "{told}: after the repair");
        assert_eq!(self.digest(), expected, "{told}");
    }
}

#[derive(Debug, Clone, Copy)]
enum Damage {
    Flip,
    Truncate,
    Zero,
    Delete,
}

impl Damage {
    fn apply(self, file: &Path, random: &mut Random) {
        let mut bytes = fs::read(file).unwrap();
        let at = random.below(bytes.len());
        match self {
            Damage::Flip => bytes[at] ^= 1 << random.below(8),
            Damage::Truncate => bytes.truncate(at),
            Damage::Zero => {
                // A block that was never written, as after a power cut; it must change something.
                let end = bytes.len().min(at + 4096);
                if bytes[at..end].iter().all(|byte| *byte == 0) { bytes[at] = 1 } else { bytes[at..end].fill(0) }
            }
            Damage::Delete => return fs::remove_file(file).unwrap(),
        }
        fs::write(file, bytes).unwrap();
    }
}

/// `store`, `meta.json`, `manifest`.
fn kind(file: &Path) -> String {
    let name = file.file_name().unwrap().to_str().unwrap();
    match name.split_once('.') {
        Some((id, kind)) if id.len() == 32 => kind.rsplit('.').next().unwrap().to_owned(),
        _ => name.split('-').next().unwrap().to_owned(),
    }
}

fn text(n: usize, wording: &str) -> String {
    let name = ["Ada Ray", "Ben Lu", "Carla Moss"][n % 3];
    format!(
        "The harbour of Port {} stays shut, the {wording} report says.\n\n\
         “Nobody asked us about pier {n},” {name} said on Monday.\n\n\
         According to {name}, the {wording} survey of the quay took {} days and found nothing.",
        n / 2,
        n % 4 + 2
    )
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for path in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let place = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs::copy(&path, place).unwrap();
        }
    }
}

/// Xorshift (Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

//! An ingest killed at any moment leaves a whole index, and one more ingest gives exactly the index of an
//! undisturbed run: nothing lost, nothing twice. So does one that is asked to stop.
//!
//! Kills the binary with SIGKILL at random moments of a first ingest, of an update, of a rebuild and of a prune.
//! `ONRECORD_CRASHES=200 cargo test --test crash` kills it that often in each; `ONRECORD_BINARY` names another build of
//! it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use onrecord::index::verify::{Issue, verify};
use onrecord::index::versions::Versions;
use onrecord::index::{self, Index, State};

/// Articles of the first ingest: enough that it takes some tenths of a second and a dozen commits.
const ARTICLES: usize = 240;

#[test]
fn killed_in_a_first_ingest() {
    survives(&Stage { before: None, after: &[Step::First], flags: &[] });
}

#[test]
fn killed_in_an_update() {
    survives(&Stage { before: Some(Step::First), after: &[Step::Second], flags: &["--keep-versions"] });
}

#[test]
fn killed_in_a_rebuild() {
    survives(&Stage { before: Some(Step::First), after: &[Step::Second], flags: &["--rebuild", "--keep-versions"] });
}

#[test]
fn killed_in_a_prune() {
    survives(&Stage { before: Some(Step::First), after: &[Step::Second, Step::Thinned], flags: &["--prune"] });
}

#[test]
#[cfg(unix)]
fn asked_to_stop_it_commits_what_is_whole_and_says_how_to_go_on() {
    for signal in ["INT", "TERM"] {
        let (dir, told, code) = signalled(&[signal]);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("the same command goes on from here"), "{told}");
        let made_up = dir.made_up();
        assert!(made_up.articles > 0);
    }
}

#[test]
#[cfg(unix)]
fn a_second_signal_stops_at_once() {
    let (dir, told, code) = signalled(&["INT", "INT"]);
    // It may have been through with the first one when the second came.
    assert!(matches!(code, Some(130 | 0)), "{code:?} {told}");
    dir.made_up();
}

/// An index whose ingest was stopped, its corpus, and what an undisturbed ingest gives.
struct Stopped {
    folder: tempfile::TempDir,
    expected: State,
}

impl Stopped {
    /// What stands there before and after one more ingest: whole, then as undisturbed.
    #[track_caller]
    fn made_up(&self) -> State {
        let (dir, corpus) = (self.folder.path().join("stopped"), self.folder.path().join("corpus"));
        is_whole(&dir, 0, Duration::ZERO);
        let before = Index::open(&dir).unwrap().state().clone();
        assert!(ingest(&dir, &corpus, &[]).wait().unwrap().success());
        let after = Index::open(&dir).unwrap().state().clone();
        assert_eq!((&after.digest, after.articles), (&self.expected.digest, self.expected.articles));
        assert_eq!(issues(&dir), []);
        before
    }
}

/// Sends an ingest signals once it has committed something. Gives what it said and its exit code.
#[cfg(unix)]
fn signalled(signals: &[&str]) -> (Stopped, String, Option<i32>) {
    let folder = tempfile::tempdir().unwrap();
    let (dir, corpus) = (folder.path().join("stopped"), folder.path().join("corpus"));
    fs::create_dir(&corpus).unwrap();
    // Long enough that there is something left to stop.
    for copy in 0..12 {
        let below = corpus.join(copy.to_string());
        fs::create_dir(&below).unwrap();
        write(&below, Step::First);
    }
    let undisturbed = folder.path().join("undisturbed");
    assert!(ingest(&undisturbed, &corpus, &[]).wait().unwrap().success());
    let expected = Index::open(&undisturbed).unwrap().state().clone();
    let mut command = command(&dir, &corpus);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while Index::open(&dir).map_or(0, |index| index.state().articles) == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    for signal in signals {
        let sent = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status().unwrap();
        assert!(sent.success(), "it was through before it could be stopped");
    }
    let output = child.wait_with_output().unwrap();
    (Stopped { folder, expected }, String::from_utf8_lossy(&output.stderr).into_owned(), output.status.code())
}

/// What is done to the corpus before the ingest that is killed.
struct Stage {
    /// The corpus that is already in the index.
    before: Option<Step>,
    /// What happens to it since.
    after: &'static [Step],
    flags: &'static [&'static str],
}

/// A state of the corpus.
#[derive(Clone, Copy)]
enum Step {
    /// Every article in its first wording.
    First,
    /// A third of them reworded, some moved into one file of records, a few new ones.
    Second,
    /// A quarter of the files gone.
    Thinned,
}

fn survives(stage: &Stage) {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    fs::create_dir(&corpus).unwrap();
    let start = folder.path().join("start");
    if let Some(step) = stage.before {
        write(&corpus, step);
        ingest(&start, &corpus, &[]).wait().unwrap();
    }
    for step in stage.after {
        write(&corpus, *step);
    }
    let undisturbed = folder.path().join("undisturbed");
    copy(&start, &undisturbed);
    let clock = Instant::now();
    assert!(ingest(&undisturbed, &corpus, stage.flags).wait().unwrap().success());
    let takes = clock.elapsed();
    let expected = Index::open(&undisturbed).unwrap().state().clone();
    let expected_texts = earlier_texts(&undisturbed);
    assert_eq!(expected_texts.is_empty(), !stage.flags.contains(&"--keep-versions"));
    let crashes = std::env::var("ONRECORD_CRASHES").ok().and_then(|n| n.parse().ok()).unwrap_or(7);
    let mut random = Random(std::process::id().into());
    for crash in 0..crashes {
        let dir = folder.path().join("killed");
        copy(&start, &dir);
        let after = takes.mul_f64(random.fraction());
        let mut child = ingest(&dir, &corpus, stage.flags);
        std::thread::sleep(after);
        child.kill().unwrap();
        child.wait().unwrap();
        is_whole(&dir, crash, after);
        let made_up = ingest(&dir, &corpus, stage.flags).wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&made_up.stderr);
        assert!(made_up.status.success(), "crash {crash} after {after:?}: {told}");
        let state = Index::open(&dir).unwrap().state().clone();
        let told = format!("crash {crash} after {after:?} of {takes:?}");
        assert_eq!((state.digest, state.articles), (expected.digest.clone(), expected.articles), "{told}");
        assert_eq!(issues(&dir), [], "{told}");
        assert_eq!(earlier_texts(&dir), expected_texts, "{told}");
    }
}

/// The earlier texts that are kept, by article.
fn earlier_texts(dir: &Path) -> Vec<(String, String)> {
    let versions = Versions::of(dir);
    let articles = versions.articles().unwrap();
    let texts = articles.iter().flat_map(|id| versions.of_article(id).unwrap());
    texts.map(|version| (version.article, version.text)).collect()
}

/// The index opens and holds what its last commit says; only sources may have changed.
#[track_caller]
fn is_whole(dir: &Path, crash: u32, after: Duration) {
    match Index::open(dir) {
        Err(index::Error::Missing(_)) => return,
        opened => {
            opened.unwrap();
        }
    }
    let broken: Vec<Issue> =
        issues(dir).into_iter().filter(|issue| matches!(issue, Issue::File(_) | Issue::Article(_))).collect();
    assert_eq!(broken, [], "crash {crash} after {after:?}");
}

fn issues(dir: &Path) -> Vec<Issue> {
    let mut issues = Vec::new();
    verify(dir, &mut |finding| issues.push(finding.what)).unwrap();
    issues
}

fn ingest(index: &Path, corpus: &Path, flags: &[&str]) -> Child {
    command(index, corpus).arg("--quiet").args(flags).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn command(index: &Path, corpus: &Path) -> Command {
    let binary = std::env::var_os("ONRECORD_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_onrecord").into());
    let mut command = Command::new(binary);
    command.args(["ingest", "--commit-every", "0.02", "--index"]).arg(index).arg(corpus);
    command
}

/// Brings the corpus into a state. All files get an old date, so that their metadata can be relied on.
fn write(corpus: &Path, step: Step) {
    match step {
        Step::First => {
            for n in 0..ARTICLES {
                file(&corpus.join(format!("{n:04}.txt")), &article(n, "first"));
            }
        }
        Step::Second => {
            for n in (0..ARTICLES).step_by(3) {
                file(&corpus.join(format!("{n:04}.txt")), &article(n, "second"));
            }
            let records: String = (0..40)
                .map(|n| {
                    let (url, text) = (format!("https://example.org/{}", n % 35), article(n, "record"));
                    format!("{}\n", serde_json::json!({ "url": url, "text": text }))
                })
                .collect();
            file(&corpus.join("records.jsonl"), &records);
        }
        Step::Thinned => {
            for n in (1..ARTICLES).step_by(4) {
                fs::remove_file(corpus.join(format!("{n:04}.txt"))).unwrap();
            }
        }
    }
}

fn article(n: usize, wording: &str) -> String {
    let name = ["Ada Ray", "Ben Lu", "Carla Moss", "Dan Ferro"][n % 4];
    format!(
        "The harbour of Port {n} stays shut, the {wording} report says.\n\n\
         “Nobody asked us about pier {n},” {name} said on Monday.\n\n\
         According to {name}, the {wording} survey of the quay took {} days and found nothing.",
        n % 30 + 2
    )
}

fn file(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    let file = fs::File::options().append(true).open(path).unwrap();
    file.set_modified(std::time::SystemTime::now() - Duration::from_mins(1)).unwrap();
}

fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    fs::create_dir(to).unwrap();
    for path in fs::read_dir(from).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        let place = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &place);
        } else {
            fs::copy(&path, place).unwrap();
        }
    }
}

/// Xorshift (Marsaglia 2003): moments need no better chance than this.
struct Random(u64);

impl Random {
    fn fraction(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % 10_000) as f64 / 10_000.0
    }
}

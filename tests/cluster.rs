//! An index in a cluster answers as one on this machine does. Runs where `ONRECORD_TEST_ENGINE` names a cluster:
//!
//!     tests/cluster/opensearch cargo test --test cluster
//!
//! With `ONRECORD_TEST_BOTH=1`, the tests that use `support::Indexed` put each question to both engines, too.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use onrecord::article::Depth;
use onrecord::engine::cluster::{ClusterError, Mirror, Writer};
use onrecord::engine::{Engine, OpenIndex as _};
use onrecord::index::Paths;
use onrecord::index::removal::put_on_list;
use onrecord::ingest::{self, Options};
use onrecord::search::{Annotated, Backend as _, By, Duplicates, Request, Sort};
use onrecord::user::UserFiles;
use support::cluster::{Remote, compare};

/// How many texts an index of the generator has, and how many queries.
const TEXTS: usize = 40;
const QUERIES: usize = 40;

/// An index on this machine and one in a cluster, over the same files.
struct Both {
    folder: tempfile::TempDir,
    remote: Remote,
}

impl Both {
    /// New ones; none where there is no cluster.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("news")).unwrap();
        let Some(remote) = Remote::new(&folder.path().join("index")) else {
            eprintln!("skipped: ONRECORD_TEST_ENGINE names no cluster; run it by tests/cluster/opensearch");
            return None;
        };
        Some(Both { folder, remote })
    }

    fn dir(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    fn news(&self) -> PathBuf {
        self.folder.path().join("news")
    }

    fn write(&self, name: &str, record: &serde_json::Value) {
        std::fs::write(self.news().join(name), record.to_string()).unwrap();
    }

    /// Brings both up to date, and compares what they say of it.
    fn ingest(&self, options: &Options) {
        let here = ingest::ingest(&self.dir(), &[self.news()], options, &AtomicBool::new(false), &mut ()).unwrap();
        let there = self.remote.ingest(&[self.news()], options);
        assert_eq!(ingest::Summary { took: there.took, ..here }, there);
        let (engine, cluster) = (Engine::open(&self.dir()).unwrap(), self.remote.open());
        assert_eq!(engine.info(), cluster.info());
        let (here, there) = (engine.index().stats().unwrap(), cluster.stats().unwrap());
        assert_eq!(onrecord::index::IndexStats { bytes: there.bytes, ..here }, there);
    }

    fn compare(&self, requests: &[Request]) {
        let (engine, cluster) = (Engine::open(&self.dir()).unwrap(), self.remote.open());
        for request in requests {
            compare(&engine, &cluster, request);
        }
    }

    /// The same as somebody sees it who may read one collection only.
    fn compare_within(&self, collection: &str, requests: &[Request]) {
        let within = [collection.to_owned()];
        let [engine, cluster] =
            [Engine::open(&self.dir()).unwrap().within(&within).unwrap(), self.remote.open().within(&within).unwrap()];
        let (here, there) = (engine.info(), cluster.info());
        assert_eq!(here.articles, there.articles);
        let (here, there) = (engine.stats().unwrap(), cluster.stats().unwrap());
        assert_eq!(onrecord::index::IndexStats { bytes: there.bytes, ..here }, there);
        assert_eq!(engine.directory().unwrap().groups(), cluster.directory().unwrap().groups());
        for request in requests {
            compare(engine.as_ref(), cluster.as_ref(), request);
        }
    }
}

fn asked(query: &str) -> Request {
    let facets = ["speaker", "person", "outlet", "month", "kind"].map(str::to_owned).to_vec();
    Request { query: query.to_owned(), facets, classes: true, ..Request::default() }
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

#[test]
fn the_sample_corpus_gives_the_same_answers() {
    let Some(both) = Both::new() else { return };
    std::fs::remove_dir(both.news()).unwrap();
    let copied = std::process::Command::new("cp").arg("-r").arg(sample()).arg(both.news()).status().unwrap();
    assert!(copied.success());
    both.ingest(&Options::default());
    let queries = [
        "*",
        "speaker:*",
        "speaker:rubio",
        "\"30-day ceasefire\"",
        "ceasefire NOT russia",
        "said:talks OR title:talks",
        "talk*",
        "ceasfire~1",
        "person:putin about:ukraine",
        "kind:direct confidence:>=0.5",
        "date:2025-05",
        "speaker:rubio said:breakthrough",
        "peace NEAR/5 talks",
        "ATLEAST2(ceasefire)",
        "xyzzy",
        "outlet:* language:en",
        "every quote from Rubio about Putin",
    ];
    let mut requests = Vec::new();
    for query in queries {
        for by in [None, Some(By::Passage), Some(By::Quote), Some(By::Article)] {
            requests.push(Request { by, ..asked(query) });
        }
        requests.push(Request { explain: true, sort: Sort::Newest, ..asked(query) });
    }
    both.compare(&requests);
    let (engine, cluster) = (Engine::open(&both.dir()).unwrap(), both.remote.open());
    let first = engine.search(&Request { limit: 1, ..asked("ceasefire") }).unwrap().hits.remove(0);
    for name in [first.article.id.as_str(), first.article.path.as_str(), "no such article"] {
        let [here, there] =
            [engine.article(name), cluster.article(name)].map(|article| article.map_err(|e| e.to_string()));
        assert_eq!(here.is_ok(), there.is_ok(), "{name}");
        let plain = |mut article: Annotated| {
            // The two ingests read a file one after the other.
            if let Some(custody) = &mut article.article.custody {
                custody.read_at.clear();
            }
            article
        };
        assert_eq!(here.ok().map(plain), there.ok().map(plain));
    }
    let request = asked("ceasefire xyzzy");
    let id = &first.article.id;
    assert_eq!(engine.why_not(&request, id).unwrap(), cluster.why_not(&request, id).unwrap());
}

#[test]
fn what_changes_is_replaced_dropped_and_removed() {
    let Some(both) = Both::new() else { return };
    let article =
        |id: usize, text: &str| serde_json::json!({ "url": format!("https://paper.example/{id}"), "text": text });
    for id in 0..20 {
        both.write(
            &format!("{id}.json"),
            &article(id, "Ada Ray said: \"No deal was made today.\"\n\nThe talks went on."),
        );
    }
    both.ingest(&Options::default());
    both.ingest(&Options::default());
    both.write("3.json", &article(3, "Ben Oak said the talks had failed."));
    both.write("20.json", &article(20, "\"We shall see,\" said Cora Lind."));
    std::fs::remove_file(both.news().join("7.json")).unwrap();
    let prune = Options { prune: true, ..Options::default() };
    both.ingest(&prune);
    let requests = ["*", "speaker:*", "deal", "talks", "speaker:oak", "speaker:lind"].map(asked);
    both.compare(&requests);

    let mirror = Mirror::open(&both.remote.client).unwrap();
    put_on_list(&mirror.user_files(), &["https://paper.example/5".to_owned()], false).unwrap();
    let withheld = both.remote.ingest(&[both.news()], &prune);
    assert_eq!(withheld.articles, 19);
    let cluster = both.remote.open();
    assert_eq!(cluster.search(&Request { by: Some(By::Article), ..asked("deal") }).unwrap().total, 17);
}

#[test]
fn reworded_copies_are_found() {
    let Some(both) = Both::new() else { return };
    let article = |copy: usize| {
        let sentence = |n: usize| {
            let word = if n % 10 == copy { "soon" } else { "today" };
            format!(
                "The council of town {n} met {word}, and \"we shall build {n} houses {word},\" said Ada Ray of ward {n}."
            )
        };
        let text: Vec<String> = (0..30).map(sentence).collect();
        let (url, outlet) = (format!("https://paper{copy}.example/a"), format!("Paper {copy}"));
        serde_json::json!({ "url": url, "outlet": outlet, "text": text.join("\n\n") })
    };
    let by = |by, duplicates| Request { by: Some(by), duplicates, ..asked("houses") };
    let requests = [By::Passage, By::Quote, By::Article]
        .map(|unit| [by(unit, Duplicates::Show), by(unit, Duplicates::Collapse)])
        .concat();
    // The third copy is linked by a run of its own, and goes again.
    for copies in [2, 3, 2] {
        for copy in 0..3 {
            let name = format!("{copy}.json");
            if copy < copies {
                both.write(&name, &article(copy));
            } else {
                std::fs::remove_file(both.news().join(name)).unwrap_or_default();
            }
        }
        both.ingest(&Options { prune: true, ..Options::default() });
        both.compare(&requests);
        let found = both.remote.open().search(&Request { limit: 1, ..by(By::Article, Duplicates::Collapse) }).unwrap();
        assert_eq!((found.total, found.hits[0].duplicates), (1, copies as u32 - 1));
    }
}

#[test]
fn one_collection_is_seen_as_if_there_were_no_others() {
    let Some(both) = Both::new() else { return };
    let random = &mut Random(7);
    for collection in ["open", "secret"] {
        std::fs::create_dir(both.news().join(collection)).unwrap();
        for number in 0..20 {
            let url = format!("https://{collection}.example/{number}");
            let article = serde_json::json!({ "url": url, "date": "2031-05-11", "text": text(random) });
            both.write(&format!("{collection}/{number}.json"), &article);
        }
    }
    let mut options = Options::default();
    options.reading.given.from_path("{collection}/*.json").unwrap();
    both.ingest(&options);
    let mut requests = vec![asked("*"), asked("speaker:*"), asked("collection:secret")];
    requests.extend((0..QUERIES).map(|_| asked(&query(random, 2))));
    both.compare_within("open", &requests);
}

#[test]
fn articles_are_read_more_carefully_in_either() {
    let Some(both) = Both::new() else { return };
    both.write("a.json", &serde_json::json!({ "url": "https://paper.example/a", "text": "“No,” said Ada Ray." }));
    both.write(
        "b.json",
        &serde_json::json!({ "url": "https://paper.example/b", "text": "Ben Oak said the tide was late." }),
    );
    let mut options = Options { deepen: false, ..Options::default() };
    options.reading.depth = Some(Depth::Careful);
    both.ingest(&options);
    let shallow = |most| {
        let (engine, names) = (Engine::open(&both.dir()).unwrap(), Paths::new(&both.dir()));
        let here = engine.index().manifest().unwrap();
        let here = ingest::shallow(&here, &UserFiles::of(&both.dir()), &names, most).unwrap();
        let there = both.remote.open().manifest().unwrap();
        let there =
            ingest::shallow(&there, &Mirror::open(&both.remote.client).unwrap().user_files(), &names, most).unwrap();
        assert_eq!(here, there);
        here.len()
    };
    // Whoever is served meanwhile finds them at once.
    both.compare(&[asked("*"), asked("speaker:ray")]);
    assert_eq!((shallow(9), shallow(1)), (2, 1));
    both.ingest(&Options::default());
    assert_eq!(shallow(9), 0);
    both.compare(&[asked("*"), asked("speaker:ray"), asked("speaker:oak")]);
}

#[test]
fn two_writers_exclude_each_other_and_one_that_dies_loses_what_was_not_committed() {
    let Some(both) = Both::new() else { return };
    both.write("a.json", &serde_json::json!({ "url": "https://paper.example/a", "text": "Ada Ray said no." }));
    both.ingest(&Options::default());
    let mirror = Mirror::open(&both.remote.client).unwrap();
    let writer = Writer::open(&both.remote.client, &mirror, false).unwrap();
    let refused = Writer::open(&both.remote.client, &mirror, false).err().unwrap();
    assert!(matches!(refused, ClusterError::Locked { .. }), "{refused}");
    drop(writer);
    both.write("b.json", &serde_json::json!({ "url": "https://paper.example/b", "text": "Ben Oak said yes." }));
    both.ingest(&Options::default());
    both.compare(&[asked("*"), asked("speaker:oak")]);
}

#[test]
fn what_people_make_is_shared_by_commands_and_the_page() {
    let Some(both) = Both::new() else { return };
    let article = |id: &str, text: &str| serde_json::json!({ "url": format!("https://paper.example/{id}"), "outlet": format!("Paper {id}"), "text": text });
    both.write("a.json", &article("a", "Ada Ray said: \"No deal was made today.\"\n\nBen Oak met Cora Lind."));
    both.write("b.json", &article("b", "The talks went on. \"We shall see,\" said Cora Lind."));
    let engine = both.remote.client.shown();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        let ended = command.args(arguments).env("ONRECORD_ENGINE", &engine).current_dir(both.folder.path()).output();
        let ended = ended.unwrap();
        assert!(ended.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ended.stderr));
        String::from_utf8(ended.stdout).unwrap()
    };
    run(&["ingest", "news"]);
    run(&["tag", "https://paper.example/a", "budget"]);
    run(&["note", "https://paper.example/b", "ask her"]);
    run(&["correct", "We shall see", "--speaker", "Dan Ray"]);
    let id = run(&["saved", "add", "deal"]).trim().to_owned();
    assert!(run(&["saved", "list"]).contains("deal"));
    assert!(run(&["query", "tag:budget"]).contains("No deal"));
    assert!(run(&["query", "speaker:\"Dan Ray\""]).contains("We shall see"));
    assert!(run(&["compare", "--a", "outlet:\"Paper a\"", "--b", "outlet:\"Paper b\""]).contains("Paper b"));
    assert!(run(&["sample", "speaker:*"]).contains("No deal"));
    // An ingest leaves all of it as it is, and keeps what an outlet changes.
    run(&["ingest", "--keep-versions=yes", "news"]);
    both.write("b.json", &article("b", "The talks went on for hours. \"We shall see,\" said Cora Lind."));
    run(&["ingest", "news"]);
    assert!(run(&["versions", "https://paper.example/b"]).contains("for hours.+}"));
    assert!(run(&["correct"]).contains("Dan Ray"));

    let mut server = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    server.args(["serve", "--address", "127.0.0.1:0"]).env("ONRECORD_ENGINE", &engine).stderr(Stdio::piped());
    let mut server = Stopped(server.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stderr.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().trim_start_matches("listening on ").to_owned();
    let get = |path: &str| ureq::get(format!("{address}{path}")).call().unwrap().body_mut().read_to_string().unwrap();
    assert!(get("/").contains("2 articles"), "{}", get("/"));
    assert!(get("/?q=tag:budget").contains("No deal was made"));
    let found: serde_json::Value = serde_json::from_str(&get("/api/v1/search?q=talks&by=passage")).unwrap();
    assert_eq!(found["total"], 1);
    let page = get(&format!("/article/{}", onrecord::index::Key::of("https://paper.example/b").hex()));
    assert!(page.contains("ask her") && page.contains("Dan Ray") && page.contains("for hours"), "{page}");
    assert!(get("/status").contains("Articles") && get("/saved").contains(&id));
    let saved: serde_json::Value = serde_json::from_str(&get(&format!("/api/v1/saved/{id}"))).unwrap();
    assert_eq!(saved["total"], 1);
    ureq::post(format!("{address}/saved")).send_form([("q", "talks"), ("note", "from the page")]).unwrap();
    assert!(run(&["saved", "list"]).contains("from the page"));
    // A new commit, and what a command makes, are taken up.
    both.write("c.json", &article("c", "Another deal failed."));
    run(&["ingest", "news"]);
    run(&["tag", "https://paper.example/c", "later"]);
    let clock = Instant::now();
    while !get("/?q=tag:later").contains("deal") || !get(&format!("/api/v1/saved/{id}")).contains("\"total\":2") {
        assert!(clock.elapsed() < Duration::from_secs(30), "the new commit is not taken up");
        std::thread::sleep(Duration::from_millis(300));
    }
}

/// A process, ended when it is dropped.
struct Stopped(Child);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

const WORDS: &[&str] = &[
    "deal",
    "deals",
    "talks",
    "talk",
    "ceasefire",
    "cease-fire",
    "truce",
    "30-day",
    "thirty days",
    "plan",
    "planned",
    "went",
    "go",
    "city",
    "cities",
    "the",
    "of",
    "no",
    "vote",
    "votes",
    "strike",
    "bank",
    "rate",
    "rates",
    "U.S.",
    "Café",
];
const NAMES: &[&str] =
    &["Ada Ray", "Ben Oak", "Cora Lind", "Ray", "Dan Ray", "Oak", "Mayor Lind", "Acme Corp", "Paris"];

fn text(random: &mut Random) -> String {
    let mut paragraphs = Vec::new();
    for _ in 0..=random.below(4) {
        let mut sentences = Vec::new();
        for _ in 0..=random.below(3) {
            let words: Vec<&str> = (0..3 + random.below(8)).map(|_| random.of(WORDS)).collect();
            let (words, name) = (words.join(" "), random.of(NAMES));
            sentences.push(match random.below(4) {
                0 => format!("“The {words},” said {name}."),
                1 => format!("{name} said that {words}."),
                2 => format!("The {words} in {name}."),
                _ => format!("A {words}."),
            });
        }
        paragraphs.push(sentences.join(" "));
    }
    paragraphs.join("\n\n")
}

fn query(random: &mut Random, depth: usize) -> String {
    let word = random.of(WORDS);
    match random.below(if depth == 0 { 9 } else { 13 }) {
        0 | 1 => word.to_owned(),
        2 => format!("\"{word} {}\"", random.of(WORDS)),
        3 => format!("{word} NEAR/{} {}", 1 + random.below(6), random.of(WORDS)),
        4 => format!("speaker:\"{}\"", random.of(NAMES)),
        5 => format!("said:{word}"),
        6 => format!("person:\"{}\"", random.of(NAMES)),
        7 => format!("{}*", word.chars().take(3).collect::<String>()),
        8 => format!("='{word}'"),
        9 => format!("({} OR {})", query(random, depth - 1), query(random, depth - 1)),
        10 => format!("({} NOT {})", query(random, depth - 1), query(random, depth - 1)),
        11 => format!("({} {})", query(random, depth - 1), query(random, depth - 1)),
        _ => format!("about:\"{}\" {}", random.of(NAMES), query(random, depth - 1)),
    }
}

/// `ONRECORD_TEST_ROUNDS` says how many indexes of 40 texts get 40 queries each; 50 make 2,000.
#[test]
fn random_texts_and_queries_show_no_difference() {
    let rounds = std::env::var("ONRECORD_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3);
    for round in 0..rounds {
        let Some(both) = Both::new() else { return };
        let random = &mut Random(round);
        for number in 0..TEXTS {
            let day = format!("2031-0{}-11", 1 + random.below(9));
            let outlet = random.of(&["Courier", "Gazette", "Post"]);
            let (title, text) = (random.of(WORDS), text(random));
            let url = format!("https://paper.example/{number}");
            both.write(
                &format!("{number}.json"),
                &serde_json::json!({ "url": url, "title": title, "text": text, "date": day, "outlet": outlet }),
            );
        }
        both.ingest(&Options::default());
        let mut requests = Vec::new();
        for _ in 0..QUERIES {
            let by = [None, Some(By::Quote), Some(By::Passage), Some(By::Article)][random.below(4)];
            let sort = [Sort::Rank, Sort::Newest, Sort::Oldest][random.below(3)];
            let duplicates = [Duplicates::Show, Duplicates::Show, Duplicates::Collapse][random.below(3)];
            let explain = random.below(6) == 0;
            requests.push(Request { by, sort, duplicates, explain, ..asked(&query(random, 2)) });
        }
        both.compare(&requests);
    }
}

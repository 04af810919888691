//! What is broken gets one clear line and harms nothing else.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::workbench::Workbench;

const ARTICLE: &str = "Lena Ode spoke on Monday.\n\n“The wall will hold,” Lena Ode said.\n";

/// Ingests a folder that holds a good article and a bad input: the good one must get in, the bad one be told.
#[track_caller]
fn check(bench: &Workbench, told: &[&str], articles: u64) {
    bench.file("news/good.txt", ARTICLE);
    let ended = bench.run(&["ingest", "news"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    let lines: Vec<&str> = ended.stderr.lines().filter(|line| line.starts_with("skipped ")).collect();
    assert!(lines.iter().any(|line| told.iter().all(|words| line.contains(words))), "{told:?} in {ended:?}");
    let status = bench.run(&["status", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    assert_eq!(status["articles"], articles, "{status}");
}

fn gzipped(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn a_binary_file_is_left_out() {
    let bench = Workbench::new();
    bench.file("news/scan.bin", [0, 159, 146, 150, 0, 1, 2, 3, 255, 254, 0, 0]);
    check(&bench, &["news/scan.bin", "binary", "convert it"], 1);
}

#[test]
fn of_a_broken_gzip_the_beginning_is_read() {
    let bench = Workbench::new();
    let whole = gzipped(&ARTICLE.repeat(200));
    bench.file("news/cut.txt.gz", &whole[..whole.len() / 2]);
    check(&bench, &["news/cut.txt.gz", "broken gzip stream (it ends too early); the part before it was read"], 2);
}

#[test]
fn a_broken_line_of_json_is_left_out_alone() {
    let bench = Workbench::new();
    let record =
        |n: u32| format!("{{\"id\": \"a{n}\", \"title\": \"Wall {n}\", \"text\": \"Lena Ode spoke {n} times.\"}}");
    let lines = [record(1), record(2), "{\"title\": \"Wall".to_owned(), record(4), record(5)];
    bench.file("news/wire.jsonl", lines.join("\n"));
    check(&bench, &["news/wire.jsonl!3", "not valid json"], 5);
}

#[test]
fn a_row_without_its_column_is_left_out_alone() {
    let bench = Workbench::new();
    bench.file(
        "news/rows.csv",
        "title,date,text\nOne,2031-04-02,Lena Ode spoke.\nTwo,2031-04-03\nThree,2031-04-04,She left.\n",
    );
    check(&bench, &["news/rows.csv!3"], 3);
}

#[cfg(unix)]
#[test]
fn a_file_nobody_may_read_is_left_out() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Workbench::new();
    let secret = bench.file("news/secret.txt", ARTICLE);
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read(&secret).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    check(&bench, &["news/secret.txt", "permission"], 1);
}

#[test]
fn a_path_that_is_not_there_is_told() {
    let bench = Workbench::new();
    bench.file("good.txt", ARTICLE);
    let ended = bench.run(&["ingest", "good.txt", "gone.txt"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    assert!(ended.stderr.contains("skipped gone.txt: no such file or folder; check the path"), "{ended:?}");
}

#[test]
fn nothing_to_ingest_is_an_error() {
    let bench = Workbench::new();
    std::fs::create_dir(bench.path("empty")).unwrap();
    let ended = bench.run(&["ingest", "empty"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    assert_eq!(
        ended.stderr,
        "error: there is nothing to ingest in `empty`; give files or folders that hold articles\n"
    );
}

/// Every command that reads an index says the same of one that it cannot read.
#[track_caller]
fn check_index(bench: &Workbench, told: &[&str]) {
    for args in [["status", "-q"].as_slice(), &["show", "good"]] {
        let ended = bench.run(args);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert!(told.iter().all(|words| ended.stderr.contains(words)), "{told:?} in {ended:?}");
    }
}

#[test]
fn a_missing_index_says_how_to_make_one() {
    check_index(&Workbench::new(), &["no index in `index`", "ingest PATH"]);
}

#[test]
fn an_index_of_another_version_says_how_to_rebuild_it() {
    let bench = Workbench::new();
    let good = bench.file("good.txt", ARTICLE);
    assert_eq!(bench.run(&["ingest", good.to_str().unwrap()]).code, 0);
    // The first format had its files in the folder itself, and no checksum of this one.
    let meta = bench.path("index/derived/meta.json");
    let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&meta).unwrap()).unwrap();
    let mut payload: serde_json::Value = serde_json::from_str(json["payload"].as_str().unwrap()).unwrap();
    payload["onrecord"] = 0.into();
    json["payload"] = payload.to_string().into();
    std::fs::remove_dir_all(bench.path("index/derived")).unwrap();
    std::fs::write(bench.path("index/meta.json"), json.to_string()).unwrap();
    check_index(&bench, &["has format 0", "make it again from its sources", "ingest --rebuild"]);
}

#[test]
fn a_damaged_index_says_how_to_mend_it() {
    let bench = Workbench::new();
    let good = bench.file("good.txt", ARTICLE);
    assert_eq!(bench.run(&["ingest", good.to_str().unwrap()]).code, 0);
    std::fs::write(bench.path("index/derived/meta.json"), "{\"segments\": [").unwrap();
    check_index(&bench, &["is damaged", "meta.json", "repair it with"]);
}

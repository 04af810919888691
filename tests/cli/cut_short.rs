//! Files that break off, as copies and downloads do, take nothing away that was read from them while they were whole.

use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::workbench::{Ended, Workbench};

const ARTICLE: &str =
    "Lena Ode spoke in Sarn on Monday.\n\n“The wall will hold,” Lena Ode said. Nobody asked “the pilots’ guild”.\n";

fn gzipped(text: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

/// The digest of the index: what it holds.
fn digest(bench: &Workbench) -> String {
    let status = bench.run(&["status", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    status["digest"].as_str().unwrap().to_owned()
}

/// Ingests a file, then the beginnings of it, then the whole again: each beginning is told and takes nothing away.
#[track_caller]
fn check(name: &str, whole: &[u8], cuts: impl IntoIterator<Item = usize>) {
    let bench = Workbench::new();
    let name = &format!("news/{name}");
    bench.file(name, whole);
    let first = bench.run(&["ingest", "news"]);
    let (held, mut ended) = (digest(&bench), first.code);
    for cut in cuts {
        bench.file(name, &whole[..cut]);
        let Ended { code, stderr, .. } = bench.run(&["ingest", "news", "--prune"]);
        assert_eq!((code, digest(&bench)), (3, held.clone()), "{name} cut to {cut} of {}: {stderr}", whole.len());
        ended = code;
    }
    assert_eq!(ended, 3);
    // Told again as long as it stays as it is.
    assert_eq!(bench.run(&["ingest", "news"]).code, 3);
    bench.file(name, whole);
    assert_eq!((bench.run(&["ingest", "news"]).code, digest(&bench)), (first.code, held), "{name}");
}

/// Cuts that do not fall on the end of a line, which could be meant so.
fn within_lines(whole: &[u8], of: usize) -> Vec<usize> {
    let cuts = (1..of).map(|part| whole.len() * part / of);
    cuts.filter(|&cut| whole[cut - 1] != b'\n' && whole[cut] != b'\n').collect()
}

#[test]
fn a_text_that_breaks_off_is_kept_as_it_was() {
    for name in ["a.txt", "a.md", "a.eml"] {
        let text = if name == "a.eml" { format!("Subject: Wall\n\n{ARTICLE}") } else { ARTICLE.to_owned() };
        let body = text.len() - ARTICLE.len();
        let cuts = within_lines(ARTICLE.as_bytes(), 10);
        check(name, text.as_bytes(), cuts.into_iter().map(|cut| body + cut).chain([0]));
    }
}

#[test]
fn a_text_that_was_shortened_to_whole_lines_is_taken_as_it_is() {
    let bench = Workbench::new();
    let whole = digest_of(&bench, ARTICLE);
    let (first_line, second) = ARTICLE.split_at(ARTICLE.find('\n').unwrap());
    assert_ne!(digest_of(&bench, first_line), whole);
    assert_eq!(digest_of(&bench, ARTICLE), whole);
    // The last sentence goes, and the line is ended.
    let shorter = format!("{first_line}{}\n", &second[..second.find(" Nobody").unwrap()]);
    assert_ne!(digest_of(&bench, &shorter), whole);
}

/// Ingests one text and gives the digest.
#[track_caller]
fn digest_of(bench: &Workbench, text: &str) -> String {
    let file = bench.file("a.txt", text);
    let ended = bench.run(&["ingest", file.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{ended:?}");
    digest(bench)
}

#[test]
fn samples_that_break_off_lose_nothing() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let (name, bytes) = (path.file_name().unwrap().to_str().unwrap(), std::fs::read(&path).unwrap());
        // Of a table without a header, the columns are guessed by what there is: from half of it comes another article. Of
        // clippings, an article of which less than a few lines are left is no article.
        if !matches!(name, "headless.csv" | "clippings.txt" | "clippings-codes.txt") {
            check(name, &bytes, within_lines(&bytes, 4));
        }
    }
}

#[test]
fn compressed_files_that_break_off_lose_nothing() {
    let lines: String = (0..400).map(|n| format!("{{\"id\": \"{n}\", \"text\": \"Wall {n} will hold.\"}}\n")).collect();
    for (name, text) in [("a.txt.gz", ARTICLE.repeat(200)), ("a.jsonl.gz", lines)] {
        let whole = gzipped(&text);
        check(name, &whole, [whole.len() / 3, whole.len() / 2, whole.len() - 1]);
    }
}

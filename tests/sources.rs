//! Sources: a file is one source from wherever a command is run, and an index knows what it was made from.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A project folder with two folders of articles.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new() -> Self {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        for (path, text) in
            [("arch/a.txt", "Rain fell."), ("arch/deep/b.txt", "Snow fell."), ("other/c.txt", "Hail fell.")]
        {
            project.write(path, text);
        }
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs a command in a folder of the project; its outcome code and everything that it prints.
    fn run(&self, folder: &str, args: &[&str]) -> (i32, String) {
        run(&self.path(folder), &self.path("index"), args)
    }

    /// The paths of all articles, as a query in that folder shows them.
    fn paths(&self, folder: &str) -> Vec<String> {
        let (code, out) = self.run(folder, &["query", "fell", "--by", "article", "--all", "--format", "jsonl"]);
        assert_eq!(code, 0, "{out}");
        let path = |line: &str| {
            serde_json::from_str::<serde_json::Value>(line).ok()?["article"]["path"].as_str().map(str::to_owned)
        };
        let mut paths: Vec<String> = out.lines().filter_map(path).collect();
        paths.sort();
        paths
    }
}

fn run(folder: &Path, index: &Path, args: &[&str]) -> (i32, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .arg("--index")
        .arg(index)
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
}

#[track_caller]
fn check((code, out): (i32, String), expect: i32, holds: &str) {
    assert!(code == expect && out.contains(holds), "exit code {code}, not {expect}, or without `{holds}`: {out}");
}

#[test]
fn a_file_is_one_source_from_every_folder() {
    let project = Project::new();
    check(project.run(".", &["ingest", "arch", "other"]), 0, "3 new");
    check(project.run("arch", &["ingest", "."]), 0, "everything is unchanged: 2 files");
    check(project.run("other", &["ingest", "../arch/deep/../a.txt"]), 0, "everything is unchanged: 1 file");
    // Pruning below one folder leaves the others alone.
    check(project.run("arch", &["ingest", ".", "--prune"]), 0, "3 articles");
    check(project.run("other", &["ingest", ".", "--prune"]), 0, "3 articles");
    assert_eq!(project.paths("."), ["arch/a.txt", "arch/deep/b.txt", "other/c.txt"]);
    assert_eq!(project.paths("arch"), ["../other/c.txt", "a.txt", "deep/b.txt"]);
    for folder in [".", "arch", "other"] {
        check(project.run(folder, &["verify"]), 0, "nothing wrong");
    }
    fs::remove_file(project.path("arch/a.txt")).unwrap();
    check(project.run("other", &["ingest", ".", "--prune"]), 0, "3 articles");
    check(project.run("other", &["ingest", "../arch", "--prune"]), 0, "2 articles");
    assert_eq!(project.paths("."), ["arch/deep/b.txt", "other/c.txt"]);
}

#[test]
fn an_index_knows_its_sources_and_how_they_are_read() {
    let project = Project::new();
    project.write("csv/x.csv", "head,copy\nDues,Sleet fell.\n");
    project.run(".", &["ingest", "arch"]);
    check(project.run(".", &["ingest", "csv", "--map", "text=copy"]), 0, "1 new");
    project.write("arch/d.txt", "Dew fell.");
    project.write("csv/x.csv", "head,copy\nDues,Night fell.\n");
    check(project.run("other", &["ingest"]), 0, "1 new, 1 changed");
    assert_eq!(project.paths(".").len(), 4);
    // Other options for the same path: its files are read again.
    check(project.run(".", &["ingest", "csv", "--map", "text=head"]), 0, "1 changed");
    let lines = fs::read_to_string(project.path("index/user/sources.jsonl")).unwrap();
    assert!(lines.starts_with("{\"path\":\"arch\"}\n{\"path\":\"csv\",\"map\":[\"text=head\"]}\n"), "{lines}");
}

#[test]
fn a_folder_that_moved_is_followed() {
    let project = Project::new();
    project.run(".", &["ingest", "arch", "other"]);
    fs::rename(project.path("arch"), project.path("store")).unwrap();
    check(project.run("other", &["ingest", "--moved", "../arch=../store"]), 0, "the index holds 3 articles");
    assert_eq!(project.paths("."), ["other/c.txt", "store/a.txt", "store/deep/b.txt"]);
    check(project.run(".", &["ingest"]), 0, "everything is unchanged: 3 files");
    check(project.run(".", &["verify"]), 0, "nothing wrong");
    check(project.run(".", &["ingest", "--moved", "store"]), 2, "write it as OLD=NEW");
}

#[test]
fn a_project_that_moved_as_a_whole_is_unchanged() {
    let project = Project::new();
    project.run(".", &["ingest", "arch", "other"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("project");
    fs::rename(project.folder.path(), &moved).unwrap();
    check(run(&moved, &moved.join("index"), &["ingest"]), 0, "everything is unchanged: 3 files");
    check(run(&moved.join("arch"), &moved.join("index"), &["verify"]), 0, "nothing wrong");
}

#[test]
fn an_index_that_moved_alone_knows_where_its_sources_stayed() {
    let project = Project::new();
    project.run(".", &["ingest", "arch", "other"]);
    check(project.run(".", &["remove", "other/c.txt"]), 0, "removed 1 article");
    let elsewhere = tempfile::tempdir().unwrap();
    let index = elsewhere.path().join("deep/index");
    fs::create_dir(elsewhere.path().join("deep")).unwrap();
    fs::rename(project.path("index"), &index).unwrap();
    for paths in [&["ingest"][..], &["ingest", "arch", "other"], &["ingest", "--rebuild"]] {
        check(run(project.folder.path(), &index, paths), 0, "2 articles");
        check(run(project.folder.path(), &index, &["verify"]), 0, "nothing wrong");
    }
    check(run(project.folder.path(), &index, &["ingest"]), 0, "everything is unchanged");
}

#[test]
fn an_answer_says_which_file_it_is_from() {
    let project = Project::new();
    check(project.run(".", &["ingest", "arch", "other"]), 0, "3 new");
    let rain = "8a4b1e83d9ac76588abc6e52934641f9985fa28116917d200b1d05572e6d79b8";
    let custody = |out: &str| serde_json::from_str::<serde_json::Value>(out).unwrap()["article"]["custody"].clone();
    let (_, out) = project.run("arch", &["show", "a.txt", "--format", "json"]);
    let first = custody(&out);
    assert_eq!((first["sha256"].as_str(), first["bytes"].as_u64()), (Some(rain), Some(10)), "{out}");
    check(project.run(".", &["query", "rain", "--format", "csv"]), 0, rain);
    check(project.run(".", &["query", "rain", "--format", "jsonl"]), 0, rain);
    // What is unchanged was read when it was read first.
    check(project.run(".", &["ingest"]), 0, "everything is unchanged");
    assert_eq!(custody(&project.run("arch", &["show", "a.txt", "--format", "json"]).1), first);
    project.write("arch/a.txt", "Rain fell again.");
    check(project.run(".", &["ingest"]), 0, "1 changed");
    check(
        project.run(".", &["query", "rain", "--format", "csv"]),
        0,
        "b6d00a918988e1801c34d288367745f0716e043bd899313f00a4d348fa1f7e8f",
    );
    check(project.run(".", &["verify"]), 0, "nothing wrong");
}

#[test]
fn earlier_texts_are_kept_if_that_is_wanted_until_the_article_is_removed() {
    let project = Project::new();
    let write = |schools: &str| {
        project.write("arch/a.txt", &format!("Rain fell.\n\nThe mayor of Sarn closes {schools} schools.\n"));
    };
    write("nine");
    check(project.run(".", &["ingest", "arch", "other"]), 0, "3 new");
    write("eight");
    check(project.run(".", &["ingest"]), 0, "1 changed");
    check(project.run(".", &["versions", "arch/a.txt"]), 1, "`onrecord ingest --keep-versions` keeps them from now on");
    check(project.run(".", &["query", "has:versions"]), 1, "");

    write("seventeen");
    check(project.run(".", &["ingest", "--keep-versions"]), 0, "1 changed");
    // From then on, whatever the flags.
    write("sixteen");
    check(project.run("other", &["ingest"]), 0, "1 changed");
    // A change that a rebuild finds is kept too.
    write("fifteen");
    check(project.run(".", &["ingest", "--rebuild"]), 0, "");
    let (code, out) = project.run("arch", &["versions", "a.txt"]);
    let changes: Vec<&str> = out.lines().filter(|line| line.contains("[-")).map(str::trim).collect();
    let change = |before: &str, after: &str| format!("The mayor of Sarn closes [-{before}-] {{+{after}+}} schools.");
    assert_eq!(code, 0);
    assert_eq!(changes, [change("eight", "seventeen"), change("seventeen", "sixteen"), change("sixteen", "fifteen")]);
    let (_, out) = project.run("arch", &["versions", "a.txt", "--format", "json"]);
    let history: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(history["changes"][1]["before"].as_str().unwrap().contains("seventeen schools"), "{history}");
    check(project.run(".", &["query", "has:versions", "--by", "article", "--format", "csv"]), 0, "arch/a.txt");
    check(project.run(".", &["query", "rain has:versions"]), 0, "1 hit");
    check(project.run(".", &["query", "snow has:versions"]), 1, "");
    check(project.run(".", &["verify"]), 0, "nothing wrong");

    check(project.run(".", &["ingest", "--keep-versions=no"]), 0, "unchanged");
    write("fourteen");
    check(project.run(".", &["ingest"]), 0, "1 changed");
    assert!(!project.run(".", &["versions", "arch/a.txt"]).1.contains("fourteen-]"));

    check(project.run(".", &["remove", "arch/a.txt"]), 0, "none is left");
    check(project.run(".", &["query", "has:versions"]), 1, "");
    for file in fs::read_dir(project.path("index/user")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("teen"), "{text}");
    }
}

#[test]
fn another_record_of_the_same_id_is_no_earlier_text() {
    let project = Project::new();
    let record = |text: &str| serde_json::json!({ "url": "https://example.org/dam", "text": text }).to_string();
    project.write(
        "arch/two.jsonl",
        &[record("The dam holds."), record("The dam of Sarn holds, the mayor says.")].join("\n"),
    );
    check(project.run(".", &["ingest", "--keep-versions", "arch"]), 0, "");
    check(project.run(".", &["ingest", "--rebuild"]), 0, "");
    check(project.run(".", &["query", "has:versions"]), 1, "");
}

#[test]
fn what_people_made_goes_along_with_a_file_that_moved() {
    let project = Project::new();
    project.write("arch/b.txt", "“We will not pay,” Lena Ode said. Rain fell.");
    project.write("arch/gone.txt", "Sleet fell.");
    check(project.run(".", &["ingest", "--keep-versions", "arch"]), 0, "4 new");
    check(project.run(".", &["tag", "arch/b.txt", "lead", "--quote", "not pay"]), 0, "marked");
    check(project.run(".", &["correct", "not pay", "--speaker", "Ole Berg"]), 0, "");
    check(project.run(".", &["remove", "--yes", "arch/gone.txt"]), 0, "removed 1 article");
    project.write("arch/a.txt", "Rain fell all day.");
    check(project.run(".", &["ingest"]), 0, "1 changed");
    fs::rename(project.path("arch"), project.path("press")).unwrap();
    check(project.run(".", &["ingest", "--moved", "arch=press"]), 0, "the index holds 3 articles");
    check(project.run(".", &["query", "tag:lead speaker:berg", "--by", "quote"]), 0, "1 hit");
    check(project.run(".", &["versions", "press/a.txt"]), 0, "all day.+}");
    assert_eq!(project.paths("."), ["press/a.txt", "press/b.txt", "press/deep/b.txt"]);
}

#[test]
fn a_folder_that_is_away_keeps_its_articles() {
    let project = Project::new();
    check(project.run(".", &["ingest", "arch", "other"]), 0, "3 new");
    fs::rename(project.path("arch"), project.path("away")).unwrap();
    check(project.run(".", &["ingest", "--prune"]), 3, "3 articles");
    fs::create_dir(project.path("arch")).unwrap();
    check(project.run(".", &["ingest", "--prune"]), 3, "holds no file, as a disk that is not there");
    // One that is there but for its files is cleared from above, and a file by itself.
    fs::remove_file(project.path("other/c.txt")).unwrap();
    check(project.run(".", &["ingest", "--prune", "other/c.txt"]), 2, "no such file");
    check(project.run(".", &["ingest", "--prune", "."]), 0, "2 articles");
}

#[test]
fn a_change_that_was_not_kept_is_told_as_one() {
    let project = Project::new();
    check(project.run(".", &["ingest", "--keep-versions", "arch"]), 0, "2 new");
    for (text, keep) in [("Rain fell twice.", "--keep-versions=yes"), ("Rain fell nine times.", "--keep-versions=no")] {
        project.write("arch/a.txt", text);
        check(project.run(".", &["ingest", keep]), 0, "1 changed");
    }
    check(project.run(".", &["versions", "arch/a.txt"]), 0, "and again later, when versions were not");
}

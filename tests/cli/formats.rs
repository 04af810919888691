//! What each command prints, format by format.

use serde_json::Value;

use super::workbench::{Workbench, corpus};

const ARTICLE: &str = "Lena Ode spoke on Monday 👍.\n\n“The wall will hold,” Lena Ode said.\n";

fn code_points(text: &str, span: &Value) -> String {
    let at = |side: &str| usize::try_from(span[side].as_u64().unwrap()).unwrap();
    text.chars().skip(at("start")).take(at("end") - at("start")).collect()
}

#[test]
fn offsets_are_code_points() {
    let bench = Workbench::new();
    bench.file("a.txt", ARTICLE);
    let ended = bench.run(&["annotate", "a.txt", "--format", "jsonl"]);
    let article: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(article["text"], ARTICLE);
    assert_eq!(article["article"]["path"], "a.txt");
    assert_eq!(code_points(ARTICLE, &article["quotes"][0]["content"][0]), "“The wall will hold,”");
    assert_eq!(code_points(ARTICLE, &article["quotes"][0]["cue"]), "said");
    assert_eq!(code_points(ARTICLE, &article["paragraphs"][1]), "“The wall will hold,” Lena Ode said.");
}

#[test]
fn threads_change_nothing_but_the_time() {
    let bench = Workbench::new();
    for number in 0..20 {
        bench.file(&format!("news/{number}.txt"), ARTICLE.repeat(number + 1));
    }
    let run = |threads: &str| bench.run(&["annotate", "news", "--format", "jsonl", "--threads", threads]).stdout;
    assert_eq!(run("1"), run("3"));
    assert_eq!(run("3").lines().count(), 20);
}

#[test]
fn a_closed_pipe_is_success() {
    let bench = Workbench::new();
    bench.file("a.txt", ARTICLE.repeat(2_000));
    let run = "\"$0\" annotate a.txt --format jsonl | head -c 10; echo ${PIPESTATUS[0]}";
    let binary = assert_cmd::cargo::cargo_bin("onrecord");
    let output =
        std::process::Command::new("bash").args(["-c", run]).arg(binary).current_dir(bench.path("")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "{\"article\"0\n");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn standard_input_is_read_as_a_file() {
    let bench = Workbench::new();
    let output = bench.command().args(["annotate", "-"]).write_stdin(ARTICLE).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("{1: “The wall will hold,”}"), "{output:?}");
}

#[test]
fn the_manual_and_the_completions_know_every_command() {
    let bench = Workbench::new();
    let help = bench.run(&["--help"]).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let written = bench.run(&["man", "--out", "pages"]);
    assert_eq!(written.code, 0, "{written:?}");
    let completions = bench.run(&["completions", "bash"]).stdout;
    // A command's name starts its line; what wraps is indented further.
    let names = commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    for command in names.filter(|&name| !name.is_empty() && name != "help") {
        let page = std::fs::read_to_string(bench.path(&format!("pages/onrecord-{command}.1"))).unwrap();
        assert_eq!(page, bench.run(&["man", command]).stdout);
        assert!(page.contains("EXIT STATUS"), "{command}: {page}");
        assert!(completions.contains(command), "{command}");
    }
}

/// What is found in every article of a folder: title, authors, day, and the speaker and kind of each quotation.
fn found_in(bench: &Workbench, folder: &str) -> Vec<Value> {
    let output = bench.run(&["annotate", folder, "--format", "jsonl"]).stdout;
    let articles = output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let told = |article: Value| {
        let meta = &article["article"];
        let quotes = article["quotes"].as_array().unwrap().iter();
        let quotes: Vec<Value> = quotes.map(|quote| serde_json::json!([quote["speaker"], quote["kind"]])).collect();
        serde_json::json!([meta["title"], meta["byline"], meta["published"], quotes])
    };
    articles.map(told).collect()
}

#[test]
fn windows_line_ends_and_paths_change_nothing() {
    let bench = Workbench::new();
    for file in walkdir::WalkDir::new(corpus()).into_iter().map(Result::unwrap) {
        let path = file.path();
        if let Ok(text) = std::fs::read_to_string(path) {
            let name = path.strip_prefix(corpus()).unwrap().display().to_string();
            bench.file(&format!("unix/{name}"), &text);
            bench.file(&format!("windows/{name}"), text.replace('\n', "\r\n"));
        }
    }
    let found = found_in(&bench, "unix");
    assert!(found.len() > 40);
    assert_eq!(found_in(&bench, "windows"), found);
    // Where a backslash is no separator it is part of a name.
    bench.file("news/C:\\desk\\a.txt", "The ferry left, Ann Ray said.\r\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    bench.file("index/user/groups.toml", "crew = [\r\n  \"Ann Ray\",\r\n]\r\n");
    assert_eq!(bench.run(&["query", "speaker:@crew"]).code, 0);
    assert!(bench.run(&["query", "speaker:@crowd"]).stderr.contains("no group `crowd`"));
    bench.file("list.txt", "news/C:\\desk\\a.txt\r\n");
    assert_eq!(bench.run(&["remove", "--list", "list.txt", "--yes"]).code, 0);
}

//! Text from outside drives no terminal and forges no message, whatever it is printed in.

use serde_json::Value;

use super::workbench::Workbench;

/// Escape sequences, a C1 control, bidirectional marks.
const HARMFUL: &str = "red \u{1b}[31malert\u{7} \u{9b}2J \u{202e}desrever\u{202c} \u{2066}x\u{2069}\u{7f}";

fn bench() -> Workbench {
    let bench = Workbench::new();
    let record = serde_json::json!({
        "id": format!("https://paper.example/{HARMFUL}"),
        "title": HARMFUL,
        "outlet": format!("Outlet {HARMFUL}"),
        "byline": HARMFUL,
        "date": "2031-04-02",
        "text": format!("“The wall {HARMFUL} will hold,” Lena Ode said."),
    });
    bench.file("news/wire.jsonl", record.to_string());
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    bench
}

#[track_caller]
fn check_harmless(printed: &str) {
    let harmful = |c: &char| {
        c.is_control() && !matches!(c, '\n' | '\r' | '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found: Vec<char> = printed.chars().filter(harmful).collect();
    assert!(found.is_empty(), "{found:?} in {printed:?}");
}

#[test]
fn every_format_is_harmless() {
    let bench = bench();
    for args in [
        &["query", "wall"][..],
        &["query", "wall", "--explain", "--facets", "outlet,byline"],
        &["query", "wall", "--format", "csv"],
        &["query", "wall", "--format", "json"],
        &["query", "wall", "--format", "jsonl"],
        &["query", "wall", "--format", "kwic"],
        &["facets", "outlet"],
        &["facets", "outlet", "--format", "csv"],
        &["facets", "outlet", "--format", "jsonl"],
        &["timeline", "wall", "--split", "outlet"],
        &["timeline", "wall", "--split", "outlet", "--format", "csv"],
        &["timeline", "wall", "--split", "outlet", "--format", "json"],
        &["timeline", "wall", "--split", "outlet", "--format", "svg"],
        &["show", "wall"],
        &["show", "https://paper.example"],
        &["show", "https://paper.example", "--format", "json"],
        &["annotate", "news"],
        &["annotate", "news", "--format", "jsonl"],
    ] {
        let ended = bench.run(args);
        check_harmless(&ended.stdout);
        check_harmless(&ended.stderr);
    }
}

#[test]
fn colours_let_nothing_through() {
    let ended = bench().run(&["query", "wall", "--color", "always"]);
    let without_colours = ended.stdout.replace("\u{1b}[0m", "");
    assert!(!without_colours.contains("\u{1b}[31m"), "{ended:?}");
    assert!(!without_colours.contains('\u{9b}') && !without_colours.contains('\u{202e}'), "{ended:?}");
}

#[test]
fn json_keeps_every_character() {
    let ended = bench().run(&["annotate", "news", "--format", "jsonl"]);
    assert!(ended.stdout.contains(r"\u202e") && ended.stdout.contains(r"\u001b"), "{ended:?}");
    let article: Value = serde_json::from_str(&ended.stdout).unwrap();
    // In a record a C1 control stands for the mark that Windows-1252 has at its place.
    let read = HARMFUL.replace('\u{9b}', "›");
    assert_eq!(article["text"], format!("“The wall {read} will hold,” Lena Ode said."));
}

#[cfg(unix)]
#[test]
fn names_of_files_forge_no_messages() {
    let bench = Workbench::new();
    bench.file("news/bad\u{1b}[2J\u{202e}.json", "{");
    bench.file("news/em\nerror: pty.txt", "");
    let ended = bench.run(&["ingest", "news", "--color", "always"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    check_harmless(&ended.stderr);
    assert!(!ended.stderr.lines().any(|line| line.starts_with("error: pty")), "{ended:?}");
    let ended = bench.run(&["query", "x", "--index", "no\u{1b}[2J\nerror: such index"]);
    assert_eq!(ended.code, 2);
    check_harmless(&ended.stderr);
    assert!(!ended.stderr.lines().any(|line| line.starts_with("error: such")), "{ended:?}");
}

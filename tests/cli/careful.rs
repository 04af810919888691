//! Careful reading: once it is asked for it holds for these files, whatever else is said of them, until it is taken back.

use serde_json::Value;

use super::workbench::Workbench;

const FERRY: &str = "“We will not pay,” Lena Ode said on Monday.\n\nThe ferry left at noon, and nobody saw it go.\n";

fn bench() -> Workbench {
    let bench = Workbench::new();
    bench.file("news/ferry.txt", FERRY);
    bench.file("news/wall.txt", "Ole Berg said the wall would hold until the spring.\n");
    assert_eq!(bench.run(&["ingest", "--quiet", "news"]).code, 0);
    bench
}

/// What a run of `ingest` says became of the two articles.
#[track_caller]
fn outcome(bench: &Workbench, args: &[&str]) -> &'static str {
    let ended = bench.run(&[&["ingest"], args].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    match (ended.stderr.contains("analysed again"), ended.stderr.contains("unchanged")) {
        (true, false) => "again",
        (false, true) => "unchanged",
        _ => panic!("{ended:?}"),
    }
}

#[test]
fn an_article_is_read_as_was_asked_last() {
    let bench = bench();
    for (args, expect) in [
        (&["news", "--analysis", "fast"][..], "unchanged"),
        (&["news", "--analysis", "careful"], "again"),
        (&["news", "--analysis", "careful"], "unchanged"),
        (&[], "unchanged"),
        (&["news"], "unchanged"),
        (&["news", "--analysis", "fast"], "again"),
        (&[], "unchanged"),
    ] {
        assert_eq!(outcome(&bench, args), expect, "{args:?}");
        assert_eq!(bench.ask("speaker:ode", &["--by", "quote"]).0.len(), 1, "{args:?}");
    }
    assert_eq!(bench.run(&["verify"]).code, 0);
}

#[test]
fn status_says_how_many_articles_were_read_carefully() {
    let bench = bench();
    let status = || bench.run(&["status"]).stdout;
    assert!(!status().contains("careful"), "{}", status());
    assert_eq!(outcome(&bench, &["news", "--analysis", "careful"]), "again");
    assert!(status().contains("careful    2 articles"), "{}", status());
    assert_eq!(outcome(&bench, &["news", "--analysis", "fast"]), "again");
    assert!(!status().contains("careful"), "{}", status());
}

#[test]
fn careful_reading_outlives_other_options_and_a_rebuild() {
    let bench = bench();
    assert_eq!(outcome(&bench, &["news", "--analysis", "careful"]), "again");
    assert_eq!(bench.run(&["ingest", "news", "--set", "outlet=The Quay"]).code, 0);
    assert_eq!(bench.ask("outlet:quay", &["--by", "article"]).0.len(), 2);
    assert_eq!(outcome(&bench, &["news", "--analysis", "careful"]), "unchanged");
    assert_eq!(bench.run(&["ingest", "--rebuild"]).code, 0);
    assert_eq!(bench.ask("outlet:quay", &["--by", "article"]).0.len(), 2);
    assert_eq!(outcome(&bench, &["news", "--analysis", "careful"]), "unchanged");
}

#[test]
fn both_ways_of_reading_print_the_same_fields() {
    let bench = bench();
    let read = |how: &str| -> Value {
        let ended = bench.run(&["annotate", "--format", "jsonl", "--analysis", how, "news/ferry.txt"]);
        assert_eq!(ended.code, 0, "{ended:?}");
        serde_json::from_str(&ended.stdout).unwrap()
    };
    let (fast, careful) = (read("fast"), read("careful"));
    let fields = |article: &Value| article["quotes"][0].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&fast), fields(&careful));
    for article in [fast, careful] {
        assert_eq!(article["quotes"].as_array().unwrap().len(), 1, "{article}");
        assert_eq!(article["quotes"][0]["speaker"], "Lena Ode");
    }
}

#[test]
fn another_way_of_reading_is_refused() {
    let ended = bench().run(&["annotate", "--analysis", "deep", "news"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("write `fast` or `careful`"), "{}", ended.stderr);
}

//! Corrections of speakers: seen at once by every search, kept over ingests, undone, and gone with their article.

use serde_json::Value;

use super::workbench::Workbench;

const FERRY: &str = "“We will not pay,” Lena Ode said on Monday.\n\n“The ferry must leave,” said Ole Berg.\n";

fn bench() -> Workbench {
    let bench = Workbench::new();
    bench.file("news/ferry.txt", FERRY);
    bench.file("news/wall.txt", "“The wall will hold,” Lena Ode said. “The ferry must wait,” said Ole Berg.\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    bench
}

/// How many quotations a query finds.
fn found(bench: &Workbench, query: &str) -> usize {
    bench.ask(query, &["--by", "quote"]).0.len()
}

#[test]
fn a_correction_is_seen_by_every_search_and_kept_over_ingests() {
    let bench = bench();
    assert_eq!(bench.run(&["correct", "ferry must leave", "--speaker", "Ada Finch"]).code, 0);
    for again in [&[][..], &["ingest", "news"], &["ingest", "--rebuild", "news"]] {
        if !again.is_empty() {
            assert_eq!(bench.run(again).code, 0);
        }
        assert_eq!((found(&bench, "speaker:finch"), found(&bench, "speaker:berg")), (1, 1), "{again:?}");
    }
    let hit = &bench.ask("speaker:finch", &["--by", "quote"]).0[0]["quotes"][0];
    assert_eq!((&hit["speaker"], &hit["corrected"]), (&Value::from("Ada Finch"), &Value::Bool(true)));
    let facets = bench.run(&["facets", "speaker"]).stdout;
    assert!(facets.contains("Ada Finch"), "{facets}");
    let text = bench.run(&["query", "speaker:finch"]).stdout;
    assert!(text.contains("corrected"), "{text}");
    assert!(bench.run(&["correct"]).stdout.starts_with("Ada Finch\tnews/ferry.txt\t“The ferry must leave"));
    // A text that changed elsewhere keeps it.
    bench.file("news/ferry.txt", format!("Words from Monday.\n\n{FERRY}"));
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    assert_eq!(found(&bench, "speaker:finch"), 1);
    assert_eq!(bench.run(&["correct", "ferry must leave", "--remove"]).code, 0);
    assert_eq!((found(&bench, "speaker:finch"), found(&bench, "speaker:berg")), (0, 2));
    assert_eq!(bench.run(&["verify"]).code, 0);
}

#[test]
fn what_is_not_one_quotation_is_told() {
    let bench = bench();
    let several = bench.run(&["correct", "the ferry must", "--speaker", "Ada Finch"]);
    assert!(several.code == 2 && several.stderr.contains("2 quotations"), "{}", several.stderr);
    assert_eq!(bench.run(&["correct", "the ferry must", "--speaker", "Ada Finch", "--article", "wall"]).code, 0);
    assert_eq!(found(&bench, "speaker:finch"), 1);
    assert_eq!(bench.run(&["correct", "wall will hold", "--nobody"]).code, 0);
    assert_eq!(found(&bench, "speaker:ode"), 1);
    for wrong in
        [&["correct", "never said", "--nobody"][..], &["correct", "not pay", "--remove"], &["correct", "not pay"]]
    {
        assert_eq!(bench.run(wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn corrections_are_orphaned_with_their_words_and_gone_with_their_article() {
    let bench = bench();
    assert_eq!(bench.run(&["correct", "ferry must leave", "--speaker", "Ada Finch"]).code, 0);
    bench.file("news/ferry.txt", "“We will not pay,” Lena Ode said on Monday.\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    let status: Value = serde_json::from_str(&bench.run(&["status", "--format", "json"]).stdout).unwrap();
    assert!(status["orphans"][0].as_str().unwrap().contains("ferry must leave"), "{status}");
    assert_eq!(bench.run(&["remove", "--yes", "news/ferry.txt"]).code, 0);
    let left = std::fs::read_to_string(bench.path("index/user/corrections.toml")).unwrap();
    assert!(!left.contains("ferry"), "{left}");
}

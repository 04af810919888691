//! Tags and notes: found, shown, kept over ingests, and gone with their article.

use serde_json::Value;

use super::workbench::Workbench;

const FERRY: &str = "“We will not pay,” Lena Ode said on Monday.\n\n“The ferry must leave,” said Ole Berg.\n";

fn bench() -> Workbench {
    let bench = Workbench::new();
    bench.file("news/ferry.txt", FERRY);
    bench.file("news/wall.txt", "“The wall will hold,” Lena Ode said.\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    bench
}

#[test]
fn a_tag_of_a_quotation_finds_it_alone() {
    let bench = bench();
    assert_eq!(bench.run(&["tag", "ferry", "Lead", "money", "--quote", "we will not pay"]).code, 0);
    let (hits, _) = bench.ask("tag:lead", &["--by", "quote"]);
    assert_eq!((hits.len(), &hits[0]["tags"]), (1, &serde_json::json!(["Lead", "money"])));
    assert!(hits[0]["text"].as_str().unwrap().contains("not pay"));
    for (query, passages) in
        [("tag:lead", 1), ("tag:lead said:ferry", 0), ("tag:(lead OR x) pay", 1), ("-tag:* ode", 1)]
    {
        assert_eq!(bench.ask(query, &["--by", "passage"]).0.len(), passages, "{query}");
    }
    assert_eq!(bench.run(&["tag", "ferry"]).stdout.lines().count(), 2);
    let of_article = bench.run(&["tag", "ferry", "lead", "--remove"]);
    assert!(of_article.code == 1 && of_article.stderr.contains("--quote"), "{}", of_article.stderr);
    assert_eq!(bench.run(&["tag", "ferry", "lead", "--quote", "not pay", "--remove"]).code, 0);
    assert_eq!(bench.ask("tag:lead", &[]).1, 1);
    assert_eq!(bench.run(&["tag", "ferry", "x", "--quote", "nobody said this"]).code, 2);
}

#[test]
fn a_tag_of_an_article_holds_for_all_of_it() {
    let bench = bench();
    assert_eq!(bench.run(&["tag", "ferry", "budget vote"]).code, 0);
    assert_eq!(bench.run(&["note", "ferry", "ask for the minutes"]).code, 0);
    for (by, hits) in [("article", 1), ("passage", 2), ("quote", 2)] {
        assert_eq!(bench.ask("tag:\"Budget Vote\"", &["--by", by]).0.len(), hits, "{by}");
    }
    let text = bench.run(&["query", "tag:budget*"]).stdout;
    assert!(text.contains("tags: budget vote") && text.contains("note: ask for the minutes"), "{text}");
    let row = bench.run(&["query", "tag:*", "--format", "csv"]).stdout;
    assert!(row.lines().nth(1).unwrap().contains(",budget vote,ask for the minutes,"), "{row}");
}

#[test]
fn marks_outlive_a_rebuild_and_are_orphaned_with_their_words() {
    let bench = bench();
    assert_eq!(bench.run(&["tag", "ferry", "lead", "--quote", "we will not pay"]).code, 0);
    bench.file("news/ferry.txt", format!("Words from Monday.\n\n{FERRY}"));
    assert_eq!(bench.run(&["ingest", "--rebuild", "news"]).code, 0);
    assert_eq!(bench.ask("tag:lead", &["--by", "quote"]).0.len(), 1);
    bench.file("news/ferry.txt", "“The ferry must leave,” said Ole Berg.\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    let status: Value = serde_json::from_str(&bench.run(&["status", "--format", "json"]).stdout).unwrap();
    assert!(status["orphans"][0].as_str().unwrap().contains("We will not pay"), "{status}");
    assert_eq!(bench.ask("tag:lead", &[]).1, 1);
    assert_eq!(bench.run(&["remove", "--yes", "news/ferry.txt"]).code, 0);
    let marks = std::fs::read_to_string(bench.path("index/user/marks.jsonl")).unwrap();
    assert!(!marks.contains("not pay"), "{marks}");
}

#[test]
fn marks_are_in_every_export() {
    let bench = bench();
    assert_eq!(bench.run(&["tag", "ferry", "budget"]).code, 0);
    assert_eq!(bench.run(&["note", "ferry", "ask for the minutes", "--quote", "we will not pay"]).code, 0);
    for format in ["text", "json", "jsonl", "csv", "html", "markdown", "ris", "csl-json", "annotations"] {
        let export = bench.run(&["query", "said:pay", "--format", format]).stdout;
        assert!(export.contains("budget") && export.contains("ask for the minutes"), "{format}: {export}");
    }
    for format in ["text", "json", "html", "annotations"] {
        let article = bench.run(&["show", "ferry", "--format", format]).stdout;
        assert!(article.contains("budget") && article.contains("ask for the minutes"), "{format}: {article}");
    }
    let article: Value = serde_json::from_str(&bench.run(&["show", "ferry", "--format", "json"]).stdout).unwrap();
    assert_eq!(
        (&article["tags"][0], &article["quotes"][0]["notes"][0]),
        (&"budget".into(), &"ask for the minutes".into())
    );
}

#[test]
fn a_part_that_several_articles_have_is_not_guessed() {
    let bench = Workbench::new();
    let record =
        |id: &str, title: &str| serde_json::json!({"id": id, "title": title, "text": "The ferry left."}).to_string();
    bench.file("a/brannigan.jsonl", record("x1", "Harbour"));
    bench.file(
        "a/wire.jsonl",
        [record("brannigan-2", "Toll"), record("x3", "Brannigan"), record("x4", "Tolls")].join("\n"),
    );
    assert_eq!(bench.run(&["ingest", "a"]).code, 0);
    // A path, an id and a title have it; the title is it.
    assert!(bench.run(&["show", "brannigan"]).stdout.starts_with("Brannigan\n"));
    let several = bench.run(&["tag", "branniga", "x"]);
    assert!(several.code == 2 && several.stderr.contains("3 articles match"), "{several:?}");
    assert!(["x1", "brannigan-2", "x3"].iter().all(|id| several.stderr.contains(id)), "{several:?}");
    assert!(bench.run(&["show", "toll"]).stdout.starts_with("Toll\n"));
    assert_eq!(bench.run(&["note", "Tolls", "later"]).code, 0);
}

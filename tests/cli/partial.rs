//! What is left out is said: hits beyond the limit, values beyond the limit, hits without a value or a date.

use super::workbench::Workbench;

fn bench() -> Workbench {
    let bench = Workbench::new();
    let record = |n: u32, more: serde_json::Value| {
        let mut record = serde_json::json!({"id": format!("a{n}"), "text": format!("The ferry left at {n}.")});
        record.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        record.to_string()
    };
    let records = [
        record(1, serde_json::json!({"outlet": "Bay Record", "date": "2031-04-02"})),
        record(2, serde_json::json!({"outlet": "Harbour Courier", "date": "2031-05-02"})),
        record(3, serde_json::json!({"date": "2031-05-03"})),
        record(4, serde_json::json!({"outlet": "Bay Record"})),
    ];
    bench.file("wire.jsonl", records.join("\n"));
    assert_eq!(bench.run(&["ingest", "wire.jsonl"]).code, 0);
    bench
}

#[test]
fn every_format_says_when_it_shows_a_part() {
    let bench = bench();
    for format in ["text", "csv", "json", "jsonl", "kwic"] {
        let part = bench.run(&["query", "ferry", "-n", "3", "--format", format]);
        assert_eq!(part.stderr, "Showing 3 of 4 hits (--all for all)\n", "{format}");
        let quiet = bench.run(&["query", "ferry", "-n", "3", "--format", format, "--quiet"]);
        assert_eq!(quiet.stderr, "", "{format}");
    }
    for format in ["csv", "json", "jsonl"] {
        assert_eq!(bench.run(&["query", "ferry", "--all", "--format", format]).stderr, "", "{format}");
    }
    let facets = bench.run(&["facets", "outlet", "-n", "1", "--format", "csv"]);
    assert_eq!(facets.stderr, "Showing 1 of 2 values (--all for all)\n");
}

#[test]
fn facets_have_a_row_for_none() {
    let bench = bench();
    let rows = bench.run(&["facets", "outlet", "ferry", "--format", "csv"]).stdout;
    assert_eq!(rows, "value,hits,articles\nBay Record,2,2\nHarbour Courier,1,1\n(none),1,1\n");
    let table = bench.run(&["facets", "outlet", "ferry"]).stdout;
    assert!(table.ends_with("   1         1  (none)\n"), "{table}");
    let answer = bench.run(&["facets", "outlet", "ferry", "--format", "json"]).stdout;
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["without"]["outlet"]["count"], 1);
}

#[test]
fn timelines_have_rows_for_the_undated_and_for_none() {
    let bench = bench();
    let rows = bench.run(&["timeline", "ferry", "--format", "csv"]).stdout;
    assert_eq!(rows, "period,series,hits\n2031-04,all,1\n2031-05,all,2\nundated,all,1\n");
    let rows = bench.run(&["timeline", "ferry", "--split", "outlet", "--format", "csv"]).stdout;
    for row in ["2031-04,Bay Record,1", "undated,Bay Record,1", "2031-05,Harbour Courier,1", "2031-05,(none),1"] {
        assert!(rows.lines().any(|line| line == row), "{row} in {rows}");
    }
    let sum: u64 = rows.lines().skip(1).map(|row| row.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum();
    assert_eq!(sum, 4, "{rows}");
}

#[test]
fn every_field_of_facets_divides_a_timeline_in_full() {
    let bench = bench();
    for field in ["outlet", "byline", "section", "collection", "language", "month", "day", "organization", "role"] {
        let rows = bench.run(&["timeline", "ferry", "--split", field, "--format", "csv"]).stdout;
        let sum: u64 = rows.lines().skip(1).map(|row| row.rsplit(',').next().unwrap().parse::<u64>().unwrap()).sum();
        assert_eq!(sum, 4, "{field}: {rows}");
    }
    let groups = bench.run(&["facets", "group"]);
    assert!(groups.code == 2 && groups.stderr.contains("--by outlet"), "{groups:?}");
}

#[test]
fn a_saved_search_is_repeated_and_never_changed() {
    let bench = bench();
    assert_eq!(bench.run(&["query", "ferry", "--manifest", "ferry.json"]).code, 0);
    let saved = std::fs::read(bench.path("ferry.json")).unwrap();
    let same = bench.run(&["rerun", "ferry.json"]);
    assert_eq!((same.code, same.stdout.as_str()), (1, ""), "{same:?}");
    assert!(same.stderr.contains("0 new, 0 gone"), "{same:?}");
    bench.file("late.jsonl", r#"{"id": "a5", "text": "The ferry left late.", "date": "2031-05-09"}"#);
    assert_eq!(bench.run(&["ingest", "late.jsonl"]).code, 0);
    for _ in 0..2 {
        let more = bench.run(&["rerun", "ferry.json", "--format", "jsonl"]);
        assert_eq!(more.code, 0, "{more:?}");
        assert_eq!(more.stdout.lines().count(), 1);
        assert!(more.stderr.contains("1 new, 0 gone"), "{more:?}");
    }
    assert_eq!(std::fs::read(bench.path("ferry.json")).unwrap(), saved);
}

#[test]
fn cross_tables_have_every_hit_and_a_row_for_none() {
    let bench = bench();
    let table = |args: &[&str]| -> Vec<Vec<String>> {
        let rows = bench.run(&[&["facets"], args, &["--format", "csv"]].concat());
        let mut reader = csv::Reader::from_reader(rows.stdout.as_bytes());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let rows = table(&["outlet", "ferry", "--by", "month"]);
    let hits = |value: &str, month: &str| {
        rows.iter().find(|row| row[0] == value && row[1] == month).map(|row| (row[2].clone(), row[8].clone()))
    };
    // One passage of one article in May has no outlet; two passages were published in May.
    assert_eq!(hits("(none)", "2031-05"), Some(("1".to_owned(), "500.0000".to_owned())));
    assert_eq!(hits("(none)", "2031-04"), Some(("0".to_owned(), "0.0000".to_owned())));
    assert_eq!(hits("Bay Record", "(none)"), Some(("1".to_owned(), "1000.0000".to_owned())));
    assert_eq!(rows.iter().map(|row| row[2].parse::<u64>().unwrap()).sum::<u64>(), 4);
    assert_eq!(bench.run(&["facets", "month", "--by", "outlet"]).code, 2);
}

#[test]
fn groups_of_people_are_searched_and_counted() {
    let bench = Workbench::new();
    let said = "“We will not pay,” said Lena Ode.\n\n“The ferry must leave,” said Ole Berg.\n\n“The wall will hold,” said Ann Moe.\n";
    bench.file("a.txt", said);
    assert_eq!(bench.run(&["ingest", "a.txt"]).code, 0);
    bench.file("index/user/groups.toml", "cabinet = [\"Lena Ode\", \"Ole Berg\"]\n");
    assert_eq!(bench.ask("speaker:@cabinet", &[]).0.len(), 2);
    let rows = bench.run(&["facets", "group", "--by", "outlet", "--format", "csv"]).stdout;
    assert!(
        rows.contains("\ncabinet,(none),2,2,1,0.6667,") && rows.contains("\n(none),(none),1,1,1,0.3333,"),
        "{rows}"
    );
    bench.file("index/user/groups.toml", "cabinet = 1\n");
    assert_eq!(bench.run(&["query", "pay"]).code, 2);
}

#[test]
fn a_sample_is_the_same_for_the_same_seed_and_reads_back() {
    let bench = bench();
    let draw = |seed: &str| bench.run(&["sample", "ferry", "--sample", "2", "--seed", seed]).stdout;
    assert_eq!(draw("7"), draw("7"));
    assert_eq!(draw("7").lines().count(), 3);
    let judged: String = draw("7")
        .lines()
        .map(|row| row.strip_prefix(',').map_or(row.to_owned(), |r| format!("y,{r}")) + "\n")
        .collect();
    bench.file("sheet.csv", judged);
    let read = bench.run(&["sample", "--read", "sheet.csv"]);
    assert_eq!(read.stdout, "correct,judged,not judged,precision,low,high\n2,2,0,1.000,0.342,1.000\n");
    bench.file("sheet.csv", "correct\nperhaps\n");
    assert_eq!(bench.run(&["sample", "--read", "sheet.csv"]).code, 2);
}

//! Counts of one thing agree, whatever counts it and however its conditions are written.

use std::collections::BTreeMap;

use super::workbench::Workbench;

/// Quotations of people whose names begin alike, in outlets whose names do.
fn bench() -> Workbench {
    let bench = Workbench::new();
    let said = |n: u32, speaker: &str, words: &str, outlet: &str, date: &str| {
        let text = format!("“{words},” {speaker} said.\n\nThe ferry left at {n}.");
        serde_json::json!({"id": format!("a{n}"), "text": text, "outlet": outlet, "date": date}).to_string()
    };
    let toll = "The toll is too high for anybody who crosses the bay every day";
    let records = [
        said(1, "Ann Lee", toll, "Post", "2031-04-02"),
        said(2, "Ann Lee", "Nobody asked us", "+Plus \"Post\", The", "2031-05-02"),
        said(3, "Ann Lee Smith", "We will sail again", "Post", "2031-05-03"),
        said(4, "Ann Lee Smith", "The pier is safe", "Bay Record", "2031-05-04"),
        said(5, "Erdoğan Aydin", toll, "Bay Record", "2031-06-05"),
        said(6, "officials", "The toll stays", "Post", "2031-06-06"),
    ];
    bench.file("wire.jsonl", records.join("\n"));
    assert_eq!(bench.run(&["ingest", "wire.jsonl"]).code, 0);
    bench.file("index/user/groups.toml", "cabinet = [\"Ann Lee Smith\", \"Erdoğan Aydin\"]\n");
    bench
}

fn rows(bench: &Workbench, args: &[&str]) -> Vec<csv::StringRecord> {
    let ended = bench.run(&[args, &["--format", "csv"]].concat());
    assert!(ended.code < 2, "{ended:?}");
    csv::Reader::from_reader(ended.stdout.as_bytes()).records().map(Result::unwrap).collect()
}

/// Sums by the value of one column.
fn sums(rows: &[csv::StringRecord], name: usize, count: usize) -> BTreeMap<String, u64> {
    rows.iter().fold(BTreeMap::new(), |mut sums, row| {
        *sums.entry(row[name].to_owned()).or_default() += row[count].parse::<u64>().unwrap();
        sums
    })
}

#[test]
fn a_split_timeline_counts_what_the_facet_counts() {
    let bench = bench();
    for duplicates in ["show", "collapse"] {
        for field in ["speaker", "outlet", "person", "attribution", "month"] {
            for query in ["*", "said:(toll OR pier OR asked)", "ferry"] {
                let flags = ["--duplicates", duplicates];
                let facet = sums(&rows(&bench, &[&["facets", field, query][..], &flags].concat()), 0, 1);
                let split = ["timeline", query, "--split", field, "--series", "20", "--every"];
                for every in ["day", "month", "year"] {
                    let series = sums(&rows(&bench, &[&split[..], &[every], &flags].concat()), 1, 2);
                    assert_eq!(series, facet, "{field} in {query} by {every}, {duplicates}");
                }
            }
        }
    }
    assert_eq!(sums(&rows(&bench, &["facets", "speaker"]), 0, 1)["Ann Lee"], 2);
    for field in ["speaker", "attribution"] {
        let facet = sums(&rows(&bench, &["facets", field, "said:toll"]), 0, 1);
        let mut table = sums(&rows(&bench, &["facets", field, "said:toll", "--by", "month"]), 0, 2);
        table.retain(|_, hits| *hits > 0);
        assert_eq!(table, facet, "{field}");
    }
    let few = sums(&rows(&bench, &["timeline", "*", "--split", "speaker", "--series", "1"]), 1, 2);
    assert_eq!(few.values().sum::<u64>(), 6, "{few:?}");
    assert_eq!(few["(others)"], 3, "{few:?}");
}

#[test]
fn a_group_is_meant_by_a_flag_too() {
    let bench = bench();
    for args in [&["speaker:@cabinet"][..], &["--speaker", "@cabinet"], &["said:*", "--speaker", "@Cabinet"]] {
        assert_eq!(
            bench.run(&[&["query"], args, &["--quiet"]].concat()).stdout.matches(" · direct").count(),
            3,
            "{args:?}"
        );
    }
    let rows = rows(&bench, &["facets", "speaker", "--speaker", "@cabinet"]);
    assert_eq!(rows.len(), 2, "{rows:?}");
}

#[test]
fn a_cross_table_counts_once_where_copies_are_collapsed() {
    let bench = bench();
    bench.file("copy.jsonl", std::fs::read_to_string(bench.path("wire.jsonl")).unwrap().replace("\"a", "\"b"));
    assert_eq!(bench.run(&["ingest", "copy.jsonl"]).code, 0);
    let table = |flags: &[&str]| rows(&bench, &[&["facets", "speaker", "--by", "outlet"], flags].concat());
    let (all, once) = (table(&[]), table(&["--duplicates", "collapse"]));
    assert_eq!(sums(&all, 0, 2)["Ann Lee"], 4);
    assert_eq!(sums(&once, 0, 2), sums(&all, 0, 3));
    assert!(once.iter().all(|row| row[2] == row[3]), "{once:?}");
}

#[test]
fn rates_are_of_what_was_published_however_the_conditions_are_written() {
    let bench = bench();
    let table = |args: &[&str]| rows(&bench, &[&["facets", "speaker"], args, &["--by", "outlet"]].concat());
    let flags = table(&["*", "--since", "2031-05", "--outlet", "Post"]);
    assert!(flags.iter().any(|row| &row[0] == "Ann Lee Smith" && &row[8] == "250.0000"), "{flags:?}");
    for query in [
        "date:>=2031-05 outlet:Post",
        "outlet:Post AND NOT date:<2031-05",
        "outlet:Post (date:2031-05 OR date:>=2031-06)",
    ] {
        assert_eq!(table(&[query]), flags, "{query}");
    }
    assert_eq!(table(&["outlet:Post", "--since", "2031-05"]), flags);
    // A condition on the quotation leaves what was published as it is.
    let kind = table(&["kind:direct date:>=2031-05 outlet:Post"]);
    assert_eq!(kind, flags);
}

#[test]
fn one_division_at_a_time() {
    let bench = bench();
    for by in ["outlet,month", "quote,passage"] {
        let ended = bench.run(&["facets", "speaker", "--by", by]);
        assert!(ended.code == 2 && ended.stderr.contains("run it once for each"), "{ended:?}");
    }
    assert_eq!(bench.run(&["facets", "speaker", "--by", "quote,outlet"]).code, 0);
}

#[test]
fn a_prefix_needs_no_diacritics() {
    let names = bench().run(&["facets", "speaker", "--prefix", "erdog", "--format", "values"]).stdout;
    assert_eq!(names, "Erdoğan Aydin\n");
}

#[test]
fn every_table_begins_with_a_mark_where_excel_wants_one() {
    let bench = bench();
    for args in [
        &["query", "ferry", "--format", "csv"][..],
        &["facets", "speaker", "--format", "csv"],
        &["facets", "speaker", "--by", "outlet", "--format", "csv"],
        &["timeline", "ferry", "--format", "csv"],
        &["network", "ferry"],
        &["sample", "ferry"],
    ] {
        let ended = bench.run(&[args, &["--bom"]].concat());
        assert!(ended.code < 2 && ended.stdout.starts_with('\u{feff}'), "{args:?}: {ended:?}");
    }
    assert_eq!(bench.run(&["timeline", "ferry", "--bom"]).code, 2);
}

#[test]
fn a_sheet_that_nobody_judged_has_no_precision() {
    let bench = bench();
    bench.file("sheet.csv", bench.run(&["sample", "ferry", "--sample", "3"]).stdout);
    let ended = bench.run(&["sample", "--read", "sheet.csv"]);
    assert_eq!((ended.code, ended.stdout.lines().nth(1)), (1, Some("0,0,3,,,")), "{ended:?}");
    assert!(ended.stderr.contains("nothing is judged"), "{ended:?}");
}

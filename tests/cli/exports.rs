//! Exports, read back by what reads such files.

use std::io::Read as _;

use quick_xml::events::Event;
use serde_json::Value;

use super::workbench::{Workbench, corpus};

fn bench() -> Workbench {
    Workbench::with(&[&corpus()])
}

fn export(bench: &Workbench, format: &str) -> Vec<u8> {
    let output = bench.command().args(["query", "speaker:*", "--all", "--format", format]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

/// Texts of one part of a spreadsheet.
fn texts(book: &[u8], part: &str) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut xml = String::new();
    archive.by_name(part).unwrap().read_to_string(&mut xml).unwrap();
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut texts: Vec<String> = Vec::new();
    let mut rows = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "row" => rows += 1,
            Event::Start(tag) if tag.name().as_ref() == "t" => texts.push(String::new()),
            Event::Text(text) => texts.last_mut().into_iter().for_each(|last| last.push_str(&text)),
            Event::GeneralRef(name) => {
                let character = match &*name {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    other => panic!("`{other}`"),
                };
                texts.last_mut().into_iter().for_each(|last| last.push_str(character));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    texts.push(rows.to_string());
    texts
}

#[test]
fn a_spreadsheet_has_the_rows_of_csv() {
    let bench = bench();
    let csv = export(&bench, "csv");
    let mut rows = csv::Reader::from_reader(csv.as_slice());
    let header: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    let records: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let book = export(&bench, "xlsx");
    let shared = texts(&book, "xl/sharedStrings.xml");
    assert!(header.iter().all(|name| shared.contains(name)), "{shared:?}");
    let speaker = header.iter().position(|name| name == "speaker").unwrap();
    assert!(records.iter().all(|record| record[speaker].is_empty() || shared.contains(&record[speaker].to_owned())));
    let sheet = texts(&book, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.last().unwrap(), &(records.len() + 1).to_string());
    let search = texts(&book, "xl/worksheets/sheet2.xml");
    assert!(search.last().unwrap().parse::<usize>().unwrap() >= 5);
}

#[test]
fn references_are_read_back() {
    let bench = bench();
    let csl: Value = serde_json::from_slice(&export(&bench, "csl-json")).unwrap();
    let items = csl.as_array().unwrap();
    // The names that the schema of CSL input has for what is written.
    let names =
        ["id", "type", "title", "author", "container-title", "section", "issued", "language", "URL", "keyword", "note"];
    let known = |item: &Value| item.as_object().unwrap().keys().all(|name| names.contains(&name.as_str()));
    assert!(items.iter().all(known), "{items:?}");
    let ids: std::collections::HashSet<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert!(ids.len() == items.len() && items.iter().all(|item| item["type"] == "article-newspaper"));
    assert!(items.iter().any(|item| item["issued"]["date-parts"][0].as_array().is_some_and(|parts| parts.len() == 3)));
    // The reader wants a text, which references have none of.
    let ris = String::from_utf8(export(&bench, "ris")).unwrap();
    bench.file("hits.ris", ris.replace("ER  -", "AB  - The ferry left.\r\nER  -"));
    let read = bench.run(&["annotate", "hits.ris", "--format", "jsonl"]);
    let titles: Vec<Value> = read
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["article"]["title"].clone())
        .collect();
    assert_eq!(titles, items.iter().map(|item| item["title"].clone()).collect::<Vec<_>>(), "{}", read.stderr);
}

#[test]
fn annotations_hold_the_words_they_point_at() {
    let bench = bench();
    let page: Value = serde_json::from_slice(&export(&bench, "annotations")).unwrap();
    let hits: Vec<Value> = String::from_utf8(export(&bench, "jsonl"))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let items = page["items"].as_array().unwrap();
    assert_eq!((items.len(), &page["type"]), (hits.len(), &Value::from("AnnotationPage")));
    for (item, hit) in items.iter().zip(&hits) {
        let selectors = &item["target"][0]["selector"];
        assert_eq!(selectors[0]["start"], hit["quotes"][0]["content"][0]["start"]);
        let custody = &hit["article"]["custody"];
        assert_eq!(item["target"][0]["schema:sha256"], custody["sha256"]);
        assert_eq!(item["target"][0]["state"]["sourceDate"], custody["read_at"]);
        assert!(hit["text"].as_str().unwrap().contains(selectors[1]["exact"].as_str().unwrap()));
        assert_eq!(item["body"]["value"]["speaker"], hit["quotes"][0]["speaker"]);
    }
}

#[test]
fn markdown_and_csv_for_excel() {
    let bench = bench();
    let markdown = String::from_utf8(export(&bench, "markdown")).unwrap();
    assert!(markdown.starts_with("# speaker:\\*\n\n") && markdown.contains("\n> — **"), "{markdown}");
    let files = markdown.split_once("\n## Files read\n").unwrap().1;
    assert!(files.lines().count() > 10 && files.contains("SHA-256"), "{files}");
    let marked = bench.run(&["query", "speaker:*", "--format", "csv", "--bom"]);
    assert!(marked.stdout.starts_with("\u{feff}rank,"), "{marked:?}");
    assert_eq!(bench.run(&["query", "speaker:*", "--bom"]).code, 2);
}

#[test]
fn a_network_has_the_same_edges_in_every_format() {
    let bench = bench();
    let edges = |args: &[&str]| bench.run(&[&["network"], args].concat()).stdout;
    let rows = edges(&[]);
    let count = rows.lines().count() - 1;
    assert!(rows.starts_with("speaker,about,kind,quotes,articles\n") && count > 2, "{rows}");
    assert_eq!(edges(&["--format", "jsonl"]).lines().count(), count);
    assert_eq!(edges(&["--format", "dot"]).matches(" -> ").count(), count);
    let graph = edges(&["--format", "graphml"]);
    let mut reader = quick_xml::Reader::from_str(&graph);
    while !matches!(reader.read_event().unwrap(), Event::Eof) {}
    assert_eq!(graph.matches("<edge ").count(), count);
    let sum = |rows: &str| -> u64 {
        rows.lines().skip(1).map(|row| row.rsplit(',').nth(1).unwrap().parse::<u64>().unwrap()).sum()
    };
    assert_eq!(sum(&edges(&["--by", "outlet"])), sum(&rows));
    assert_eq!(sum(&edges(&["--by", "month"])), sum(&rows));
}

#[test]
fn new_hits_go_to_a_command_and_stay_new_if_it_fails() {
    let bench = Workbench::new();
    bench.file("news/a.txt", "The ferry left.\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    let id = bench.run(&["saved", "add", "ferry"]).stdout.trim().to_owned();
    bench.file("news/b.txt", "Another ferry came.\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    let run = |command: &str| bench.run(&["saved", "run", &id, "--new", "--format", "jsonl", "--exec", command]);
    assert_eq!(run("exit 3").code, 2);
    assert_eq!(run("cat > new.jsonl").code, 0);
    let new = std::fs::read_to_string(bench.path("new.jsonl")).unwrap();
    assert!(new.lines().count() == 1 && new.contains("Another ferry") && new.starts_with("{\"rank\":1,"), "{new}");
    assert_eq!(run("exit 3").code, 1);
}

#[test]
fn exports_say_what_was_asked_and_how_much_of_it_they_hold() {
    let bench = bench();
    let args =
        ["query", "--speaker", "brannigan", "--since", "2025-05", "--duplicates", "collapse", "-n", "2", "--format"];
    let asked = "speaker:\"brannigan\" AND date:>=2025-05-01 --duplicates collapse";
    let run = |format: &str| bench.command().args(args).arg(format).output().unwrap().stdout;
    let text = |format: &str| String::from_utf8(run(format)).unwrap();
    let json: Value = serde_json::from_slice(&run("json")).unwrap();
    assert_eq!((json["read_as"].as_str(), json["filters"][1].as_str()), (Some("*"), Some("date:>=2025-05-01")));
    assert_eq!(json["options"][0], "--duplicates collapse");
    let part = format!("2 of {} hits shown", json["total"]);
    let markdown = text("markdown").replace('\\', "");
    assert!(markdown.contains(&format!("read as {asked};")) && markdown.contains(&part), "{markdown}");
    let html = text("html").replace("&#34;", "\"").replace("&#62;", ">");
    assert!(html.contains(asked) && html.contains(&part), "{html}");
    let book = texts(&run("xlsx"), "xl/sharedStrings.xml");
    assert!(book.contains(&asked.to_owned()) && book.contains(&part), "{book:?}");
    let again = bench.run(&[
        "query",
        "speaker:\"brannigan\" AND date:>=2025-05",
        "--duplicates",
        "collapse",
        "--format",
        "json",
    ]);
    assert_eq!(serde_json::from_str::<Value>(&again.stdout).unwrap()["total"], json["total"]);
    for args in [&["facets", "outlet", "*"][..], &["timeline", "*"]] {
        let html = bench.run(&[args, &["--speaker", "brannigan", "--format", "html"]].concat()).stdout;
        assert!(html.replace("&#34;", "\"").contains("speaker:\"brannigan\""), "{html}");
    }
    let explained = bench.run(&["query", "hat", "--speaker", "brannigan", "--explain"]).stdout;
    assert!(explained.starts_with("read as hat AND speaker:\"brannigan\"\n"), "{explained}");
    assert_eq!(bench.run(&["query"]).code, 2);
}

#[test]
fn references_name_the_file_that_was_read() {
    let ris = String::from_utf8(export(&bench(), "ris")).unwrap();
    assert!(ris.lines().any(|line| line.starts_with("N1  - ") && line.contains(".txt. Source file: ")), "{ris}");
}

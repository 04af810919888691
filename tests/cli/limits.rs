//! Where the system grants little: few open files, a small stack, another index folder than hoped for.

use super::workbench::{Ended, Workbench};

const ARTICLE: &str = "Lena Ode spoke on Monday.\n\n“The wall will hold,” Lena Ode said.\n";

#[test]
fn standard_input_takes_nothing_away_that_came_from_it_before() {
    let bench = Workbench::new();
    for (id, text) in [("a", "The wall will hold."), ("b", "The wall fell.")] {
        let record = serde_json::json!({"id": id, "text": text}).to_string();
        let output = bench.command().args(["ingest", "-"]).write_stdin(record).output().unwrap();
        assert_eq!(Ended::from(output).code, 0);
    }
    assert_eq!(bench.ask("wall", &[]).0.len(), 2);
    bench.file("good.txt", ARTICLE);
    assert_eq!(bench.run(&["ingest", ".", "--prune"]).code, 0, "the index below is not read");
    assert_eq!(bench.ask("wall", &["--by", "article"]).0.len(), 3);
}

#[test]
fn an_index_that_is_a_file_is_told() {
    let bench = Workbench::new();
    bench.file("good.txt", ARTICLE);
    for index in ["good.txt", "good.txt/index"] {
        for args in [["ingest", "good.txt"], ["query", "wall"]] {
            let ended = bench.run(&["--index", index, args[0], args[1]]);
            let told = format!("error: `{index}` is not a folder; choose one for the index with `--index`\n");
            assert_eq!((ended.code, ended.stderr.as_str()), (2, told.as_str()));
        }
    }
}

/// Runs the binary in a shell that limits what it may take: `-n` open files, `-s` kilobytes of stack.
#[cfg(target_os = "linux")]
fn limited(bench: &Workbench, limit: &str, args: &[&str]) -> Ended {
    let binary = bench.command().get_program().to_owned();
    let script = format!("ulimit {limit} && exec \"$0\" \"$@\"");
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .arg(binary)
        .args(args)
        .current_dir(bench.path(""))
        .output();
    output.unwrap().into()
}

#[cfg(target_os = "linux")]
#[test]
fn few_open_files_suffice_and_too_few_are_told() {
    let bench = Workbench::new();
    for n in 0..40 {
        bench.file(&format!("news/{n}.txt"), ARTICLE.replace("Monday", &format!("day {n}")));
    }
    let ended = limited(&bench, "-n 7", &["ingest", "news"]);
    assert_eq!(ended.code, 2, "{ended:?}");
    let told = "error: too few open files are allowed for the index in `index`; allow more with `ulimit -n 1024`\n";
    assert_eq!(ended.stderr, told);
    // Every article a commit of its own, so that there are many segments at a time.
    let ended = limited(&bench, "-n 32", &["ingest", "news", "--commit-every", "0"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(limited(&bench, "-n 32", &["query", "wall"]).code, 0);
    assert_eq!(limited(&bench, "-n 32", &["verify"]).code, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn no_depth_of_nesting_takes_stack() {
    const DEPTH: usize = 20_000;
    let nested = |open: &str, inside: &str, close: &str| open.repeat(DEPTH) + inside + &close.repeat(DEPTH);
    let bench = Workbench::new();
    bench.file("news/good.txt", ARTICLE);
    bench.file("news/lists.json", nested("[", "1", "]"));
    bench.file("news/objects.json", nested("{\"a\":", "1", "}"));
    bench.file("news/page.html", nested("<div>", "<p>The wall will hold, Lena Ode said.</p>", "</div>"));
    bench.file("news/bold.html", nested("<b>", "The wall will hold, Lena Ode said.", "</b>"));
    bench.file("news/linked.html", "<script type='application/ld+json'>".to_owned() + &"{\"@graph\":[".repeat(DEPTH));
    bench.file("news/item.xml", format!("<nitf><body>{}</body></nitf>", nested("<block>", "x", "</block>")));
    bench.file("news/mail.eml", "Subject: x\n".to_owned() + &"Content-Type: message/rfc822\n\n".repeat(DEPTH));
    bench.file("news/quoted.md", "> ".repeat(DEPTH) + "The wall will hold.");
    let ended = limited(&bench, "-s 1024", &["ingest", "news"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    for query in [nested("(", "wall", ")"), "NOT ".repeat(DEPTH) + "wall", "said:".repeat(DEPTH) + "wall"] {
        assert!(limited(&bench, "-s 1024", &["query", &query]).code < 2);
    }
}

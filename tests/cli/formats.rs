//! What each command prints, format by format.

use serde_json::Value;

use super::workbench::Workbench;

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

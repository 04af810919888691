//! Where flags come from when they are not typed: variables, `onrecord.toml` here, the user's `onrecord.toml`.

use super::workbench::Workbench;

const ARTICLE: &str = "Lena Ode spoke on Monday.\n\n“The wall will hold,” Ode said.\n";

/// How many lines `annotate` prints: one with `jsonl`, many as text.
#[track_caller]
fn check_lines(bench: &Workbench, args: &[&str], one_line: bool) {
    let ended = bench.run(args);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(ended.stdout.lines().count() == 1, one_line, "{ended:?}");
}

#[test]
fn what_is_typed_wins_over_the_folder_over_the_user() {
    let bench = Workbench::new();
    bench.file("a.txt", ARTICLE);
    check_lines(&bench, &["annotate", "a.txt"], false);
    bench.file("settings/onrecord/onrecord.toml", "[annotate]\nformat = \"jsonl\"\n");
    check_lines(&bench, &["annotate", "a.txt"], true);
    bench.file("onrecord.toml", "[annotate]\nformat = \"text\"\n");
    check_lines(&bench, &["annotate", "a.txt"], false);
    check_lines(&bench, &["annotate", "a.txt", "--format", "jsonl"], true);
}

#[test]
fn a_variable_names_another_file_or_a_flag() {
    let bench = Workbench::new();
    let elsewhere = bench.file("elsewhere.toml", "quiet = true\n");
    let run =
        |name: &str, value: &str| bench.command().args(["annotate", "gone.txt"]).env(name, value).output().unwrap();
    for output in [run("ONRECORD_CONFIG", elsewhere.to_str().unwrap()), run("ONRECORD_QUIET", "1")] {
        assert_eq!(output.status.code(), Some(3));
        assert!(output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn what_cannot_be_set_is_told_with_its_place() {
    for (settings, told) in [
        ("index = ", "TOML parse error at line 1, column 9"),
        ("[annotate]\nthread = 2", "`onrecord.toml`: [annotate]: unknown flag `--thread`"),
        ("[anotate]\nthreads = 2", "`onrecord.toml`: unknown command `[anotate]`"),
        ("[annotate]\nthreads = 0", "`onrecord.toml`: invalid value '0' for '--threads <N>'"),
    ] {
        let bench = Workbench::new();
        bench.file("a.txt", ARTICLE);
        bench.file("onrecord.toml", settings);
        let ended = bench.run(&["annotate", "a.txt"]);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(ended.stderr.contains(told), "{ended:?}");
    }
}

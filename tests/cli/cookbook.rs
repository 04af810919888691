//! The commands of the cookbook, run one after the other as they are printed there.

use std::path::Path;
use std::process::Command;

use super::workbench::{Workbench, corpus};

/// True if `line` is `pattern`, in which `[..]` is anything.
fn fits(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap()) else { return false };
    for part in parts {
        let Some(at) = rest.rfind(part).filter(|_| part.is_empty()).or_else(|| rest.find(part)) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.is_empty()
}

/// The commands of a page, each with the lines that its output must hold in this order.
fn commands(page: &str) -> Vec<(String, Vec<String>)> {
    let mut commands: Vec<(String, Vec<String>)> = Vec::new();
    for block in page.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(command), _) => commands.push((command.to_owned(), Vec::new())),
                (None, Some((_, lines))) if !line.trim().is_empty() => lines.push(line.trim().to_owned()),
                (None, _) => {}
            }
        }
    }
    commands
}

#[cfg(unix)]
#[test]
fn every_job_of_the_cookbook_does_what_the_page_says() {
    let bench = Workbench::new();
    std::os::unix::fs::symlink(corpus(), bench.path("corpus")).unwrap();
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cookbook.md")).unwrap();
    let binary = assert_cmd::cargo::cargo_bin("onrecord");
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    for (command, lines) in commands(&page) {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(bench.path(""))
            .env("PATH", &path)
            .env("COLUMNS", "80");
        let output =
            shell.env("XDG_CONFIG_HOME", bench.path("settings")).env("ONRECORD_INDEX", "index").output().unwrap();
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code().is_some_and(|code| code != 2), "{command}\n{shown}");
        let mut left = shown.lines().map(str::trim);
        for line in lines {
            assert!(left.any(|shown| fits(shown, &line)), "`{line}` is not in what `{command}` prints:\n{shown}");
        }
    }
}

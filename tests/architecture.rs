//! What ARCHITECTURE.md names is there: files and folders, and the functions on the way of an article and of a query.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What is between backquotes, outside blocks of code.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2))
}

/// The path and the text of every source file, as one text.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(format!("{}\n{}", path.display(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn files_and_folders_are_there() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let is_path = |name: &&str| name.contains('/') && !name.contains([' ', '<', '*']) && !name.starts_with("..");
    let is_there = |name: &str| {
        let mut places = ["", "src", "src/index", "src/engine", "src/query"]
            .map(|folder| root().join(folder).join(name))
            .into_iter();
        places.any(|path| path.exists() || path.with_extension("rs").exists())
    };
    let missing: Vec<&str> = names(&text).filter(is_path).filter(|name| !is_there(name)).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn functions_of_the_two_ways_are_there() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    let ways = text
        .split("\n## ")
        .filter(|part| part.starts_with("From file to hit") || part.starts_with("The way of a query"));
    let steps: Vec<(&str, &str)> = ways.flat_map(names).filter_map(|name| name.rsplit_once("::")).collect();
    assert!(steps.len() > 20, "{steps:?}");
    for (of, name) in steps {
        let of = of.rsplit("::").next().unwrap();
        let forms = [format!("fn {name}("), format!("fn {name}<"), format!("struct {name}"), format!("pub {name}: ")];
        let is_there = |file: &&String| file.contains(of) && forms.iter().any(|form| file.contains(form));
        assert!(files.iter().any(|file| is_there(&file)), "{of}::{name}");
    }
}

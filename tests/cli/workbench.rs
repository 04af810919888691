//! An index of its own for every test, and the binary to fill and ask it.

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A folder that is gone after the test, with an index in it.
pub(crate) struct Workbench {
    folder: TempDir,
}

/// How a run of the binary ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workbench {
    pub(crate) fn new() -> Self {
        Workbench { folder: TempDir::new().unwrap() }
    }

    /// A workbench whose index holds these files and folders.
    #[track_caller]
    pub(crate) fn with(paths: &[&Path]) -> Self {
        let bench = Workbench::new();
        let mut args = vec!["ingest"];
        args.extend(paths.iter().map(|path| path.to_str().unwrap()));
        let ended = bench.run(&args);
        assert_eq!(ended.code, 0, "{ended:?}");
        bench
    }

    /// Where a file of this name stands.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file and tells where.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The binary, in this folder, with this index and nothing set by the user.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::cargo_bin("onrecord").unwrap();
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ONRECORD_")) {
            command.env_remove(name);
        }
        command.current_dir(self.folder.path()).env("XDG_CONFIG_HOME", self.path("settings")).env("COLUMNS", "80");
        command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }

    /// Runs the binary with these arguments.
    pub(crate) fn run(&self, args: &[&str]) -> Ended {
        self.command().args(args).output().unwrap().into()
    }

    /// The hits of a query, and the exit code.
    #[track_caller]
    pub(crate) fn ask(&self, query: &str, flags: &[&str]) -> (Vec<Value>, i32) {
        let mut args = vec!["query", query, "--format", "json"];
        args.extend(flags);
        let ended = self.run(&args);
        assert!(ended.code < 2, "{ended:?}");
        let answer: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|e| panic!("{e}: {ended:?}"));
        (answer["hits"].as_array().unwrap().clone(), ended.code)
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Ended {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// The sample articles of this repository.
pub(crate) fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

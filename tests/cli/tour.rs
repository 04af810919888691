//! The README's commands, run as they stand there.

use std::path::Path;

#[test]
fn the_readme_says_what_happens() {
    let scratch = tempfile::TempDir::new().unwrap();
    let scratch = |name: &str| scratch.path().join(name).to_string_lossy().into_owned();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    trycmd::TestCases::new()
        .env("ONRECORD_INDEX", scratch("index"))
        .env("XDG_CONFIG_HOME", scratch("settings"))
        .env("COLUMNS", "80")
        .case(root.join("README.md"))
        .run();
}

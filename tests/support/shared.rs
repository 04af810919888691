//! Material that is not ours to publish, in a folder beside the repository.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A file or folder in `../shared`, or where `ONRECORD_SHARED` says. Where it is missing the test is skipped, which is
/// printed even if the test passes; in CI it fails.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("ONRECORD_SHARED").map_or(beside, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{} is missing", path.display());
    // The test harness captures `eprintln!`, but not this.
    let _ = writeln!(std::io::stderr(), "skipped: {} is missing", path.display());
    None
}

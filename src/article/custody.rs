//! Chain of custody: which file an article was read from, and when.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// The source file of an article as it was read: whoever has the file can show that it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custody {
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was read, in UTC.
    pub read_at: String,
}

/// `Source file: 10 bytes, SHA-256 0f4c…, read 2026-05-16T10:00:00Z`.
impl Display for Custody {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "Source file: {} bytes, SHA-256 {}, read {}", self.bytes, self.sha256, self.read_at)
    }
}

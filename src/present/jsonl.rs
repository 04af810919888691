//! JSON lines: one object a line, for scripts.

use std::io::{self, Write};

use serde::Serialize;

/// Writes `value` as one line.
pub fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

//! One JSON object, laid out so that people can read it too.

use std::io::{self, Write};

use serde::Serialize;

/// Writes `value` as one document.
pub fn document(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}

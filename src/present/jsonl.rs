//! JSON lines: one object per line.

use std::io::{self, Write};

use serde::Serialize;

use super::HitWriter;
use super::harmless::Escaped;
use crate::search::{Hit, Response};

/// Writes `value` as one line.
pub fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(Escaped(&mut *out), value)?;
    out.write_all(b"\n")
}

/// One line per hit.
pub struct JsonLinesWriter<W: Write>(pub W);

impl<W: Write> HitWriter for JsonLinesWriter<W> {
    fn open(&mut self, _: &Response) -> io::Result<()> {
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        line(&mut self.0, hit)
    }

    fn close(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

//! JSON lines: one object a line, for scripts.

use std::io::{self, Write};

use serde::Serialize;

use super::Sheet;
use super::harmless::Escaped;
use crate::search::{Hit, Response};

/// Writes `value` as one line.
pub fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(Escaped(&mut *out), value)?;
    out.write_all(b"\n")
}

/// A line a hit.
pub struct Lines<W: Write>(pub W);

impl<W: Write> Sheet for Lines<W> {
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

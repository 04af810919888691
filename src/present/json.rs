//! One JSON object per answer, with one line per key and hit, so that answers can be compared line by line.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::HitWriter;
use super::harmless::Escaped;
use crate::search::{Hit, Response};

/// Writes `value` as one indented document.
pub fn document(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(Escaped(&mut *out), value)?;
    out.write_all(b"\n")
}

/// Writes one JSON object per answer.
pub struct JsonWriter<W: Write> {
    out: Escaped<W>,
    /// What follows the hits.
    rest: Vec<(String, Value)>,
    hits: u64,
}

impl<W: Write> JsonWriter<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        JsonWriter { out: Escaped(out), rest: Vec::new(), hits: 0 }
    }
}

impl<W: Write> HitWriter for JsonWriter<W> {
    fn open(&mut self, answer: &Response) -> io::Result<()> {
        let Value::Object(fields) = serde_json::to_value(answer)? else { return Ok(()) };
        let mut fields = fields.into_iter();
        let mut before = "{\n";
        for (name, value) in fields.by_ref().take_while(|(name, _)| name != "hits") {
            write!(self.out, "{before}{}:{value}", Value::from(name))?;
            before = ",\n";
        }
        write!(self.out, "{before}\"hits\":[")?;
        self.rest = fields.collect();
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.out.write_all(if self.hits == 0 { b"\n" } else { b",\n" })?;
        self.hits += 1;
        Ok(serde_json::to_writer(&mut self.out, hit)?)
    }

    fn close(&mut self) -> io::Result<()> {
        self.out.write_all(if self.hits == 0 { b"]" } else { b"\n]" })?;
        for (name, value) in self.rest.drain(..) {
            write!(self.out, ",\n{}:{value}", Value::from(name))?;
        }
        self.out.write_all(b"\n}\n")?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_parts_reads_as_a_whole() {
        let answer = Response {
            query: "a \"b\"".into(),
            read_as: "a AND b".into(),
            facets: [("outlet".to_owned(), vec![])].into(),
            took_ms: 3,
            ..Response::default()
        };
        let mut out = Vec::new();
        let mut writer = JsonWriter::new(&mut out);
        writer.open(&answer).unwrap();
        writer.close().unwrap();
        assert_eq!(serde_json::from_slice::<Response>(&out).unwrap(), answer);
    }
}

//! CSV for spreadsheets: a header, one row per hit, nothing cut off.

use std::borrow::Cow;
use std::io::{self, Write};

use super::HitWriter;
use super::columns::{COLUMNS, cells};
use super::harmless::block;
use crate::search::{Hit, Response};

/// One row per hit.
pub struct CsvWriter<W: Write> {
    rows: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        CsvWriter { rows: csv::Writer::from_writer(out) }
    }
}

impl<W: Write> HitWriter for CsvWriter<W> {
    fn open(&mut self, _: &Response) -> io::Result<()> {
        self.rows.write_record(COLUMNS).map_err(io_error)
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.rows.write_record(cells(hit).iter().map(|cell| inert(cell).into_owned())).map_err(io_error)
    }

    fn close(&mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

/// Writes a table of plain cells under a header.
pub fn table<'a>(
    out: &mut impl Write,
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<Cow<'a, str>>>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(header).map_err(io_error)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| inert(cell).into_owned())).map_err(io_error)?;
    }
    writer.flush()
}

/// The cell without harmful characters, and with an apostrophe before what a spreadsheet would run as a formula.
///
/// The signs are those the OWASP names for CSV injection; numbers stay numbers.
fn inert(cell: &str) -> Cow<'_, str> {
    let cell = block(cell);
    let risky =
        cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) && cell.parse::<f64>().is_err();
    if risky { Cow::Owned(format!("'{cell}")) } else { cell }
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused_and_numbers_left_alone() {
        for (cell, expect) in [
            ("=1+1", "'=1+1"),
            ("-2.5", "-2.5"),
            ("- no comment", "'- no comment"),
            ("@desk", "'@desk"),
            ("a=b", "a=b"),
            ("red \u{1b}[31malert\nturned \u{202e}round", "red \u{fffd}[31malert\nturned \u{fffd}round"),
        ] {
            assert_eq!(inert(cell), expect);
        }
    }
}

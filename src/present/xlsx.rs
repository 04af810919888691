//! A spreadsheet: a sheet of hits in the columns of CSV, and a sheet of the search, so that it can be repeated.

use std::io::{self, Write};

use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::HitWriter;
use super::columns::{COLUMNS, NUMBERS, cells};
use super::harmless::block;
use super::phrase::part;
use crate::search::{Hit, Response};

/// Rows of a sheet, its header included.
const ROWS: u32 = 1_048_576;

/// The row of the sheet `search` that says how many hits the other sheet holds, after the query and how it was read.
const SHOWN: u32 = 2;

/// Characters of a cell; the format allows no more.
const LONGEST: usize = 32_767;

/// What ends a cell that had to be cut.
const CUT: &str = " [cut: a cell holds no more; CSV has all of it]";

/// A workbook, kept in memory until it is closed.
pub struct XlsxWriter<W: Write> {
    out: W,
    hits: Worksheet,
    search: Worksheet,
    row: u32,
    total: u64,
}

impl<W: Write> XlsxWriter<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        XlsxWriter { out, hits: Worksheet::new(), search: Worksheet::new(), row: 0, total: 0 }
    }

    fn header(&mut self, answer: &Response) -> Result<(), XlsxError> {
        self.hits.set_name("hits")?.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(COLUMNS) {
            self.hits.write_string(0, column, name)?;
        }
        self.search.set_name("search")?.set_column_width(0, 20)?;
        let facts = [("query", answer.query.clone()), ("read as", answer.asked())].into_iter();
        let index = [
            ("hits", answer.total.to_string()),
            ("articles in the index", answer.index.articles.to_string()),
            ("digest of the index", answer.index.digest.clone()),
        ];
        let variants = answer.expansions.iter().map(|expansion| ("variant", expansion.variant.clone()));
        for (row, (name, value)) in (0..SHOWN).chain(SHOWN + 1..ROWS).zip(facts.chain(index).chain(variants)) {
            self.search.write_string(row, 0, name)?.write_string(row, 1, cell(&value))?;
        }
        self.total = answer.total;
        Ok(())
    }

    fn row(&mut self, hit: &Hit) -> Result<(), XlsxError> {
        for ((column, name), text) in (0..).zip(COLUMNS).zip(&cells(hit)) {
            match text.parse::<f64>() {
                Ok(number) if NUMBERS.contains(&name) => self.hits.write_number(self.row, column, number)?,
                _ if text.is_empty() => continue,
                _ => self.hits.write_string(self.row, column, cell(text))?,
            };
        }
        Ok(())
    }
}

impl<W: Write> HitWriter for XlsxWriter<W> {
    fn open(&mut self, answer: &Response) -> io::Result<()> {
        self.header(answer).map_err(io::Error::other)
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.row += 1;
        if self.row == ROWS {
            return Err(io::Error::other(format!("a sheet holds {} hits at most; export CSV instead", ROWS - 1)));
        }
        self.row(hit).map_err(io::Error::other)
    }

    fn close(&mut self) -> io::Result<()> {
        let shown = part(self.row.into(), self.total).unwrap_or_else(|| "all hits".to_owned());
        let row = self.search.write_string(SHOWN, 0, "in this file");
        row.and_then(|sheet| sheet.write_string(SHOWN, 1, shown)).map_err(io::Error::other)?;
        let mut workbook = Workbook::new();
        workbook.push_worksheet(std::mem::take(&mut self.hits));
        workbook.push_worksheet(std::mem::take(&mut self.search));
        self.out.write_all(&workbook.save_to_buffer().map_err(io::Error::other)?)?;
        self.out.flush()
    }
}

/// Text that fits a cell. Its type keeps it from being run as a formula.
fn cell(text: &str) -> String {
    let text = block(text);
    // The limit counts UTF-16 units.
    if text.encode_utf16().count() <= LONGEST {
        return text.into_owned();
    }
    let mut left = LONGEST - CUT.len();
    let fits = |c: &char| {
        let room = left.checked_sub(c.len_utf16());
        left = room.unwrap_or_default();
        room.is_some()
    };
    text.chars().take_while(fits).chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_cells_are_cut_and_say_so() {
        assert_eq!(cell("ferry"), "ferry");
        let long = cell(&"🚢a".repeat(20_000));
        assert!(long.encode_utf16().count() <= LONGEST && long.ends_with(CUT));
    }
}

//! Tables: a row an article, its columns named as records name their fields.

mod csv;
mod dialect;
mod rows;
mod sqlite;

pub(super) use csv::{has_day_first, split as split_csv};
pub(crate) use sqlite::named as named_table;
pub(super) use sqlite::split as split_sqlite;

use rows::{Dialect, Row, Rows};

/// The rows of a table that is all here, their fields parted by `separator`; a broken row is left out.
pub(super) fn rows_of(text: &str, separator: char) -> impl Iterator<Item = Vec<String>> {
    let separator = u8::try_from(separator).unwrap_or(b',');
    let mut rows = Rows::new(text.as_bytes(), Dialect { separator, quote: b'"', backslash: false }, text.len() as u64);
    std::iter::from_fn(move || {
        loop {
            match rows.next() {
                Ok(Row::Fields(fields)) => return Some(fields.iter().map(|field| dialect::text(field)).collect()),
                Ok(Row::TooLong | Row::TooWide | Row::Unclosed) => {}
                Ok(Row::End) | Err(_) => return None,
            }
        }
    })
}

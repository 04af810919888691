//! Tables: a row an article, its columns named as records name their fields.

mod csv;
mod dialect;
mod rows;
mod sqlite;

pub(super) use csv::{has_day_first, split as split_csv};
pub(crate) use sqlite::named as named_table;
pub(super) use sqlite::split as split_sqlite;

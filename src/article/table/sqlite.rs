//! `SQLite` databases, read only: one table, named as `file.db:table` or the only one that has articles.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};
use serde_json::Value;

use super::super::problem::shown;
use super::super::{Bounds, Content, FieldMap, Fields, Format, Hints, Options, Place, Problem, Raw, Sink, Skip};

/// The file and the table that `file.db:table` names, if there is such a file.
pub(crate) fn named(source: &Path) -> Option<(PathBuf, String)> {
    if source.exists() {
        return None;
    }
    let (file, table) = source.to_str()?.rsplit_once(':')?;
    let is_name = !table.is_empty() && !table.contains(['/', '\\']);
    let is_file = is_name && fs::metadata(file).is_ok_and(|known| known.is_file());
    is_file.then(|| (PathBuf::from(file), table.to_owned()))
}

/// Reads the rows of `table`, or of the one table that has articles.
pub(in super::super) fn split(
    file: Option<&Path>,
    table: Option<&str>,
    place: &Place,
    options: &Options,
    give: &mut Sink,
) -> ControlFlow<()> {
    let read = if let Some(file) = file {
        open(file, &options.bounds)
            .and_then(|database| Ok((choose(&database, table, &options.map)?, database)))
            .and_then(|(table, database)| rows(&database, &table, place, give))
    } else {
        let how = "by unpacking it first: a database is read from its own file";
        Err(Problem::Unsupported { what: "a database within an archive or layer", how })
    };
    match read {
        Ok(flow) => flow,
        Err(problem) => give(Err(Skip::new(place.clone(), problem).of(Format::Sqlite))),
    }
}

/// Opens a database without ever writing to it, with bounds on what a cell may hold.
fn open(file: &Path, bounds: &Bounds) -> Result<Connection, Problem> {
    let database =
        Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| refused(&error))?;
    let limit = i32::try_from(bounds.article).unwrap_or(i32::MAX);
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, limit).map_err(|error| refused(&error))?;
    // A schema made by others may hold functions; none of them shall run.
    database
        .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
        .map_err(|error| refused(&error))?;
    Ok(database)
}

fn choose(database: &Connection, table: Option<&str>, map: &FieldMap) -> Result<String, Problem> {
    let tables = tables(database).map_err(|error| refused(&error))?;
    if let Some(wanted) = table {
        let found = tables.iter().find(|name| name.eq_ignore_ascii_case(wanted));
        return found
            .cloned()
            .ok_or_else(|| Problem::NoTable { wanted: wanted.to_owned(), found: shown(&tables.join(", ")) });
    }
    let fits = |table: &&String| columns(database, table).is_ok_and(|columns| map.has_body(&columns));
    let fitting: Vec<&String> = tables.iter().filter(fits).collect();
    match fitting.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Err(Problem::NoFittingTable { found: shown(&tables.join(", ")) }),
        _ => Err(Problem::ManyTables { found: shown(&fitting.into_iter().cloned().collect::<Vec<_>>().join(", ")) }),
    }
}

fn tables(database: &Connection) -> rusqlite::Result<Vec<String>> {
    let query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    database.prepare(query)?.query_map((), |row| row.get(0))?.collect()
}

/// The columns of a table, each with something in it, as a record that could be looked at.
fn columns(database: &Connection, table: &str) -> rusqlite::Result<Fields> {
    let statement = database.prepare(&format!("SELECT * FROM {} LIMIT 0", quoted(table)))?;
    Ok(statement.column_names().into_iter().map(|name| (name.to_owned(), Value::from("x"))).collect())
}

fn rows(database: &Connection, table: &str, place: &Place, give: &mut Sink) -> Result<ControlFlow<()>, Problem> {
    let mut statement =
        database.prepare(&format!("SELECT * FROM {}", quoted(table))).map_err(|error| refused(&error))?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = statement.query(()).map_err(|error| refused(&error))?;
    for number in 1u64.. {
        let fields = match rows.next() {
            Ok(Some(row)) => fields(row, &names),
            Ok(None) => break,
            Err(error) => return Err(refused(&error)),
        };
        let raw = Raw {
            place: place.part(number),
            format: Format::Sqlite,
            content: Content::Fields(fields),
            hints: Hints::default(),
        };
        if give(Ok(raw)).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn fields(row: &Row<'_>, names: &[String]) -> Fields {
    let value = |at: usize| match row.get_ref(at) {
        Ok(ValueRef::Integer(number)) => Value::from(number),
        Ok(ValueRef::Real(number)) => Value::from(number),
        Ok(ValueRef::Text(text) | ValueRef::Blob(text)) => Value::String(String::from_utf8_lossy(text).into_owned()),
        Ok(ValueRef::Null) | Err(_) => Value::Null,
    };
    names.iter().cloned().enumerate().map(|(at, name)| (name, value(at))).collect()
}

/// A name as SQL wants it, whatever it holds.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn refused(error: &rusqlite::Error) -> Problem {
    let is_fault = matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::DiskFull
        )
    );
    if is_fault {
        return Problem::Unreadable(io::Error::other(error.to_string()));
    }
    Problem::Malformed {
        format: Format::Sqlite,
        detail: format!("{error}; check the file with `sqlite3 FILE .schema`"),
    }
}

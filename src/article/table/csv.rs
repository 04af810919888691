//! Tables as text: CSV, TSV and their relatives.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use encoding_rs::Encoding;
use serde_json::Value;

use super::super::stream::Stream;
use super::super::unpack::{Options, Sink};
use super::super::{Content, End, Fields, Format, Hints, Place, Problem, Raw, Skip, charset};
use super::dialect;
use super::rows::{MOST_FIELDS, Row, Rows};

/// A cell longer than this is text; a table whose first row has such a cell has no header.
const LONGEST_NAME: usize = 100;

/// Cuts a table into its rows; the first row names the fields. Rows that do not fit it are reported and the rest is read.
pub(in super::super) fn split(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let is_whole = stream.head_is_all();
    let Stream { place, mut body, what, mut head, .. } = stream.into_utf8();
    // Tables of classic Mac OS end their rows with carriage returns alone.
    if memchr::memchr(b'\n', &head).is_none() && head.contains(&b'\r') {
        head.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        body = Box::new(BufReader::new(LineFeeds(body)));
    }
    let (head, declared) = declared_separator(&head);
    let knows =
        |names: &[String]| options.map.has_body(&names.iter().cloned().map(|name| (name, Value::from("x"))).collect());
    let mut dialect = dialect::of(head, is_whole, &knows);
    if let Some(separator) = declared {
        dialect.separator = separator;
        skip_line(&mut body);
    }
    let day_first = has_column_of_days_first(&dialect::sample(head, is_whole, dialect));
    let mut table = Table { place, columns: Vec::new(), guessed: false, day_first, encoding: None };
    let mut rows = Rows::new(body, dialect, options.bounds.article);
    for number in 1u64.. {
        let row = match rows.next() {
            Ok(row) => row,
            Err(source) => {
                return give(Err(Skip::new(table.place, Problem::CutShort { what, source }).of(Format::Csv)));
            }
        };
        match row {
            Row::End => {
                let empty = number <= 2 && !table.guessed;
                return if empty {
                    give(Err(Skip::new(table.place, Problem::NoText).of(Format::Csv)))
                } else {
                    ControlFlow::Continue(())
                };
            }
            Row::Fields(fields) if number == 1 => {
                let names: Vec<String> = fields.iter().map(|name| dialect::text(name)).collect();
                if is_data(&names) {
                    table.columns = guess(&dialect::sample(head, is_whole, dialect));
                    table.guessed = true;
                    table.row(number, &rows, fields, give)?;
                } else {
                    table.columns = names;
                }
            }
            Row::Fields(fields) => table.row(number, &rows, fields, give)?,
            Row::TooLong => {
                let limit = options.bounds.article >> 20;
                let detail = format!("the row at line {} is longer than {limit} MB", rows.line());
                table.open_row(number, &detail, give)?;
            }
            Row::TooWide => {
                let detail = format!("the row at line {} has more than {MOST_FIELDS} columns", rows.line());
                table.open_row(number, &detail, give)?;
            }
            Row::Unclosed => {
                table.open_row(number, &format!("the row at line {} runs into other rows", rows.line()), give)?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// The separator that a first line `sep=;` declares, as spreadsheets do, and what follows it.
fn declared_separator(head: &[u8]) -> (&[u8], Option<u8>) {
    match head {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator, b'\r', b'\n', rest @ ..]
        | [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator, b'\n', rest @ ..] => (rest, Some(*separator)),
        _ => (head, None),
    }
}

fn skip_line(body: &mut dyn BufRead) {
    // A failure shows again when the first row is read.
    let _ = body.skip_until(b'\n');
}

/// True for a first row that is not a header: it holds an address, a text, or a number.
fn is_data(names: &[String]) -> bool {
    names.iter().any(|name| name.len() > LONGEST_NAME || name.starts_with("http://") || name.starts_with("https://"))
}

/// Names for the columns of a table without header, by what they look like: addresses, days, the longest is the text.
fn guess(rows: &[Vec<Vec<u8>>]) -> Vec<String> {
    let width = rows.first().map_or(0, Vec::len);
    let cells = |column: usize| rows.iter().filter_map(move |row| row.get(column));
    let length = |column: usize| cells(column).map(Vec::len).sum::<usize>();
    let all = |column: usize, fits: fn(&[u8]) -> bool| cells(column).all(|cell| fits(cell));
    let mut names = vec![String::new(); width];
    let mut take = |name: &str, column: Option<usize>| {
        if let Some(free) = column.and_then(|column| names.get_mut(column)).filter(|free| free.is_empty()) {
            name.clone_into(free);
        }
    };
    let text = (0..width).max_by_key(|&column| length(column));
    take("text", text);
    take("url", (0..width).find(|&column| all(column, |cell| cell.starts_with(b"http"))));
    take("date", (0..width).find(|&column| all(column, looks_like_day)));
    let rest = (0..width).filter(|&column| Some(column) != text && !all(column, |cell| cell.starts_with(b"http")));
    take("title", rest.max_by_key(|&column| length(column)));
    for (number, name) in names.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
        *name = format!("column {}", number + 1);
    }
    names
}

/// True for what starts as dates of any order do: with two or four digits and a mark.
fn looks_like_day(cell: &[u8]) -> bool {
    let digits = cell.iter().take_while(|byte| byte.is_ascii_digit()).count();
    matches!(digits, 1 | 2 | 4) && cell.len() < 40 && matches!(cell.get(digits), Some(b'-' | b'.' | b'/' | b' '))
}

/// A body with line feeds in place of carriage returns.
struct LineFeeds<R>(R);

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        buffer.iter_mut().take(count).filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        Ok(count)
    }
}

/// True if a column of days such as `25/03/2025` shows that the day goes first.
fn has_column_of_days_first(rows: &[Vec<Vec<u8>>]) -> bool {
    let width = rows.first().map_or(0, Vec::len);
    (0..width).any(|column| has_day_first(rows.iter().filter_map(|row| row.get(column)).map(Vec::as_slice)))
}

/// True if days such as `25/03/2025` show that the day goes first.
pub(in super::super) fn has_day_first<'d>(days: impl Iterator<Item = &'d [u8]>) -> bool {
    let days: Vec<[u32; 2]> = days.filter_map(day_and_month).collect();
    days.iter().any(|[first, _]| *first > 12) && days.iter().all(|[_, second]| *second <= 12)
}

/// The first two numbers of a cell like `25/03/2025 10:15`.
fn day_and_month(cell: &[u8]) -> Option<[u32; 2]> {
    let text = std::str::from_utf8(cell).ok()?.trim();
    let mut numbers = text.splitn(3, ['/', '-', '.']);
    let mut number = || numbers.next().filter(|part| (1..=2).contains(&part.len()))?.parse::<u32>().ok();
    let (first, second) = (number()?, number()?);
    numbers.next().filter(|year| year.starts_with(|c: char| c.is_ascii_digit()))?;
    Some([first, second])
}

/// What programs write for a value that is missing.
const MISSING: [&str; 12] = ["nan", "NaN", "NaT", "None", "NULL", "null", "\\N", "<NA>", "NA", "N/A", "n/a", "#N/A"];

/// A cell's value: nothing where a program wrote that there is none; line ends that were escaped are line ends.
fn value(cell: String) -> Value {
    if MISSING.contains(&cell.as_str()) {
        return Value::Null;
    }
    let is_escaped = |at: usize| {
        let after = cell.get(at + 2..).and_then(|rest| rest.chars().next());
        after.is_none_or(|c| !c.is_lowercase())
    };
    let escaped = !cell.contains('\n') && cell.match_indices("\\n").any(|(at, _)| is_escaped(at));
    Value::String(if escaped { cell.replace("\\r\\n", "\n").replace("\\n", "\n") } else { cell })
}

struct Table {
    place: Place,
    columns: Vec<String>,
    /// True if the names of the columns were guessed.
    guessed: bool,
    /// True if its days go before its months.
    day_first: bool,
    /// What cells that are not UTF-8 are written in, once one was found.
    encoding: Option<&'static Encoding>,
}

impl Table {
    /// Gives the row that was cut last.
    fn row<R: BufRead>(
        &mut self,
        number: u64,
        rows: &Rows<R>,
        mut fields: Vec<Vec<u8>>,
        give: &mut Sink,
    ) -> ControlFlow<()> {
        // Spreadsheets fill rows up with empty cells.
        while fields.len() > self.columns.len() && fields.last().is_some_and(Vec::is_empty) {
            fields.pop();
        }
        let place = self.place.part(number);
        if fields.len() != self.columns.len() {
            let (found, wanted) = (fields.len(), self.columns.len());
            let detail = format!("line {} has {found} fields where the header has {wanted}", rows.line());
            let problem = if rows.is_open() {
                Problem::CutShort { what: "table", source: io::Error::new(io::ErrorKind::UnexpectedEof, detail) }
            } else {
                Problem::Malformed { format: Format::Csv, detail: detail + "; mend the row" }
            };
            return give(Err(Skip::new(place, problem).of(Format::Csv)));
        }
        let mut warnings = Vec::new();
        if self.guessed {
            warnings.push("the table has no header; its columns were guessed".to_owned());
        }
        let mut encoding = encoding_rs::UTF_8;
        if fields.iter().any(|field| std::str::from_utf8(field).is_err()) {
            let row = fields.join(&b'\n');
            if charset::is_mostly_utf8(&row) {
                warnings
                    .extend(charset::broken(encoding, row.utf8_chunks().filter(|c| !c.invalid().is_empty()).count()));
            } else {
                encoding = self.encoding.get_or_insert_with(|| charset::detect(&row));
            }
        }
        let values = fields.into_iter().map(|field| value(decode(field, encoding)));
        let fields: Fields = self.columns.iter().cloned().zip(values).collect();
        let end = if rows.is_open() { End::Open } else { End::Whole };
        let hints = Hints { warnings, end, day_first: self.day_first, ..Hints::default() };
        give(Ok(Raw { place, format: Format::Csv, content: Content::Fields(fields), hints }))
    }

    /// Reports a row that does not end where it should.
    fn open_row(&self, number: u64, what: &str, give: &mut Sink) -> ControlFlow<()> {
        let detail = format!("{what}; look for a quotation mark that is never closed");
        let problem = Problem::Malformed { format: Format::Csv, detail };
        give(Err(Skip::new(self.place.part(number), problem).of(Format::Csv)))
    }
}

fn decode(field: Vec<u8>, encoding: &'static Encoding) -> String {
    String::from_utf8(field)
        .unwrap_or_else(|invalid| encoding.decode_without_bom_handling(invalid.as_bytes()).0.into_owned())
}

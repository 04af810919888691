//! Rows of a table as text, cut in one pass with bounded memory.
//!
//! A quotation mark that is never closed makes the rest of a file one row. Such a row is given up once it is too long, or
//! once a field opens in it and its second line is a row by itself. Cutting goes on at the line after its first: the
//! mistake costs one line.

use std::io::{self, BufRead};

use memchr::{memchr, memchr2};

/// How a table writes its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    /// What parts the fields of a row.
    pub(super) separator: u8,
    /// What is around fields that hold separators or line ends.
    pub(super) quote: u8,
    /// True if a quotation mark within a field is written `\"`, not `""`.
    pub(super) backslash: bool,
}

impl Dialect {
    fn escape(self) -> u8 {
        if self.backslash { b'\\' } else { self.quote }
    }
}

/// A row, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// The fields of a row.
    Fields(Vec<Vec<u8>>),
    /// A row longer than the limit; only its first line was passed over.
    TooLong,
    /// A row of more than [`MOST_FIELDS`]; the same.
    TooWide,
    /// A row whose quotation mark is not closed before other rows start; only its first line was passed over.
    Unclosed,
    /// There are no more.
    End,
}

/// Fields of a row, at most: four times what a spreadsheet has.
pub(super) const MOST_FIELDS: usize = 1 << 16;

/// Cuts a body into rows.
pub(super) struct Rows<R> {
    body: R,
    dialect: Dialect,
    /// The most bytes that a row may have.
    limit: usize,
    /// What was read of the body and is not cut yet.
    buffer: Vec<u8>,
    /// Where the next row starts in the buffer.
    start: usize,
    /// The line on which the row that was cut last starts, from 1.
    line: u64,
    /// The line on which the next row starts.
    next_line: u64,
    /// True if the row that was cut last ends with the body, and without a line end.
    open: bool,
    ended: bool,
    /// The fields of the first row.
    width: usize,
}

impl<R: BufRead> Rows<R> {
    pub(super) fn new(body: R, dialect: Dialect, limit: u64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Rows {
            body,
            dialect,
            limit,
            buffer: Vec::new(),
            start: 0,
            line: 0,
            next_line: 1,
            open: false,
            ended: false,
            width: 0,
        }
    }

    /// The line on which the row that was cut last starts, from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// True if the row that was cut last ends with the body, and without a line end.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    /// The next row that is not blank.
    pub(super) fn next(&mut self) -> io::Result<Row> {
        loop {
            self.line = self.next_line;
            let mut scan = Scan::at(self.start, self.width);
            while !scan.run(&self.buffer, self.dialect, self.ended) {
                if self.buffer.len() - self.start > self.limit {
                    self.give_up_line()?;
                    return Ok(Row::TooLong);
                }
                let moved = self.fill()?;
                scan.move_back(moved);
            }
            if matches!(scan.state, State::Unclosed | State::TooWide) {
                self.give_up_line()?;
                return Ok(if scan.state == State::Unclosed { Row::Unclosed } else { Row::TooWide });
            }
            let row = self.buffer.get(self.start..scan.at).unwrap_or_default();
            if row.is_empty() {
                return Ok(Row::End);
            }
            self.next_line += memchr::memchr_iter(b'\n', row).count() as u64;
            self.open = row.last() != Some(&b'\n') || scan.state == State::Quoted;
            let is_blank = row.trim_ascii().is_empty();
            self.start = scan.at;
            if !is_blank {
                if self.width == 0 {
                    self.width = scan.fields.len();
                }
                return Ok(Row::Fields(scan.fields(&self.buffer, self.dialect)));
            }
        }
    }

    /// Reads more of the body after what is there; gives how far that was moved towards the start of the buffer.
    fn fill(&mut self) -> io::Result<usize> {
        // Moving only what is shorter than what was cut before it keeps the cost linear.
        let moved = if self.start > self.buffer.len() / 2 { self.start } else { 0 };
        self.buffer.drain(..moved);
        self.start -= moved;
        let more = self.body.fill_buf()?;
        self.ended = more.is_empty();
        self.buffer.extend_from_slice(more);
        let count = more.len();
        self.body.consume(count);
        Ok(moved)
    }

    /// Passes over the line on which the next row starts, however long it is.
    fn give_up_line(&mut self) -> io::Result<()> {
        self.next_line += 1;
        loop {
            if let Some(end) = self.buffer.get(self.start..).and_then(|rest| memchr(b'\n', rest)) {
                self.start += end + 1;
                return Ok(());
            }
            self.buffer.clear();
            self.start = 0;
            self.fill()?;
            if self.ended {
                return Ok(());
            }
        }
    }
}

/// How far a row was scanned.
struct Scan {
    /// Where the row starts.
    start: usize,
    at: usize,
    state: State,
    /// The fields that its second line has if it is a row by itself; none once it was looked at.
    width: Option<usize>,
    /// Where its second line starts, once it was met, and how far it was looked for.
    second: Option<usize>,
    searched: usize,
    /// True if a mark within quotation marks is not doubled.
    loose: bool,
    /// The fields so far: start, end, and whether they are in quotation marks.
    fields: Vec<(usize, usize, bool)>,
    field: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the start of a field, or in the spaces before it.
    Start,
    Plain,
    Quoted,
    /// Behind a closing mark.
    Closed,
    /// Within a mark that is not closed before other rows start.
    Unclosed,
    /// Behind more fields than a row may have.
    TooWide,
}

impl Scan {
    /// `width` is the number of fields of other rows; 0 if none was cut yet.
    fn at(start: usize, width: usize) -> Self {
        let width = Some(width).filter(|&width| width > 1);
        Scan {
            start,
            at: start,
            state: State::Start,
            width,
            second: None,
            searched: start,
            loose: false,
            fields: Vec::new(),
            field: start,
        }
    }

    fn move_back(&mut self, count: usize) {
        self.start -= count;
        self.at -= count;
        self.searched -= count;
        self.second = self.second.map(|second| second - count);
        self.field -= count;
        for (start, end, _) in &mut self.fields {
            *start -= count;
            *end -= count;
        }
    }

    /// Scans on to the end of the row; false if more must be read first.
    fn run(&mut self, buffer: &[u8], dialect: Dialect, ended: bool) -> bool {
        let Dialect { separator, quote, .. } = dialect;
        while let Some(&byte) = buffer.get(self.at) {
            match self.state {
                State::Start if byte == quote => {
                    self.state = State::Quoted;
                    self.field = self.at + 1;
                    self.at += 1;
                }
                // Some writers put a space between separator and quotation mark.
                State::Start if byte == b' ' && separator != b' ' => self.at += 1,
                State::Start | State::Plain if byte == separator => self.end_field(),
                State::Start | State::Plain | State::Closed if byte == b'\n' => {
                    if self.state == State::Closed {
                        self.at += 1;
                    } else {
                        self.end_field();
                    }
                    return true;
                }
                State::Start | State::Plain => {
                    self.state = State::Plain;
                    let rest = buffer.get(self.at..).unwrap_or_default();
                    self.at += memchr2(separator, b'\n', rest).unwrap_or(rest.len());
                }
                State::Quoted => {
                    if !self.run_quoted(buffer, dialect, ended) {
                        return false;
                    }
                }
                State::Closed if byte == separator => {
                    self.at += 1;
                    self.field = self.at;
                    self.state = State::Start;
                }
                State::Closed => self.at += 1,
                State::Unclosed | State::TooWide => return true,
            }
        }
        if ended {
            match self.state {
                State::Start if self.fields.is_empty() && self.field == self.at => {}
                State::Start | State::Plain | State::Quoted => {
                    self.fields.push((self.field, self.at, self.state == State::Quoted));
                }
                State::Closed | State::Unclosed | State::TooWide => {}
            }
        }
        ended
    }

    /// Scans on within quotation marks, to the next one; false if what follows it must be read first.
    fn run_quoted(&mut self, buffer: &[u8], dialect: Dialect, ended: bool) -> bool {
        let rest = buffer.get(self.at..).unwrap_or_default();
        let Some(found) = memchr2(dialect.quote, dialect.escape(), rest) else {
            self.at = buffer.len();
            return true;
        };
        self.at += found;
        let is_quote = buffer.get(self.at) == Some(&dialect.quote);
        let Some(&next) = buffer.get(self.at + 1) else {
            if ended && is_quote {
                self.close();
            } else if ended {
                self.at += 1;
            }
            return ended;
        };
        if !is_quote || next == dialect.quote {
            self.at += 2;
            return true;
        }
        match closes(buffer, self.at, dialect, ended) {
            None => return false,
            Some(true) => self.close(),
            // A mark that its writer forgot to double, or one that opens a field of another row.
            Some(false) => match self.is_unclosed(buffer, dialect, ended) {
                None => return false,
                Some(true) => self.state = State::Unclosed,
                Some(false) => {
                    self.loose = true;
                    self.at += 1;
                }
            },
        }
        true
    }

    /// True if the mark at hand opens a field, and the second line of the row has as many fields as other rows have; none
    /// if more must be read to know.
    fn is_unclosed(&mut self, buffer: &[u8], dialect: Dialect, ended: bool) -> Option<bool> {
        /// A longer line is not looked at: it would be read again for each piece that is read of it.
        const LONGEST: usize = 64 << 10;
        let opens = self.at.checked_sub(1).and_then(|before| buffer.get(before)) == Some(&dialect.separator);
        let Some(width) = self.width.filter(|_| opens) else { return Some(false) };
        if self.second.is_none() {
            let unsearched = buffer.get(self.searched..self.at).unwrap_or_default();
            self.second = memchr(b'\n', unsearched).map(|first| self.searched + first + 1);
            self.searched = self.at;
        }
        let Some(second) = self.second else { return Some(false) };
        let rest = buffer.get(second..).unwrap_or_default();
        let rest = rest.get(..LONGEST).unwrap_or(rest);
        let end = match memchr(b'\n', rest) {
            Some(end) => second + end + 1,
            None if ended || rest.len() == LONGEST => second + rest.len(),
            None => return None,
        };
        self.width = None;
        let mut line = Scan::at(second, 0);
        line.run(buffer.get(..end).unwrap_or_default(), dialect, true);
        Some(line.state != State::Quoted && !line.loose && line.fields.len() == width)
    }

    fn end_field(&mut self) {
        self.fields.push((self.field, self.at, false));
        self.at += 1;
        self.field = self.at;
        self.state = if self.fields.len() > MOST_FIELDS { State::TooWide } else { State::Start };
    }

    /// Ends a field at its closing mark.
    fn close(&mut self) {
        self.fields.push((self.field, self.at, true));
        self.at += 1;
        self.state = if self.fields.len() > MOST_FIELDS { State::TooWide } else { State::Closed };
    }

    fn fields(&self, buffer: &[u8], dialect: Dialect) -> Vec<Vec<u8>> {
        let field = |&(start, end, quoted): &(usize, usize, bool)| {
            let field = buffer.get(start..end).unwrap_or_default();
            if quoted { unescaped(field, dialect) } else { field.trim_ascii().to_vec() }
        };
        self.fields.iter().map(field).collect()
    }
}

/// Whether nothing but white space is between the mark and the end of its field; none if more must be read to know.
fn closes(buffer: &[u8], mark: usize, dialect: Dialect, ended: bool) -> Option<bool> {
    let rest = buffer.get(mark + 1..).unwrap_or_default();
    match rest.iter().find(|&&byte| byte == dialect.separator || !matches!(byte, b' ' | b'\r')) {
        Some(&byte) => Some(byte == dialect.separator || byte == b'\n'),
        None => ended.then_some(true),
    }
}

/// A quoted field as it was meant.
fn unescaped(field: &[u8], dialect: Dialect) -> Vec<u8> {
    let escape = dialect.escape();
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some(at) = memchr2(escape, dialect.quote, rest) {
        let (before, from) = rest.split_at(at);
        bytes.extend_from_slice(before);
        let doubled =
            matches!(from, [first, second, ..] if *second == dialect.quote && (*first == escape || first == second));
        let skipped = usize::from(doubled);
        bytes.extend(from.get(skipped));
        rest = from.get(skipped + 1..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest);
    bytes
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    const COMMAS: Dialect = Dialect { separator: b',', quote: b'"', backslash: false };

    /// The rows, fields joined by `|`, however the body falls into pieces.
    #[track_caller]
    fn check(dialect: Dialect, text: &str, expect: &[&str]) {
        for capacity in [1, 3, 64] {
            let mut rows = Rows::new(BufReader::with_capacity(capacity, text.as_bytes()), dialect, 60);
            let mut found = Vec::new();
            loop {
                match rows.next().unwrap() {
                    Row::Fields(fields) => {
                        let fields: Vec<_> = fields.iter().map(|field| String::from_utf8_lossy(field)).collect();
                        found.push(format!("{} {}", rows.line(), fields.join("|")));
                    }
                    Row::TooLong => found.push(format!("{} too long", rows.line())),
                    Row::Unclosed => found.push(format!("{} unclosed", rows.line())),
                    Row::TooWide => found.push(format!("{} too wide", rows.line())),
                    Row::End => break,
                }
            }
            assert_eq!(found, expect, "in pieces of {capacity}");
        }
    }

    #[test]
    fn fields_may_hold_separators_marks_and_lines() {
        check(
            COMMAS,
            "a,b\r\n\"x, y\",\"he said \"\"no\"\"\"\n\"one\n\ntwo\",z\n",
            &["1 a|b", "2 x, y|he said \"no\"", "3 one\n\ntwo|z"],
        );
    }

    #[test]
    fn marks_within_plain_fields_are_text() {
        check(COMMAS, "5\" pipe,12'\n\"5\" pipe\",b", &["1 5\" pipe|12'", "2 5\" pipe|b"]);
    }

    #[test]
    fn blank_lines_and_missing_ends_are_no_matter() {
        check(COMMAS, "\na,b\n\n  \nc,", &["2 a|b", "5 c|"]);
        check(COMMAS, "a, \"b, c\" ,d", &["1 a|b, c|d"]);
        check(COMMAS, "", &[]);
    }

    #[test]
    fn marks_may_be_escaped_by_a_backslash() {
        let dialect = Dialect { separator: b'\t', quote: b'"', backslash: true };
        check(dialect, "\"he said \\\"no\\\"\"\tb\n\"c:\\\\\"\td\n", &["1 he said \"no\"|b", "2 c:\\\\|d"]);
    }

    #[test]
    fn an_open_mark_costs_one_line() {
        let text = format!("a,b\n\"open,c\n{}", "d,e\n".repeat(20));
        let mut expect = vec!["1 a|b".to_owned(), "2 too long".to_owned()];
        expect.extend((3..23).map(|line| format!("{line} d|e")));
        check(COMMAS, &text, &expect.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn rows_behind_an_open_mark_are_rows() {
        check(COMMAS, "a,b\n1,\"open\n2,ok\n3,\"fine\"\n", &["1 a|b", "2 unclosed", "3 2|ok", "4 3|fine"]);
        check(COMMAS, "a,b\n1,\"open\n3,\"fine\"", &["1 a|b", "2 unclosed", "3 3|fine"]);
        // The second line is prose: somebody forgot to double the marks in it.
        check(COMMAS, "a,b\n1,\"he said\nno,\"no\" twice\"\n", &["1 a|b", "2 1|he said\nno,\"no\" twice"]);
    }

    /// Were the line end looked for from the start at each mark, it would take minutes.
    #[test]
    fn marks_in_a_long_line_are_passed_once() {
        let text = format!("a,b\n1,\"x{}\"\n", ",\"b".repeat(1 << 20));
        let mut rows = Rows::new(BufReader::new(text.as_bytes()), COMMAS, 1 << 24);
        assert_eq!(rows.next().unwrap(), Row::Fields(vec![b"a".to_vec(), b"b".to_vec()]));
        assert!(matches!(rows.next().unwrap(), Row::Fields(fields) if fields.len() == 2));
        assert_eq!(rows.next().unwrap(), Row::End);
    }

    #[test]
    fn a_line_without_end_is_passed_over() {
        check(COMMAS, &format!("a\n{}\nb\n", "x".repeat(500)), &["1 a", "2 too long", "3 b"]);
    }
}

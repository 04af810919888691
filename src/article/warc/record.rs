//! The headers of web archive records.

use std::io::{self, BufRead, Read};

use super::super::bounds::{Line, read_line};

/// The longest header line that is read; addresses of some trackers take thousands of characters.
const LONGEST_LINE: u64 = 64 << 10;

/// The most header lines of a record; with more it is not a header.
const MOST_LINES: usize = 200;

/// What the content of a record is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Holds {
    /// An HTTP response as it was received.
    Response,
    /// A page without the answer of a server around it.
    Page,
    /// Anything else.
    #[default]
    Other,
}

/// What the header of a record says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Where its first line starts, in bytes into what is read.
    pub(super) offset: u64,
    /// What its content is.
    pub(super) holds: Holds,
    /// What its own content type says, its charset among it.
    pub(super) content_type: Option<String>,
    /// The address.
    pub(super) target: Option<String>,
    /// When it was fetched, ISO 8601.
    pub(super) date: Option<String>,
    /// Bytes of content that follow.
    pub(super) length: u64,
    /// True if the crawler cut the content.
    pub(super) is_truncated: bool,
    /// True if bytes that are not a record were skipped to get here.
    pub(super) after_junk: bool,
}

/// Reads the header of the next record, passing over whatever is none; none at the end.
pub(super) fn next<B: BufRead>(body: &mut Position<B>) -> io::Result<Option<Record>> {
    let mut record = Record::default();
    loop {
        record.offset = body.at();
        match read_line(body, LONGEST_LINE)? {
            Line::End => return Ok(None),
            Line::Whole(line) | Line::Open(line) if line.starts_with(b"WARC/") => {
                if record.read_fields(body)? {
                    return Ok(Some(record));
                }
                record = Record { after_junk: true, ..Record::default() };
            }
            Line::Whole(line) | Line::Open(line) => record.after_junk |= !line.trim_ascii().is_empty(),
            Line::TooLong => record.after_junk = true,
        }
    }
}

impl Record {
    /// Reads the lines up to the blank one; false if they are not a record's header.
    fn read_fields(&mut self, body: &mut impl BufRead) -> io::Result<bool> {
        let mut length = None;
        let mut kind = None;
        let mut is_http = true;
        for _ in 0..MOST_LINES {
            let line = match read_line(body, LONGEST_LINE)? {
                Line::Whole(line) | Line::Open(line) => String::from_utf8_lossy(&line).trim_end().to_owned(),
                Line::TooLong | Line::End => return Ok(false),
            };
            if line.is_empty() {
                let is_html = self.content_type.as_deref().is_some_and(|kind| kind.contains("html"));
                self.holds = match kind.as_deref() {
                    Some("response") if is_http => Holds::Response,
                    Some("resource" | "conversion") if is_html => Holds::Page,
                    Some(_) | None => Holds::Other,
                };
                let Some(length) = length else { return Ok(false) };
                self.length = length;
                return Ok(true);
            }
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "warc-type" => kind = Some(value.to_ascii_lowercase()),
                // wget writes addresses in angle brackets, as version 1.0's grammar had them.
                "warc-target-uri" => self.target = Some(value.trim_matches(['<', '>']).to_owned()),
                "warc-date" => self.date = Some(value.to_owned()),
                "warc-truncated" => self.is_truncated = true,
                "content-length" => length = value.parse().ok(),
                "content-type" => {
                    let value = value.to_ascii_lowercase();
                    is_http = value.starts_with("application/http");
                    self.content_type = Some(value);
                }
                _ => {}
            }
        }
        Ok(false)
    }
}

/// A body that knows how much of it was read.
#[derive(Debug)]
pub(super) struct Position<B> {
    body: B,
    at: u64,
}

impl<B> Position<B> {
    pub(super) fn new(body: B) -> Self {
        Position { body, at: 0 }
    }

    /// Bytes read so far.
    pub(super) fn at(&self) -> u64 {
        self.at
    }
}

impl<B: BufRead> BufRead for Position<B> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.body.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.at += count as u64;
        self.body.consume(count);
    }
}

impl<B: BufRead> Read for Position<B> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

//! How much of anything is read: memory stays bounded whatever the input.

use std::io::{self, BufRead, Read};

use super::Problem;

/// Limits on what is read. The defaults keep a run below 500 MB on two threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of one article as stored: a text file, a line of JSON, a page, a mail.
    pub article: u64,
    /// Bytes of a document that must be read whole before its articles are known: JSON that is no list, wire XML.
    pub document: u64,
    /// Bytes that one source may unpack to, all its layers and members together.
    pub unpacked: u64,
    /// How many times larger a compressed stream may get before it is taken for a bomb, once past `document` bytes.
    pub expansion: u64,
    /// Archives within archives.
    pub nesting: u8,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { article: 16 << 20, document: 64 << 20, unpacked: 1 << 40, expansion: 1000, nesting: 3 }
    }
}

/// Reads to the end, or fails once there is more than `limit` bytes.
pub(super) fn read_whole(body: &mut dyn Read, limit: u64, what: &'static str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    body.take(limit + 1).read_to_end(&mut bytes).map_err(|source| Problem::Broken { what, source })?;
    if bytes.len() as u64 > limit { Err(Problem::TooLarge { what, limit: limit >> 20 }) } else { Ok(bytes) }
}

/// A line of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line, without its end.
    Whole(Vec<u8>),
    /// A line longer than the limit; it was passed over without being kept.
    TooLong,
    /// There are no more.
    End,
}

/// Reads the next line, keeping no more than `limit` bytes of it.
pub(super) fn read_line(body: &mut dyn BufRead, limit: u64) -> io::Result<Line> {
    let mut line = Vec::new();
    let mut fits = true;
    loop {
        let buffer = match body.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok(if !fits {
                Line::TooLong
            } else if line.is_empty() {
                Line::End
            } else {
                Line::Whole(line)
            });
        }
        let end = memchr::memchr(b'\n', buffer);
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        fits &= (line.len() + part.len()) as u64 <= limit;
        if fits {
            line.extend_from_slice(part);
        } else {
            line = Vec::new();
        }
        let used = part.len() + usize::from(end.is_some());
        body.consume(used);
        if end.is_some() {
            return Ok(if fits { Line::Whole(line) } else { Line::TooLong });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// An endless line, as a broken export makes them.
    struct Endless(u64);

    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.min(buffer.len() as u64) as usize;
            buffer[..count].fill(b'x');
            self.0 -= count as u64;
            Ok(count)
        }
    }

    #[test]
    fn a_line_of_two_gigabytes_is_passed_over() {
        let mut body = BufReader::with_capacity(1 << 20, Endless(2 << 30).chain(&b"\nnext"[..]));
        assert_eq!(read_line(&mut body, 1 << 20).unwrap(), Line::TooLong);
        assert_eq!(read_line(&mut body, 1 << 20).unwrap(), Line::Whole(b"next".to_vec()));
        assert_eq!(read_line(&mut body, 1 << 20).unwrap(), Line::End);
    }

    #[test]
    fn empty_lines_are_lines() {
        let mut body = &b"a\n\nb"[..];
        assert_eq!(read_line(&mut body, 9).unwrap(), Line::Whole(b"a".to_vec()));
        assert_eq!(read_line(&mut body, 9).unwrap(), Line::Whole(Vec::new()));
        assert_eq!(read_line(&mut body, 9).unwrap(), Line::Whole(b"b".to_vec()));
        assert_eq!(read_line(&mut body, 9).unwrap(), Line::End);
    }

    #[test]
    fn more_than_the_limit_is_not_read() {
        let problem = read_whole(&mut Endless(2 << 30), 4 << 20, "text file").unwrap_err();
        assert_eq!(problem.to_string(), "is larger than 4 MB, the most one text file may have; split it");
    }
}

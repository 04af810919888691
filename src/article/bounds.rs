//! How much of anything is read: memory stays bounded whatever the input.

use std::cell::Cell;
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::Problem;

/// Limits on what is read. The defaults keep a run below 500 MB on two threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Bytes of one article as stored: a text file, a line of JSON, a page, a mail.
    pub article: u64,
    /// Words, marks and paragraphs of one article: analysis and indexing take some 250 bytes for each.
    pub parts: u64,
    /// Bytes of a document that must be read whole before its articles are known: JSON that is not a list, wire XML.
    pub document: u64,
    /// How many times larger than itself a source may get by unpacking, all its layers and members together, once
    /// past `document` bytes; what grows more is taken for a bomb. Text in xz shrinks to a tenth, logs to a fiftieth.
    pub expansion: u64,
    /// Archives within archives.
    pub nesting: u8,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { article: 16 << 20, parts: 1_000_000, document: 64 << 20, expansion: 200, nesting: 3 }
    }
}

/// About how many words, marks and lines bytes hold, more rather than fewer: ASCII letters and digits in a row are one word,
/// and so is each character of three bytes or more, as scripts without spaces have them. Quotation marks and dashes count
/// more: what is said takes more memory than other words.
pub fn parts(bytes: &[u8]) -> u64 {
    /// A quotation of a word takes 3.3 kB, a word alone 250 bytes.
    const MARK: u64 = 4;
    let (mut parts, mut in_word) = (0, false);
    for byte in bytes {
        let is_letter = byte.is_ascii_alphanumeric() || (0x80..0xE0).contains(byte);
        let is_space = matches!(byte, b' ' | b'\t' | b'\r');
        parts += match byte {
            // The first byte of curly marks and dashes.
            b'"' | 0xE2 => MARK,
            _ => u64::from(if is_letter { !in_word } else { !is_space }),
        };
        in_word = is_letter || *byte >= 0x80;
    }
    parts
}

/// Values of one record of JSON, at most: each takes up to 500 bytes.
const MOST_VALUES: usize = 1_000_000;

/// An error if JSON has more values than a record may have, by its commas and brackets.
pub(super) fn check_values(json: &[u8]) -> Result<(), Problem> {
    if json.len() <= MOST_VALUES {
        return Ok(());
    }
    let (mut values, mut in_string, mut escaped) = (0usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b',' | b'[' | b'{' if !in_string => values += 1,
            _ => {}
        }
    }
    if values <= MOST_VALUES { Ok(()) } else { Err(Problem::TooDense { what: "values", limit: MOST_VALUES as u64 }) }
}

/// Reads to the end, or fails once there is more than `limit` bytes.
pub(super) fn read_whole(body: &mut dyn Read, limit: u64, what: &'static str) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    body.take(limit + 1).read_to_end(&mut bytes).map_err(|source| Problem::Broken { what, source })?;
    if bytes.len() as u64 > limit { Err(Problem::TooLarge { what, limit: limit >> 20 }) } else { Ok(bytes) }
}

/// What a source may still unpack to. One a source, shared by its layers and members.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    left: Rc<Cell<u64>>,
    expansion: u64,
    /// Code of the first error of the operating system while the source itself was read.
    fault: Rc<Cell<Option<i32>>>,
}

impl Budget {
    /// The budget of a source of which nothing was read yet.
    pub(super) fn new(bounds: &Bounds) -> Self {
        Budget { left: Rc::new(Cell::new(bounds.document)), expansion: bounds.expansion, fault: Rc::default() }
    }

    /// Bytes were read from the source itself.
    pub(super) fn earn(&self, count: u64) {
        self.left.set(self.left.get().saturating_add(count.saturating_mul(self.expansion)));
    }

    /// The first error of the operating system while the source itself was read. Decoders and parsers above may report
    /// it in words of their own or stop without one.
    pub(super) fn fault(&self) -> Option<io::Error> {
        self.fault.get().map(io::Error::from_raw_os_error)
    }

    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result
            && error.kind() != io::ErrorKind::Interrupted
            && self.fault.get().is_none()
        {
            self.fault.set(error.raw_os_error());
        }
        result
    }

    /// Bytes came out of a layer or a compressed member.
    fn spend(&self, count: u64) -> io::Result<()> {
        let left = self.left.get().checked_sub(count);
        self.left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or_else(|| self.exceeded())
    }

    /// True once there is nothing left of it.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    /// The error that ends the reading of a source which unpacks to more than its budget.
    pub(super) fn exceeded(&self) -> io::Error {
        io::Error::new(io::ErrorKind::QuotaExceeded, format!("it grows more than {}-fold", self.expansion))
    }
}

/// The bytes of a source itself: reading them earns its budget.
pub(super) struct Earning<R>(pub(super) R, pub(super) Budget);

impl<R: Read> Read for Earning<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.1.note(self.0.read(buffer))?;
        self.1.earn(count as u64);
        Ok(count)
    }
}

/// A source that is read at any position; its errors are noted in the budget.
pub(super) struct Seekable<R>(pub(super) R, pub(super) Budget);

impl<R: Read> Read for Seekable<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1.note(self.0.read(buffer))
    }
}

impl<R: Seek> Seek for Seekable<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.1.note(self.0.seek(to))
    }
}

/// Unpacked bytes: reading them spends the budget.
pub(super) struct Spending<R>(pub(super) R, pub(super) Budget);

impl<R: Read> Read for Spending<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(buffer)?;
        self.1.spend(count as u64)?;
        Ok(count)
    }
}

/// A part of known length; it is an error if the body ends before it does.
pub(super) struct Exactly<R> {
    /// Where the part starts.
    pub(super) body: R,
    /// Bytes of it that are still to be read.
    pub(super) left: u64,
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let count = self.body.read(buffer.get_mut(..most).unwrap_or_default())?;
        if count == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too early"));
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// A line of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line, without its end.
    Whole(Vec<u8>),
    /// The last line, which has no end.
    Open(Vec<u8>),
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
                Line::Open(line)
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
        assert_eq!(read_line(&mut body, 1 << 20).unwrap(), Line::Open(b"next".to_vec()));
        assert_eq!(read_line(&mut body, 1 << 20).unwrap(), Line::End);
    }

    #[test]
    fn empty_lines_are_lines() {
        let mut body = &b"a\n\nb"[..];
        assert_eq!(read_line(&mut body, 9).unwrap(), Line::Whole(b"a".to_vec()));
        assert_eq!(read_line(&mut body, 9).unwrap(), Line::Whole(Vec::new()));
        assert_eq!(read_line(&mut body, 9).unwrap(), Line::Open(b"b".to_vec()));
        assert_eq!(read_line(&mut body, 9).unwrap(), Line::End);
    }

    #[test]
    fn words_marks_and_lines_are_counted() {
        assert_eq!(parts(b"The mayor left."), 4);
        assert_eq!(parts("Émile naïve über".as_bytes()), 3);
        assert_eq!(parts("新聞".as_bytes()), 2);
        assert_eq!(parts(b"a/a/\n\n"), 6);
        assert_eq!(parts("“No,” Ada said.".as_bytes()), 12);
    }

    #[test]
    fn more_than_the_limit_is_not_read() {
        let problem = read_whole(&mut Endless(2 << 30), 4 << 20, "text file").unwrap_err();
        assert_eq!(problem.to_string(), "is larger than 4 MB, the limit for one text file; split it");
    }
}

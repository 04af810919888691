//! A stream of bytes that shows its beginning before it is read.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::PathBuf;

use super::bounds::{Budget, Spending};
use super::{Place, Problem, charset};

/// How much of a stream is seen before its format is chosen.
const HEAD: usize = 16 << 10;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// A source, or a member of an archive, on its way to a reader.
pub(super) struct Stream<'a> {
    /// Where it is.
    pub(super) place: Place,
    /// Its first bytes, at most 16 KB; the body gives them again.
    pub(super) head: Vec<u8>,
    /// All of it.
    pub(super) body: Box<dyn BufRead + 'a>,
    /// The file itself, where the body is its bytes and nothing else: for readers that must seek.
    pub(super) file: Option<PathBuf>,
    /// What broke if reading fails: the outermost layer or container.
    pub(super) what: &'static str,
    /// How many archives it lies in.
    pub(super) depth: u8,
    /// What its source may still unpack to.
    pub(super) budget: Budget,
}

impl<'a> Stream<'a> {
    /// Looks at the first bytes of `body`. Errors after them are reported when they are reached.
    pub(super) fn new(
        place: Place,
        what: &'static str,
        budget: Budget,
        mut body: impl Read + 'a,
    ) -> Result<Self, Problem> {
        let mut head = Vec::new();
        let failed = body.by_ref().take(HEAD as u64).read_to_end(&mut head).err();
        match failed {
            Some(source) if head.is_empty() => Err(Problem::Broken { what, source }),
            failed => {
                let rest = Resumed { failed, body };
                let body = Box::new(BufReader::with_capacity(HEAD * 4, Cursor::new(head.clone()).chain(rest)));
                Ok(Stream { place, head, body, file: None, what, depth: 0, budget })
            }
        }
    }

    /// A member of an archive that lies `depth` archives deep itself.
    pub(super) fn member(
        place: Place,
        what: &'static str,
        depth: u8,
        budget: Budget,
        body: impl Read + 'a,
    ) -> Result<Self, Problem> {
        Ok(Stream { depth: depth + 1, ..Stream::new(place, what, budget, body)? })
    }

    /// The stream with a layer taken off by `open`.
    pub(super) fn unpacked(
        self,
        layer: &'static str,
        open: impl FnOnce(Box<dyn BufRead + 'a>) -> io::Result<Box<dyn Read + 'a>>,
    ) -> Result<Self, Problem> {
        let Stream { place, body, depth, budget, .. } = self;
        let body = open(body).map_err(|source| Problem::Broken { what: layer, source })?;
        let body = Spending(body, budget.clone());
        Ok(Stream { depth, ..Stream::new(place, layer, budget, body)? })
    }

    /// True if the head holds the whole body.
    pub(super) fn head_is_all(&self) -> bool {
        self.head.len() < HEAD
    }

    /// The same in UTF-8 without byte order mark, for readers that go by lines and marks. Only UTF-16 is told by its
    /// first bytes for sure; other encodings keep their bytes.
    pub(super) fn into_utf8(mut self) -> Self {
        let Some(encoding) = charset::utf16(&self.head) else {
            if let Some(rest) = self.head.strip_prefix(MARK) {
                self.head = rest.to_vec();
                // The head is in the buffer; an error can only come after it.
                let is_there = self.body.fill_buf().is_ok_and(|start| start.starts_with(MARK));
                self.body.consume(if is_there { MARK.len() } else { 0 });
            }
            return self;
        };
        let head = encoding.decode(&self.head).0.into_owned().into_bytes();
        let decoder = encoding.new_decoder();
        let body = BufReader::new(Transcoded { body: self.body, decoder, ended: false });
        Stream { head, body: Box::new(body), file: None, ..self }
    }
}

/// A body in UTF-16 as one in UTF-8.
struct Transcoded<R> {
    body: R,
    decoder: encoding_rs::Decoder,
    ended: bool,
}

impl<R: BufRead> Read for Transcoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The decoder needs room for one character; `BufReader` and `read_to_end` always give that.
        while !self.ended && buffer.len() >= 8 {
            let input = self.body.fill_buf()?;
            self.ended = input.is_empty();
            let (_, used, written, _) = self.decoder.decode_to_utf8(input, buffer, self.ended);
            self.body.consume(used);
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

/// The rest of a body after its head, or the error that ended the head.
pub(super) struct Resumed<R> {
    /// What ended the head, if anything did.
    pub(super) failed: Option<io::Error>,
    /// What follows.
    pub(super) body: R,
}

impl<R: Read> Read for Resumed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.body.read(buffer),
        }
    }
}

//! A stream of bytes that shows its beginning before it is read.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::PathBuf;

use super::{Place, Problem};

/// How much of a stream is seen before its format is chosen.
const HEAD: usize = 16 << 10;

/// A source, or a member of an archive, on its way to a reader.
pub(super) struct Stream<'a> {
    /// Where it stands.
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
}

impl<'a> Stream<'a> {
    /// Looks at the first bytes of `body`.
    pub(super) fn new(place: Place, what: &'static str, mut body: impl Read + 'a) -> Result<Self, Problem> {
        let mut head = Vec::new();
        body.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(|source| broken(what, source))?;
        let body = Box::new(BufReader::with_capacity(HEAD * 4, Cursor::new(head.clone()).chain(body)));
        Ok(Stream { place, head, body, file: None, what, depth: 0 })
    }

    /// A member of this stream's archive.
    #[allow(dead_code, reason = "the readers of archives use it")]
    pub(super) fn member<'b>(
        place: Place,
        what: &'static str,
        depth: u8,
        body: impl Read + 'b,
    ) -> Result<Stream<'b>, Problem> {
        Ok(Stream { depth: depth + 1, ..Stream::new(place, what, body)? })
    }

    /// The problem of a read that failed.
    pub(super) fn failed(&self, source: io::Error) -> Problem {
        broken(self.what, source)
    }
}

fn broken(what: &'static str, source: io::Error) -> Problem {
    Problem::Broken { what, source }
}

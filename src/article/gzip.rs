//! gzip read member by member: a web archive keeps one record a member, and damage to one leaves the next intact.

use std::io::{self, BufRead, Read};
use std::mem;

use flate2::bufread::GzDecoder;

/// The first bytes of every member that is compressed by deflate, the only method there is (RFC 1952).
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// The members of a gzip stream, one after the other. Reading gives the bytes of the current member and ends with it.
pub(super) struct Members<R: BufRead> {
    state: State<R>,
    start: u64,
}

enum State<R: BufRead> {
    Between(Source<R>),
    Within(Box<GzDecoder<Source<R>>>),
    Ended,
}

impl<R: BufRead> Members<R> {
    /// Stands before the first member.
    pub(super) fn new(body: R) -> Self {
        Members { state: State::Between(Source { body, replay: &[], position: 0 }), start: 0 }
    }

    /// Where the current member starts in the compressed stream.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// Goes on to the next member, whether or not the current one was read to its end; false if there is none.
    ///
    /// Zeros after a member pad tapes and are passed over; anything else is an error.
    pub(super) fn advance(&mut self) -> io::Result<bool> {
        if let State::Within(decoder) = &mut self.state {
            io::copy(decoder, &mut io::sink())?;
        }
        let Some(mut source) = self.leave() else { return Ok(false) };
        match source.skip_padding()? {
            None => Ok(false),
            Some(first) if first == MAGIC[0] => {
                self.start = source.position;
                self.state = State::Within(Box::new(GzDecoder::new(source)));
                Ok(true)
            }
            Some(_) => {
                self.state = State::Between(source);
                Err(io::Error::new(io::ErrorKind::InvalidData, "it is followed by other data"))
            }
        }
    }

    /// After an error: goes to whatever looks like the start of a member, so that `advance` enters it; false if nothing does.
    pub(super) fn resynchronise(&mut self) -> io::Result<bool> {
        let Some(mut source) = self.leave() else { return Ok(false) };
        let found = source.seek_magic()?;
        if found {
            self.state = State::Between(source);
        }
        Ok(found)
    }

    fn leave(&mut self) -> Option<Source<R>> {
        match mem::replace(&mut self.state, State::Ended) {
            State::Between(source) => Some(source),
            State::Within(decoder) => Some(decoder.into_inner()),
            State::Ended => None,
        }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Within(decoder) => decoder.read(buffer).map_err(plainly),
            State::Between(_) | State::Ended => Ok(0),
        }
    }
}

/// The decoder's errors, one way to say that the end is missing.
fn plainly(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too early");
    }
    error
}

/// All members of a gzip stream as one stream.
pub(super) struct Gunzip<R: BufRead>(Members<R>);

impl<R: BufRead> Gunzip<R> {
    /// Reads `body` from its first member on.
    pub(super) fn new(body: R) -> Self {
        Gunzip(Members::new(body))
    }
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.0.read(buffer)?;
            if count > 0 || buffer.is_empty() || !self.0.advance()? {
                return Ok(count);
            }
        }
    }
}

/// The compressed bytes, and how many of them were used.
struct Source<R> {
    body: R,
    /// Bytes to be given again before those of the body.
    replay: &'static [u8],
    position: u64,
}

impl<R: BufRead> Source<R> {
    /// The first byte that is not zero, without using it; none at the end of the stream.
    fn skip_padding(&mut self) -> io::Result<Option<u8>> {
        loop {
            let buffer = self.fill_buf()?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let zeros = buffer.iter().take_while(|&&byte| byte == 0).count();
            let first = buffer.get(zeros).copied();
            self.consume(zeros);
            if first.is_some() {
                return Ok(first);
            }
        }
    }

    /// Stands on the next magic bytes; false at the end of the stream.
    fn seek_magic(&mut self) -> io::Result<bool> {
        let mut matched = 0;
        loop {
            let buffer = self.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let mut used = 0;
            for &byte in buffer {
                used += 1;
                matched = if MAGIC.get(matched) == Some(&byte) { matched + 1 } else { usize::from(byte == MAGIC[0]) };
                if matched == MAGIC.len() {
                    break;
                }
            }
            self.consume(used);
            if matched == MAGIC.len() {
                self.replay = &MAGIC;
                self.position -= MAGIC.len() as u64;
                return Ok(true);
            }
        }
    }
}

impl<R: BufRead> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.replay.is_empty() { self.body.fill_buf() } else { Ok(self.replay) }
    }

    fn consume(&mut self, count: usize) {
        self.position += count as u64;
        if self.replay.is_empty() {
            self.body.consume(count);
        } else {
            self.replay = self.replay.get(count..).unwrap_or_default();
        }
    }
}

impl<R: BufRead> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    /// What can be read of `bytes`, and the error that ended it.
    #[track_caller]
    fn check(bytes: &[u8], text: &str, error: Option<&str>) {
        // One byte at a time, so that no boundary falls kindly.
        let mut read = Vec::new();
        let end = Gunzip::new(io::BufReader::with_capacity(1, bytes)).read_to_end(&mut read).err();
        assert_eq!(String::from_utf8_lossy(&read), text);
        assert_eq!(end.map(|e| e.to_string()).as_deref(), error);
    }

    #[test]
    fn members_are_joined() {
        check(&[gzip("One. "), gzip(""), gzip("Two.")].concat(), "One. Two.", None);
    }

    #[test]
    fn padding_is_passed_over_and_garbage_told() {
        check(&[gzip("One."), vec![0; 700]].concat(), "One.", None);
        check(&[gzip("One."), b"garbage".to_vec()].concat(), "One.", Some("it is followed by other data"));
    }

    #[test]
    fn what_came_before_a_cut_is_kept() {
        let whole = [gzip("One. "), gzip("Two.")].concat();
        check(&whole[..whole.len() - 6], "One. Two.", Some("it ends too early"));
    }

    #[test]
    fn members_behind_damage_are_found() {
        let (first, mut second, third) = (gzip("One."), gzip("Two. Two. Three. Four."), gzip("Five."));
        let damaged = first.len() as u64;
        second[12] ^= 0xff;
        second[15] ^= 0xff;
        let third_at = damaged + second.len() as u64;
        let bytes = [first, second, third].concat();
        let mut members = Members::new(&bytes[..]);
        let mut text = String::new();
        assert!(members.advance().unwrap());
        members.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), members.start()), ("One.", 0));
        assert!(members.advance().unwrap());
        assert_eq!(members.start(), damaged);
        assert!(members.read_to_end(&mut Vec::new()).is_err());
        assert!(members.resynchronise().unwrap());
        assert!(members.advance().unwrap());
        text.clear();
        members.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), members.start()), ("Five.", third_at));
        assert!(!members.advance().unwrap());
    }
}

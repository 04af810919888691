//! A document that is too large to be held, or is no valid JSON: its outer objects and lists stream by, and the items of the
//! lists are read one by one.

use std::io::{self, BufRead};

use serde::de::IgnoredAny;

use super::super::Problem;
use super::records::Records;

/// Objects within objects that are looked into.
const MOST_NESTED: usize = 100;

/// The outer objects and lists of a document.
pub(super) struct Outer<R> {
    pub(super) body: R,
    /// What an error of reading means.
    pub(super) what: &'static str,
    /// Bytes of the longest item that is read.
    pub(super) limit: u64,
}

impl<R: BufRead> Outer<R> {
    /// All documents that follow each other; usually one.
    pub(super) fn documents(mut self, records: &mut Records) -> Result<(), Problem> {
        while matches!(self.next_mark()?, Some(b'[' | b'{')) && !records.stopped {
            self.value(records, &mut Vec::new())?;
        }
        Ok(())
    }

    fn value(&mut self, records: &mut Records, path: &mut Vec<String>) -> Result<(), Problem> {
        match self.next_mark()? {
            Some(b'[') => self.list(records, path),
            Some(b'{') if path.len() < MOST_NESTED => self.object(records, path),
            _ => self.take(0).map(drop),
        }
    }

    fn list(&mut self, records: &mut Records, path: &mut Vec<String>) -> Result<(), Problem> {
        let before = records.found;
        self.body.consume(1);
        for number in 1.. {
            if self.next_mark()? == Some(b']') {
                break;
            }
            let limit = self.limit;
            let item = self.take(limit)?.ok_or(Problem::TooLarge { what: "record", limit: limit >> 20 });
            // Among articles, or in a list that is the whole document, the others are meant to be articles too.
            let tell = path.is_empty() || records.found > before;
            let is_left_out = matches!(&item, Ok(bytes) if bytes.is_empty());
            if !is_left_out && records.raw_item(item, number, path, tell).is_break() || self.is_last(b']')? {
                break;
            }
        }
        self.body.consume(1);
        Ok(())
    }

    fn object(&mut self, records: &mut Records, path: &mut Vec<String>) -> Result<(), Problem> {
        self.body.consume(1);
        while self.next_mark()? != Some(b'}') {
            let name = self.take(self.limit)?.unwrap_or_default();
            path.push(serde_json::from_slice(&name).map_err(|error| cut_short(error.into()))?);
            if self.is_last(b':')? {
                self.body.consume(1);
            }
            self.value(records, path)?;
            path.pop();
            if records.stopped || self.is_last(b'}')? {
                break;
            }
        }
        self.body.consume(1);
        Ok(())
    }

    /// True if `last` is next; a comma is passed over, anything else is an error.
    fn is_last(&mut self, last: u8) -> Result<bool, Problem> {
        match self.next_mark()? {
            Some(next) if next == last => Ok(true),
            Some(b',') => {
                self.body.consume(1);
                Ok(false)
            }
            next => {
                let found = next.map_or("the end".to_owned(), |next| format!("`{}`", char::from(next)));
                let detail = format!("{found} in place of a comma or `{}`", char::from(last));
                Err(cut_short(io::Error::new(io::ErrorKind::InvalidData, detail)))
            }
        }
    }

    /// The next byte that is no space, which is left to be read; none at the end.
    fn next_mark(&mut self) -> Result<Option<u8>, Problem> {
        loop {
            let bytes = read_on(&mut self.body, self.what)?;
            let spaces = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let (next, is_end) = (bytes.get(spaces).copied(), bytes.is_empty());
            self.body.consume(spaces);
            if next.is_some() || is_end {
                return Ok(next);
            }
        }
    }

    /// The bytes of a value or name, up to the mark after it; none if there are more than `limit`.
    fn take(&mut self, limit: u64) -> Result<Option<Vec<u8>>, Problem> {
        let (mut taken, mut is_too_long) = (Vec::new(), false);
        let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
        loop {
            let bytes = read_on(&mut self.body, self.what)?;
            if bytes.is_empty() {
                // The parser's words say more than that it ends.
                let error = serde_json::from_slice::<IgnoredAny>(&taken).err();
                return Err(cut_short(error.map_or_else(|| io::ErrorKind::UnexpectedEof.into(), io::Error::from)));
            }
            let end = bytes.iter().position(|&byte| {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' if in_string => escaped = true,
                    b'"' => in_string = !in_string,
                    _ if in_string => {}
                    b'[' | b'{' => depth += 1,
                    b',' | b':' | b']' | b'}' if depth == 0 => return true,
                    b']' | b'}' => depth -= 1,
                    _ => {}
                }
                false
            });
            let length = end.unwrap_or(bytes.len());
            is_too_long |= (taken.len() + length) as u64 > limit;
            if is_too_long {
                taken = Vec::new();
            } else {
                taken.extend(bytes.iter().take(length));
            }
            self.body.consume(length);
            if end.is_some() {
                return Ok((!is_too_long).then_some(taken));
            }
        }
    }
}

fn read_on<'b>(body: &'b mut impl BufRead, what: &'static str) -> Result<&'b [u8], Problem> {
    body.fill_buf().map_err(|source| Problem::CutShort { what, source })
}

fn cut_short(source: io::Error) -> Problem {
    Problem::CutShort { what: "JSON document", source }
}

//! The encoding of stored records, the manifest and other files: numbers, texts and spans as bytes.
//!
//! Numbers are LEB128, texts carry their length, spans are written as the difference to the end of the one before.

use crate::text::CharSpan;

/// Bytes that cannot be decoded: the file is damaged or has another format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("corrupt at byte {at}")]
pub struct DecodeError {
    /// Offset of the first byte that cannot be decoded.
    pub at: usize,
}

/// Writes.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    /// What was written.
    pub(super) bytes: Vec<u8>,
    /// Where the last span ended.
    last: u32,
}

impl Encoder {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Encoder { bytes: Vec::with_capacity(bytes), last: 0 }
    }

    /// Writes the next span relative to 0.
    pub(super) fn restart_spans(&mut self) {
        self.last = 0;
    }

    pub(super) fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub(super) fn option(&mut self, text: Option<&String>) {
        self.number(u64::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    pub(super) fn list<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u64);
        for item in list {
            each(self, item);
        }
    }

    /// The start as a signed difference to where the last one ended, then the length.
    pub(super) fn span(&mut self, span: CharSpan) {
        self.ahead(self.last, span.start);
        self.number(u64::from(span.end.saturating_sub(span.start)));
        self.last = span.end;
    }

    /// How far `to` lies ahead of `from` or behind it: zigzag.
    pub(super) fn ahead(&mut self, from: u32, to: u32) {
        let ahead = i64::from(to) - i64::from(from);
        self.number(((ahead << 1) ^ (ahead >> 63)).cast_unsigned());
    }

    /// Bytes whose number is known to the reader.
    pub(super) fn fixed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }
}

/// Reads what [`Encoder`] wrote; every step fails where the bytes end early or make no sense.
#[derive(Debug)]
pub(super) struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
    last: u32,
}

impl<'a> Decoder<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Decoder { bytes, at: 0, last: 0 }
    }

    /// True if all was read.
    pub(super) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Reads the next span relative to 0.
    pub(super) fn restart_spans(&mut self) {
        self.last = 0;
    }

    /// The error for the current position.
    pub(super) fn damaged(&self) -> DecodeError {
        DecodeError { at: self.at }
    }

    /// The value, or the error for the current position.
    pub(super) fn sound<T>(&self, value: Option<T>) -> Result<T, DecodeError> {
        value.ok_or(self.damaged())
    }

    pub(super) fn number(&mut self) -> Result<u64, DecodeError> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.sound(self.bytes.get(self.at).copied())?;
            self.at += 1;
            n |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(self.damaged())
    }

    /// A number that counts or points into something in memory.
    pub(super) fn size(&mut self) -> Result<usize, DecodeError> {
        let number = self.number()?;
        self.sound(usize::try_from(number).ok())
    }

    pub(super) fn text(&mut self) -> Result<String, DecodeError> {
        let len = self.size()?;
        let bytes = self.at.checked_add(len).and_then(|end| self.bytes.get(self.at..end));
        let text = self.sound(bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()))?.to_owned();
        self.at += len;
        Ok(text)
    }

    pub(super) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Option<T>, DecodeError> {
        match self.number()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            2.. => Err(self.damaged()),
        }
    }

    pub(super) fn list<T>(
        &mut self,
        read: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let len = self.size()?;
        self.many(len, read)
    }

    /// So many items, which the reader knows of.
    pub(super) fn many<T>(
        &mut self,
        len: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        // Every item takes a byte at least, so damaged bytes can't ask for more memory than they hold.
        let mut list = Vec::with_capacity(len.min(self.bytes.len().saturating_sub(self.at)));
        for _ in 0..len {
            list.push(read(self)?);
        }
        Ok(list)
    }

    pub(super) fn span(&mut self) -> Result<CharSpan, DecodeError> {
        let (ahead, length) = (self.signed()?, self.number()?);
        let span = self.after(self.last, ahead, length)?;
        self.last = span.end;
        Ok(span)
    }

    /// The span so far ahead of `last` and so long.
    pub(super) fn after(&self, last: u32, ahead: i64, length: u64) -> Result<CharSpan, DecodeError> {
        let start = i64::from(last).checked_add(ahead).and_then(|start| u32::try_from(start).ok());
        let start = self.sound(start)?;
        let end = self.sound(u32::try_from(length).ok().and_then(|length| start.checked_add(length)))?;
        Ok(CharSpan { start, end })
    }

    /// A signed number, zigzag.
    pub(super) fn signed(&mut self) -> Result<i64, DecodeError> {
        let zigzag = self.number()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    /// As many bytes as are asked for.
    pub(super) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let bytes = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<N>()).copied();
        self.at += N;
        self.sound(bytes)
    }
}

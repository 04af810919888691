//! Several named parts in one file of bytes, borrowed where they are.
//!
//! Layout, little-endian: `ORM1`, the number of parts (`u32`), for each its name (`u8` length, bytes) and length (`u32`),
//! then the parts themselves in the same order.

use std::borrow::Cow;
use std::ops::Range;

const MAGIC: &[u8; 4] = b"ORM1";

/// A file of named parts, taken apart without copying.
#[derive(Debug)]
pub struct Bundle {
    bytes: Cow<'static, [u8]>,
    parts: Vec<(String, Range<usize>)>,
}

impl Bundle {
    /// Takes `bytes` apart; none if they are not a whole bundle.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let mut head = Head { bytes: &bytes, at: 0 };
        if head.take(4)? != MAGIC {
            return None;
        }
        let mut directory = Vec::new();
        for _ in 0..head.number()? {
            let length = usize::from(*head.take(1)?.first()?);
            let name = String::from_utf8(head.take(length)?.to_vec()).ok()?;
            directory.push((name, head.number()?));
        }
        let mut at = head.at;
        let mut parts = Vec::new();
        for (name, length) in directory {
            let range = at..at.checked_add(length)?;
            at = range.end;
            parts.push((name, range));
        }
        (at == bytes.len()).then_some(Bundle { bytes, parts })
    }

    /// The part called `name`; borrowed where the file is.
    pub fn part(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        let (_, range) = self.parts.iter().find(|(n, _)| n == name)?;
        match &self.bytes {
            Cow::Borrowed(bytes) => bytes.get(range.clone()).map(Cow::Borrowed),
            Cow::Owned(bytes) => bytes.get(range.clone()).map(|part| Cow::Owned(part.to_vec())),
        }
    }
}

/// Puts parts together.
#[derive(Debug, Default)]
pub struct BundleWriter {
    parts: Vec<(String, Vec<u8>)>,
}

impl BundleWriter {
    /// Adds a part; its name has at most 255 bytes.
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) {
        self.parts.push((name.to_owned(), bytes));
    }

    /// The whole file.
    pub fn finish(self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((self.parts.len() as u32).to_le_bytes());
        for (name, part) in &self.parts {
            out.push(name.len() as u8);
            out.extend(name.as_bytes());
            out.extend((part.len() as u32).to_le_bytes());
        }
        out.extend(self.parts.into_iter().flat_map(|(_, part)| part));
        out
    }
}

struct Head<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Head<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(length)?)?;
        self.at += length;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        self.take(4)?.try_into().ok().map(|b| u32::from_le_bytes(b) as usize)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_come_back() {
        let mut writer = BundleWriter::default();
        writer.add("cue", vec![1, 2, 3]);
        writer.add("none", vec![]);
        let bundle = Bundle::from_bytes(Cow::Owned(writer.finish())).unwrap();
        assert_eq!(bundle.part("cue").as_deref(), Some(&[1, 2, 3][..]));
        assert_eq!(bundle.part("none").as_deref(), Some(&[][..]));
        assert_eq!(bundle.part("other"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let mut file = MAGIC.to_vec();
            file.extend(bytes);
            Bundle::from_bytes(Cow::Owned(file));
        }
    }
}

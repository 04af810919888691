//! The one place where bytes become code points and back.

use serde::{Deserialize, Serialize};

use super::Span;

/// A half-open range of Unicode code points, as in the W3C `TextPositionSelector`: what users see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CharSpan {
    /// First code point.
    pub start: u32,
    /// The code point after the last.
    pub end: u32,
}

impl CharSpan {
    /// How many code points two ranges share.
    pub fn overlap(self, other: CharSpan) -> u32 {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }
}

/// Bytes between two checkpoints; a look-up counts at most this many.
const STEP: usize = 256;

/// Converts between bytes and code points of one text, in constant time a look-up.
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// Code points before byte `i * STEP` (rounded down to a border); empty where the text is ASCII.
    checkpoints: Vec<u32>,
}

impl<'a> CodePoints<'a> {
    /// Prepares `text` for look-ups: one pass over it.
    pub fn new(text: &'a str) -> Self {
        let mut checkpoints = Vec::new();
        if !text.is_ascii() {
            checkpoints.reserve(text.len() / STEP + 1);
            let mut count = 0;
            for block in text.as_bytes().chunks(STEP) {
                checkpoints.push(count);
                count += starts(block);
            }
        }
        CodePoints { text, checkpoints }
    }

    /// Code points before byte `at`; past the end, the length of the text.
    pub fn before(&self, at: u32) -> u32 {
        let at = (at as usize).min(self.text.len());
        if self.checkpoints.is_empty() {
            return at as u32;
        }
        let block = (at / STEP).min(self.checkpoints.len() - 1);
        let from = block * STEP;
        self.checkpoints.get(block).copied().unwrap_or(0) + starts(self.text.as_bytes().get(from..at).unwrap_or(&[]))
    }

    /// The byte at which code point `at` starts; past the end, the length of the text in bytes.
    pub fn byte(&self, at: u32) -> u32 {
        if self.checkpoints.is_empty() {
            return at.min(self.text.len() as u32);
        }
        let block = self.checkpoints.partition_point(|&c| c <= at).saturating_sub(1);
        let mut left = at - self.checkpoints.get(block).copied().unwrap_or(0);
        let from = block * STEP;
        for (i, byte) in self.text.as_bytes().iter().enumerate().skip(from) {
            if is_start(*byte) {
                if left == 0 {
                    return i as u32;
                }
                left -= 1;
            }
        }
        self.text.len() as u32
    }

    /// A byte span in code points.
    pub fn chars(&self, span: Span) -> CharSpan {
        CharSpan { start: self.before(span.start), end: self.before(span.end) }
    }

    /// A code point span in bytes.
    pub fn bytes(&self, span: CharSpan) -> Span {
        Span { start: self.byte(span.start), end: self.byte(span.end) }
    }
}

fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

fn starts(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|b| is_start(**b)).count() as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn there_and_back(text in "\\PC{0,600}") {
            let map = CodePoints::new(&text);
            for (n, (byte, _)) in text.char_indices().enumerate() {
                prop_assert_eq!(map.before(byte as u32), n as u32);
                prop_assert_eq!(map.byte(n as u32), byte as u32);
            }
            prop_assert_eq!(map.before(text.len() as u32) as usize, text.chars().count());
        }
    }
}

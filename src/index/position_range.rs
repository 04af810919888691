//! The position of a quotation within its passage, in the positions of the passage's terms.
//!
//! A quotation's words are indexed with its passage only. A search within quotations searches passages and checks the
//! positions, so that the index holds each word once.

use std::ops::Range;

use crate::text::Span;
use crate::text::normal::Terms;

/// The greatest length of a range, and the bits of its value that hold the length.
const LONGEST: u32 = (1 << LENGTH_BITS) - 1;
const LENGTH_BITS: u32 = 10;
/// The greatest start. All values of a segment take as many bits as the greatest needs: the bounds keep one passage of a
/// whole book from costing every other quotation a byte.
const FARTHEST: u32 = 1 << 12;

/// The positions of one part of a quotation in its passage: a value of the field `stretch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PositionRange(u64);

impl PositionRange {
    /// The range, if it is within the bounds.
    fn new(positions: &Range<u32>) -> Option<Self> {
        let length = positions.end.checked_sub(positions.start)?;
        let fits = length <= LONGEST && positions.start < FARTHEST;
        fits.then(|| PositionRange(u64::from(positions.start) << LENGTH_BITS | u64::from(length)))
    }

    /// Decodes a value of the field.
    pub fn from_value(value: u64) -> Self {
        PositionRange(value)
    }

    /// The value of the field.
    pub fn value(self) -> u64 {
        self.0
    }

    /// The positions.
    pub fn positions(self) -> Range<u32> {
        let start = (self.0 >> LENGTH_BITS) as u32;
        start..start + (self.0 as u32 & LONGEST)
    }
}

/// Maps the bytes of a passage to positions. Reused between passages.
#[derive(Debug, Default)]
pub struct Positions {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Positions {
    /// Reads the terms of a passage.
    pub fn read(&mut self, terms: &Terms) {
        self.starts.clear();
        self.ends.clear();
        for term in terms.iter() {
            if let (true, Some(end)) = (self.ends.len() as u32 == term.position + 1, self.ends.last_mut()) {
                *end = (*end).max(term.span.end);
                continue;
            }
            let before = self.ends.last().copied().unwrap_or(0);
            while self.ends.len() as u32 <= term.position {
                self.starts.push(term.span.start);
                self.ends.push(term.span.end.max(before));
            }
        }
    }

    /// The ranges of parts given as bytes of the passage; `None` if one is outside or out of bounds.
    pub fn ranges(&self, parts: impl Iterator<Item = Option<Span>>) -> Option<Vec<PositionRange>> {
        let mut ranges = Vec::new();
        for part in parts {
            let positions = self.of(part?);
            if !positions.is_empty() {
                ranges.push(PositionRange::new(&positions)?);
            }
        }
        Some(ranges)
    }

    /// Every position that overlaps `part`; starts and ends both grow with the position.
    fn of(&self, part: Span) -> Range<u32> {
        let first = self.ends.partition_point(|&end| end <= part.start);
        let last = self.starts.partition_point(|&start| start < part.end);
        first as u32..last.max(first) as u32
    }
}

/// Renumbers the positions of a quotation's parts as one text with a gap of one position between parts, as they are when
/// the text is read in memory.
#[derive(Debug, Default)]
pub struct JoinedRanges {
    parts: Vec<(Range<u32>, u32)>,
}

impl JoinedRanges {
    /// Sets the parts of a quotation.
    pub fn set(&mut self, ranges: impl Iterator<Item = PositionRange>) {
        self.parts.clear();
        let mut base = 0;
        for positions in ranges.map(PositionRange::positions) {
            let next = base + (positions.end - positions.start) + 1;
            self.parts.push((positions, base));
            base = next;
        }
    }

    /// True without words.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Number of words.
    pub fn len(&self) -> u32 {
        self.parts.iter().map(|(positions, _)| positions.end - positions.start).sum()
    }

    /// Calls `each` with what lies in the quotation and its number there; `all` is in the order of the positions that `position` tells.
    pub fn pick<T: Copy>(&self, all: &[T], position: impl Fn(T) -> u32, mut each: impl FnMut(T, u32)) {
        for (positions, base) in &self.parts {
            let first = all.partition_point(|&one| position(one) < positions.start);
            let inside = all.iter().skip(first).take_while(|&&one| position(one) < positions.end);
            inside.for_each(|&one| each(one, position(one) - positions.start + base));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The positions of `part`, the first of its kind in `text`.
    #[track_caller]
    fn check(text: &str, part: &str, expect: Range<u32>) {
        let (mut terms, mut positions) = (Terms::default(), Positions::default());
        terms.read(text);
        positions.read(&terms);
        let start = text.find(part).unwrap();
        let ranges = positions.ranges(std::iter::once(Some(Span::new(start, start + part.len())))).unwrap();
        assert_eq!(ranges.first().map(|s| s.positions()).unwrap_or_default(), expect);
    }

    #[test]
    fn parts_have_the_positions_of_their_words() {
        check("“No deal,” she said.", "“No deal,”", 0..2);
        check("She said: “No deal.” He left.", "“No deal.”", 2..4);
        // The border after `left` takes position 2.
        check("He left. “No deal,” she said.", "“No deal,”", 3..5);
        check("It costs “$1.5 billion in all”, he said.", "“$1.5 billion in all”", 2..5);
        check("He said …", "…", 0..0);
    }

    #[test]
    fn ranges_out_of_bounds_are_refused() {
        for bad in [0..LONGEST + 1, FARTHEST..FARTHEST + 1] {
            assert_eq!(PositionRange::new(&bad), None);
        }
        let last = FARTHEST - 1..FARTHEST - 1 + LONGEST;
        assert_eq!(PositionRange::new(&last).map(PositionRange::positions), Some(last));
    }

    #[test]
    fn joined_ranges_leave_a_position_between_parts() {
        let mut row = JoinedRanges::default();
        row.set([2..4, 7..9].iter().filter_map(PositionRange::new));
        let mut picked = Vec::new();
        row.pick(&[1, 2, 3, 5, 7, 8, 9], |at| at, |_, at| picked.push(at));
        assert_eq!((picked, row.len()), (vec![0, 1, 3, 4], 4));
    }
}

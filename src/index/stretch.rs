//! Where a quotation stands within its passage, in the positions of the passage's terms.
//!
//! A quotation's words are posted with its passage; what makes them a quotation's is where they stand. So the index
//! holds them once, and a search within quotations is a search within passages that looks at the place as well.

use std::ops::Range;

use crate::text::Span;
use crate::text::normal::Terms;

/// Positions that a stretch may take, and bits of its value that say how many it takes.
const LONGEST: u32 = (1 << LENGTH_BITS) - 1;
const LENGTH_BITS: u32 = 10;
/// Positions before the last stretch. The values of a segment take as many bits as the greatest needs: a bound for both
/// keeps one passage of a whole book from costing every other quotation a byte.
const FARTHEST: u32 = 1 << 12;

/// Positions of a passage that a part of a quotation takes, as the field `stretch` holds them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch(u64);

impl Stretch {
    /// A stretch of some length that stands early enough in its passage.
    fn new(positions: &Range<u32>) -> Option<Self> {
        let length = positions.end.checked_sub(positions.start)?;
        let fits = length <= LONGEST && positions.start < FARTHEST;
        fits.then(|| Stretch(u64::from(positions.start) << LENGTH_BITS | u64::from(length)))
    }

    /// The stretch with this value.
    pub fn from_value(value: u64) -> Self {
        Stretch(value)
    }

    /// As the index holds it.
    pub fn value(self) -> u64 {
        self.0
    }

    /// The positions it takes.
    pub fn positions(self) -> Range<u32> {
        let start = (self.0 >> LENGTH_BITS) as u32;
        start..start + (self.0 as u32 & LONGEST)
    }
}

/// The bytes of a passage by position; kept between passages, it allocates little.
#[derive(Debug, Default)]
pub struct Positions {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Positions {
    /// Takes in where the terms of a passage stand.
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

    /// Where parts of the passage stand, in its bytes; none if one of them can't be said so.
    pub fn stretches(&self, parts: impl Iterator<Item = Option<Span>>) -> Option<Vec<Stretch>> {
        let mut stretches = Vec::new();
        for part in parts {
            let positions = self.of(part?);
            if !positions.is_empty() {
                stretches.push(Stretch::new(&positions)?);
            }
        }
        Some(stretches)
    }

    /// Every position of which some byte lies in `part`; ends and starts both grow with the position.
    fn of(&self, part: Span) -> Range<u32> {
        let first = self.ends.partition_point(|&end| end <= part.start);
        let last = self.starts.partition_point(|&start| start < part.end);
        first as u32..last.max(first) as u32
    }
}

/// The positions of a quotation's words in a row, as if its parts were texts of their own with one position left between
/// them, as they are where such a text is read in memory.
#[derive(Debug, Default)]
pub struct Row {
    parts: Vec<(Range<u32>, u32)>,
}

impl Row {
    /// Takes in the parts of another quotation.
    pub fn set(&mut self, stretches: impl Iterator<Item = Stretch>) {
        self.parts.clear();
        let mut base = 0;
        for positions in stretches.map(Stretch::positions) {
            let next = base + (positions.end - positions.start) + 1;
            self.parts.push((positions, base));
            base = next;
        }
    }

    /// True if it has no words.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many words there are.
    pub fn len(&self) -> u32 {
        self.parts.iter().map(|(positions, _)| positions.end - positions.start).sum()
    }

    /// Appends those of the passage's positions that lie in the quotation, as positions in the row.
    pub fn pick(&self, from: &[u32], to: &mut Vec<u32>) {
        for (positions, base) in &self.parts {
            let first = from.partition_point(|&at| at < positions.start);
            let inside = from.iter().skip(first).take_while(|&&at| at < positions.end);
            to.extend(inside.map(|&at| at - positions.start + base));
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
        let stretches = positions.stretches(std::iter::once(Some(Span::new(start, start + part.len())))).unwrap();
        assert_eq!(stretches.first().map(|s| s.positions()).unwrap_or_default(), expect);
    }

    #[test]
    fn parts_take_the_positions_of_their_words() {
        check("“No deal,” she said.", "“No deal,”", 0..2);
        check("She said: “No deal.” He left.", "“No deal.”", 2..4);
        // The border after `left` takes position 2.
        check("He left. “No deal,” she said.", "“No deal,”", 3..5);
        check("It costs “$1.5 billion in all”, he said.", "“$1.5 billion in all”", 2..5);
        check("He said …", "…", 0..0);
    }

    #[test]
    fn what_stands_too_far_or_is_too_long_is_told() {
        for bad in [0..LONGEST + 1, FARTHEST..FARTHEST + 1] {
            assert_eq!(Stretch::new(&bad), None);
        }
        let last = FARTHEST - 1..FARTHEST - 1 + LONGEST;
        assert_eq!(Stretch::new(&last).map(Stretch::positions), Some(last));
    }

    #[test]
    fn a_row_leaves_a_position_between_parts() {
        let mut row = Row::default();
        row.set([2..4, 7..9].iter().filter_map(Stretch::new));
        let mut picked = Vec::new();
        row.pick(&[1, 2, 3, 5, 7, 8, 9], &mut picked);
        assert_eq!((picked, row.len()), (vec![0, 1, 3, 4], 4));
    }
}

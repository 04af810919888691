//! The dialect of a table, found out from its first rows.

use super::rows::{Dialect, Row, Rows};

/// The separators of the world, the likeliest first.
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// Rows that are looked at.
const SAMPLE: usize = 50;

/// Finds the dialect whose rows agree best on the number of their fields; `knows` tells header names that it knows.
pub(super) fn of(head: &[u8], is_whole: bool, knows: &dyn Fn(&[String]) -> bool) -> Dialect {
    let backslash = memchr::memmem::find(head, b"\\\"").is_some() && memchr::memmem::find(head, b"\"\"").is_none();
    let candidates = SEPARATORS.map(|separator| Dialect { separator, quote: b'"', backslash });
    let score = |dialect: &Dialect| {
        let rows = sample(head, is_whole, *dialect);
        let header: Vec<String> =
            rows.first().map(|row| row.iter().map(|name| text(name)).collect()).unwrap_or_default();
        let width = header.len();
        let agreeing = rows.iter().filter(|row| row.len() == width).count();
        // Known names decide; then agreement in hundredths, of more than one column; then the number of columns.
        (knows(&header), if width > 1 { agreeing * 100 / rows.len().max(1) } else { 0 }, width)
    };
    // Of equals the first is taken: commas.
    let mut best = candidates[0];
    let mut best_score = score(&best);
    for candidate in &candidates[1..] {
        let other = score(candidate);
        if other > best_score {
            (best, best_score) = (*candidate, other);
        }
    }
    best
}

/// The first rows, as many as the head holds whole.
pub(super) fn sample(head: &[u8], is_whole: bool, dialect: Dialect) -> Vec<Vec<Vec<u8>>> {
    let mut rows = Rows::new(head, dialect, head.len() as u64);
    let mut sample = Vec::new();
    while let Ok(Row::Fields(fields)) = rows.next() {
        sample.push(fields);
        if sample.len() > SAMPLE {
            break;
        }
    }
    // What the end of the head cut says nothing.
    if !is_whole && sample.len() > 1 {
        sample.pop();
    }
    sample
}

/// A name as the header has it.
pub(super) fn text(field: &[u8]) -> String {
    String::from_utf8_lossy(field).trim().to_owned()
}

//! Parts linked by nearness: pairs of spans, found by merging their lists.

use std::ops::Range;

use crate::engine::spans::find::MOST;
use crate::engine::spans::query::PositionSpan;
use crate::query::Link;

/// Appends the cover of every pair that is linked as asked; lists and borders are in order.
///
/// Only spans in reach of each other are compared. Where even these are too many (thousands of words in one sentence), each
/// span is paired with its neighbours alone: the text is found all the same, and the work stays linear.
pub(crate) fn pairs(
    left: &[PositionSpan],
    link: Link,
    right: &[PositionSpan],
    borders: &[u32],
    found: &mut Vec<PositionSpan>,
) {
    for (a, reach) in left.iter().zip(reaches(left, link, right, borders)) {
        for &b in right.get(reach).unwrap_or(&[]) {
            if !a.overlaps(b) && is_linked(*a, link, b, borders) {
                found.push(a.cover(b));
            }
        }
    }
}

/// For each span on the left, those on the right that are worth comparing.
fn reaches(left: &[PositionSpan], link: Link, right: &[PositionSpan], borders: &[u32]) -> Vec<Range<usize>> {
    let longest = right.iter().map(|b| b.end - b.start).max().unwrap_or(0);
    let from = |start: u32| right.partition_point(|b| b.start < start);
    let reach = |a: &PositionSpan| match link {
        Link::Near(n) => from(a.start.saturating_sub(n.saturating_add(longest)))..from(a.end.saturating_add(n)),
        Link::Pre(n) => from(a.end)..from(a.end.saturating_add(n)),
        Link::Sentence => {
            let next = borders.partition_point(|&border| border < a.start);
            let start = next.checked_sub(1).and_then(|last| borders.get(last)).map_or(0, |&border| border + 1);
            from(start)..from(borders.get(next).copied().unwrap_or(u32::MAX))
        }
        Link::Paragraph => 0..right.len(),
    };
    let mut reaches: Vec<Range<usize>> = left.iter().map(reach).collect();
    if reaches.iter().map(Range::len).sum::<usize>() > 4 * MOST {
        for (a, reach) in left.iter().zip(&mut reaches) {
            let (before, after) = (from(a.start), from(a.end));
            *reach = reach.start.max(before.saturating_sub(1))..reach.end.min(after + 1);
            // Spans that begin within this one overlap it: more than a few would be one word repeated.
            reach.end = reach.end.min(reach.start + NEIGHBOURS);
        }
    }
    reaches
}

/// Neighbours of a span that it is compared with where there are too many in reach.
const NEIGHBOURS: usize = 8;

fn is_linked(a: PositionSpan, link: Link, b: PositionSpan, borders: &[u32]) -> bool {
    match link {
        Link::Near(n) => distance(a, b) <= n,
        Link::Pre(n) => a.end <= b.start && distance(a, b) <= n,
        Link::Sentence => !crossed(a.cover(b), borders),
        Link::Paragraph => true,
    }
}

/// How many words on the later one starts from the end of the earlier one; the next word is 1 on.
pub(crate) fn distance(a: PositionSpan, b: PositionSpan) -> u32 {
    let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
    (second.start + 1).saturating_sub(first.end)
}

/// True if a sentence ends within.
pub(crate) fn crossed(span: PositionSpan, borders: &[u32]) -> bool {
    borders.get(borders.partition_point(|&b| b < span.start)).is_some_and(|&b| b < span.end)
}

/// For each span of a list in order, the farthest end of it and all before it.
pub(crate) fn farthest_ends(spans: &[PositionSpan]) -> Vec<u32> {
    let farthest = |end: &mut u32, span: &PositionSpan| {
        *end = span.end.max(*end);
        Some(*end)
    };
    spans.iter().scan(0, farthest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many pairs are compared.
    fn compared(left: &[u32], link: Link, right: &[u32], borders: &[u32]) -> usize {
        let spans = |at: &[u32]| at.iter().map(|&at| PositionSpan::at(at)).collect::<Vec<_>>();
        reaches(&spans(left), link, &spans(right), borders).iter().map(Range::len).sum()
    }

    /// Every `step`-th position from `first` on.
    fn every(step: u32, first: u32) -> Vec<u32> {
        (0..100_000).map(|i| first + i * step).collect()
    }

    #[test]
    fn work_grows_with_the_text_not_with_its_square() {
        let none: &[u32] = &[];
        // `A left. B began.` over and over: no two of them share a sentence.
        let half = |all: Vec<u32>| all.into_iter().take(50_000).collect::<Vec<_>>();
        assert_eq!(compared(&half(every(6, 0)), Link::Sentence, &half(every(6, 3)), &every(3, 2)), 0);
        // A hundred thousand of each, one after the other.
        assert!(compared(&every(1, 0), Link::Pre(3), &every(1, 100_000), none) <= 9);
        assert!(compared(&every(2, 0), Link::Near(1000), &every(2, 1), none) <= 8 * 100_000);
        // One sentence or paragraph of them all.
        assert!(compared(&every(2, 0), Link::Sentence, &every(2, 1), none) <= 8 * 100_000);
        assert!(compared(&every(2, 0), Link::Paragraph, &every(2, 1), none) <= 8 * 100_000);
    }

    #[test]
    fn neighbours_are_found_where_there_are_too_many() {
        let spans = |at: &[u32]| at.iter().map(|&at| PositionSpan::at(at)).collect::<Vec<_>>();
        let mut found = Vec::new();
        pairs(&spans(&every(2, 0)), Link::Sentence, &spans(&every(2, 1)), &[], &mut found);
        assert!(found.len() >= 100_000);
        assert!(found.iter().all(|span| span.end - span.start == 2));
    }
}

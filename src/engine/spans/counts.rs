//! Words in a row and pairs of words near each other, counted straight on their positions: what most phrases and `NEAR`
//! ask for. The rules are those of `find` and `linked`, which make a list of what they find and know all the others.

use crate::engine::spans::query::{SpanQuery, TermSet};
use crate::query::Link;

/// What can be counted so.
#[derive(Debug)]
pub(crate) enum Countable {
    /// Words one right after the other, each with its place in the row; the rarest first.
    Row(Vec<(u32, TermSet)>),
    /// Two words, linked.
    Pair(TermSet, Link, TermSet),
}

impl Countable {
    /// What is searched for, if it can be counted so; `postings` tells how frequent a word is.
    pub(crate) fn of(query: &SpanQuery, postings: &dyn Fn(TermSet) -> u64) -> Option<Self> {
        match query {
            SpanQuery::Sequence(parts) if parts.len() > 1 => {
                let words = (0..).zip(parts).map(|(on, part)| Some((on, word(part)?)));
                let mut words: Vec<(u32, TermSet)> = words.collect::<Option<_>>()?;
                words.sort_by_key(|&(_, set)| postings(set));
                Some(Countable::Row(words))
            }
            SpanQuery::Linked(first, rest) => match (&**first, rest.as_slice()) {
                (SpanQuery::TermSet(left), [(link, SpanQuery::TermSet(right))]) => {
                    Some(Countable::Pair(*left, *link, *right))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// The term set that is all a part asks for.
pub(crate) fn word(part: &SpanQuery) -> Option<TermSet> {
    if let SpanQuery::TermSet(set) = part { Some(*set) } else { None }
}

/// The positions at which a row may start, given those of two of its words, which are so many positions on; all in order.
pub(crate) fn starts_of_both(one: &[u32], on: u32, other: &[u32], other_on: u32, starts: &mut Vec<u32>) {
    starts.clear();
    let mut ahead = other.iter().peekable();
    for start in one.iter().filter_map(|at| at.checked_sub(on)) {
        while ahead.next_if(|at| **at < start + other_on).is_some() {}
        if ahead.peek() == Some(&&(start + other_on)) {
            starts.push(start);
        }
    }
}

/// Keeps of the positions where a row may start those at which one of its words is so many positions on; both in order.
pub(crate) fn keep_starts(starts: &mut Vec<u32>, on: u32, word: &[u32]) {
    let mut ahead = word.iter().peekable();
    starts.retain(|start| {
        while ahead.next_if(|at| **at < start + on).is_some() {}
        ahead.peek() == Some(&&(start + on))
    });
}

/// True if a position of one is at most so far from one of the other; both in order.
pub(crate) fn is_near(one: &[u32], other: &[u32], farthest: u32) -> bool {
    let mut ahead = other.iter().peekable();
    one.iter().any(|&at| {
        while ahead.next_if(|before| before.saturating_add(farthest) < at).is_some() {}
        ahead.peek().is_some_and(|&&next| next <= at.saturating_add(farthest))
    })
}

/// How often a pair is linked as asked; positions and the borders between sentences come in order, each once.
pub(crate) fn pairs(left: &[u32], link: Link, right: &[u32], borders: &[u32]) -> usize {
    let nearest = |a: u32| match link {
        Link::Near(n) => right.partition_point(|&b| b < a.saturating_sub(n)),
        Link::Pre(_) => right.partition_point(|&b| b <= a),
        Link::Sentence | Link::Paragraph => 0,
    };
    let is_linked = |a: u32, b: u32| match link {
        Link::Near(n) => a.abs_diff(b) <= n,
        Link::Pre(n) => b > a && b - a <= n,
        Link::Sentence => {
            let (start, end) = (a.min(b), a.max(b));
            borders.get(borders.partition_point(|&at| at < start)).is_none_or(|&at| at > end)
        }
        Link::Paragraph => true,
    };
    // Where both words are at both positions, the stretch that covers them was counted from its start.
    let is_counted = |a: u32, b: u32| b < a && left.binary_search(&b).is_ok() && right.binary_search(&a).is_ok();
    let of = |&a: &u32| {
        let near = right.iter().skip(nearest(a)).take_while(|&&b| match link {
            Link::Near(n) | Link::Pre(n) => b <= a.saturating_add(n),
            Link::Sentence | Link::Paragraph => true,
        });
        near.filter(|&&b| a != b && is_linked(a, b) && !is_counted(a, b)).count()
    };
    left.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use crate::text::normal::PlacedRole;
    use proptest::prelude::*;

    use super::*;
    use crate::engine::spans::find::BufferPool;
    use crate::engine::spans::query::{PositionSource, PositionSpan};

    /// The positions of three words, and those of borders.
    struct Given([Vec<u32>; 4]);

    impl PositionSource for Given {
        fn set(&mut self, set: TermSet, out: &mut Vec<PositionSpan>) {
            out.extend(self.0[set].iter().map(|&at| PositionSpan::at(at)));
        }

        fn borders(&mut self) -> &[u32] {
            &self.0[3]
        }

        fn roles(&mut self, _within: PositionSpan, _each: &mut dyn FnMut(PlacedRole)) {}

        fn literal(&mut self, _text: &str, _words: &[TermSet], _out: &mut Vec<PositionSpan>) {}
    }

    fn positions() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::btree_set(0_u32..40, 0..12).prop_map(|set| set.into_iter().collect())
    }

    proptest! {
        #[test]
        fn is_near_where_two_positions_are(one in positions(), other in positions(), farthest in 0_u32..9) {
            let two = one.iter().any(|a| other.iter().any(|b| a.abs_diff(*b) <= farthest));
            prop_assert_eq!(is_near(&one, &other, farthest), two);
        }

        #[test]
        fn counts_what_lists_hold(
            a in positions(),
            b in positions(),
            c in positions(),
            mut borders in positions(),
            n in 0_u32..9,
        ) {
            // A border has its position for itself.
            borders.retain(|at| !a.contains(at) && !b.contains(at) && !c.contains(at));
            let mut given = Given([a, b, c, borders]);
            let set = |set: TermSet| SpanQuery::TermSet(set);
            for (left, right) in [(0, 1), (1, 0), (2, 2)] {
                for link in [Link::Near(n), Link::Pre(n), Link::Sentence, Link::Paragraph] {
                    let whole = SpanQuery::Linked(Box::new(set(left)), vec![(link, set(right))]);
                    let listed = whole.spans(&mut given, &mut BufferPool::default()).len();
                    let counted = pairs(&given.0[left], link, &given.0[right], &given.0[3]);
                    prop_assert_eq!(counted, listed, "{:?}", whole);
                }
            }
            for row in [&[0][..], &[0, 1], &[2, 2], &[0, 1, 2], &[1, 0, 1]] {
                let whole = SpanQuery::Sequence(row.iter().copied().map(set).collect());
                let listed = whole.spans(&mut given, &mut BufferPool::default()).len();
                for (first, second) in [(0, row.len() - 1), (row.len() - 1, 0)] {
                    let mut starts = vec![0; 2];
                    let of = |on: usize| (given.0[row[on]].as_slice(), on as u32);
                    let ((one, on), (other, other_on)) = (of(first), of(second));
                    starts_of_both(one, on, other, other_on, &mut starts);
                    row.iter().enumerate().for_each(|(on, &word)| keep_starts(&mut starts, on as u32, &given.0[word]));
                    prop_assert_eq!(starts.len(), listed, "{:?}", whole);
                }
            }
        }
    }
}

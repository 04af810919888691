//! Where in a text something is: phrases, nearness and counting, decided on positions.
//!
//! The same rules serve the index (positions come from postings) and a text in memory (positions come from the
//! analyser), so that what is highlighted is what was found. Nothing here knows of tantivy.

use crate::engine::spans::counts::word;
use crate::engine::spans::linked;
use crate::engine::spans::query::{PositionSource, PositionSpan, SpanQuery};
use crate::engine::spans::relation::{Head, Nearness, Roles};

/// More spans than this in one text are not told apart: by then it is found, and any sum of parts stays bounded.
pub(crate) const MOST: usize = 1 << 14;

/// Lists that were used and are empty again. A text is held against a plan in less than a microsecond: asking for memory
/// each time would take most of it.
#[derive(Debug, Default)]
pub(crate) struct BufferPool(Vec<Vec<PositionSpan>>);

impl BufferPool {
    fn list(&mut self) -> Vec<PositionSpan> {
        self.0.pop().unwrap_or_default()
    }

    /// Takes back a list.
    pub(crate) fn clear(&mut self, mut list: Vec<PositionSpan>) {
        list.clear();
        self.0.push(list);
    }

    fn clear_all(&mut self, lists: Vec<Vec<PositionSpan>>) {
        for list in lists {
            self.clear(list);
        }
    }
}

impl SpanQuery {
    /// Every span where it is, in order, each once.
    pub(crate) fn spans(&self, source: &mut dyn PositionSource, pool: &mut BufferPool) -> Vec<PositionSpan> {
        let mut found = pool.list();
        if !source.go_on() {
            return found;
        }
        match self {
            SpanQuery::TermSet(set) => source.set(*set, &mut found),
            SpanQuery::Together(parts) => together(parts, source, pool, &mut found),
            SpanQuery::Sequence(parts) => sequence(parts, source, pool, &mut found),
            SpanQuery::Loose(parts, between) => loose(parts, *between, source, pool, &mut found),
            SpanQuery::Close(parts, Nearness { between, head: None }) => {
                close(parts, *between, source, pool, &mut found);
            }
            SpanQuery::Close(parts, Nearness { between, head: Some(head) }) => {
                related(parts, *between, *head, source, pool, &mut found);
            }
            SpanQuery::Variants(_) | SpanQuery::Any(_) => {
                for part in self.parts() {
                    append(part.spans(source, pool), &mut found, pool);
                }
                tidy(&mut found);
            }
            SpanQuery::Both(parts) => {
                for part in parts {
                    let spans = part.spans(source, pool);
                    if spans.is_empty() {
                        found.clear();
                        break;
                    }
                    append(spans, &mut found, pool);
                }
                tidy(&mut found);
            }
            SpanQuery::Linked(first, rest) => {
                append(first.spans(source, pool), &mut found, pool);
                for (link, part) in rest {
                    if found.is_empty() {
                        break;
                    }
                    let right = part.spans(source, pool);
                    let mut both = pool.list();
                    linked::pairs(&found, *link, &right, source.borders(), &mut both);
                    tidy(&mut both);
                    std::mem::swap(&mut found, &mut both);
                    pool.clear(both);
                    pool.clear(right);
                }
            }
            SpanQuery::AtLeast(times, of) => {
                append(of.spans(source, pool), &mut found, pool);
                if found.len() < *times as usize {
                    found.clear();
                }
            }
            SpanQuery::Literal(text, words) => source.literal(text, words, &mut found),
        }
        found
    }

    /// Spans to highlight: a phrase is one span; parts that are near one another are one each, within a match.
    pub(crate) fn marks(&self, source: &mut dyn PositionSource, pool: &mut BufferPool) -> Vec<PositionSpan> {
        match self {
            SpanQuery::Variants(_) | SpanQuery::Any(_) | SpanQuery::Both(_) => {
                union(self.parts().into_iter().flat_map(|part| part.marks(source, pool)).collect())
            }
            SpanQuery::Linked(..) => {
                let whole = self.spans(source, pool);
                let ends = linked::farthest_ends(&whole);
                let inside = |span: &PositionSpan| {
                    let starting = whole.partition_point(|w| w.start <= span.start);
                    starting.checked_sub(1).and_then(|last| ends.get(last)).is_some_and(|&end| span.end <= end)
                };
                union(self.parts().into_iter().flat_map(|part| part.marks(source, pool)).filter(inside).collect())
            }
            SpanQuery::AtLeast(_, of) if !self.spans(source, pool).is_empty() => of.marks(source, pool),
            SpanQuery::TermSet(_)
            | SpanQuery::Literal(..)
            | SpanQuery::Together(_)
            | SpanQuery::Sequence(_)
            | SpanQuery::Loose(..)
            | SpanQuery::Close(..)
            | SpanQuery::AtLeast(..) => self.spans(source, pool),
        }
    }
}

fn append(spans: Vec<PositionSpan>, to: &mut Vec<PositionSpan>, pool: &mut BufferPool) {
    to.extend_from_slice(&spans);
    pool.clear(spans);
}

fn union(mut spans: Vec<PositionSpan>) -> Vec<PositionSpan> {
    tidy(&mut spans);
    spans
}

/// Sorted, each once, not too many.
fn tidy(spans: &mut Vec<PositionSpan>) {
    if !spans.is_sorted_by(|a, b| a < b) {
        spans.sort_unstable();
        spans.dedup();
    }
    spans.truncate(MOST);
}

/// The spans that every part has.
fn together(
    parts: &[SpanQuery],
    source: &mut dyn PositionSource,
    pool: &mut BufferPool,
    found: &mut Vec<PositionSpan>,
) {
    let Some((first, rest)) = parts.split_first() else { return };
    append(first.spans(source, pool), found, pool);
    for part in rest {
        if found.is_empty() {
            break;
        }
        let spans = part.spans(source, pool);
        found.retain(|span| {
            let from = spans.partition_point(|other| other.start < span.start);
            spans.iter().skip(from).take_while(|other| other.start == span.start).any(|other| other == span)
        });
        pool.clear(spans);
    }
}

fn sequence(
    parts: &[SpanQuery],
    source: &mut dyn PositionSource,
    pool: &mut BufferPool,
    found: &mut Vec<PositionSpan>,
) {
    let Some((first, rest)) = parts.split_first() else { return };
    append(first.spans(source, pool), found, pool);
    for part in rest {
        if found.is_empty() {
            break;
        }
        let next = part.spans(source, pool);
        let mut joined = pool.list();
        for span in found.iter() {
            let from = next.partition_point(|n| n.start < span.end);
            for n in next.iter().skip(from).take_while(|n| n.start == span.end) {
                joined.push(span.cover(*n));
            }
        }
        tidy(&mut joined);
        std::mem::swap(found, &mut joined);
        pool.clear(joined);
        pool.clear(next);
    }
}

/// Every row of the parts within a sentence, in order, with at most so many positions between them in all.
fn loose(
    parts: &[SpanQuery],
    between: u32,
    source: &mut dyn PositionSource,
    pool: &mut BufferPool,
    found: &mut Vec<PositionSpan>,
) {
    let Some(parts) = found_all(parts, between, source, pool) else { return };
    let Some((first, rest)) = parts.split_first() else { return };
    // A row and what is left of its positions; rows that cover the same stretch have the same left.
    let mut rows: Vec<(PositionSpan, u32)> = first.iter().map(|&span| (span, between)).collect();
    for part in rest {
        let mut longer = Vec::new();
        for (row, left) in rows {
            let from = part.partition_point(|p| p.start < row.end);
            if longer.len() > 4 * MOST {
                break;
            }
            for next in part.iter().skip(from).take_while(|next| next.start - row.end <= left) {
                longer.push((row.cover(*next), left - (next.start - row.end)));
            }
        }
        longer.sort_unstable();
        longer.dedup();
        longer.truncate(MOST);
        rows = longer;
    }
    found.extend(rows.into_iter().map(|(row, _)| row).filter(|row| !linked::crossed(*row, source.borders())));
    tidy(found);
    pool.clear_all(parts);
}

/// The shortest stretch that starts with each span of any part and holds one of every other, within a sentence.
fn close(
    parts: &[SpanQuery],
    between: u32,
    source: &mut dyn PositionSource,
    pool: &mut BufferPool,
    found: &mut Vec<PositionSpan>,
) {
    let Some(parts) = found_all(parts, between, source, pool) else { return };
    let mut taken = pool.list();
    for (i, leading) in parts.iter().enumerate() {
        for &start in leading {
            taken.clear();
            taken.push(start);
            for (_, part) in parts.iter().enumerate().filter(|&(j, _)| j != i) {
                let from = part.partition_point(|p| p.start < start.start);
                let free = |p: &&PositionSpan| !taken.iter().any(|t| t.overlaps(**p));
                let Some(&next) = part.iter().skip(from).take(parts.len()).find(free) else { break };
                taken.push(next);
            }
            let whole = taken.iter().fold(start, |whole, &span| whole.cover(span));
            let words: u32 = taken.iter().map(|t| t.end - t.start).sum();
            let near = taken.len() == parts.len() && whole.end - whole.start <= words + between;
            if near && !linked::crossed(whole, source.borders()) {
                found.push(whole);
            }
        }
    }
    tidy(found);
    pool.clear(taken);
    pool.clear_all(parts);
}

/// The stretch that covers each span of the head and the nearest spans of all other parts that modify it.
fn related(
    parts: &[SpanQuery],
    between: u32,
    head: Head,
    source: &mut dyn PositionSource,
    pool: &mut BufferPool,
    found: &mut Vec<PositionSpan>,
) {
    let Some(parts) = found_all(parts, between, source, pool) else { return };
    let mut taken = pool.list();
    let mut roles: Option<Roles> = None;
    let mut borders: Option<Vec<u32>> = None;
    let near = |part: &[PositionSpan], whole: PositionSpan| {
        let from = part.partition_point(|span| span.end.saturating_add(between) < whole.start);
        let to = part.partition_point(|span| span.start <= whole.end.saturating_add(between));
        from..to.max(from)
    };
    for &whole in parts.get(head.part).into_iter().flatten() {
        if parts.iter().any(|part| near(part, whole).is_empty()) {
            continue;
        }
        let borders = borders.get_or_insert_with(|| source.borders().to_vec());
        taken.clear();
        taken.push(whole);
        for (number, part) in parts.iter().enumerate().filter(|(number, _)| *number != head.part) {
            let candidates = part.get(near(part, whole)).unwrap_or(&[]).iter().copied();
            let free = candidates.filter(|span| !taken.iter().any(|taken| taken.overlaps(*span)));
            let nearest = free
                .filter(|&span| {
                    // Roles are read where words are near each other in one sentence: that costs more than their positions.
                    !linked::crossed(whole.cover(span), borders)
                        && roles
                            .get_or_insert_with(|| Roles::read(source, around(&parts, whole), &parts))
                            .relate(whole, span, head, number)
                })
                .min_by_key(|&span| linked::distance(whole, span));
            let Some(nearest) = nearest else { break };
            taken.push(nearest);
        }
        let cover = taken.iter().fold(whole, |cover, &span| cover.cover(span));
        let words: u32 = taken.iter().map(|span| span.end - span.start).sum();
        if taken.len() == parts.len() && cover.end - cover.start <= words + between {
            found.push(cover);
        }
    }
    tidy(found);
    pool.clear(taken);
    pool.clear_all(parts);
}

/// The stretch whose words tell how the parts are related.
fn around(parts: &[Vec<PositionSpan>], whole: PositionSpan) -> PositionSpan {
    let all = parts.iter().flatten().copied().reduce(PositionSpan::cover).unwrap_or(whole);
    PositionSpan { start: all.start.saturating_sub(4), end: all.end.saturating_add(4) }
}

/// The spans of every part; none if one has none, or words of them are nowhere so near that no more than `between` positions
/// are between all parts.
fn found_all(
    parts: &[SpanQuery],
    between: u32,
    source: &mut dyn PositionSource,
    pool: &mut BufferPool,
) -> Option<Vec<Vec<PositionSpan>>> {
    let (first, rest) = parts.split_first()?;
    if let Some(first) = word(first) {
        // Most texts that hold all words hold them far from each other, which takes no lists to see.
        let farthest = between.saturating_add(parts.len() as u32).saturating_sub(1);
        if parts.iter().all(|part| word(part).is_some())
            && rest.iter().filter_map(word).any(|other| !source.may_be_near(first, other, farthest))
        {
            return None;
        }
    }
    let mut found = Vec::with_capacity(parts.len());
    for part in parts {
        let spans = part.spans(source, pool);
        if spans.is_empty() {
            pool.clear_all(found);
            return None;
        }
        found.push(spans);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::spans::query::TermSet;
    use crate::query::Link;
    use crate::text::normal::PlacedRole;

    /// A text of one-letter words, `.` for borders; term set `n` is the n-th letter of the alphabet.
    struct Letters<'t>(&'t str, Vec<u32>);

    impl<'t> Letters<'t> {
        fn new(text: &'t str) -> Self {
            Letters(text, text.char_indices().filter(|(_, c)| *c == '.').map(|(i, _)| i as u32).collect())
        }
    }

    impl PositionSource for Letters<'_> {
        fn set(&mut self, set: TermSet, out: &mut Vec<PositionSpan>) {
            let letter = char::from(b'a' + set as u8);
            out.extend(self.0.char_indices().filter(|(_, c)| *c == letter).map(|(i, _)| PositionSpan::at(i as u32)));
        }

        fn borders(&mut self) -> &[u32] {
            &self.1
        }

        fn roles(&mut self, _within: PositionSpan, _each: &mut dyn FnMut(PlacedRole)) {}

        fn literal(&mut self, text: &str, _words: &[TermSet], out: &mut Vec<PositionSpan>) {
            out.extend(
                self.0.match_indices(text).map(|(i, m)| PositionSpan { start: i as u32, end: (i + m.len()) as u32 }),
            );
        }
    }

    const A: SpanQuery = SpanQuery::TermSet(0);
    const B: SpanQuery = SpanQuery::TermSet(1);
    const C: SpanQuery = SpanQuery::TermSet(2);

    #[track_caller]
    fn check(query: &SpanQuery, text: &str, expect: &[&str]) {
        let mut source = Letters::new(text);
        let found = query.spans(&mut source, &mut BufferPool::default());
        let found: Vec<&str> = found.iter().map(|p| &text[p.start as usize..p.end as usize]).collect();
        assert_eq!(found, expect, "{query:?} in {text}");
    }

    fn near(link: Link) -> SpanQuery {
        SpanQuery::Linked(Box::new(A), vec![(link, B)])
    }

    #[test]
    fn sequences_touch() {
        check(&SpanQuery::Sequence(vec![A, B]), "xabaxb", &["ab"]);
        check(&SpanQuery::Sequence(vec![A, B]), "a.b", &[]);
        let split = SpanQuery::Any(vec![C, SpanQuery::Sequence(vec![B, C])]);
        check(&SpanQuery::Sequence(vec![A, split, A]), "aca abca aba", &["aca", "abca"]);
    }

    #[test]
    fn loose_phrases_keep_their_order() {
        check(&SpanQuery::Loose(vec![A, B], 2), "axxb axxxb ba", &["axxb"]);
        check(&SpanQuery::Loose(vec![A, B, C], 2), "axbxc axxbxc", &["axbxc"]);
        check(&SpanQuery::Loose(vec![A, B], 2), "ax.b", &[]);
    }

    #[test]
    fn close_words_share_a_sentence() {
        let close = SpanQuery::Close(vec![A, B], Nearness::any(2));
        check(&close, "bxa", &["bxa"]);
        check(&close, "bx.a", &[]);
        check(&close, "bxxxa", &[]);
        check(&SpanQuery::Close(vec![A, A], Nearness::any(2)), "a", &[]);
        check(&SpanQuery::Close(vec![A, A], Nearness::any(2)), "axa", &["axa"]);
    }

    #[test]
    fn distances_count_words() {
        check(&near(Link::Near(1)), "ab ba axb", &["ab", "ba"]);
        check(&near(Link::Near(2)), "axb bxxa", &["axb"]);
        check(&near(Link::Pre(1)), "ba", &[]);
        check(&near(Link::Pre(3)), "axxb", &["axxb"]);
        check(&SpanQuery::Linked(Box::new(A), vec![(Link::Near(1), A)]), "a", &[]);
    }

    #[test]
    fn sentences_and_paragraphs() {
        check(&near(Link::Sentence), "axxxb.b", &["axxxb"]);
        check(&near(Link::Paragraph), "a.b", &["a.b"]);
    }

    #[test]
    fn chains_link_to_all_before() {
        let chain = SpanQuery::Linked(Box::new(A), vec![(Link::Near(3), B), (Link::Near(1), C)]);
        check(&chain, "axbc", &["axbc"]);
        check(&chain, "caxb", &["caxb"]);
        check(&chain, "acxb", &[]);
    }

    #[test]
    fn counting_counts_places() {
        let twice = SpanQuery::AtLeast(2, Box::new(SpanQuery::Any(vec![A, B])));
        check(&twice, "a", &[]);
        check(&twice, "axb", &["a", "b"]);
    }

    #[test]
    fn marks_leave_out_what_plays_no_part() {
        let mut source = Letters::new("a ab b");
        let marks = near(Link::Near(1)).marks(&mut source, &mut BufferPool::default());
        assert_eq!(marks, [PositionSpan { start: 2, end: 3 }, PositionSpan { start: 3, end: 4 }]);
    }
}

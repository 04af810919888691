//! Where in a text something stands: phrases, nearness and counting, decided on positions.
//!
//! The same rules serve the index (positions come from postings) and a text in memory (positions come from the
//! analyser), so that what is highlighted is what was found. Nothing here knows of tantivy.

use super::pairs::Simple;
use crate::query::Link;

/// A stretch of positions, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Place {
    fn cover(self, other: Place) -> Place {
        Place { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    fn overlaps(self, other: Place) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Number of a leaf: a set of terms, any of which will do.
pub(super) type Leaf = usize;

/// What is looked for in one text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sought {
    /// Any of a leaf's terms.
    Leaf(Leaf),
    /// All of them at one place: a number and its unit.
    Together(Vec<Sought>),
    /// One right after the other.
    Sequence(Vec<Sought>),
    /// In order, with at most so many positions between them in all.
    Loose(Vec<Sought>, u32),
    /// In one sentence in any order, with at most so many positions between them in all.
    Close(Vec<Sought>, u32),
    /// Any of them; the factor says how much finding it that way is worth.
    Any(Vec<(f32, Sought)>),
    /// All of them, anywhere; found wherever one of them is.
    Both(Vec<Sought>),
    /// Linked from left to right.
    Linked(Box<Sought>, Vec<(Link, Sought)>),
    /// Found at no fewer places than that.
    AtLeast(u32, Box<Sought>),
    /// Exactly these characters; the leaves are its words, in order.
    Literal(String, Vec<Leaf>),
}

/// One text, asked for positions.
pub(super) trait Source {
    /// Appends the places of a leaf's terms, in order, each once.
    fn leaf(&mut self, leaf: Leaf, out: &mut Vec<Place>);
    /// The positions of the borders between sentences, in order.
    fn borders(&mut self) -> &[u32];
    /// Appends the places of exactly these characters, in order. Where `words` do not follow each other it is not.
    fn literal(&mut self, text: &str, words: &[Leaf], out: &mut Vec<Place>);
    /// At how many places exactly these characters stand.
    fn literals(&mut self, text: &str, words: &[Leaf]) -> usize {
        let mut places = Vec::new();
        self.literal(text, words, &mut places);
        places.len()
    }
    /// At how many places something simple stands; none where that takes a list of them.
    fn count(&mut self, _simple: Simple) -> Option<usize> {
        None
    }
}

/// More places than this in one text are not told apart: by then it is found, and any sum of parts stays bounded.
pub(super) const MOST: usize = 1 << 14;

/// Lists that were used and are empty again. A text is held against a plan in less than a microsecond: asking for memory
/// each time would take most of it.
#[derive(Debug, Default)]
pub(super) struct Room(Vec<Vec<Place>>);

impl Room {
    fn list(&mut self) -> Vec<Place> {
        self.0.pop().unwrap_or_default()
    }

    /// Takes back a list.
    pub(super) fn clear(&mut self, mut list: Vec<Place>) {
        list.clear();
        self.0.push(list);
    }

    fn clear_all(&mut self, lists: Vec<Vec<Place>>) {
        for list in lists {
            self.clear(list);
        }
    }
}

impl Place {
    /// A single position.
    pub(super) fn at(position: u32) -> Self {
        Place { start: position, end: position + 1 }
    }
}

impl Sought {
    /// Every place where it stands, in order, each once.
    pub(super) fn places(&self, source: &mut dyn Source, room: &mut Room) -> Vec<Place> {
        let mut found = room.list();
        match self {
            Sought::Leaf(leaf) => source.leaf(*leaf, &mut found),
            Sought::Together(parts) => {
                together(parts, source, room, &mut found);
            }
            Sought::Sequence(parts) => sequence(parts, source, room, &mut found),
            Sought::Loose(parts, between) => loose(parts, *between, source, room, &mut found),
            Sought::Close(parts, between) => close(parts, *between, source, room, &mut found),
            Sought::Any(parts) => {
                for (_, part) in parts {
                    append(part.places(source, room), &mut found, room);
                }
                tidy(&mut found);
            }
            Sought::Both(parts) => {
                for part in parts {
                    let places = part.places(source, room);
                    if places.is_empty() {
                        found.clear();
                        break;
                    }
                    append(places, &mut found, room);
                }
                tidy(&mut found);
            }
            Sought::Linked(first, rest) => {
                append(first.places(source, room), &mut found, room);
                for (link, part) in rest {
                    if found.is_empty() {
                        break;
                    }
                    let right = part.places(source, room);
                    let mut both = room.list();
                    linked(&found, *link, &right, source, &mut both);
                    std::mem::swap(&mut found, &mut both);
                    room.clear(both);
                    room.clear(right);
                }
            }
            Sought::AtLeast(times, of) => {
                append(of.places(source, room), &mut found, room);
                if found.len() < *times as usize {
                    found.clear();
                }
            }
            Sought::Literal(text, words) => source.literal(text, words, &mut found),
        }
        found
    }

    /// What lights up: phrases as one, of parts that stand near one another each where it plays its part.
    pub(super) fn marks(&self, source: &mut dyn Source, room: &mut Room) -> Vec<Place> {
        match self {
            Sought::Leaf(_)
            | Sought::Together(_)
            | Sought::Sequence(_)
            | Sought::Loose(..)
            | Sought::Close(..)
            | Sought::Literal(..) => self.places(source, room),
            Sought::Any(parts) => union(parts.iter().flat_map(|(_, part)| part.marks(source, room)).collect()),
            Sought::Both(parts) => union(parts.iter().flat_map(|part| part.marks(source, room)).collect()),
            Sought::Linked(first, rest) => {
                let whole = self.places(source, room);
                let parts = std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part));
                let inside = |place: &Place| whole.iter().any(|w| w.start <= place.start && place.end <= w.end);
                union(parts.flat_map(|part| part.marks(source, room)).filter(inside).collect())
            }
            Sought::AtLeast(_, of) => {
                if self.places(source, room).is_empty() {
                    Vec::new()
                } else {
                    of.marks(source, room)
                }
            }
        }
    }
}

fn append(places: Vec<Place>, to: &mut Vec<Place>, room: &mut Room) {
    to.extend_from_slice(&places);
    room.clear(places);
}

fn union(mut places: Vec<Place>) -> Vec<Place> {
    tidy(&mut places);
    places
}

/// Sorted, each once, not too many.
fn tidy(places: &mut Vec<Place>) {
    if !places.is_sorted_by(|a, b| a < b) {
        places.sort_unstable();
        places.dedup();
    }
    places.truncate(MOST);
}

/// The places that every part has.
fn together(parts: &[Sought], source: &mut dyn Source, room: &mut Room, found: &mut Vec<Place>) {
    let Some((first, rest)) = parts.split_first() else { return };
    append(first.places(source, room), found, room);
    for part in rest {
        if found.is_empty() {
            break;
        }
        let places = part.places(source, room);
        found.retain(|place| places.contains(place));
        room.clear(places);
    }
}

fn sequence(parts: &[Sought], source: &mut dyn Source, room: &mut Room, found: &mut Vec<Place>) {
    let Some((first, rest)) = parts.split_first() else { return };
    append(first.places(source, room), found, room);
    for part in rest {
        if found.is_empty() {
            break;
        }
        let next = part.places(source, room);
        let mut joined = room.list();
        for place in found.iter() {
            let from = next.partition_point(|n| n.start < place.end);
            for n in next.iter().skip(from).take_while(|n| n.start == place.end) {
                joined.push(place.cover(*n));
            }
        }
        tidy(&mut joined);
        std::mem::swap(found, &mut joined);
        room.clear(joined);
        room.clear(next);
    }
}

/// Every row of the parts within a sentence, in order, with at most so many positions between them in all.
fn loose(parts: &[Sought], between: u32, source: &mut dyn Source, room: &mut Room, found: &mut Vec<Place>) {
    let Some(parts) = found_all(parts, source, room) else { return };
    let Some((first, rest)) = parts.split_first() else { return };
    // A row and what is left of its positions; rows that cover the same stretch have the same left.
    let mut rows: Vec<(Place, u32)> = first.iter().map(|&place| (place, between)).collect();
    for part in rest {
        let mut longer = Vec::new();
        for (row, left) in rows {
            let from = part.partition_point(|p| p.start < row.end);
            for next in part.iter().skip(from).take_while(|next| next.start - row.end <= left) {
                longer.push((row.cover(*next), left - (next.start - row.end)));
            }
        }
        longer.sort_unstable();
        longer.dedup();
        longer.truncate(MOST);
        rows = longer;
    }
    found.extend(rows.into_iter().map(|(row, _)| row).filter(|row| !crossed(*row, source.borders())));
    tidy(found);
    room.clear_all(parts);
}

/// The shortest stretch that starts with each place of any part and holds one of every other, within a sentence.
fn close(parts: &[Sought], between: u32, source: &mut dyn Source, room: &mut Room, found: &mut Vec<Place>) {
    let Some(parts) = found_all(parts, source, room) else { return };
    let mut taken = room.list();
    for (i, leading) in parts.iter().enumerate() {
        for &start in leading {
            taken.clear();
            taken.push(start);
            for (_, part) in parts.iter().enumerate().filter(|&(j, _)| j != i) {
                let from = part.partition_point(|p| p.start < start.start);
                let free = |p: &&Place| !taken.iter().any(|t| t.overlaps(**p));
                let Some(&next) = part.iter().skip(from).take(parts.len()).find(free) else { break };
                taken.push(next);
            }
            let whole = taken.iter().fold(start, |whole, &place| whole.cover(place));
            let words: u32 = taken.iter().map(|t| t.end - t.start).sum();
            let near = taken.len() == parts.len() && whole.end - whole.start <= words + between;
            if near && !crossed(whole, source.borders()) {
                found.push(whole);
            }
        }
    }
    tidy(found);
    room.clear(taken);
    room.clear_all(parts);
}

/// The places of every part; none if one has none.
fn found_all(parts: &[Sought], source: &mut dyn Source, room: &mut Room) -> Option<Vec<Vec<Place>>> {
    let mut found = Vec::with_capacity(parts.len());
    for part in parts {
        let places = part.places(source, room);
        if places.is_empty() {
            room.clear_all(found);
            return None;
        }
        found.push(places);
    }
    Some(found)
}

/// Every pair that is linked as asked, as the stretch that covers both.
fn linked(left: &[Place], link: Link, right: &[Place], source: &mut dyn Source, found: &mut Vec<Place>) {
    for &a in left {
        for &b in right {
            // `right` is in order, so nothing further on can be near enough either.
            if matches!(link, Link::Near(n) | Link::Pre(n) if b.start >= a.end.saturating_add(n)) {
                break;
            }
            let near = match link {
                Link::Near(n) => distance(a, b) <= n,
                Link::Pre(n) => a.end <= b.start && distance(a, b) <= n,
                Link::Sentence => !crossed(a.cover(b), source.borders()),
                Link::Paragraph => true,
            };
            if near && !a.overlaps(b) {
                found.push(a.cover(b));
            }
        }
        if found.len() > 4 * MOST {
            break;
        }
    }
    tidy(found);
}

/// How many words on the later one starts from the end of the earlier one; the next word is 1 on.
fn distance(a: Place, b: Place) -> u32 {
    let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
    (second.start + 1).saturating_sub(first.end)
}

/// True if a sentence ends within.
fn crossed(place: Place, borders: &[u32]) -> bool {
    borders.get(borders.partition_point(|&b| b < place.start)).is_some_and(|&b| b < place.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of one-letter words, `.` for borders; leaf `n` is the n-th letter of the alphabet.
    struct Letters<'t>(&'t str, Vec<u32>);

    impl<'t> Letters<'t> {
        fn new(text: &'t str) -> Self {
            Letters(text, text.char_indices().filter(|(_, c)| *c == '.').map(|(i, _)| i as u32).collect())
        }
    }

    impl Source for Letters<'_> {
        fn leaf(&mut self, leaf: Leaf, out: &mut Vec<Place>) {
            let letter = char::from(b'a' + leaf as u8);
            out.extend(self.0.char_indices().filter(|(_, c)| *c == letter).map(|(i, _)| Place::at(i as u32)));
        }

        fn borders(&mut self) -> &[u32] {
            &self.1
        }

        fn literal(&mut self, text: &str, _words: &[Leaf], out: &mut Vec<Place>) {
            out.extend(self.0.match_indices(text).map(|(i, m)| Place { start: i as u32, end: (i + m.len()) as u32 }));
        }
    }

    const A: Sought = Sought::Leaf(0);
    const B: Sought = Sought::Leaf(1);
    const C: Sought = Sought::Leaf(2);

    #[track_caller]
    fn check(sought: &Sought, text: &str, expect: &[&str]) {
        let mut source = Letters::new(text);
        let found = sought.places(&mut source, &mut Room::default());
        let found: Vec<&str> = found.iter().map(|p| &text[p.start as usize..p.end as usize]).collect();
        assert_eq!(found, expect, "{sought:?} in {text}");
    }

    fn near(link: Link) -> Sought {
        Sought::Linked(Box::new(A), vec![(link, B)])
    }

    #[test]
    fn sequences_touch() {
        check(&Sought::Sequence(vec![A, B]), "xabaxb", &["ab"]);
        check(&Sought::Sequence(vec![A, B]), "a.b", &[]);
        let split = Sought::Any(vec![(1.0, C), (1.0, Sought::Sequence(vec![B, C]))]);
        check(&Sought::Sequence(vec![A, split, A]), "aca abca aba", &["aca", "abca"]);
    }

    #[test]
    fn loose_phrases_keep_their_order() {
        check(&Sought::Loose(vec![A, B], 2), "axxb axxxb ba", &["axxb"]);
        check(&Sought::Loose(vec![A, B, C], 2), "axbxc axxbxc", &["axbxc"]);
        check(&Sought::Loose(vec![A, B], 2), "ax.b", &[]);
    }

    #[test]
    fn close_words_share_a_sentence() {
        let close = Sought::Close(vec![A, B], 2);
        check(&close, "bxa", &["bxa"]);
        check(&close, "bx.a", &[]);
        check(&close, "bxxxa", &[]);
        check(&Sought::Close(vec![A, A], 2), "a", &[]);
        check(&Sought::Close(vec![A, A], 2), "axa", &["axa"]);
    }

    #[test]
    fn distances_count_words() {
        check(&near(Link::Near(1)), "ab ba axb", &["ab", "ba"]);
        check(&near(Link::Near(2)), "axb bxxa", &["axb"]);
        check(&near(Link::Pre(1)), "ba", &[]);
        check(&near(Link::Pre(3)), "axxb", &["axxb"]);
        check(&Sought::Linked(Box::new(A), vec![(Link::Near(1), A)]), "a", &[]);
    }

    #[test]
    fn sentences_and_paragraphs() {
        check(&near(Link::Sentence), "axxxb.b", &["axxxb"]);
        check(&near(Link::Paragraph), "a.b", &["a.b"]);
    }

    #[test]
    fn chains_link_to_all_before() {
        let chain = Sought::Linked(Box::new(A), vec![(Link::Near(3), B), (Link::Near(1), C)]);
        check(&chain, "axbc", &["axbc"]);
        check(&chain, "caxb", &["caxb"]);
        check(&chain, "acxb", &[]);
    }

    #[test]
    fn counting_counts_places() {
        let twice = Sought::AtLeast(2, Box::new(Sought::Any(vec![(1.0, A), (1.0, B)])));
        check(&twice, "a", &[]);
        check(&twice, "axb", &["a", "b"]);
    }

    #[test]
    fn marks_leave_out_what_plays_no_part() {
        let mut source = Letters::new("a ab b");
        let marks = near(Link::Near(1)).marks(&mut source, &mut Room::default());
        assert_eq!(marks, [Place { start: 2, end: 3 }, Place { start: 3, end: 4 }]);
    }
}

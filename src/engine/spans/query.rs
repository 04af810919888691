//! What is searched for in one text, as a tree, and where its positions come from.

use crate::engine::spans::counts::Countable;
use crate::engine::spans::relation::Nearness;
use crate::query::Link;
use crate::search::MatchClass;
use crate::text::normal::PlacedRole;

/// A stretch of positions, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PositionSpan {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl PositionSpan {
    /// A single position.
    pub(crate) fn at(position: u32) -> Self {
        PositionSpan { start: position, end: position + 1 }
    }

    pub(crate) fn cover(self, other: PositionSpan) -> PositionSpan {
        PositionSpan { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    pub(crate) fn overlaps(self, other: PositionSpan) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Number of a term set: a set of terms, any of which will do.
pub(crate) type TermSet = usize;

/// What is searched for in one text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SpanQuery {
    /// Any of a term set's terms.
    TermSet(TermSet),
    /// All of them at one span: a number and its unit.
    Together(Vec<SpanQuery>),
    /// One right after the other.
    Sequence(Vec<SpanQuery>),
    /// In order, with at most so many positions between them in all.
    Loose(Vec<SpanQuery>, u32),
    /// In one sentence in any order, near each other and related.
    Close(Vec<SpanQuery>, Nearness),
    /// A phrase and its variants, the closest first; only as the whole of what is searched for.
    Variants(Vec<Variant>),
    /// Any of them.
    Any(Vec<SpanQuery>),
    /// All of them, anywhere; found wherever one of them is.
    Both(Vec<SpanQuery>),
    /// Linked from left to right.
    Linked(Box<SpanQuery>, Vec<(Link, SpanQuery)>),
    /// Found at least so many times.
    AtLeast(u32, Box<SpanQuery>),
    /// Exactly these characters; the term sets are its words, in order.
    Literal(String, Vec<TermSet>),
}

/// One way to find what is searched for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variant {
    /// How closely it matches.
    pub(crate) class: MatchClass,
    /// Its share of the score of a close match, 0 to 1.
    pub(crate) fidelity: f32,
    pub(crate) query: SpanQuery,
}

/// One text, asked for positions.
pub(crate) trait PositionSource {
    /// Appends the spans of a term set's terms, in order, each once.
    fn set(&mut self, set: TermSet, out: &mut Vec<PositionSpan>);
    /// The positions of the borders between sentences, in order.
    fn borders(&mut self) -> &[u32];
    /// Calls `each` with the roles of the words in a stretch, and may do so with those of others.
    fn roles(&mut self, within: PositionSpan, each: &mut dyn FnMut(PlacedRole));
    /// Appends the spans of exactly these characters, in order. Where `words` do not follow each other it is not.
    fn literal(&mut self, text: &str, words: &[TermSet], out: &mut Vec<PositionSpan>);
    /// At how many spans exactly these characters stand.
    fn literals(&mut self, text: &str, words: &[TermSet]) -> usize {
        let mut spans = Vec::new();
        self.literal(text, words, &mut spans);
        spans.len()
    }
    /// False if the search should end, whatever is found.
    fn go_on(&mut self) -> bool {
        true
    }
    /// At how many spans something simple is; none where that takes a list of them.
    fn count(&mut self, _simple: &Countable) -> Option<usize> {
        None
    }
    /// False if no two words of these term sets are at most so many positions from each other; true where that is not known.
    fn may_be_near(&mut self, _one: TermSet, _other: TermSet, _farthest: u32) -> bool {
        true
    }
}

/// What a text must hold for a span query to match in it, wherever it holds it.
pub(crate) enum Held<'q> {
    TermSet(TermSet),
    /// All of these term sets.
    Words(&'q [TermSet]),
    /// Any of the parts.
    Any(Vec<&'q SpanQuery>),
    /// All of the parts.
    All(Vec<&'q SpanQuery>),
}

impl SpanQuery {
    /// What a text must hold for it.
    pub(crate) fn held(&self) -> Held<'_> {
        match self {
            SpanQuery::TermSet(set) => Held::TermSet(*set),
            SpanQuery::Literal(_, words) => Held::Words(words),
            SpanQuery::Variants(variants) => Held::Any(variants.iter().map(|variant| &variant.query).collect()),
            SpanQuery::Any(parts) => Held::Any(parts.iter().collect()),
            SpanQuery::Together(parts)
            | SpanQuery::Sequence(parts)
            | SpanQuery::Loose(parts, _)
            | SpanQuery::Close(parts, _)
            | SpanQuery::Both(parts) => Held::All(parts.iter().collect()),
            SpanQuery::Linked(first, rest) => {
                Held::All(std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part)).collect())
            }
            SpanQuery::AtLeast(_, of) => Held::All(vec![of]),
        }
    }

    /// The parts directly below it.
    pub(crate) fn parts(&self) -> Vec<&SpanQuery> {
        match self.held() {
            Held::TermSet(_) | Held::Words(_) => Vec::new(),
            Held::Any(parts) | Held::All(parts) => parts,
        }
    }

    /// The same with each of its parts replaced.
    pub(crate) fn map(&self, part: &mut dyn FnMut(&SpanQuery) -> SpanQuery) -> SpanQuery {
        let mut all = |parts: &[SpanQuery]| parts.iter().map(&mut *part).collect();
        match self {
            SpanQuery::TermSet(_) | SpanQuery::Literal(..) => self.clone(),
            SpanQuery::Together(parts) => SpanQuery::Together(all(parts)),
            SpanQuery::Sequence(parts) => SpanQuery::Sequence(all(parts)),
            SpanQuery::Loose(parts, between) => SpanQuery::Loose(all(parts), *between),
            SpanQuery::Close(parts, between) => SpanQuery::Close(all(parts), *between),
            SpanQuery::Both(parts) => SpanQuery::Both(all(parts)),
            SpanQuery::Variants(variants) => {
                let each = |variant: &Variant| Variant { query: part(&variant.query), ..*variant };
                SpanQuery::Variants(variants.iter().map(each).collect())
            }
            SpanQuery::Any(parts) => SpanQuery::Any(all(parts)),
            SpanQuery::Linked(first, rest) => {
                let first = Box::new(part(first));
                SpanQuery::Linked(first, rest.iter().map(|(link, inner)| (*link, part(inner))).collect())
            }
            SpanQuery::AtLeast(times, of) => SpanQuery::AtLeast(*times, Box::new(part(of))),
        }
    }

    /// True if the roles of words decide where it is.
    pub(crate) fn needs_roles(&self) -> bool {
        let head = matches!(self, SpanQuery::Close(_, Nearness { head: Some(_), .. }));
        head || self.parts().into_iter().any(SpanQuery::needs_roles)
    }

    /// The same as a ladder of variants, the closest first, where its parts have variants.
    pub(crate) fn into_variants(self) -> SpanQuery {
        let mut classes: Vec<(MatchClass, f32)> = Vec::new();
        self.classes(&mut classes);
        if classes.is_empty() || matches!(self, SpanQuery::Variants(_)) {
            return self;
        }
        classes.sort_by_key(|(class, _)| *class);
        classes.dedup_by_key(|(class, _)| *class);
        let variant = |(class, fidelity)| Variant { class, fidelity, query: self.limited_to(class) };
        SpanQuery::Variants(classes.into_iter().map(variant).collect())
    }

    /// The classes of all variants in it, with the fidelity of each.
    fn classes(&self, found: &mut Vec<(MatchClass, f32)>) {
        if let SpanQuery::Variants(variants) = self {
            found.extend(variants.iter().map(|variant| (variant.class, variant.fidelity)));
        }
        self.parts().into_iter().for_each(|part| part.classes(found));
    }

    /// The same without the variants that match less closely.
    fn limited_to(&self, most: MatchClass) -> SpanQuery {
        if let SpanQuery::Variants(variants) = self {
            let within = variants.iter().filter(|variant| variant.class <= most);
            return SpanQuery::Any(within.map(|variant| variant.query.clone()).collect());
        }
        self.map(&mut |part| part.limited_to(most))
    }
}

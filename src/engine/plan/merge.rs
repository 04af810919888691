//! Words that stand for each other become one: wherever any of several words will do, their lists are scanned as those of a
//! single word. What is found stays the same, and a phrase with all its synonyms is matched as fast as one without.

use rustc_hash::FxHashMap;

use crate::engine::spans::query::{SpanQuery, TermSet, Variant};

/// The term sets of a plan by number, each once.
#[derive(Default)]
pub(crate) struct TermSets {
    pub(crate) terms: Vec<Vec<String>>,
    known: FxHashMap<Vec<String>, TermSet>,
}

impl TermSets {
    /// The number of the term set of these terms.
    pub(crate) fn number(&mut self, terms: Vec<String>) -> TermSet {
        let next = self.terms.len();
        let set = *self.known.entry(terms.clone()).or_insert(next);
        if set == next {
            self.terms.push(terms);
        }
        set
    }
}

/// The same with words merged, the query `written` renumbered beside it, and the term sets that are left. The closest
/// variant is not merged: it decides the upper bound of the score.
pub(crate) fn merged(
    query: &SpanQuery,
    written: Option<&SpanQuery>,
    terms: &[Vec<String>],
) -> (SpanQuery, Option<SpanQuery>, Vec<Vec<String>>) {
    let mut merger = Merger { terms, term_sets: TermSets::default() };
    let merged = match query {
        SpanQuery::Variants(variants) => {
            let mut first = true;
            let each = |variant: &Variant| {
                let closest = std::mem::take(&mut first);
                let query = if closest { merger.renumbered(&variant.query) } else { merger.merged(&variant.query) };
                Variant { query, ..*variant }
            };
            SpanQuery::Variants(variants.iter().map(each).collect())
        }
        whole => merger.renumbered(whole),
    };
    let written = written.map(|written| merger.renumbered(written));
    (merged, written, merger.term_sets.terms)
}

struct Merger<'p> {
    terms: &'p [Vec<String>],
    term_sets: TermSets,
}

impl Merger<'_> {
    fn merged(&mut self, query: &SpanQuery) -> SpanQuery {
        let SpanQuery::Any(ways) = query else { return self.each(query, Merger::merged) };
        let mut words: Vec<String> = Vec::new();
        let mut others: Vec<SpanQuery> = Vec::new();
        let mut open: Vec<&SpanQuery> = ways.iter().rev().collect();
        while let Some(way) = open.pop() {
            match way {
                SpanQuery::TermSet(set) => words.extend(self.terms.get(*set).into_iter().flatten().cloned()),
                SpanQuery::Any(inner) => open.extend(inner.iter().rev()),
                other => {
                    let other = self.merged(other);
                    if !others.contains(&other) {
                        others.push(other);
                    }
                }
            }
        }
        if !words.is_empty() {
            words.sort_unstable();
            words.dedup();
            others.insert(0, SpanQuery::TermSet(self.term_sets.number(words)));
        }
        if others.len() == 1 { others.swap_remove(0) } else { SpanQuery::Any(others) }
    }

    fn renumbered(&mut self, query: &SpanQuery) -> SpanQuery {
        self.each(query, Merger::renumbered)
    }

    /// The same with every part replaced by `part`, and term sets by their new numbers.
    fn each(&mut self, query: &SpanQuery, part: fn(&mut Self, &SpanQuery) -> SpanQuery) -> SpanQuery {
        match query {
            SpanQuery::TermSet(set) => SpanQuery::TermSet(self.term_set(*set)),
            SpanQuery::Literal(text, words) => {
                SpanQuery::Literal(text.clone(), words.iter().map(|&word| self.term_set(word)).collect())
            }
            query => query.map(&mut |inner| part(self, inner)),
        }
    }

    fn term_set(&mut self, set: TermSet) -> TermSet {
        self.term_sets.number(self.terms.get(set).cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::spans::relation::Nearness;
    use crate::search::MatchClass;

    fn set(terms: &[&str], from: &mut TermSets) -> SpanQuery {
        SpanQuery::TermSet(from.number(terms.iter().map(|&term| term.to_owned()).collect()))
    }

    #[test]
    fn words_of_a_wider_way_become_one() {
        let mut from = TermSets::default();
        let [oil, crude, petroleum, price, cost] =
            [&["oil", "oils"][..], &["crude"], &["petroleum"], &["price", "prices"], &["cost"]]
                .map(|terms| set(terms, &mut from));
        let crude_oil = SpanQuery::Sequence(vec![crude.clone(), oil.clone()]);
        let any = |ways: &[&SpanQuery]| SpanQuery::Any(ways.iter().copied().cloned().collect());
        let wider = SpanQuery::Close(
            vec![any(&[&oil, &crude_oil, &any(&[&crude, &petroleum])]), any(&[&price, &cost])],
            Nearness::any(5),
        );
        let exact = SpanQuery::Sequence(vec![oil, price]);
        let variant = |class, query| Variant { class, fidelity: 1.0, query };
        let variants = |exact, wider| {
            SpanQuery::Variants(vec![variant(MatchClass::Form, exact), variant(MatchClass::Near, wider)])
        };
        let whole = variants(exact, wider);
        let (whole, _, terms) = merged(&whole, None, &from.terms);
        let expect = [
            &["oil", "oils"][..],
            &["price", "prices"],
            &["crude"],
            &["crude", "oil", "oils", "petroleum"],
            &["cost", "price", "prices"],
        ];
        assert_eq!(terms, expect);
        let [oil, price, crude, oils, prices] = [0, 1, 2, 3, 4].map(SpanQuery::TermSet);
        let oils = SpanQuery::Any(vec![oils, SpanQuery::Sequence(vec![crude, oil.clone()])]);
        let (exact, wider) =
            (SpanQuery::Sequence(vec![oil, price]), SpanQuery::Close(vec![oils, prices], Nearness::any(5)));
        assert_eq!(whole, variants(exact, wider));
    }
}

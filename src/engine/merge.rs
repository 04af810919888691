//! Words that stand for each other become one: wherever any of several words will do, their lists are walked as those of a
//! single word. What is found stays the same, and a phrase with all its synonyms is held against a text as fast as one
//! without.

use rustc_hash::FxHashMap;

use super::places::{Leaf, Sought};

/// The leaves of a plan by number, each once.
#[derive(Default)]
pub(super) struct Leaves {
    pub(super) terms: Vec<Vec<String>>,
    known: FxHashMap<Vec<String>, Leaf>,
}

impl Leaves {
    /// The number of the leaf of these terms.
    pub(super) fn number(&mut self, terms: Vec<String>) -> Leaf {
        let next = self.terms.len();
        let leaf = *self.known.entry(terms.clone()).or_insert(next);
        if leaf == next {
            self.terms.push(terms);
        }
        leaf
    }
}

/// The same with words merged, and the leaves that are left. The ways to find the whole are kept apart, because what is
/// found is worth what the most faithful of them finds; so is that way itself, by which the whole is valued.
pub(super) fn merged(sought: &Sought, terms: &[Vec<String>]) -> (Sought, Vec<Vec<String>>) {
    let mut merger = Merger { terms, leaves: Leaves::default() };
    let merged = match sought {
        Sought::Any(ways) => Sought::Any(
            (0..)
                .zip(ways)
                .map(|(i, (factor, way))| (*factor, if i == 0 { merger.renumbered(way) } else { merger.merged(way) }))
                .collect(),
        ),
        whole => merger.renumbered(whole),
    };
    (merged, merger.leaves.terms)
}

struct Merger<'p> {
    terms: &'p [Vec<String>],
    leaves: Leaves,
}

impl Merger<'_> {
    fn merged(&mut self, sought: &Sought) -> Sought {
        let Sought::Any(ways) = sought else { return self.each(sought, Merger::merged) };
        let mut words: Vec<String> = Vec::new();
        let mut others: Vec<(f32, Sought)> = Vec::new();
        let mut open: Vec<&(f32, Sought)> = ways.iter().rev().collect();
        while let Some(way) = open.pop() {
            match way {
                // Inside a phrase, how something was found counts for nothing.
                (_, Sought::Leaf(leaf)) => words.extend(self.terms.get(*leaf).into_iter().flatten().cloned()),
                (_, Sought::Any(inner)) => open.extend(inner.iter().rev()),
                (factor, other) => {
                    let other = (*factor, self.merged(other));
                    if !others.contains(&other) {
                        others.push(other);
                    }
                }
            }
        }
        if !words.is_empty() {
            words.sort_unstable();
            words.dedup();
            others.insert(0, (1.0, Sought::Leaf(self.leaves.number(words))));
        }
        if others.len() == 1 { others.swap_remove(0).1 } else { Sought::Any(others) }
    }

    fn renumbered(&mut self, sought: &Sought) -> Sought {
        self.each(sought, Merger::renumbered)
    }

    /// The same with every part put through `part`, and leaves by their new numbers.
    fn each(&mut self, sought: &Sought, part: fn(&mut Self, &Sought) -> Sought) -> Sought {
        let mut all = |parts: &[Sought]| parts.iter().map(|inner| part(self, inner)).collect();
        match sought {
            Sought::Leaf(leaf) => Sought::Leaf(self.leaf(*leaf)),
            Sought::Together(parts) => Sought::Together(all(parts)),
            Sought::Sequence(parts) => Sought::Sequence(all(parts)),
            Sought::Loose(parts, between) => Sought::Loose(all(parts), *between),
            Sought::Close(parts, between) => Sought::Close(all(parts), *between),
            Sought::Any(ways) => Sought::Any(ways.iter().map(|(factor, way)| (*factor, part(self, way))).collect()),
            Sought::Both(parts) => Sought::Both(all(parts)),
            Sought::Linked(first, rest) => {
                let first = Box::new(part(self, first));
                Sought::Linked(first, rest.iter().map(|(link, inner)| (*link, part(self, inner))).collect())
            }
            Sought::AtLeast(times, of) => Sought::AtLeast(*times, Box::new(part(self, of))),
            Sought::Literal(text, words) => {
                Sought::Literal(text.clone(), words.iter().map(|&word| self.leaf(word)).collect())
            }
        }
    }

    fn leaf(&mut self, leaf: Leaf) -> Leaf {
        self.leaves.number(self.terms.get(leaf).cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(terms: &[&str], from: &mut Leaves) -> Sought {
        Sought::Leaf(from.number(terms.iter().map(|&term| term.to_owned()).collect()))
    }

    #[test]
    fn words_of_a_wider_way_become_one() {
        let mut from = Leaves::default();
        let [oil, crude, petroleum, price, cost] =
            [&["oil", "oils"][..], &["crude"], &["petroleum"], &["price", "prices"], &["cost"]]
                .map(|terms| leaf(terms, &mut from));
        let crude_oil = Sought::Sequence(vec![crude.clone(), oil.clone()]);
        let any = |ways: &[&Sought]| Sought::Any(ways.iter().map(|&way| (1.0, way.clone())).collect());
        let wider =
            Sought::Close(vec![any(&[&oil, &crude_oil, &any(&[&crude, &petroleum])]), any(&[&price, &cost])], 5);
        let exact = Sought::Sequence(vec![oil, price]);
        let whole = Sought::Any(vec![(1.0, exact), (0.3, wider)]);
        let (whole, terms) = merged(&whole, &from.terms);
        let expect = [
            &["oil", "oils"][..],
            &["price", "prices"],
            &["crude"],
            &["crude", "oil", "oils", "petroleum"],
            &["cost", "price", "prices"],
        ];
        assert_eq!(terms, expect);
        let [oil, price, crude, oils, prices] = [0, 1, 2, 3, 4].map(Sought::Leaf);
        let oils = Sought::Any(vec![(1.0, oils), (1.0, Sought::Sequence(vec![crude, oil.clone()]))]);
        let expect = vec![(1.0, Sought::Sequence(vec![oil, price])), (0.3, Sought::Close(vec![oils, prices], 5))];
        assert_eq!(whole, Sought::Any(expect));
    }
}

//! How many hits each variant stands for: the query is asked again with one atom narrowed to that variant alone, by the
//! way of the hits themselves.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use super::asked::Asked;
use super::listed::{Listed, Narrowed, Way};
use super::lower::Lowering;
use super::places::Sought;
use super::planner::Planner;
use super::slot::{Slot, normals, typed, units};
use super::walk::walk;
use super::{Engine, Error};
use crate::query::{Atom, LONGEST_MEMBER, Node};
use crate::search::{Duplicates, Expansion, Request, Variants};

/// Variants that are counted, the first ones: a query of a thousand words has thousands.
const MOST_COUNTED: usize = 250;

/// Hits that are walked to count variants; then the rest is listed without counts.
pub(super) const MOST_WALKED: u64 = 20_000_000;

/// What each part of a query costs whenever it is asked again, in hits that are walked.
const COST_OF_A_PART: u64 = 1_000;

impl Engine {
    /// The variants with the hits each of them stands for; those beyond what is counted without.
    pub(super) fn count_variants(
        &self,
        listed: Vec<Listed>,
        asked: &Asked,
        request: &Request,
    ) -> Result<Vec<Expansion>, Error> {
        let mut walked = 0;
        let mut counted = Vec::with_capacity(listed.len());
        for (number, Listed { atom, mut expansion }) in listed.into_iter().enumerate() {
            if let Some(atom) = atom.filter(|_| number < MOST_COUNTED && walked < MOST_WALKED) {
                let tree = through(&asked.tree, &atom);
                let cost = COST_OF_A_PART * parts(&tree);
                let mut count = |way: Way| -> Result<u64, Error> {
                    let narrowed = Narrowed { atom: atom.clone(), way };
                    let found = self.count_narrowed(&narrowed, &tree, asked, request)?;
                    walked += found + cost;
                    Ok(found)
                };
                expansion.count = Some(match expansion.class.as_str() {
                    "near" => count(Way::Near)?.saturating_sub(count(Way::Ordered)?),
                    "synonyms" => count(Way::Synonym(expansion.variant.clone()))?,
                    _ => count(Way::Term(expansion.variant.clone()))?,
                });
            }
            counted.push(expansion);
        }
        Ok(counted)
    }

    fn count_narrowed(&self, narrowed: &Narrowed, tree: &Node, asked: &Asked, request: &Request) -> Result<u64, Error> {
        let mut lowering = Lowering::new(self, request.literal, asked.variants);
        lowering.narrowed = Some(narrowed);
        let query = asked.filtered(tree, &mut lowering)?;
        let collapse = request.duplicates == Duplicates::Collapse;
        let (mut count, mut groups) = (0, FxHashSet::default());
        walk(self.searcher(), query.as_ref(), false, &mut |number, scorer| {
            count += 1;
            if collapse {
                let segment = self.searcher().segment_reader(number);
                groups.insert(self.shapes.of(segment)?.group(scorer.doc()));
            }
            Ok(())
        })?;
        lowering.failures.check()?;
        Ok(if collapse { groups.len() as u64 } else { count })
    }
}

/// The query as far as a hit holds it by `atom`: of alternatives, those with the atom in them.
fn through(tree: &Node, atom: &Atom) -> Node {
    fn has(node: &Node, atom: &Atom) -> bool {
        matches!(node, Node::Atom(own) if own == atom) || node.parts().into_iter().any(|part| has(part, atom))
    }
    match tree {
        Node::Or(parts) if has(tree, atom) => {
            Node::any(parts.iter().filter(|part| has(part, atom)).map(|part| through(part, atom)).collect())
        }
        Node::And(parts) => Node::all(parts.iter().map(|part| through(part, atom)).collect()),
        Node::Field(field, of) => Node::Field(*field, Box::new(through(of, atom))),
        Node::Near { first, rest } => Node::Near {
            first: Box::new(through(first, atom)),
            rest: rest.iter().map(|(link, part)| (*link, through(part, atom))).collect(),
        },
        // How many there are of an atom is counted with its alternatives, and nothing is held by what is excluded.
        Node::AtLeast { .. }
        | Node::Not(_)
        | Node::All
        | Node::Nothing
        | Node::Atom(_)
        | Node::Filter(_)
        | Node::Or(_) => tree.clone(),
    }
}

/// How many parts a query has, itself included.
fn parts(tree: &Node) -> u64 {
    1 + tree.parts().into_iter().map(parts).sum::<u64>()
}

impl Planner<'_> {
    /// What is looked for in place of `atom`, if it is the one that is narrowed.
    pub(super) fn narrow(&mut self, atom: &Atom) -> Option<Sought> {
        let narrowed = self.narrowed.filter(|narrowed| narrowed.atom == *atom)?;
        let own = self.variants;
        let sought = match &narrowed.way {
            Way::Ordered | Way::Near => {
                self.variants = Variants { near: matches!(narrowed.way, Way::Near), synonyms: false, ..own };
                self.every_variant(atom)
            }
            Way::Term(term) => {
                let word = self.leaf(vec![term.clone()]);
                match atom {
                    Atom::Pattern(_) | Atom::Fuzzy(..) => word,
                    Atom::Word(text) if self.slots(text).len() == 1 => word,
                    Atom::Word(_) | Atom::Phrase(_) | Atom::Loose(..) | Atom::Literal(_) => {
                        Sought::Both(vec![self.every_variant(atom), word])
                    }
                }
            }
            Way::Synonym(variant) => self.with_synonym(atom, variant, own.near),
        };
        self.variants = own;
        Some(sought)
    }

    /// A phrase with a synonym in its place, in order or near each other.
    fn with_synonym(&mut self, atom: &Atom, variant: &str, near: bool) -> Sought {
        let Atom::Phrase(text) = atom else { return Sought::Any(Vec::new()) };
        let slots = self.slots(text);
        let Some(rewritten) = self.rewritten(&slots, variant, LONGEST_MEMBER) else { return Sought::Any(Vec::new()) };
        let mut ways = vec![(1.0, self.in_order(&rewritten))];
        let units = units(&rewritten);
        if near && units.len() > 1 {
            let parts = units.iter().map(|unit| self.either_way(unit)).collect();
            ways.push((1.0, Planner::close(&units, parts, Planner::between(&units))));
        }
        Sought::Any(ways)
    }

    /// The slots with the synonym put in that is listed as `variant`.
    fn rewritten(&self, slots: &[Slot], variant: &str, most: usize) -> Option<Vec<Slot>> {
        (0..slots.len()).find_map(|i| {
            (1..=most.min(slots.len() - i)).rev().find_map(|length| {
                let (run, after) = slots.get(i..)?.split_at_checked(length)?;
                let named = |synonym: &Cow<'_, str>| variant == Planner::named(synonym, &typed(run));
                let normal = normals(run)?;
                let synonym = self.thesaurus.synonyms(&normal).into_iter().find(named)?;
                Some([slots.get(..i)?, &self.slots(&synonym), after].concat())
            })
        })
    }
}

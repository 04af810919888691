//! How many hits each variant stands for: the query is resolved again with one atom narrowed to that variant alone, by the
//! way of the hits themselves.

use rustc_hash::FxHashSet;

use crate::engine::embedded::scan::parallel::scan;
use crate::engine::embedded::translate::Translator;
use crate::engine::plan::listed::{ListedVariant, SingleVariant, VariantKind};
use crate::engine::plan::resolved::ResolvedRequest;
use crate::engine::{Engine, Error};
use crate::query::{Atom, Node};
use crate::search::{Duplicates, Expansion, Request};

/// Variants that are counted, the first ones: a query of a thousand words has thousands.
const MOST_COUNTED: usize = 250;

/// Hits that are scanned to count variants; the variants beyond are listed without counts.
pub(crate) const MOST_WALKED: u64 = 20_000_000;

/// What each part of a query costs whenever it is resolved again, in hits that are scanned.
const COST_OF_A_PART: u64 = 1_000;

impl Engine {
    /// The variants with the hits each of them stands for; those beyond what is counted without.
    pub(crate) fn count_variants(
        &self,
        listed: Vec<ListedVariant>,
        resolved: &ResolvedRequest,
        request: &Request,
    ) -> Result<Vec<Expansion>, Error> {
        let mut walked = 0;
        let mut counted = Vec::with_capacity(listed.len());
        for (number, ListedVariant { atom, mut expansion }) in listed.into_iter().enumerate() {
            if let Some(atom) = atom.filter(|_| number < MOST_COUNTED && walked < MOST_WALKED) {
                let tree = through(&resolved.tree, &atom);
                let cost = COST_OF_A_PART * parts(&tree);
                let mut count = |way: VariantKind| -> Result<u64, Error> {
                    let narrowed = SingleVariant { atom: atom.clone(), way };
                    let found = self.count_narrowed(&narrowed, &tree, resolved, request)?;
                    walked += found + cost;
                    Ok(found)
                };
                expansion.count = Some(match expansion.class.as_str() {
                    "near" => count(VariantKind::Near)?.saturating_sub(count(VariantKind::Ordered)?),
                    "synonyms" => count(VariantKind::Synonym(expansion.variant.clone()))?,
                    _ => count(VariantKind::Term(expansion.variant.clone()))?,
                });
            }
            counted.push(expansion);
        }
        Ok(counted)
    }

    fn count_narrowed(
        &self,
        narrowed: &SingleVariant,
        tree: &Node,
        resolved: &ResolvedRequest,
        request: &Request,
    ) -> Result<u64, Error> {
        let mut translator = Translator::new(self, resolved);
        translator.narrowed = Some(narrowed);
        let query = translator.filtered(tree, resolved)?;
        let collapse = request.duplicates == Duplicates::Collapse;
        let (mut count, mut groups) = (0, FxHashSet::default());
        scan(self.searcher(), query.as_ref(), false, &translator.context, &mut |number, scorer| {
            count += 1;
            if collapse {
                let segment = self.searcher().segment_reader(number);
                groups.insert(self.hierarchies.of(segment)?.group(scorer.doc()));
            }
            Ok(())
        })?;
        translator.context.check()?;
        Ok(if collapse { groups.len() as u64 } else { count })
    }
}

/// The part of the query that `atom` can satisfy: of alternatives, those that contain the atom.
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
        Node::Span(operator) if operator.has_separate_parts() => {
            let mut operator = operator.clone();
            operator.parts_mut().into_iter().for_each(|part| *part = through(part, atom));
            Node::Span(operator)
        }
        // Nothing is held by what is excluded.
        Node::Span(_) | Node::Not(_) | Node::All | Node::Nothing | Node::Atom(_) | Node::Filter(_) | Node::Or(_) => {
            tree.clone()
        }
    }
}

/// How many parts a query has, itself included.
fn parts(tree: &Node) -> u64 {
    1 + tree.parts().into_iter().map(parts).sum::<u64>()
}

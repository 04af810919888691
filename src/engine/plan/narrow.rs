//! One variant of a word or phrase alone, so that its hits can be counted.

use std::borrow::Cow;

use crate::engine::plan::listed::VariantKind;
use crate::engine::plan::planner::Planner;
use crate::engine::plan::token::{QueryToken, normals, typed, units};
use crate::engine::spans::query::SpanQuery;
use crate::query::{Atom, LONGEST_MEMBER};
use crate::search::Variants;

impl Planner<'_> {
    /// What is searched for in place of `atom`, if it is the one that is narrowed.
    pub(crate) fn narrow(&mut self, atom: &Atom) -> Option<SpanQuery> {
        let narrowed = self.narrowed.filter(|narrowed| narrowed.atom == *atom)?;
        let own = self.variants;
        let query = match &narrowed.way {
            VariantKind::Ordered | VariantKind::Near => {
                self.variants = Variants { near: matches!(narrowed.way, VariantKind::Near), synonyms: false, ..own };
                self.every_variant(atom)
            }
            VariantKind::Term(term) => {
                let word = self.any_term(vec![term.clone()]);
                match atom {
                    Atom::Pattern(_) | Atom::Fuzzy(..) => word,
                    Atom::Word(text) if self.tokens(text).len() == 1 => word,
                    Atom::Word(_) | Atom::Phrase(_) | Atom::Loose(..) | Atom::Literal(_) => {
                        SpanQuery::Both(vec![self.every_variant(atom), word])
                    }
                }
            }
            VariantKind::Synonym(variant) => self.with_synonym(atom, variant, own.near),
        };
        self.variants = own;
        Some(query)
    }

    /// A phrase with a synonym in its place, in order or near each other.
    fn with_synonym(&mut self, atom: &Atom, variant: &str, near: bool) -> SpanQuery {
        let Atom::Phrase(text) = atom else { return SpanQuery::Any(Vec::new()) };
        let tokens = self.tokens(text);
        self.read_context(&tokens);
        let Some(rewritten) = self.rewritten(&tokens, variant, LONGEST_MEMBER) else {
            return SpanQuery::Any(Vec::new());
        };
        let mut ways = vec![self.in_order(&rewritten)];
        let units = units(&rewritten);
        if near && units.len() > 1 {
            let parts = units.iter().map(|unit| self.either_way(unit)).collect();
            ways.push(Planner::close(&rewritten, &units, parts, Planner::between(&units), true));
        }
        SpanQuery::Any(ways)
    }

    /// The tokens with the synonym put in that is listed as `variant`.
    fn rewritten(&self, tokens: &[QueryToken], variant: &str, most: usize) -> Option<Vec<QueryToken>> {
        (0..tokens.len()).find_map(|i| {
            (1..=most.min(tokens.len() - i)).rev().find_map(|length| {
                let (run, after) = tokens.get(i..)?.split_at_checked(length)?;
                let named = |synonym: &Cow<'_, str>| variant == Planner::named(synonym, &typed(run));
                let normal = normals(run)?;
                let synonym = self.thesaurus.synonyms(&normal, &self.phrase).into_iter().find(named)?;
                Some([tokens.get(..i)?, &self.tokens(&synonym), after].concat())
            })
        })
    }
}

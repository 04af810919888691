//! From the text parts of a query to what is looked for on positions. How phrases, compounds and patterns are looked for is
//! told in files of their own.

use std::cell::Cell;

use rustc_hash::FxHashSet;
use tantivy::TantivyError;

use super::lexicon::{Counted, Lexicon};
use super::listed::{Listed, Narrowed};
use super::merge::{Leaves, merged};
use super::need::Need;
use super::places::{Leaf, Sought};
use super::plan::{Analysis, Plan};
use super::slot::{Slot, an_e_apart};
use crate::query::{Atom, Node, Thesaurus};
use crate::search::{Expansion, Variants};
use crate::text::normal::{self, BORDER, NORMAL, written};

/// Forms of one word that are listed; all are searched for.
pub(super) const MOST_LISTED: usize = 12;

/// Makes plans for one field and keeps book of the variants used.
pub(super) struct Planner<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) analysis: Analysis,
    pub(super) variants: Variants,
    /// True if every word and phrase is a literal.
    pub(super) literal: bool,
    /// False where nobody is told which other forms there are.
    pub(super) listing: bool,
    pub(super) thesaurus: &'a Thesaurus,
    /// The variants that were listed, each with the atom it is one of.
    pub(super) listed: Vec<Listed>,
    /// An atom of which one variant alone is looked for.
    pub(super) narrowed: Option<&'a Narrowed>,
    pub(super) warnings: Vec<String>,
    leaves: Leaves,
    /// Why a dictionary could not be read.
    failed: Cell<Option<TantivyError>>,
    /// What is listed already, by part, class and variant.
    told: FxHashSet<(String, &'static str, String)>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(lexicon: &'a Lexicon, analysis: Analysis, thesaurus: &'a Thesaurus) -> Self {
        Planner {
            lexicon,
            analysis,
            variants: Variants::default(),
            literal: false,
            listing: true,
            thesaurus,
            listed: Vec::new(),
            narrowed: None,
            warnings: Vec::new(),
            leaves: Leaves::default(),
            failed: Cell::default(),
            told: FxHashSet::default(),
        }
    }

    /// Plans a part of a query that is text. Other parts are not looked for.
    pub(super) fn plan(&mut self, node: &Node) -> tantivy::Result<Plan> {
        self.leaves = Leaves::default();
        let sought = self.node(node);
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let (sought, leaves) = merged(&sought, &self.leaves.terms);
        let need = Need::of(&sought);
        Ok(Plan { sought, need, leaves })
    }

    pub(super) fn class(&self, normal: &str) -> Vec<String> {
        self.read(self.lexicon.class(normal))
    }

    pub(super) fn has(&self, term: &str) -> bool {
        self.read(self.lexicon.has(term))
    }

    fn documents(&self, term: &str) -> u64 {
        self.read(self.lexicon.documents(term))
    }

    /// What was read in the dictionary. An error is kept for the end: with it, the plan is none.
    pub(super) fn read<T: Default>(&self, read: tantivy::Result<T>) -> T {
        read.unwrap_or_else(|error| {
            self.failed.set(Some(error));
            T::default()
        })
    }

    fn node(&mut self, node: &Node) -> Sought {
        match node {
            Node::Atom(atom) => self.atom(atom),
            Node::Near { first, rest } => {
                let first = Box::new(self.node(first));
                Sought::Linked(first, rest.iter().map(|(link, part)| (*link, self.node(part))).collect())
            }
            Node::AtLeast { times, of } => Sought::AtLeast(*times, Box::new(self.node(of))),
            Node::And(parts) => Sought::Both(parts.iter().map(|part| self.node(part)).collect()),
            Node::Or(parts) => Sought::Any(parts.iter().map(|part| (1.0, self.node(part))).collect()),
            Node::All | Node::Nothing | Node::Field(..) | Node::Filter(_) | Node::Not(_) => Sought::Any(Vec::new()),
        }
    }

    fn atom(&mut self, atom: &Atom) -> Sought {
        match self.narrow(atom) {
            Some(narrowed) => narrowed,
            None => self.every_variant(atom),
        }
    }

    /// An atom with all of its variants, which are listed.
    pub(super) fn every_variant(&mut self, atom: &Atom) -> Sought {
        let before = self.listed.len();
        let sought = self.wide(atom);
        for listed in self.listed.iter_mut().skip(before) {
            listed.atom = Some(atom.clone());
        }
        sought
    }

    fn wide(&mut self, atom: &Atom) -> Sought {
        match atom {
            Atom::Word(text) | Atom::Phrase(text) if self.literal && self.analysis == Analysis::Text => {
                self.exactly(text)
            }
            Atom::Literal(text) if self.analysis == Analysis::Text => self.exactly(text),
            Atom::Word(text) | Atom::Literal(text) => {
                let slots = self.slots(text);
                let sought = self.in_order(&slots);
                self.list_forms(text, &slots);
                sought
            }
            Atom::Pattern(pattern) => self.pattern(pattern),
            Atom::Fuzzy(word, most) => self.fuzzy(word, *most),
            Atom::Phrase(text) => self.phrase(text),
            Atom::Loose(text, between) => {
                let slots = self.slots(text);
                let parts = slots.iter().filter(|slot| !slot.border).map(|slot| self.slot(slot)).collect();
                self.list_forms(text, &slots);
                Sought::Loose(parts, *between)
            }
        }
    }

    fn exactly(&mut self, text: &str) -> Sought {
        let words: Vec<Leaf> = normal::needed(text).into_iter().map(|word| self.number(word.to_vec())).collect();
        Sought::Literal(text.to_owned(), words)
    }

    pub(super) fn slots(&self, text: &str) -> Vec<Slot> {
        Slot::read(text, self.analysis)
    }

    /// What stands at one position.
    pub(super) fn slot(&mut self, slot: &Slot) -> Sought {
        if slot.border {
            return self.leaf(vec![BORDER.to_owned()]);
        }
        if self.analysis == Analysis::Name {
            return self.leaf(slot.normals.clone());
        }
        let parts: Vec<Sought> = if self.variants.forms && slot.any_reading() {
            let mut terms: Vec<String> = slot.normals.iter().flat_map(|normal| self.terms(normal, slot)).collect();
            terms.dedup();
            vec![self.leaf(terms)]
        } else if self.variants.forms {
            slot.normals.iter().map(|normal| self.form(normal, slot)).collect()
        } else {
            slot.written.iter().map(|word| self.leaf(written(word).to_vec())).collect()
        };
        match <[Sought; 1]>::try_from(parts) {
            Ok([part]) => part,
            Err(parts) => Sought::Together(parts),
        }
    }

    /// A normal form in every way it is written as one word.
    fn form(&mut self, normal: &str, slot: &Slot) -> Sought {
        let terms = self.terms(normal, slot);
        self.leaf(terms)
    }

    fn terms(&self, normal: &str, slot: &Slot) -> Vec<String> {
        let mut terms = self.class(normal);
        if let Some(word) = slot.word().filter(|word| normal::stands_for_itself(word)) {
            // `million people` stands in `two million people`, where the number is another.
            terms.extend(written(word));
        }
        if let Some(word) = slot.word() {
            terms.retain(|term| !an_e_apart(word, term));
        }
        // Rare characters fold into what would be read otherwise by itself; the same writing is found all the same.
        if slot.written.first().is_some_and(|word| word == normal) && !terms.iter().any(|term| term == normal) {
            terms.push(normal.to_owned());
        }
        terms
    }

    pub(super) fn leaf(&mut self, terms: Vec<String>) -> Sought {
        Sought::Leaf(self.number(terms))
    }

    /// The number of the leaf of these terms.
    fn number(&mut self, terms: Vec<String>) -> Leaf {
        self.leaves.number(terms)
    }

    /// Lists in which other forms the index holds the words of a part.
    pub(super) fn list_forms(&mut self, part: &str, slots: &[Slot]) {
        if !self.listing || !self.variants.forms || self.analysis == Analysis::Name {
            return;
        }
        for slot in slots {
            let Some(word) = slot.word() else { continue };
            let mut forms: Vec<Counted> = Vec::new();
            for term in slot.normals.iter().flat_map(|normal| self.class(normal)) {
                let documents = self.documents(&term);
                if term != word && documents > 0 && !term.starts_with(NORMAL) {
                    forms.push(Counted { term, documents });
                }
            }
            forms.sort_unstable_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.term.cmp(&b.term)));
            for form in forms.into_iter().take(MOST_LISTED) {
                self.list(part.to_owned(), "forms", form.term);
            }
        }
    }

    /// Lists a variant, once.
    pub(super) fn list(&mut self, part: String, class: &'static str, variant: String) {
        if self.listing && self.told.insert((part.clone(), class, variant.clone())) {
            let expansion = Expansion { part, class: class.to_owned(), variant, count: None };
            self.listed.push(Listed { atom: None, expansion });
        }
    }
}

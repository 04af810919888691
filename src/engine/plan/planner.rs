//! From the text parts of a query to what is searched for on positions. Phrases, compounds and patterns have files of their
//! own.

use std::cell::Cell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::engine::Error;
use crate::engine::plan::dictionary::{Counted, Dictionary};
use crate::engine::plan::languages;
use crate::engine::plan::listed::{ListedVariant, SingleVariant};
use crate::engine::plan::merge::{TermSets, merged};
use crate::engine::plan::prefilter::Prefilter;
use crate::engine::plan::span_plan::{Analysis, AsWritten, SpanPlan};
use crate::engine::plan::token::{QueryToken, an_e_apart};
use crate::engine::spans::query::{SpanQuery, TermSet};
use crate::query::{Atom, Node, SpanOperator, Thesaurus};
use crate::search::{Deadline, Expansion, Variants};
use crate::text::normal::{self, BORDER, NORMAL, written};

/// Forms of one word that are listed; all are searched for.
pub(crate) const MOST_LISTED: usize = 12;

/// Plans the text parts of a query for one field, and lists the variants that are searched for.
pub(crate) struct Planner<'a> {
    pub(crate) dictionary: &'a dyn Dictionary,
    pub(crate) analysis: Analysis,
    pub(crate) variants: Variants,
    /// True if every word and phrase is a literal.
    pub(crate) literal: bool,
    /// True if a word also finds others of its stem: `immunology` finds `immunological`.
    pub(crate) stems: bool,
    /// False where other forms are not listed.
    pub(crate) listing: bool,
    pub(crate) thesaurus: &'a Thesaurus,
    /// The normal forms of the phrase that is planned: the sense of its words depends on them.
    pub(crate) phrase: Vec<String>,
    /// The variants that were listed, each with the atom it is one of.
    pub(crate) listed: Vec<ListedVariant>,
    /// An atom of which one variant alone is searched for.
    pub(crate) narrowed: Option<&'a SingleVariant>,
    pub(crate) deadline: Deadline,
    /// The words that patterns and misspelt words match, by part.
    pub(crate) matched: FxHashMap<String, Vec<Counted>>,
    /// How many these are so far in all that was planned of the query, each as often as its part stands there.
    pub(crate) pattern_terms: usize,
    term_sets: TermSets,
    /// Why a dictionary could not be read.
    failed: Cell<Option<Error>>,
    /// What is listed already, by part, class and variant.
    listed_once: FxHashSet<(String, &'static str, String)>,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(dictionary: &'a dyn Dictionary, analysis: Analysis, thesaurus: &'a Thesaurus) -> Self {
        Planner {
            dictionary,
            analysis,
            variants: Variants::default(),
            literal: false,
            stems: false,
            listing: true,
            thesaurus,
            phrase: Vec::new(),
            listed: Vec::new(),
            narrowed: None,
            deadline: Deadline::none(),
            matched: FxHashMap::default(),
            pattern_terms: 0,
            term_sets: TermSets::default(),
            failed: Cell::default(),
            listed_once: FxHashSet::default(),
        }
    }

    /// Plans a part of a query that is text. Other parts are not searched for.
    pub(crate) fn plan(&mut self, node: &Node) -> Result<SpanPlan, Error> {
        self.term_sets = TermSets::default();
        let query = self.node(node).into_variants();
        let written = self.written(node);
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let (query, written, mut term_sets) = merged(&query, written.as_ref(), &self.term_sets.terms);
        let as_written = match (&query, written) {
            (_, None) => AsWritten::Always,
            (SpanQuery::TermSet(all), Some(SpanQuery::TermSet(own))) => {
                let own = term_sets.get(own).cloned().unwrap_or_default();
                let mut terms = term_sets.get(*all).cloned().unwrap_or_default();
                // Stable, so the order stays that of the dictionary otherwise.
                terms.sort_by_key(|term| !own.contains(term));
                let first = terms.iter().filter(|term| own.contains(term)).count();
                let always = first == terms.len();
                term_sets = vec![terms];
                let plan = |as_written| SpanPlan {
                    query: SpanQuery::TermSet(0),
                    prefilter: Prefilter::TermSet(0),
                    term_sets: term_sets.clone(),
                    as_written,
                };
                return Ok(plan(if always { AsWritten::Always } else { AsWritten::Terms(first) }));
            }
            (query, Some(written)) if *query == written => AsWritten::Always,
            (_, Some(written)) => AsWritten::Query(written),
        };
        let prefilter = Prefilter::of(&query);
        Ok(SpanPlan { query, prefilter, term_sets, as_written })
    }

    /// What is searched for where only the words as typed count; none where only these are searched for anyway.
    fn written(&mut self, node: &Node) -> Option<SpanQuery> {
        if !self.variants.forms || self.literal || self.analysis == Analysis::Name || self.narrowed.is_some() {
            return None;
        }
        let none = Variants { forms: false, near: false, synonyms: false };
        let (variants, listing) = (std::mem::replace(&mut self.variants, none), std::mem::take(&mut self.listing));
        let written = self.node(node);
        (self.variants, self.listing) = (variants, listing);
        Some(written)
    }

    pub(crate) fn class(&self, normal: &str) -> Vec<String> {
        self.read(self.dictionary.class(normal))
    }

    pub(crate) fn has(&self, term: &str) -> bool {
        self.read(self.dictionary.has(term))
    }

    fn documents(&self, term: &str) -> u64 {
        self.read(self.dictionary.documents(term))
    }

    /// What was read in the dictionary. An error is kept for the end: with it, the plan is none.
    pub(crate) fn read<T: Default>(&self, read: Result<T, Error>) -> T {
        read.unwrap_or_else(|error| {
            self.failed.set(Some(error));
            T::default()
        })
    }

    fn node(&mut self, node: &Node) -> SpanQuery {
        match node {
            Node::Atom(atom) => self.atom(atom),
            Node::Span(SpanOperator::Near { first, rest }) => {
                let first = Box::new(self.node(first));
                SpanQuery::Linked(first, rest.iter().map(|(link, part)| (*link, self.node(part))).collect())
            }
            Node::Span(SpanOperator::AtLeast { times, of }) => SpanQuery::AtLeast(*times, Box::new(self.node(of))),
            Node::And(parts) => SpanQuery::Both(parts.iter().map(|part| self.node(part)).collect()),
            Node::Or(parts) => SpanQuery::Any(parts.iter().map(|part| self.node(part)).collect()),
            Node::All | Node::Nothing | Node::Field(..) | Node::Filter(_) | Node::Not(_) => SpanQuery::Any(Vec::new()),
        }
    }

    fn atom(&mut self, atom: &Atom) -> SpanQuery {
        if let Err(error) = self.deadline.check() {
            self.failed.set(Some(error));
            return SpanQuery::Any(Vec::new());
        }
        match self.narrow(atom) {
            Some(narrowed) => narrowed,
            None => self.every_variant(atom),
        }
    }

    /// An atom with all of its variants, which are listed.
    pub(crate) fn every_variant(&mut self, atom: &Atom) -> SpanQuery {
        let before = self.listed.len();
        let stems = self.stems;
        self.stems &= matches!(atom, Atom::Word(_));
        let query = self.wide(atom);
        self.stems = stems;
        for listed in self.listed.iter_mut().skip(before) {
            listed.atom = Some(atom.clone());
        }
        query
    }

    fn wide(&mut self, atom: &Atom) -> SpanQuery {
        match atom {
            Atom::Word(text) | Atom::Phrase(text) if self.literal && self.analysis == Analysis::Text => {
                self.exactly(text)
            }
            Atom::Literal(text) if self.analysis == Analysis::Text => self.exactly(text),
            Atom::Word(text) | Atom::Literal(text) => {
                let tokens = self.tokens(text);
                let query = self.in_order(&tokens);
                self.list_forms(text, &tokens);
                query
            }
            Atom::Pattern(pattern) => self.pattern(pattern),
            Atom::Fuzzy(word, most) => self.fuzzy(word, *most),
            Atom::Phrase(text) => self.phrase(text),
            Atom::Loose(text, between) => {
                let tokens = self.tokens(text);
                let parts = tokens.iter().filter(|token| !token.border).map(|token| self.token(token)).collect();
                self.list_forms(text, &tokens);
                SpanQuery::Loose(parts, *between)
            }
        }
    }

    fn exactly(&mut self, text: &str) -> SpanQuery {
        let words: Vec<TermSet> = normal::needed(text).into_iter().map(|word| self.number(word.to_vec())).collect();
        SpanQuery::Literal(text.to_owned(), words)
    }

    pub(crate) fn tokens(&self, text: &str) -> Vec<QueryToken> {
        let mut tokens = QueryToken::read(text, self.analysis);
        let ordinals = || self.dictionary.languages().iter().any(|pack| pack.text.ordinals);
        if tokens.iter().any(|token| token.border) && ordinals() {
            // `16. Mai` is no end of a sentence.
            let mut after_number = false;
            tokens.retain(|token| {
                let ends = !(token.border && after_number);
                after_number = token.number().is_some_and(|digits| digits.len() <= 2);
                ends
            });
        }
        tokens
    }

    /// What is at one position.
    pub(crate) fn token(&mut self, token: &QueryToken) -> SpanQuery {
        if token.border {
            return self.any_term(vec![BORDER.to_owned()]);
        }
        if self.analysis == Analysis::Name {
            return self.any_term(token.normals.clone());
        }
        let parts: Vec<SpanQuery> = if self.variants.forms && (token.any_reading() || token.counts()) {
            let mut terms: Vec<String> = token.normals.iter().flat_map(|normal| self.terms(normal, token)).collect();
            let others = self.read(languages::terms(token, self.dictionary));
            terms.extend(others.into_iter().filter(|term| !terms.contains(term)).collect::<Vec<_>>());
            terms.dedup();
            vec![self.any_term(terms)]
        } else if self.variants.forms {
            token.normals.iter().map(|normal| self.form(normal, token)).collect()
        } else {
            token.written.iter().map(|word| self.any_term(written(word).to_vec())).collect()
        };
        match <[SpanQuery; 1]>::try_from(parts) {
            Ok([part]) => part,
            Err(parts) => SpanQuery::Together(parts),
        }
    }

    /// A normal form in every way it is written as one word.
    fn form(&mut self, normal: &str, token: &QueryToken) -> SpanQuery {
        let terms = self.terms(normal, token);
        self.any_term(terms)
    }

    fn terms(&self, normal: &str, token: &QueryToken) -> Vec<String> {
        let mut terms = self.class(normal);
        if let Some(word) =
            token.word().filter(|word| !normal.starts_with(char::is_uppercase) && normal::stands_for_itself(word))
        {
            // `million people` is in `two million people`, where the number is another.
            terms.extend(written(word));
        }
        if let Some(word) = token.word() {
            terms.retain(|term| !an_e_apart(word, term));
        }
        // Rare characters fold into what would be read otherwise by itself; the same writing is found all the same.
        if token.written.first().is_some_and(|word| word == normal) && !terms.iter().any(|term| term == normal) {
            terms.push(normal.to_owned());
        }
        if self.stems
            && let Some(word) = token.word()
        {
            let own = normal::stem(word);
            let same = |other: &str| normal::stem(other) == own;
            let related = self.read(self.dictionary.words(normal::head(&own), &same));
            let known: FxHashSet<String> = terms.iter().cloned().collect();
            terms.extend(related.into_iter().map(|word| word.term).filter(|term| !known.contains(term)));
        }
        terms
    }

    pub(crate) fn any_term(&mut self, terms: Vec<String>) -> SpanQuery {
        SpanQuery::TermSet(self.number(terms))
    }

    /// The number of the term set of these terms.
    fn number(&mut self, terms: Vec<String>) -> TermSet {
        self.term_sets.number(terms)
    }

    /// Lists in which other forms the index holds the words of a part.
    pub(crate) fn list_forms(&mut self, part: &str, tokens: &[QueryToken]) {
        if !self.listing || !self.variants.forms || self.analysis == Analysis::Name {
            return;
        }
        for token in tokens {
            let Some(word) = token.word() else { continue };
            let mut forms: Vec<Counted> = Vec::new();
            for term in token.normals.iter().flat_map(|normal| self.terms(normal, token)) {
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
    pub(crate) fn list(&mut self, part: String, class: &'static str, variant: String) {
        if self.listing && self.listed_once.insert((part.clone(), class, variant.clone())) {
            let expansion = Expansion { part, class: class.to_owned(), variant, count: None };
            self.listed.push(ListedVariant { atom: None, expansion });
        }
    }
}

//! From the query tree to a query of the cluster that finds every article with a hit, and some others.
//!
//! The cluster has terms without positions, so it tells which articles may match; the engine over these decides. Conditions
//! on one passage or one quotation are asked of one nested document. What is excluded is not asked for: an article may hold
//! it elsewhere.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use crate::engine::embedded::is_of_quotation;
use crate::engine::plan::planner::Planner;
use crate::engine::plan::prefilter::Prefilter;
use crate::engine::plan::resolved::ResolvedRequest;
use crate::engine::plan::span_plan::Analysis;
use crate::engine::{Engine, Error};
use crate::index::document_builder::{self, day_number};
use crate::index::schema::{FacetKind, Level};
use crate::query::{Atom, Field, Filter, Node};
use crate::search::Variants;

/// Translates one request.
pub(super) struct Superset<'e> {
    /// An engine that knows the terms and names of the corpus.
    engine: &'e Engine,
    request: &'e ResolvedRequest,
    variants: Variants,
    /// What parts of the query were translated to: each is asked on several levels.
    made: RefCell<FxHashMap<String, Option<Value>>>,
    /// See [`Planner::pattern_terms`].
    pattern_terms: Cell<usize>,
}

/// Articles with tags that a query names; a cluster allows 65,536.
const MOST_TAGGED: usize = 60_000;

/// A query; none where nothing is known of what a document must hold.
type Condition = Result<Option<Value>, Error>;

impl<'e> Superset<'e> {
    pub(super) fn new(engine: &'e Engine, request: &'e ResolvedRequest) -> Self {
        Superset {
            engine,
            request,
            variants: request.variants,
            made: RefCell::default(),
            pattern_terms: Cell::default(),
        }
    }

    /// A query for all articles with a hit.
    pub(super) fn query(&mut self) -> Result<Value, Error> {
        let (tree, level) = (&self.request.tree, self.request.level());
        let mut all = vec![self.at(tree, Level::Article)?];
        if level != Level::Article {
            // All that is asked of a hit's passage holds for the same one.
            all.push(lift(self.at(tree, Level::Passage)?, Level::Passage, Level::Article));
        }
        if level == Level::Quote {
            all.push(lift(self.at(tree, Level::Quote)?, Level::Quote, Level::Article));
        }
        self.variants = self.request.all_variants;
        for filter in &self.request.filters {
            all.push(self.at(filter, Level::Article)?);
        }
        Ok(every(all).unwrap_or_else(everything))
    }

    /// A query for all articles with a hit for any part of the tree: to count the parts alone.
    pub(super) fn of_any_part(&mut self) -> Result<Value, Error> {
        self.variants = self.request.all_variants;
        let mut any = Vec::new();
        let mut open: Vec<&Node> = std::iter::once(&self.request.tree).chain(&self.request.filters).collect();
        while let Some(node) = open.pop() {
            match node {
                Node::And(_) | Node::Or(_) => {}
                // The words that one piece of a pattern matches are counted without the others.
                Node::Atom(Atom::Pattern(text) | Atom::Phrase(text)) if has_pieces(text) => any.push(None),
                Node::Not(_) => any.push(None),
                Node::All | Node::Nothing | Node::Atom(_) | Node::Span(_) | Node::Field(..) | Node::Filter(_) => {
                    any.push(self.at(node, Level::Article)?);
                }
            }
            if !matches!(node, Node::Field(..)) {
                open.extend(node.parts());
            }
        }
        Ok(either(any).unwrap_or_else(everything))
    }

    /// What documents of a level must hold.
    fn at(&self, node: &Node, level: Level) -> Condition {
        Ok(match node {
            Node::All | Node::Not(_) => None,
            Node::Nothing => Some(nothing()),
            Node::Atom(_) | Node::Span(_) => self.words(node, level)?,
            Node::Field(field, of) => self.field(*field, of, level)?,
            Node::Filter(filter) => filter_at(*filter, level),
            Node::And(parts) => {
                let mut all = self.each(parts.iter(), level)?;
                let quoted: Vec<&Node> = parts.iter().filter(|part| is_of_quotation(part)).collect();
                if level != Level::Quote && quoted.len() > 1 {
                    let one = every(self.each(quoted.into_iter(), Level::Quote)?);
                    all.push(lift(one, Level::Quote, level));
                }
                every(all)
            }
            Node::Or(parts) => either(self.each(parts.iter(), level)?),
        })
    }

    fn each<'n>(&self, parts: impl Iterator<Item = &'n Node>, level: Level) -> Result<Vec<Option<Value>>, Error> {
        parts.map(|part| self.at(part, level)).collect()
    }

    /// Words that name no field.
    fn words(&self, node: &Node, level: Level) -> Condition {
        let hits = self.request.level();
        Ok(match (hits, level) {
            (_, Level::Quote) | (Level::Article, Level::Passage) => None,
            (Level::Quote, Level::Article | Level::Passage) => lift(self.said(node)?, Level::Passage, level),
            (Level::Passage, Level::Article | Level::Passage) => lift(self.text(node)?, Level::Passage, level),
            (Level::Article, Level::Article) => {
                let title = self.span(node, Field::Title)?;
                either(vec![lift(self.text(node)?, Level::Passage, Level::Article), title])
            }
        })
    }

    /// Words of a passage.
    fn text(&self, node: &Node) -> Condition {
        self.planned(node, self.engine.index().fields().text, Analysis::Text, "p.text")
    }

    /// Words of a quotation in a passage.
    fn said(&self, node: &Node) -> Condition {
        let alone = self.planned(node, self.engine.index().fields().text, Analysis::Text, "p.q.said")?;
        Ok(either(vec![self.text(node)?, lift(alone, Level::Quote, Level::Passage)]))
    }

    fn field(&self, field: Field, of: &Node, level: Level) -> Condition {
        if field == Field::Entity {
            let fields = [Field::Person, Field::Org, Field::Place];
            let any: Result<Vec<_>, Error> = fields.into_iter().map(|field| self.field(field, of, level)).collect();
            return Ok(either(any?));
        }
        if let Node::Atom(Atom::Literal(name)) = of
            && let Some(members) = name.strip_prefix('@').and_then(|name| self.engine.groups().members(name))
        {
            let members = members.iter().map(|name| Node::Atom(Atom::Phrase(name.clone()))).collect();
            return self.field(field, &Node::any(members), level);
        }
        let own = own_level(field);
        if own < level {
            return Ok(None);
        }
        if field == Field::Tag {
            // Tags are not in the cluster's documents, but the articles are known that have any.
            let ids: Vec<&str> = self.engine.tagged_articles().take(MOST_TAGGED + 1).collect();
            return Ok((ids.len() <= MOST_TAGGED).then(|| json!({ "terms": { "id": ids } })));
        }
        Ok(lift(self.within(field, of)?, own, level))
    }

    /// What documents of a field's own level must hold.
    fn within(&self, field: Field, node: &Node) -> Condition {
        let parts =
            |parts: &[Node]| parts.iter().map(|part| self.within(field, part)).collect::<Result<Vec<_>, Error>>();
        Ok(match node {
            Node::All if field == Field::Said => None,
            Node::All => Some(json!({ "exists": { "field": path(field) } })),
            Node::Nothing => Some(nothing()),
            Node::Atom(Atom::Word(code)) if field == Field::Language => {
                Some(json!({ "term": { path(field): code.to_lowercase() } }))
            }
            Node::Atom(_) if !self.request.literal => self.name(field, node)?,
            Node::Atom(_) | Node::Span(_) => self.span(node, field)?,
            Node::Field(inner, of) => self.field(*inner, of, own_level(field))?,
            Node::Filter(filter) => filter_at(*filter, own_level(field)),
            Node::And(all) => every(parts(all)?),
            Node::Or(any) => either(parts(any)?),
            Node::Not(_) => None,
        })
    }

    /// What was made of a part before, or is made of it now.
    fn once(&self, on: &str, node: &Node, make: impl FnOnce() -> Condition) -> Condition {
        let part = format!("{on} {:?} {node:?}", self.variants);
        if let Some(made) = self.made.borrow().get(&part) {
            return Ok(made.clone());
        }
        let made = make()?;
        self.made.borrow_mut().insert(part, made.clone());
        Ok(made)
    }

    /// A word or phrase; if it is a name, also the other names of its bearer.
    fn name(&self, field: Field, node: &Node) -> Condition {
        self.once(&format!("{field:?}"), node, || self.named(field, node))
    }

    fn named(&self, field: Field, node: &Node) -> Condition {
        let mut any = vec![self.span(node, field)?];
        for name in self.engine.other_names(field, node)? {
            any.push(self.span(&Node::Atom(Atom::Phrase(name.to_owned())), field)?);
        }
        // What is doubtful in an article is filed there as a name of the kind that it seemed to be.
        for name in self.engine.doubtful_names(field, node)? {
            for field in [Field::Person, Field::Org, Field::Place] {
                any.push(self.span(&Node::Atom(Atom::Phrase(name.to_owned())), field)?);
            }
        }
        Ok(either(any))
    }

    fn span(&self, node: &Node, field: Field) -> Condition {
        let fields = self.engine.index().fields();
        let (handle, analysis) = match field {
            Field::Said => return self.said(node),
            Field::Title => (fields.title, Analysis::Text),
            Field::Speaker => (fields.speaker, Analysis::Name),
            Field::About => (fields.about, Analysis::Name),
            Field::Person | Field::Entity => (fields.person, Analysis::Name),
            Field::Org => (fields.org, Analysis::Name),
            Field::Place => (fields.place, Analysis::Name),
            Field::Byline => (fields.byline, Analysis::Name),
            Field::Outlet => (fields.outlet, Analysis::Name),
            Field::Section => (fields.section, Analysis::Name),
            Field::Collection => (fields.collection, Analysis::Name),
            Field::Tag => return Ok(None),
            Field::Language => (fields.language, Analysis::Name),
        };
        self.planned(node, handle, analysis, path(field))
    }

    fn planned(&self, node: &Node, handle: tantivy::schema::Field, analysis: Analysis, path: &str) -> Condition {
        self.once(path, node, || self.plan(node, handle, analysis, path))
    }

    fn plan(&self, node: &Node, handle: tantivy::schema::Field, analysis: Analysis, path: &str) -> Condition {
        let lexicon = self.engine.lexicon(handle)?;
        let mut planner = Planner::new(lexicon.as_ref(), analysis, self.engine.thesaurus());
        planner.variants = self.variants;
        planner.literal = self.request.literal;
        planner.deadline = self.request.deadline.clone();
        planner.listing = false;
        planner.pattern_terms = self.pattern_terms.get();
        let plan = planner.plan(node)?;
        self.pattern_terms.set(planner.pattern_terms);
        Ok(prefiltered(&plan.prefilter, &plan.term_sets, path))
    }
}

/// True if a pattern has several words.
fn has_pieces(text: &str) -> bool {
    let pieces =
        text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '*' | '?')).filter(|piece| !piece.is_empty());
    text.contains(['*', '?']) && pieces.count() > 1
}

/// A prefilter as a query on one field.
fn prefiltered(prefilter: &Prefilter, sets: &[Vec<String>], path: &str) -> Option<Value> {
    let each = |parts: &[Prefilter]| parts.iter().map(|part| prefiltered(part, sets, path)).collect();
    match prefilter {
        Prefilter::TermSet(set) => {
            let terms = sets.get(*set).map(Vec::as_slice).unwrap_or_default();
            Some(json!({ "terms": { path: terms } }))
        }
        Prefilter::All(parts) => every(each(parts)),
        Prefilter::Any(parts) => either(each(parts)),
        Prefilter::Every => None,
    }
}

/// All of these.
fn every(parts: Vec<Option<Value>>) -> Option<Value> {
    let mut parts: Vec<Value> = parts.into_iter().flatten().collect();
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(json!({ "bool": { "filter": parts } })),
    }
}

/// Any of these; none where one of them may be anything.
fn either(parts: Vec<Option<Value>>) -> Option<Value> {
    let mut parts = parts.into_iter().collect::<Option<Vec<Value>>>()?;
    match parts.len() {
        0 => Some(nothing()),
        1 => parts.pop(),
        _ => Some(json!({ "bool": { "should": parts } })),
    }
}

fn everything() -> Value {
    json!({ "match_all": {} })
}

fn nothing() -> Value {
    json!({ "match_none": {} })
}

/// A query on documents of one level as one on those above.
fn lift(query: Option<Value>, from: Level, to: Level) -> Option<Value> {
    let path = match (from, to) {
        (Level::Quote, Level::Article | Level::Passage) => "p.q",
        (Level::Passage, Level::Article) => "p",
        (Level::Article, _) | (Level::Passage, Level::Passage | Level::Quote) | (Level::Quote, Level::Quote) => {
            return query;
        }
    };
    Some(json!({ "nested": { "path": path, "score_mode": "none", "query": query? } }))
}

fn own_level(field: Field) -> Level {
    match field {
        Field::Speaker | Field::About => Level::Quote,
        // Its words are those of its passage.
        Field::Said | Field::Person | Field::Org | Field::Place | Field::Entity => Level::Passage,
        Field::Title
        | Field::Byline
        | Field::Outlet
        | Field::Section
        | Field::Collection
        | Field::Language
        | Field::Tag => Level::Article,
    }
}

fn path(field: Field) -> &'static str {
    match field {
        Field::Speaker => "p.q.speaker",
        Field::About => "p.q.about",
        Field::Said => "p.text",
        Field::Person | Field::Entity => "p.person",
        Field::Org => "p.org",
        Field::Place => "p.place",
        Field::Title => "title",
        Field::Byline => "byline",
        Field::Outlet => "outlet",
        Field::Section => "section",
        Field::Collection => "collection",
        Field::Tag => "tag",
        Field::Language => "language",
    }
}

fn filter_at(filter: Filter, level: Level) -> Option<Value> {
    let facet = |kind: FacetKind, value: &str| json!({ "term": { "p.q.facet": document_builder::facet(kind, value) } });
    let (query, own) = match filter {
        Filter::Kind(kind) => (facet(FacetKind::Kind, kind.name()), Level::Quote),
        Filter::Attribution(how) => (facet(FacetKind::Attribution, how.name()), Level::Quote),
        Filter::Confidence(from, to) => {
            (json!({ "range": { "p.q.confidence": { "gte": from, "lte": to } } }), Level::Quote)
        }
        Filter::Date(days) if days.is_empty() => (nothing(), Level::Article),
        Filter::Date(days) => {
            let mut range = serde_json::Map::new();
            range.extend(days.since.map(|day| ("gte".to_owned(), day_number(day).into())));
            range.extend(days.until.map(|day| ("lte".to_owned(), day_number(day).into())));
            let query = if range.is_empty() {
                json!({ "exists": { "field": "day" } })
            } else {
                json!({ "range": { "day": range } })
            };
            (query, Level::Article)
        }
        // They are not in the cluster.
        Filter::Versions => return None,
    };
    if own < level { None } else { lift(Some(query), own, level) }
}

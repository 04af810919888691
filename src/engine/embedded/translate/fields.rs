//! Parts of a query that name a field: words and names in it, conditions on it.

use std::ops::Bound;

use tantivy::query::{
    BooleanQuery, BoostQuery, EmptyQuery, ExistsQuery, Occur, Query, RangeQuery, RegexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field as Handle, IndexRecordOption, Term};

use super::{Translated, Translator, lift};
use crate::engine::embedded::names::facet;
use crate::engine::plan::listed::ListedVariant;
use crate::engine::plan::span_plan::Analysis;
use crate::index::document_builder::{self, day_number};
use crate::index::schema::{FacetKind, Level};
use crate::index::versions::Versions;
use crate::query::{Atom, Field, Filter, Node};
use crate::search::Expansion;

impl Translator<'_> {
    /// A part of which everything is searched for in one field.
    pub(super) fn field(&mut self, field: Field, of: &Node, level: Level) -> Translated {
        if field == Field::Entity {
            let mut any = Vec::with_capacity(3);
            for field in [Field::Person, Field::Org, Field::Place] {
                any.push((Occur::Should, self.field(field, of, level)?));
            }
            return Ok(Box::new(BooleanQuery::new(any)));
        }
        if let Node::Atom(Atom::Literal(name)) = of
            && let Some(members) = name.strip_prefix('@').and_then(|name| self.engine.groups().members(name))
        {
            let members = members.iter().map(|name| Node::Atom(Atom::Phrase(name.clone()))).collect();
            return self.field(field, &Node::any(members), level);
        }
        let Some((handle, own, analysis)) = self.handle(field) else { return self.tagged(of, level) };
        let query = self.within(field, handle, own, analysis, of)?;
        Ok(lift(query, own, level, self.engine.hierarchies()))
    }

    /// Handle, level and analysis of a field; `entity:` is none of its own, and tags are not in the index.
    fn handle(&self, field: Field) -> Option<(Handle, Level, Analysis)> {
        let fields = self.engine.fields();
        Some(match field {
            Field::Speaker => (fields.speaker, Level::Quote, Analysis::Name),
            Field::Said => (fields.said, Level::Quote, Analysis::Text),
            Field::About => (fields.about, Level::Quote, Analysis::Name),
            Field::Person | Field::Entity => (fields.person, Level::Passage, Analysis::Name),
            Field::Org => (fields.org, Level::Passage, Analysis::Name),
            Field::Place => (fields.place, Level::Passage, Analysis::Name),
            Field::Title => (fields.title, Level::Article, Analysis::Text),
            Field::Byline => (fields.byline, Level::Article, Analysis::Name),
            Field::Outlet => (fields.outlet, Level::Article, Analysis::Name),
            Field::Section => (fields.section, Level::Article, Analysis::Name),
            Field::Collection => (fields.collection, Level::Article, Analysis::Name),
            Field::Language => (fields.language, Level::Article, Analysis::Name),
            Field::Tag => return None,
        })
    }

    fn within(&mut self, field: Field, handle: Handle, own: Level, analysis: Analysis, node: &Node) -> Translated {
        match node {
            Node::All if field == Field::Said => Ok(self.every(own)),
            Node::All => Ok(Box::new(BoostQuery::new(Box::new(RegexQuery::from_pattern(".+", handle)?), 0.0))),
            Node::Nothing => Ok(Box::new(EmptyQuery)),
            Node::Atom(Atom::Word(code)) if field == Field::Language => {
                let term = Term::from_field_text(handle, &code.to_lowercase());
                // A language is no matter of degree, and its score would count articles that a limited token may not see.
                Ok(Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0)))
            }
            Node::Atom(_) if !self.literal => self.name(field, handle, own, analysis, node),
            Node::Atom(_) | Node::Span(_) => self.span(node, handle, own, analysis),
            Node::Field(inner, of) => self.field(*inner, of, own),
            Node::Filter(filter) => self.filter(*filter, own),
            Node::And(parts) => {
                let mut all = Vec::with_capacity(parts.len());
                for part in parts {
                    all.push(match part {
                        Node::Not(of) => (Occur::MustNot, self.within(field, handle, own, analysis, of)?),
                        part => (Occur::Must, self.within(field, handle, own, analysis, part)?),
                    });
                }
                if !all.iter().any(|(occur, _)| *occur == Occur::Must) {
                    all.push((Occur::Must, self.every(own)));
                }
                Ok(Box::new(BooleanQuery::new(all)))
            }
            Node::Or(parts) => {
                let mut any = Vec::with_capacity(parts.len());
                for part in parts {
                    any.push((Occur::Should, self.within(field, handle, own, analysis, part)?));
                }
                Ok(Box::new(BooleanQuery::new(any)))
            }
            Node::Not(of) => {
                let out = self.within(field, handle, own, analysis, of)?;
                Ok(Box::new(BooleanQuery::new(vec![(Occur::Must, self.every(own)), (Occur::MustNot, out)])))
            }
        }
    }

    /// A word or phrase of a field; if it is a name, also the other names of its bearer, and without names that are hidden.
    fn name(&mut self, field: Field, handle: Handle, own: Level, analysis: Analysis, node: &Node) -> Translated {
        let mut found = self.span(node, handle, own, analysis)?;
        let engine = self.engine;
        let others = engine.other_names(field, node)?;
        if let (false, Node::Atom(Atom::Word(typed) | Atom::Phrase(typed))) = (others.is_empty(), node) {
            if !self.negated {
                self.list(others.iter().map(|name| ListedVariant {
                    atom: None,
                    expansion: Expansion {
                        part: typed.clone(),
                        class: "names".to_owned(),
                        variant: (*name).to_owned(),
                        count: None,
                    },
                }));
            }
            let others = self.any_of(&others, field, handle, own)?;
            found = Box::new(BooleanQuery::new(vec![(Occur::Should, found), (Occur::Should, others)]));
        }
        let mut doubtful = Vec::new();
        for name in engine.doubtful_names(field, node)? {
            let facets = engine.facets_of_doubtful(name)?;
            doubtful.extend(facets.iter().map(|facet| Term::from_field_text(engine.fields().facet, facet)));
        }
        if !doubtful.is_empty() {
            let doubtful: Box<dyn Query> = Box::new(TermSetQuery::new(doubtful));
            found = Box::new(BooleanQuery::new(vec![(Occur::Should, found), (Occur::Should, doubtful)]));
        }
        let Some((hidden, shown)) = engine.hidden(field, node)? else { return Ok(found) };
        // What is found by a hidden name alone is left out.
        let hidden = BooleanQuery::new(vec![
            (Occur::Must, self.any_of(&hidden, field, handle, own)?),
            (Occur::MustNot, self.any_of(&shown, field, handle, own)?),
        ]);
        Ok(Box::new(BooleanQuery::new(vec![(Occur::Must, found), (Occur::MustNot, Box::new(hidden))])))
    }

    /// Any of these names: as facets where they are filed as such, else as phrases.
    fn any_of(&mut self, names: &[&str], field: Field, handle: Handle, own: Level) -> Translated {
        if let Some(kind) = facet(field) {
            let terms = names.iter().map(|name| self.facet(kind, name));
            return Ok(Box::new(TermSetQuery::new(terms.collect::<Vec<_>>())));
        }
        let mut any = Vec::with_capacity(names.len());
        for name in names {
            let name = Node::Atom(Atom::Phrase((*name).to_owned()));
            any.push((Occur::Should, self.span(&name, handle, own, Analysis::Name)?));
        }
        Ok(Box::new(BooleanQuery::new(any)))
    }

    fn facet(&self, kind: FacetKind, value: &str) -> Term {
        Term::from_field_text(self.engine.fields().facet, &document_builder::facet(kind, value))
    }

    /// A part that is found on the positions of one field.
    fn span(&mut self, node: &Node, handle: Handle, own: Level, analysis: Analysis) -> Translated {
        if handle == self.engine.fields().said {
            return self.said(node);
        }
        Ok(Box::new(self.field_query(node, handle, own, analysis)?))
    }

    /// A condition on what is known of an article or a quotation.
    pub(super) fn filter(&mut self, filter: Filter, level: Level) -> Translated {
        let fields = self.engine.fields();
        let facet = |kind: FacetKind, value: &str| -> Box<dyn Query> {
            Box::new(TermQuery::new(self.facet(kind, value), IndexRecordOption::Basic))
        };
        let (query, own): (Box<dyn Query>, Level) = match filter {
            Filter::Kind(kind) => (facet(FacetKind::Kind, kind.name()), Level::Quote),
            Filter::Attribution(how) => (facet(FacetKind::Attribution, how.name()), Level::Quote),
            Filter::Confidence(from, to) => {
                let bound = |n: u8| Bound::Included(Term::from_field_u64(fields.confidence, u64::from(n)));
                (Box::new(RangeQuery::new(bound(from), bound(to))), Level::Quote)
            }
            Filter::Date(days) if days.is_empty() => (Box::new(EmptyQuery), Level::Article),
            Filter::Date(days) => {
                let bound = |day: Option<jiff::civil::Date>| {
                    day.map(|day| Bound::Included(Term::from_field_i64(fields.day, day_number(day))))
                };
                match (bound(days.since), bound(days.until)) {
                    (None, None) => (Box::new(ExistsQuery::new("day".to_owned(), false)), Level::Article),
                    (since, until) => {
                        let open = || Bound::Unbounded;
                        let range = RangeQuery::new(since.unwrap_or_else(open), until.unwrap_or_else(open));
                        (Box::new(range), Level::Article)
                    }
                }
            }
            Filter::Versions => {
                let articles = Versions::of(self.engine.index().dir()).articles().map_err(crate::index::Error::from)?;
                let ids = articles.iter().map(|id| Term::from_field_text(fields.id, id));
                (Box::new(TermSetQuery::new(ids.collect::<Vec<_>>())), Level::Article)
            }
        };
        // A condition holds or does not: it makes no hit better than another.
        Ok(lift(Box::new(BoostQuery::new(query, 0.0)), own, level, self.engine.hierarchies()))
    }
}

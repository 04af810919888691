//! `tag:`, by the marks of the user: their places in the index are looked up when they are first needed.

use std::ops::Bound;
use std::sync::OnceLock;

use tantivy::query::{BooleanQuery, BoostQuery, EmptyQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Term};

use super::translate::{Translated, Translator, lift};
use crate::engine::{Engine, Error};
use crate::index::schema::Level;
use crate::marks::{Mark, MarkKind, MarkPlace, plain};
use crate::query::{Atom, Node};
use crate::search::{Annotated, Hit};

/// The user's marks and, once they were asked for, where they are.
#[derive(Default)]
pub(crate) struct Marked {
    marks: Vec<Mark>,
    places: OnceLock<Vec<Option<MarkPlace>>>,
}

impl Marked {
    /// All marks.
    pub(super) fn all(&self) -> &[Mark] {
        &self.marks
    }
}

impl Engine {
    /// Knows a user's tags and notes.
    #[must_use]
    pub fn with_marks(mut self, marks: Vec<Mark>) -> Self {
        self.marked = Marked { marks, places: OnceLock::new() };
        self
    }

    /// The ids of the articles that have a tag, or a quotation with one.
    pub(crate) fn tagged_articles(&self) -> impl Iterator<Item = &str> {
        self.marked.marks.iter().filter(|mark| mark.kind == MarkKind::Tag).map(|mark| mark.article.as_str())
    }

    fn marks(&self) -> Result<impl Iterator<Item = (&Mark, MarkPlace)>, Error> {
        let Marked { marks, places } = &self.marked;
        if places.get().is_none() {
            let found = marks.iter().map(|mark| mark.place(self.index())).collect::<Result<Vec<_>, _>>()?;
            places.get_or_init(|| found);
        }
        let places = places.get().into_iter().flatten();
        Ok(marks.iter().zip(places).filter_map(|(mark, place)| Some((mark, (*place)?))))
    }

    /// Adds its tags and notes to an article and its quotations.
    pub(super) fn marked(&self, mut article: Annotated) -> Annotated {
        for mark in self.marked.marks.iter().filter(|mark| mark.article == article.article.id) {
            let (tags, notes) = match mark.place_in(&article) {
                Some(MarkPlace::Article) => (&mut article.tags, &mut article.notes),
                Some(MarkPlace::Quote { number, .. }) => match article.quotes.get_mut(number as usize) {
                    Some(quote) => (&mut quote.tags, &mut quote.notes),
                    None => continue,
                },
                None => continue,
            };
            match mark.kind {
                MarkKind::Tag => tags.push(mark.text.clone()),
                MarkKind::Note => notes.push(mark.text.clone()),
            }
        }
        article
    }

    /// Adds its tags and notes to a hit.
    pub(super) fn mark(&self, hit: &mut Hit) -> Result<(), Error> {
        for (mark, place) in self.marks()? {
            if mark.article != hit.article.id || !place.meets(hit) {
                continue;
            }
            match mark.kind {
                MarkKind::Tag => hit.tags.push(mark.text.clone()),
                MarkKind::Note => hit.notes.push(mark.text.clone()),
            }
        }
        Ok(())
    }
}

impl Translator<'_> {
    /// What has a tag: an article's holds for all of it, a quotation's for what the quotation is in.
    pub(super) fn tagged(&mut self, node: &Node, level: Level) -> Translated {
        let any = |this: &mut Self, occur: Occur, parts: &[Node]| -> Result<Vec<_>, Error> {
            parts.iter().map(|part| Ok((occur, this.tagged(part, level)?))).collect()
        };
        match node {
            Node::All => self.having(|_| true, level),
            Node::Atom(Atom::Pattern(pattern)) => {
                let start = plain(pattern.split('*').next().unwrap_or_default());
                self.having(|tag| tag.starts_with(&start), level)
            }
            Node::Atom(
                Atom::Word(word)
                | Atom::Phrase(word)
                | Atom::Literal(word)
                | Atom::Fuzzy(word, _)
                | Atom::Loose(word, _),
            ) => {
                let word = plain(word);
                self.having(|tag| tag == word, level)
            }
            Node::And(parts) => Ok(Box::new(BooleanQuery::new(any(self, Occur::Must, parts)?))),
            Node::Or(parts) => Ok(Box::new(BooleanQuery::new(any(self, Occur::Should, parts)?))),
            Node::Not(of) => {
                let out = self.tagged(of, level)?;
                Ok(Box::new(BooleanQuery::new(vec![(Occur::Must, self.every(level)), (Occur::MustNot, out)])))
            }
            Node::Field(..) | Node::Filter(_) => self.translate(node, level),
            Node::Nothing | Node::Span(_) => Ok(Box::new(EmptyQuery)),
        }
    }

    fn having(&self, wanted: impl Fn(&str) -> bool, level: Level) -> Translated {
        let (fields, hierarchies) = (self.engine.fields(), || self.engine.hierarchies());
        let mut any: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (mark, place) in self.engine.marks()? {
            if mark.kind != MarkKind::Tag || !wanted(&plain(&mark.text)) {
                continue;
            }
            let id = Term::from_field_text(fields.id, &mark.article);
            let article: Box<dyn Query> = Box::new(TermQuery::new(id, IndexRecordOption::Basic));
            let query = match place {
                MarkPlace::Article => lift(article, Level::Article, level, hierarchies()),
                MarkPlace::Quote { number, .. } => {
                    let number = Bound::Included(Term::from_field_u64(fields.ordinal, u64::from(number)));
                    let quote = BooleanQuery::new(vec![
                        (Occur::Must, lift(article, Level::Article, Level::Quote, hierarchies())),
                        (Occur::Must, Box::new(RangeQuery::new(number.clone(), number)) as Box<dyn Query>),
                    ]);
                    lift(Box::new(quote), Level::Quote, level, hierarchies())
                }
            };
            any.push((Occur::Should, query));
        }
        Ok(Box::new(BoostQuery::new(Box::new(BooleanQuery::new(any)), 0.0)))
    }
}

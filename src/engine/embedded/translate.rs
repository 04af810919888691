//! From the query tree to tantivy queries, each part at the level it belongs to and joined to the level asked for.

mod fields;

use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::query::{BooleanQuery, BoostQuery, EmptyQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field as Handle, IndexRecordOption, Term};

use crate::engine::embedded::lexicon::Lexicon;
use crate::engine::embedded::rank::article_score::{self, heaviest};
use crate::engine::embedded::rank::bm25::{Statistics, articles_holding, idf};
use crate::engine::embedded::scan::conjunction::Conjunction;
use crate::engine::embedded::scan::context::ScanContext;
use crate::engine::embedded::scan::field_query::FieldQuery;
use crate::engine::embedded::scan::quotations::{self, QuotedQuery};
use crate::engine::plan::dictionary::Dictionary as _;
use crate::engine::plan::listed::{ListedVariant, SingleVariant};
use crate::engine::plan::planner::Planner;
use crate::engine::plan::resolved::ResolvedRequest;
use crate::engine::plan::span_plan::{Analysis, SpanPlan};
use crate::engine::{Engine, Error};
use crate::index::block::{Hierarchies, ToChild, ToParent};
use crate::index::schema::Level;
use crate::query::Node;
use crate::search::{Expansion, Variants};

/// Translates one request.
pub(crate) struct Translator<'e> {
    pub(super) engine: &'e Engine,
    literal: bool,
    stems: bool,
    variants: Variants,
    /// The variants of what is excluded and of filters, which no limit to a class concerns.
    all_variants: Variants,
    /// The variants that were searched for.
    pub(crate) listed: Vec<ListedVariant>,
    /// An atom of which one variant alone is searched for.
    pub(crate) narrowed: Option<&'e SingleVariant>,
    /// The text that is highlighted, by the level it is found on.
    pub(crate) plans: Vec<(Level, Arc<SpanPlan>)>,
    /// What is listed already, by part, class and variant.
    told: FxHashSet<(String, String, String)>,
    /// True while inside a NOT: what is excluded neither is highlighted nor is listed.
    negated: bool,
    /// The words and phrases by which whole articles are scored.
    pub(crate) parts: Vec<article_score::Part>,
    /// See [`Planner::pattern_terms`].
    pattern_terms: usize,
    /// Shared by all scans of the queries that were translated here.
    pub(crate) context: Arc<ScanContext>,
}

pub(super) type Translated = Result<Box<dyn Query>, Error>;

impl<'e> Translator<'e> {
    pub(crate) fn new(engine: &'e Engine, request: &ResolvedRequest) -> Self {
        Translator {
            engine,
            literal: request.literal,
            stems: request.stems,
            variants: request.variants,
            all_variants: request.all_variants,
            listed: Vec::new(),
            narrowed: None,
            plans: Vec::new(),
            told: FxHashSet::default(),
            negated: false,
            parts: Vec::new(),
            pattern_terms: 0,
            context: ScanContext::new(request.deadline.clone()),
        }
    }

    /// The parts of all that was translated by which whole articles are scored, the heaviest first.
    pub(crate) fn take_parts(&mut self) -> Vec<article_score::Part> {
        heaviest(std::mem::take(&mut self.parts))
    }

    /// A query for the hits of a tree, which may be a part of the request's own, with the request's filters.
    pub(crate) fn filtered(&mut self, tree: &Node, request: &ResolvedRequest) -> Translated {
        let level = request.level();
        let mut query = self.translate(tree, level)?;
        if let Some(id) = &request.article {
            let id = Term::from_field_text(self.engine.fields().id, id);
            let article = Box::new(TermQuery::new(id, IndexRecordOption::Basic));
            let article = lift(article, Level::Article, level, self.engine.hierarchies());
            query = Box::new(BooleanQuery::new(vec![
                (Occur::Must, query),
                (Occur::Must, Box::new(BoostQuery::new(article, 0.0)) as Box<dyn Query>),
            ]));
        }
        if request.filters.is_empty() {
            return Ok(query);
        }
        let (plans, parts) = (self.plans.len(), self.parts.len());
        let variants = std::mem::replace(&mut self.variants, self.all_variants);
        let filter = self.translate(&Node::all(request.filters.clone()), level)?;
        self.variants = variants;
        self.plans.truncate(plans);
        self.parts.truncate(parts);
        Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, query),
            (Occur::Must, Box::new(BoostQuery::new(filter, 0.0)) as Box<dyn Query>),
        ])))
    }

    /// A query that matches the documents of `level` for which `node` holds.
    pub(crate) fn translate(&mut self, node: &Node, level: Level) -> Translated {
        self.context.deadline().check()?;
        match node {
            Node::All => Ok(self.every(level)),
            Node::Nothing => Ok(Box::new(EmptyQuery)),
            Node::Atom(_) | Node::Span(_) => self.text(node, level),
            Node::Field(field, of) => self.field(*field, of, level),
            Node::Filter(filter) => self.filter(*filter, level),
            Node::And(parts) => self.and(parts, level),
            Node::Or(parts) => {
                let mut any = Vec::with_capacity(parts.len());
                for part in parts {
                    any.push((Occur::Should, self.translate(part, level)?));
                }
                Ok(Box::new(BooleanQuery::new(any)))
            }
            Node::Not(of) => {
                let out = self.excluded(of, level)?;
                Ok(Box::new(BooleanQuery::new(vec![(Occur::Must, self.every(level)), (Occur::MustNot, out)])))
            }
        }
    }

    fn excluded(&mut self, node: &Node, level: Level) -> Translated {
        let before = std::mem::replace(&mut self.negated, true);
        let variants = std::mem::replace(&mut self.variants, self.all_variants);
        let out = self.translate(node, level);
        (self.negated, self.variants) = (before, variants);
        out
    }

    /// All parts; those that are about quotations must hold for one and the same.
    fn and(&mut self, parts: &[Node], level: Level) -> Translated {
        let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::with_capacity(parts.len());
        let (quoted, others): (Vec<&Node>, Vec<&Node>) = parts.iter().partition(|part| is_of_quotation(part));
        let together = level != Level::Quote && quoted.len() > 1 && quoted.iter().any(|p| !matches!(p, Node::Not(_)));
        let single = if together {
            let inner = self.conjunction(&quoted, Level::Quote)?;
            all.push((Occur::Must, Box::new(ToParent::new(inner, level, self.engine.hierarchies()))));
            others
        } else {
            parts.iter().collect()
        };
        self.conjoin(&single, level, &mut all)?;
        Ok(all_of(all))
    }

    fn conjunction(&mut self, parts: &[&Node], level: Level) -> Translated {
        let mut all = Vec::with_capacity(parts.len());
        self.conjoin(parts, level, &mut all)?;
        Ok(all_of(all))
    }

    fn conjoin(&mut self, parts: &[&Node], level: Level, all: &mut Vec<(Occur, Box<dyn Query>)>) -> Result<(), Error> {
        let mut texts = Vec::new();
        for part in parts {
            match part {
                Node::Not(of) => all.push((Occur::MustNot, self.excluded(of, level)?)),
                Node::Atom(_) | Node::Span(_) if level == Level::Passage => {
                    texts.push(self.passage(part)?);
                }
                part => all.push((Occur::Must, self.translate(part, level)?)),
            }
        }
        match <[FieldQuery; 1]>::try_from(texts) {
            Ok([text]) => all.push((Occur::Must, Box::new(text))),
            Err(texts) if texts.is_empty() => {}
            Err(texts) => all.push((Occur::Must, Box::new(Conjunction::new(texts)))),
        }
        if !all.iter().any(|(occur, _)| *occur == Occur::Must) {
            all.push((Occur::Must, self.every(level)));
        }
        Ok(())
    }

    /// Every document of a level; worth nothing.
    pub(super) fn every(&self, level: Level) -> Box<dyn Query> {
        let term = Term::from_field_u64(self.engine.fields().level, level.code());
        Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0))
    }

    /// Words that name no field: of the passage, of the quotation, or of the article and its headline.
    fn text(&mut self, node: &Node, level: Level) -> Translated {
        let fields = self.engine.fields();
        match level {
            Level::Quote => self.said(node),
            Level::Passage => Ok(Box::new(self.passage(node)?)),
            Level::Article => {
                let text = self.field_query(node, fields.text, Level::Passage, Analysis::Text)?;
                let title = self.field_query(node, fields.title, Level::Article, Analysis::Text)?;
                self.score_articles(&text, title.clone());
                // All that an article says is weighed together, so matching alone is worth nothing.
                let body = ToParent::new(
                    Box::new(FieldQuery { scored: false, ..text }),
                    Level::Article,
                    self.engine.hierarchies(),
                );
                Ok(Box::new(BooleanQuery::new(vec![
                    (Occur::Should, Box::new(body) as Box<dyn Query>),
                    (Occur::Should, Box::new(FieldQuery { scored: false, ..title })),
                ])))
            }
        }
    }

    /// Words that a passage must hold.
    fn passage(&mut self, node: &Node) -> Result<FieldQuery, Error> {
        let fields = self.engine.fields();
        let text = self.field_query(node, fields.text, Level::Passage, Analysis::Text)?;
        let title = FieldQuery { field: fields.title, statistics: self.titles()?, ..text.clone() };
        self.score_articles(&text, title);
        Ok(text)
    }

    /// Has whole articles scored by a part.
    fn score_articles(&mut self, text: &FieldQuery, title: FieldQuery) {
        if !self.negated {
            self.parts.push(article_score::Part { text: text.clone(), title });
        }
    }

    /// How long headlines are; what their words are worth is decided by the texts.
    fn titles(&self) -> tantivy::Result<Arc<Statistics>> {
        let lexicon = self.engine.lexicon(self.engine.fields().title)?;
        let length = lexicon.terms() as f32 / self.engine.documents(Level::Article).max(1) as f32;
        Ok(Arc::new(Statistics { idf: Vec::new(), length }))
    }

    /// The words of quotations: of most, by where they are in their passages; of those that run on over several, in a
    /// field of their own. Words are worth as much in the one as in the other.
    fn said(&mut self, node: &Node) -> Translated {
        let fields = self.engine.fields();
        let mut within = self.field_query(node, fields.text, Level::Quote, Analysis::Text)?;
        let idf = within.statistics.idf.clone();
        within.statistics = Arc::new(Statistics { idf, length: quotations::LENGTH });
        let alone = FieldQuery { field: fields.said, ..within.clone() };
        Ok(Box::new(QuotedQuery { within, alone }))
    }

    fn field_query(
        &mut self,
        node: &Node,
        handle: Handle,
        own: Level,
        analysis: Analysis,
    ) -> Result<FieldQuery, Error> {
        let lexicon = self.engine.lexicon(handle)?;
        let mut planner = Planner::new(lexicon.as_ref(), analysis, self.engine.thesaurus());
        planner.variants = self.variants;
        planner.literal = self.literal;
        planner.stems = self.stems && self.variants.forms && analysis == Analysis::Text;
        planner.narrowed = self.narrowed;
        planner.deadline = self.context.deadline().clone();
        planner.listing = !self.negated && own != Level::Article;
        planner.pattern_terms = self.pattern_terms;
        let plan = Arc::new(planner.plan(node)?);
        self.pattern_terms = planner.pattern_terms;
        if !self.negated {
            self.list(planner.listed);
            if analysis == Analysis::Text {
                self.plans.push((own, plan.clone()));
            }
        }
        // What is said is posted with passages, and counted so.
        let counted = if handle == self.engine.fields().text { Level::Passage } else { own };
        let statistics = Arc::new(self.statistics(&plan, &lexicon, counted)?);
        Ok(FieldQuery {
            field: handle,
            plan,
            statistics,
            index: self.engine.index().clone(),
            context: self.context.clone(),
            hierarchies: self.engine.hierarchies(),
            scored: true,
        })
    }

    /// Lists variants, each once: the same word may be searched for in text and headline.
    fn list(&mut self, variants: impl IntoIterator<Item = ListedVariant>) {
        for listed in variants {
            let Expansion { part, class, variant, .. } = &listed.expansion;
            if self.told.insert((part.clone(), class.clone(), variant.clone())) {
                self.listed.push(listed);
            }
        }
    }

    fn statistics(&self, plan: &SpanPlan, lexicon: &Lexicon, own: Level) -> Result<Statistics, Error> {
        let documents = self.engine.documents(own).max(1) as f32;
        let articles = self.engine.documents(Level::Article).max(1) as f32;
        let of_leaf = |terms: &Vec<String>| {
            self.context.deadline().check()?;
            let mut holding = 0;
            for term in terms {
                holding += lexicon.documents(term)?;
            }
            let holding = (holding as f32).min(documents);
            Ok(match own {
                Level::Passage => idf(articles_holding(holding, documents, articles), articles),
                Level::Article | Level::Quote => idf(holding, documents),
            })
        };
        let idf = plan.term_sets.iter().map(of_leaf).collect::<Result<_, Error>>()?;
        Ok(Statistics { idf, length: lexicon.terms() as f32 / documents })
    }
}

/// The parts as one query; of one that must hold, that itself.
fn all_of(mut parts: Vec<(Occur, Box<dyn Query>)>) -> Box<dyn Query> {
    match parts.as_slice() {
        [(Occur::Must, _)] => parts.swap_remove(0).1,
        _ => Box::new(BooleanQuery::new(parts)),
    }
}

/// Joins a query on documents of one level to another.
pub(super) fn lift(query: Box<dyn Query>, from: Level, to: Level, hierarchies: Arc<Hierarchies>) -> Box<dyn Query> {
    match from.cmp(&to) {
        std::cmp::Ordering::Equal => query,
        std::cmp::Ordering::Less => Box::new(ToChild::new(query, from, to, hierarchies)),
        std::cmp::Ordering::Greater => Box::new(ToParent::new(query, to, hierarchies)),
    }
}

/// True if a part is about quotations and nothing else.
pub(crate) fn is_of_quotation(node: &Node) -> bool {
    match node {
        Node::Field(field, _) => field.of_quotation(),
        Node::Filter(filter) => filter.of_quotation(),
        Node::Not(of) => is_of_quotation(of),
        Node::And(parts) | Node::Or(parts) => parts.iter().all(is_of_quotation),
        Node::All | Node::Nothing | Node::Atom(_) | Node::Span(_) => false,
    }
}

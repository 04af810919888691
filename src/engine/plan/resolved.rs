//! What a request asks for: its text and its filters, read once.

use crate::index::schema::{FacetKind, Level};
use crate::query::{Context, Field, Matching, Node, Warning, parse, parse_with};
use crate::search::{By, Deadline, Error, MatchClass, Request, Variants};

/// A request as it was understood.
#[derive(Clone)]
pub(crate) struct ResolvedRequest {
    pub(crate) tree: Node,
    /// What hits must hold besides; it makes none better than another.
    pub(crate) filters: Vec<Node>,
    /// Id of the one article that hits must be in.
    pub(crate) article: Option<String>,
    pub(crate) warnings: Vec<Warning>,
    pub(crate) by: By,
    /// Whether words and phrases match to the character only.
    pub(crate) literal: bool,
    /// The variants that are searched for.
    pub(crate) variants: Variants,
    /// Whether words find others of their stem, as where any of them will do: that finds too much where all must be found.
    pub(crate) stems: bool,
    /// The same, whatever class the query is limited to.
    pub(crate) all_variants: Variants,
    pub(crate) deadline: Deadline,
    /// True for a request in plain English, of which the words themselves may be searched for instead.
    pub(crate) is_in_english: bool,
}

impl ResolvedRequest {
    /// Reads a request. Any text can be read.
    ///
    /// With `requests`, those in plain English are read; `knows` says whether the index holds a name in a field.
    pub(crate) fn read(request: &Request, requests: bool, knows: &dyn Fn(Field, &str) -> bool) -> Self {
        let today = request.today;
        let parsed = parse_with(&request.query, &Context { matching: request.matching, today, requests, knows });
        let filter = |text: &String| parse(text, Matching::All, today).tree;
        let filters: Vec<Node> = request.filters.iter().map(filter).collect();
        let none = Variants { forms: false, near: false, synonyms: false };
        ResolvedRequest {
            by: request.by.unwrap_or_else(|| by(&parsed.tree, &filters, request)),
            warnings: parsed.warnings,
            variants: if request.literal { none } else { request.variants },
            all_variants: if request.literal { none } else { request.variants },
            stems: request.matching == Matching::Any && !request.literal,
            literal: request.literal,
            deadline: request.deadline.clone(),
            is_in_english: parsed.is_request,
            tree: parsed.tree,
            filters,
            article: request.article.clone(),
        }
    }

    /// The same without its narrower settings: every variant of every word.
    pub(crate) fn widened(&self) -> Self {
        ResolvedRequest {
            literal: false,
            variants: Variants::default(),
            all_variants: Variants::default(),
            ..self.clone()
        }
    }

    /// The same for hits that match at least so closely. What is excluded stays excluded.
    pub(crate) fn limited_to(&self, most: MatchClass) -> Self {
        let own = self.variants;
        let variants = Variants {
            forms: own.forms && most >= MatchClass::Form,
            near: own.near && most >= MatchClass::Near,
            synonyms: own.synonyms && most >= MatchClass::Synonym,
        };
        ResolvedRequest { variants, ..self.clone() }
    }

    /// The conditions on articles among all that must hold.
    pub(crate) fn on_articles(&self) -> impl Iterator<Item = &Node> {
        let joined = std::iter::once(&self.tree).chain(&self.filters);
        let parts = joined.flat_map(|tree| match tree {
            Node::And(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        });
        parts.filter(|part| part.is_of_article())
    }

    /// True if it asks for everything there is.
    pub(crate) fn is_everything(&self) -> bool {
        self.tree == Node::All && self.filters.is_empty() && self.article.is_none()
    }

    /// The documents that its hits are.
    pub(crate) fn level(&self) -> Level {
        match self.by {
            By::Quote => Level::Quote,
            By::Passage => Level::Passage,
            By::Article => Level::Article,
        }
    }
}

/// What a hit is where the request does not say.
fn by(tree: &Node, filters: &[Node], request: &Request) -> By {
    if tree.asks_for_quotations() || filters.iter().any(Node::asks_for_quotations) {
        return By::Quote;
    }
    if *tree == Node::All {
        let kinds: Vec<FacetKind> = request.facets.iter().filter_map(|name| facet_kind(name)).collect();
        return match common_level(&kinds) {
            Some(Level::Quote) => By::Quote,
            Some(Level::Article) => By::Article,
            Some(Level::Passage) | None => By::Passage,
        };
    }
    By::Passage
}

/// The kind of facet with this name, as users type it.
fn facet_kind(name: &str) -> Option<FacetKind> {
    let name = match name {
        "org" => "organization",
        "source" => "outlet",
        "lang" => "language",
        name => name,
    };
    FacetKind::ALL.into_iter().find(|kind| kind.name() == name)
}

/// The same, as an error where there is none.
pub(crate) fn known_facet(name: &str) -> Result<FacetKind, Error> {
    facet_kind(name).ok_or_else(|| {
        let known = FacetKind::ALL.map(FacetKind::name).join(", ");
        Error::Facet { name: name.to_owned(), known }
    })
}

/// The facet whose values a field of articles holds.
pub(crate) fn facet_of_articles(field: Field) -> Option<FacetKind> {
    facet_kind(field.name()).filter(|kind| kind.level() == Level::Article)
}

/// The level at which everything is counted where only these kinds are asked for: the one all of them are on.
fn common_level(kinds: &[FacetKind]) -> Option<Level> {
    let first = kinds.first()?.level();
    kinds.iter().all(|kind| kind.level() == first).then_some(first)
}

//! What a request asks for: its text and its filters, read once.

use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query};

use super::facets;
use super::lower::Lowering;
use crate::index::schema::{FacetKind, Level};
use crate::query::{Matching, Node, parse};
use crate::search::{By, Request, Variants};

/// A request as it was understood.
pub(super) struct Asked {
    pub(super) tree: Node,
    /// What hits must hold besides; it makes none better than another.
    pub(super) filters: Vec<Node>,
    /// What there was to warn of in the text.
    pub(super) warnings: Vec<String>,
    pub(super) by: By,
    /// The variants that are searched for.
    pub(super) variants: Variants,
}

impl Asked {
    /// Reads a request. Any text can be read.
    pub(super) fn read(request: &Request) -> Self {
        let today = jiff::Zoned::now().date();
        let parsed = parse(&request.query, request.matching, today);
        let filter = |text: &String| parse(text, Matching::All, today).tree;
        let filters: Vec<Node> = request.filters.iter().map(filter).collect();
        let none = Variants { forms: false, near: false, synonyms: false };
        Asked {
            by: request.by.unwrap_or_else(|| by(&parsed.tree, &filters, request)),
            warnings: parsed.warnings.iter().map(ToString::to_string).collect(),
            variants: if request.literal { none } else { request.variants },
            tree: parsed.tree,
            filters,
        }
    }

    /// True if it asks for everything there is.
    pub(super) fn is_everything(&self) -> bool {
        self.tree == Node::All && self.filters.is_empty()
    }

    /// The documents that its hits are.
    pub(super) fn level(&self) -> Level {
        match self.by {
            By::Quote => Level::Quote,
            By::Passage => Level::Passage,
            By::Article => Level::Article,
        }
    }

    /// A tree, which may be its own, with its filters.
    pub(super) fn filtered(&self, tree: &Node, lowering: &mut Lowering) -> tantivy::Result<Box<dyn Query>> {
        let level = self.level();
        let query = lowering.lower(tree, level)?;
        if self.filters.is_empty() {
            return Ok(query);
        }
        let (plans, parts) = (lowering.plans.len(), lowering.parts.len());
        let filter = lowering.lower(&Node::all(self.filters.clone()), level)?;
        lowering.plans.truncate(plans);
        lowering.parts.truncate(parts);
        Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, query),
            (Occur::Must, Box::new(BoostQuery::new(filter, 0.0)) as Box<dyn Query>),
        ])))
    }
}

/// What a hit is where the request does not say.
fn by(tree: &Node, filters: &[Node], request: &Request) -> By {
    if tree.asks_for_quotations() || filters.iter().any(Node::asks_for_quotations) {
        return By::Quote;
    }
    if *tree == Node::All {
        let kinds: Vec<FacetKind> = request.facets.iter().filter_map(|name| facets::kind(name)).collect();
        return match facets::common_level(&kinds) {
            Some(Level::Quote) => By::Quote,
            Some(Level::Article) => By::Article,
            Some(Level::Passage) | None => By::Passage,
        };
    }
    By::Passage
}

//! Why an answer is as it is: what each part of a query finds, and which part an article fails.

use tantivy::query::EnableScoring;
use tantivy::{DocAddress, DocSet as _, TERMINATED};

use crate::engine::embedded::translate::Translator;
use crate::engine::embedded::variant_counts::MOST_WALKED;
use crate::engine::plan::resolved::ResolvedRequest;
use crate::engine::{Engine, Error};
use crate::index::schema::Level;
use crate::query::{Atom, Field, Node};
use crate::search::{ExplainedPart, Request, Variants, Verdict};

impl Engine {
    /// Holds one article against every part of a query.
    pub(crate) fn test_article(&self, request: &Request, article: &str) -> Result<Vec<Verdict>, Error> {
        let number = self.locate(article)?;
        let resolved = self.resolve(request);
        let mut verdicts = Vec::new();
        for (depth, node) in parts_with_depth(&resolved.tree) {
            let holds = self.holds(node, resolved.level(), &resolved, number)?;
            let note = if holds { None } else { self.nearest_miss(node, &resolved, number)? };
            verdicts.push(Verdict { depth, text: label(node), holds, note });
        }
        Ok(verdicts)
    }

    /// Every part of a query with the hits it would have alone; those beyond what is counted say so.
    pub(crate) fn explain(&self, resolved: &ResolvedRequest) -> Result<Vec<ExplainedPart>, Error> {
        let mut parts = Vec::new();
        let mut walked = 0;
        for (depth, node) in parts_with_depth(&resolved.tree) {
            if walked >= MOST_WALKED {
                let note = Some("not counted: the parts before it find too much, or are too many".to_owned());
                parts.push(ExplainedPart { depth, text: label(node), count: 0, note });
                continue;
            }
            let count = self.count_alone(node, resolved)?;
            walked += count + COST_OF_A_PART;
            parts.push(ExplainedPart { depth, text: label(node), count, note: None });
        }
        Ok(parts)
    }

    fn holds(&self, node: &Node, level: Level, resolved: &ResolvedRequest, article: DocAddress) -> Result<bool, Error> {
        let mut translator = Translator::new(self, resolved);
        let query = translator.translate(node, level)?;
        let segment = self.searcher().segment_reader(article.segment_ord);
        let blocks = self.hierarchies.of(segment)?;
        let weight = query.weight(EnableScoring::disabled_from_searcher(self.searcher()))?;
        let mut scorer = weight.scorer(segment, 1.0)?;
        let doc = if scorer.doc() < article.doc_id { scorer.seek(article.doc_id) } else { scorer.doc() };
        translator.context.check()?;
        Ok(doc != TERMINATED && blocks.article(doc) == article.doc_id)
    }

    /// Why a part fails, where a wider question is answered with yes.
    fn nearest_miss(
        &self,
        node: &Node,
        resolved: &ResolvedRequest,
        article: DocAddress,
    ) -> Result<Option<String>, Error> {
        let level = resolved.level();
        if let Node::And(parts) = node
            && level == Level::Quote
            && let Some(note) = self.other_speaker(parts, resolved, article)?
        {
            return Ok(Some(note));
        }
        if level != Level::Article && self.holds(node, Level::Article, resolved, article)? {
            let unit = if level == Level::Quote { "quotation" } else { "paragraph" };
            return Ok(Some(format!("the article has it, but not in one {unit}")));
        }
        let narrower = resolved.literal || resolved.variants != Variants::default();
        if narrower && self.holds(node, Level::Article, &resolved.widened(), article)? {
            return Ok(Some("the article has it in another form".to_owned()));
        }
        Ok(None)
    }
}

/// Speakers of an article that are tried, at most.
const MOST_SPEAKERS: usize = 50;

impl Engine {
    /// Whose quotation it is that holds all parts but the speaker, if there is one.
    fn other_speaker(
        &self,
        parts: &[Node],
        resolved: &ResolvedRequest,
        article: DocAddress,
    ) -> Result<Option<String>, Error> {
        let is_speaker = |part: &&Node| matches!(part, Node::Field(Field::Speaker, _));
        let others: Vec<Node> = parts.iter().filter(|part| !is_speaker(part)).cloned().collect();
        if others.is_empty() || others.len() == parts.len() {
            return Ok(None);
        }
        if !self.holds(&Node::all(others.clone()), Level::Quote, resolved, article)? {
            return Ok(None);
        }
        let quotes = self.index.article(article)?.quotes;
        let mut names: Vec<String> =
            quotes.into_iter().flat_map(|quote| quote.speaker.into_iter().chain(quote.speakers)).collect();
        names.sort_unstable();
        names.dedup();
        let mut speakers = Vec::new();
        for name in names.into_iter().take(MOST_SPEAKERS) {
            let speaker = Node::Field(Field::Speaker, Box::new(Node::Atom(Atom::Phrase(name.clone()))));
            let tree = Node::all(others.iter().cloned().chain([speaker]).collect());
            if self.holds(&tree, Level::Quote, resolved, article)? {
                speakers.push(name);
            }
        }
        Ok(Some(if speakers.is_empty() {
            "the article has that quotation, but its speaker is unknown".to_owned()
        } else {
            format!("the article has that quotation, but by {}", speakers.join(", "))
        }))
    }
}

/// What it costs to ask for a part, in hits that are scanned: so that hundreds of parts without hits end, too.
const COST_OF_A_PART: u64 = 200_000;

/// The parts of a tree with their depth, each before its own parts. What is in a field means nothing outside it.
fn parts_with_depth(tree: &Node) -> Vec<(u32, &Node)> {
    let mut parts = Vec::new();
    let mut open = vec![(0, tree)];
    while let Some((depth, node)) = open.pop() {
        parts.push((depth, node));
        match node {
            Node::Span(operator) if !operator.has_separate_parts() => {}
            Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Span(_) => {
                open.extend(node.parts().into_iter().rev().map(|part| (depth + 1, part)));
            }
            Node::All | Node::Nothing | Node::Atom(_) | Node::Field(..) | Node::Filter(_) => {}
        }
    }
    parts
}

/// A part as it is listed: an operator by its name, since its parts follow.
fn label(node: &Node) -> String {
    match node {
        Node::And(_) => "AND".to_owned(),
        Node::Or(_) => "OR".to_owned(),
        Node::Not(_) => "NOT".to_owned(),
        Node::All | Node::Nothing | Node::Atom(_) | Node::Field(..) | Node::Filter(_) | Node::Span(_) => {
            node.to_string()
        }
    }
}

//! Puts hits first in which the words of the query stand together.
//!
//! Words next to each other in a query often mean one thing. As in the sequential dependence model (Metzler and Croft
//! 2005), each pair of neighbours adds to a hit's score where the two stand side by side or close to each other. Only
//! the best hits by their words alone are looked at again: a hit further down seldom rises to the top.

use tantivy::{DocAddress, DocId, Score};

use super::Engine;
use super::collect::Found;
use super::lower::Lowering;
use super::plan::Analysis;
use super::span_query::SpanQuery;
use crate::index::block::Blocks;
use crate::index::schema::Level;
use crate::query::{Atom, Link, Node};
use crate::search::Variants;

/// Hits that are looked at again.
pub(super) const AGAIN: usize = 100;

/// More pairs than this are not looked at: pasted paragraphs.
const PAIRS: usize = 24;

/// What a pair side by side, in this order, and a pair within this many words in any order is worth beside its words.
/// Measured on known items of Wikinews: `cargo bench --bench ranking`.
const SIDE_BY_SIDE: f32 = 0.35;
const NEAR: (u32, f32) = (8, 0.12);

/// Adds to the scores of `found` what the closeness of the query's words is worth.
pub(super) fn add(engine: &Engine, tree: &Node, level: Level, found: &mut [Found]) -> tantivy::Result<()> {
    let pairs = neighbours(tree);
    if pairs.is_empty() || found.len() < 2 {
        return Ok(());
    }
    let fields = engine.fields();
    let (field, own) = match level {
        Level::Passage | Level::Article => (fields.text, Level::Passage),
        Level::Quote => (fields.said, Level::Quote),
    };
    let mut lowering = Lowering::new(engine, false, Variants { forms: true, near: false, synonyms: false });
    let mut queries: Vec<(f32, SpanQuery)> = Vec::with_capacity(2 * pairs.len());
    for (first, second) in pairs {
        for (link, worth) in [(Link::Pre(1), SIDE_BY_SIDE), (Link::Near(NEAR.0), NEAR.1)] {
            let node = Node::Near {
                first: Box::new(Node::Atom(first.clone())),
                rest: vec![(link, Node::Atom(second.clone()))],
            };
            queries.push((worth, lowering.span_query(&node, field, own, Analysis::Text)?));
        }
    }
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by_key(|&i| found.get(i).map(|f| f.at));
    for (number, segment) in (0..).zip(engine.searcher().segment_readers()) {
        let here: Vec<usize> =
            order.iter().copied().filter(|&i| found.get(i).is_some_and(|f| f.at.segment_ord == number)).collect();
        if here.is_empty() {
            continue;
        }
        let blocks = Blocks::open(segment)?;
        let texts: Vec<(usize, DocId)> = here
            .iter()
            .filter_map(|&i| found.get(i).map(|f| (i, f.at)))
            .flat_map(|(i, at)| texts(&blocks, level, at).into_iter().map(move |doc| (i, doc)))
            .collect();
        let documents: Vec<DocId> = texts.iter().map(|&(_, doc)| doc).collect();
        for (worth, query) in &queries {
            let scores = query.probe(segment, &documents)?;
            let mut best: Vec<(usize, Score)> = Vec::new();
            for (&(i, _), score) in texts.iter().zip(scores) {
                match best.last_mut() {
                    Some((last, most)) if *last == i => *most = most.max(score),
                    _ => best.push((i, score)),
                }
            }
            for (i, score) in best {
                if let Some(found) = found.get_mut(i) {
                    found.score += worth * score;
                }
            }
        }
    }
    Ok(())
}

/// The documents that hold the text of a hit.
fn texts(blocks: &Blocks, level: Level, at: DocAddress) -> Vec<DocId> {
    match level {
        Level::Article => blocks.below(at.doc_id, Level::Passage).collect(),
        Level::Passage | Level::Quote => vec![at.doc_id],
    }
}

/// Words that follow each other in a query, in pairs.
fn neighbours(tree: &Node) -> Vec<(Atom, Atom)> {
    let parts = match tree {
        Node::And(parts) | Node::Or(parts) => parts.as_slice(),
        _ => return Vec::new(),
    };
    let mut pairs: Vec<(Atom, Atom)> = Vec::new();
    for (first, second) in parts.iter().zip(parts.iter().skip(1)) {
        if let (Node::Atom(first @ Atom::Word(_)), Node::Atom(second @ Atom::Word(_))) = (first, second) {
            pairs.push((first.clone(), second.clone()));
        }
    }
    // Conditions stand in front of the words they are asked with.
    if pairs.is_empty() {
        return parts
            .iter()
            .find(|part| matches!(part, Node::Or(_) | Node::And(_)))
            .map(neighbours)
            .unwrap_or_default();
    }
    pairs.truncate(PAIRS);
    pairs
}

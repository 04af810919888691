//! The standfirst: the lines between a headline and its article that sum it up.

use super::block::Block;
use super::clues::Clues;
use super::dom::{Dom, NodeId};
use super::furniture::words;
use super::tag::Tag;
use super::title::letters;
use crate::language::world;

/// What stands between the headline and the first paragraph and sums the article up: what the page's data describes it
/// with, wherever it stands; else what is named so and is no furniture.
pub(super) fn find<'b>(
    dom: &Dom<'_>,
    all: &'b [Block],
    standing: &[&'b Block],
    headline: NodeId,
    first: NodeId,
    clues: Clues<'_>,
) -> Vec<&'b Block> {
    let start = dom.end(headline);
    let fits = |block: &&Block| {
        start <= block.first
            && block.first < first
            && block.text.len() >= 25
            && block.link_density() < 0.5
            && !dom.ancestors(block.first).any(|node| matches!(dom.tag(node), Some(Tag::Figure | Tag::Figcaption)))
    };
    let described = |block: &&Block| clues.description.is_some_and(|description| sums_up(description, &block.text));
    let named = |block: &&Block| {
        std::iter::once(block.node).chain(dom.ancestors(block.node)).take(3).any(|node| is_named_standfirst(dom, node))
    };
    let found: Vec<&Block> = all.iter().filter(fits).filter(described).take(1).collect();
    if found.is_empty() { standing.iter().copied().filter(fits).filter(named).collect() } else { found }
}

fn is_named_standfirst(dom: &Dom<'_>, node: NodeId) -> bool {
    dom.attributes(node).iter().any(|(name, value)| {
        matches!(*name, "class" | "id" | "data-testid" | "itemprop" | "data-component" | "data-qa")
            && value.split_ascii_whitespace().flat_map(words).any(|word| world().pages.standfirst.contains(&word))
    })
}

/// True if a block is the description that the page's data gives, which may be cut short.
fn sums_up(description: &str, text: &str) -> bool {
    let (described, shown) = (letters(description), letters(text));
    let shorter = described.chars().count().min(shown.chars().count());
    shorter >= 25 && described.chars().zip(shown.chars()).take(shorter * 9 / 10).all(|(a, b)| a == b)
}

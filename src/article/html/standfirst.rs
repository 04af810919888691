//! The standfirst: the lines between a headline and its article that sum it up.

use super::boilerplate::words;
use super::dom::{Dom, NodeId};
use super::title::letters;
use crate::language::world;

/// True for an element that is named a standfirst.
pub(super) fn is_named_standfirst(dom: &Dom<'_>, node: NodeId) -> bool {
    dom.attributes(node).iter().any(|(name, value)| {
        matches!(*name, "class" | "id" | "data-testid" | "itemprop" | "data-component" | "data-qa")
            && value.split_ascii_whitespace().flat_map(words).any(|word| world().pages.standfirst.contains(&word))
    })
}

/// True if a block is the description that the page's data gives, which may be cut short.
pub(super) fn sums_up(description: &str, text: &str) -> bool {
    let (described, shown) = (letters(description), letters(text));
    let shorter = described.chars().count().min(shown.chars().count());
    shorter >= 25 && described.chars().zip(shown.chars()).take(shorter * 9 / 10).all(|(a, b)| a == b)
}

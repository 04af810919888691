//! Well-known second names of organisations and places. The lists are our own.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::spelling::plain;
use crate::entity::same_place;

/// Organisations and the names they are also known by, one organisation a line.
const ORGANIZATIONS: &str = include_str!("../../../data/en/gazetteer/same_organization.txt");

/// The name an organisation is best known by, if this is one of its well-known names.
pub(super) fn organization(name: &str) -> Option<&'static str> {
    static NAMES: LazyLock<FxHashMap<String, &str>> = LazyLock::new(|| read(ORGANIZATIONS));
    NAMES.get(&key(name)).copied()
}

/// The name a place is best known by, if this is one of its well-known names.
pub(super) fn place(name: &str) -> Option<&'static str> {
    static NAMES: LazyLock<FxHashMap<String, &str>> = LazyLock::new(|| read(same_place::LIST));
    NAMES.get(&key(name)).copied()
}

fn read(list: &'static str) -> FxHashMap<String, &'static str> {
    let mut names = FxHashMap::default();
    for line in list.lines().filter(|l| l.contains(" = ") && !l.starts_with('#')) {
        let first = line.split(" = ").next().unwrap_or(line);
        names.extend(line.split(" = ").map(|name| (key(name), first)));
    }
    names
}

fn key(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(plain).filter(|w| !w.is_empty()).collect();
    let article = usize::from(words.len() > 1 && words.first().is_some_and(|w| w == "the"));
    words.get(article..).unwrap_or(&[]).join(" ")
}

//! Whose a body of a state is. Thirty countries have a Finance Ministry: each is named with its nation,
//! `Finance Ministry (Japan)`, by the adjective, country or seat of government that an article gives.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::fold::plain;
use crate::language::english;

/// Words of the longest name of a nation.
const LONGEST: usize = 3;

/// Its names, adjectives and seats of government, one nation a line, joined by ` = `, the one to show first.
const LIST: &str = include_str!("../../data/en/gazetteer/nations.txt");

/// The nation that goes by this name, adjective or seat; by its plain words with single spaces.
fn nation(words: &str) -> Option<&'static str> {
    static NATIONS: LazyLock<FxHashMap<String, &str>> = LazyLock::new(|| {
        let lines = LIST.lines().filter(|line| !line.starts_with('#'));
        let names = lines.flat_map(|line| {
            let shown = line.split(" = ").next().unwrap_or(line);
            line.split(" = ").map(move |name| (name.split(' ').map(plain).collect::<Vec<_>>().join(" "), shown))
        });
        names.collect()
    });
    NATIONS.get(words).copied()
}

/// The nation that begins a name, and how many words name it.
pub(super) fn before(words: &[impl AsRef<str>]) -> Option<(&'static str, usize)> {
    let named = |count: usize| Some((nation(&joined(words.get(..count)?))?, count));
    (1..=LONGEST).rev().find_map(named)
}

/// The nation that ends a name, and how many words name it.
pub(super) fn after(words: &[impl AsRef<str>]) -> Option<(&'static str, usize)> {
    let named = |count: usize| Some((nation(&joined(words.get(words.len().checked_sub(count)?..)?))?, count));
    (1..=LONGEST).rev().find_map(named)
}

/// True for what every state has one of: `Finance Ministry`, `Ministry of Health`, `Supreme Court`.
pub(super) fn is_state_body(words: &[impl AsRef<str>]) -> bool {
    let ministry = |word: Option<&_>| word.is_some_and(|word: &_| plain(AsRef::<str>::as_ref(word)) == "ministry");
    words.len() > 1 && (ministry(words.first()) || ministry(words.last()))
        || english().names.state_bodies.contains(&joined(words))
}

/// True for one that means the American one unless an article says otherwise.
pub(super) fn is_mostly_american(words: &[impl AsRef<str>]) -> bool {
    english().names.mostly_american.contains(&joined(words))
}

fn joined(words: &[impl AsRef<str>]) -> String {
    words.iter().map(|word| plain(word.as_ref())).collect::<Vec<_>>().join(" ")
}

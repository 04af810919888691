//! Places with several names: `US`, `U.S.` and `United States`; the list is our own.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::fold::{phrase, word_key};

/// Names of one place a line, joined by ` = `, the one to show first.
pub(super) const LIST: &str = include_str!("../../data/en/gazetteer/same_place.txt");

/// The number of the place and the name to show for it, if the name is one of several of a place.
pub(super) fn same_place(name: u64) -> Option<(u16, &'static str)> {
    static NAMES: LazyLock<FxHashMap<u64, (u16, &'static str)>> = LazyLock::new(read);
    NAMES.get(&name).copied()
}

/// The key of a name written out, as the tokens of an article would give it.
pub(super) fn name_key(name: &str) -> u64 {
    name.replace('’', "'")
        .replace("'s", " 's")
        .replace(',', " ,")
        .split_whitespace()
        .fold(0, |key, word| phrase(key, word_key(word)))
}

fn read() -> FxHashMap<u64, (u16, &'static str)> {
    let mut names = FxHashMap::default();
    for (id, line) in LIST.lines().filter(|l| !l.starts_with('#')).enumerate() {
        let shown = line.split(" = ").next().unwrap_or(line);
        names.extend(line.split(" = ").map(|name| (name_key(name), (id as u16, shown))));
    }
    names
}

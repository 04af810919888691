//! Word lists as the packs hold them.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// A list of words or phrases: looked up by word, walked through in the order of the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Written")]
pub struct Words {
    list: Vec<String>,
    set: FxHashSet<String>,
}

impl Words {
    /// True if `word` is listed exactly so.
    pub fn contains(&self, word: &str) -> bool {
        self.set.contains(word)
    }

    /// The entry that equals `word`.
    pub fn get(&self, word: &str) -> Option<&str> {
        self.set.get(word).map(String::as_str)
    }

    /// The entries in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }
}

/// A list as the packs write it: as an array, or as words parted by white space, `_` for a space inside a phrase.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    List(Vec<String>),
    Text(String),
}

impl From<Written> for Words {
    fn from(written: Written) -> Self {
        let list = match written {
            Written::List(list) => list,
            Written::Text(text) => text.split_whitespace().map(|word| word.replace('_', " ")).collect(),
        };
        Words { set: list.iter().cloned().collect(), list }
    }
}

/// What each of some words means or is replaced by.
pub type Table<T = String> = FxHashMap<String, T>;

//! Numbers and units in words.

use serde::Deserialize;

use super::{Table, Words};

/// Numbers and units in words, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// First words of units that are read as one even without a number: `per cent`.
    pub units_alone: Words,
    /// What counts: 0 to 19, and the tens.
    pub counts: Table<u32>,
    /// What ranks, below a hundred.
    pub ranks: Table<u32>,
    /// Powers of ten.
    pub scales: Table<u32>,
    /// Powers of ten by the letters glued to digits: `1.5bn`.
    pub glued_scales: Table<u32>,
    /// How many parts a whole has, by the word for one of them.
    pub parts: Table<u32>,
    /// The normal form of each unit written as one word.
    pub units: Table,
    /// Units that mean this only when glued to digits, as typed.
    pub glued_units: Table,
    /// Before and after noon.
    pub clock: Table,
    /// The normal form of each unit written as several words.
    pub phrases: Phrases,
    /// How units, in normal form, are abbreviated after a number.
    pub cut_short: Table<Words>,
}

/// Phrases of two or three words and what they mean.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "Table")]
pub struct Phrases {
    /// By first word: the words after it, the longest first.
    by_first: Table<Vec<(Vec<String>, String)>>,
}

impl Phrases {
    /// What the longest phrase at the start of `words` means, and its number of words.
    pub fn longest(&self, words: &[Option<&str>]) -> Option<(&str, usize)> {
        let (first, rest) = words.split_first()?;
        let fits = |tail: &[String]| {
            tail.len() <= rest.len() && tail.iter().zip(rest).all(|(word, found)| *found == Some(word.as_str()))
        };
        let (tail, meaning) = self.by_first.get((*first)?)?.iter().find(|(tail, _)| fits(tail))?;
        Some((meaning, tail.len() + 1))
    }
}

impl From<Table> for Phrases {
    fn from(table: Table) -> Self {
        let mut by_first: Table<Vec<(Vec<String>, String)>> = Table::default();
        for (phrase, meaning) in table {
            let mut words = phrase.split(' ').map(str::to_owned);
            if let Some(first) = words.next() {
                by_first.entry(first).or_default().push((words.collect(), meaning));
            }
        }
        for phrases in by_first.values_mut() {
            phrases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        }
        Phrases { by_first }
    }
}

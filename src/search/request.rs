//! What can be asked.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Cursor, Deadline};
use crate::query::Matching;

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A quotation.
    Quote,
    /// A paragraph.
    Passage,
    /// A whole article, by its best passage.
    Article,
}

/// In which order hits come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Best first.
    #[default]
    Rank,
    /// Latest publication first; undated last.
    Newest,
    /// Earliest publication first; undated last.
    Oldest,
}

/// What becomes of near-identical hits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Duplicates {
    /// Each is a hit.
    #[default]
    Show,
    /// Only the earliest is a hit.
    Collapse,
}

/// Which variants of words and phrases are searched for as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variants {
    /// The same words in other forms: `30-day`, `thirty days`.
    pub forms: bool,
    /// The words of a phrase near each other in one sentence, in any order.
    pub near: bool,
    /// Listed synonyms.
    pub synonyms: bool,
}

impl Default for Variants {
    fn default() -> Self {
        Variants { forms: true, near: true, synonyms: true }
    }
}

/// One question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// As typed.
    pub query: String,
    /// What must hold besides, each a query of its own: `speaker:"Ada Ray"`, `date:>=2025-05-01`.
    pub filters: Vec<String>,
    /// Id of the one article that the hits must be in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Whether all words of `query` must be there.
    pub matching: Matching,
    /// What the hits are; `None` follows from the query: quotations where it names a quote field, else passages.
    pub by: Option<By>,
    /// Their order.
    pub sort: Sort,
    /// How many hits are returned at most; all are counted.
    pub limit: u64,
    /// Fields whose values are counted over all hits.
    pub facets: Vec<String>,
    /// Counts each value of these by period too: `day` or `month`, which is then counted as a facet as well.
    #[serde(skip)]
    pub periods: Option<String>,
    /// How many values a facet lists at most, the most frequent first; `None` for all of them.
    pub facet_limit: Option<u64>,
    /// What becomes of near-identical hits.
    pub duplicates: Duplicates,
    /// Whether words and phrases match to the character only.
    pub literal: bool,
    /// Which variants are searched for as well, where `literal` does not rule them out.
    pub variants: Variants,
    /// Whether every hit says how closely it matches, and totals are given by class. Phrases say so in any case; it takes
    /// more time for words in alternatives and in whole articles.
    #[serde(default)]
    pub classes: bool,
    /// Whether the response says how the query was read and counts its parts.
    pub explain: bool,
    /// Halves a score for every so many days of an article's age; `None` ignores age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life: Option<u32>,
    /// The day on which the request is made, in the time zone of whoever makes it. Relative dates (`date:last-7d`) and ages
    /// are counted from it.
    #[serde(skip)]
    pub today: Date,
    /// When to give up. Past it, the answer is [`Error::Deadline`](super::Error::Deadline), never a shorter list.
    #[serde(skip)]
    pub deadline: Deadline,
    /// Only hits after this one, in the order of the request. Totals and facets still count all hits.
    #[serde(skip)]
    pub after: Option<Cursor>,
}

impl Request {
    /// How it differs from a search without flags, besides its filters: the flags of the command line that say so.
    pub fn options(&self) -> Vec<String> {
        let by = self.by.map(|by| match by {
            By::Quote => "--by quote",
            By::Passage => "--by passage",
            By::Article => "--by article",
        });
        let sort = match self.sort {
            Sort::Rank => None,
            Sort::Newest => Some("--sort newest"),
            Sort::Oldest => Some("--sort oldest"),
        };
        let matching = (self.matching == Matching::Any).then_some("--match any");
        let duplicates = (self.duplicates == Duplicates::Collapse).then_some("--duplicates collapse");
        let flags = [by, matching, sort, duplicates, self.literal.then_some("--literal")];
        let Variants { forms, near, synonyms } = self.variants;
        let classes = [(forms, "forms"), (near, "near"), (synonyms, "synonyms")];
        let classes: Vec<&str> = classes.into_iter().filter_map(|(wanted, name)| wanted.then_some(name)).collect();
        let variants = match classes.len() {
            3 => None,
            0 => Some("--variants none".to_owned()),
            _ => Some(format!("--variants {}", classes.join(","))),
        };
        let age = self.half_life.map(|days| format!("--half-life {days}"));
        flags.into_iter().flatten().map(str::to_owned).chain(variants).chain(age).collect()
    }
}

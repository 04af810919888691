//! The answer to a request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Cursor, Hit, MatchClass};
use crate::query::Warning;

/// A variant of a part of the query that was searched for as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expansion {
    /// The part of the query as typed.
    pub part: String,
    /// `forms`, `near` or `synonyms`.
    pub class: String,
    /// What was searched for.
    pub variant: String,
    /// Hits that hold it; of words near each other, those that hold them no other way. Counted where the request asks
    /// for an explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// What hits without a value are listed under.
pub const NONE: &str = "(none)";

/// A value of a facet and how often it occurs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCount {
    /// The value: a name, an outlet, a month.
    pub value: String,
    /// Hits that hold it.
    pub count: u64,
    /// Articles that hold it.
    pub articles: u64,
    /// Hits that hold it, near-identical ones each counted; left out where they are counted anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_duplicates: Option<u64>,
    /// Hits that hold it by period, where the request asks for it; those without a date are in none.
    #[serde(skip)]
    pub periods: BTreeMap<String, u64>,
}

/// Which index answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexInfo {
    /// Hash of what it holds; the same content gives the same digest.
    pub digest: String,
    /// Articles in it.
    pub articles: u64,
}

/// The whole answer to a query.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// As typed.
    pub query: String,
    /// As understood, in the same language, fully parenthesised.
    pub read_as: String,
    /// What had to hold besides, as understood, each a query of its own; left out where there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<String>,
    /// The flags it was asked with besides, as [`Request::options`](super::Request::options) gives them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// The conditions on articles among all that had to hold, each a query of its own.
    #[serde(skip)]
    pub on_articles: Vec<String>,
    /// Variants that were searched for as well.
    pub expansions: Vec<Expansion>,
    /// All hits there are, not only those returned. Exact.
    pub total: u64,
    /// All hits there are, near-identical ones each counted; left out where they are counted anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_with_duplicates: Option<u64>,
    /// All hits by how closely they match; empty where the query asks for fields alone.
    #[serde(default)]
    pub total_by_class: BTreeMap<MatchClass, u64>,
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// Where the next page begins; none after the last hit.
    #[serde(skip)]
    pub next: Option<Cursor>,
    /// Counts by facet field, as asked for.
    pub facets: BTreeMap<String, Vec<FacetCount>>,
    /// Hits that have no value of a facet field asked for, by field, with an empty value; fields that every hit has are
    /// left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub without: BTreeMap<String, FacetCount>,
    /// Wall time in milliseconds.
    pub took_ms: u64,
    /// Which index answered.
    pub index: IndexInfo,
    /// How the query was read, part by part, if the request asked for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explained: Vec<ExplainedPart>,
    /// What there is to say about how the query was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// What to try instead, where nothing was found.
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
}

impl Response {
    /// All that was asked, so that it can be repeated.
    pub fn asked(&self) -> String {
        asked(&self.read_as, &self.filters, &self.options)
    }
}

/// A query as understood, with its filters and flags: `ferry AND outlet:"Sull Post" --duplicates collapse`.
pub fn asked(read_as: &str, filters: &[String], options: &[String]) -> String {
    let query = Some(read_as).filter(|query| filters.is_empty() || *query != "*");
    let parts: Vec<&str> = query.into_iter().chain(filters.iter().map(String::as_str)).collect();
    let several = parts.len() > 1;
    let bracketed =
        |part: &&str| if several && part.contains(" OR ") { format!("({part})") } else { (*part).to_owned() };
    let query = parts.iter().map(bracketed).collect::<Vec<_>>().join(" AND ");
    std::iter::once(query).chain(options.iter().cloned()).collect::<Vec<_>>().join(" ")
}

/// What to try where a query finds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What is wrong, or what may have been meant.
    pub message: String,
    /// A query, or a part of one, to try instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// How many hits that has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// A part of a query, and what it finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedPart {
    /// How deep it is in the query, the whole at 0.
    pub depth: u32,
    /// The part, in the query language; for an operator its name.
    pub text: String,
    /// Hits it has on its own.
    pub count: u64,
    /// What is worth saying about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A part of a query that one article was held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How deep it is in the query, the whole at 0.
    pub depth: u32,
    /// The part, in the query language; for an operator its name.
    pub text: String,
    /// Whether the article has what it asks for.
    pub holds: bool,
    /// What comes nearest in the article, or why it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Duplicates, Request, Variants};

    #[track_caller]
    fn check(read_as: &str, filters: &[&str], request: &Request, expect: &str) {
        let filters: Vec<String> = filters.iter().map(|&filter| filter.to_owned()).collect();
        assert_eq!(asked(read_as, &filters, &request.options()), expect);
    }

    #[test]
    fn what_was_asked_can_be_repeated() {
        let plain = Request::default();
        check("ferry", &[], &plain, "ferry");
        check("*", &[], &plain, "*");
        check("*", &["speaker:\"Ode\""], &plain, "speaker:\"Ode\"");
        check("a OR b", &["date:>=2025"], &plain, "(a OR b) AND date:>=2025");
        let variants = Variants { forms: false, near: false, synonyms: false };
        let other = Request { duplicates: Duplicates::Collapse, variants, ..plain };
        check("ferry", &[], &other, "ferry --duplicates collapse --variants none");
    }
}

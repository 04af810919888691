//! Requests and answers: the one vocabulary of results, shared by every engine, format and server.
//!
//! These types are the JSON contract: field names and meanings are fixed. All offsets are code points.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::article::Meta;
use crate::entity;
pub use crate::query::Matching;
use crate::quote;
use crate::text::CharSpan;
use crate::text::wording::Change;

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
    /// The earliest stands for all.
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
    /// How many values a facet lists at most, the most frequent first; `None` for all of them.
    pub facet_limit: Option<u64>,
    /// What becomes of near-identical hits.
    pub duplicates: Duplicates,
    /// Whether words and phrases match to the character only.
    pub literal: bool,
    /// Which variants are searched for as well, where `literal` does not rule them out.
    pub variants: Variants,
    /// Whether the response says how the query was read and counts its parts.
    pub explain: bool,
    /// Halves a score for every so many days of an article's age; `None` lets age count for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life: Option<u32>,
}

/// A part of a query, and what it finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// How deep it stands in the query, the whole at 0.
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
    /// How deep it stands in the query, the whole at 0.
    pub depth: u32,
    /// The part, in the query language; for an operator its name.
    pub text: String,
    /// Whether the article has what it asks for.
    pub holds: bool,
    /// What comes nearest in the article, or why it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A name found in an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// First code point.
    pub start: u32,
    /// The code point after the last.
    pub end: u32,
    /// Person, organisation or place.
    pub kind: entity::EntityKind,
    /// The entity's fullest name in the article.
    pub entity: String,
}

/// A quotation as users see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// Direct, indirect or mixed.
    pub kind: quote::QuoteKind,
    /// What was said; code points into the article's text.
    pub content: Vec<CharSpan>,
    /// The words that attribute it.
    pub cue: Option<CharSpan>,
    /// The words that name the source.
    pub source: Option<CharSpan>,
    /// Who said it: the first of the speakers.
    pub speaker: Option<String>,
    /// All of them, where several speak jointly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speakers: Vec<String>,
    /// How the speaker is known.
    pub attribution: quote::Attribution,
    /// 0 to 1.
    pub confidence: f32,
    /// True where only quotation marks tell of it: cues are known in English only, and the article is in another
    /// language. Left out where false.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_marks: bool,
    /// The content as text, its parts joined by ` … `; left out by `annotate`, which prints the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One article with everything found in it: a line of `annotate`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Annotated {
    /// What is known about it.
    pub article: Meta,
    /// The body as read.
    pub text: String,
    /// Its paragraphs.
    pub paragraphs: Vec<CharSpan>,
    /// Who and what is named.
    pub mentions: Vec<Mention>,
    /// Who says what.
    pub quotes: Vec<Quote>,
}

/// Names found in a passage, each once, in order of appearance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// People.
    pub person: Vec<String>,
    /// Organisations.
    pub organization: Vec<String>,
    /// Places.
    pub place: Vec<String>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// From 1.
    pub rank: u64,
    /// Higher is better; comparable within one answer only.
    pub score: f32,
    /// What this hit is.
    pub by: By,
    /// Where it stands.
    pub article: Meta,
    /// Number of its paragraph, from 0.
    pub paragraph: u32,
    /// First code point of `text` in the article.
    pub start: u32,
    /// The code point after its last.
    pub end: u32,
    /// The passage, or the quotation's content from its first to its last part.
    pub text: String,
    /// What matched, relative to `text`.
    pub highlights: Vec<CharSpan>,
    /// Quotations in it (for a quote hit: that one).
    pub quotes: Vec<Quote>,
    /// Names in it.
    pub entities: Names,
    /// How many near-identical passages stand elsewhere in the index.
    pub duplicates: u32,
    /// Who else printed it, where there are near-identical passages; left out where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_in: Option<AlsoIn>,
    /// Of a quotation that stands for nearly identical ones: how the others word it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wordings: Vec<Wording>,
}

/// A quotation in nearly the words of the hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Id of its article.
    pub article: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// The day, as `2025-05-16`.
    pub day: Option<String>,
    /// From the hit's words to its own, word by word.
    pub differences: Vec<Difference>,
}

/// A stretch of words of two wordings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Whether both have it.
    pub change: Change,
    /// Its words, with single spaces between them.
    pub text: String,
}

/// Where near-identical passages stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlsoIn {
    /// Outlets other than the hit's own, by name.
    pub outlets: Vec<String>,
    /// The earliest of all that this index holds, the hit itself included; none where none is dated.
    pub earliest: Option<Earliest>,
}

/// The earliest article of this index that printed something: others may have printed it before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earliest {
    /// Its id.
    pub article: String,
    /// Who published it.
    pub outlet: Option<String>,
    /// The day, as `2025-05-16`.
    pub day: String,
}

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

/// A value of a facet and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// As typed.
    pub query: String,
    /// As understood, in the same language, fully parenthesised.
    pub read_as: String,
    /// Variants that were searched for as well.
    pub expansions: Vec<Expansion>,
    /// All hits there are, not only those returned. Exact.
    pub total: u64,
    /// All hits there are, near-identical ones each counted; left out where they are counted anyway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_with_duplicates: Option<u64>,
    /// The hits asked for.
    pub hits: Vec<Hit>,
    /// Counts by facet field, as asked for.
    pub facets: BTreeMap<String, Vec<FacetCount>>,
    /// Wall time in milliseconds.
    pub took_ms: u64,
    /// Which index answered.
    pub index: IndexInfo,
    /// How the query was read, part by part, if the request asked for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explained: Vec<Part>,
    /// What could not be read as meant, with its column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

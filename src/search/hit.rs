//! Hits, and the annotated articles they are built from.

use serde::{Deserialize, Serialize};

use super::By;
use crate::article::{Locator, Meta};
use crate::entity;
use crate::quote;
use crate::text::CharSpan;
use crate::text::wording::Change;

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
    /// Said or written, rather than a mere attitude or plan.
    #[serde(default = "yes")]
    pub speech: bool,
    /// The source has no name that the article gives: `officials`.
    #[serde(default)]
    pub described: bool,
    /// What it was found by: `model`, or `marks` alone where the language is not supported further.
    #[serde(default)]
    pub method: quote::Method,
    /// A user has overruled the speaker.
    #[serde(default)]
    pub corrected: bool,
    /// The content as text, its parts joined by ` … `; left out by `annotate`, which prints the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Tags that people attached to it; where it is in a hit, they are the hit's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Notes that people attached to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

fn yes() -> bool {
    true
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
    /// Where each paragraph is in its source, `page 3` or `12:34`; left out where none is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locators: Vec<Option<Locator>>,
    /// Who and what is named.
    pub mentions: Vec<Mention>,
    /// Who says what.
    pub quotes: Vec<Quote>,
    /// Tags that people attached to the article.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Notes that people attached to the article.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
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
    /// Where it is.
    pub article: Meta,
    /// Number of its paragraph, from 0.
    pub paragraph: u32,
    /// Where that is in its source, `page 3` or `12:34`; left out where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locator: Option<Locator>,
    /// First code point of `text` in the article.
    pub start: u32,
    /// The code point after its last.
    pub end: u32,
    /// The passage, or the quotation's content from its first to its last part.
    pub text: String,
    /// What matched, relative to `text`.
    pub highlights: Vec<CharSpan>,
    /// How it matches; left out where the query asks for fields alone.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub matched: Option<Match>,
    /// Quotations in it (for a quote hit: that one).
    pub quotes: Vec<Quote>,
    /// Names in it.
    pub entities: Names,
    /// How many near-identical passages are elsewhere in the index.
    pub duplicates: u32,
    /// Who else printed it, where there are near-identical passages; left out where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_in: Option<AlsoIn>,
    /// Of a quotation shown for several nearly identical ones: how the others word it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wordings: Vec<Wording>,
    /// Tags that people attached to it or its article.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Notes that people attached to it or its article.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How closely a text matches what was asked for, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchClass {
    /// The same words, whatever their case and diacritics.
    Written,
    /// The same words in another form: `thirty days` for `30-day`.
    Form,
    /// The words of a phrase near each other.
    Near,
    /// Listed synonyms.
    Synonym,
}

impl MatchClass {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            MatchClass::Written => "written",
            MatchClass::Form => "form",
            MatchClass::Near => "near",
            MatchClass::Synonym => "synonym",
        }
    }
}

/// How a hit matches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// The loosest class among the parts of the query that are required; of alternatives, the closest counts.
    pub class: MatchClass,
    /// What the text says where it does not say what was typed.
    pub variants: Vec<String>,
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

/// Where near-identical passages are.
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

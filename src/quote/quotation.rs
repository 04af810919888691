//! A quotation as it is found: what was said, by whom, and how surely.

use crate::text::Span;

/// How much of the content is in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuoteKind {
    /// All of it.
    Direct,
    /// None of it.
    Indirect,
    /// Part of it.
    Mixed,
}

/// How the speaker is known, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attribution {
    /// The source gives the name in full.
    Named,
    /// The source gives part of the name, a title or a description, resolved within the article.
    Alias,
    /// The source is a pronoun, resolved within the article.
    Pronoun,
    /// No source is given; the speaker follows from the context.
    Inferred,
    /// Nobody can tell.
    Unknown,
}

/// A quotation; all spans are bytes into the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Quotation {
    /// Direct, indirect or mixed.
    pub kind: QuoteKind,
    /// What was said, in order, quotation marks included; one span where it is not interrupted.
    pub content: Vec<Span>,
    /// The words that attribute it: `said`, `according to`.
    pub cue: Option<Span>,
    /// The words that name the source: `the US Secretary of State Marco Rubio`, `he`.
    pub source: Option<Span>,
    /// Who that is, by the fullest name in the article; several where they speak jointly, none where unknown.
    pub speakers: Vec<String>,
    /// How the speaker is known.
    pub attribution: Attribution,
    /// Probability that content and speaker are right, 0 to 1, calibrated.
    pub confidence: f32,
    /// Said or written, rather than a mere attitude or plan: `wants`, `supports`.
    pub speech: bool,
    /// The source is described but has no name that the article gives: `officials`, `the German government`.
    pub described: bool,
    /// What it was found by.
    pub method: Method,
    /// True if a user has overruled the speaker.
    pub corrected: bool,
}

/// What a quotation was found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// The models and rules of the article's language.
    #[default]
    Model,
    /// Quotation marks alone: the cues of the article's language are not known.
    Marks,
}

impl QuoteKind {
    /// All of them.
    pub const ALL: [QuoteKind; 3] = [QuoteKind::Direct, QuoteKind::Indirect, QuoteKind::Mixed];

    /// As it is written in answers, and typed after `kind:`.
    pub fn name(self) -> &'static str {
        match self {
            QuoteKind::Direct => "direct",
            QuoteKind::Indirect => "indirect",
            QuoteKind::Mixed => "mixed",
        }
    }
}

impl Attribution {
    /// All of them, the surest first.
    pub const ALL: [Attribution; 5] =
        [Attribution::Named, Attribution::Alias, Attribution::Pronoun, Attribution::Inferred, Attribution::Unknown];

    /// As it is written in answers, and typed after `attribution:`.
    pub fn name(self) -> &'static str {
        match self {
            Attribution::Named => "named",
            Attribution::Alias => "alias",
            Attribution::Pronoun => "pronoun",
            Attribution::Inferred => "inferred",
            Attribution::Unknown => "unknown",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_answers() {
        for kind in QuoteKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        for attribution in Attribution::ALL {
            assert_eq!(serde_json::to_value(attribution).unwrap(), attribution.name());
        }
    }
}

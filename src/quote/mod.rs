//! Quotations: who (source) says (cue) what (content), and who the source is. Does no I/O.
//!
//! The terms are those of the attribution literature (Pareti 2013; PolNeAR, Newell et al. 2018).

use crate::entity::Entities;
use crate::text::{Span, Text};

/// How much of the content stands in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
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
    pub kind: Kind,
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
}

/// Finds every quotation in `text`, in order of content.
pub fn find(text: &Text, entities: &Entities) -> Vec<Quotation> {
    let mut found = Vec::new();
    for sentence in &text.sentences {
        let tokens = sentence.tokens();
        let Some(open) = tokens.clone().find(|&i| matches!(text.word(i), "“" | "\"")) else { continue };
        let Some(close) = tokens.clone().skip_while(|&i| i <= open).find(|&i| matches!(text.word(i), "”" | "\""))
        else {
            continue;
        };
        let cue = tokens.clone().find(|&i| matches!(text.word(i), "said" | "says"));
        let who = entities.mentions.iter().find(|m| sentence.span.contains(m.span));
        found.push(Quotation {
            kind: Kind::Direct,
            content: vec![text.tokens[open].span.cover(text.tokens[close].span)],
            cue: cue.map(|i| text.tokens[i].span),
            source: who.map(|m| m.span),
            speakers: who.and_then(|m| entities.get(m.entity)).map(|e| e.name.clone()).into_iter().collect(),
            attribution: if who.is_some() { Attribution::Named } else { Attribution::Unknown },
            confidence: 0.5,
        });
    }
    found
}

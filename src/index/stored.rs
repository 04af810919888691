//! What the index stores of an article: types of their own, so that a change of the JSON contract in [`search`](crate::search)
//! does not change the index. All conversions between the two are here.

use crate::article::{Locator, Meta};
use crate::entity::EntityKind;
use crate::quote::{Attribution, Method, QuoteKind};
use crate::search::{Annotated, Mention, Quote};
use crate::text::CharSpan;

/// An article with everything found in it, in code points.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StoredArticle {
    /// What is known about it.
    pub(super) meta: Meta,
    /// The body as read.
    pub(super) text: String,
    /// Its paragraphs.
    pub(super) paragraphs: Vec<CharSpan>,
    /// Where each of them is in its source; empty where none is known.
    pub(super) locators: Vec<Option<Locator>>,
    /// Who and what is named.
    pub(super) mentions: Vec<StoredMention>,
    /// Who says what.
    pub(super) quotes: Vec<StoredQuote>,
}

/// A name found in an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredMention {
    /// Where it is.
    pub(super) span: CharSpan,
    /// Person, organisation or place.
    pub(super) kind: EntityKind,
    /// The entity's fullest name in the article.
    pub(super) entity: String,
}

/// A quotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StoredQuote {
    /// Direct, indirect or mixed.
    pub(super) kind: QuoteKind,
    /// The parts of what was said.
    pub(super) content: Vec<CharSpan>,
    /// The words that attribute it.
    pub(super) cue: Option<CharSpan>,
    /// The words that name the source.
    pub(super) source: Option<CharSpan>,
    /// All speakers, the first one first.
    pub(super) speakers: Vec<String>,
    /// How the speaker is known.
    pub(super) attribution: Attribution,
    /// Confidence from 0 to 100.
    pub(super) hundredths: u8,
    /// True if it was said or written; false for an attitude.
    pub(super) speech: bool,
    /// True if the source is described, not named.
    pub(super) described: bool,
    /// What found it.
    pub(super) method: Method,
    /// True if a user has overruled the speaker.
    pub(super) corrected: bool,
}

impl From<Annotated> for StoredArticle {
    fn from(article: Annotated) -> Self {
        StoredArticle {
            meta: article.article,
            text: article.text,
            paragraphs: article.paragraphs,
            locators: article.locators,
            mentions: article.mentions.into_iter().map(StoredMention::from).collect(),
            quotes: article.quotes.into_iter().map(StoredQuote::from).collect(),
        }
    }
}

impl From<StoredArticle> for Annotated {
    fn from(article: StoredArticle) -> Self {
        Annotated {
            article: article.meta,
            text: article.text,
            paragraphs: article.paragraphs,
            locators: article.locators,
            mentions: article.mentions.into_iter().map(Mention::from).collect(),
            quotes: article.quotes.into_iter().map(Quote::from).collect(),
            ..Annotated::default()
        }
    }
}

impl From<Mention> for StoredMention {
    fn from(mention: Mention) -> Self {
        let span = CharSpan { start: mention.start, end: mention.end };
        StoredMention { span, kind: mention.kind, entity: mention.entity }
    }
}

impl From<StoredMention> for Mention {
    fn from(mention: StoredMention) -> Self {
        let CharSpan { start, end } = mention.span;
        Mention { start, end, kind: mention.kind, entity: mention.entity }
    }
}

impl From<Quote> for StoredQuote {
    fn from(quote: Quote) -> Self {
        let speakers = if quote.speakers.is_empty() { quote.speaker.into_iter().collect() } else { quote.speakers };
        StoredQuote {
            kind: quote.kind,
            content: quote.content,
            cue: quote.cue,
            source: quote.source,
            speakers,
            attribution: quote.attribution,
            hundredths: (quote.confidence * 100.0).round().clamp(0.0, 100.0) as u8,
            speech: quote.speech,
            described: quote.described,
            method: quote.method,
            corrected: quote.corrected,
        }
    }
}

impl From<StoredQuote> for Quote {
    fn from(quote: StoredQuote) -> Self {
        Quote {
            kind: quote.kind,
            content: quote.content,
            cue: quote.cue,
            source: quote.source,
            speaker: quote.speakers.first().cloned(),
            speakers: if quote.speakers.len() > 1 { quote.speakers } else { Vec::new() },
            attribution: quote.attribution,
            confidence: f32::from(quote.hundredths) / 100.0,
            speech: quote.speech,
            described: quote.described,
            method: quote.method,
            corrected: quote.corrected,
            text: None,
            tags: Vec::new(),
            notes: Vec::new(),
        }
    }
}

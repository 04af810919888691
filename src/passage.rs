//! From an article and its analysis to what users see. Pure: no I/O, and it cannot fail.

use crate::analysis::Analysis;
use crate::article::Article;
use crate::quote::Quotation;
use crate::search::{Annotated, Mention, Quote};
use crate::text::{CodePoints, Span};

/// The article with everything found in it, every offset in code points: a line of `annotate`.
pub fn annotated(article: &Article, analysis: &Analysis) -> Annotated {
    let points = CodePoints::new(&article.text);
    let entities = &analysis.entities;
    let mentions = entities.mentions.iter().filter_map(|mention| {
        let entity = entities.get(mention.entity)?;
        let span = points.chars(mention.span);
        Some(Mention { start: span.start, end: span.end, kind: mention.kind, entity: entity.name.clone() })
    });
    Annotated {
        article: article.meta.clone(),
        text: article.text.clone(),
        paragraphs: article.paragraphs.iter().map(|&paragraph| points.chars(paragraph)).collect(),
        mentions: mentions.collect(),
        quotes: analysis.quotations.iter().map(|quotation| quote(quotation, &points)).collect(),
    }
}

/// A quotation with its offsets in code points. `text` is left out: who prints the body needs no copy of it.
pub fn quote(quotation: &Quotation, points: &CodePoints) -> Quote {
    let chars = |span: Span| points.chars(span);
    Quote {
        kind: quotation.kind,
        content: quotation.content.iter().map(|&part| chars(part)).collect(),
        cue: quotation.cue.map(chars),
        source: quotation.source.map(chars),
        speaker: quotation.speakers.first().cloned(),
        speakers: if quotation.speakers.len() > 1 { quotation.speakers.clone() } else { Vec::new() },
        attribution: quotation.attribution,
        confidence: quotation.confidence,
        text: None,
    }
}

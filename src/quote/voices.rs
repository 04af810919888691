//! The voices of a recording. Its reader puts the voice of each turn before it, so one alone is known as well, where labels of
//! other texts need company ([`super::turns`]).

use rustc_hash::FxHashMap;

use crate::entity::{Entities, EntityKind};
use crate::text::{Span, Text};

use super::quotation::{Attribution, Method, Quotation, QuoteKind};

/// How sure the label of a recording is.
const SURE: f32 = 0.97;

/// Makes each paragraph behind a voice with a name a quotation of hers, unless words of somebody else were found in it.
pub fn complete(text: &Text, entities: &Entities, quotations: &mut Vec<Quotation>) {
    let mut turns: FxHashMap<usize, Quotation> = (0..)
        .zip(&text.paragraphs)
        .filter_map(|(number, unit)| Some((number, turn(text, entities, unit.span)?)))
        .collect();
    let paragraph_of = |quotation: &Quotation| {
        let start = quotation.content.first().map_or(0, |span| span.start);
        text.paragraphs.partition_point(|unit| unit.span.end <= start)
    };
    for quotation in quotations.iter_mut() {
        let paragraph = paragraph_of(quotation);
        // Each paragraph is a turn, of a voice that is known or not.
        if let Some(unit) = text.paragraphs.get(paragraph) {
            quotation.content.retain(|span| span.start < unit.span.end);
            for span in &mut quotation.content {
                span.end = span.end.min(unit.span.end);
            }
        }
        let source = turns.get(&paragraph).and_then(|turn| turn.source);
        let is_hers = source.zip(quotation.source).is_some_and(|(voice, source)| voice.overlaps(source));
        if !is_hers {
            turns.remove(&paragraph);
        }
    }
    if turns.is_empty() {
        return;
    }
    quotations.retain(|quotation| !turns.contains_key(&paragraph_of(quotation)));
    quotations.extend(turns.into_values());
    quotations.sort_by_key(|quotation| quotation.content.first().map_or(0, |span| span.start));
}

/// The turn that a paragraph is, if a person's name and a colon begin it.
fn turn(text: &Text, entities: &Entities, paragraph: Span) -> Option<Quotation> {
    let at = entities.mentions.partition_point(|mention| mention.span.start < paragraph.start);
    let person = entities.mentions.get(at)?;
    if person.kind != EntityKind::Person || person.span.start != paragraph.start {
        return None;
    }
    let behind = text.raw.get(person.span.end as usize..paragraph.end as usize)?;
    // Where she is from may be in brackets behind her name.
    let colon =
        behind.find(": ").filter(|at| behind.get(..*at).is_some_and(|from| from.is_empty() || from.ends_with(')')))?;
    let said = Span::new(person.span.end as usize + colon + 2, paragraph.end as usize);
    let name = entities.get(person.entity)?.name.clone();
    let attribution = if person.span.of(text.raw) == name { Attribution::Named } else { Attribution::Alias };
    let is_speech = said.of(text.raw).contains(char::is_alphabetic);
    is_speech.then(|| Quotation {
        kind: QuoteKind::Direct,
        content: vec![said],
        cue: None,
        source: Some(person.span),
        speakers: vec![name],
        attribution,
        confidence: SURE,
        speech: true,
        described: false,
        method: Method::Model,
        corrected: false,
    })
}

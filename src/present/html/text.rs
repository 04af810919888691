//! An article as it was read: quotations ruled, names underlined, speakers in the margin.

use super::Links;
use super::card::{self, Certainty, Speaker};
use super::pieces::{Layer, Pieces, What};
use crate::search::{Annotated, Quote};
use crate::text::{CharSpan, CodePoints};

/// A paragraph, and who speaks in it.
pub(crate) struct Row {
    pub(crate) number: usize,
    /// The page or the time at which it begins, where that is another one than before.
    pub(crate) place: Option<String>,
    pub(crate) notes: Vec<Note>,
    pub(crate) pieces: Pieces,
}

/// A quotation, beside the paragraph in which it begins.
pub(crate) struct Note {
    pub(crate) anchor: String,
    /// Tags and notes that people attached to it.
    pub(crate) marks: Vec<String>,
    /// Who speaks; none where that is who spoke just before.
    pub(crate) speakers: Vec<Speaker>,
    pub(crate) certainty: Certainty,
}

/// The paragraphs of an article; `matches` are marked, and numbered from 1.
pub(crate) fn rows(whole: &Annotated, matches: &[CharSpan], links: &dyn Links) -> Vec<Row> {
    let points = CodePoints::new(&whole.text);
    let layers = layers(whole, matches, links);
    let note = |quote: &Quote, start: u32| {
        let source = card::source(quote, &whole.text, &points);
        Note {
            anchor: format!("q{start}"),
            marks: quote.tags.iter().chain(&quote.notes).cloned().collect(),
            speakers: card::speakers(quote, source, links),
            certainty: card::certainty(quote, source),
        }
    };
    let mut first = 0;
    let rows = whole.paragraphs.iter().enumerate().map(|(number, &paragraph)| {
        // Layers are sorted by their start; what ends before this paragraph is not looked at again for those to come.
        while layers.get(first).is_some_and(|layer| layer.span.end <= paragraph.start) {
            first += 1;
        }
        let ahead = layers.get(first..).unwrap_or_default();
        let ahead = ahead.get(..ahead.partition_point(|layer| layer.span.start < paragraph.end)).unwrap_or_default();
        let inside = |start: &u32| (paragraph.start..paragraph.end).contains(start);
        let notes = whole.quotes.iter().filter_map(|quote| {
            let start = quote.content.first()?.start;
            inside(&start).then(|| note(quote, start))
        });
        let mut notes: Vec<Note> = notes.collect();
        for at in (1..notes.len()).rev() {
            if let Some([before, after]) = notes.get_mut(at - 1..=at)
                && before.speakers == after.speakers
            {
                after.speakers.clear();
            }
        }
        let place = whole.locators.get(number).copied().flatten();
        let is_new = place != number.checked_sub(1).and_then(|before| whole.locators.get(before).copied().flatten());
        let place = place.filter(|_| is_new).map(|place| place.to_string());
        Row { number, place, notes, pieces: Pieces::of(&whole.text, &points, paragraph, ahead) }
    });
    rows.collect()
}

/// What lies over the text, by where it begins.
fn layers(whole: &Annotated, matches: &[CharSpan], links: &dyn Links) -> Vec<Layer> {
    let mut layers = Vec::new();
    for quote in &whole.quotes {
        let id = quote.content.first().map_or(String::new(), |first| format!("q{}", first.start));
        for (at, &span) in quote.content.iter().enumerate() {
            let id = if at == 0 { id.clone() } else { String::new() };
            // A quotation that runs over paragraphs is ruled in each.
            layers.extend(by_paragraph(span, &whole.paragraphs, at == 0).map(|(span, is_first)| Layer {
                span,
                what: What::Said(quote.kind, if is_first { id.clone() } else { String::new() }),
            }));
        }
    }
    for mention in &whole.mentions {
        let span = CharSpan { start: mention.start, end: mention.end };
        layers.push(Layer { span, what: What::Name(links.entity(mention.kind, &mention.entity)) });
    }
    for (number, &span) in (1..).zip(matches) {
        layers.push(Layer { span, what: What::Match(Some(number)) });
    }
    layers.sort_by_key(|layer| layer.span.start);
    layers
}

/// The parts of a span in each paragraph that it reaches into.
fn by_paragraph(
    span: CharSpan,
    paragraphs: &[CharSpan],
    begins: bool,
) -> impl Iterator<Item = (CharSpan, bool)> + use<'_> {
    let from = paragraphs.partition_point(|paragraph| paragraph.end <= span.start);
    let reached = paragraphs.get(from..).unwrap_or_default().iter().take_while(move |p| p.start < span.end);
    reached.enumerate().map(move |(at, paragraph)| {
        let part = CharSpan { start: span.start.max(paragraph.start), end: span.end.min(paragraph.end) };
        (part, begins && at == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_over_paragraphs_is_ruled_in_each() {
        let span = |start, end| CharSpan { start, end };
        let parts: Vec<_> =
            by_paragraph(span(5, 25), &[span(0, 4), span(4, 10), span(12, 20), span(22, 30)], true).collect();
        assert_eq!(parts, [(span(5, 10), true), (span(12, 20), false), (span(22, 25), false)]);
    }
}

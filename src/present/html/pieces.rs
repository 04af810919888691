//! Text with what lies over it, quotations, names and matches, as pieces for a template.

use askama::Template;

use crate::quote::QuoteKind;
use crate::text::{CharSpan, CodePoints};

/// Something that lies over a stretch of text.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// The stretch.
    pub(crate) span: CharSpan,
    /// What lies there.
    pub(crate) what: What,
}

/// What lies over a stretch of text.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// A match of the query; numbered from 1 where one can jump to it.
    Match(Option<u32>),
    /// The content of a quotation, with the id of its first piece.
    Said(QuoteKind, String),
    /// A name, and the address of its screen, if there is one.
    Name(Option<String>),
    /// The reporter's words between the parts of a quotation.
    Between,
}

/// A stretch of text over which the same things lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Piece {
    text: String,
    marked: bool,
    /// Number of the match that begins here.
    first_of_match: Option<u32>,
    said: Option<&'static str>,
    /// Id of the quotation that begins here.
    first_of_quote: Option<String>,
    is_name: bool,
    is_between: bool,
    /// The address of the screen of what is named here.
    href: Option<String>,
}

/// Pieces of a text, in order; prints as HTML, every text escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "pieces.html")]
pub(crate) struct Pieces {
    pieces: Vec<Piece>,
}

impl Pieces {
    /// The text of `range`, with the layers that reach into it. Layers come in any order; linear in their number, but for
    /// those that overlap.
    pub(crate) fn of(text: &str, points: &CodePoints, range: CharSpan, layers: &[Layer]) -> Self {
        let mut inside: Vec<&Layer> = layers
            .iter()
            .filter(|layer| layer.span.start < range.end && layer.span.end > range.start)
            .filter(|layer| layer.span.start < layer.span.end)
            .collect();
        inside.sort_by_key(|layer| layer.span.start);
        let mut borders: Vec<u32> = inside
            .iter()
            .flat_map(|layer| [layer.span.start, layer.span.end])
            .chain([range.start, range.end])
            .map(|at| at.clamp(range.start, range.end))
            .collect();
        borders.sort_unstable();
        borders.dedup();
        let mut pieces = Vec::with_capacity(borders.len());
        let mut active: Vec<&Layer> = Vec::new();
        let mut waiting = inside.into_iter().peekable();
        for border in borders.windows(2) {
            let &[start, end] = border else { continue };
            active.retain(|layer| layer.span.end > start);
            while let Some(layer) = waiting.next_if(|layer| layer.span.start <= start) {
                active.push(layer);
            }
            let part = points.bytes(CharSpan { start, end }).of(text);
            let mut piece = Piece { text: part.to_owned(), ..Piece::default() };
            for layer in &active {
                // What began before the range begins at its start.
                let begins = layer.span.start.max(range.start) == start;
                match &layer.what {
                    What::Match(number) => {
                        piece.marked = true;
                        piece.first_of_match = number.filter(|_| layer.span.start == start).or(piece.first_of_match);
                    }
                    What::Said(kind, id) => {
                        piece.said = Some(kind.name());
                        piece.first_of_quote =
                            Some(id.clone()).filter(|id| begins && !id.is_empty()).or(piece.first_of_quote);
                    }
                    What::Name(href) => (piece.is_name, piece.href) = (true, href.clone()),
                    What::Between => piece.is_between = true,
                }
            }
            pieces.push(piece);
        }
        Pieces { pieces }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, layers: &[(&str, What)], expect: &str) {
        let points = CodePoints::new(text);
        let layers: Vec<Layer> = layers
            .iter()
            .map(|(part, what)| {
                let start = text.find(part).unwrap() as u32;
                let span = CharSpan { start: points.before(start), end: points.before(start + part.len() as u32) };
                Layer { span, what: what.clone() }
            })
            .collect();
        let range = CharSpan { start: 0, end: text.chars().count() as u32 };
        assert_eq!(Pieces::of(text, &points, range, &layers).to_string(), expect);
    }

    #[test]
    fn layers_may_overlap() {
        check("no marks", &[], "no marks");
        check(
            "“Günter <b>left</b>,” he said",
            &[
                ("“Günter <b>left</b>,”", What::Said(QuoteKind::Direct, "q0".into())),
                ("left</b>,” he", What::Match(Some(1))),
            ],
            "<span class=\"said direct\" id=\"q0\">“Günter &#60;b&#62;</span><span class=\"said direct\"><mark \
             id=\"m1\">left&#60;/b&#62;,”</mark></span><mark> he</mark> said",
        );
    }

    #[test]
    fn markup_in_names_and_addresses_is_text() {
        check(
            "by \"><script>x</script> now",
            &[("\"><script>x</script>", What::Name(Some("/entity/person/%22%3E%3Cscript%3E".into())))],
            "by <a class=\"name\" href=\"/entity/person/%22%3E%3Cscript%3E\">&#34;&#62;&#60;script&#62;x&#60;/script&#62;</a> now",
        );
    }
}

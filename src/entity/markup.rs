//! Text with names marked by hand, as tests write it: `[P:Ann Ray] of [O:Brackwell Motors]`.

use super::EntityKind;
use super::name_span::NameSpan;
use super::tokens::Tokens;
use crate::text::{Text, paragraphs};

/// The text without its marks, and where each name is in it, in bytes, and of what kind it is.
pub(super) fn unmarked(marked: &str) -> (String, Vec<(usize, usize, EntityKind)>) {
    let (mut raw, mut spans) = (String::new(), Vec::new());
    for (i, piece) in marked.split('[').enumerate() {
        let (name, rest) = if i == 0 { ("", piece) } else { piece.split_once(']').unwrap() };
        if let Some((kind, name)) = name.split_once(':') {
            let kind = match kind {
                "P" => EntityKind::Person,
                "O" => EntityKind::Organization,
                _ => EntityKind::Place,
            };
            spans.push((raw.len(), raw.len() + name.len(), kind));
            raw.push_str(name);
        }
        raw.push_str(rest);
    }
    (raw, spans)
}

/// Corrects the names marked in a text, and compares them with those that should come out, marked likewise.
#[track_caller]
pub(super) fn check(before: &str, after: &str, correct: impl Fn(&Tokens, &mut Vec<NameSpan>)) {
    let (raw, spans) = unmarked(before);
    let text = Text::new(&raw, &paragraphs(&raw));
    let tokens = Tokens::new(&text);
    let at = |byte: usize| text.tokens.partition_point(|t| (t.span.start as usize) < byte);
    let mut found: Vec<NameSpan> =
        spans.iter().map(|&(start, end, kind)| NameSpan::new(at(start), at(end), kind)).collect();
    correct(&tokens, &mut found);
    let mut marked = String::new();
    let mut last = 0;
    for name in &found {
        let span = tokens.span(name.first, name.end);
        marked.push_str(&raw[last..span.start as usize]);
        let kind = match name.kind {
            EntityKind::Person => "P",
            EntityKind::Organization => "O",
            EntityKind::Place => "L",
        };
        marked.extend(["[", kind, ":", span.of(&raw), "]"]);
        last = span.end as usize;
    }
    assert_eq!(marked + &raw[last..], after);
}

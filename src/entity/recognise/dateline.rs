//! Datelines: where an article was written, in capitals before its first sentence.

use std::ops::Range;

use crate::entity::EntityKind;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::name_span::NameSpan;
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised};

/// Words of the longest place in a dateline, and tokens up to the dash after it.
const DATELINE: usize = 4;
const TO_THE_DASH: usize = 14;

/// The capitals that a paragraph starts with before an agency and a dash, or before a dash, are a place:
/// `PORT ANSEL, Calder (Reuters) -`, `GENEVA —`. Where no agency is named, some name must have been seen there:
/// `UPDATE -` is not a place.
pub(super) fn correct(tokens: &Tokens, found: &mut Vec<NameSpan>) {
    let mut places: Vec<(Range<usize>, NameSpan)> = Vec::new();
    for paragraph in 0..tokens.text.paragraphs.len() {
        let first = tokens.first_of_paragraph(paragraph);
        let same = |i: usize| i < tokens.len() && tokens.paragraph(i) as usize == paragraph;
        let in_capitals = |i: usize| same(i) && is_all_capitals(tokens.word(i));
        if !in_capitals(first) {
            continue;
        }
        let end = (first..=first + DATELINE).find(|&i| !in_capitals(i)).unwrap_or(first + DATELINE + 1);
        if end > first + DATELINE || !same(end) {
            continue;
        }
        let Some((dash, agency)) = dash_of_dateline(tokens, end, same) else { continue };
        // A sentence follows; headlines have slugs in capitals before a dash, and capitals after it.
        if !same(dash + 1) || is_all_capitals(tokens.word(dash + 1)) && is_all_capitals(tokens.word(dash + 2)) {
            continue;
        }
        let at = found.partition_point(|f| f.end <= first);
        let until = at + found.iter().skip(at).take_while(|f| f.first < end).count();
        let listed = gazetteer().longest((first..end).map(|i| tokens.key(i)));
        let is_place = listed.0 == end - first && listed.1.any(Lists::PLACES);
        if agency || until > at || is_place {
            places.push((at..until, NameSpan::new(first, end, EntityKind::Place)));
        }
    }
    if places.is_empty() {
        return;
    }
    // All at once: to put one in moves all names behind it.
    let (names, mut rest) = (std::mem::take(found), 0);
    for (replaced, place) in places {
        found.extend_from_slice(names.get(rest..replaced.start).unwrap_or_default());
        found.push(place);
        rest = replaced.end;
    }
    found.extend_from_slice(names.get(rest..).unwrap_or_default());
}

/// The dash that ends a dateline whose capitals end before `end`, and whether an agency is before it in brackets.
fn dash_of_dateline(tokens: &Tokens, end: usize, same: impl Fn(usize) -> bool) -> Option<(usize, bool)> {
    let mut agency = false;
    for i in (end..end + TO_THE_DASH).take_while(|&i| same(i)) {
        match tokens.word(i) {
            "-" | "–" | "—" | "--" => {
                return (i == end || agency || tokens.word(end) == ",").then_some((i, agency));
            }
            "(" => agency = true,
            ")" | "," | "." | "/" => {}
            word if is_capitalised(word) || agency || word.starts_with(|c: char| c.is_ascii_digit()) => {}
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str) {
        crate::entity::markup::check(before, after, correct);
    }

    #[test]
    fn datelines_are_places() {
        check("[O:KESTREL] BAY (Corvane) - Rain fell.", "[L:KESTREL BAY] (Corvane) - Rain fell.");
        check("GENEVA (Corvane) — Rain fell.", "[L:GENEVA] (Corvane) — Rain fell.");
        check("[O:MARSK], [L:Varenia] — Rain fell.", "[L:MARSK], [L:Varenia] — Rain fell.");
        check("UPDATE - Rain fell.", "UPDATE - Rain fell.");
        check("SOCCER - [O:ROVERS] BEAT [O:ATHLETIC]", "SOCCER - [O:ROVERS] BEAT [O:ATHLETIC]");
        check("[O:NATO] said - late - that rain fell.", "[O:NATO] said - late - that rain fell.");
    }
}

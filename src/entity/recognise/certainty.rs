//! Whether a name is surely one, and one of its kind.
//!
//! A tagger gives every name a kind, though it may be nearly as likely that it is of another or no name at all: the title of a
//! film, a drug, the first of two partners. What is doubtful is still a mention, but alone it puts nobody on a list.

use super::label::Label;
use super::no_name::head;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::name_span::NameSpan;
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised};
use crate::entity::{Certainty, EntityKind};
use crate::language::english;

/// The least probability of a name of which nothing else says what it is. Of those from 0.8 to here a third are wrong.
const SURE: f32 = 0.9;

/// Says of the names of a segment that starts at `start` whether each of their labels is probable enough.
pub(super) fn weigh(
    tokens: &Tokens,
    marginals: &[[f32; Label::COUNT]],
    labels: &[u8],
    start: usize,
    named: &mut [NameSpan],
) {
    let probability = |i: usize| {
        let label = labels.get(i - start).copied().unwrap_or_default();
        marginals.get(i - start).and_then(|row| row.get(usize::from(label))).copied().unwrap_or_default()
    };
    for name in named.iter_mut().filter(|name| name.certainty < Certainty::Sure) {
        let cut = name.kind == EntityKind::Organization && goes_on(tokens, name);
        if !cut && (name.first..name.end).all(|i| probability(i) >= SURE) {
            name.certainty = Certainty::Sure;
        }
    }
}

/// True if its words, or those beside it, say by themselves what a name is: lists have it, it is built as names of its kind
/// are, a title is before it, or a country behind it.
pub(super) fn is_evident(tokens: &Tokens, name: &NameSpan) -> bool {
    match name.kind {
        EntityKind::Person => is_evident_person(tokens, name),
        EntityKind::Organization => is_evident_body(tokens, name),
        EntityKind::Place => is_evident_place(tokens, name),
    }
}

fn is_evident_person(tokens: &Tokens, name: &NameSpan) -> bool {
    let last = name.end - 1;
    if name.end == name.first + 1 || !tokens.lists(name.first).any(Lists::GIVEN) {
        return false;
    }
    let titled = || name.first > 0 && tokens.lists(name.first - 1).any(Lists::ANY_TITLE.and(Lists::OFFICE));
    let names = &english().names;
    let ending = lower(tokens, last);
    (tokens.lists(last).any(Lists::SURNAME) || titled())
        && !names.body_words.contains(&ending)
        && !names.map_words.contains(&ending)
}

fn is_evident_body(tokens: &Tokens, name: &NameSpan) -> bool {
    if is_listed(tokens, name, Lists::BODY.and(Lists::COMPANY).and(Lists::TEAM)) {
        return true;
    }
    if goes_on(tokens, name) {
        return false;
    }
    // `Ministry of Old Bridges`
    let head = head(tokens, name);
    if name.end == name.first + 1 || !is_capitalised(tokens.word(head)) {
        return false;
    }
    let (names, word) = (&english().names, lower(tokens, head));
    let lists = [
        &names.body_words,
        &names.bodies_for,
        &names.governing,
        &names.firm_endings,
        &names.legal_endings,
        &names.legal_forms,
    ];
    lists.iter().any(|words| words.contains(&word))
}

/// `Interior | Secretary`, `Rural Industry | department`: true if what is behind a body's name says that it only is a part of
/// that of an office or another body.
fn goes_on(tokens: &Tokens, name: &NameSpan) -> bool {
    let next = tokens.word(name.end);
    if !tokens.same_sentence(name.first, name.end) || !next.starts_with(char::is_alphabetic) {
        return false;
    }
    let (names, word) = (&english().names, next.to_lowercase());
    if is_capitalised(next) {
        return tokens.lists(name.end).any(Lists::OFFICE);
    }
    let one = word.strip_suffix('s').unwrap_or(&word);
    [word.as_str(), one].iter().any(|&word| names.governing.contains(word) || names.bodies_for.contains(word))
}

fn is_evident_place(tokens: &Tokens, name: &NameSpan) -> bool {
    let names = &english().names;
    let on_map = |i: usize| {
        let word = lower(tokens, i);
        names.map_words.contains(&word) || names.landmarks.contains(&word)
    };
    // `Lockerbie, Scotland`
    let land = || tokens.word(name.end) == "," && tokens.lists(name.end + 1).any(Lists::COUNTRY.and(Lists::REGION));
    // `GAO` is no town of Mali.
    let listed = if is_all_capitals(tokens.word(name.first)) { Lists::COUNTRY } else { Lists::PLACES };
    is_listed(tokens, name, listed)
        || name.end > name.first + 1 && (on_map(name.end - 1) || on_map(name.first))
        || land()
}

fn is_listed(tokens: &Tokens, name: &NameSpan, lists: Lists) -> bool {
    gazetteer().by_key(tokens.key_of(name.first..name.end)).any(lists)
}

/// A word in small letters, without its full stop.
fn lower(tokens: &Tokens, i: usize) -> String {
    tokens.word(i).trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::markup::unmarked;
    use crate::text::{Text, paragraphs};

    /// What is said of the one name of a text.
    fn of_name(marked: &str, is_so: fn(&Tokens, &NameSpan) -> bool) -> bool {
        let (raw, spans) = unmarked(marked);
        let text = Text::new(&raw, &paragraphs(&raw));
        let tokens = Tokens::new(&text);
        let at = |byte: usize| text.tokens.partition_point(|t| (t.span.start as usize) < byte);
        let (start, end, kind) = spans[0];
        is_so(&tokens, &NameSpan::new(at(start), at(end), kind))
    }

    #[test]
    fn words_say_what_a_name_is() {
        let check = |marked: &str, evident: bool| assert_eq!(of_name(marked, is_evident), evident, "{marked}");
        check("They met [P:Ann Miller].", true);
        check("They met Senator [P:Ann Quellmore].", true);
        check("They met [P:Quellmore].", false);
        check("It is at [P:Ann Miller Bay].", false);
        check("The [O:Ministry of Old Bridges] met.", true);
        check("They sold [O:Quellmore Tools Inc].", true);
        check("They saw [O:Quellmore Night].", false);
        check("The [O:Quellmore Council] Secretary met.", false);
        check("The [O:Quellmore Union] department met.", false);
        check("They left [L:Quellmore], Scotland.", true);
        check("They left [L:Quellmore River].", true);
        check("They left [L:Quellmore].", false);
        check("They left [L:Gao].", true);
        check("They asked [L:GAO].", false);
    }

    #[test]
    fn a_label_must_be_probable() {
        let text = Text::new("Quellmore Night", &[]);
        let (tokens, label) = (Tokens::new(&text), super::super::encode(2, true));
        let sure = |p: f32| {
            let mut row = [0.0; Label::COUNT];
            row[usize::from(label.0)] = p;
            let mut named =
                [NameSpan { certainty: Certainty::Doubtful, ..NameSpan::new(0, 1, EntityKind::Organization) }];
            weigh(&tokens, &[row], &[label.0], 0, &mut named);
            named[0].certainty
        };
        assert_eq!((sure(0.95), sure(0.85)), (Certainty::Sure, Certainty::Doubtful));
    }
}

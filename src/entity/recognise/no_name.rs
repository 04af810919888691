//! What looks like a name and is that of nobody and nowhere.

use crate::entity::EntityKind;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::name_span::NameSpan;
use crate::entity::tokens::{Tokens, is_capitalised};
use crate::language::english;

/// True for what only looks like a name, or is that of nobody and nowhere: sums of money (`U.S. Dlrs`), adjectives of origin
/// (`West German`), letters (`V. I`), storms (`Hurricane Mona`), and what was agreed, decided or won (`Clean Rivers Act`).
pub(super) fn is_no_name(tokens: &Tokens, name: &NameSpan) -> bool {
    let (last, several) = (name.end - 1, name.end > name.first + 1);
    let word = |i: usize| tokens.word(i).to_lowercase();
    let adjective = name.kind == EntityKind::Place
        && several
        && tokens.lists(last).any(Lists::DEMONYM)
        && !tokens.lists(last).any(Lists::PLACES);
    let letter = |i: usize| tokens.word(i) == "I" || tokens.word(i).len() == 2 && tokens.word(i).ends_with('.');
    let letters = (name.first..name.end).all(letter);
    let names = &english().names;
    let is_storm = |first: usize| names.storms.contains(&tokens.phrase(first, first + 2).to_lowercase());
    // `Tropical | Storm Mona`
    let behind = || name.first > 0 && is_capitalised(tokens.word(name.first - 1)) && is_storm(name.first - 1);
    let storm = several && (names.storms.contains(&word(name.first)) || is_storm(name.first) || behind());
    // `Medal of Old Bridges` is a medal.
    let head = head(tokens, name);
    let deed = several
        && name.kind != EntityKind::Person
        && names.deeds.contains(&word(head))
        && is_capitalised(tokens.word(head));
    adjective || letters || storm || deed || is_office(tokens, name) || names.sums.contains(&word(last))
}

/// `Senate Majority Leader`, `Minister of State`, `the King`: true for an office that was taken for a body or for somebody.
fn is_office(tokens: &Tokens, name: &NameSpan) -> bool {
    let head = head(tokens, name);
    if name.kind == EntityKind::Person {
        let definite = name.first > 0 && tokens.word(name.first - 1).eq_ignore_ascii_case("the");
        return definite && name.end == name.first + 1 && tokens.lists(head).any(Lists::OFFICE.and(Lists::ANY_TITLE));
    }
    name.kind == EntityKind::Organization
        && name.end > name.first + 1
        && is_capitalised(tokens.word(head))
        && tokens.lists(head).any(Lists::OFFICE)
        && !english().names.governing.contains(&tokens.word(head).to_lowercase())
        && gazetteer().by_key(tokens.key_of(name.first..name.end)).is_empty()
}

/// The word that says what is named: the last, or the one before the first `of`, `on` or `for`.
pub(super) fn head(tokens: &Tokens, name: &NameSpan) -> usize {
    let small = |i: &usize| matches!(tokens.word(*i), "of" | "on" | "for");
    (name.first + 1..name.end).find(small).unwrap_or(name.end) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str) {
        crate::entity::markup::check(before, after, |tokens, found| found.retain(|name| !is_no_name(tokens, name)));
    }

    #[test]
    fn deeds_and_storms_are_nobody() {
        check("The [O:Clean Rivers Act] passed.", "The Clean Rivers Act passed.");
        check("[P:Ann Bill] left the [L:Marsk Summit].", "[P:Ann Bill] left the Marsk Summit.");
        check(
            "[P:Tropical Storm Mona] and [L:Hurricane Bo] hit [L:Marsk].",
            "Tropical Storm Mona and Hurricane Bo hit [L:Marsk].",
        );
        check("Tropical [P:Storm Mona] hit [L:Marsk].", "Tropical Storm Mona hit [L:Marsk].");
        check("She won the [O:Medal of Old Bridges].", "She won the Medal of Old Bridges.");
        check("[O:Program Ltd] met.", "[O:Program Ltd] met.");
    }

    #[test]
    fn offices_are_no_bodies() {
        check("The [O:Senate Majority Leader] met.", "The Senate Majority Leader met.");
        check("The [O:Marsk Coast Guard] met.", "The [O:Marsk Coast Guard] met.");
        check("The [O:Court of Justice] met.", "The [O:Court of Justice] met.");
    }
}

//! Names that by their own words are not of the kind that they were taken for.

use crate::entity::EntityKind;
use crate::entity::firm::{is_legal_form, starts_many};
use crate::entity::fold::{phrase, word_key};
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::language::{Words, english};

/// Lists of bodies.
pub(super) const BODIES: Lists = Lists::BODY.and(Lists::COMPANY).and(Lists::TEAM);

/// The lists that a whole name is in.
pub(super) fn lists(name: &str) -> Lists {
    gazetteer().by_key(name.split_whitespace().fold(0, |key, word| phrase(key, word_key(word))))
}

/// True for a first name of the lists with a family name of theirs. The lists are long: some firms are called so.
pub(super) fn is_full_name(name: &str) -> bool {
    let mut words = name.split_whitespace();
    let is = |word: Option<&str>, lists: Lists| word.is_some_and(|word| gazetteer().look_up(word).any(lists));
    is(words.next(), Lists::GIVEN) && is(words.next_back(), Lists::SURNAME)
}

/// True if its words say that a name is not one of its kind: by what it is, it is a building, an area, a text or a thing, a
/// body that was taken for a person or a place, two firms, or only what many names begin with.
pub(super) fn is_contradicted(kind: EntityKind, name: &str) -> bool {
    let words: Vec<String> = name.split_whitespace().map(lower).collect();
    let (names, listed) = (&english().names, lists(name));
    let ([first, ..], [.., last]) = (&words[..], &words[..]) else { return true };
    let is_body = listed.any(BODIES);
    if words.len() == 1 {
        // `Central`, `Commission`
        let of_many = starts_many(first) || names.governing.contains(first) || names.bodies_for.contains(first);
        return of_many && !is_body && !names.state_bodies.contains(first)
            || kind == EntityKind::Place && is_body && !listed.any(Lists::PLACES);
    }
    let head = words.iter().skip(1).position(|word| matches!(word.as_str(), "of" | "on" | "for"));
    let what = head.and_then(|at| words.get(at)).unwrap_or(last);
    let site = [&names.sites, &names.landmarks].iter().any(|list| list.contains(what));
    let is_a_body = |lists: &[&Words]| lists.iter().any(|list| list.contains(what));
    let of_body = is_legal_form(last) || is_a_body(&[&names.bodies_for, &names.legal_endings, &names.people_not]);
    let may_be_body = is_a_body(&[&names.governing, &names.firm_endings]);
    if !is_body && (names.things.contains(what) || first == "this") {
        return true;
    }
    match kind {
        EntityKind::Organization if is_body => false,
        // Not by the words of maps alone: `Downing Street` speaks, and `Nottingham Forest` is a team.
        EntityKind::Organization => {
            let on_map = head.is_some() && names.map_words.contains(what);
            site || on_map || listed.any(Lists::PLACES) || are_two_firms(&words)
        }
        EntityKind::Person => {
            let elsewhere = gazetteer().look_up(last);
            let last_of_place = elsewhere.any(Lists::COUNTRY.and(Lists::REGION)) && !elsewhere.any(Lists::SURNAME);
            let map = names.map_words.contains(what) || names.map_words.contains(first);
            let day = names.small.contains(name.split_whitespace().next_back().unwrap_or_default());
            let unlikely = site || map || may_be_body || is_body || listed.any(Lists::PLACES) || day;
            of_body || last_of_place || starts_many(first) || unlikely && !is_full_name(name)
        }
        EntityKind::Place => {
            let named_so = names.places_named_so.contains(what);
            !listed.any(Lists::PLACES) && !named_so && (is_body || of_body || may_be_body)
        }
    }
}

/// `Merrow Corp Lind Inc`: true for the full names of two firms behind each other.
fn are_two_firms(words: &[String]) -> bool {
    let is_form = |word: &String| word.len() > 2 && is_legal_form(word);
    let goes_on = |word: &String| word.starts_with(char::is_alphabetic) && word != "of" && !is_legal_form(word);
    words.last().is_some_and(is_form)
        && words.windows(2).skip(1).any(|pair| pair.first().is_some_and(is_form) && pair.last().is_some_and(goes_on))
}

/// A word in small letters, without the mark behind it.
fn lower(word: &str) -> String {
    word.trim_end_matches(['.', ',']).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use EntityKind::{Organization, Person, Place};

    #[test]
    fn words_say_that_a_name_is_something_else() {
        for (kind, name) in [
            (Organization, "Clean Rivers Directive"),
            (Organization, "Quellmore Police Headquarters"),
            (Organization, "This Court"),
            (Organization, "Strait of Quellmore"),
            (Organization, "Commission"),
            (Organization, "Merrow Corp. Lind Inc"),
            (Organization, "Merrow Inc and Lind Ltd"),
            (Organization, "South Africa"),
            (Person, "Al Quellmore Mosque"),
            (Person, "Quellmore Council"),
            (Person, "Ann Miller Foundation"),
            (Person, "Quellmore Hospital"),
            (Person, "County Quellmore"),
            (Person, "North Quellmore"),
            (Person, "Ann Quellmore Ontario"),
            (Person, "Quellmore Friday"),
            (Person, "Al Jazeera"),
            (Place, "Varenia Constitution"),
            (Place, "Quellmore Enterprises Ltd"),
            (Place, "Quellmore Council"),
            (Place, "Central"),
        ] {
            assert!(is_contradicted(kind, name), "{name}");
        }
        for (kind, name) in [
            (Person, "Margaret Court"),
            (Person, "Ann Quellmore"),
            (Person, "Quellmore"),
            (Organization, "Quellmore Council"),
            (Organization, "Nottingham Forest"),
            (Organization, "Merrow Corp International"),
            (Organization, "Merrow Co Lind Ltd"),
            (Organization, "Merrow Inc (Lind) Ltd"),
            (Organization, "Quellmore Bank of Hot Springs"),
            (Organization, "Downing Street"),
            (Organization, "Senate"),
            (Place, "Quellmore Region"),
            (Place, "West Bank"),
            (Place, "Rockefeller Center"),
            (Place, "White House"),
        ] {
            assert!(!is_contradicted(kind, name), "{name}");
        }
    }
}

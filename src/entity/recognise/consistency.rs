//! One article, one meaning: what the tagger found in one place helps it out in another.
//!
//! Once an article has named someone in full, their family name means them wherever it is with a capital, also
//! where the tagger saw the first word of a sentence or a newspaper's name in it.

use rustc_hash::FxHashMap;

use crate::entity::EntityKind;
use crate::entity::gazetteer::Lists;
use crate::entity::name_span::NameSpan;
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised, is_generation};
use crate::language::english;

/// Lists of names other than people's.
pub(super) const ELSEWHERE: Lists = Lists::COUNTRY
    .and(Lists::CAPITAL)
    .and(Lists::CITY)
    .and(Lists::REGION)
    .and(Lists::BODY)
    .and(Lists::COMPANY)
    .and(Lists::TEAM)
    .and(Lists::DEMONYM);

/// Corrects what the tagger found; the names stay in order.
pub(super) fn correct(tokens: &Tokens, found: &mut Vec<NameSpan>) {
    for name in found.iter_mut().filter(|f| f.kind == EntityKind::Person) {
        while name.end > name.first + 1 && english().names.headline_verbs.contains(tokens.word(name.end - 1)) {
            name.end -= 1;
        }
        while name.end > name.first + 1 && is_title(tokens, name.first) {
            name.first += 1;
        }
    }
    full_names(tokens, found);
    let families = families(tokens, found);
    if families.is_empty() {
        return;
    }
    for name in found.iter_mut().filter(|f| f.kind != EntityKind::Person && f.end == f.first + 1) {
        let Some(family) = families.get(&tokens.key(name.first)) else { continue };
        // What goes on with a small word is the name of something else: `Ray in the Morning`.
        let goes_on = matches!(tokens.word(name.end), "in" | "of");
        let nowhere = name.kind == EntityKind::Place && family.placed == 0 && !goes_on;
        if nowhere || family.is_a_person(tokens, name.first) {
            name.kind = EntityKind::Person;
        }
    }
    spread(tokens, found, &families);
    take_in_particles(tokens, found, &families);
}

/// Adds a first name with a family name that stand alone and were passed over, as those are that mean something else as well:
/// `Doris Day`.
fn full_names(tokens: &Tokens, found: &mut Vec<NameSpan>) {
    let mut more = Vec::new();
    let mut known = found.iter().peekable();
    for first in 0..tokens.len().saturating_sub(1) {
        while known.next_if(|f| f.end <= first).is_some() {}
        let named = known.peek().is_some_and(|f| f.first <= first + 1);
        let name = |i: usize, lists: Lists| {
            is_capitalised(tokens.word(i))
                && !is_all_capitals(tokens.word(i))
                && tokens.lists(i).any(lists)
                && !tokens.lists(i).any(ELSEWHERE)
        };
        if named
            || !name(first, Lists::GIVEN)
            || !name(first + 1, Lists::SURNAME)
            || !tokens.same_sentence(first, first + 1)
        {
            continue;
        }
        let last = tokens.word(first + 1).to_lowercase();
        let names = &english().names;
        let place_or_body = names.map_words.contains(&last) || names.body_words.contains(&last);
        let alone = |i: usize| !tokens.same_sentence(first, i) || !is_capitalised(tokens.word(i));
        if !place_or_body && (first == 0 || alone(first - 1)) && alone(first + 2) {
            more.push(NameSpan::new(first, first + 2, EntityKind::Person));
        }
    }
    if !more.is_empty() {
        found.extend(more);
        found.sort_by_key(|f| f.first);
    }
}

/// Where a full name has small words before the family name, they belong to the family name alone too: `van der Roo`.
fn take_in_particles(tokens: &Tokens, found: &mut [NameSpan], families: &FxHashMap<u64, Family>) {
    let mut floor = 0;
    for name in found {
        if name.kind == EntityKind::Person && name.end == name.first + 1 {
            let Some(family) = families.get(&tokens.key(name.first)) else { continue };
            let mut start = name.first;
            let mut full = family.last;
            while start > floor && full > 0 && same_particle(tokens, start - 1, full - 1) {
                start -= 1;
                full -= 1;
            }
            name.first = start;
        }
        floor = name.end;
    }
}

/// True if both tokens are one small word.
fn same_particle(tokens: &Tokens, one: usize, other: usize) -> bool {
    tokens.word(other).starts_with(char::is_lowercase) && tokens.key(one) == tokens.key(other)
}

/// True if the token is a form of address or office and no first name: it is before a name, not in it.
fn is_title(tokens: &Tokens, i: usize) -> bool {
    let lists = tokens.lists(i);
    lists.any(Lists::ANY_TITLE) && !lists.any(Lists::GIVEN) && is_capitalised(tokens.word(i + 1))
}

/// How an article uses a family name that it also gives in full.
#[derive(Debug, Default)]
struct Family {
    /// Times alone as a person.
    person: u32,
    /// Times alone as a place or organisation.
    other: u32,
    /// Times in small letters: a word of its own.
    small: u32,
    /// Times where only somewhere is meant: `in Holland`, and in the capitals of a dateline.
    placed: u32,
    full: u32,
    /// The family name's token in a full name.
    last: usize,
}

impl Family {
    /// True if the word at token `i`, which is alone, is this family name. A word of no list of places and bodies is
    /// one wherever the article gives the full name.
    fn is_a_person(&self, tokens: &Tokens, i: usize) -> bool {
        let person = self.person + self.full;
        person > self.other || 2 * person >= self.other && !tokens.lists(i).any(ELSEWHERE)
    }
}

fn families(tokens: &Tokens, found: &[NameSpan]) -> FxHashMap<u64, Family> {
    let mut families: FxHashMap<u64, Family> = FxHashMap::default();
    for name in found.iter().filter(|f| f.kind == EntityKind::Person && f.end > f.first + 1) {
        let last = if is_generation(tokens.word(name.end - 1)) { name.end - 2 } else { name.end - 1 };
        let word = tokens.word(last);
        if last > name.first && is_capitalised(word) && word.len() > 2 && !word.ends_with('.') {
            let family = families.entry(tokens.key(last)).or_default();
            family.full += 1;
            family.last = last;
        }
    }
    for name in found.iter().filter(|f| f.end == f.first + 1) {
        if let Some(family) = families.get_mut(&tokens.key(name.first)) {
            match name.kind {
                EntityKind::Person => family.person += 1,
                EntityKind::Organization | EntityKind::Place => family.other += 1,
            }
        }
    }
    if !families.is_empty() {
        for i in 0..tokens.len() {
            let Some(family) = families.get_mut(&tokens.key(i)) else { continue };
            family.small += u32::from(tokens.word(i).starts_with(char::is_lowercase));
            family.placed += u32::from(is_placed(tokens, i));
        }
    }
    families
}

/// True if the word is where places are.
fn is_placed(tokens: &Tokens, i: usize) -> bool {
    let after = i > 0 && english().names.place_prepositions.contains(tokens.word(i - 1));
    let land = tokens.word(i + 1) == "," && tokens.lists(i + 2).any(Lists::COUNTRY.and(Lists::REGION));
    after || land || is_all_capitals(tokens.word(i))
}

/// Adds family names that are alone and were passed over.
fn spread(tokens: &Tokens, found: &mut Vec<NameSpan>, families: &FxHashMap<u64, Family>) {
    let mut more = Vec::new();
    let mut known = found.iter().peekable();
    for i in 0..tokens.len() {
        while known.next_if(|f| f.end <= i).is_some() {}
        if known.peek().is_some_and(|f| f.first <= i) || !is_capitalised(tokens.word(i)) {
            continue;
        }
        let Some(family) = families.get(&tokens.key(i)) else { continue };
        let alone = |j: usize| !tokens.same_sentence(i, j) || !is_capitalised(tokens.word(j));
        let before =
            i == 0 || alone(i - 1) || tokens.lists(i - 1).any(Lists::ANY_TITLE) || i - 1 == tokens.sentence_start(i);
        let word = family.small > 0 && tokens.sentence_start(i) == i || is_all_capitals(tokens.word(i));
        if family.is_a_person(tokens, i) && before && alone(i + 1) && !word {
            more.push(NameSpan::new(i, i + 1, EntityKind::Person));
        }
    }
    if !more.is_empty() {
        found.extend(more);
        found.sort_by_key(|f| f.first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Text, paragraphs};

    #[track_caller]
    fn check(raw: &str, before: &[(usize, usize, EntityKind)], after: &[(&str, EntityKind)]) {
        let text = Text::new(raw, &paragraphs(raw));
        let tokens = Tokens::new(&text);
        let mut found: Vec<NameSpan> =
            before.iter().map(|&(first, end, kind)| NameSpan::new(first, end, kind)).collect();
        correct(&tokens, &mut found);
        let words: Vec<String> = found.iter().map(|f| tokens.phrase(f.first, f.end)).collect();
        assert_eq!(words.iter().map(String::as_str).zip(found.iter().map(|f| f.kind)).collect::<Vec<_>>(), after);
    }

    #[test]
    fn a_family_name_given_in_full_is_known_everywhere() {
        check(
            "Ann Ray won. Ray left for Ray. Ray spoke. Ray sang.",
            &[
                (0, 2, EntityKind::Person),
                (4, 5, EntityKind::Person),
                (7, 8, EntityKind::Organization),
                (12, 13, EntityKind::Person),
            ],
            &[
                ("Ann Ray", EntityKind::Person),
                ("Ray", EntityKind::Person),
                ("Ray", EntityKind::Person),
                ("Ray", EntityKind::Person),
                ("Ray", EntityKind::Person),
            ],
        );
    }

    #[test]
    fn a_family_name_may_be_that_of_a_place() {
        let (full, place) = ((0, 2, EntityKind::Person), (4, 5, EntityKind::Place));
        let person = ("Ann Washington", EntityKind::Person);
        check("Ann Washington won. Washington left.", &[full, place], &[person, ("Washington", EntityKind::Person)]);
        check("Ann Washington won in Washington.", &[full, place], &[person, ("Washington", EntityKind::Place)]);
    }

    #[test]
    fn longer_names_and_small_words_are_left_alone() {
        check(
            "Ann Ray won. Ray Street is near a ray.",
            &[(0, 2, EntityKind::Person)],
            &[("Ann Ray", EntityKind::Person)],
        );
    }

    #[test]
    fn titles_stand_before_names() {
        check("Judge Ray spoke", &[(0, 2, EntityKind::Person)], &[("Ray", EntityKind::Person)]);
    }

    #[test]
    fn verbs_of_headlines_are_no_names() {
        check("Ann Ray Says No", &[(0, 3, EntityKind::Person)], &[("Ann Ray", EntityKind::Person)]);
    }
}

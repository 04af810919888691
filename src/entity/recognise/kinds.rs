//! What a bare name is, by all that the article says of it.
//!
//! A tagger that has never met `Pellucid` takes it for a person in one sentence and for a firm in the next. Somebody who
//! is a person is given a first name, a title or a form of address somewhere; where nobody is, what most uses say holds.

use rustc_hash::{FxHashMap, FxHashSet};

use super::consistency::ELSEWHERE;
use crate::entity::EntityKind;
use crate::entity::firm::is_legal_form;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::name_span::NameSpan;
use crate::entity::role::is_address;
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised};
use crate::language::english;

/// What the uses of a bare word say.
#[derive(Debug, Default)]
struct Votes {
    person: u32,
    organization: u32,
    place: u32,
    /// A firm's name starts with it: `Kidder, Peabody and Co`.
    firm: bool,
    /// A title, a first name or a form of address is before it.
    somebody: bool,
}

/// Gives the bare names that were taken for people's the kind that the rest of the article gives them.
pub(super) fn agree(tokens: &Tokens, found: &mut [NameSpan]) {
    for name in found.iter_mut().filter(|f| f.kind == EntityKind::Organization && is_country(tokens, f)) {
        name.kind = EntityKind::Place;
    }
    for name in found.iter_mut().filter(|f| f.kind != EntityKind::Place && f.end > f.first + 1) {
        // `Marsk International Airport`, but no `Joan River`.
        if !is_full_name(tokens, name) && english().names.landmarks.contains(&tokens.word(name.end - 1).to_lowercase())
        {
            name.kind = EntityKind::Place;
        }
    }
    for name in found.iter_mut().filter(|f| f.kind == EntityKind::Person && f.end > f.first + 1) {
        if ends_as_firm(tokens, name) {
            name.kind = EntityKind::Organization;
        }
    }
    for name in found.iter_mut().filter(|f| f.kind != EntityKind::Person && f.end > f.first + 1) {
        // `Ms Vale`
        if is_address(tokens.word(name.first)) && gazetteer().by_key(tokens.key_of(name.first..name.end)).is_empty() {
            *name = NameSpan { first: name.first + 1, kind: EntityKind::Person, ..*name };
        }
    }
    starts_of_firms(tokens, found);
    for name in found.iter_mut().filter(|f| f.kind == EntityKind::Person && f.end == f.first + 2) {
        let given = tokens.lists(name.first).any(Lists::GIVEN.and(Lists::ANY_TITLE));
        let initial = tokens.word(name.first).ends_with('.');
        let last = tokens.word(name.end - 1).to_ascii_lowercase();
        if english().names.map_words.contains(&last) && !given && !initial {
            name.kind = EntityKind::Place;
        }
    }
    for name in found.iter_mut().filter(|f| f.kind != EntityKind::Person) {
        if is_first_and_family_name(tokens, name) {
            name.kind = EntityKind::Person;
        }
    }
    let mut votes = votes(tokens, found);
    if votes.is_empty() {
        return;
    }
    count(tokens, found, &mut votes);
    for name in found.iter_mut().filter(|f| is_bare_person(f)) {
        if let Some(kind) = votes.get(&tokens.key(name.first)).and_then(Votes::kind) {
            name.kind = kind;
        }
    }
}

/// True for the whole name of a country that is nothing else's.
fn is_country(tokens: &Tokens, name: &NameSpan) -> bool {
    let key = tokens.key_of(name.first..name.end);
    let lists = gazetteer().by_key(key);
    lists.any(Lists::COUNTRY) && !lists.any(Lists::BODY.and(Lists::COMPANY).and(Lists::TEAM))
}

/// Gives what begins the name of a firm that the article names in full the firm's kind, if it was taken for somewhere or
/// for somebody with a first and a family name: `Stone Container` beside `Stone Container Corp`.
fn starts_of_firms(tokens: &Tokens, found: &mut [NameSpan]) {
    let mut starts: FxHashSet<u64> = FxHashSet::default();
    for name in found.iter().filter(|f| f.kind == EntityKind::Organization && f.end > f.first + 1) {
        let last = tokens.word(name.end - 1).trim_end_matches('.').to_ascii_lowercase();
        // `Averne Airways` is named after a place.
        let shortest = if is_legal_form(&last) { 1 } else { 2 };
        if shortest > 1 && !english().names.firm_endings.contains(&last) {
            continue;
        }
        starts.extend((name.first + shortest..name.end).map(|end| tokens.key_of(name.first..end)));
    }
    if starts.is_empty() {
        return;
    }
    for name in found.iter_mut().filter(|f| f.kind != EntityKind::Organization) {
        let several = name.end > name.first + 1;
        let titled = name.first > 0 && tokens.lists(name.first - 1).any(Lists::ANY_TITLE.and(Lists::OFFICE));
        if titled
            || !several && name.kind != EntityKind::Place
            || !starts.contains(&tokens.key_of(name.first..name.end))
        {
            continue;
        }
        // `Boston Edison` is no place, though `Boston` is, but `Los Angeles` is one beside `Los Angeles Airways`, and so is
        // `Orange County`.
        let last = tokens.word(name.end - 1).to_lowercase();
        let elsewhere = if several {
            gazetteer().by_key(tokens.key_of(name.first..name.end)).any(Lists::PLACES)
                || english().names.map_words.contains(&last)
                || is_full_name(tokens, name)
        } else {
            tokens.lists(name.first).any(Lists::PLACES.and(Lists::GIVEN))
        };
        if !elsewhere {
            name.kind = EntityKind::Organization;
        }
    }
}

/// True if a name begins with a first name of the lists and ends with a family name.
pub(super) fn is_full_name(tokens: &Tokens, name: &NameSpan) -> bool {
    tokens.lists(name.first).any(Lists::GIVEN) && tokens.lists(name.end - 1).any(Lists::SURNAME)
}

/// `Carolina Reyes`: true for a first name and a family name that together are in no list, though the first name is that
/// of a place or firm too.
fn is_first_and_family_name(tokens: &Tokens, name: &NameSpan) -> bool {
    let last = name.end - 1;
    let initial = |i: usize| tokens.word(i).len() <= 2 && tokens.word(i).ends_with('.');
    let two = name.end == name.first + 2 || name.end == name.first + 3 && initial(name.first + 1);
    let key = tokens.key_of(name.first..name.end);
    let family = tokens.lists(last);
    let word = tokens.word(last).to_ascii_lowercase();
    let part = family.any(ELSEWHERE) && name.kind != EntityKind::Place || english().names.map_words.contains(&word);
    let written = |i: usize| is_capitalised(tokens.word(i)) && !is_all_capitals(tokens.word(i));
    two && tokens.lists(name.first).any(Lists::GIVEN)
        && family.any(Lists::SURNAME)
        && !part
        && gazetteer().by_key(key).is_empty()
        && written(name.first)
        && written(last)
        && !is_legal_form(&word)
        && !english().names.firm_endings.contains(&word)
        && !before_the(tokens, name.first)
}

/// True if an article is before the name: no person is `the Austin Powers`.
fn before_the(tokens: &Tokens, first: usize) -> bool {
    first > 0 && tokens.word(first - 1).eq_ignore_ascii_case("the")
}

impl Votes {
    /// What it is, if not a person.
    fn kind(&self) -> Option<EntityKind> {
        if self.somebody {
            None
        } else if self.firm {
            Some(EntityKind::Organization)
        } else if self.organization.max(self.place) > self.person {
            Some(if self.organization > self.place { EntityKind::Organization } else { EntityKind::Place })
        } else {
            None
        }
    }
}

fn is_bare_person(name: &NameSpan) -> bool {
    name.kind == EntityKind::Person && name.end == name.first + 1
}

/// An entry for every word that is alone as a person's name.
fn votes(tokens: &Tokens, found: &[NameSpan]) -> FxHashMap<u64, Votes> {
    let mut votes: FxHashMap<u64, Votes> = FxHashMap::default();
    for name in found.iter().filter(|f| is_bare_person(f)) {
        let entry = votes.entry(tokens.key(name.first)).or_default();
        let listed = gazetteer().look_up(tokens.word(name.first));
        entry.firm |= listed.any(Lists::BODY) && !listed.any(Lists::GIVEN);
        let before = name.first > 0 && tokens.same_sentence(name.first - 1, name.first);
        entry.somebody |= before && tokens.lists(name.first - 1).any(Lists::ANY_TITLE.and(Lists::OFFICE));
    }
    votes
}

fn count(tokens: &Tokens, found: &[NameSpan], votes: &mut FxHashMap<u64, Votes>) {
    for name in found {
        let alone = name.end == name.first + 1;
        match name.kind {
            EntityKind::Person if alone => {
                if let Some(entry) = votes.get_mut(&tokens.key(name.first)) {
                    let lived_in = is_lived_in(tokens, name.first);
                    *if lived_in { &mut entry.place } else { &mut entry.person } += 1;
                }
            }
            EntityKind::Person => {
                for i in name.first..name.end {
                    if let Some(entry) = votes.get_mut(&tokens.key(i)) {
                        entry.somebody = true;
                    }
                }
            }
            EntityKind::Organization => {
                if let Some(entry) = votes.get_mut(&tokens.key(name.first)) {
                    entry.organization += 1;
                    entry.firm |= !alone && is_firm(tokens, name);
                }
            }
            EntityKind::Place => {
                if let Some(entry) = votes.get_mut(&tokens.key(name.first)) {
                    entry.place += u32::from(alone);
                }
            }
        }
    }
}

/// `born in Ashby`: true if the words before a name say that somebody is there.
fn is_lived_in(tokens: &Tokens, first: usize) -> bool {
    let word = |back: usize| first.checked_sub(back).map_or(String::new(), |i| tokens.word(i).to_ascii_lowercase());
    word(1) == "in" && english().names.lived.contains(&word(2))
}

/// True if a name is built as firms' names are: by its last word, or by partners joined after the first word.
fn is_firm(tokens: &Tokens, name: &NameSpan) -> bool {
    let joined =
        matches!(tokens.word(name.first + 1), "," | "&" | "and") && is_capitalised(tokens.word(name.first + 2));
    ends_as_firm(tokens, name) || joined
}

/// True if the last word of a name is a legal form, or one that only firms' names end with.
fn ends_as_firm(tokens: &Tokens, name: &NameSpan) -> bool {
    let last = tokens.word(name.end - 1).trim_end_matches('.').to_ascii_lowercase();
    is_capitalised(tokens.word(name.end - 1)) && is_legal_form(&last) || english().names.firm_endings.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Text, paragraphs};

    /// The kinds that come out where names were found as these kinds.
    #[track_caller]
    fn check(raw: &str, names: &[(&str, EntityKind)], expect: &[EntityKind]) {
        let text = Text::new(raw, &paragraphs(raw));
        let tokens = Tokens::new(&text);
        let mut from = 0;
        let mut found: Vec<NameSpan> = Vec::new();
        for &(name, kind) in names {
            let start = from + raw[from..].find(name).unwrap();
            from = start + name.len();
            let at = |byte: usize| text.tokens.partition_point(|t| (t.span.start as usize) < byte);
            found.push(NameSpan::new(at(start), at(from), kind));
        }
        agree(&tokens, &mut found);
        assert_eq!(found.iter().map(|f| f.kind).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn most_uses_say_what_a_bare_name_is() {
        use EntityKind::{Organization, Person};
        check(
            "Pellucid fell. Shares in Pellucid fell. Pellucid's board met.",
            &[("Pellucid", Person), ("Pellucid", Organization), ("Pellucid", Organization)],
            &[Organization; 3],
        );
        check(
            "Mr. Pellucid fell. Shares in Pellucid fell. Pellucid's board met.",
            &[("Pellucid", Person), ("Pellucid", Organization), ("Pellucid", Organization)],
            &[Person, Organization, Organization],
        );
    }

    #[test]
    fn landmarks_are_places() {
        use EntityKind::{Organization, Place};
        let names = [("Marsk International Airport", Organization), ("Marsk River Trust", Organization)];
        check("Marsk International Airport closed, and the Marsk River Trust met.", &names, &[Place, Organization]);
        let names = [("Bradley Airport", EntityKind::Person), ("Joan River", EntityKind::Person)];
        check("Bradley Airport closed, and Joan River left.", &names, &[Place, EntityKind::Person]);
    }

    #[test]
    fn where_somebody_lived_is_a_place() {
        check("Born in Ashby to a clerk, she left.", &[("Ashby", EntityKind::Person)], &[EntityKind::Place]);
        check("She believed in Ashby.", &[("Ashby", EntityKind::Person)], &[EntityKind::Person]);
    }

    #[test]
    fn a_firm_named_after_its_founder_is_no_person() {
        use EntityKind::{Organization, Person};
        let firm = [("Ray, Bell and Co", Organization), ("Ray", Person)];
        check("Analysts of Ray, Bell and Co agreed. Ray said so.", &firm, &[Organization, Organization]);
        let both = [("Ann Ray", Person), ("Ray Corp", Organization), ("Ray", Person)];
        check("Ann Ray runs Ray Corp and Ray said so.", &both, &[Person, Organization, Person]);
    }

    #[test]
    fn what_begins_a_firms_name_is_that_firm() {
        use EntityKind::{Organization, Person, Place};
        let stone = [("Stoner Container Corp", Organization), ("Stoner Container", Person), ("Stoner", Place)];
        check("Stoner Container Corp fell. Stoner Container met. Shares in Stoner fell.", &stone, &[Organization; 3]);
        let power = [("Boston Merrowtide Co", Organization), ("Boston Merrowtide", Place)];
        check("Boston Merrowtide Co fell. Boston Merrowtide met.", &power, &[Organization; 2]);
        let west = [("Averne West Airlines", Organization), ("Averne West", Place), ("Averne", Place)];
        check("Averne West Airlines fell. Averne West met in Averne.", &west, &[Organization, Organization, Place]);
        let city = [("Los Angeles Power Co", Organization), ("Los Angeles", Place)];
        check("Los Angeles Power Co fell in Los Angeles.", &city, &[Organization, Place]);
        let county = [("Orrin County Motors", Organization), ("Orrin County", Place)];
        check("Orrin County Motors closed in Orrin County.", &county, &[Organization, Place]);
        let ann = [("Ann Ray Inc", Organization), ("Ann Ray", Person)];
        check("Ann Ray Inc fell. Ann Ray met.", &ann, &[Organization, Person]);
        check(
            "Jim Roth Corp fell. Hale Brothers met.",
            &[("Jim Roth Corp", Person), ("Hale Brothers", Person)],
            &[Organization; 2],
        );
        let essen = [("Essen Rail AG", Organization), ("Essen", Place)];
        check("Essen Rail AG fell. It is in Essen.", &essen, &[Organization, Place]);
    }

    #[test]
    fn countries_are_places() {
        check("The Philippines won.", &[("Philippines", EntityKind::Organization)], &[EntityKind::Place]);
    }

    #[test]
    fn rivers_and_lanes_are_places() {
        check("They live on Foundry Lane.", &[("Foundry Lane", EntityKind::Person)], &[EntityKind::Place]);
        check("They like Diane Lane.", &[("Diane Lane", EntityKind::Person)], &[EntityKind::Person]);
    }
}

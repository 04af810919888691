//! Storms and ships, which are called as people and places are.

use rustc_hash::FxHashSet;

use super::certainty::is_evident;
use crate::entity::Certainty;
use crate::entity::name_span::NameSpan;
use crate::entity::tokens::{Tokens, is_capitalised};
use crate::language::english;

/// Marks the names of storms and ships, also where they are bare later on: `Hurricane Mona` goes on as `Mona`.
pub(super) fn contradict(tokens: &Tokens, found: &mut [NameSpan]) {
    let names = &english().names;
    let word = |i: usize| tokens.word(i).trim_end_matches('.').to_lowercase();
    let is_storm = |i: usize| names.storms.iter().any(|storm| storm.rsplit(' ').next() == Some(&word(i)));
    let behind = |first: usize| first > 0 && tokens.same_sentence(first - 1, first);
    // `Hurricane Center` is no storm.
    let is_called = |i: usize| is_capitalised(tokens.word(i)) && !names.bodies_for.contains(&word(i));
    let of_storms: FxHashSet<u64> = (1..tokens.len())
        .filter(|&i| is_called(i) && is_capitalised(tokens.word(i - 1)) && is_storm(i - 1) && behind(i))
        .map(|i| tokens.key(i))
        .collect();
    // `M/V` is three tokens.
    let is_ship = |i: usize| {
        names.before_ship.contains(&word(i))
            || i > 1 && word(i) == "v" && tokens.word(i - 1) == "/" && word(i - 2) == "m"
    };
    let of_ships: FxHashSet<u64> = found
        .iter()
        .filter(|name| behind(name.first) && is_ship(name.first - 1))
        .map(|name| tokens.key_of(name.first..name.end))
        .collect();
    for name in found {
        let ship =
            is_ship(name.first) && name.end > name.first + 1 || of_ships.contains(&tokens.key_of(name.first..name.end));
        // `Storm | Mona`, `Mona`
        let storm = (is_storm(name.first) || of_storms.contains(&tokens.key(name.first)))
            && (name.end == name.first + 1 || !is_evident(tokens, name));
        if ship || storm {
            name.certainty = Certainty::Contradicted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str) {
        crate::entity::markup::check(before, after, |tokens, found| {
            contradict(tokens, found);
            found.retain(|name| name.certainty > Certainty::Contradicted);
        });
    }

    #[test]
    fn storms_are_known_by_their_first_mention() {
        check("Hurricane Mona hit [L:Marsk]. [P:Mona] left.", "Hurricane Mona hit [L:Marsk]. Mona left.");
        check("[P:Storm Quellmore] hit [L:Marsk].", "Storm Quellmore hit [L:Marsk].");
        check("[O:Storm Tools Inc] left.", "[O:Storm Tools Inc] left.");
        check("The [O:Hurricane Center] met. [O:Center Ltd] met.", "The [O:Hurricane Center] met. [O:Center Ltd] met.");
        check("A storm hit. [P:Mona] left.", "A storm hit. [P:Mona] left.");
    }

    #[test]
    fn ships_are_known_by_what_is_before_them() {
        check("They sank the tanker [O:Merrow Star].", "They sank the tanker Merrow Star.");
        check(
            "They left the M/V [L:Merrow Sea]. [L:Merrow Sea] sank.",
            "They left the M/V Merrow Sea. Merrow Sea sank.",
        );
        check("The HMS [L:Merrow] met [P:Ann Merrow].", "The HMS Merrow met [P:Ann Merrow].");
        check("They boarded [O:MV Merrow].", "They boarded MV Merrow.");
        check("The owner of the tanker is [O:Merrow].", "The owner of the tanker is [O:Merrow].");
    }
}

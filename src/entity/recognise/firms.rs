//! Firms by their short names: once an article has named a firm in full, its first word means it wherever it is alone
//! with a capital, also before what the firm has or makes: `Acme Tools Inc` goes on as `Acme shares`.

use rustc_hash::FxHashSet;

use crate::entity::EntityKind;
use crate::entity::firm::{is_legal_form, starts_many};
use crate::entity::gazetteer::Lists;
use crate::entity::name_span::NameSpan;
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised};

/// Letters of a first word that tells a firm from others.
const SHORTEST: usize = 4;

/// Adds the short names that were passed over; the names stay in order.
pub(super) fn add_short_names(tokens: &Tokens, found: &mut Vec<NameSpan>) {
    let mut brands: FxHashSet<u64> = FxHashSet::default();
    brands.extend(found.iter().filter(|name| is_firm(tokens, name)).map(|name| tokens.key(name.first)));
    // What is listed as a body and as nothing else is one, though the tagger passed it over.
    brands.extend((0..tokens.len()).filter(|&i| is_listed(tokens, i)).map(|i| tokens.key(i)));
    // What is also somebody's name or somewhere's means either, and what is also a word may be that word.
    for name in found.iter().filter(|name| name.kind != EntityKind::Organization) {
        for i in name.first..name.end {
            brands.remove(&tokens.key(i));
        }
    }
    if brands.is_empty() {
        return;
    }
    for i in (0..tokens.len()).filter(|&i| tokens.word(i).starts_with(char::is_lowercase)) {
        brands.remove(&tokens.key(i));
    }
    let mut more = Vec::new();
    let mut known = found.iter().peekable();
    for i in 0..tokens.len() {
        while known.next_if(|f| f.end <= i).is_some() {}
        let named = known.peek().is_some_and(|f| f.first <= i);
        if named || !is_capitalised(tokens.word(i)) || !brands.contains(&tokens.key(i)) {
            continue;
        }
        let alone = |j: usize| !tokens.same_sentence(i, j) || !is_capitalised(tokens.word(j));
        let before = i == 0 || alone(i - 1) || i - 1 == tokens.sentence_start(i);
        if before && alone(i + 1) && !is_all_capitals(tokens.word(i)) {
            more.push(NameSpan::new(i, i + 1, EntityKind::Organization));
        }
    }
    if !more.is_empty() {
        found.extend(more);
        found.sort_by_key(|f| f.first);
    }
}

/// True for a word with a capital that the lists have as a body's name, and as no other word.
fn is_listed(tokens: &Tokens, i: usize) -> bool {
    const BODIES: Lists = Lists::BODY.and(Lists::COMPANY);
    const OTHERS: Lists = Lists::GIVEN
        .and(Lists::SURNAME)
        .and(Lists::COUNTRY)
        .and(Lists::CAPITAL)
        .and(Lists::CITY)
        .and(Lists::REGION)
        .and(Lists::DEMONYM)
        .and(Lists::OFFICE)
        .and(Lists::ANY_TITLE);
    let (word, lists) = (tokens.word(i), tokens.lists(i));
    lists.any(BODIES) && !lists.any(OTHERS) && is_capitalised(word) && word.len() >= SHORTEST
}

/// True for the full name of a firm whose first word may stand for it.
fn is_firm(tokens: &Tokens, name: &NameSpan) -> bool {
    let last = tokens.word(name.end - 1).trim_end_matches('.').to_ascii_lowercase();
    let first = tokens.word(name.first);
    name.kind == EntityKind::Organization
        && name.end > name.first + 1
        && is_legal_form(&last)
        && is_capitalised(first)
        && first.len() >= SHORTEST
        && !starts_many(first)
        && !tokens.lists(name.first).any(Lists::DEMONYM.and(Lists::COUNTRY).and(Lists::GIVEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Text, paragraphs};

    #[track_caller]
    fn check(raw: &str, full: (usize, usize), after: &[&str]) {
        let text = Text::new(raw, &paragraphs(raw));
        let tokens = Tokens::new(&text);
        let mut found = vec![NameSpan::new(full.0, full.1, EntityKind::Organization)];
        add_short_names(&tokens, &mut found);
        assert_eq!(found.iter().map(|f| tokens.phrase(f.first, f.end)).collect::<Vec<_>>(), after);
    }

    #[test]
    fn a_firm_goes_by_its_first_word() {
        check("Merrow Tools Inc lost. It sold Merrow shares.", (0, 3), &["Merrow Tools Inc", "Merrow"]);
        check("Merrow Tools won. It sold Merrow shares.", (0, 2), &["Merrow Tools"]);
    }

    #[test]
    fn words_and_longer_names_are_left_alone() {
        check("Target Tools Inc lost. Target prices were no target.", (0, 3), &["Target Tools Inc"]);
        check("Merrow Tools Inc lost. Merrow Street is near.", (0, 3), &["Merrow Tools Inc"]);
        check("National Tools Inc lost. National sales fell.", (0, 3), &["National Tools Inc"]);
    }
}

//! Where names begin and end, in forms of which a tagger sees only pieces: first names in brackets,
//! nicknames in quotation marks, firms whose names end in `'s` or go on after a bracket.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use crate::entity::EntityKind;
use crate::entity::firm::is_legal_form;
use crate::entity::fold::phrase;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::name_span::NameSpan;
use crate::entity::recognise::consistency::ELSEWHERE;
use crate::entity::recognise::{dateline, no_name};
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised, is_generation, mark_after};
use crate::language::english;

/// Words in the longest nickname that is taken in: `Hands of Stone`.
const NICKNAME: usize = 4;

/// Words that are looked at before a legal form that is alone.
const BEFORE_FORM: usize = 8;

/// Mends the borders of names, which stay in order and do not overlap.
pub(super) fn correct(tokens: &Tokens, found: &mut Vec<NameSpan>) {
    dateline::correct(tokens, found);
    let possessives: FxHashSet<u64> =
        found.iter().filter(|name| is_named_by_possessive(tokens, name)).map(|name| tokens.key(name.first)).collect();
    let small = LazyCell::new(|| small_words(tokens));
    let mut out: Vec<NameSpan> = Vec::with_capacity(found.len());
    for mut name in found.drain(..) {
        if is_ticker(tokens, &name) {
            continue;
        }
        end_at_abbreviation(tokens, &mut name, &small);
        if let Some(person) = person_behind_place(tokens, &name) {
            out.push(NameSpan { end: person, kind: EntityKind::Place, ..name });
            name = NameSpan { first: person, kind: EntityKind::Person, ..name };
        }
        close_bracket(tokens, &mut name);
        take_in_number(tokens, &mut name);
        finish(tokens, &mut name);
        match name.kind {
            EntityKind::Person => {
                if let Some(before) = out.last().copied().filter(|b| is_joined_by_particles(tokens, *b, name)) {
                    name.first = before.first;
                    out.pop();
                }
                if name.end < tokens.len()
                    && is_generation(tokens.word(name.end))
                    && tokens.same_sentence(name.first, name.end)
                {
                    name.end += 1;
                }
                if let Some(before) = nicknamed(tokens, &out, name) {
                    name.first = out.get(before).map_or(name.first, |f| f.first);
                    out.truncate(before);
                }
                take_in_family_name(tokens, &mut name);
                take_in_bracket(tokens, &mut name, out.last().map_or(0, |before| before.end));
            }
            EntityKind::Organization => {
                take_in_what_the_form_belongs_to(tokens, &mut name, &mut out);
                take_in_what_is_for_it(tokens, &mut name, &mut out);
                take_in_what_a_dash_joins(tokens, &mut name, &out);
            }
            EntityKind::Place => {}
        }
        if let Some(end) = with_possessive(tokens, &name, &possessives) {
            name = NameSpan { end, kind: EntityKind::Organization, ..name };
        }
        let is_form_alone =
            name.kind == EntityKind::Organization && (name.first..name.end).all(|i| is_form(tokens.word(i)));
        if !is_form_alone && out.last().is_none_or(|before| before.end <= name.first) {
            out.push(name);
        }
    }
    out.retain(|name| !no_name::is_no_name(tokens, name));
    *found = out;
}

/// `<VOWG.F>`: true for what an exchange knows a firm by, which agencies put behind its name.
fn is_ticker(tokens: &Tokens, name: &NameSpan) -> bool {
    name.first > 0
        && tokens.word(name.first - 1) == "<"
        && tokens.word(name.end) == ">"
        && (name.first..name.end).all(|i| is_all_capitals(tokens.word(i)) || tokens.word(i) == ".")
}

/// Ends a name at its abbreviation where the next word has its capital from the full stop alone: `The U.S. Has agreed`. Behind
/// that of a country, that is also what the article has in small letters and no list has as a body: `the U.S. Position`.
fn end_at_abbreviation(
    tokens: &Tokens,
    name: &mut NameSpan,
    small: &LazyCell<FxHashSet<u64>, impl FnOnce() -> FxHashSet<u64>>,
) {
    let last = name.end - 1;
    if last == name.first || !tokens.word(last - 1).ends_with('.') {
        return;
    }
    let key = tokens.key_of(name.first..last);
    let word = || tokens.word(last).to_lowercase();
    let of_country = || {
        gazetteer().by_key(key).any(Lists::COUNTRY)
            && !tokens.lists(last).any(ELSEWHERE)
            && !english().names.body_words.contains(&word())
            && !english().names.state_bodies.contains(&word())
            && small.contains(&tokens.key(last))
    };
    if english().names.small.contains(tokens.word(last)) || of_country() {
        name.end = last;
    }
}

/// The words that an article has in small letters.
fn small_words(tokens: &Tokens) -> FxHashSet<u64> {
    (0..tokens.len()).filter(|&i| tokens.word(i).starts_with(char::is_lowercase)).map(|i| tokens.key(i)).collect()
}

/// The name that this one ends, with a nickname between them: `Roberto “Hands of Stone” Duran`, `James (Leo) Nichols`.
/// The nickname may have been found as a name, or for part of this one.
fn nicknamed(tokens: &Tokens, found: &[NameSpan], name: NameSpan) -> Option<usize> {
    let start = name.first.checked_sub(2)?;
    let (open, close) = match mark_after(tokens.word(name.first - 1)) {
        Some(closing) if (name.first..name.end).any(|i| closing.contains(&tokens.word(i))) => {
            (name.first - 1, (name.first..name.end).find(|&i| closing.contains(&tokens.word(i)))?)
        }
        _ => {
            let close = name.first - 1;
            let opens = |i: &usize| mark_after(tokens.word(*i)).is_some_and(|m| m.contains(&tokens.word(close)));
            ((start.saturating_sub(NICKNAME)..start).rev().find(opens)?, close)
        }
    };
    let whole = close < name.end - 1 && is_capitalised(tokens.word(close + 1)) && tokens.same_sentence(open, close + 1);
    if !whole || close - open > NICKNAME + 1 || !is_capitalised(tokens.word(open + 1)) {
        return None;
    }
    let first = found.iter().rposition(|f| f.end <= open)?;
    let before = found.get(first)?;
    let given = (before.first..before.end).any(|i| tokens.lists(i).any(Lists::GIVEN));
    let fits = before.kind == EntityKind::Person && before.end == open && given;
    fits.then_some(first)
}

/// `Robert “Bob” Orde`: a capitalised word after a nickname belongs to the first name before it, though no name was found
/// there.
fn take_in_family_name(tokens: &Tokens, name: &mut NameSpan) {
    let open = name.end;
    let given = name.end == name.first + 1 && tokens.lists(name.first).any(Lists::GIVEN);
    let Some(closing) = mark_after(tokens.word(open)).filter(|_| given) else { return };
    let close = (open + 2..=open + 1 + NICKNAME).find(|&i| closing.contains(&tokens.word(i)));
    let Some(close) = close.filter(|&i| tokens.same_sentence(name.first, i + 1)) else { return };
    let (nickname, family) = (tokens.word(open + 1), tokens.word(close + 1));
    if is_capitalised(nickname) && is_capitalised(family) && !is_all_capitals(family) && family.len() > 2 {
        name.end = close + 2;
    }
}

/// True if two names of people are one with small words of a family name between them: `Salim | bin | Rashid`.
fn is_joined_by_particles(tokens: &Tokens, before: NameSpan, name: NameSpan) -> bool {
    before.kind == EntityKind::Person
        && (before.end + 1..=before.end + 2).contains(&name.first)
        && tokens.same_sentence(before.first, name.first)
        && (before.end..name.first).all(|i| english().names.inner_particles.contains(tokens.word(i)))
}

/// `(David) Miller`: a first name in brackets belongs to the name with both of them.
fn take_in_bracket(tokens: &Tokens, name: &mut NameSpan, floor: usize) {
    let closes = (name.first..name.end).any(|i| tokens.word(i) == ")");
    let opens = (name.first..name.end).any(|i| tokens.word(i) == "(");
    if closes && !opens && name.first > floor && tokens.word(name.first - 1) == "(" {
        name.first -= 1;
    }
}

/// `Cheung Kong (Holdings) Ltd`, `D.F. King and Co Inc`: what is before a legal form that was found alone.
fn take_in_what_the_form_belongs_to(tokens: &Tokens, name: &mut NameSpan, out: &mut Vec<NameSpan>) {
    if !is_form(tokens.word(name.first)) || name.first < 2 || !tokens.same_sentence(name.first - 1, name.first) {
        return;
    }
    let floor = tokens.sentence_start(name.first).max(name.first.saturating_sub(BEFORE_FORM));
    let mut start = match tokens.word(name.first - 1) {
        ")" => match (floor..name.first - 1).rev().find(|&i| tokens.word(i) == "(") {
            Some(open) => open,
            None => return,
        },
        "and" | "&" => name.first - 1,
        _ => return,
    };
    let joined = start;
    while start > floor && is_capitalised(tokens.word(start - 1)) {
        start -= 1;
    }
    if start == joined {
        return;
    }
    name.first = start;
    while out.last().is_some_and(|before| before.end > start) {
        let before = out.pop();
        name.first = name.first.min(before.map_or(start, |b| b.first));
    }
}

/// `Council on | Old Bridges`: the body before a small word whose name goes on with what it is for. Firms and places have names
/// of their own.
fn take_in_what_is_for_it(tokens: &Tokens, name: &mut NameSpan, out: &mut Vec<NameSpan>) {
    let Some(head) = name.first.checked_sub(2) else { return };
    let is_body = is_capitalised(tokens.word(head))
        && english().names.bodies_for.contains(&tokens.word(head).to_lowercase())
        && matches!(tokens.word(head + 1), "on" | "for" | "against" | "without")
        && tokens.same_sentence(head, name.first);
    let listed = || gazetteer().longest((name.first..name.end).map(|i| tokens.key(i))).1.any(ELSEWHERE);
    if !is_body || name.end < name.first + 2 || listed() {
        return;
    }
    let floor = tokens.sentence_start(head).max(out.last().map_or(0, |before| before.end));
    name.first = match out.last().copied().filter(|before| before.end == head + 1) {
        Some(before) => {
            out.pop();
            before.first
        }
        None => (floor..head)
            .rev()
            .take_while(|&i| is_capitalised(tokens.word(i)) && tokens.word(i) != "The")
            .last()
            .unwrap_or(head),
    };
}

/// `Marsk–| Sarn Bank`: what a dash without spaces joins to the name of a body belongs to it, unless it is a name by itself.
fn take_in_what_a_dash_joins(tokens: &Tokens, name: &mut NameSpan, out: &[NameSpan]) {
    let Some(before) = name.first.checked_sub(2) else { return };
    let dash = matches!(tokens.word(before + 1), "-" | "–" | "—");
    let joined = dash
        && tokens.span(before, before + 1).end + tokens.word(before + 1).len() as u32
            == tokens.span(name.first, name.end).start;
    let free = out.last().is_none_or(|last| last.end <= before);
    if joined && free && is_capitalised(tokens.word(before)) && tokens.same_sentence(before, name.first) {
        name.first = before;
    }
}

/// `Minister of Varenia Ann Ray`: where the person starts whose name was found as one with the place of their office.
fn person_behind_place(tokens: &Tokens, name: &NameSpan) -> Option<usize> {
    let given = name.first + 1;
    let is_one = name.kind != EntityKind::Person
        && (name.first + 3..=name.first + 4).contains(&name.end)
        && name.first > 0
        && tokens.word(name.first - 1) == "of"
        && tokens.lists(name.first).any(Lists::PLACES)
        && tokens.lists(given).any(Lists::GIVEN)
        && !tokens.lists(given).any(Lists::PLACES)
        && (given..name.end).all(|i| is_capitalised(tokens.word(i)) && !is_form(tokens.word(i)));
    is_one.then_some(given)
}

/// `Proleter (Z)`: a bracket that opens in a name closes in it.
fn close_bracket(tokens: &Tokens, name: &mut NameSpan) {
    let depth: i32 = (name.first..name.end)
        .map(|i| match tokens.word(i) {
            "(" => 1,
            ")" => -1,
            _ => 0,
        })
        .sum();
    if depth == 1 && tokens.word(name.end) == ")" {
        name.end += 1;
    }
}

/// Words that a name has behind its small word, at most.
const LONGEST_END: usize = 5;

/// `Party of | Old Bridges`: no name ends with a small word. What has a capital behind it belongs to the name.
fn finish(tokens: &Tokens, name: &mut NameSpan) {
    let small = |i: usize| {
        let word = tokens.word(i);
        word.starts_with(char::is_lowercase) && english().names.inside.contains(word)
    };
    let last = name.end - 1;
    if last == name.first || !small(last) {
        return;
    }
    let capital = |i: &usize| tokens.same_sentence(last, *i) && is_capitalised(tokens.word(*i));
    name.end += (name.end..name.end + LONGEST_END).take_while(capital).count();
    while name.end > name.first + 1 && small(name.end - 1) {
        name.end -= 1;
    }
}

/// `Channel 7`: the number of a broadcaster belongs to its name.
fn take_in_number(tokens: &Tokens, name: &mut NameSpan) {
    let number = tokens.word(name.end);
    let is_number = number.len() < 3 && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    if is_number && english().names.numbered.contains(&tokens.word(name.end - 1).to_lowercase()) {
        *name = NameSpan { end: name.end + 1, kind: EntityKind::Organization, ..*name };
    }
}

/// True for a firm with a possessive in its name: `Ray's Tools Inc`.
fn is_named_by_possessive(tokens: &Tokens, name: &NameSpan) -> bool {
    name.kind == EntityKind::Organization
        && name.end > name.first + 2
        && matches!(tokens.word(name.first + 1), "'s" | "’s")
        && is_form(tokens.word(name.end - 1))
}

/// The end of a firm's name that is listed with its `'s`, or goes on behind it elsewhere in the article: `Moody's`.
fn with_possessive(tokens: &Tokens, name: &NameSpan, possessives: &FxHashSet<u64>) -> Option<usize> {
    if !matches!(tokens.word(name.end), "'s" | "’s") {
        return None;
    }
    if name.end == name.first + 1 && possessives.contains(&tokens.key(name.first)) {
        return Some(name.end + 1);
    }
    let key = (name.first..=name.end)
        .fold(0, |key, i| phrase(key, if i == name.end { crate::entity::fold::word_key("'s") } else { tokens.key(i) }));
    gazetteer().by_key(key).any(Lists::BODY.and(Lists::COMPANY)).then_some(name.end + 1)
}

/// True for a legal form, which is not a name by itself.
fn is_form(word: &str) -> bool {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    is_legal_form(&word) || matches!(word.as_str(), "lp" | "pty" | "bhd")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, after: &str) {
        crate::entity::markup::check(before, after, correct);
    }

    #[test]
    fn tickers_are_no_names_and_names_end_at_their_abbreviation() {
        check("[O:Merrow AG] <[O:MRWG.F]> fell.", "[O:Merrow AG] <MRWG.F> fell.");
        check("It bought <[O:Merrow AG]>.", "It bought <[O:Merrow AG]>.");
        check("The [O:U.S. Has] agreed.", "The [O:U.S.] Has agreed.");
        check("A hard position: the [O:U.S. Position] is new.", "A hard position: the [O:U.S.] Position is new.");
        check("Its own treasury: the [O:U.S. Treasury] paid.", "Its own treasury: the [O:U.S. Treasury] paid.");
        check("A power cut: [O:St. Power] is dark.", "A power cut: [O:St. Power] is dark.");
    }

    #[test]
    fn nicknames_stand_inside_names() {
        check("[P:Robert] \"Hands of Stone\" [P:Ray] won.", "[P:Robert \"Hands of Stone\" Ray] won.");
        check("[P:Dolores] “[P:Lola]” [P:Ray] won.", "[P:Dolores “Lola” Ray] won.");
        check("[P:James Leander] ([P:Leo) Ray] won.", "[P:James Leander (Leo) Ray] won.");
        check("[P:Ann] said: “Stay.” [P:Ray] left.", "[P:Ann] said: “Stay.” [P:Ray] left.");
    }

    #[test]
    fn small_words_and_generations_belong_to_names() {
        check("[P:Salim] bin [P:Rashid al-Ray] left.", "[P:Salim bin Rashid al-Ray] left.");
        check("[P:Ann Ray] Jr. left.", "[P:Ann Ray Jr.] left.");
        check("[P:Ann Ray] and [P:Bo Ray] left.", "[P:Ann Ray] and [P:Bo Ray] left.");
    }

    #[test]
    fn a_person_is_behind_the_place_of_their_office() {
        check("First Minister of [O:Scotland Nina Rowe] spoke.", "First Minister of [L:Scotland] [P:Nina Rowe] spoke.");
        check("It is a city of [O:Scotland Trading Ltd] now.", "It is a city of [O:Scotland Trading Ltd] now.");
    }

    #[test]
    fn brackets_have_two_sides() {
        check("They met [O:Proleter (Z]) there.", "They met [O:Proleter (Z)] there.");
        check("They met ([P:David) Miller].", "They met [P:(David) Miller].");
    }

    #[test]
    fn legal_forms_belong_to_what_stands_before_them() {
        check("Sold to [O:Cheung Ray] (Holdings) [O:Ltd] for cash.", "Sold to [O:Cheung Ray (Holdings) Ltd] for cash.");
        check("It hired [P:D.F. Ray] and [O:Co Inc] for that.", "It hired [O:D.F. Ray and Co Inc] for that.");
        check("They sold their [O:Inc] for cash.", "They sold their Inc for cash.");
    }

    #[test]
    fn bodies_may_say_what_they_are_for() {
        check("The [O:Commission] on [O:Old Bridges] met.", "The [O:Commission on Old Bridges] met.");
        check("The Varen Task Force on [O:Old Bridges] met.", "The [O:Varen Task Force on Old Bridges] met.");
        check("Nurses for [O:Clean Air] met.", "[O:Nurses for Clean Air] met.");
        check("The [O:Commission] fined [O:Old Bridges].", "The [O:Commission] fined [O:Old Bridges].");
        check("The [O:Commission] on [O:Deutsche Bank] met.", "The [O:Commission] on [O:Deutsche Bank] met.");
        check("He spoke in office for [O:Old Bridges].", "He spoke in office for [O:Old Bridges].");
    }

    #[test]
    fn a_dash_joins_the_parts_of_a_name() {
        check("The Marsk–[O:Sarn Bank] met.", "The [O:Marsk–Sarn Bank] met.");
        check("The Marsk – [O:Sarn Bank] met.", "The Marsk – [O:Sarn Bank] met.");
        check("The [L:Marsk]–[O:Sarn Bank] met.", "The [L:Marsk]–[O:Sarn Bank] met.");
    }

    #[test]
    fn no_name_ends_with_a_small_word() {
        check("The [O:Party of] Old Bridges met.", "The [O:Party of Old Bridges] met.");
        check("The [O:Party of] old met.", "The [O:Party] of old met.");
    }

    #[test]
    fn broadcasters_have_numbers() {
        check("[P:Channel] 7 said so.", "[O:Channel 7] said so.");
        check("[O:Rovers] 7 [O:Athletic] 2", "[O:Rovers] 7 [O:Athletic] 2");
    }

    #[test]
    fn some_firms_end_in_an_apostrophe() {
        check("Rated A by [P:Moody]'s and others.", "Rated A by [O:Moody's] and others.");
        check("He is [P:Miller]'s son.", "He is [P:Miller]'s son.");
        check(
            "[O:Ray's Tools Inc] grew. [P:Ray]'s of Porto left.",
            "[O:Ray's Tools Inc] grew. [O:Ray's] of Porto left.",
        );
    }
}

//! What can be a name, and what pages print around one.

use crate::language::{english, world};

/// True for what reads as the name of an account: one word in small letters.
pub(in super::super) fn is_account(name: &str) -> bool {
    !name.contains([' ', '.', '/']) && name.is_ascii() && !name.chars().any(|c| c.is_ascii_uppercase())
}

/// True for two to five words, all of which begin with a capital, but for particles, and none of which names a house.
pub(in super::super) fn is_full_name(name: &str) -> bool {
    let mut words = name.split(' ');
    let is_word = |word: &str| word.starts_with(char::is_uppercase) || starts_with_particle(&format!("{word} "));
    (2..=5).contains(&words.clone().count())
        && words.all(is_word)
        && !name.chars().any(|c| c.is_ascii_digit())
        && !is_house(name)
}

/// A single word with a capital, in Latin letters.
pub(super) fn is_latin_word(name: &str) -> bool {
    !name.contains(' ') && name.starts_with(|c: char| c.is_uppercase() && c < '\u{250}')
}

/// A text in small letters, each of them where the letter was.
pub(in super::super) fn lower_in_place(text: &str) -> String {
    let lower = |c: char| c.to_lowercase().next().filter(|lower| lower.len_utf8() == c.len_utf8()).unwrap_or(c);
    text.chars().map(lower).collect()
}

/// A name without the words around it, in small letters where it was in capitals.
pub(in super::super) fn tidy(part: &str) -> String {
    let mut name = part.split_whitespace().collect::<Vec<_>>().join(" ");
    // `10:32 Newsroom`
    if let Some((time, rest)) = name.split_once(' ')
        && time.contains(':')
        && time.starts_with(|c: char| c.is_ascii_digit())
    {
        name = rest.to_owned();
    }
    while let Some(rest) = without_opener(&name) {
        name = rest;
    }
    // Those who edited or illustrated it did not write it.
    let lower = name.to_lowercase();
    if world().bylines.other_hands.iter().any(|hand| lower.starts_with(hand.trim_start())) {
        return String::new();
    }
    for tail in world().bylines.other_hands.iter().chain(world().bylines.tails.iter()) {
        // A single word before it is half of a house's name: "Agency for the Arts".
        if let Some(at) = lower_in_place(&name).find(tail)
            && name.get(..at).is_some_and(|head| head.contains(' ') || !tail.starts_with(" for "))
        {
            name.truncate(at);
        }
    }
    if let Some(at) = date_at(&name) {
        name.truncate(at);
        // `Ann Ray Posted: 6 July`
        name.truncate(name.trim_end_matches(':').len());
    }
    let rest = without_role(&name);
    if is_full_name(rest) {
        name = rest.to_owned();
    }
    // Roles that are written behind the name in other scripts.
    while let Some((rest, role)) = name.rsplit_once(' ')
        && !role.is_ascii()
        && world().bylines.roles.contains(role)
    {
        let length = rest.len();
        name.truncate(length);
    }
    // Roles are written in lower case after the name: "Ann Ray political editor".
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.').trim_end_matches('.');
    let name =
        if name.len() < part.trim().len() && name.ends_with(" Jr") { format!("{name}.") } else { name.to_owned() };
    if is_shouted(&name) { name.split(' ').map(capitalised).collect::<Vec<_>>().join(" ") } else { name }
}

/// Without a role that no comma parts from the name: `Ann Ray Senior Political Editor`, `Staff Writer Ann Ray`.
fn without_role(name: &str) -> &str {
    let bylines = &world().bylines;
    let is_role = |word: &str| bylines.roles.contains(&word.to_lowercase());
    let is_around = |word: &str| {
        let word = word.to_lowercase();
        bylines.role_modifiers.contains(&word) || bylines.houses.contains(&word)
    };
    let mut rest = name;
    let mut has_role = false;
    while let Some((before, word)) = rest.rsplit_once(' ')
        && before.contains(' ')
        && (is_role(word) || has_role && is_around(word))
    {
        has_role |= is_role(word);
        rest = before;
    }
    let mut after = rest;
    while let Some((word, behind)) = after.split_once(' ')
        && behind.contains(' ')
        && (is_role(word) || is_around(word))
    {
        after = behind;
        // Of `Chief Reporter Ann Ray` the first word alone is no role.
        if is_role(word) {
            rest = behind;
        }
    }
    rest
}

/// Where a date begins after a name: "Ann Ray March 11, 2015", "Ann Ray 16.05.2025".
fn date_at(name: &str) -> Option<usize> {
    let digit = name.find(|c: char| c.is_ascii_digit())?;
    let head = name.get(..digit)?.trim_end();
    if is_month(head) {
        return Some(0);
    }
    // The month is before the day or after it: `Ann May 16 May 2025`.
    let behind = name.get(digit..)?.split(' ').nth(1).is_some_and(is_month);
    let month = head.rsplit_once(' ').filter(|(_, word)| !behind && is_month(word));
    let before = month.map_or(head, |(before, _)| before);
    before.contains(' ').then_some(before.len())
}

/// True for the English names of months and their short forms, which pages print after a name.
fn is_month(word: &str) -> bool {
    let name = word.trim_end_matches('.').to_lowercase();
    english().text.months.iter().any(|names| names.contains(&name))
}

pub(super) fn without_opener(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let opener = world()
        .bylines
        .openers
        .iter()
        .filter(|opener| {
            lower.strip_prefix(*opener).is_some_and(|rest| rest.starts_with([' ', ':', '：', '・']) || rest.is_empty())
        })
        .max_by_key(|opener| opener.len())?;
    let words = opener.chars().count();
    let rest: String = name.chars().skip(words).collect();
    Some(rest.trim_start_matches([' ', ':', '：', '・']).to_owned())
}

/// True for a person's name in capitals alone.
pub(super) fn is_shouted(name: &str) -> bool {
    name.contains(' ') && !name.chars().any(char::is_lowercase) && !is_house(name)
}

pub(super) fn capitalised(word: &str) -> String {
    let mut start = true;
    word.chars()
        .flat_map(|c| {
            let written: Vec<char> = if start { c.to_uppercase().collect() } else { c.to_lowercase().collect() };
            start = !c.is_alphanumeric();
            written
        })
        .collect()
}

/// True for something that can be a name: letters, a few words, no address, no role, no time.
pub(super) fn is_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let words = name.split(' ').count();
    let lower = name.to_lowercase();
    let is_degree = world().bylines.degrees.contains(&lower.replace('.', ""));
    let has_role = lower.split([' ', ':']).any(|word| world().bylines.roles.contains(word));
    let starts_low = name.chars().next().is_some_and(char::is_lowercase);
    // Names in small letters only are nicknames; a clause that starts so is not a name.
    letters >= 2
        && words <= 6
        && !name.contains("://")
        && !name.contains('@')
        && !name.contains("www.")
        && !has_role
        && !is_degree
        && !(starts_low && words > 2 && !starts_with_particle(&lower))
        && !name.chars().any(|c| c.is_ascii_digit() && words > 2)
}

pub(super) fn starts_with_particle(lower: &str) -> bool {
    ["de ", "van ", "von ", "der ", "el ", "al ", "la ", "le ", "di ", "da "].iter().any(|p| lower.starts_with(p))
}

/// True for two words or more that all look like parts of a person's name.
pub(super) fn is_person(name: &str) -> bool {
    name.contains(' ') && !is_house(name)
}

/// True for a line that is nothing but the name of a house: `Canal Post`.
pub(in super::super) fn is_house_name(line: &str) -> bool {
    const WORDS: usize = 4;
    let mut words = line.split(' ');
    is_house(line) && words.clone().count() <= WORDS && words.all(|word| word.starts_with(char::is_uppercase))
}

/// True for newsrooms, agencies and staffs.
pub(in super::super) fn is_house(name: &str) -> bool {
    name.to_lowercase().split([' ', '.', '/']).any(|word| world().bylines.houses.contains(word))
}

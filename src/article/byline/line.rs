//! Lines of a page that say who wrote it.

use super::super::{DateOrigin, date};
use super::{is_full_name, names, without_addresses, without_opener};
use crate::language::world;

/// The people in a line of a page that opens as bylines do, in one of its parts between bars; or that is nothing but names,
/// where it `stands_out` or a date is beside it.
pub(in super::super) fn line(text: &str, stands_out: bool) -> Option<Vec<String>> {
    const LONGEST: usize = 90;
    let behind_date = Some(text).filter(|text| text.len() < LONGEST).and_then(behind_date);
    let text = behind_date.unwrap_or(text);
    let parts = || text.split(['|', '·', '•']).map(str::trim);
    let has_date = |part: &str| part.chars().filter(char::is_ascii_digit).count() >= 5;
    let is_dated = behind_date.is_some() || parts().any(has_date);
    // Prose may open so in small letters, but has no date beside it.
    let opens = |part: &&str| {
        without_opener(part).is_some_and(|rest| {
            rest.starts_with(char::is_uppercase) && (is_dated || !part.starts_with(char::is_lowercase))
        })
    };
    let beside_date = || parts().find(|part| is_full_name(part)).filter(|_| is_dated);
    let alone = || Some(text).filter(|_| stands_out);
    // `홍길동 기자`: a name and what its owner does, in a script without capitals.
    let titled = |part: &&str| {
        const LONGEST: usize = 12;
        let part = without_addresses(part);
        part.trim().rsplit_once(' ').is_some_and(|(name, role)| {
            !role.is_ascii() && world().bylines.roles.contains(role) && name.chars().count() <= LONGEST
        })
    };
    if let Some(part) = parts().find(titled) {
        return Some(names(&[part.to_owned()])).filter(|names| !names.is_empty());
    }
    let part = parts().find(opens).or_else(beside_date).or_else(alone).filter(|part| part.len() < LONGEST)?;
    let mut found = names(&[part.to_owned()]);
    // `By TPN, in News`: a house by its initials.
    let is_initials = |name: &String| (2..=6).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_uppercase());
    let opened = parts().any(|part| opens(&part));
    if opened && found.first().is_some_and(is_initials) {
        found.truncate(1);
    }
    let are_names = found.iter().all(|name| is_full_name(name) || opened && is_initials(name));
    (!found.is_empty() && are_names).then_some(found)
}

/// What is behind the date that a line opens with, if it opens as bylines do: of `4 March 2024, 10:15 am by Ann Ray` the end.
fn behind_date(line: &str) -> Option<&str> {
    const WORDS_OF_A_DATE: usize = 6;
    const MOST_BETWEEN: usize = 3;
    let (date, rest) = line.split_at_checked(line.rfind(|c: char| c.is_ascii_digit())? + 1)?;
    let is_date = date.split(' ').count() <= WORDS_OF_A_DATE && date::read(date, None, DateOrigin::Page).is_some();
    let tails = rest.match_indices(' ').filter_map(|(at, _)| rest.get(at + 1..)).take(MOST_BETWEEN);
    tails.filter(|_| is_date).find(|tail| without_opener(tail).is_some())
}

/// The people in a line that opens with a word such as `责编：`, in brackets or not.
pub(in super::super) fn signature(text: &str) -> Option<Vec<String>> {
    let text = text.trim_matches(['(', ')', '（', '）', ' ']);
    let opens =
        text.contains([':', '：']) && !text.starts_with(|c: char| c.is_ascii()) && without_opener(text).is_some();
    opens.then(|| names(&[text.to_owned()])).filter(|names| !names.is_empty())
}

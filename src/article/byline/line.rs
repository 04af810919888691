//! Lines of a page that say who wrote it.

use super::super::{DateOrigin, date};
use super::{is_full_name, names, start_of, tidy, without_addresses, without_opener};
use crate::language::world;

/// The people in a line of a page that opens as bylines do, in one of its parts between bars; or that is nothing but names,
/// where it `stands_out` or a date is beside it.
pub(in super::super) fn line(text: &str, stands_out: bool) -> Option<Vec<String>> {
    const LONGEST: usize = 90;
    // `4 March 2024 by Ann Ray // 3 Comments`: the date may be in the first of several parts.
    let parts_of = |text| str::split(text, ['|', '·', '•']).flat_map(|part| part.split(" // ")).map(str::trim);
    let is_short = text.len() < LONGEST;
    let behind_date = Some(text)
        .filter(|_| is_short)
        .and_then(|text| behind_date(text).or_else(|| parts_of(text).find_map(behind_date)));
    let text = behind_date.unwrap_or(text);
    let parts = || parts_of(text);
    // A telephone number is none.
    let has_date = |part: &str| {
        part.chars().filter(char::is_ascii_digit).count() >= 5
            && date::read(start_of(part), None, DateOrigin::Page).is_some()
    };
    let is_dated = behind_date.is_some() || parts().any(has_date);
    // Prose may open so in small letters, but has no date beside it.
    let opens = |part: &&str| {
        without_opener(part).is_some_and(|rest| {
            rest.starts_with(char::is_uppercase) && (is_dated || !part.starts_with(char::is_lowercase))
        })
    };
    // `Ann Ray Oct 8, 2024` has the date in the same part.
    let is_before_date = |part: &str| has_date(part) && !is_date_label(part) && is_full_name(&tidy(part));
    let beside_date = || parts().find(|part| is_full_name(part) || is_before_date(part)).filter(|_| is_dated);
    let alone = || Some(text).filter(|_| stands_out);
    // `홍길동 기자`: a name and what its owner does, in a script without capitals.
    let titled = |part: &&str| {
        const LONGEST: usize = 12;
        let part = without_addresses(part);
        part.trim().rsplit_once(' ').is_some_and(|(name, role)| {
            !role.is_ascii() && world().bylines.roles.contains(role) && name.chars().count() <= LONGEST
        })
    };
    if let Some(part) = parts().find(titled).or_else(|| parts().find(|part| is_with_job(part))) {
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

/// True for what opens as the label of a date does: `Last Updated`.
pub(in super::super) fn is_date_label(text: &str) -> bool {
    let lower = text.to_lowercase();
    let pages = &world().pages;
    pages.published.iter().chain(pages.changed.iter()).any(|label| lower.contains(label))
}

/// True for a name and a job in Latin letters: `Ann Ray, Staff Reporter`, `Ann Ray Staff Writer`.
fn is_with_job(part: &str) -> bool {
    const LONGEST: usize = 60;
    const WORDS: usize = 5;
    let bylines = &world().bylines;
    let lower = if part.len() < LONGEST { part.to_lowercase() } else { return false };
    let mut words = lower.rsplit([' ', ',']);
    if !words.next().is_some_and(|job| bylines.roles.contains(job)) {
        return false;
    }
    match part.split_once(", ") {
        Some((name, job)) => is_full_name(name) && job.split(' ').count() <= WORDS,
        None => words.next().is_some_and(|word| bylines.role_modifiers.contains(word)) && is_full_name(&tidy(part)),
    }
}

/// What is behind the date that a line opens with, if it opens as bylines do or a mark is before a name: of
/// `4 March 2024, 10:15 am by Ann Ray` and `4 March 2024, Ann Ray` the end.
fn behind_date(line: &str) -> Option<&str> {
    const WORDS_OF_A_DATE: usize = 6;
    const MOST_BETWEEN: usize = 3;
    let (date, rest) = line.split_at_checked(line.rfind(|c: char| c.is_ascii_digit())? + 1)?;
    let is_date = date.split(' ').count() <= WORDS_OF_A_DATE && date::read(date, None, DateOrigin::Page).is_some();
    let tails = rest.match_indices(' ').filter_map(|(at, _)| rest.get(at + 1..)).take(MOST_BETWEEN);
    let named = || rest.strip_prefix([',', ';', '/']).map(str::trim).filter(|name| is_full_name(name));
    tails.filter(|_| is_date).find(|tail| without_opener(tail).is_some()).or_else(|| named().filter(|_| is_date))
}

/// The people in a line that opens with a word such as `责编：`, in brackets or not.
pub(in super::super) fn signature(text: &str) -> Option<Vec<String>> {
    let text = text.trim_matches(['(', ')', '（', '）', ' ']);
    let opens =
        text.contains([':', '：']) && !text.starts_with(|c: char| c.is_ascii()) && without_opener(text).is_some();
    opens.then(|| names(&[text.to_owned()])).filter(|names| !names.is_empty())
}

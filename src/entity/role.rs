//! Roles and descriptions of people: titles before a name, appositions before and after it.

use super::gazetteer::Lists;
use super::tokens::{Tokens, is_capitalised};
use crate::language::english;

/// Tokens looked at on either side of a name; longer descriptions are cut.
const REACH: usize = 14;

/// The full word of an abbreviated title.
fn spelled_out(title: &str) -> Option<&'static str> {
    Some(match title.trim_end_matches('.') {
        "Sen" => "Senator",
        "Rep" => "Representative",
        "Gov" => "Governor",
        "Gen" => "General",
        "Lt" => "Lieutenant",
        "Col" => "Colonel",
        "Maj" => "Major",
        "Capt" => "Captain",
        "Sgt" => "Sergeant",
        "Adm" => "Admiral",
        "Cmdr" => "Commander",
        "Prof" => "Professor",
        "Rev" => "Reverend",
        _ => return None,
    })
}

/// The token where the title before a name starts; `first` itself where there is none.
///
/// `is_person` says which tokens belong to the names of other people, which no title runs over.
pub(super) fn title_start(words: &Tokens, first: usize, is_person: impl Fn(usize) -> bool) -> usize {
    let floor = words.sentence_start(first).max(first.saturating_sub(REACH));
    let mut start = first;
    let mut seen_head = false;
    for i in (floor..first).rev() {
        let word = words.word(i);
        let lower = word.to_ascii_lowercase();
        if is_person(i) {
            break;
        }
        let head = words.lists(i).any(Lists::OFFICE.and(Lists::ANY_TITLE));
        // `adviser to President Ray` is someone else's office: past its own noun, a title goes on by possessives only.
        // Nor is what is right before a name its title where it leads on to it: `an aide to Ray`, `Baker and Ray`.
        let leads_on = i + 1 == first || seen_head && english().names.role_reaching.contains(&lower);
        let connects = english().names.role_connectors.contains(&lower) && !leads_on;
        let modifies =
            seen_head && (english().names.role_modifiers.contains(&lower) || words.lists(i).any(Lists::DEMONYM));
        if !(head || connects || modifies || is_capitalised(word)) {
            break;
        }
        seen_head |= head;
        if seen_head && !connects {
            start = i;
        }
    }
    if seen_head { start } else { first }
}

/// The title before a name as a role, none if it is a mere form of address such as `Mr.`.
pub(super) fn from_title(words: &Tokens, start: usize, first: usize) -> Option<String> {
    let start = (start..first).find(|&i| !is_article(words.word(i)))?;
    let says_more = (start..first)
        .any(|i| words.lists(i).any(Lists::OFFICE) || words.lists(i).any(Lists::TITLE) && !is_address(words.word(i)));
    if !says_more {
        return None;
    }
    let role = words.phrase(start, first);
    // `Varenia Gov.`: the office is the last word.
    let (before, last) = role.rsplit_once(' ').unwrap_or(("", role.as_str()));
    Some(match spelled_out(last) {
        Some(full) => clean(&format!("{before} {full}")).trim_start().to_owned(),
        None => clean(&role),
    })
}

/// The description that follows a name after a comma: `, the head of the union,`.
pub(super) fn after(words: &Tokens, end: usize) -> Option<String> {
    let mut start = end + 1;
    if words.word(end) != "," || !words.same_sentence(end, start) {
        return None;
    }
    if words.word(start).starts_with(|c: char| c.is_ascii_digit()) && words.word(start + 1) == "," {
        start += 2;
    }
    let stop = description_end(words, start)?;
    description(words, start, stop)
}

/// The description that leads up to a name between commas: `The head of the union, Ann Ray, said`.
pub(super) fn before(words: &Tokens, first: usize, end: usize) -> Option<String> {
    if first == 0 || words.word(first - 1) != "," || words.word(end) != "," {
        return None;
    }
    let floor = words.sentence_start(first).max(first.saturating_sub(REACH));
    let start =
        (floor..first - 1).rev().find(|&i| matches!(words.word(i), "," | ";" | ":" | "—" | "–" | "--" | "“" | "\""));
    let start = match start {
        Some(mark) => mark + 1,
        None if floor == words.sentence_start(first) => floor,
        None => return None,
    };
    let opens = is_article(words.word(start)) || words.lists(start).any(Lists::DEMONYM.and(Lists::OFFICE));
    if opens { description(words, start, first - 1) } else { None }
}

/// Where the description that starts at `start` ends: at the next comma or stop within reach.
fn description_end(words: &Tokens, start: usize) -> Option<usize> {
    for i in start..start + REACH {
        if !words.same_sentence(start, i) {
            return Some(i);
        }
        match words.word(i) {
            "," | ";" | "." | ")" | "—" | "–" | "--" | "?" | "!" => return Some(i),
            "who" | "whose" | "which" | "and" | "but" if i > start => return Some(i),
            word if english().names.role_verbs.contains(word) => return None,
            _ => {}
        }
    }
    None
}

/// The description between two tokens, if the noun it turns on is an office or role.
fn description(words: &Tokens, start: usize, end: usize) -> Option<String> {
    let start = (start..end).find(|&i| !is_article(words.word(i)))?;
    let head_end = (start..end).find(|&i| english().names.after_role_head.contains(words.word(i))).unwrap_or(end);
    let head = head_end.checked_sub(1).filter(|&h| h >= start)?;
    if !words.lists(head).any(Lists::OFFICE) || (start..end).any(|i| english().names.role_verbs.contains(words.word(i)))
    {
        return None;
    }
    Some(clean(&words.phrase(start, end)))
}

/// One way of writing for the role however the article does: straight apostrophes.
fn clean(role: &str) -> String {
    role.replace('’', "'")
}

fn is_article(word: &str) -> bool {
    english().names.role_starts.iter().any(|a| a.eq_ignore_ascii_case(word))
}

/// Forms of address that say nothing of an office.
pub(super) fn is_address(word: &str) -> bool {
    english().names.forms_of_address.contains(word.to_ascii_lowercase().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Text, paragraphs};

    /// The title, the apposition after and the one before the name in brackets.
    #[track_caller]
    fn check(marked: &str, title: Option<&str>, follows: Option<&str>, leads: Option<&str>) {
        let open = marked.find('[').unwrap();
        let close = marked.find(']').unwrap() - 1;
        let raw = marked.replace(['[', ']'], "");
        let text = Text::new(&raw, &paragraphs(&raw));
        let words = Tokens::new(&text);
        let first = text.tokens.iter().position(|t| t.span.start as usize == open).unwrap();
        let end = text.tokens.iter().position(|t| t.span.end as usize == close).unwrap() + 1;
        let start = title_start(&words, first, |_| false);
        assert_eq!(from_title(&words, start, first).as_deref(), title, "title");
        assert_eq!(after(&words, end).as_deref(), follows, "apposition after");
        assert_eq!(before(&words, first, end).as_deref(), leads, "apposition before");
    }

    #[test]
    fn titles_stand_before_names() {
        check("There the US Secretary of State [Ann Ray] spoke.", Some("US Secretary of State"), None, None);
        check("They met Freedonia’s Foreign Minister [Bo Li].", Some("Freedonia's Foreign Minister"), None, None);
        check("The former prime minister [Bo Li] spoke.", Some("former prime minister"), None, None);
        check("Sen. [Ann Ray] spoke.", Some("Senator"), None, None);
        check("Mr. [Ray] spoke.", None, None, None);
        check("In London [Ann Ray] spoke.", None, None, None);
        check("A former adviser to US President [Ann Ray] spoke.", Some("US President"), None, None);
        check("A former adviser to [Ann Ray] spoke.", None, None, None);
        check("Treasury Secretary Baker and [Ann Ray] spoke.", None, None, None);
    }

    #[test]
    fn appositions_follow_or_lead() {
        check("[Ann Ray], the head of the union, spoke.", None, Some("head of the union"), None);
        check("[Ann Ray], 42, a senior analyst at Acme, spoke.", None, Some("senior analyst at Acme"), None);
        check("[Ann Ray], however, spoke.", None, None, None);
        check("The head of the city’s port, [Ann Ray], spoke.", None, None, Some("head of the city's port"));
    }
}

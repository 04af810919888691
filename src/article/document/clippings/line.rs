//! What a line of an export is: a label, a code, the border of an article.

use crate::language::world;

/// `End of Document`, `Document HRBGZT0020250304el340000b`, `AN   Document HRBGZT1`.
pub(super) fn is_end(line: &str) -> bool {
    line.eq_ignore_ascii_case("end of document")
        || code(line).is_some_and(|(code, value)| code == "AN" && value.starts_with("Document "))
        || line.split_once(' ').is_some_and(|(word, id)| world().clippings.documents.contains(word) && is_number(id))
}

/// The number of an article at Factiva.
fn is_number(id: &str) -> bool {
    id.len() > 15 && id.bytes().all(|b| b.is_ascii_alphanumeric()) && id.bytes().any(|b| b.is_ascii_digit())
}

/// True if the number of an article is somewhere behind its word.
pub(in super::super::super) fn has_number(bytes: &[u8]) -> bool {
    let is_ended = |word: &str, at: usize| {
        let rest = bytes.get(at + word.len()..).and_then(|rest| rest.strip_prefix(b" ")).unwrap_or_default();
        let id = rest.get(..rest.iter().take(64).take_while(|b| b.is_ascii_alphanumeric()).count()).unwrap_or_default();
        std::str::from_utf8(id).is_ok_and(is_number)
    };
    let mut words = world().clippings.documents.iter();
    words.any(|word| memchr::memmem::find_iter(bytes, word.as_bytes()).any(|at| is_ended(word, at)))
}

/// `1 of 20 DOCUMENTS`, `Document 1 of 20`.
pub(super) fn is_start(line: &str) -> bool {
    let Some(counts) = line.strip_suffix(" DOCUMENTS").or_else(|| line.strip_prefix("Document ")) else { return false };
    counts.split_once(" of ").is_some_and(|(one, all)| [one, all].iter().all(|count| count.parse::<u32>().is_ok()))
}

pub(super) fn is_label_of_export(line: &str) -> bool {
    label(line).is_some_and(|(label, _)| matches!(label.as_str(), "length" | "load-date" | "byline" | "full text"))
        || word_count(line)
        || code(line).is_some_and(|(code, _)| code == "HD")
}

/// `120 words`, `120 parole`.
pub(super) fn word_count(line: &str) -> bool {
    let count = line.rsplit_once(' ').filter(|(_, word)| world().clippings.words.contains(&word.to_lowercase()));
    count.is_some_and(|(count, _)| count.replace([',', '.', ' ', '\u{a0}', '\u{202f}'], "").parse::<u32>().is_ok())
}

/// `10:15`, `10:15 AM GMT`, `10.15`.
pub(super) fn is_time(line: &str) -> bool {
    let time = line.split(' ').next().unwrap_or(line);
    line.split(' ').count() <= 3
        && (2..=3).contains(&time.split([':', '.']).count())
        && time.split([':', '.']).all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

/// `Final Edition`, `Édition Nord`.
pub(super) fn is_edition(line: &str) -> bool {
    const LONGEST: usize = 5;
    let is_word =
        |word: Option<&str>| word.is_some_and(|word| world().clippings.editions.contains(&word.to_lowercase()));
    let mut words = line.split([' ', ';', ',']);
    words.clone().count() <= LONGEST && (is_word(words.next()) || is_word(words.next_back()))
}

pub(super) fn label(line: &str) -> Option<(String, &str)> {
    let (label, value) = line.split_once(':')?;
    Some((label.to_ascii_lowercase(), value.trim()))
}

/// A code of Factiva and what is behind it, two spaces or a tab away.
pub(super) fn code(line: &str) -> Option<(&str, &str)> {
    let (code, value) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let is_apart = value.is_empty() || value.starts_with(' ') || line.get(code.len()..)?.starts_with('\t');
    (is_apart && world().clippings.codes.contains_key(code)).then_some((code, value.trim()))
}

/// `Copyright 2025 The Canal Post`, `(c) 2025 Canal Post`.
pub(super) fn is_rights(line: &str) -> bool {
    let rest = line.strip_prefix("Copyright").unwrap_or(line).trim_start();
    let year = rest.trim_start_matches([',', ':', ' ']).trim_start_matches("(c)").trim_start_matches('©');
    (rest.len() < line.len() || year.len() < line.len()) && year.trim_start().starts_with(|c: char| c.is_ascii_digit())
        || line.eq_ignore_ascii_case("all rights reserved")
}

/// True for a line that opens what is behind the text: `Graphic`, `GRAPHIC: PHOTO`, `• Citation (…)`.
pub(super) fn ends_text(line: &str) -> bool {
    let heading = line.trim_start_matches(['•', ' ']).split([':', '(']).next().unwrap_or_default();
    world().clippings.ends.contains(&heading.trim_end().to_lowercase())
}

/// True for a line behind an article of a list of records: its number, the copyright.
pub(super) fn is_foot(line: &str) -> bool {
    let is_known = |label: &str| matches!(label, "openurl article bookmark" | "copyright");
    is_rights(line) || names_record(line) || label(line).is_some_and(|(label, _)| is_known(&label))
}

/// `Record Number: 12`, `Record: 0304post01`.
pub(super) fn names_record(line: &str) -> bool {
    const SHORTEST: usize = 8;
    let is_number = |id: &str| {
        id.len() >= SHORTEST && id.bytes().all(|b| b.is_ascii_alphanumeric()) && id.bytes().any(|b| b.is_ascii_digit())
    };
    label(line).is_some_and(|(label, id)| label == "record number" || label == "record" && is_number(id))
}

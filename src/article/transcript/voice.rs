//! How transcripts name voices.

use super::ends_sentence;
use crate::language::world;

/// A few words and a colon, and what is behind them.
pub(in super::super) fn label(text: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 60;
    let (name, words) = text.split_once(": ")?;
    let is_label = name.len() <= LONGEST && name.split(' ').count() <= 6 && name.contains(char::is_alphabetic);
    (is_label && !name.contains(['?', '!'])).then(|| (name.trim(), words.trim_start()))
}

/// True for a label that looks like a name: up to four words with capitals.
pub(in super::super) fn is_name_of_label(name: &str) -> bool {
    let is_capital = |c: char| c.is_alphabetic() && !c.is_lowercase();
    name.split(' ').count() <= 4
        && name.starts_with(is_capital)
        && name
            .split(' ')
            .all(|word| word.starts_with(|c: char| is_capital(c) || c.is_ascii_digit()) || word.len() <= 3)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '\'' | '’' | '-'))
}

/// The name of a voice as a transcript has it, from what meeting programs show: family name first, and where somebody is
/// from behind a bar, a dash or in brackets.
pub(super) fn voice_name(shown: &str) -> String {
    // `[Tove Lindqvar]`
    let inner = shown.trim().strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let shown = inner.filter(|inner| !inner.contains('[')).unwrap_or(shown);
    let (name, of) = match shown.split_once(['[', '(']) {
        Some((name, of)) => (name.trim_end(), Some(of.trim_end_matches([']', ')']))),
        None => match [" | ", " - ", " – "].iter().find_map(|mark| shown.split_once(mark)) {
            Some((name, of)) => (name, Some(of)),
            None => (shown, None),
        },
    };
    // `Lindqvar, Tove` has the family name first, `Tove Lindqvar, Harbour` says where she is from.
    let (name, of) = match name.split_once(", ") {
        Some((family, given)) if shown.contains('[') || !family.contains(' ') => (format!("{given} {family}"), of),
        Some((name, harbour)) => (name.to_owned(), of.or(Some(harbour))),
        None => (name.to_owned(), of),
    };
    of.map_or_else(|| name.trim().to_owned(), |of| format!("{} ({})", name.trim(), of.trim()))
}

/// True for a last line in which a service speaks of itself or of a voice: `Transcribed by …`,
/// `Tove Lindqvar stopped transcription`.
pub(super) fn is_note(line: &str, voices: &[&str]) -> bool {
    const LONGEST: usize = 8;
    let is_about =
        |voice: &&str| voice.contains(' ') && line.strip_prefix(*voice).is_some_and(|rest| rest.starts_with(' '));
    let plain = line.trim_start_matches(['(', '[']).to_lowercase().replace('’', "'");
    world().recordings.footers.iter().any(|footer| plain.starts_with(footer))
        || (line.split_whitespace().count() <= LONGEST && !ends_sentence(line) && voices.iter().any(is_about))
}

/// True for up to five words with capitals, maybe the family name first: `Tove Lindqvar`, `Lindqvar, Tove`, `Speaker 2`.
pub(super) fn is_name(name: &str) -> bool {
    const LONGEST: usize = 80;
    let (family, given) = name.split_once(", ").unwrap_or((name, "-"));
    name.len() <= LONGEST
        && name.split_whitespace().count() <= 5
        && name.split_whitespace().all(|word| !word.starts_with(char::is_lowercase) || word.len() <= 3)
        && name.starts_with(char::is_alphabetic)
        && !family.is_empty()
        && !given.is_empty()
        && !name.contains([';', '?', '!'])
        && name.matches(',').count() <= usize::from(given != "-")
}

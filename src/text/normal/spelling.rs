//! British spellings read as American ones: `labour`, `organisation`, `paediatric`, `metre`.
//!
//! What comes out need not be a word of American English, only the same for both spellings.

use crate::language::english;

/// Reads `word[from..]`, of the letters a–z in lower case, as it is spelled in America.
pub(super) fn american(word: &mut String, from: usize) {
    let form = word.get(from..).unwrap_or("");
    if let Some((british, american)) =
        english().text.spelling_starts.iter().find(|(british, _)| form.starts_with(british.as_str()))
    {
        word.replace_range(from..from + british.len(), american);
    }
    let form = word.get(from..).unwrap_or("");
    if let Some(at) = british_our(form) {
        word.replace_range(from + at..from + at + OUR.len(), "or");
        return;
    }
    if let Some((british, american)) = british_end(form) {
        word.truncate(word.len() - british.len());
        word.push_str(american);
    }
}

const OUR: &str = "our";

/// Position of a British `-our` that is `-or` in America.
fn british_our(word: &str) -> Option<usize> {
    let at = word.as_bytes().windows(OUR.len()).position(|three| three == OUR.as_bytes())?;
    let after = word.get(at + OUR.len()..).unwrap_or("");
    (at > 2 && english().text.after_our.contains(after)).then_some(at)
}

/// The ending that a word has in Britain, and the one it has in America.
fn british_end(word: &str) -> Option<(&'static str, &'static str)> {
    // Most words have none of these endings.
    if !matches!(word.as_bytes(), [.., b'e' | b'd' | b's' | b'g' | b'n' | b'r' | b't' | b'y' | b'i' | b'j']) {
        return None;
    }
    let least =
        |british: &str| british.len() + if british.starts_with("tre") || british.starts_with("dge") { 2 } else { 3 };
    english()
        .text
        .spelling_ends
        .iter()
        .find(|(british, _)| word.len() >= least(british) && word.ends_with(british.as_str()))
        .map(|(british, american)| (british.as_str(), american.as_str()))
}

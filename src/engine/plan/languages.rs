//! Words in the other languages that the index holds: every form of the same stem, number words, words behind an elision.

use super::dictionary::Dictionary;
use super::token::QueryToken;
use crate::engine::Error;
use crate::language::Pack;
use crate::text::normal::{NORMAL, PART, folded};
use crate::text::stem::{Stems, without_elision};

/// Forms of one word that are searched for; no language has more in one index.
const MOST_FORMS: usize = 200;

/// The terms that a word is found by in the other languages of the index, beside those it is found by anyway.
pub(super) fn terms(token: &QueryToken, dictionary: &dyn Dictionary) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    if token.typed.is_empty() {
        return Ok(found);
    }
    for pack in dictionary.languages() {
        let behind = without_elision(&token.typed, pack);
        let word = folded(behind.unwrap_or(&token.typed));
        if word.chars().any(|c| !c.is_alphabetic()) {
            numbers(&word, pack, &mut found);
            continue;
        }
        numbers(&word, pack, &mut found);
        // `l'incendie` holds `incendie` as a part.
        if behind.is_some() {
            found.push(word.clone());
        }
        found.push(format!("{PART}{word}"));
        let Some(stems) = Stems::of(pack) else { continue };
        let stem = stems.stem(&word);
        if stem.chars().count() < 3 {
            continue;
        }
        for head in stems.heads(&stem) {
            let forms = dictionary.words(&head, &|form| stems.stem(form) == stem)?;
            found.extend(forms.into_iter().take(MOST_FORMS).map(|form| form.term));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A number word is found by its digits, and digits by it.
fn numbers(word: &str, pack: &Pack, found: &mut Vec<String>) {
    for (name, value) in pack.text.numbers.iter().filter_map(|entry| entry.split_once('=')) {
        let name = folded(name);
        if name == word {
            found.extend([value.to_owned(), format!("{NORMAL}{value}")]);
        } else if value == word {
            found.push(name);
        }
    }
}

//! Words in the other languages that the index holds: every form of the same stem, compounds with it, number words, words
//! behind an elision.

use super::dictionary::Dictionary;
use super::token::QueryToken;
use crate::engine::Error;
use crate::language::Pack;
use crate::text::normal::{NORMAL, PART, folded};
use crate::text::stem::{Stems, without_elision};

/// Forms of one word that are searched for; no language has more in one index.
const MOST_FORMS: usize = 200;

/// Letters of a word that is searched for in compounds, at least: `Land` would find `Deutschland`.
const WORD_LETTERS: usize = 5;

/// Letters of the rest of a compound, at least.
const REST_LETTERS: usize = 4;

/// What German and Dutch put between the parts of a compound.
const LINKS: [&str; 7] = ["", "s", "es", "n", "en", "er", "e"];

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
            // Of a short word, an algorithm may cut more than of its longer forms.
            let fits = |form: &str| {
                let other = stems.stem(form);
                other == stem || other == word
            };
            let forms = dictionary.words(&head, &fits)?;
            found.extend(forms.into_iter().take(MOST_FORMS).map(|form| form.term));
        }
        if pack.search.compounds && dictionary.is_mainly(pack) {
            compounds(&word, &stem, &stems, dictionary, &mut found)?;
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Compounds that start or end with a word, if the index holds the rest as a word too: `Klimaschutzgesetz` for `Gesetz`.
fn compounds(
    word: &str,
    stem: &str,
    stems: &Stems,
    dictionary: &dyn Dictionary,
    found: &mut Vec<String>,
) -> Result<(), Error> {
    if word.chars().count() < WORD_LETTERS {
        return Ok(());
    }
    let longer = word.len() + REST_LETTERS;
    let compounds = dictionary.words("", &|form| form.len() >= longer && form.contains(stem))?;
    for compound in compounds.into_iter().take(MOST_FORMS) {
        let form = compound.term.trim_start_matches(PART);
        let whole = stems.stem(form);
        let after = form.strip_prefix(word).into_iter().flat_map(|rest| LINKS.map(|link| rest.strip_prefix(link)));
        let start = whole.strip_suffix(stem).or_else(|| form.strip_suffix(word));
        let before = start.into_iter().flat_map(|rest| LINKS.map(|link| rest.strip_suffix(link)));
        for rest in after.chain(before).flatten().filter(|rest| rest.chars().count() >= REST_LETTERS) {
            if dictionary.has(rest)? {
                found.push(compound.term.clone());
                break;
            }
        }
    }
    Ok(())
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

//! What to look up in an index to find every text that holds a word, a normal form, a literal string.

use super::fold::fold;
use super::form::implied;
use super::number::{Numeral, numeral};
use super::piece::{cut, has_separator, inner};
use super::term::{NORMAL, PART, Term, TermKind};
use super::terms::Terms;
use super::unit::clock;

/// The terms by which every text that holds the normal form `normal` is found, but for the words that imply it, each of
/// them enough.
pub fn class(normal: &str) -> Vec<String> {
    let mut found = vec![format!("{NORMAL}{normal}")];
    let mut terms = Terms::default();
    terms.read(normal);
    // A word that is its own normal form was written without a mark.
    if terms.iter().next().is_some_and(|t| t.kind == TermKind::Plain && t.text == normal) {
        found.push(normal.to_owned());
    }
    found
}

/// Calls `each` for every one of `words` that implies the normal form `normal`.
pub fn implying<'w>(normal: &str, words: impl Iterator<Item = &'w str>, mut each: impl FnMut(&'w str)) {
    let mut terms = Terms::default();
    for word in words.filter(|word| implied(word, normal)) {
        terms.read(word);
        let implies = |term: Term| term.kind == TermKind::Implied && term.normal() == Some(normal);
        // A word in the index takes one position.
        if terms.positions() == 1 && terms.iter().any(implies) {
            each(word);
        }
    }
}

/// The terms by which every text that holds `word` as written, but for case and diacritics, is found.
pub fn written(word: &str) -> [String; 2] {
    let mut folded = String::new();
    fold(word, &mut folded);
    let part = format!("{PART}{folded}");
    [folded, part]
}

/// What every text holding `literal` between word borders holds as well: of each pair, one term or the other.
/// Empty where no term is required: then every text must be checked.
pub fn needed(literal: &str) -> Vec<[String; 2]> {
    let mut pieces = Vec::new();
    cut(literal, &mut pieces);
    let spans = pieces.iter().flat_map(|&piece| {
        if has_separator(piece, literal) { inner(piece, literal).collect() } else { vec![piece.span] }
    });
    // A lone `s` may be the end of a possessive, which leaves no term.
    spans.map(|span| span.of(literal)).filter(|word| !matches!(*word, "s" | "S")).map(written).collect()
}

/// True for a folded word that goes up in a quantity and stands for itself there all the same: one that scales a number
/// (`hundred`, `million`, `bn`) as in `2 million people`, and `am` and `pm`, which are other words elsewhere.
pub fn stands_for_itself(word: &str) -> bool {
    matches!(numeral(word), Some(Numeral::Scale(_))) || clock(word).is_some()
}

/// `word` in lower case, without diacritics.
pub fn folded(word: &str) -> String {
    let mut out = String::new();
    fold(word, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::super::head;
    use super::*;

    #[test]
    fn regular_forms_are_implied() {
        let words = ["deal", "deals", "dealing", "dealers", "dealt", "dear"];
        let mut found = Vec::new();
        implying("deal", words.into_iter(), |word| found.push(word));
        assert_eq!(found, ["deals", "dealing", "dealt"]);
        assert_eq!((head("deal"), head("oil"), head("negoti"), head("é")), ("dea", "oil", "negot", "é"));
    }
}

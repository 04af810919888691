//! Exact search: the very characters, between word borders.

use std::ops::Range;

use crate::text::normal::is_word;

/// Where `literal` is in `text`, in bytes, from left to right, none overlapping.
///
/// A letter or digit at its end must not go on outside. White space counts as white space: a paragraph may have been
/// wrapped anywhere.
pub(crate) fn find(text: &str, literal: &str) -> Vec<Range<usize>> {
    let words: Vec<&str> = literal.split_whitespace().collect();
    let Some((first, rest)) = words.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|t| t.find(first)).map(|at| at + from) {
        let end = rest.iter().try_fold(at + first.len(), |end, word| {
            let after = text.get(end..)?;
            let next = after.trim_start();
            (next.len() < after.len() && next.starts_with(word)).then(|| text.len() - next.len() + word.len())
        });
        match end.filter(|&end| free(text, at, end)) {
            Some(end) => {
                found.push(at..end);
                from = end;
            }
            None => from = at + first.chars().next().map_or(1, char::len_utf8),
        }
    }
    found
}

/// True if no word goes on at either end.
fn free(text: &str, start: usize, end: usize) -> bool {
    let (before, inside) = (text.get(..start).unwrap_or(""), text.get(start..end).unwrap_or(""));
    let after = text.get(end..).unwrap_or("");
    let goes_on = |a: Option<char>, b: Option<char>| a.is_some_and(is_word) && b.is_some_and(is_word);
    !goes_on(before.chars().next_back(), inside.chars().next())
        && !goes_on(inside.chars().next_back(), after.chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, literal: &str, expect: &[&str]) {
        let found: Vec<&str> = find(text, literal).into_iter().map(|r| &text[r]).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn borders_are_kept() {
        check("a 30-day truce, 130-day truces", "30-day truce", &["30-day truce"]);
        check("the U.S. and U.S.S.R.", "U.S.", &["U.S.", "U.S."]);
        check("état détat", "état", &["état"]);
        check("“No,” he said", "“No,” he", &["“No,” he"]);
        check("no No NO", "No", &["No"]);
    }

    #[test]
    fn white_space_is_white_space() {
        check("peace\n  talks and peacetalks", "peace talks", &["peace\n  talks"]);
    }

    #[test]
    fn matches_do_not_overlap() {
        check("a a a", "a a", &["a a"]);
        check("", "a", &[]);
        check("a", " ", &[]);
    }
}

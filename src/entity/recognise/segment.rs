//! The stretches of a text that can hold a name.

use std::ops::Range;

use crate::entity::name_start::NameStart;
use crate::entity::tokens::Tokens;
use crate::language::english;
use crate::text::TokenKind;

/// At most so many of them in a row.
const BRIDGE: usize = 3;

/// Longer stretches, such as tables without a full stop, are cut, so that memory stays small.
const LONGEST: usize = 400;

/// Runs of tokens within one sentence that hold every token with a capital, the numbers beside one, and what can be
/// between two of them inside a name.
pub(in crate::entity) fn segments(tokens: &Tokens) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let capital = |i: usize| tokens.starts(i) != NameStart::No;
    for i in 0..tokens.len() {
        let beside = |j: usize| tokens.same_sentence(i, j) && capital(j);
        match tokens.starts(i) {
            NameStart::No => continue,
            NameStart::BesideCapitals if !(beside(i + 1) || i > 0 && beside(i - 1)) => continue,
            NameStart::BesideCapitals | NameStart::Yes => {}
        }
        let number = |i: usize| tokens.text.tokens.get(i).is_some_and(|t| t.kind == TokenKind::Number);
        let after = i + usize::from(number(i + 1) && tokens.same_sentence(i, i + 1));
        match found.last_mut() {
            Some(last)
                if last.len() < LONGEST && tokens.same_sentence(last.start, i) && bridged(tokens, last.end, i) =>
            {
                last.end = last.end.max(after + 1);
            }
            before => {
                let floor = before.map_or(0, |b| b.end);
                let start = if i > floor && number(i - 1) && tokens.same_sentence(i - 1, i) { i - 1 } else { i };
                found.push(start..after + 1);
            }
        }
    }
    found
}

/// True if what is between two tokens can be inside a name.
fn bridged(tokens: &Tokens, end: usize, next: usize) -> bool {
    next <= end + BRIDGE
        && (end..next).all(|i| {
            let number = tokens.text.tokens.get(i).is_some_and(|t| t.kind == TokenKind::Number);
            number || english().names.inside.contains(tokens.word(i))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Text, paragraphs};

    #[track_caller]
    fn check(raw: &str, expect: &[&str]) {
        let text = Text::new(raw, &paragraphs(raw));
        let tokens = Tokens::new(&text);
        let found: Vec<String> = segments(&tokens).into_iter().map(|s| tokens.phrase(s.start, s.end)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn capitals_and_what_joins_them() {
        check("the Bank of England said yes to Ann van der Roo", &["Bank of England", "Ann van der Roo"]);
        check("he came home. Then he left. Rome fell.", &["Rome"]);
        check("at the 1860 Munich club", &["1860 Munich"]);
        check("nothing here", &[]);
    }
}

//! Sentences: cut after a full stop, question or exclamation mark and the closing marks that follow it,
//! where what comes next can start a sentence. The stop of an abbreviation is part of its token and cuts only before a
//! word that starts sentences and no names: `said Mass. The layoffs came`.

use crate::language::english;

use super::{Token, TokenKind, Unit};

/// Cuts the tokens from `first` on, all of one paragraph, into sentences and numbers them.
pub(super) fn split(raw: &str, first: usize, tokens: &mut [Token], sentences: &mut Vec<Unit>) {
    let mut start = first;
    let mut i = first;
    while i < tokens.len() {
        let mut end = i + 1;
        if ends_sentence(raw, tokens, i) {
            while closes(raw, tokens, end) {
                end += 1;
            }
            if tokens.get(end).is_none_or(|next| can_start(raw, *next)) && !in_brackets(raw, tokens, start, end) {
                push(start, end, tokens, sentences);
                start = end;
            }
        }
        i = end;
    }
    if start < tokens.len() {
        push(start, tokens.len(), tokens, sentences);
    }
}

/// Tokens of the longest remark in brackets that may hold whole sentences: `The fee rose (it does. Always.) and boats left`.
const LONGEST_REMARK: usize = 40;

/// True if token `end` is in brackets after whose end the sentence goes on.
fn in_brackets(raw: &str, tokens: &[Token], start: usize, end: usize) -> bool {
    let word = |t: &Token| t.span.of(raw);
    let from = start.max(end.saturating_sub(LONGEST_REMARK));
    let open = tokens.iter().take(end).skip(from).rev().find(|t| matches!(word(t), "(" | ")"));
    if open.is_none_or(|t| word(t) == ")") {
        return false;
    }
    let rest = tokens.iter().skip(end).take(LONGEST_REMARK);
    let close = rest.clone().position(|t| word(t) == ")");
    close.and_then(|close| tokens.get(end + close + 1)).is_some_and(|t| word(t).starts_with(char::is_lowercase))
}

pub(super) fn push(start: usize, end: usize, tokens: &mut [Token], sentences: &mut Vec<Unit>) {
    let number = sentences.len() as u32;
    let own = tokens.get_mut(start..end).unwrap_or_default();
    let (Some(first), Some(last)) = (own.first(), own.last()) else { return };
    let span = first.span.cover(last.span);
    for token in own {
        token.sentence = number;
    }
    sentences.push(Unit { span, first: start as u32, end: end as u32 });
}

fn ends_sentence(raw: &str, tokens: &[Token], i: usize) -> bool {
    let Some(token) = tokens.get(i) else { return false };
    let word = token.span.of(raw);
    match token.kind {
        TokenKind::Mark => matches!(word, "." | "!" | "?" | "…" | "..." | "...."),
        TokenKind::Word => word.ends_with('.') && tokens.get(i + 1).is_some_and(|next| starts(next.span.of(raw))),
        TokenKind::Number => false,
    }
}

/// True for a capitalised word that starts sentences and is not part of a name, such as `The` after `U.S.`.
fn starts(word: &str) -> bool {
    english().text.sentence_starts.contains(word)
}

/// A closing mark that belongs to the sentence before it: a straight one only where no space parts them.
fn closes(raw: &str, tokens: &[Token], i: usize) -> bool {
    let Some(token) = tokens.get(i) else { return false };
    let before = i.checked_sub(1).and_then(|before| tokens.get(before));
    match token.span.of(raw) {
        "”" | "’" | ")" | "]" | "»" | "." | "!" | "?" => true,
        "\"" | "''" | "'" => before.is_some_and(|b| b.span.end == token.span.start) && !glued_right(raw, *token),
        _ => false,
    }
}

/// True if a letter follows the mark without a space: it opens rather than closes.
fn glued_right(raw: &str, token: Token) -> bool {
    raw.get(token.span.end as usize..).is_some_and(|after| after.starts_with(char::is_alphanumeric))
}

fn can_start(raw: &str, token: Token) -> bool {
    let word = token.span.of(raw);
    match token.kind {
        TokenKind::Word => word.starts_with(|c: char| !c.is_lowercase()),
        TokenKind::Number => true,
        TokenKind::Mark => !matches!(word, "," | ";" | ":"),
    }
}

#[cfg(test)]
mod tests {
    use crate::text::{Text, paragraphs};

    #[track_caller]
    fn check(raw: &str, expect: &[&str]) {
        let text = Text::new(raw, &paragraphs(raw));
        assert_eq!(text.sentences.iter().map(|s| s.span.of(raw)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn quotes_close_with_their_sentence() {
        check("“No deal.” He left. \"Yes.\" She stayed.", &["“No deal.”", "He left.", "\"Yes.\"", "She stayed."]);
    }

    #[test]
    fn abbreviations_end_a_sentence_before_what_starts_one() {
        check("It is in the U.S. The rest stayed.", &["It is in the U.S.", "The rest stayed."]);
        check("He said Mass. They left. Mr. He left.", &["He said Mass.", "They left.", "Mr. He left."]);
    }

    #[test]
    fn abbreviations_initials_and_decimals_do_not_cut() {
        check(
            "Mr. J. Ray paid $1.5 million to Acme Inc. in May. He won.",
            &["Mr. J. Ray paid $1.5 million to Acme Inc. in May.", "He won."],
        );
    }

    #[test]
    fn sentences_in_brackets_do_not_cut() {
        check(
            "The fee rose (it does. Always.) and fell. It is.",
            &["The fee rose (it does. Always.) and fell.", "It is."],
        );
        check("Ray vs. Lind was heard. It rained.", &["Ray vs. Lind was heard.", "It rained."]);
    }

    #[test]
    fn a_question_inside_a_sentence_does_not_cut() {
        check("“Why?” he asked.", &["“Why?” he asked."]);
    }
}

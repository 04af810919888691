//! Whether what is behind the labels of lines is spoken. Lists have labels as turns do: scores, results, casts, credits, ratings,
//! profiles of candidates. What people say is told by its voice: they speak of themselves, ask, exclaim, or are in quotation
//! marks as a whole.

use std::ops::Range;

use super::marks::{MarkPosition, Marks};
use super::turn_label::Line;
use crate::language::Words;
use crate::text::{Text, TokenKind};

/// One of so many labelled lines has a voice, at least. Of a conversation most have.
pub(super) const SPOKEN_SHARE: usize = 4;

/// For each line, whether the labelled lines beside it are spoken and it is more than figures; `said` is the first token behind the
/// label. Labelled lines of one paragraph are judged by themselves, all others together, and a single one by itself has no others
/// to be judged by.
pub(super) fn spoken(text: &Text, marks: &Marks, selves: &Words, lines: &[Line], said: &[Option<usize>]) -> Vec<bool> {
    let block = |number: usize| {
        let line = lines.get(number)?;
        let labelled = |other: usize| {
            said.get(other).is_some_and(Option::is_some)
                && lines.get(other).is_some_and(|l| l.paragraph == line.paragraph)
        };
        (labelled(number.wrapping_sub(1)) || labelled(number + 1)).then_some(line.paragraph)
    };
    // Labelled lines, those with a voice and those that end in a mark, by block.
    let mut counts: rustc_hash::FxHashMap<Option<u32>, (usize, usize, usize)> = rustc_hash::FxHashMap::default();
    let turns: Vec<Option<Range<usize>>> = (0..lines.len()).map(|number| turn(lines, said, number)).collect();
    for (number, turn) in turns.iter().enumerate() {
        let Some(turn) = turn else { continue };
        let (all, voiced, rated) = counts.entry(block(number)).or_default();
        *all += 1;
        *rated += usize::from(is_rated(text, turn.clone()));
        *voiced += usize::from(has_voice(text, marks, selves, turn.clone()));
    }
    let speaks = |number: usize, turn: &Range<usize>| {
        let (all, voiced, rated) = counts.get(&block(number)).copied().unwrap_or_default();
        (all < 2 || SPOKEN_SHARE * voiced >= all && rated < all) && !is_figure(text, turn.clone())
    };
    (0..).zip(&turns).map(|(number, turn)| turn.as_ref().is_some_and(|turn| speaks(number, turn))).collect()
}

/// What is behind each label, in order.
pub(super) fn turns(lines: &[Line], said: &[Option<usize>]) -> Vec<Range<usize>> {
    (0..lines.len()).filter_map(|number| turn(lines, said, number)).collect()
}

/// What is behind the label of a line: the rest of its paragraph, or the next one, up to the next label.
fn turn(lines: &[Line], said: &[Option<usize>], number: usize) -> Option<Range<usize>> {
    let start = said.get(number).copied().flatten()?;
    let own = lines.get(number)?.paragraph;
    let rest = lines.get(number + 1..)?.iter().zip(said.get(number + 1..)?);
    let mut end = lines.get(number)?.tokens.end;
    for (line, label) in rest {
        if label.is_some() || line.paragraph > own && end > start {
            break;
        }
        end = line.tokens.end;
    }
    Some(start..end.max(start))
}

/// True if words speak of who says them.
pub(super) fn of_oneself(text: &Text, marks: &Marks, selves: &Words, turn: Range<usize>) -> bool {
    turn.into_iter().filter(|&t| marks.stretch.get(t) == Some(&0)).any(|t| {
        let word = text.word(t);
        // `US` is a country.
        let small = word.chars().nth(1).is_none_or(|_| word.contains(char::is_lowercase));
        small && selves.contains(&word.to_lowercase().replace('’', "'"))
    })
}

fn has_voice(text: &Text, marks: &Marks, selves: &Words, turn: Range<usize>) -> bool {
    let calls = |word: &str| matches!(word, "?" | "!" | "？" | "！" | "؟" | "?!");
    let outside = |t: &usize| marks.stretch.get(*t) == Some(&0);
    turn.clone().filter(outside).any(|t| calls(text.word(t)))
        || is_quoted(text, marks, &turn)
        || of_oneself(text, marks, selves, turn)
}

/// True if a turn is a sentence in quotation marks and nothing else: titles have no full stop.
fn is_quoted(text: &Text, marks: &Marks, turn: &Range<usize>) -> bool {
    if marks.positions.get(turn.start) != Some(&MarkPosition::Opens) {
        return false;
    }
    let words = |t: &usize| text.tokens.get(*t).is_some_and(|token| token.kind != TokenKind::Mark);
    let stops = |t: usize| matches!(text.word(t), "." | "?" | "!" | "…" | "..." | "。");
    let last = turn.clone().rev().find(words);
    last.is_some_and(|last| marks.stretch.get(last) != Some(&0) && (last + 1..turn.end).any(stops))
        && turn.clone().filter(words).all(|t| marks.stretch.get(t) != Some(&0))
}

/// True for a sentence with a mark behind it, as players and restaurants get: `Made two fine saves. 8`, `Too slow. 3/5`.
fn is_rated(text: &Text, turn: Range<usize>) -> bool {
    let is_number = |t: usize| text.tokens.get(t).is_some_and(|token| token.kind == TokenKind::Number);
    let mark = |t: &usize| is_number(*t) || matches!(text.word(*t), "/" | "(" | ")" | "★" | "☆" | "⭐");
    let marks = turn.clone().rev().take_while(mark).count();
    let before = turn.end.checked_sub(marks + 1).filter(|before| marks > 0 && *before > turn.start);
    before.is_some_and(|before| matches!(text.word(before), "." | "!" | "?" | "…"))
}

/// True for figures without a full stop: points and votes.
fn is_figure(text: &Text, turn: Range<usize>) -> bool {
    let kind = |t: usize| text.tokens.get(t).map(|token| token.kind);
    let stop = turn.end.checked_sub(1).is_some_and(|last| matches!(text.word(last), "." | "?" | "!" | "…"));
    !stop
        && turn.clone().any(|t| kind(t) == Some(TokenKind::Number))
        && turn.into_iter().all(|t| kind(t) != Some(TokenKind::Word))
}

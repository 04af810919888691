//! What the recogniser knows of a token: how it is written, the lists and clusters it is in, its sentence, and what the
//! rest of the article says of the same word.

use std::ops::Range;

use super::evidence::ArticleWords;
use super::style::Style;
use super::vocabulary::{OWN_COLUMNS, REACH, Vocabulary};
use crate::entity::gazetteer::{gazetteer, place};
use crate::entity::tokens::{Tokens, is_all_capitals};
use crate::tagger::{BORDER_ROWS, Column, Columns, attribute};

/// The columns, in order; templates speak of them. The first [`OWN_COLUMNS`] depend on the word alone.
/// Tables of those with few values are not worth their room here.
pub(in crate::entity) const COLUMNS: &[Column] = &[
    Column::many("low"),
    Column::many("suf1"),
    Column::many("suf2"),
    Column::many("suf3"),
    Column::many("suf4"),
    Column::many("pre2"),
    Column::many("pre3"),
    Column::many("pre4"),
    Column::many("shape"),
    Column::many("case"),
    Column::many("lists"),
    Column::many("fine"),
    Column::many("coarse"),
    Column::many("phrase"),
    Column::many("place"),
    Column::many("style"),
    Column::many("topic"),
    Column::many("seen"),
    Column::many("person"),
    Column::many("body"),
    Column::many("town"),
];

/// The row of token `i` in [`columns`].
pub(in crate::entity) fn row(tokens: &Tokens, i: usize) -> usize {
    i + BORDER_ROWS * (tokens.sentence(i) as usize + 1)
}

/// Fills in the columns of a text: a row a token, a border after every sentence. Rows far from all segments stay empty.
pub(in crate::entity) fn fill(
    out: &mut Columns,
    tokens: &Tokens,
    ids: &[u32],
    segments: &[Range<usize>],
    vocabulary: &Vocabulary,
) {
    let styles: Vec<Style> = tokens.text.sentences.iter().map(|s| Style::of(tokens, *s)).collect();
    let topic = topic(tokens);
    let article = ArticleWords::read(tokens, segments, &styles);
    let phrases = phrases(tokens, segments);
    let mut wanted = vec![false; tokens.len()];
    for segment in segments {
        let near = segment.start.saturating_sub(REACH as usize)..segment.end + REACH as usize;
        wanted.iter_mut().take(near.end).skip(near.start).for_each(|flag| *flag = true);
    }
    out.clear();
    out.reserve(tokens.len() + tokens.text.sentences.len() * BORDER_ROWS);
    let mut row = [0; COLUMNS.len()];
    for (sentence, style) in tokens.text.sentences.iter().zip(&styles) {
        for i in sentence.tokens() {
            if !wanted.get(i).copied().unwrap_or(false) {
                out.push(&[]);
                continue;
            }
            let place = 1 + u32::from(i == sentence.first as usize) + 2 * u32::from(i + 1 == sentence.end as usize);
            let evidence = article.of(tokens.key(i));
            let (own, around) = row.split_at_mut(OWN_COLUMNS);
            own.iter_mut().zip(vocabulary.columns(ids.get(i).copied().unwrap_or(0))).for_each(|(to, from)| *to = *from);
            around.copy_from_slice(&[
                phrases.get(i).copied().unwrap_or(1),
                place,
                style.value(),
                topic,
                evidence.seen(),
                evidence.person + 1,
                evidence.body + 1,
                evidence.town + 1,
            ]);
            out.push(&row);
        }
        out.border();
    }
}

/// The field of news an article is from, by the slug that agencies put before a headline (`SOCCER - …`); without one,
/// whether it is laid out as the wire does, a paragraph a sentence.
fn topic(tokens: &Tokens) -> u32 {
    if is_all_capitals(tokens.word(0)) && matches!(tokens.word(1), "-" | "–" | "—" | ":") {
        return attribute(tokens.word(0));
    }
    let (paragraphs, sentences) = (tokens.text.paragraphs.len(), tokens.text.sentences.len());
    if sentences * 10 <= paragraphs * 11 { 1 } else { 2 }
}

/// For every token of a listed phrase: the lists it is in and where in it the token is; 1 for other tokens.
fn phrases(tokens: &Tokens, segments: &[Range<usize>]) -> Vec<u32> {
    let mut found = vec![1; tokens.len()];
    for segment in segments {
        let mut i = segment.start;
        while i < segment.end {
            let rest = i..segment.end;
            let (length, lists) = gazetteer().longest(rest.map(|j| tokens.key(j)));
            for (offset, value) in found.iter_mut().skip(i).take(length).enumerate() {
                *value = 2 + lists.bits() * 4 + place(offset, length);
            }
            i += length.max(1);
        }
    }
    found
}

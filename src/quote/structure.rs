//! Attributions that the form of the text gives: turns (see [`turns`]), sign-offs (`“…” — Name`) and posts
//! (`… — Name (@handle)`, `…` with `Posted by Name on Tuesday, March 4` below it).

use std::ops::Range;

use super::features::Features;
use super::frame::{Frame, Origin};
use super::marks::MarkPosition;
use super::turns::{self, Turns};
use crate::language::world;
use crate::tagger::Case;

/// How sure such an attribution is: on the training articles nearly all are right.
const SURE: f32 = 0.97;

/// How sure a stretch in quotation marks is of being a quotation, where nothing else tells.
const UNSURE: f32 = 0.5;

/// Shorter stretches in quotation marks are taken for titles, terms and scare quotes where nothing else tells.
const LEAST_WORDS: usize = 3;

/// A name and office after a dash have at most so many tokens.
const LONGEST_NAME: usize = 8;

/// What the form of the text gives, frames in order.
pub(super) fn find(features: &Features) -> Turns {
    let mut found = turns::find(features);
    found.frames.extend(sign_offs(features));
    found.frames.extend(posts(features));
    found.frames.sort_by_key(|frame| frame.from);
    found
}

/// Every stretch of [`LEAST_WORDS`] words or more in quotation marks: all that can be told where cues are not known.
pub(super) fn marks_alone(features: &Features) -> Vec<Frame> {
    let long = |tokens: Range<usize>| tokens.filter(|&t| features.is_word(t)).count() >= LEAST_WORDS;
    let stretches = features.marks.quoted.iter().filter(|q| long(q.inside()));
    stretches.map(|q| Frame::from_rule(q.tokens(), None, None, UNSURE, Origin::Marks)).collect()
}

/// `“…” — Name`, and `“…”` with `— Name, office` in the next paragraph.
fn sign_offs(features: &Features) -> Vec<Frame> {
    let mut frames = Vec::new();
    for quoted in &features.marks.quoted {
        let dash = quoted.tokens().end;
        let long = quoted.inside().filter(|&t| features.is_word(t)).count() >= LEAST_WORDS;
        if !is_dash(features, dash) || !long {
            continue;
        }
        let source = name_after(features, dash);
        let end = source.map_or(dash, |(_, end)| end);
        let over = features.paragraph(end) != features.paragraph(dash)
            || matches!(features.text.word(end), "." | "," | "(")
            || features.marks.positions.get(end) == Some(&MarkPosition::Opens);
        if source.is_some() && over {
            frames.push(Frame::from_rule(quoted.tokens(), Some(dash), source, SURE, Origin::Structure));
        }
    }
    frames
}

/// `… — Name (@handle)`: all of the paragraph before the dash, or the paragraph before if the dash starts one. The paragraph
/// before `Posted by Name on Tuesday, March 4`.
fn posts(features: &Features) -> Vec<Frame> {
    // Above this, such a line says who wrote the article.
    const FIRST: usize = 2;
    let mut frames = Vec::new();
    let mut before: Option<Range<usize>> = None;
    for (number, paragraph) in features.text.paragraphs.iter().enumerate() {
        if number > FIRST
            && let Some(content) = before.clone().filter(|content| !content.is_empty())
            && let Some((cue, source)) = poster(features, paragraph.tokens())
        {
            frames.push(Frame::from_rule(content, Some(cue), Some(source), SURE, Origin::Structure));
        }
        let mut said = paragraph.tokens();
        for dash in paragraph.tokens().filter(|&t| is_dash(features, t)) {
            let Some(source) = name_after(features, dash) else { continue };
            let handle = features.text.word(source.1) == "(" && features.text.word(source.1 + 1).starts_with('@');
            let content = if dash == paragraph.first as usize { before.clone() } else { Some(said.start..dash) };
            let Some(content) = content.filter(|content| handle && !content.is_empty()) else { continue };
            let quoted = content.clone().any(|t| features.marks.positions[t] == MarkPosition::Opens);
            if !quoted || features.marks.positions[content.start] == MarkPosition::Outside {
                frames.push(Frame::from_rule(content, Some(dash), Some(source), SURE, Origin::Structure));
            }
            said.start = source.1;
        }
        before = Some(paragraph.tokens());
    }
    frames
}

/// Who wrote the post above a paragraph, by words such as `Posted by Name on Tuesday, March 4`; the last of the words before
/// the name, and the name.
fn poster(features: &Features, paragraph: Range<usize>) -> Option<(usize, (usize, usize))> {
    const LONGEST: usize = 24;
    if paragraph.len() > LONGEST {
        return None;
    }
    let mut opening = String::new();
    let last = paragraph.clone().take(4).find(|&t| {
        opening.push_str(&features.text.word(t).to_lowercase());
        let is_whole = world().recordings.posted_by.contains(&opening);
        opening.push(' ');
        is_whole
    })?;
    let source = name_after(features, last)?;
    let is_dated = (source.1..paragraph.end).any(|t| features.text.word(t).contains(|c: char| c.is_ascii_digit()));
    is_dated.then_some((last, source))
}

fn is_dash(features: &Features, token: usize) -> bool {
    matches!(features.text.word(token), "—" | "–" | "-" | "--" | "―")
}

/// The name right after a dash: capitalised words outside quotation marks.
fn name_after(features: &Features, dash: usize) -> Option<(usize, usize)> {
    let start = dash + 1;
    let named = |t: usize| matches!(features.word(t).case, Case::Capitalised | Case::Capitals);
    let joins = |t: &usize| {
        features.paragraph(*t) == features.paragraph(dash)
            && features.marks.positions.get(*t) == Some(&MarkPosition::Outside)
            && (named(*t) || matches!(features.text.word(*t), "of" | "de" | "the" | "van" | "von" | "al"))
    };
    let end = start + (start..start + LONGEST_NAME).take_while(joins).count();
    (end > start && named(start)).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::frame::frames_in;

    /// Finds the frames of `raw` and compares them, each as `source: content`.
    #[track_caller]
    fn check(raw: &str, expect: &[&str]) {
        assert_eq!(frames_in(raw, |features| find(features).frames), expect);
    }

    #[test]
    fn sign_offs_stand_behind_a_dash() {
        check("“Bread is a form of geography.” — Ann Ray", &["Ann Ray: “Bread is a form of geography.”"]);
        check("“Never trust a quiet goose.”\n\n— Osric Pole, farmer", &["Osric Pole: “Never trust a quiet goose.”"]);
        check("“Never trust a quiet goose” — that was all he had to say.", &[]);
    }

    #[test]
    fn posts_are_signed_with_a_handle() {
        check("The bus never came.\n\n— Poppy Lisle (@poppy) March 2", &["Poppy Lisle: The bus never came."]);
        let post = |line: &str| format!("Dues rose.\n\nBoats pay more.\n\nThe bus never came.\n\n{line}");
        check(&post("Posted by Poppy Lisle on Tuesday, March 4, 2025"), &["Poppy Lisle: The bus never came."]);
        check(&post("Gepostet von Poppy Lisle am Dienstag, 4. März 2025"), &["Poppy Lisle: The bus never came."]);
        check(&post("Posted by Poppy Lisle in news"), &[]);
        check("The bus never came.\n\nPosted by Poppy Lisle on March 4, 2025\n\nDues rose.", &[]);
        check("The gates opened — Friday, Saturday (and Monday).", &[]);
    }
}

//! Attributions that the form of the text gives: turns (see [`turns`]), sign-offs (`“…” — Name`) and posts
//! (`… — Name (@handle)`).

use std::ops::Range;

use super::features::Features;
use super::frame::{Frame, Origin};
use super::marks::MarkPosition;
use super::turns::{self, Turns};
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

/// `… — Name (@handle)`: all of the paragraph before the dash, or the paragraph before if the dash starts one.
fn posts(features: &Features) -> Vec<Frame> {
    let mut frames = Vec::new();
    let mut before: Option<Range<usize>> = None;
    for paragraph in &features.text.paragraphs {
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
        check("The gates opened — Friday, Saturday (and Monday).", &[]);
    }
}

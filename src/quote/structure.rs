//! Attributions that the form of the text gives: transcripts (`NAME: what was said`) and sign-offs (`“…” — Name`).

use super::frame::{Frame, Origin};
use super::marks::Place;
use super::scene::Scene;
use crate::tagger::Case;

/// How sure a transcript's or a sign-off's attribution is: on the training articles nearly all are right.
const SURE: f32 = 0.97;

/// The frames that the form of the text gives, in order.
pub(super) fn find(scene: &Scene) -> Vec<Frame> {
    let mut frames = transcript(scene);
    frames.extend(sign_offs(scene));
    frames.sort_by_key(|frame| frame.from);
    frames
}

/// Paragraphs that start with a speaker and a colon.
fn transcript(scene: &Scene) -> Vec<Frame> {
    let labels: Vec<Option<Label>> = scene.text.paragraphs.iter().map(|p| label(scene, p.tokens())).collect();
    let plain = labels.iter().flatten().filter(|l| !l.capitals).count();
    let mut frames = Vec::new();
    for (paragraph, label) in scene.text.paragraphs.iter().zip(&labels) {
        let Some(label) = label else { continue };
        // `Rubio: …` may be a headline; a second such paragraph makes it an interview.
        if !label.capitals && plain < 2 {
            continue;
        }
        let content = label.colon + 1..paragraph.end as usize;
        frames.push(Frame::ruled(content, Some(label.colon), Some(label.name), SURE, Origin::Structure));
    }
    frames
}

/// A speaker's name and a colon at the start of a paragraph.
struct Label {
    name: (usize, usize),
    colon: usize,
    /// In capitals, as transcripts have it.
    capitals: bool,
}

fn label(scene: &Scene, tokens: std::ops::Range<usize>) -> Option<Label> {
    let marks = tokens.clone().take_while(|&t| scene.marks.places[t] == Place::Opens).count();
    let start = tokens.start + marks.min(1);
    let is_name = |t: &usize| match scene.word(*t).case {
        Case::Capitals | Case::Capitalised => true,
        Case::Mark => scene.text.word(*t) == "." && *t > start,
        Case::Lower | Case::Digit => false,
    };
    let length = (start..tokens.end).take(5).take_while(is_name).count();
    let colon = start + length;
    if !(1..5).contains(&length) || scene.text.word(colon) != ":" || colon + 2 >= tokens.end {
        return None;
    }
    let words = || (start..colon).filter(|&t| scene.is_word(t));
    let capitals = words().all(|t| scene.text.word(t).chars().all(|c| !c.is_lowercase()))
        && words().any(|t| scene.text.word(t).chars().filter(|c| c.is_uppercase()).count() > 2);
    Some(Label { name: (start, colon), colon, capitals })
}

/// `“…” — Name` and `“…” – Name, office` at the end of a paragraph.
fn sign_offs(scene: &Scene) -> Vec<Frame> {
    let mut frames = Vec::new();
    for quoted in &scene.marks.quoted {
        let dash = quoted.tokens().end;
        let paragraph = scene.paragraph(quoted.open as usize);
        let is_dash = matches!(scene.text.word(dash), "—" | "–" | "-" | "--" | "―");
        if !is_dash || scene.paragraph(dash) != paragraph || quoted.inside().len() < 3 {
            continue;
        }
        let outside = |t: usize| scene.paragraph(t) == paragraph && scene.marks.places.get(t) == Some(&Place::Outside);
        let starts_name = |t: usize| matches!(scene.word(t).case, Case::Capitalised | Case::Capitals);
        let joins = |t: &usize| {
            outside(*t)
                && (starts_name(*t) || matches!(scene.text.word(*t), "of" | "de" | "the" | "van" | "von" | "al"))
        };
        let length = (dash + 1..dash + 9).take_while(joins).count();
        let end = dash + 1 + length;
        let ends =
            scene.paragraph(end) != paragraph || matches!(scene.text.word(end), "." | "," | "(") || !outside(end);
        if length > 0 && starts_name(dash + 1) && ends {
            let source = Some((dash + 1, end));
            frames.push(Frame::ruled(quoted.tokens(), Some(dash), source, SURE, Origin::Structure));
        }
    }
    frames
}

//! Attributions that the form of the text gives: transcripts (`NAME: what was said`), interviews (`Q: … A: …`), sign-offs
//! (`“…” — Name`) and posts (`… — Name (@handle)`).

use std::ops::Range;

use super::features::Features;
use super::frame::{Frame, Origin};
use super::marks::MarkPosition;
use crate::language::english;
use crate::tagger::Case;

/// How sure such an attribution is: on the training articles nearly all are right.
const SURE: f32 = 0.97;

/// How sure a stretch in quotation marks is of being a quotation, where nothing else tells.
const UNSURE: f32 = 0.5;

/// Shorter stretches in quotation marks are taken for titles, terms and scare quotes where nothing else tells.
const LEAST_WORDS: usize = 3;

/// A speaker's name and office before a colon have at most so many tokens.
const LONGEST_LABEL: usize = 10;

/// A name and office after a dash have at most so many tokens.
const LONGEST_NAME: usize = 8;

/// Paragraphs after the first that a turn may have before the next turn starts.
const LONGEST_TURN: usize = 4;

/// The frames that the form of the text gives, in order.
pub(super) fn find(features: &Features) -> Vec<Frame> {
    let mut frames = turns(features);
    frames.extend(sign_offs(features));
    frames.extend(posts(features));
    frames.sort_by_key(|frame| frame.from);
    frames
}

/// Every stretch of [`LEAST_WORDS`] words or more in quotation marks: all that can be told where cues are not known.
pub(super) fn marks_alone(features: &Features) -> Vec<Frame> {
    let long = |tokens: Range<usize>| tokens.filter(|&t| features.is_word(t)).count() >= LEAST_WORDS;
    let stretches = features.marks.quoted.iter().filter(|q| long(q.inside()));
    stretches.map(|q| Frame::from_rule(q.tokens(), None, None, UNSURE, Origin::Marks)).collect()
}

/// What stands before the words of a turn.
struct Label {
    /// The speaker's name, or Q or A.
    name: Range<usize>,
    /// The first token of what is said.
    said: usize,
    colon: Option<usize>,
    sort: LabelStyle,
}

/// How a turn names its speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LabelStyle {
    /// In capitals, as transcripts do.
    Capitals,
    /// As in running text; that may be a headline, unless it happens again.
    Plain,
    Question,
    Answer,
}

/// Paragraphs that start with a speaker and a colon.
fn turns(features: &Features) -> Vec<Frame> {
    let labels: Vec<Option<Label>> = features.text.paragraphs.iter().map(|p| label(features, p.tokens())).collect();
    let count = |sort: LabelStyle| labels.iter().flatten().filter(|l| l.sort == sort).count();
    let (plain, interview) =
        (count(LabelStyle::Plain) > 1, count(LabelStyle::Question) > 0 && count(LabelStyle::Answer) > 0);
    let mut frames = Vec::new();
    for (number, (paragraph, label)) in features.text.paragraphs.iter().zip(&labels).enumerate() {
        let Some(label) = label else { continue };
        let origin = match label.sort {
            LabelStyle::Capitals => Origin::Structure,
            LabelStyle::Plain if plain => Origin::Structure,
            LabelStyle::Question if interview => Origin::Question,
            LabelStyle::Answer if interview => Origin::Answer,
            LabelStyle::Plain | LabelStyle::Question | LabelStyle::Answer => continue,
        };
        let source = Some((label.name.start, label.name.end));
        let end = if label.sort == LabelStyle::Capitals {
            turn_end(features, &labels, number)
        } else {
            paragraph.end as usize
        };
        frames.push(Frame::from_rule(label.said..end, label.colon, source, SURE, origin));
    }
    frames
}

/// Where the turn that starts with paragraph `number` ends: paragraphs without a label belong to it if another turn
/// follows within [`LONGEST_TURN`] and no quotation marks tell of a reporter.
fn turn_end(features: &Features, labels: &[Option<Label>], number: usize) -> usize {
    let paragraph = |n: usize| features.text.paragraphs.get(n).map_or(0..0, |p| p.tokens());
    let end = paragraph(number).end;
    let within = (number + 1..labels.len()).take(LONGEST_TURN);
    let Some(next) = within.into_iter().find(|&n| labels[n].is_some()) else { return end };
    let between = (number + 1..next).flat_map(paragraph);
    let plain = between.into_iter().all(|t| features.marks.stretch[t] == 0);
    if plain { paragraph(next - 1).end } else { end }
}

fn label(features: &Features, tokens: Range<usize>) -> Option<Label> {
    let marks = tokens.clone().take_while(|&t| features.marks.positions[t] == MarkPosition::Opens).count();
    let start = tokens.start + marks.min(1);
    let first = features.text.word(start);
    let sort = |letter: &str| if letter == "Q" { LabelStyle::Question } else { LabelStyle::Answer };
    if matches!(first, "Q." | "A.") && start + 1 < tokens.end {
        return Some(Label { name: start..start + 1, said: start + 1, colon: None, sort: sort(&first[..1]) });
    }
    let colon = (start..tokens.end).take(LONGEST_LABEL).find(|&t| features.text.word(t) == ":")?;
    if colon + 1 >= tokens.end {
        return None;
    }
    let name_end = (start..colon).find(|&t| matches!(features.text.word(t), "," | "(")).unwrap_or(colon);
    let label = |sort| Some(Label { name: start..name_end, said: colon + 1, colon: Some(colon), sort });
    if matches!(first, "Q" | "A") && colon == start + 1 {
        return label(sort(first));
    }
    let mut words = (start..colon).filter(|&t| features.is_word(t));
    let heads = |t: usize| english().quotes.headings.contains(&features.text.word(t).to_lowercase());
    let capitals = |t: usize| !features.text.word(t).contains(char::is_lowercase);
    let long = (start..name_end).any(|t| features.word(t).case == Case::Capitals && features.text.word(t).len() > 2);
    let sort_of_article = words
        .clone()
        .next_back()
        .is_some_and(|t| english().quotes.sorts.contains(&features.text.word(t).to_lowercase()));
    if words.clone().all(heads) || sort_of_article {
        return None;
    }
    if long && words.clone().all(capitals) {
        return label(LabelStyle::Capitals);
    }
    let name =
        !words.clone().any(heads) && (1..5).contains(&(colon - start)) && name_end == colon && colon + 2 < tokens.end;
    let capitalised = words.all(|t| matches!(features.word(t).case, Case::Capitalised | Case::Capitals));
    if name && capitalised && features.is_word(start) { label(LabelStyle::Plain) } else { None }
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
    use crate::tagger::Words;
    use crate::text::{Text, paragraphs};

    /// Finds the frames of `raw` and compares them, each as `source: content`.
    #[track_caller]
    fn check(raw: &str, expect: &[&str]) {
        let text = Text::new(raw, &paragraphs(raw));
        let (mut words, mut ids) = (Words::default(), Vec::new());
        words.read(&text, &mut ids);
        let features = Features::new(&text, &words, &ids, &[]);
        let cover = |tokens: Range<usize>| {
            let (first, last) = (text.tokens[tokens.start].span, text.tokens[tokens.end - 1].span);
            first.cover(last).of(raw)
        };
        let show = |frame: &Frame| {
            let source = frame.source.map_or("", |(start, end)| cover(start..end));
            format!("{source}: {}", frame.runs().into_iter().map(cover).collect::<Vec<_>>().join(" … "))
        };
        assert_eq!(find(&features).iter().map(show).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn transcripts_name_their_speakers_in_capitals() {
        check(
            "HOLE: Thirty seconds.\n\nCOLIN DRAX, CANDIDATE: I need twenty.\n\nMS. RAY: No.",
            &["HOLE: Thirty seconds.", "COLIN DRAX: I need twenty.", "MS. RAY: No."],
        );
    }

    #[test]
    fn a_turn_may_have_several_paragraphs() {
        check("RAY: No.\n\nNever.\n\nHOLE: Why?", &["RAY: No.\n\nNever.", "HOLE: Why?"]);
        check("RAY: No.\n\n“Never,” she said later.\n\nHOLE: Why?", &["RAY: No.", "HOLE: Why?"]);
        check("RAY: No.\n\nThe hearing ended.", &["RAY: No."]);
    }

    #[test]
    fn a_plain_name_and_a_colon_count_from_the_second_on() {
        check("Voll: We wait.\n\nSand: We do not.", &["Voll: We wait.", "Sand: We do not."]);
        check("Voll: a life in pictures\n\nShe was born in May.", &[]);
        check("MARKETS REPORT: Stocks edge up.\n\nShe was born in May.", &[]);
        check("Photo: Ann Ray\n\nPhoto: Bo Lind", &[]);
    }

    #[test]
    fn interviews_need_a_question_and_an_answer() {
        check("Q: Why hens?\n\nA: They never ask.", &["Q: Why hens?", "A: They never ask."]);
        check("A: They never ask.", &[]);
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

//! Labels of turns: what is at the start of a line and names who speaks in a transcript, hearing, briefing or interview.

use std::ops::Range;

use super::features::{Features, PERSON, PLACE_NAME};
use super::marks::MarkPosition;
use super::transcript_speakers::{is_generic, is_heading};
use crate::entity::{is_given_name, is_name_part, is_title};
use crate::language::english;
use crate::tagger::Case;
use crate::text::{Text, TokenKind};

/// Tokens of the longest label: `The Parliamentary Under-Secretary of State for Work and Pensions (Ann Ray):`.
const LONGEST_LABEL: usize = 24;

/// Tokens of the longest name in a label without brackets or commas.
const LONGEST_NAME: usize = 9;

/// Words of a line that holds a name and office and nothing else.
const LONGEST_NAME_LINE: usize = 14;

/// A line of the body. Transcripts start turns at lines, not only at paragraphs.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub tokens: Range<usize>,
    pub paragraph: u32,
    pub starts_paragraph: bool,
}

/// The lines of a text. Where paragraphs are one line each, lines are paragraphs.
pub(super) fn lines(text: &Text) -> Vec<Line> {
    let mut lines = Vec::new();
    for (paragraph, unit) in (0..).zip(&text.paragraphs) {
        let tokens = unit.tokens();
        let mut start = tokens.start;
        if unit.span.of(text.raw).contains('\n') {
            for t in tokens.start + 1..tokens.end {
                let gap = text.tokens[t - 1].span.end as usize..text.tokens[t].span.start as usize;
                if text.raw.get(gap).is_some_and(|gap| gap.contains('\n')) {
                    lines.push(Line { tokens: start..t, paragraph, starts_paragraph: start == tokens.start });
                    start = t;
                }
            }
        }
        lines.push(Line { tokens: start..tokens.end, paragraph, starts_paragraph: start == tokens.start });
    }
    lines
}

/// The label of a turn.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// The words that name the speaker, with office and brackets.
    pub name: Range<usize>,
    /// The first token of what is said.
    pub said: usize,
    /// The colon, if there is one.
    pub colon: Option<usize>,
    pub style: LabelStyle,
    pub evidence: Evidence,
}

/// How a label is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LabelStyle {
    /// `ANN RAY, HOST:`
    Capitals,
    /// `Ann Ray:`
    Plain,
    /// `Ms. RAY.`
    Formal,
    /// `((Ann Ray))`
    DoubleBracket,
    /// `Ann Ray  00:03`, on a line of its own.
    Timed,
    /// `Ann Ray -- Chief Executive`, on a line of its own.
    NameLine,
    /// `Q:`, `Q.` or `Q` and spaces.
    Question,
    /// `A:` or `A.`
    Answer,
}

/// What says that a label names a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// A person's name, a title and a name, a name with an office.
    Name,
    /// A word for speakers without a name: `QUESTION`, `MODERATOR`.
    Generic,
    /// A word that is not known, or is somewhere a part of a name.
    Unknown,
    /// A common word.
    Common,
    /// A place: a dateline, unless a speaker has the same name.
    Place,
}

/// The label at the start of a line, if there is one.
pub(super) fn read(features: &Features, line: &Line) -> Option<Label> {
    let start = skip_ornaments(features, line.tokens.clone());
    let tokens = start..line.tokens.end;
    if tokens.is_empty() {
        return None;
    }
    let label = double_bracket(features, tokens.clone())
        .or_else(|| letter(features, tokens.clone()))
        .or_else(|| with_colon(features, tokens.clone()))
        .or_else(|| if line.starts_paragraph { formal(features, tokens.clone()) } else { None })
        .or_else(|| if line.starts_paragraph { before_dash(features, tokens.clone()) } else { None })
        .or_else(|| timed(features, tokens.clone()))
        .or_else(|| if line.starts_paragraph { name_line(features, tokens) } else { None })?;
    Some(without_emphasis(features, label))
}

/// The same without the marks by which Markdown sets a label in bold: `**Ann Ray:** We wait.`, `**Ann Ray**: We wait.`
fn without_emphasis(features: &Features, mut label: Label) -> Label {
    let is_mark = |t: usize| matches!(features.text.word(t), "*" | "**" | "_" | "__");
    while label.name.len() > 1 && is_mark(label.name.end - 1) {
        label.name.end -= 1;
    }
    while label.colon.is_some() && is_mark(label.said) {
        label.said += 1;
    }
    label
}

/// Skips what may be before a label: an opening quotation mark, bullets, chevrons, a time in brackets.
fn skip_ornaments(features: &Features, tokens: Range<usize>) -> usize {
    let word = |t: usize| features.text.word(t);
    let mut at = tokens.start;
    while at < tokens.end {
        at += match word(at) {
            ">" | "*" | "•" | "-" | "–" | "—" | "#" => 1,
            "[" | "(" if is_time(features, at + 1) && matches!(word(at + 2), "]" | ")") => 3,
            _ if is_time(features, at) => 1,
            _ if at == tokens.start && features.marks.positions.get(at) == Some(&MarkPosition::Opens) => 1,
            _ => break,
        };
    }
    at.min(tokens.end)
}

/// `00:03`, `1:02:33`.
fn is_time(features: &Features, token: usize) -> bool {
    let word = features.text.word(token);
    word.contains(':') && word.chars().all(|c| c.is_ascii_digit() || c == ':' || c == '.')
}

/// `((Ann Ray))`, with or without a colon. Addresses and telephone numbers are in such brackets, too.
fn double_bracket(features: &Features, tokens: Range<usize>) -> Option<Label> {
    let word = |t: usize| features.text.word(t);
    if word(tokens.start) != "(" || word(tokens.start + 1) != "(" {
        return None;
    }
    let first = tokens.start + 2;
    let close = (first..tokens.end).take(LONGEST_NAME).find(|&t| word(t) == ")" && word(t + 1) == ")")?;
    let is_contact =
        |t: usize| word(t).contains(['@', '/', '+']) || word(t).bytes().filter(u8::is_ascii_digit).count() > 2;
    if !word(first).starts_with(char::is_uppercase) || (first..close).any(is_contact) {
        return None;
    }
    let colon = Some(close + 2).filter(|&t| word(t) == ":");
    let said = close + 2 + usize::from(colon.is_some());
    let style = LabelStyle::DoubleBracket;
    (close > first).then_some(Label { name: first..close, said, colon, style, evidence: Evidence::Name })
}

/// `Q:`, `Q.`, `Q    Thank you`, and the same with `A`. With one space, as pages show several, it may be a word as well.
fn letter(features: &Features, tokens: Range<usize>) -> Option<Label> {
    let first = tokens.start;
    let word = features.text.word(first);
    let style = match word {
        "Q" | "Q." => LabelStyle::Question,
        "A" | "A." => LabelStyle::Answer,
        _ => return None,
    };
    let colon = Some(first + 1).filter(|&t| t < tokens.end && features.text.word(t) == ":");
    let stop = word.ends_with('.');
    let gap = || {
        let (this, next) = (features.text.tokens.get(first)?.span, features.text.tokens.get(first + 1)?.span);
        features.text.raw.get(this.end as usize..next.start as usize)
    };
    let spaced = || gap().is_some_and(|gap| gap.contains('\t') || gap.chars().count() > 1);
    let is_sure = colon.is_some() || stop || spaced();
    let said = first + 1 + usize::from(colon.is_some());
    let opens = |c: char| c.is_uppercase() || matches!(c, '“' | '"' | '(' | '[' | '-' | '–' | '—');
    let next = if said < tokens.end { features.text.word(said) } else { return None };
    let speaks =
        if is_sure { !next.starts_with(char::is_lowercase) } else { gap() == Some(" ") && next.starts_with(opens) };
    let evidence = if is_sure { Evidence::Generic } else { Evidence::Unknown };
    speaks.then_some(Label { name: first..first + 1, said, colon, style, evidence })
}

/// `ANN RAY, HOST:`, `Ann Ray (North) (Lab):`, `The Minister for Ports (Ann Ray):`.
fn with_colon(features: &Features, tokens: Range<usize>) -> Option<Label> {
    // `BY MR. PELL:` is before the questions that he asks in court.
    let by = matches!(features.text.word(tokens.start), "BY" | "By") && is_title(features.text.word(tokens.start + 1));
    let tokens = tokens.start + usize::from(by)..tokens.end;
    let start = tokens.start;
    let colon = colon_of_label(features, tokens)?;
    let aside = (start..colon).find(|&t| matches!(features.text.word(t), "," | "(" | "[" | "--" | "–" | "—" | "/"));
    let name_end = aside.unwrap_or(colon);
    if name_end == start || name_end - start > LONGEST_NAME {
        return None;
    }
    let words = || (start..name_end).filter(|&t| features.is_word(t));
    let capitals = |t: usize| !features.text.word(t).contains(char::is_lowercase) || is_title(features.text.word(t));
    let long = words().any(|t| features.word(t).case == Case::Capitals && features.text.word(t).len() > 2);
    let style = if long && words().all(capitals) { LabelStyle::Capitals } else { LabelStyle::Plain };
    let mut evidence = evidence(features, start..name_end, aside.is_some())?;
    if style == LabelStyle::Plain && evidence == Evidence::Name && !is_plain_name(features, start..name_end) {
        // A headline with a name in it, or a name of which only a part was recognised.
        if name_end - start > 3 || !words().all(|t| features.text.word(t).starts_with(char::is_uppercase)) {
            return None;
        }
        evidence = Evidence::Unknown;
    }
    Some(Label { name: start..colon, said: colon + 1, colon: Some(colon), style, evidence })
}

/// True if a label that is not in capitals is nothing but a name with titles, no headline that holds one.
fn is_plain_name(features: &Features, name: Range<usize>) -> bool {
    let office = (name.clone()).any(|t| matches!(features.text.word(t), "for" | "of"));
    let part = |t: usize| {
        let word = features.text.word(t);
        !features.is_word(t)
            || features.name(t) == PERSON
            || is_title(word)
            || is_given_name(word)
            || is_name_part(word)
    };
    let capital = |t: usize| features.text.word(t).starts_with(char::is_uppercase);
    let given = name.len() <= 3 && is_given_name(features.text.word(name.start)) && name.clone().all(capital);
    office || given || name.len() <= 5 && name.clone().all(part)
}

/// The colon that ends a label: before it are capitalised words, offices after a comma, and brackets.
fn colon_of_label(features: &Features, tokens: Range<usize>) -> Option<usize> {
    let mut depth = 0usize;
    let mut after_comma = false;
    for t in tokens.take(LONGEST_LABEL) {
        let word = features.text.word(t);
        match word {
            ":" if depth == 0 => return Some(t),
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.checked_sub(1)?,
            "," => after_comma = true,
            "." | "?" | "!" | ";" | "…" | "..." if depth == 0 => return None,
            _ if depth > 0 => {}
            _ if matches!(features.marks.positions.get(t), Some(MarkPosition::Opens | MarkPosition::Closes)) => {
                return None;
            }
            _ if word.starts_with(char::is_lowercase)
                && !english().quotes.label_connectors.contains(word)
                && (!after_comma || matches!(word, "who" | "which" | "said" | "is" | "was")) =>
            {
                return None;
            }
            _ => {}
        }
    }
    None
}

/// What says that `name` names a speaker; none if it surely does not. It is `described` where an office or brackets follow.
fn evidence(features: &Features, name: Range<usize>, described: bool) -> Option<Evidence> {
    let words: Vec<usize> = name.clone().filter(|&t| features.is_word(t)).collect();
    let (&first, &last) = words.first().zip(words.last())?;
    let text = |t: usize| features.text.word(t);
    if features.text.tokens.get(first)?.kind == TokenKind::Number {
        return None;
    }
    if words.iter().all(|&t| is_heading(text(t))) || is_heading(text(last)) && !is_generic(text(last)) {
        return None;
    }
    if words.iter().all(|&t| {
        is_generic(text(t)) || is_title(text(t)) || english().quotes.label_connectors.contains(&text(t).to_lowercase())
    }) {
        return Some(Evidence::Generic);
    }
    let person = words.iter().any(|&t| features.name(t) == PERSON);
    let titled = words.len() > 1 && is_title(text(first));
    if person || titled || words.len() > 1 && is_given_name(text(first)) {
        return Some(Evidence::Name);
    }
    if words.iter().any(|&t| features.name(t) == PLACE_NAME) {
        return Some(Evidence::Place);
    }
    if described && words.len() > 1 && words.len() < 5 {
        return Some(Evidence::Name);
    }
    let common = words.iter().all(|&t| features.is_common(t));
    Some(if common { Evidence::Common } else { Evidence::Unknown })
}

/// `Ms. RAY.`, `The CHAIRMAN.`, `Senator RAY of Ohio.`, `Chairman Ray.`
fn formal(features: &Features, tokens: Range<usize>) -> Option<Label> {
    let word = |t: usize| features.text.word(t);
    let first = tokens.start;
    let article = matches!(word(first), "The" | "THE");
    if !article && !is_title(word(first)) {
        return None;
    }
    let stop = (first + 1..tokens.end).take(7).find(|&t| word(t) == ".")?;
    let name = first + 1..stop;
    let fits = |t: usize| {
        matches!(features.word(t).case, Case::Capitals | Case::Capitalised) || matches!(word(t), "of" | "the")
    };
    let capitals = name.clone().any(|t| features.word(t).case == Case::Capitals && word(t).len() > 2);
    if name.is_empty() || !name.clone().all(fits) || stop + 1 >= tokens.end || article && !capitals {
        return None;
    }
    let evidence = if article {
        Evidence::Generic
    } else if capitals {
        Evidence::Name
    } else {
        Evidence::Unknown
    };
    Some(Label { name: first..stop, said: stop + 1, colon: None, style: LabelStyle::Formal, evidence })
}

/// `Ann Ray (EPP). – Madam President`, `Ann Ray, in writing. – (DE) The`: a full stop and a dash.
fn before_dash(features: &Features, tokens: Range<usize>) -> Option<Label> {
    let word = |t: usize| features.text.word(t);
    let is_stop = |t: &usize| word(*t) == "." && matches!(word(t + 1), "–" | "—");
    let stop = tokens.clone().take(LONGEST_LABEL).find(is_stop).filter(|stop| stop + 2 < tokens.end)?;
    let aside = (tokens.start..stop).find(|&t| matches!(word(t), "," | "("));
    let name = tokens.start..aside.unwrap_or(stop);
    let is_part = |t: usize| matches!(features.word(t).case, Case::Capitals | Case::Capitalised) || word(t) == "-";
    if name.is_empty() || name.len() > LONGEST_NAME || !name.clone().all(is_part) {
        return None;
    }
    let evidence = evidence(features, name, aside.is_some())?;
    Some(Label { name: tokens.start..stop, said: stop + 2, colon: None, style: LabelStyle::Formal, evidence })
}

/// A name and a time alone on a line.
fn timed(features: &Features, tokens: Range<usize>) -> Option<Label> {
    let word = |t: usize| features.text.word(t);
    let last = tokens.end.checked_sub(1).filter(|&t| t > tokens.start && tokens.len() <= LONGEST_NAME)?;
    let (time, bracket) = if matches!(word(last), ")" | "]") { (last - 1, true) } else { (last, false) };
    let name = tokens.start..time.checked_sub(usize::from(bracket))?;
    let named = |t: usize| matches!(features.word(t).case, Case::Capitals | Case::Capitalised | Case::Digit);
    if !is_time(features, time) || name.is_empty() || !name.clone().all(named) {
        return None;
    }
    let evidence = evidence(features, name.clone(), false)?;
    Some(Label { name, said: tokens.end, colon: None, style: LabelStyle::Timed, evidence })
}

/// A name, perhaps with an office, alone on a line.
fn name_line(features: &Features, tokens: Range<usize>) -> Option<Label> {
    let last = tokens.end.checked_sub(1)?;
    if tokens.len() > LONGEST_NAME_LINE || matches!(features.text.word(last), "." | "?" | "!" | ":" | "”" | "\"") {
        return None;
    }
    let is_name = |t: usize| features.name(t) == PERSON;
    let end = tokens.clone().find(|&t| !is_name(t)).unwrap_or(tokens.end);
    let operator = tokens.len() == 1 && is_generic(features.text.word(tokens.start));
    let office = end == tokens.end || matches!(features.text.word(end), "," | "-" | "--" | "–" | "—" | "|" | "(");
    let named = end > tokens.start + 1 && office;
    // `Ines Talbot -- Fenwick Partners -- Analyst`, where the name is not known.
    let dashes = tokens.clone().find(|&t| features.text.word(t) == "--").map_or(0, |dash| dash - tokens.start);
    let capital = |t: usize| features.text.word(t).starts_with(char::is_uppercase);
    let parted = (2..=4).contains(&dashes) && (tokens.start..tokens.start + dashes).all(capital);
    let evidence = match () {
        () if operator => Evidence::Generic,
        () if named => Evidence::Name,
        () if parted => Evidence::Unknown,
        () => return None,
    };
    let said = tokens.end;
    Some(Label { name: tokens, said, colon: None, style: LabelStyle::NameLine, evidence })
}

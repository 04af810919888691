//! Turns: words that a label before them gives to a speaker, as transcripts, hearings, briefings and interviews print them.
//!
//! A single label proves little: headlines, datelines and captions have colons too. So all labels of an article are read
//! first, and those that do not name a person count only beside others that do.

use std::collections::HashSet;
use std::ops::Range;

use super::features::Features;
use super::frame::{Frame, Origin};
use super::spoken;
use super::turn_judgement::{accept, drop_unspoken};
use super::turn_label::{self, Evidence, Label, LabelStyle, Line};
use crate::language::english;
use crate::tagger::Case;

/// How sure such an attribution is: on the training articles nearly all are right.
const SURE: f32 = 0.97;

/// Labels from which on an article is a transcript: all text from one to the next belongs to the turn.
pub(super) const TRANSCRIPT: usize = 4;

/// Outside transcripts a turn has at most this many paragraphs after its first.
const LONGEST_TURN: usize = 4;

/// Tokens of the longest remark in brackets that is taken for a stage direction.
const LONGEST_DIRECTION: usize = 16;

/// What the labels of an article say.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// The turns, in order.
    pub frames: Vec<Frame>,
    /// The colons behind labels of lists, in order: they are no cues.
    pub list_colons: Vec<usize>,
}

/// Finds the turns of an article.
pub(super) fn find(features: &Features) -> Turns {
    let lines = turn_label::lines(features.text);
    let mut labels: Vec<Option<Label>> = lines.iter().map(|line| turn_label::read(features, line)).collect();
    if labels.iter().all(Option::is_none) {
        return Turns::default();
    }
    drop_words(&lines, &mut labels);
    know_by_family(features, &mut labels);
    let list_colons = list_colons(features, &lines, &labels);
    let lines_of = |fits: fn(&Label) -> bool| -> Vec<usize> {
        (0..).zip(&labels).filter(|(_, label)| label.as_ref().is_some_and(fits)).map(|(number, _)| number).collect()
    };
    let named = lines_of(is_named);
    let by_name = lines_of(|label| is_named(label) && label.evidence == Evidence::Name);
    drop_unspoken(features, &lines, &mut labels);
    accept(features, &lines, &named, &mut labels);
    let accepted: Vec<usize> = (0..lines.len()).filter(|&n| labels[n].is_some()).collect();
    let transcript = accepted.len() >= TRANSCRIPT;
    let mut frames = Vec::new();
    let mut long_turns = false;
    for (i, &number) in accepted.iter().enumerate() {
        let Some(label) = &labels[number] else { continue };
        let next = accepted.get(i + 1).copied();
        let last_line = match next {
            Some(next) if transcript => next - 1,
            Some(next) => last_line_before(features, &lines, number, next, label),
            None if transcript && long_turns => last_of_article(&lines, number),
            None => last_of_paragraph(&lines, number, label),
        };
        // A line that names somebody else is no part of a turn, even where it is none itself.
        let after = |numbers: &[usize]| numbers.get(numbers.partition_point(|&other| other <= number)).copied();
        let beside = after(&named).filter(|&other| lines[other].paragraph == lines[number].paragraph);
        let other = [beside, after(&by_name), next].into_iter().flatten().min();
        let last_line = other.map_or(last_line, |other| last_line.min(other - 1));
        long_turns |= lines[last_line].paragraph > lines[number].paragraph;
        let end = lines[last_line].tokens.end;
        if label.said < end {
            frames.push(frame(features, label, &lines[number..=last_line], end));
        }
    }
    frames.retain(|frame| !frame.is_empty());
    Turns { frames, list_colons }
}

/// True for the label of a line that may be a turn.
pub(super) fn is_named(label: &Label) -> bool {
    is_by_colon(label) && matches!(label.evidence, Evidence::Name | Evidence::Generic | Evidence::Unknown)
}

/// True for a label that tells by what is behind it whether the others beside it are spoken.
pub(super) fn is_turn(label: &Label) -> bool {
    is_named(label) || matches!(label.style, LabelStyle::Question | LabelStyle::Answer)
}

fn is_by_colon(label: &Label) -> bool {
    matches!(label.style, LabelStyle::Capitals | LabelStyle::Plain)
}

/// What is behind the labels that `fits` takes.
pub(super) fn said(labels: &[Option<Label>], fits: impl Fn(&Label) -> bool) -> Vec<Option<usize>> {
    labels.iter().map(|label| label.as_ref().filter(|label| fits(label)).map(|label| label.said)).collect()
}

/// The colons of labels that nobody speaks behind.
fn list_colons(features: &Features, lines: &[Line], labels: &[Option<Label>]) -> Vec<usize> {
    let selves = &english().quotes.selves;
    let listed = |fits: fn(&Label) -> bool| {
        let spoken = spoken::spoken(features.text, &features.marks, selves, lines, &said(labels, fits));
        let labels = labels.iter().zip(spoken).filter(|(_, spoken)| !spoken).filter_map(|(label, _)| label.as_ref());
        labels.filter(|label| fits(label)).filter_map(|label| label.colon).collect::<Vec<_>>()
    };
    let mut colons = listed(is_turn);
    colons.extend(listed(|label| is_by_colon(label) && !is_named(label)));
    colons.sort_unstable();
    colons
}

/// Drops single letters that are words: those with one space behind them, unless a question is among people who are named or follows
/// other questions, or an answer is right behind it.
fn drop_words(lines: &[Line], labels: &mut [Option<Label>]) {
    let is_speaker = |label: &Label| match label.style {
        LabelStyle::Capitals | LabelStyle::Formal | LabelStyle::DoubleBracket => {
            matches!(label.evidence, Evidence::Name | Evidence::Generic)
        }
        LabelStyle::Question => label.evidence == Evidence::Generic,
        LabelStyle::Plain | LabelStyle::Timed | LabelStyle::NameLine | LabelStyle::Answer => false,
    };
    let has_speakers = labels.iter().flatten().any(is_speaker);
    let is = |label: Option<&Option<Label>>, style: LabelStyle| {
        label.is_some_and(|label| label.as_ref().is_some_and(|label| label.style == style))
    };
    for number in 0..labels.len() {
        let (before, after) = (number.checked_sub(1).and_then(|before| labels.get(before)), labels.get(number + 1));
        let keep = |label: &Label| match label.style {
            _ if label.evidence == Evidence::Generic => true,
            LabelStyle::Question => lines[number].starts_paragraph && (has_speakers || is(after, LabelStyle::Answer)),
            LabelStyle::Answer => lines[number].starts_paragraph && is(before, LabelStyle::Question),
            _ => true,
        };
        if !labels[number].as_ref().is_some_and(keep) {
            labels[number] = None;
        }
    }
}

/// Labels that are the family name of somebody in the article, or the initials of a speaker, name somebody too.
fn know_by_family(features: &Features, labels: &mut [Option<Label>]) {
    let words = |tokens: Range<usize>| tokens.filter(|&t| features.is_word(t)).map(|t| features.text.word(t));
    let initials = |tokens: Range<usize>| -> String {
        words(tokens).filter_map(|word| word.chars().next()).flat_map(char::to_lowercase).collect()
    };
    let mut known: HashSet<String> = features.full_names().map(|name| last_word(features, name)).collect();
    for label in labels.iter().flatten().filter(|label| label.evidence == Evidence::Name) {
        let name = without_aside(features, label);
        if name.len() > 1 {
            known.insert(initials(name.clone()));
            known.insert(last_word(features, name));
        }
    }
    for label in labels.iter_mut().flatten() {
        let name = last_word(features, without_aside(features, label));
        let letters = matches!(label.style, LabelStyle::Question | LabelStyle::Answer);
        if !letters
            && matches!(label.evidence, Evidence::Unknown | Evidence::Common | Evidence::Place)
            && known.contains(&name)
        {
            label.evidence = Evidence::Name;
        }
    }
}

/// The words of a label before any comma or bracket.
pub(super) fn without_aside(features: &Features, label: &Label) -> Range<usize> {
    let aside = |t: &usize| matches!(features.text.word(*t), "," | "(" | "[" | "-" | "--" | "–" | "—" | "/");
    label.name.start..label.name.clone().find(aside).unwrap_or(label.name.end)
}

pub(super) fn last_word(features: &Features, tokens: Range<usize>) -> String {
    let last = tokens.rev().find(|&t| features.is_word(t));
    last.map_or(String::new(), |t| features.text.word(t).to_lowercase())
}

/// Outside transcripts, paragraphs without a label belong to a turn in capitals if another turn follows soon and no
/// quotation marks show that a reporter speaks.
fn last_line_before(features: &Features, lines: &[Line], number: usize, next: usize, label: &Label) -> usize {
    let own = last_of_paragraph(lines, number, label);
    let apart = lines[next].paragraph.saturating_sub(lines[number].paragraph) as usize;
    let capitals = matches!(label.style, LabelStyle::Capitals | LabelStyle::Formal);
    let between = lines[own].tokens.end..lines[next].tokens.start;
    let plain = between.into_iter().all(|t| features.marks.stretch.get(t) == Some(&0));
    if capitals && plain && apart <= LONGEST_TURN + 1 && next > own { next - 1 } else { own }
}

/// The last line of the paragraph of line `number`, or of the next one where the label fills its own.
fn last_of_paragraph(lines: &[Line], number: usize, label: &Label) -> usize {
    let last = |paragraph: u32| lines.partition_point(|line| line.paragraph <= paragraph).saturating_sub(1);
    let own = last(lines[number].paragraph);
    if label.said >= lines[own].tokens.end { last(lines[number].paragraph + 1) } else { own }
}

/// The last line of the article that goes on with the last turn.
fn last_of_article(lines: &[Line], number: usize) -> usize {
    let own = lines[number].paragraph as usize;
    lines.partition_point(|line| line.paragraph as usize <= own + LONGEST_TURN).saturating_sub(1).max(number)
}

fn frame(features: &Features, label: &Label, lines: &[Line], end: usize) -> Frame {
    let origin = match label.style {
        LabelStyle::Question => Origin::Question,
        LabelStyle::Answer => Origin::Answer,
        LabelStyle::Capitals
        | LabelStyle::Plain
        | LabelStyle::Formal
        | LabelStyle::DoubleBracket
        | LabelStyle::Timed
        | LabelStyle::NameLine => Origin::Turn,
    };
    let source = Some((label.name.start, label.name.end));
    let mut frame = Frame::from_rule(label.said..end, label.colon, source, SURE, origin);
    for direction in directions(features, label.said..end) {
        direction.for_each(|t| frame.drop(t));
    }
    let mut introduced = 0;
    for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.tokens.start >= label.said) {
        introduced = introduced.max(number + introduction(features, lines.get(number..).unwrap_or_default()));
        if number < introduced || is_direction_line(features, line) {
            line.tokens.clone().for_each(|t| frame.drop(t));
        }
    }
    frame
}

/// How many lines, from the first one, are the court's words about a witness: `ANN RAY, having been duly sworn, testified as
/// follows:`.
fn introduction(features: &Features, lines: &[Line]) -> usize {
    const LONGEST: usize = 4;
    const LONGEST_NAME: usize = 4;
    let word = |t: usize| features.text.word(t);
    let Some(first) = lines.first() else { return 0 };
    let name = first.tokens.clone().take(LONGEST_NAME).take_while(|&t| features.word(t).case == Case::Capitals).count();
    if name < 2 || word(first.tokens.start + name) != "," {
        return 0;
    }
    let ends = |line: &Line| line.tokens.end.checked_sub(1).is_some_and(|last| word(last) == ":");
    lines.iter().take(LONGEST).position(ends).map_or(0, |last| last + 1)
}

/// Remarks in brackets that no speaker said: `(Laughter.)`, `[crosstalk 00:12]`, `(voice-over):`.
fn directions(features: &Features, tokens: Range<usize>) -> Vec<Range<usize>> {
    let word = |t: usize| features.text.word(t);
    let mut found = Vec::new();
    let mut at = tokens.start;
    while at < tokens.end {
        let close = match word(at) {
            "(" => ")",
            "[" => "]",
            _ => {
                at += 1;
                continue;
            }
        };
        let end = (at + 1..tokens.end).take(LONGEST_DIRECTION).find(|&t| word(t) == close);
        let Some(end) = end else {
            at += 1;
            continue;
        };
        if close == "]" || is_direction(features, at + 1..end) {
            let colon = usize::from(word(end + 1) == ":" && end + 1 < tokens.end);
            found.push(at..end + 1 + colon);
        }
        at = end + 1;
    }
    found
}

/// True if what is in brackets is a stage direction: in capitals, a sentence of its own, or one of a list.
fn is_direction(features: &Features, inside: Range<usize>) -> bool {
    let word = |t: usize| features.text.word(t);
    let letters = || inside.clone().filter(|&t| features.is_word(t));
    let capitals = letters().all(|t| !word(t).contains(char::is_lowercase));
    let listed = english().quotes.directions.contains(&word(inside.start).to_lowercase());
    let sentence = word(inside.start).starts_with(char::is_uppercase);
    inside.is_empty() || capitals || listed || sentence
}

/// True for a line in capitals, without a label, that says what is shown: `BEGIN VIDEO`, `* * *`.
fn is_direction_line(features: &Features, line: &Line) -> bool {
    let words = || line.tokens.clone().filter(|&t| features.is_word(t));
    let capitals = words().all(|t| !features.text.word(t).contains(char::is_lowercase));
    let last = line.tokens.end.saturating_sub(1);
    let long = words().filter(|&t| features.text.word(t).len() > 2).count() > 1;
    capitals && (long || words().next().is_none()) && !matches!(features.text.word(last), "." | "?" | "!")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::frame::frames_in;

    /// Finds the turns of `raw`, each as `label: words`, where people are named by title or office alone.
    #[track_caller]
    fn check(raw: &str, expect: &[&str]) {
        assert_eq!(frames_in(raw, |features| find(features).frames), expect);
    }

    #[test]
    fn transcripts_name_their_speakers_in_capitals() {
        check(
            "HOLE: Thirty seconds.\n\nCOLIN DRAX, CANDIDATE: I need twenty.\n\nMS. RAY: No.",
            &["HOLE: Thirty seconds.", "COLIN DRAX, CANDIDATE: I need twenty.", "MS. RAY: No."],
        );
        check("SEN. RAY: No.\nMs. LIND: Why?", &["SEN. RAY: No.", "Ms. LIND: Why?"]);
    }

    #[test]
    fn a_turn_may_have_several_paragraphs() {
        check("MS. RAY: No.\n\nNever.\n\nMR. HOLE: Why?", &["MS. RAY: No.\n\nNever.", "MR. HOLE: Why?"]);
        check("MS. RAY: No.\n\n“Never,” she said later.\n\nMR. HOLE: Why?", &["MS. RAY: No.", "MR. HOLE: Why?"]);
        check("MS. RAY: No.\n\nThe hearing ended.", &["MS. RAY: No."]);
    }

    #[test]
    fn a_plain_name_and_a_colon_count_from_the_second_on() {
        check("Voll: We wait.\n\nSand: We do not.", &["Voll: We wait.", "Sand: We do not."]);
        check("Voll: a life in pictures\n\nShe was born in May.", &[]);
        check("MARKETS REPORT: Stocks edge up.\n\nShe was born in May.", &[]);
        check("Photo: Ann Ray\n\nPhoto: Bo Lind", &[]);
        check("Voll: “We set traps,” said Ann Ray.\n\nSand: It rained.", &[]);
    }

    #[test]
    fn lists_have_no_speakers() {
        check("TICKETS: From 8 crowns\nDOORS: 7 p.m.\nADDRESS: Quay Street 4", &[]);
        check("BYLINE: Ann Ray\n\nSECTION: News\n\nBYLINE: Bo Lind", &[]);
    }

    #[test]
    fn lists_of_names_have_no_speakers() {
        for list in [
            "Ann Ray (Labour): 12,304\nBo Lind (Green): 9,121\nCarla Munt (Ind): 870",
            "MS. RAY: 12,304\n\nMR. LIND: 9,121\n\nMS. MUNT: 870",
            "Voll: Ray; Lind, Hole (Munt 70).\nSand: Foss; Orr, Webb.",
            "Mr. Voll: Saved a penalty early on.\n\nMr. Sand: Slow to start.\n\nMr. Hole: Ran the midfield.",
            "Mr. Voll: “The Quiet Lock”\nMr. Sand: “Marsh Light”",
            "Mr. Voll: She has said “I will pay” and “who else?”\n\nMr. Sand: He promises a school.",
        ] {
            check(list, &[]);
        }
        check(
            "Mr. Voll: “I will not pay.”\nMr. Sand: “It is fair.”",
            &["Mr. Voll: “I will not pay.”", "Mr. Sand: “It is fair.”"],
        );
        check("Mr. Voll: I will pay.\nMr. Sand: 21\nMr. Hole: Why?", &["Mr. Voll: I will pay.", "Mr. Hole: Why?"]);
    }

    #[test]
    fn ratings_are_not_spoken() {
        for list in [
            "Ann Ray: Made two fine saves. 8\n\nBo Lind: I have seldom seen him so slow. 5",
            "Voll: Who else? 9\nSand: I liked the soup. 7/10\nHole: Too salty! 3",
            "Mr. Voll: We were right to praise him. ★★★\n\nMr. Sand: Never so slow. ★",
        ] {
            check(list, &[]);
        }
        check(
            "Ann Ray: I was born in 1980.\n\nBo Lind: Why then?",
            &["Ann Ray: I was born in 1980.", "Bo Lind: Why then?"],
        );
    }

    #[test]
    fn labels_may_be_set_in_bold() {
        check("**Ann Ray:** We wait.\n\n**Bo Lind:** Why?", &["Ann Ray: We wait.", "Bo Lind: Why?"]);
        check("**Ann Ray**: We wait.\n\n**Bo Lind**: Why?", &["Ann Ray: We wait.", "Bo Lind: Why?"]);
        check("**MS. RAY:** No.\n\n**MR. LIND:** Why?", &["MS. RAY: No.", "MR. LIND: Why?"]);
    }

    #[test]
    fn the_outlet_s_answers_are_nobodys_words() {
        check("Q: Who pays?\n\nA: The council says that boat owners do.", &[]);
        check("Q: Must I pay?\n\nA: Only if you own a boat.", &[]);
        check("Q: Who pays?\n\nA: I do. The council says so.", &["Q: Who pays?", "A: I do. The council says so."]);
    }

    #[test]
    fn interviews_need_a_question_and_an_answer() {
        check("Q: Why hens?\n\nA: They never ask.", &["Q: Why hens?", "A: They never ask."]);
        check("A: They never ask.", &[]);
        check("MR. RAY: No.\n\nQ    Why?\n\nMR. RAY: No.", &["MR. RAY: No.", "Q: Why?", "MR. RAY: No."]);
    }

    #[test]
    fn pages_show_one_space_behind_a_letter() {
        check(
            "MS. RAY: In May.\n\nQ Does he know?\n\nMS. RAY: He does.\n\nQ -- and she?",
            &["MS. RAY: In May.", "Q: Does he know?", "MS. RAY: He does.", "Q: -- and she?"],
        );
        check("Q Why hens?\n\nA They never ask.", &["Q: Why hens?", "A: They never ask."]);
        check(
            "Q. Who pays?\n\nA. I do.\n\nQ Till when?\n\nA Till May.",
            &["Q.: Who pays?", "A.: I do.", "Q: Till when?", "A: Till May."],
        );
        for prose in [
            "Q Acoustics was sold.\n\nShe was born in May.",
            "Voll: We wait.\n\nA Council report says so.\n\nSand: We do not.",
            "Q & A with Voll\n\nA Council report says so.",
        ] {
            let letters = frames_in(prose, |features| find(features).frames);
            assert!(!letters.iter().any(|turn| turn.starts_with(['Q', 'A'])), "{letters:?}");
        }
    }

    #[test]
    fn records_of_parliaments_put_a_full_stop_behind_the_name() {
        check(
            "Ms. LIND. We wait.\n\nThe CHAIRMAN. How long?\n\nMs. LIND. Till May.",
            &["Ms. LIND: We wait.", "The CHAIRMAN: How long?", "Ms. LIND: Till May."],
        );
    }

    #[test]
    fn a_dash_may_be_behind_the_full_stop() {
        check(
            "Ann Ray (EPP). – Madam President, the quay is shut.\n\nBo Lind (S&D), in writing. – (DE) Who pays?\n\nPresident. – Thank you.",
            &[
                "Ann Ray (EPP): Madam President, the quay is shut.",
                "Bo Lind (S&D), in writing: Who pays?",
                "President: Thank you.",
            ],
        );
        check("TORVANE. – The quay is shut.\n\nShe was born in May. – And he?", &[]);
    }

    #[test]
    fn a_court_s_words_about_a_witness_are_nobodys() {
        check(
            "THE COURT: Call your witness.\n\nMR. PELL: The State calls Ann Ray.\n\nANN RAY,\nhaving been duly sworn, testified as follows:\n\n\
             DIRECT EXAMINATION\n\nBY MR. PELL:\n\nQ    When did it move?\n\nA    In May.\n\nMR. PELL: Thank you.",
            &[
                "THE COURT: Call your witness.",
                "MR. PELL: The State calls Ann Ray.",
                "Q: When did it move?",
                "A: In May.",
                "MR. PELL: Thank you.",
            ],
        );
    }

    #[test]
    fn contacts_in_brackets_do_not_speak() {
        for contact in [
            "((ann.ray@torvane.example; +44 20 555 0100))",
            "((Torvane Newsroom; 020 555 0100))",
            "((Torvane@post.example))",
        ] {
            check(&format!("“We wait,” said Ann Ray.\n\n{contact}\n\n(c) Copyright Torvane 2025."), &[]);
        }
    }

    #[test]
    fn names_may_stand_in_brackets_or_before_a_time() {
        check("((Ann Ray))  We wait.\n\n((WN))  Why?", &["Ann Ray: We wait.", "WN: Why?"]);
        check("Ann Ray  00:03\nWe wait.\n\nBo Lind  00:09\nWhy?", &["Ann Ray: We wait.", "Bo Lind: Why?"]);
        check("Ann Ray 21:04\nBo Lind 21:30\nThe water was cold.", &[]);
        check("Room Two  09:00\nA talk on dams.\n\nMain Hall  09:30\nAnother talk.", &[]);
        check("Ann Ray  02:31\nA new record.\n\nBo Lind  02:34\nThird win.", &[]);
        check("Teal  07:12\nA header.\n\nSand  40:02\nA penalty.", &[]);
        check("John 3:16\n\nThe church was full.\n\nRuth 1:16\n\nThe choir sang.", &[]);
    }

    #[test]
    fn stage_directions_are_nobodys_words() {
        check(
            "MS. RAY: (Laughter.) No. [crosstalk 00:12] Never (and I mean it).\n\n(END VIDEO CLIP)\n\nMR. LIND (voice-over): So?",
            &["MS. RAY: No. … Never (and I mean it).", "MR. LIND (voice-over): So?"],
        );
    }
}

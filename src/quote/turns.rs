//! Turns: words that a label before them gives to a speaker, as transcripts, hearings, briefings and interviews print them.
//!
//! A single label proves little: headlines, datelines and captions have colons too. So all labels of an article are read
//! first, and those that do not name a person count only beside others that do.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::features::{Features, PERSON};
use super::frame::{Frame, Origin};
use super::marks::MarkPosition;
use super::spoken::{self, SPOKEN_SHARE};
use super::turn_label::{self, Evidence, Label, LabelStyle, Line};
use crate::language::english;

/// How sure such an attribution is: on the training articles nearly all are right.
const SURE: f32 = 0.97;

/// Labels from which on an article is a transcript: all text from one to the next belongs to the turn.
const TRANSCRIPT: usize = 4;

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
fn is_named(label: &Label) -> bool {
    is_by_colon(label) && matches!(label.evidence, Evidence::Name | Evidence::Generic | Evidence::Unknown)
}

/// True for a label that tells by what is behind it whether the others beside it are spoken.
fn is_turn(label: &Label) -> bool {
    is_named(label) || matches!(label.style, LabelStyle::Question | LabelStyle::Answer)
}

fn is_by_colon(label: &Label) -> bool {
    matches!(label.style, LabelStyle::Capitals | LabelStyle::Plain)
}

/// What is behind the labels that `fits` takes.
fn said(labels: &[Option<Label>], fits: impl Fn(&Label) -> bool) -> Vec<Option<usize>> {
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
fn without_aside(features: &Features, label: &Label) -> Range<usize> {
    let aside = |t: &usize| matches!(features.text.word(*t), "," | "(" | "[" | "-" | "--" | "–" | "—" | "/");
    label.name.start..label.name.clone().find(aside).unwrap_or(label.name.end)
}

fn last_word(features: &Features, tokens: Range<usize>) -> String {
    let last = tokens.rev().find(|&t| features.is_word(t));
    last.map_or(String::new(), |t| features.text.word(t).to_lowercase())
}

/// How many lines have a name and a time, if they are those of a recording: they go on, and somebody speaks between them. Times of
/// trains and of swimmers are in lists.
fn timed(features: &Features, lines: &[Line], labels: &[Option<Label>]) -> usize {
    let is_timed = |label: &Option<Label>| label.as_ref().is_some_and(|l| l.style == LabelStyle::Timed);
    let listed = labels.windows(2).any(|two| two.iter().all(is_timed));
    let found = lines.iter().zip(labels).filter(|(_, label)| is_timed(label));
    let seconds =
        |time: &str| time.split(':').filter_map(|part| part.parse::<f32>().ok()).fold(0.0, |sum, n| sum * 60.0 + n);
    let times: Vec<f32> = found
        .filter_map(|(line, _)| line.tokens.clone().map(|t| features.text.word(t)).find(|word| word.contains(':')))
        .map(seconds)
        .collect();
    if listed || !times.is_sorted() { 0 } else { times.len() }
}

/// Drops labels of which the text shows that nobody speaks behind them: those of lists, and of questions that the outlet
/// answers itself.
fn drop_unspoken(features: &Features, lines: &[Line], labels: &mut [Option<Label>]) {
    let (text, marks, selves) = (features.text, &features.marks, &english().quotes.selves);
    let spoken = spoken::spoken(text, marks, selves, lines, &said(labels, is_turn));
    let letters = |style: LabelStyle| spoken::turns(lines, &said(labels, |label| label.style == style));
    let (questions, answers) = (letters(LabelStyle::Question), letters(LabelStyle::Answer));
    let explains = is_explained(features, &questions, &answers);
    // Labels in capitals are those of a transcript, too, where somebody speaks again and most turns are sentences.
    let in_capitals = |label: &Label| is_named(label) && label.style == LabelStyle::Capitals;
    let turns = spoken::turns(lines, &said(labels, in_capitals));
    let is_ended = |turn: &&Range<usize>| (*turn).clone().any(|t| matches!(text.word(t), "." | "?" | "!"));
    let mut families = HashSet::new();
    let returns = labels.iter().flatten().filter(|label| in_capitals(label));
    let returns =
        returns.map(|label| last_word(features, without_aside(features, label))).any(|name| !families.insert(name));
    let is_transcript = returns && 2 * turns.iter().filter(is_ended).count() > turns.len();
    for (label, spoken) in labels.iter_mut().zip(spoken) {
        let keep = |l: &Label| match l.style {
            LabelStyle::Question | LabelStyle::Answer => !explains,
            LabelStyle::Capitals => spoken || is_transcript || !is_named(l),
            LabelStyle::Plain => spoken || !is_named(l),
            LabelStyle::Formal | LabelStyle::DoubleBracket | LabelStyle::Timed | LabelStyle::NameLine => true,
        };
        *label = label.take().filter(keep);
    }
}

/// True for questions that the outlet itself answers, which are nobody's words: the answers report what others say or address the
/// reader, who asks in the first person, and hardly any speaks of itself. Somebody may be named as who answers.
fn is_explained(features: &Features, questions: &[Range<usize>], answers: &[Range<usize>]) -> bool {
    let quotes = &english().quotes;
    let has = |turn: &Range<usize>, fits: &dyn Fn(&str) -> bool| {
        turn.clone().any(|t| features.marks.stretch.get(t) == Some(&0) && fits(&features.text.word(t).to_lowercase()))
    };
    let selves =
        |turn: &&Range<usize>| spoken::of_oneself(features.text, &features.marks, &quotes.selves, (*turn).clone());
    let Some(first) = questions.iter().chain(answers).map(|turn| turn.start).min() else { return false };
    // `says` and `said`; `ask` is what anybody does.
    let is_finite = |word: &str| word.ends_with(['s', 'd']) && quotes.reporting.contains(word);
    let reports = answers.iter().any(|turn| has(turn, &|word| is_finite(word) || word == "according"));
    let addresses = answers.iter().any(|turn| has(turn, &|word| matches!(word, "you" | "your")));
    let asks_for_oneself = questions.iter().any(|turn| selves(&turn));
    let names_answerer = features.text.sentences.iter().take_while(|s| (s.first as usize) < first).any(|sentence| {
        sentence.tokens().any(|t| features.name(t) == PERSON)
            && sentence.tokens().any(|t| quotes.replies.contains(&features.text.word(t).to_lowercase()))
    });
    (reports || addresses && asks_for_oneself)
        && SPOKEN_SHARE * answers.iter().filter(selves).count() < answers.len()
        && !names_answerer
}

/// Drops the labels that do not name speakers, by what the article has of each sort; the lines that `named` has have a label that may.
fn accept(features: &Features, lines: &[Line], named: &[usize], labels: &mut [Option<Label>]) {
    let text = |label: &Label| -> String {
        label.name.clone().map(|t| features.text.word(t).to_lowercase()).collect::<Vec<_>>().join(" ")
    };
    let mut times: HashMap<String, usize> = HashMap::new();
    for label in labels.iter().flatten() {
        *times.entry(text(label)).or_default() += 1;
    }
    let count = |fits: &dyn Fn(&Label) -> bool| labels.iter().flatten().filter(|label| fits(label)).count();
    let at_starts = |style: LabelStyle| {
        let starts = lines.iter().zip(labels.iter()).filter(|(line, _)| line.starts_paragraph);
        starts.filter_map(|(_, label)| label.as_ref()).filter(|l| l.style == style).count()
    };
    let (questions, answers) = (count(&|l| l.style == LabelStyle::Question), count(&|l| l.style == LabelStyle::Answer));
    let by_colon = |l: &Label| matches!(l.style, LabelStyle::Capitals | LabelStyle::Plain | LabelStyle::DoubleBracket);
    let names = count(&|l| by_colon(l) && l.evidence == Evidence::Name);
    let generic = count(&|l| by_colon(l) && l.evidence == Evidence::Generic);
    let plain = count(&|l| {
        l.style == LabelStyle::Plain && matches!(l.evidence, Evidence::Name | Evidence::Unknown | Evidence::Generic)
    });
    // `Rats: “We set traps,” said Ann Ray.` tells what it is about: a line of a few with labels, or most of many, says itself who
    // speaks.
    let closes =
        |t: usize| features.marks.positions.get(t) == Some(&MarkPosition::Closes) && features.text.word(t - 1) == ",";
    let attributed = lines.iter().zip(labels.iter()).filter(|(line, label)| {
        label.as_ref().is_some_and(|l| l.style == LabelStyle::Plain && (l.said + 1..line.tokens.end).any(closes))
    });
    let attributed = attributed.count();
    let plain_names = count(&|l| l.style == LabelStyle::Plain && l.evidence == Evidence::Name);
    let formal = count(&|l| l.style == LabelStyle::Formal);
    let formal_names = count(&|l| l.style == LabelStyle::Formal && l.evidence == Evidence::Name);
    let timed = timed(features, lines, labels);
    let name_lines = at_starts(LabelStyle::NameLine);
    let repeats = labels.iter().flatten().any(|l| {
        l.style == LabelStyle::NameLine && l.evidence == Evidence::Name && times.get(&text(l)).is_some_and(|n| *n > 1)
    });
    let speakers = names + formal_names + if generic > 1 { generic } else { 0 };
    let adjoins = |number: usize| {
        let beside = [number.wrapping_sub(1), number + 1];
        let in_block =
            |&other: &usize| named.binary_search(&other).is_ok() && lines[other].paragraph == lines[number].paragraph;
        beside.iter().any(in_block)
    };
    let fits = |number: usize, line: &Line, label: &Label| {
        let repeated = times.get(&text(label)).is_some_and(|n| *n > 1);
        match label.style {
            LabelStyle::Question => answers > 0 || speakers > 0,
            LabelStyle::Answer => questions > 0,
            LabelStyle::DoubleBracket => true,
            LabelStyle::Capitals => match label.evidence {
                Evidence::Name => true,
                Evidence::Unknown => speakers > 0 || repeated,
                Evidence::Generic | Evidence::Common => speakers > 0,
                Evidence::Place => false,
            },
            LabelStyle::Plain => {
                if attributed > 0 && (plain < TRANSCRIPT || 2 * attributed > plain) {
                    return false;
                }
                let company = match label.evidence {
                    Evidence::Name => plain_names > 1 || speakers > 1,
                    Evidence::Generic => speakers > 1,
                    Evidence::Unknown => plain > 1,
                    Evidence::Common | Evidence::Place => false,
                };
                company && (line.starts_paragraph || repeated || adjoins(number))
            }
            LabelStyle::Formal => match label.evidence {
                Evidence::Name => true,
                Evidence::Generic => formal_names > 0,
                Evidence::Unknown | Evidence::Common | Evidence::Place => formal > 1 && repeated,
            },
            LabelStyle::Timed => timed > 1,
            LabelStyle::NameLine => name_lines >= TRANSCRIPT && names == 0 && timed == 0 && repeats,
        }
    };
    let found = lines.iter().zip(labels.iter()).enumerate();
    let keep: Vec<bool> =
        found.map(|(number, (line, label))| label.as_ref().is_some_and(|label| fits(number, line, label))).collect();
    for (label, keep) in labels.iter_mut().zip(keep) {
        if !keep {
            *label = None;
        }
    }
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
    for line in lines.iter().filter(|line| line.tokens.start >= label.said && is_direction_line(features, line)) {
        line.tokens.clone().for_each(|t| frame.drop(t));
    }
    frame
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
    fn records_of_parliaments_put_a_full_stop_behind_the_name() {
        check(
            "Ms. LIND. We wait.\n\nThe CHAIRMAN. How long?\n\nMs. LIND. Till May.",
            &["Ms. LIND: We wait.", "The CHAIRMAN: How long?", "Ms. LIND: Till May."],
        );
    }

    #[test]
    fn names_may_stand_in_brackets_or_before_a_time() {
        check("((Ann Ray))  We wait.\n\n((WN))  Why?", &["Ann Ray: We wait.", "WN: Why?"]);
        check("Ann Ray  00:03\nWe wait.\n\nBo Lind  00:09\nWhy?", &["Ann Ray: We wait.", "Bo Lind: Why?"]);
        check("Ann Ray 21:04\nBo Lind 21:30\nThe water was cold.", &[]);
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

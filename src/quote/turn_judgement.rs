//! Which labels of an article name who speaks. A single one proves little: headlines, datelines and lists have colons too. So
//! each is judged by all that the article has.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::features::{Features, PERSON};
use super::marks::MarkPosition;
use super::spoken::{self, SPOKEN_SHARE};
use super::turn_label::{Evidence, Label, LabelStyle, Line};
use super::turns::{TRANSCRIPT, is_named, is_turn, last_word, said, without_aside};
use crate::language::english;

/// Drops labels of which the text shows that nobody speaks behind them: those of lists, and of questions that the outlet
/// answers itself.
pub(super) fn drop_unspoken(features: &Features, lines: &[Line], labels: &mut [Option<Label>]) {
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
pub(super) fn accept(features: &Features, lines: &[Line], named: &[usize], labels: &mut [Option<Label>]) {
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
    let is_repeated = |label: &Label| times.get(&text(label)).is_some_and(|n| *n > 1);
    let formal_repeats = count(&|l| l.style == LabelStyle::Formal && is_repeated(l));
    let formal_names = count(&|l| l.style == LabelStyle::Formal && l.evidence == Evidence::Name);
    let timed = timed(features, lines, labels);
    let name_lines = at_starts(LabelStyle::NameLine);
    let repeats = labels
        .iter()
        .flatten()
        .any(|l| l.style == LabelStyle::NameLine && l.evidence == Evidence::Name && is_repeated(l));
    let speakers = names + formal_names + if generic > 1 { generic } else { 0 };
    let adjoins = |number: usize| {
        let beside = [number.wrapping_sub(1), number + 1];
        let in_block =
            |&other: &usize| named.binary_search(&other).is_ok() && lines[other].paragraph == lines[number].paragraph;
        beside.iter().any(in_block)
    };
    let fits = |number: usize, line: &Line, label: &Label| {
        let repeated = is_repeated(label);
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
                // Among the turns of a hearing, somebody may speak once.
                Evidence::Unknown if line.starts_paragraph && formal_repeats >= TRANSCRIPT => true,
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
    if listed || !times.is_sorted() || is_programme(features, lines, labels, &times) { 0 } else { times.len() }
}

/// True for the entries of a programme or the places of a race: times of hours and minutes that are round, or behind names of which
/// none returns, the first of them when a recording would have begun already.
fn is_programme(features: &Features, lines: &[Line], labels: &[Option<Label>], times: &[f32]) -> bool {
    const BEGUN: f32 = 60.0;
    const ROUND: f32 = 5.0;
    let is_timed = |label: &&Label| label.style == LabelStyle::Timed;
    let mut names = HashSet::new();
    let found = || labels.iter().flatten().filter(is_timed);
    let is_new = |label: &Label| names.insert(label.name.clone().map(|t| features.text.word(t)).collect::<Vec<_>>());
    let is_exact = |line: &Line| line.tokens.clone().any(|t| features.text.word(t).matches(':').count() > 1);
    let timed_lines = lines.iter().zip(labels).filter(|(_, label)| label.as_ref().is_some_and(|l| is_timed(&l)));
    times.first().is_some_and(|first| *first >= BEGUN)
        && !timed_lines.map(|(line, _)| line).any(is_exact)
        && (times.iter().all(|time| time % ROUND == 0.0) || found().all(is_new))
}

//! Corrects frames where grammar is more reliable than the model.

use std::ops::Range;

use super::cue::INTRODUCES;
use super::features::{AUXILIARY, Features, PERSON, VERB};
use super::frame::Frame;
use super::marks::MarkPosition;
use crate::language::english;
use crate::tagger::Case;

/// A source between a quotation and its cue has fewer tokens than this.
const LONGEST_SOURCE: usize = 14;

/// Whom somebody told something has at most so many tokens.
const LONGEST_LISTENER: usize = 5;

/// Tokens of a quotation that is more than a word or two in quotation marks.
const LEAST_QUOTED: usize = 5;

/// Tokens of the longest sentence that is looked at as a whole: what goes on longer, such as a table, would be looked at again
/// for each cue in it.
pub(super) const LONGEST_SENTENCE: usize = 1000;

/// `It went according to plan`, `Photo: Ann Ray`, `came with a novel called “Ray”`: a measure is no source, a mere name after a
/// colon is not said, nor is what something is called.
pub(super) fn says_nothing(features: &Features, frame: &mut Frame) {
    let Some(cue) = frame.cue else { return };
    let measure = features.text.word(cue) == "according"
        && frame.source.is_some_and(|(start, _)| english().quotes.measures.contains(features.text.word(start)));
    let name = |t: usize| features.word(t).case == Case::Capitalised && features.marks.stretch[t] == 0;
    let called = frame.tokens().next().and_then(|first| first.checked_sub(1)).filter(|&before| before != cue);
    let title = called.is_some_and(|t| matches!(features.text.word(t), "called" | "titled" | "entitled" | "named"));
    if measure || title || features.text.word(cue) == ":" && frame.tokens().all(name) {
        frame.content.fill(false);
    }
}

/// `As Ann Ray put it in May, the dam is “a monument”`: what is put so is what is quoted.
pub(super) fn put_so(features: &Features, frame: &mut Frame) {
    let word = |t: usize| features.text.word(t);
    let Some(cue) = frame.cue.filter(|&cue| matches!(word(cue), "put" | "puts") && word(cue + 1) == "it") else {
        return;
    };
    let (quoted, loose): (Vec<usize>, Vec<usize>) = frame.tokens().partition(|&t| features.marks.stretch[t] != 0);
    if !quoted.is_empty() {
        loose.into_iter().filter(|&t| t > cue).for_each(|t| frame.drop(t));
    }
}

/// `She had one rule: “No shoes.”`, `It rained. “Nobody came,” she said`: words before a quotation that are parted from it by a
/// colon and no clause, or by the end of their sentence, are not said with it. Those of a sentence of their own stay where
/// its cue is.
pub(super) fn parted_from_quotation(features: &Features, frame: &mut Frame) {
    for run in frame.runs() {
        let opens = |t: &usize| features.marks.positions[*t] == MarkPosition::Opens;
        let Some(open) = run.clone().skip(1).find(opens).filter(|&t| t + LEAST_QUOTED < run.end) else { continue };
        let colon = features.text.word(open - 1) == ":" && !(run.start..open).any(|t| features.is(t, VERB | AUXILIARY));
        let parted = features.sentence(open - 1) != features.sentence(open);
        if (run.start..open).any(|t| features.marks.stretch[t] != 0) || !colon && !parted {
            continue;
        }
        let leads = parted && frame.cue.is_some_and(|cue| cue < run.start);
        (if leads { open..run.end } else { run.start..open }).for_each(|t| frame.drop(t));
    }
}

/// `A plan which | he called “absurd”`: a relative pronoun that is alone before its cue is not part of what is said.
pub(super) fn relative_pronoun(features: &Features, frame: &mut Frame) {
    let runs = frame.runs();
    let Some(first) = runs.first().filter(|first| runs.len() > 1 && first.len() == 1) else { return };
    let leads = frame.cue.is_some_and(|cue| first.start < cue);
    if leads && matches!(features.text.word(first.start), "which" | "who" | "whom" | "that") {
        frame.drop(first.start);
    }
}

/// `The road is closed, Ann Ray said on the margins of a meeting`: where the content is the phrase after such an
/// attribution, it becomes the clause before it.
pub(super) fn postposed(features: &Features, frame: &mut Frame) {
    let (Some(cue), Some((source, source_end))) = (frame.cue, frame.source) else { return };
    let Some(phrase) = frame.runs().into_iter().find(|run| run.start == cue + 2) else { return };
    let quoted = frame.tokens().any(|t| features.marks.stretch[t] != 0);
    if quoted || source_end != cue || !english().quotes.placed.contains(features.text.word(cue + 1)) {
        return;
    }
    if let Some(clause) = clause(features, source) {
        phrase.for_each(|t| frame.drop(t));
        frame.take(clause);
    }
}

/// `“No,” its chief, Ann Ray, said by letter`: what is between a quotation and its cue is the source, all of it, and no
/// content.
pub(super) fn between(features: &Features, frame: &mut Frame) {
    let Some(cue) = frame.cue else { return };
    let sentence = features.sentence(cue);
    let near = |t: &usize| {
        features.sentence(*t) == sentence && features.marks.positions.get(*t) == Some(&MarkPosition::Outside)
    };
    let start = (cue.saturating_sub(LONGEST_SOURCE)..cue).rev().take_while(near).last().unwrap_or(cue);
    let closes = start > 0 && start < cue && features.marks.positions.get(start - 1) == Some(&MarkPosition::Closes);
    let parted = closes && matches!(features.text.word(start - 2), "," | "?" | "!" | "—" | "–" | "…");
    if !parted || !frame.holds(start - 2) {
        return;
    }
    let names = |t: usize| {
        features.word(t).case == Case::Capitalised || features.is_word(t) && !features.is(t, VERB | AUXILIARY)
    };
    let end = match frame.source {
        None if (start..cue).any(names) => cue - usize::from(features.text.word(cue - 1) == ","),
        Some((from, end)) if (start..end).contains(&from) && frame.holds(start) => end,
        _ => return,
    };
    for token in start..cue {
        frame.drop(token);
    }
    frame.source = Some((start, end));
}

/// `The bridge will not open in May, the engineer told a stormy meeting`: the clause before a likely cue and its source is
/// what was said, where nothing else is.
pub(super) fn clause_before(features: &Features, frame: &mut Frame) {
    let (Some(cue), Some((source, source_end)), true) = (frame.cue, frame.source, frame.is_empty()) else { return };
    if frame.cue_p < INTRODUCES || source_end != cue || !english().quotes.tells.contains(features.text.word(cue)) {
        return;
    }
    let Some(clause) = clause(features, source) else { return };
    let Some(sentence) = features.text.sentences.get(features.sentence(cue) as usize) else { return };
    let told = (cue..sentence.end as usize)
        .take(LONGEST_SENTENCE)
        .any(|t| features.marks.stretch[t] != 0 || matches!(features.text.word(t), ":" | "that"));
    let opens = features.text.word(clause.start).to_lowercase();
    if !told && !english().quotes.clause_starts.contains(&opens) {
        frame.take(clause);
    }
}

/// `Ann Ray had been asked whether she had read it`: the subject of a passive cue is not content. That of `was quoted as
/// saying` is the source.
pub(super) fn passive(features: &Features, frame: &mut Frame) {
    let Some(cue) = frame.cue else { return };
    let word = |t: usize| features.text.word(t);
    let as_saying = cue >= 2 && word(cue - 2) == "quoted" && word(cue - 1) == "as" && word(cue) == "saying";
    let participle = if as_saying { cue - 2 } else { cue };
    let quoted = as_saying || word(cue) == "quoted" && word(cue + 1) == "as";
    let be = (participle.saturating_sub(3)..participle).rev().find(|&t| english().quotes.be.contains(word(t)));
    let Some(be) = be.filter(|_| quoted || english().quotes.passives.contains(word(participle))) else { return };
    let subject: Vec<usize> = frame.tokens().take_while(|&t| t < be).collect();
    let near = subject.last().is_some_and(|&t| be - t <= 2 && features.sentence(t) == features.sentence(cue));
    let (Some(&first), true) = (subject.first(), near && frame.tokens().any(|t| t > cue)) else { return };
    let end = subject.last().map_or(first, |last| last + 1);
    let own = features.sentence(first) == features.sentence(cue) && end - first == subject.len();
    if own && end - first < LONGEST_SOURCE && subject.iter().all(|&t| features.marks.stretch[t] == 0) {
        for &t in &subject {
            frame.drop(t);
        }
        if quoted && frame.source.is_none() {
            frame.source = Some((first, end));
        }
    }
}

/// `said Ann Ray quietly`: an adverb of manner after the source is not part of it.
pub(super) fn adverb(features: &Features, frame: &mut Frame) {
    let Some((start, end)) = frame.source else { return };
    let word = features.text.word(end - 1);
    let manner =
        word.ends_with("ly") && word.starts_with(char::is_lowercase) && !english().quotes.ly_nouns.contains(word);
    let named = end >= start + 2 && matches!(features.word(end - 2).case, Case::Capitalised | Case::Capitals);
    if manner && named && frame.cue.is_some_and(|cue| cue < start) {
        frame.source = Some((start, end - 1));
    }
}

/// `Ray’s neighbour, Bo Lind, said`: a source goes on behind a possessive, up to the cue.
pub(super) fn possessor(features: &Features, frame: &mut Frame) {
    let (Some((start, end)), Some(cue)) = (frame.source, frame.cue) else { return };
    let own = matches!(features.text.word(end), "'s" | "’s") && (end + 1..end + LONGEST_SOURCE).contains(&cue);
    let plain = |t: usize| {
        features.sentence(t) == features.sentence(cue)
            && features.marks.stretch[t] == 0
            && !features.is(t, VERB)
            && !frame.holds(t)
    };
    if own && (end..cue).all(plain) {
        frame.source = Some((start, cue - usize::from(features.text.word(cue - 1) == ",")));
        return;
    }
    // `Ray’s neighbour Bo Lind said so, arguing that`: up to the name, where the cue is farther away.
    if !matches!(features.text.word(end), "'s" | "’s") {
        return;
    }
    let common = |t: &usize| features.text.word(*t).starts_with(char::is_lowercase) && plain(*t);
    let noun = end + 1 + (end + 1..end + LONGEST_LISTENER).take_while(common).count();
    let name = (noun..noun + LONGEST_SOURCE).take_while(|&t| features.name(t) == PERSON && plain(t)).count();
    if noun > end + 1 && name > 0 && !(end..noun + name).contains(&cue) {
        frame.source = Some((start, noun + name));
    }
}

/// `He funds groups and has said`, `Ray recalls thinking`: a source is no clause, and ends before the verb or the cue.
pub(super) fn clause_in_source(features: &Features, frame: &mut Frame) {
    let Some((mut start, mut end)) = frame.source else { return };
    if let Some(cue) = frame.cue.filter(|cue| (start + 1..end).contains(cue)) {
        end = cue;
        frame.source = Some((start, end));
    }
    if start < end && matches!(features.text.word(end - 1), "and" | "but") {
        start = features.text.sentences.get(features.sentence(start) as usize).map_or(start, |s| s.first as usize);
    }
    let pronoun = english().quotes.pronouns.contains(&features.text.word(start).to_lowercase());
    let named = (start..end).take_while(|&t| features.name(t) == PERSON).count();
    let subject = start + if pronoun { 1 } else { named };
    if subject == start || subject >= end {
        return;
    }
    // `Ray backing Lind` and `Ray-backed Lind` are no clauses.
    let word = features.text.word(subject);
    let participle = word.ends_with("ing") || word.ends_with("ed") && !pronoun;
    // That `funds` is a verb is told by what is before it alone.
    let predicate = word.ends_with('s') && is_subject(features.text.word(start));
    if (features.is(subject, VERB | AUXILIARY) || predicate) && !participle {
        frame.source = Some((start, subject));
    }
}

/// `footage of Ann Ray saying`: who speaks is the one named before the participle.
pub(super) fn recorded(features: &Features, frame: &mut Frame) {
    let (Some((start, end)), Some(cue)) = (frame.source, frame.cue) else { return };
    let name = (start..end).rev().take_while(|&t| features.name(t) == PERSON).last();
    let of = name.filter(|&name| name > start + 1 && features.text.word(name - 1) == "of");
    if let Some(name) = of.filter(|_| end == cue && features.text.word(cue).ends_with("ing")) {
        frame.source = Some((name, end));
    }
}

/// True for pronouns that may be subjects.
pub(super) fn is_subject(word: &str) -> bool {
    matches!(word, "he" | "He" | "she" | "She" | "it" | "It" | "they" | "They" | "we" | "We" | "I")
}

/// `Kyiv and its partners, including the US, are urging`: the subject before the aside is the source.
pub(super) fn aside(features: &Features, frame: &mut Frame) {
    let (Some((start, end)), Some(cue)) = (frame.source, frame.cue) else { return };
    let word = |t: usize| features.text.word(t);
    let including = start >= 3
        && (english().quotes.asides.contains(word(start - 1)) || word(start - 1) == "as" && word(start - 2) == "such");
    if !including || end > cue {
        return;
    }
    let Some(sentence) = features.text.sentences.get(features.sentence(start) as usize) else { return };
    let first = (sentence.first as usize).max(start.saturating_sub(LONGEST_SOURCE + 4));
    let Some(comma) = (first..start).rev().find(|&t| word(t) == ",") else { return };
    let plain = |t: usize| features.marks.stretch[t] == 0 && !features.is(t, VERB) && !matches!(word(t), "," | ":");
    let subject = first..comma;
    if first == sentence.first as usize && !subject.is_empty() && subject.clone().all(plain) {
        frame.source = Some((subject.start, subject.end));
    }
}

/// `that he ‘has the power’ at a press conference on Thursday`: where and when something was said is not content, where it
/// is after the closing mark.
pub(super) fn occasion(features: &Features, frame: &mut Frame) {
    // `Ann Ray said to cheers. “B.”`: the same beside a quotation, right behind the cue.
    let behind = frame.cue.and_then(|cue| frame.runs().into_iter().find(|run| run.start == cue + 1));
    if let Some(run) = behind.filter(|run| {
        features.text.word(run.start) == "to"
            && features.text.word(run.start + 2) == "."
            && frame.tokens().any(|t| features.marks.stretch[t] != 0)
    }) {
        run.for_each(|t| frame.drop(t));
    }
    let Some(last) = frame.runs().pop() else { return };
    let Some(close) = last.clone().rev().find(|&t| features.marks.positions.get(t) == Some(&MarkPosition::Closes))
    else {
        return;
    };
    let tail = close + 1..last.end;
    let word = |t: usize| features.text.word(t);
    let at = matches!(word(tail.start), "at" | "in" | "on" | "during" | "after" | "to");
    let occasion = tail.clone().any(|t| english().quotes.occasions.contains(word(t)));
    let cue_before = frame.cue.is_some_and(|cue| cue < last.start);
    if at && occasion && cue_before && tail.len() <= LONGEST_SOURCE && !tail.clone().any(|t| features.is(t, VERB)) {
        tail.for_each(|t| frame.drop(t));
    }
}

/// `talked to her at length`, `wrote to the ministry`: to whom somebody spoke is nothing that they said.
pub(super) fn addressee(features: &Features, frame: &mut Frame) {
    let Some(cue) = frame.cue else { return };
    let word = |t: usize| features.text.word(t);
    if english().quotes.talks.contains(word(cue)) && matches!(word(cue + 1), "to" | "with") {
        let plain =
            |t: usize| features.marks.stretch[t] == 0 && !features.is(t, VERB) && !matches!(word(t), "that" | ":");
        let run = frame.runs().into_iter().find(|run| run.start == cue + 2 && run.clone().all(plain));
        run.into_iter().flatten().for_each(|t| frame.drop(t));
        return;
    }
    // `told the press his nephew was ill`: a clause begins behind whom somebody told.
    let told = frame.runs().into_iter().find(|run| run.start == cue + 1);
    if let Some(run) = told.filter(|_| english().quotes.tells.contains(word(cue))) {
        let clause =
            |t: &usize| is_subject(word(*t)) || matches!(word(*t), "that" | "his" | "her" | "its" | "their" | "there");
        let start = run.clone().skip(1).take(LONGEST_LISTENER).find(clause).unwrap_or(run.start);
        if (run.start..start).all(|t| features.marks.stretch[t] == 0 && features.is_word(t) && !features.is(t, VERB)) {
            (run.start..start).for_each(|t| frame.drop(t));
        }
    }
    // `As Ann Ray explained it to me, the pumps were small`: what *it* is comes behind the comma.
    let put = frame.runs().into_iter().find(|run| run.start == cue + 1 && word(cue + 1) == "it");
    if let Some(run) = put {
        let comma = cue + 2 + if word(cue + 2) == "to" { 2 } else { 0 };
        if word(comma) == "," && run.contains(&(comma + 1)) {
            (run.start..=comma).for_each(|t| frame.drop(t));
        }
    }
    // `a buyer asked Ann Ray`: beside a quotation, the name right after the cue is whom somebody asked.
    let quoted = frame.tokens().any(|t| features.marks.stretch[t] != 0);
    let run = frame.runs().into_iter().find(|run| run.start == cue + 1);
    if let Some(run) = run.filter(|run| quoted && run.clone().all(|t| features.name(t) == PERSON)) {
        run.for_each(|t| frame.drop(t));
    }
}

/// `At that time, she said of Lind, “She is brave.”`: beside a quotation in marks, phrases without a verb are not what was said: those
/// that open the sentence, those with *of*, and those between the cue and the comma before the mark.
pub(super) fn beside(features: &Features, frame: &mut Frame) {
    let Some(cue) = frame.cue else { return };
    let runs = frame.runs();
    let quoted = |t: &usize| features.marks.stretch[*t] != 0;
    if !runs.iter().flat_map(Clone::clone).any(|t| quoted(&t)) {
        return;
    }
    let word = |t: usize| features.text.word(t);
    let opening = |t: usize| features.marks.positions.get(t) == Some(&MarkPosition::Opens);
    let is_sentence = |t: usize| opening(t) && word(t + 1).starts_with(char::is_uppercase);
    let starts: Vec<usize> = runs.iter().map(|run| run.start).collect();
    for (number, run) in runs.into_iter().enumerate() {
        let next = starts.get(number + 1);
        let loose = run.start..run.clone().take(LONGEST_SOURCE + 1).find(quoted).unwrap_or(run.end);
        let verb = |t: usize| features.is(t, VERB | AUXILIARY) || matches!(word(t), "that" | "to");
        if loose.is_empty() || loose.len() > LONGEST_SOURCE || loose.clone().any(verb) {
            continue;
        }
        let whole = loose.end == run.end;
        // `Bridges, she said, “rot”`: what goes on with a part of a sentence is its subject.
        let opens = run.end <= cue && word(run.end) == "," && next.is_some_and(|next: &usize| is_sentence(*next));
        let about = run.start > cue && matches!(word(run.start - 1), "of" | "about");
        let before_mark = run.start > cue
            && loose.len() > 1
            && word(loose.end - 1) == ","
            && is_sentence(loose.end)
            && features.marks.stretch[run.end - 1] == features.marks.stretch[loose.end];
        if whole && (opens || about) || !whole && before_mark {
            loose.for_each(|t| frame.drop(t));
        }
    }
}

/// `“…,” Ann Ray said, adding “…”`: what somebody adds is another quotation, which is given back.
pub(super) fn added(features: &Features, frame: &mut Frame) -> Option<Frame> {
    let cue = frame.cue?;
    let adds = |t: &usize| {
        let before = if matches!(features.text.word(t - 1), "also" | "further") { t - 2 } else { t - 1 };
        features.marks.stretch[*t] == 0
            && english().quotes.adding.contains(features.text.word(*t))
            && features.text.word(before) == ","
    };
    let at = frame.tokens().filter(|t| *t > cue + 1).find(adds)?;
    if !frame.tokens().any(|t| t < at.saturating_sub(2)) {
        return None;
    }
    let mut other = Frame { cue: Some(at), ..frame.clone() };
    let end = at - if features.text.word(at - 1) == "," { 1 } else { 2 };
    for token in frame.tokens().collect::<Vec<_>>() {
        if token >= end {
            frame.drop(token);
        }
        if token <= at {
            other.drop(token);
        }
    }
    (!other.is_empty()).then_some(other)
}

/// `She said that the road was closed, and that it would stay so`, `One child was, she said, among the dead`: what goes on with
/// *and that*, or behind an attribution that parts it from its verb, is told as well.
pub(super) fn goes_on(features: &Features, frame: &mut Frame) {
    let (Some(last), Some(cue)) = (frame.last(), frame.cue) else { return };
    let Some(sentence) = features.text.sentences.get(features.sentence(last) as usize) else { return };
    let word = |t: usize| features.text.word(t);
    let attributed = frame.source.map_or(cue + 1, |(_, source_end)| source_end.max(cue + 1));
    let at = last + 1 + usize::from(word(last + 1) == ",");
    let rest = if cue < last && matches!(word(at), "and" | "but") && word(at + 1) == "that" {
        last + 1
    } else if last < cue && at > last + 1 && features.is(last, AUXILIARY) && word(attributed) == "," {
        attributed + 1
    } else {
        return;
    };
    let end = sentence.end as usize - usize::from(!features.is_word(sentence.end as usize - 1));
    let told = |t: usize| {
        features.may_cue(t) && features.is(t, VERB) && english().quotes.reporting.contains(features.text.word(t))
    };
    let fits = (3..LONGEST_SENTENCE).contains(&end.saturating_sub(rest));
    if fits && !(rest..end).any(|t| features.marks.stretch[t] != 0 || told(t)) {
        frame.take(rest..end);
    }
}

/// `“Never,” came the answer`: the answer is not said by who asked.
pub(super) fn answer(features: &Features, frame: &mut Frame) {
    let stretches: Vec<usize> = frame.tokens().filter_map(|t| Some(*features.marks.stretch.get(t)? as usize)).collect();
    let mut before = 0;
    for number in stretches {
        if number == 0 || number == before {
            continue;
        }
        before = number;
        let Some(quoted) = features.marks.quoted.get(number - 1) else { continue };
        let own = frame.cue.is_some_and(|cue| cue >= quoted.tokens().end);
        if !own && comes_the_answer(features, quoted.tokens().end) {
            quoted.tokens().for_each(|t| frame.drop(t));
        }
    }
}

/// True if `came the answer` or the like starts at token `at`.
pub(super) fn comes_the_answer(features: &Features, at: usize) -> bool {
    let word = |t: usize| features.text.word(t);
    matches!(word(at), "came" | "comes")
        && matches!(word(at + 1), "the" | "back" | "a")
        && (at + 1..at + 5).any(|t| english().quotes.answers.contains(word(t)))
}

/// `“The roof leaks.” Brink nodded.`: who nods has listened.
pub(super) fn listener(features: &Features, frame: &mut Frame) {
    let Some(cue) = frame.cue.filter(|&cue| matches!(features.text.word(cue), "nodded" | "nods" | "listened")) else {
        return;
    };
    let last = frame.tokens().last();
    if last.is_some_and(|t| t < cue && features.sentence(t) != features.sentence(cue)) {
        frame.content.fill(false);
    }
}

/// `According to Ann Ray, whose boat sank, the lamps were out`: what is told of the source is not what it says.
pub(super) fn told_of_source(features: &Features, frame: &mut Frame) {
    let Some((_, source_end)) = frame.source else { return };
    let word = |t: usize| features.text.word(t);
    let relative = |run: &Range<usize>| {
        run.start == source_end + 1
            && word(source_end) == ","
            && matches!(word(run.start), "who" | "whose" | "whom" | "which" | "where")
    };
    let Some(run) = frame.runs().into_iter().find(relative) else { return };
    let comma = run.clone().take(LONGEST_SOURCE).find(|&t| word(t) == "," || features.marks.stretch[t] != 0);
    if let Some(comma) = comma.filter(|&comma| word(comma) == "," && comma + 2 < run.end) {
        (run.start..=comma).for_each(|t| frame.drop(t));
    }
}

/// `According to Ann Ray the best time is April`: the source ends with the name where a clause follows.
pub(super) fn according(features: &Features, frame: &mut Frame) {
    let (Some(cue), Some((start, end))) = (frame.cue, frame.source) else { return };
    if features.text.word(cue) != "According" || start != cue + 2 {
        return;
    }
    let Some(sentence) = features.text.sentences.get(features.sentence(cue) as usize) else { return };
    let stop = sentence.end as usize;
    let name_end = (start..end).find(|&t| features.name(t) == 0).unwrap_or(end);
    let opens = english().quotes.subject_starts.contains(features.text.word(name_end));
    let verb = |t: usize| features.is(t, VERB | AUXILIARY);
    let clause = (name_end..stop).take(LONGEST_SOURCE).take_while(|&t| features.text.word(t) != ",").any(verb);
    if name_end == start || !opens || !clause {
        return;
    }
    frame.source = Some((start, name_end));
    frame.content.fill(false);
    frame.take(name_end..(stop - usize::from(!features.is_word(stop - 1))).max(name_end + 1));
}

/// The sentence up to the comma before a source, if that is a clause and nothing in it is quoted.
fn clause(features: &Features, source: usize) -> Option<Range<usize>> {
    let start = features.text.sentences.get(features.sentence(source) as usize)?.first as usize;
    if !(start + 5..start + LONGEST_SENTENCE).contains(&source) || features.text.word(source - 1) != "," {
        return None;
    }
    let clause = start..source - 1;
    let plain = clause.clone().all(|t| features.marks.stretch[t] == 0);
    (plain && clause.clone().any(|t| features.is(t, VERB | AUXILIARY))).then_some(clause)
}

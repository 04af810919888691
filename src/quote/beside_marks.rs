//! Who a quotation in marks belongs to by the words right beside it, where no learned frame claims it.

use super::features::{AUXILIARY, BODY, Features, PERSON, VERB};
use super::marks::Quoted;
use super::postprocess::{LONGEST_SENTENCE, is_subject};

/// An attribution after a quotation has at most so many tokens.
const LONGEST_ATTRIBUTION: usize = 16;

/// Tokens of the longest source that is described before its verb: `As Ann Ray, a clerk at the court of Alder, put it`.
const LONGEST_DESCRIPTION: usize = 32;

/// `“A,” the officer, whose name was withheld, can be heard saying.`: the cue and the source after a quotation that ends
/// with a comma, where nothing was learned of them.
pub(super) fn behind_comma(features: &Features, quoted: Quoted) -> Option<(usize, (usize, usize))> {
    let start = behind(features, quoted)?;
    let sentence = features.sentence(start);
    let here = |t: &usize| features.sentence(*t) == sentence && features.marks.stretch.get(*t) == Some(&0);
    let rest = start..(start..start + LONGEST_ATTRIBUTION).take_while(here).count() + start;
    let known = rest.clone().find(|&t| features.may_cue(t) && features.is(t, VERB));
    // `“A,” the department detailed.`, `“A,” she recalls.`: a verb that no article learned from has for a cue.
    let last = rest.clone().take_while(|&t| features.is_word(t)).last();
    let verb = |t: &usize| {
        let word = features.text.word(*t);
        let present = word.ends_with('s') && (features.name(t - 1) == PERSON || is_subject(features.text.word(t - 1)));
        (word.ends_with("ed") || present) && *t > start && rest.end - t <= 2
    };
    let cue = known.or(last.filter(verb))?;
    let names = |t: &usize| features.is_word(*t) && !features.is(*t, VERB | AUXILIARY);
    // A comma after the mark may be that of a title: `‘Mud and Mercy’, her memoir, tells it otherwise`.
    if cue != start && start != quoted.tokens().end {
        return None;
    }
    let from = if cue == start { cue + 1 } else { start };
    let end = from + (from..rest.end).take_while(|t| *t != cue && names(t)).count();
    (end > from).then_some((cue, (from, end)))
}

/// `Ann Ray, fuming: “No.”`: the colon before a quotation and the first person or body named in its sentence.
pub(super) fn before_colon(features: &Features, quoted: Quoted) -> Option<(usize, (usize, usize))> {
    let colon = (quoted.open as usize).checked_sub(1).filter(|&t| features.text.word(t) == ":")?;
    let start = features.text.sentences.get(features.sentence(colon) as usize)?.first as usize;
    let named = (start..colon)
        .take(LONGEST_SENTENCE)
        .find(|&t| matches!(features.name(t), PERSON | BODY) && features.marks.stretch[t] == 0)?;
    let end = (named..colon).find(|&t| features.name(t) != features.name(named)).unwrap_or(colon);
    Some((colon, (named, end)))
}

/// `The notice at the gate read, “Keep out of here.”`: the verb before the comma before a whole sentence in quotation marks, and
/// all that is before the verb, where that is no clause.
pub(super) fn before_comma(features: &Features, quoted: Quoted) -> Option<(usize, (usize, usize))> {
    let verb = (quoted.open as usize).checked_sub(2).filter(|&t| features.text.word(t + 1) == ",")?;
    let inside = quoted.inside();
    let whole = features.text.word(inside.start).starts_with(char::is_uppercase)
        && (features.text.word(inside.end - 1).starts_with(['.', '!', '?']) || stops_behind(features, quoted));
    let start = features.text.sentences.get(features.sentence(verb) as usize)?.first as usize;
    let noun =
        |t: usize| t > start && matches!(features.text.word(t - 1), "the" | "The" | "a" | "A" | "an" | "his" | "her");
    let plain = |t: usize| {
        let verb = features.is(t, VERB | AUXILIARY) && !noun(t);
        features.is_word(t) && !verb && features.marks.stretch[t] == 0
    };
    let subject = start..verb;
    let fits = (1..LONGEST_ATTRIBUTION).contains(&subject.len()) && subject.clone().all(plain);
    (whole && fits && features.is(verb, VERB)).then_some((verb, (subject.start, subject.end)))
}

/// `As Ann Ray once put it, the dam is “a monument to nobody.”`: the verb and who put it so.
pub(super) fn as_somebody_put_it(features: &Features, quoted: Quoted) -> Option<(usize, (usize, usize))> {
    let word = |t: usize| features.text.word(t);
    let open = quoted.open as usize;
    let first = features.text.sentences.get(features.sentence(open) as usize)?.first as usize;
    let mut verbs = (first.max(open.saturating_sub(LONGEST_SENTENCE))..open).rev();
    let put = verbs.find(|&t| matches!(word(t), "put" | "puts") && word(t + 1) == "it")?;
    let opening = (first.max(put.saturating_sub(LONGEST_DESCRIPTION))..put)
        .rev()
        .find(|&t| matches!(word(t), "As" | "as") && features.marks.stretch[t] == 0)?;
    let adverb = |t: &usize| features.is(*t, AUXILIARY) || word(*t).ends_with("ly") || word(*t) == ",";
    let end = put - (opening + 1..put).rev().take_while(adverb).count();
    (end > opening + 1).then_some((put, (opening + 1, end)))
}

/// `including Ann Ray -- “It is over.”`: the person named right before a dash before a sentence in quotation marks.
pub(super) fn named_before_dash(features: &Features, quoted: Quoted) -> Option<(usize, usize)> {
    let dash = (quoted.open as usize).checked_sub(1)?;
    let sentence = features.text.word(quoted.inside().start).starts_with(char::is_uppercase);
    let is_dash = matches!(features.text.word(dash), "—" | "–" | "--" | "-");
    let first = (0..dash).rev().take_while(|&t| features.name(t) == PERSON).last()?;
    let same = features.sentence(first) == features.sentence(dash);
    (sentence && is_dash && same).then_some((first, dash))
}

/// `“The road is closed”.`: true if the sentence stops behind the closing mark, as the British write it.
pub(super) fn stops_behind(features: &Features, quoted: Quoted) -> bool {
    let end = quoted.tokens().end;
    let own = end < features.text.tokens.len() && features.sentence(end) == features.sentence(end - 1);
    quoted.closed && own && features.text.word(end).starts_with(['.', '!', '?'])
}

/// Where the attribution of a quotation starts that opens its sentence and ends with a comma, on either side of the mark.
pub(super) fn behind(features: &Features, quoted: Quoted) -> Option<usize> {
    let (open, end) = (quoted.open as usize, quoted.tokens().end);
    let starts = features.text.sentences.get(features.sentence(open) as usize).is_some_and(|s| s.first == quoted.open);
    let inside = quoted.inside().next_back().is_some_and(|t| features.text.word(t) == ",");
    let outside = features.text.word(end) == ",";
    let start = end + usize::from(outside && !inside);
    let own = features.sentence(end - usize::from(quoted.closed));
    (quoted.closed && starts && (inside || outside) && features.sentence(start) == own).then_some(start)
}

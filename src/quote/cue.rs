//! Cues: the words that say that somebody says something. First their heads, found by a classifier that looks at every
//! word that was ever the head of a cue; then the verb group around the head.

use std::ops::Range;

use super::features::{AUXILIARY, Features};
use super::frame::Frame;
use super::marks::MarkPosition;
use crate::language::english;
use crate::tagger::{Classifier, TokenView};

/// The classifier's templates.
pub(super) const TEMPLATES: &str = "
    low suf4 low-1 low+1 low-2 low+2 low-1·low low·low+1 low-1·low·low+1 low·low+2 low-2·low low-2·low-1 low+1·low+2
    low-3 low+3 suf3-1·suf3 suf3·suf3+1
    place-1·place·place+1 ahead·behind·pattern ahead·low behind·low pattern·low pattern·suf4 ahead·tag behind·tag
    case-2·case-1·case·case+1·case+2 suf4·case-1 suf4·case+1 first·shape first·low
    tag-1·tag·tag+1 tag-2·tag-1·tag tag·tag+1·tag+2 low·tag-1 low·tag+1 low·tag-1·tag+1 tag-2·tag-1·tag+1·tag+2 low·tag+2
    low·tag-2 low·tag+1·tag+2 low·tag-2·tag-1 low·name-1 low·name+1 name-2·name-1·name·tag
    cluster cluster·tag cluster-1 cluster+1 cluster-1·cluster cluster·cluster+1 cluster·tag-1·tag+1 cluster·name-1·low+1
    cluster·low+1 cluster·pattern cluster·ahead cluster·behind";

/// The templates of the first look, which half of the words that may be cues do not pass: those over small numbers, which
/// cost next to nothing, and eleven others, chosen one by one for how many more words each of them tells from cues.
const FIRST_LOOK: &str = "
    place-1·place·place+1 ahead·behind·pattern ahead·tag behind·tag case-2·case-1·case·case+1·case+2 tag-1·tag·tag+1
    tag-2·tag-1·tag tag·tag+1·tag+2 tag-2·tag-1·tag+1·tag+2 name-2·name-1·name·tag
    ahead·low cluster+1 low·name+1 low first·low cluster·behind cluster low·tag+1 suf3-1·suf3 suf4·case-1 cluster-1";

/// Words that score less at the first look, in log odds, are not cues. Of the words that are likely ones in the end, three in
/// a thousand do, on agency news and on the training articles alike.
const HOPELESS: f32 = -2.0;

/// A classifier as [`find`] asks it.
pub(super) fn classifier(model: impl Into<Classifier>) -> Classifier {
    model.into().with_first_look(FIRST_LOOK, HOPELESS)
}

/// Cues with a smaller probability introduce nothing.
pub(super) const INTRODUCES: f32 = 0.8;

/// A token that may be the head of a cue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cue {
    /// The token.
    pub head: usize,
    /// How likely it is one.
    pub p: f32,
}

/// Of each token: how likely it heads a cue, by the classifier; 0 for a word that never did.
pub(super) fn chances(features: &Features, model: &Classifier) -> Vec<f32> {
    let chance = |head| {
        let view = || TokenView::absolute(&features.absolute, features.row(head));
        if features.may_cue(head) { model.probability(view()) } else { 0.0 }
    };
    (0..features.text.tokens.len()).map(chance).collect()
}

/// Tokens whose chance to head a cue is at least `least`, in order.
pub(super) fn likely(chances: &[f32], least: f32) -> Vec<Cue> {
    let cues = chances.iter().enumerate().map(|(head, &p)| Cue { head, p });
    cues.filter(|cue| cue.p >= least).collect()
}

/// True if a cue reports speech: it is a word for saying or writing, or none at all, as before a quotation that goes on.
pub(super) fn is_speech(features: &Features, cue: Option<usize>) -> bool {
    let listed = |t: usize| english().quotes.reporting.contains(&features.text.word(t).to_lowercase());
    cue.is_none_or(|cue| listed(cue) || !features.is_word(cue))
}

/// Words of a cue behind its verb, up to the preposition that leads to the content: `accused the mayor of`.
const GOVERNED: usize = 3;

/// The cue of a frame: what is around its head, with the preposition that leads to its content, as in `called for` and
/// `accused him of`. In `PolNeAR`, train, it is the cue's in all but 17 of 2,700 cases.
pub(super) fn of(features: &Features, frame: &Frame) -> Option<Range<usize>> {
    let cue = around(features, frame.cue?);
    let Some(content) = frame.tokens().next() else { return Some(cue) };
    let behind = cue.end..content.max(cue.end);
    let source = |token: usize| frame.source.is_some_and(|(start, end)| (start..end).contains(&token));
    let leads = behind.len() <= GOVERNED
        && behind.clone().last().is_some_and(|last| english().quotes.prepositions.contains(features.text.word(last)))
        && behind.clone().all(|token| features.is_word(token) && !source(token))
        && features.sentence(cue.start) == features.sentence(content);
    Some(if leads { cue.start..content } else { cue })
}

/// The cue around its head: auxiliaries, negations and adverbs before it (`has repeatedly said`), and the `to` of
/// `according to`.
fn around(features: &Features, head: usize) -> Range<usize> {
    let sentence = features.sentence(head);
    let place = features.marks.positions.get(head).copied().unwrap_or_default();
    let joins = |token: usize| {
        features.sentence(token) == sentence
            && features.marks.positions.get(token) == Some(&place)
            && features.is(token, AUXILIARY)
    };
    let mut start = head;
    if place == MarkPosition::Outside {
        while start > 0 && head - start < 4 && joins(start - 1) {
            start -= 1;
        }
    }
    let to = features.text.word(head).eq_ignore_ascii_case("according") && features.text.word(head + 1) == "to";
    start..head + 1 + usize::from(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quote::Models;
    use crate::quote::frame::Origin;
    use crate::tagger::Words;
    use crate::text::{Text, paragraphs};

    /// Checks the cue of a frame whose cue's `head`, `source` and `content` are these words of `raw`.
    #[track_caller]
    fn check(raw: &str, [head, source, content]: [&str; 3], expected: &str) {
        let text = Text::new(raw, &paragraphs(raw));
        let (mut words, mut ids) = (Words::new(Models::shipped().lexicon.clone()), Vec::new());
        words.read(&text, &mut ids);
        let features = Features::new(&text, &words, &ids, &[]);
        let tokens = |part: &str| {
            let start = raw.find(part).unwrap();
            let first = text.tokens.partition_point(|token| (token.span.start as usize) < start);
            first..text.tokens.partition_point(|token| (token.span.start as usize) < start + part.len())
        };
        let source = tokens(source);
        let source = Some((source.start, source.end));
        let frame = Frame::from_rule(tokens(content), Some(tokens(head).start), source, 1.0, Origin::Learned);
        let cue: Vec<&str> = of(&features, &frame).unwrap().map(|token| text.word(token)).collect();
        assert_eq!(cue.join(" "), expected, "{raw}");
    }

    #[test]
    fn a_cue_has_the_preposition_that_leads_to_its_content() {
        check("Lind has called for new rules.", ["called", "Lind", "new rules"], "has called for");
        check("Lind accused the mayor of hiding it.", ["accused", "Lind", "hiding it"], "accused the mayor of");
        check("Lind said it rained.", ["said", "Lind", "it rained"], "said");
        check("Lind told reporters it rained.", ["told", "Lind", "it rained"], "told");
        check("Lind spoke, as of the rules.", ["spoke", "Lind", "the rules"], "spoke");
        check("Lind spoke long and in anger of the rules.", ["spoke", "Lind", "the rules"], "spoke");
        check("It was put by Lind as a rule.", ["put", "by Lind", "a rule"], "was put");
        check("It rained, Lind said of late.", ["said", "Lind", "It rained"], "said");
    }
}

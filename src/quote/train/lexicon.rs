//! The lexicon: what words mostly are in the training articles, and which may head a cue.

use rustc_hash::FxHashMap;

use crate::language::english;
use crate::quote::annotated_article::{AnnotatedArticle, GoldAttribution};
use crate::quote::features::{AUXILIARY, Features, MAY_CUE, VERB};
use crate::tagger::{Case, Clustering, Corpus, Entry, Lexicon, LexiconBuilder, Words};
use crate::text::Text;

/// Parts of speech (Penn Treebank) in the order of their numbers, from 1. The first stands for unknown words.
const TAGS: [&str; 45] = [
    "NN", "NNS", "NNP", "NNPS", "VB", "VBD", "VBZ", "VBP", "VBG", "VBN", "MD", "RB", "RBR", "RBS", "JJ", "JJR", "JJS",
    "IN", "TO", "DT", "PDT", "PRP", "PRP$", "WP", "WP$", "WDT", "WRB", "CC", "CD", "EX", "FW", "LS", "POS", "RP",
    "SYM", "UH", ",", ".", ":", "``", "''", "-LRB-", "-RRB-", "$", "#",
];

/// Kinds of names in the order of their numbers, from 1; 0 is not a name.
const NAMES: [&str; 4] = ["PERSON", "ORGANIZATION", "LOCATION", "MISC"];

/// A word may head a cue if at least this share of its occurrences do: that keeps nine heads in ten and one word in eight.
const LEAST_HEADS: f32 = 0.01;

/// A word that was seen fewer times may head a cue as well if it is a verb: there is too little to tell by.
const TOO_FEW: u32 = 12;

type Counts = FxHashMap<(String, u8), FxHashMap<u8, u32>>;

/// Word clusters: enough to tell verbs of speech from others, few enough for each to be seen in training.
const CLUSTERS: Clustering = Clustering { classes: 250, least: 5, neighbours: 4000, rounds: 12 };

/// Makes the lexicon of annotated articles.
pub(super) fn build(articles: &[AnnotatedArticle], texts: &[Text], gold: &[Vec<GoldAttribution<usize>>]) -> Lexicon {
    let (mut tags, mut endings, mut names): (Counts, Counts, Counts) = Default::default();
    for (article, text) in articles.iter().zip(texts) {
        for silver in &article.silver {
            let first = text.tokens.partition_point(|t| t.span.end <= silver.span.start);
            let Some(token) = text.tokens.get(first).filter(|t| t.span == silver.span) else { continue };
            let word = token.span.of(text.raw);
            let key = (Words::lower(word), Case::of(word) as u8);
            let tag = number(&TAGS, &silver.pos);
            let name = number(&NAMES, &silver.name);
            *endings.entry((ending(&key.0), key.1)).or_default().entry(tag).or_default() += 1;
            *names.entry(key.clone()).or_default().entry(name).or_default() += 1;
            *tags.entry(key).or_default().entry(tag).or_default() += 1;
        }
    }
    let mut builder = LexiconBuilder::default();
    for ((low, case), tag) in usual(&endings, 2) {
        builder.suffix(&low, case).tag = tag;
        builder.suffix(&low, case).flags = tag_flags(tag) | rare_cue(tag, 0);
    }
    for ((low, case), tag) in usual(&tags, 2) {
        let adverb =
            usize::from(tag).checked_sub(1).and_then(|at| TAGS.get(at)).is_some_and(|t| *t == "RB" || *t == "MD");
        let auxiliary = if adverb || english().quotes.auxiliaries.contains(&low) { AUXILIARY } else { 0 };
        let entry = builder.word(&low, case);
        entry.tag = tag;
        let seen = tags.get(&(low, case as u8)).map_or(0, |values| values.values().sum());
        entry.flags = tag_flags(tag) | auxiliary | rare_cue(tag, seen);
    }
    for ((low, case), name) in usual(&names, 2) {
        builder.word(&low, case).name = name;
    }
    let known = builder.finish();
    let mut builder = LexiconBuilder::from(&known);
    for (low, tag) in unseen_verbs(&known) {
        add_verb(&mut builder, low, tag);
    }
    for low in cue_words(&known, texts, gold) {
        for case in [Case::Lower, Case::Capitalised, Case::Capitals, Case::Digit, Case::Mark] {
            let entry = known.get(&low, case);
            if tags.contains_key(&(low.clone(), case as u8)) || matches!(case, Case::Lower | Case::Capitalised) {
                let slot = builder.word(&low, case);
                *slot = entry;
                slot.flags |= MAY_CUE;
            }
        }
    }
    let listed = builder.finish();
    let mut builder = LexiconBuilder::from(&listed);
    for low in unseen_third_persons(&listed, &tags) {
        add_verb(&mut builder, &low, number(&TAGS, "VBZ"));
    }
    for (word, cluster) in clusters(texts) {
        let entry = listed.get(&word, Case::Lower);
        *builder.word(&word, Case::Lower) = Entry { cluster, ..entry };
    }
    builder.finish()
}

/// Lists a verb that may head a cue.
fn add_verb(builder: &mut LexiconBuilder, low: &str, tag: u8) {
    for case in [Case::Lower, Case::Capitalised] {
        *builder.word(low, case) = Entry { tag, flags: VERB | MAY_CUE, ..Entry::default() };
    }
}

/// The cluster of every frequent word in small letters, from 1.
fn clusters(texts: &[Text]) -> Vec<(String, u16)> {
    let mut corpus = Corpus::default();
    for text in texts {
        for sentence in &text.sentences {
            corpus.sentence(sentence.tokens().map(|i| text.word(i)));
        }
    }
    let classes = corpus.cluster(CLUSTERS);
    let small = classes.into_iter().filter(|(word, _)| Case::of(word) == Case::Lower);
    small.map(|(word, class)| (Words::lower(word), class + 1)).collect()
}

/// The listed verbs of saying that the training articles have once at most, each with its part of speech.
fn unseen_verbs(known: &Lexicon) -> impl Iterator<Item = (&'static str, u8)> {
    let unseen = english().quotes.reporting.iter().filter(|word| !known.is_common(word));
    unseen.filter_map(|word| Some((word, number(&TAGS, verb_form(word)?))))
}

/// The part of speech of a listed word that is a form of a verb: one ends like a participle, or its third person is listed,
/// or what it is the third person of.
fn verb_form(word: &str) -> Option<&'static str> {
    let listed = &english().quotes.reporting;
    match word {
        _ if word.ends_with("ing") => Some("VBG"),
        _ if word.ends_with("ed") => Some("VBD"),
        _ if listed.iter().any(|other| third_person(other) == word) => Some("VBZ"),
        _ => listed.contains(&third_person(word)).then_some("VBP"),
    }
}

/// The third persons that the training articles have once at most, of verbs that may head a cue. By its ending `observes`
/// would be a noun, which heads none.
fn unseen_third_persons(listed: &Lexicon, words: &Counts) -> Vec<String> {
    let plain = ["VB", "VBP"].map(|tag| number(&TAGS, tag));
    let is_plain_verb = |low: &str| {
        let entry = listed.get(low, Case::Lower);
        listed.is_common(low) && plain.contains(&entry.tag) && entry.flags & MAY_CUE != 0
    };
    let verbs = words.keys().filter(|(low, case)| *case == Case::Lower as u8 && is_plain_verb(low));
    verbs.map(|(low, _)| third_person(low)).filter(|third| !listed.is_common(third)).collect()
}

/// `observes` of `observe`.
fn third_person(verb: &str) -> String {
    match verb.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| verb.ends_with(end)) => format!("{verb}es"),
        _ => format!("{verb}s"),
    }
}

/// The head of an annotated cue: its first verb that is not an auxiliary, else `according`, else its first noun, its last
/// verb, its first adjective, preposition, adverb or colon, or just its first token.
pub(super) fn head(features: &Features, gold: &GoldAttribution<usize>) -> Option<usize> {
    head_of(&gold.cue, |t| features.word(t).entry.tag, |t| features.text.word(t))
}

fn head_of<'w>(cue: &[usize], tag: impl Fn(usize) -> u8, word: impl Fn(usize) -> &'w str) -> Option<usize> {
    let tagged = |t: usize, prefix: &str| {
        let number = usize::from(tag(t).max(1)) - 1;
        TAGS.get(number).is_some_and(|tag| tag.starts_with(prefix))
    };
    let is_light = |t: usize| {
        let low = Words::lower(word(t));
        english().quotes.auxiliaries.contains(&low) || english().quotes.light.contains(&low)
    };
    let verbs = || cue.iter().copied().filter(|&t| tagged(t, "VB"));
    let first = |prefix: &str| cue.iter().copied().find(|&t| tagged(t, prefix));
    verbs()
        .find(|&t| !is_light(t))
        .or_else(|| cue.iter().copied().find(|&t| word(t).eq_ignore_ascii_case("according")))
        .or_else(|| first("NN"))
        .or_else(|| verbs().next_back())
        .or_else(|| ["JJ", "IN", "RB", ":"].iter().find_map(|prefix| first(prefix)))
        .or_else(|| cue.first().copied())
}

/// Words of which enough occurrences head a cue.
fn cue_words(lexicon: &Lexicon, texts: &[Text], gold: &[Vec<GoldAttribution<usize>>]) -> Vec<String> {
    let mut counts: FxHashMap<String, (u32, u32)> = FxHashMap::default();
    for (text, gold) in texts.iter().zip(gold) {
        for token in 0..text.tokens.len() {
            counts.entry(Words::lower(text.word(token))).or_default().1 += 1;
        }
        let tag = |t: usize| {
            let word = text.word(t);
            lexicon.get(&Words::lower(word), Case::of(word)).tag
        };
        for head in gold.iter().filter_map(|g| head_of(&g.cue, tag, |t| text.word(t))) {
            counts.entry(Words::lower(text.word(head))).or_default().0 += 1;
        }
    }
    let often = |(heads, all): (u32, u32)| heads > 0 && heads as f32 >= LEAST_HEADS * all as f32;
    let mut words: Vec<String> = counts.into_iter().filter(|(_, c)| often(*c)).map(|(word, _)| word).collect();
    words.sort_unstable();
    words
}

fn tag_flags(tag: u8) -> u8 {
    match TAGS.get(usize::from(tag).wrapping_sub(1)) {
        Some(&("VB" | "VBD" | "VBZ" | "VBP" | "VBG" | "VBN" | "MD")) => VERB,
        Some(_) | None => 0,
    }
}

/// [`MAY_CUE`] for a rare verb.
fn rare_cue(tag: u8, seen: u32) -> u8 {
    if tag_flags(tag) == VERB && seen < TOO_FEW { MAY_CUE } else { 0 }
}

/// The most frequent value of each word seen at least `least` times, in order.
fn usual(counts: &Counts, least: u32) -> Vec<((String, Case), u8)> {
    let mut usual: Vec<((String, u8), u8)> = counts
        .iter()
        .filter(|(_, values)| values.values().sum::<u32>() >= least)
        .filter_map(|(key, values)| {
            let most = values.iter().max_by_key(|(value, count)| (**count, std::cmp::Reverse(**value)))?;
            Some((key.clone(), *most.0))
        })
        .collect();
    usual.sort_unstable();
    usual.into_iter().map(|((low, case), value)| ((low, Case::from_number(case)), value)).collect()
}

fn ending(low: &str) -> String {
    low.char_indices().rev().nth(2).map_or(low, |(i, _)| &low[i..]).to_owned()
}

fn number(list: &[&str], name: &str) -> u8 {
    list.iter().position(|n| *n == name).map_or(0, |n| n as u8 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_verbs_tell_their_form_by_their_ending() {
        let forms = ["observes", "stresses", "replies", "reply", "criticising", "muttered", "letter"].map(verb_form);
        let expected = [Some("VBZ"), Some("VBZ"), Some("VBZ"), Some("VBP"), Some("VBG"), Some("VBD"), None];
        assert_eq!(forms, expected);
    }
}

//! Whom *he* and *she* mean as sources of quotations, measured against the automatic coreference chains of PolNeAR.
//!
//! Every annotated source that is one of these pronouns is resolved where it stands, whether or not a quotation is found
//! there, so that this measures reference alone. Right is a speaker with the family name that most of the people's names
//! in the pronoun's chain have. The data is outside this repository (`support/shared.rs`).

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking, as tests do")]

#[path = "support/shared.rs"]
mod shared;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};

use flate2::read::MultiGzDecoder;
use onrecord::entity::{DiscourseState, EntityFinder, SpeakerResolver};
use onrecord::text::{CharSpan, CodePoints, Span, Text, paragraphs};
use serde::Deserialize;
use shared::shared;

/// Of a hundred pronouns, those that must be resolved rightly.
const MUST: usize = 84;

#[derive(Deserialize)]
struct Article {
    text: String,
    attributions: Vec<Attribution>,
    tokens: Option<Tokens>,
    #[serde(default)]
    coref: Option<Vec<Vec<(u32, u32)>>>,
}

#[derive(Deserialize)]
struct Attribution {
    source: Option<Vec<(u32, u32)>>,
    content: Option<Vec<(u32, u32)>>,
}

#[derive(Deserialize)]
struct Tokens {
    start: Vec<u32>,
    end: Vec<u32>,
    ner: Vec<String>,
}

#[test]
fn he_and_she_mean_whom_the_chains_say() {
    let Some(path) = shared("data/polnear/dev.jsonl.gz") else { return };
    let file = std::fs::File::open(path).unwrap();
    let mut finder = EntityFinder::default();
    let (mut all, mut right) = (0, 0);
    for line in BufReader::new(MultiGzDecoder::new(file)).lines() {
        let article: Article = serde_json::from_str(&line.unwrap()).unwrap();
        let points = CodePoints::new(&article.text);
        let bytes = |(start, end): (u32, u32)| points.bytes(CharSpan { start, end });
        let text = Text::new(&article.text, &paragraphs(&article.text));
        let entities = finder.find(&text, None);
        let quoted: Vec<Span> = quoted(&article.text);
        let resolver = SpeakerResolver::new(&text, &entities, &quoted);
        let mut previous = None;
        let mut sources: Vec<&Attribution> = article.attributions.iter().collect();
        sources.sort_by_key(|a| a.content.as_ref().and_then(|content| content.first().copied()));
        for source in sources.iter().filter_map(|a| a.source.as_ref()?.first()) {
            let span = bytes(*source);
            let resolved = resolver.resolve(span, DiscourseState { previous, ..DiscourseState::default() });
            let who = resolved.as_ref().and_then(|r| r.entities.first().copied());
            let word = span.of(&article.text).to_lowercase();
            if matches!(word.as_str(), "he" | "she" | "him" | "her")
                && let Some(expected) = family_in_chain(&article, *source)
            {
                let name = who.and_then(|id| entities.get(id)).map_or("", |e| e.name.as_str());
                all += 1;
                right += usize::from(family(name) == Some(expected));
            }
            previous = who.or(previous);
        }
    }
    eprintln!("{right} of {all} pronouns right: {:.1}%", 100.0 * right as f32 / all as f32);
    assert!(all > 100 && right * 100 >= all * MUST, "{right} of {all}");
}

/// Stretches between double quotation marks, paragraph by paragraph.
fn quoted(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut open: Option<usize> = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('“', _) | ('"', None) => open = Some(at),
            ('”' | '"', Some(start)) => {
                spans.push(Span { start: start as u32, end: (at + c.len_utf8()) as u32 });
                open = None;
            }
            ('\n', _) => open = None,
            _ => {}
        }
    }
    spans
}

/// The family name that most names of people in the chain of a mention have.
fn family_in_chain(article: &Article, mention: (u32, u32)) -> Option<String> {
    let chain = article.coref.as_ref()?.iter().find(|chain| chain.contains(&mention))?;
    let tokens = article.tokens.as_ref()?;
    let points = CodePoints::new(&article.text);
    let mut votes: BTreeMap<String, usize> = BTreeMap::new();
    for &(start, end) in chain {
        let within = |i: &usize| tokens.start[*i] >= start && tokens.end[*i] <= end && tokens.ner[*i] == "PERSON";
        let last = (0..tokens.start.len()).rfind(within);
        let word = last.map(|i| points.bytes(CharSpan { start: tokens.start[i], end: tokens.end[i] }));
        if let Some(name) = word.and_then(|span| family(span.of(&article.text))) {
            *votes.entry(name).or_default() += 1;
        }
    }
    votes.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)
}

/// The last word of a name, without generation.
fn family(name: &str) -> Option<String> {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let last = words.rfind(|w| !matches!(*w, "Jr" | "Sr" | "II" | "III" | "s"))?;
    Some(last.to_lowercase())
}

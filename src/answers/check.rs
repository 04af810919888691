//! Did anybody say that? The quotations on record that are nearest to some words, word by word.
//!
//! Candidates are the quotations that share the rarest words; each is aligned with the words as an approximate match of
//! them within it (Sellers 1980), so that a part of a long quotation is as near as a whole one.

use crate::entity::EntityKind;
use crate::present::check::{Check, Nearest};
use crate::query::Matching;
use crate::search::{Backend, By, Difference, Error, Hit, Request, Variants};
use crate::text::normal::{TermKind, Terms, folded};
use crate::text::wording::Change;

/// Quotations that are aligned, at most.
const CANDIDATES: u64 = 80;

/// Words that are compared, at most; more are cut off.
const LONGEST: usize = 400;

/// Share of words below which a quotation is another one.
const NEAR: f32 = 0.5;

/// What to look for.
#[derive(Debug, Clone, Default)]
pub struct Claim {
    /// The words that were said.
    pub words: String,
    /// Who is meant to have said them.
    pub speaker: Option<String>,
    /// How many quotations to give, at most.
    pub limit: usize,
}

/// Finds the quotations that are nearest to a claim.
pub fn check(engine: &dyn Backend, claim: &Claim, request: &Request) -> Result<Check, Error> {
    let mut terms = Terms::default();
    let said = words(&claim.words, &mut terms);
    let mut nearest: Vec<Nearest> = Vec::new();
    let query = plain(&claim.words);
    if !said.is_empty() && !query.is_empty() {
        let answer = engine.search(&Request {
            query,
            matching: Matching::Any,
            by: Some(By::Quote),
            limit: CANDIDATES,
            variants: Variants { forms: true, near: false, synonyms: false },
            ..request.clone()
        })?;
        for hit in answer.hits {
            add(&mut nearest, nearness(engine, claim, &said, hit, &mut terms)?);
        }
    }
    nearest.retain(|quotation| quotation.nearness >= NEAR);
    nearest.sort_by(|a, b| b.nearness.total_cmp(&a.nearness).then_with(|| b.by_speaker.cmp(&a.by_speaker)));
    nearest.truncate(claim.limit.max(1));
    Ok(Check {
        words: claim.words.clone(),
        speaker: claim.speaker.clone(),
        as_pasted: nearest.iter().any(|quotation| quotation.as_pasted && quotation.by_speaker),
        nearest,
    })
}

/// Adds a quotation, or its outlet and day to one of the same words by the same speaker.
fn add(nearest: &mut Vec<Nearest>, other: Nearest) {
    let same = |known: &&mut Nearest| known.speakers == other.speakers && folded(&known.text) == folded(&other.text);
    let Some(known) = nearest.iter_mut().find(same) else { return nearest.push(other) };
    for outlet in other.outlets {
        if !known.outlets.contains(&outlet) {
            known.outlets.push(outlet);
        }
    }
    if other.since.is_some() && (known.since.is_none() || other.since < known.since) {
        (known.since, known.article, known.start, known.end) = (other.since, other.article, other.start, other.end);
    }
}

/// How near a hit is to the words that were said.
fn nearness(engine: &dyn Backend, claim: &Claim, said: &[Word], hit: Hit, terms: &mut Terms) -> Result<Nearest, Error> {
    let quote = hit.quotes.into_iter().next();
    let text = quote.as_ref().and_then(|quote| quote.text.clone()).unwrap_or(hit.text);
    let speakers = quote.map_or_else(Vec::new, |quote| {
        if quote.speakers.is_empty() { quote.speaker.into_iter().collect() } else { quote.speakers }
    });
    let mut by_speaker = claim.speaker.is_none();
    if let Some(name) = &claim.speaker {
        for speaker in &speakers {
            by_speaker |= is_named(engine, speaker, name)?;
        }
    }
    let (distance, differences) = align(said, &words(&text, terms));
    let mut outlets: Vec<String> = hit.article.outlet.iter().cloned().collect();
    let mut since = hit.article.published.as_ref().map(|published| published.day().to_owned());
    if let Some(also) = hit.also_in {
        outlets.extend(also.outlets);
        let earliest = also.earliest.map(|earliest| earliest.day);
        since = [since, earliest].into_iter().flatten().min();
    }
    Ok(Nearest {
        nearness: 1.0 - distance as f32 / said.len() as f32,
        as_pasted: distance == 0,
        speakers,
        by_speaker,
        text,
        differences,
        article: hit.article,
        start: hit.start,
        end: hit.end,
        outlets,
        since,
    })
}

/// True if a speaker has this name, whole or in part.
fn is_named(engine: &dyn Backend, speaker: &str, name: &str) -> Result<bool, Error> {
    let (of, typed) = (format!(" {} ", folded(speaker)), format!(" {} ", folded(name)));
    if of.contains(&typed) {
        return Ok(true);
    }
    let directory = engine.directory()?;
    let groups = EntityKind::ALL.into_iter().flat_map(|kind| directory.find(kind, name));
    Ok(groups.flat_map(|group| &group.members).any(|member| member.name == speaker))
}

/// The words of a claim as a query: no operators, no fields.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '-'));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    words.filter(|word| !word.is_empty()).take(LONGEST).collect::<Vec<_>>().join(" ")
}

/// A word as it is written, and what it is compared by.
#[derive(Debug, Clone, Default, PartialEq)]
struct Word {
    typed: String,
    surface: String,
    normal: String,
}

impl Word {
    /// True for the same word: `colour` is `color`, `30` is `thirty`, but `agrees` is not `agreed`.
    fn is(&self, other: &Word) -> bool {
        self.surface == other.surface
            || self.normal == other.normal
                && (self.normal.starts_with(|c: char| c.is_ascii_digit())
                    || american(&self.surface) == american(&other.surface))
    }
}

/// A word with what differs between British and American spelling levelled.
fn american(word: &str) -> String {
    let levelled =
        word.replace("our", "or").replace("ll", "l").replace("ae", "e").replace("grey", "gray").replace('s', "z");
    levelled.strip_suffix("re").map_or_else(|| levelled.clone(), |start| format!("{start}er"))
}

/// The words of a text, a quantity as one.
fn words(text: &str, terms: &mut Terms) -> Vec<Word> {
    terms.read(text);
    let mut words: Vec<Word> = Vec::new();
    let mut at = None;
    for term in terms.iter().filter(|term| !matches!(term.kind, TermKind::Border | TermKind::Role(_))) {
        if at != Some(term.position) {
            if words.len() >= LONGEST {
                break;
            }
            words.push(Word::default());
            at = Some(term.position);
        }
        let Some(word) = words.last_mut() else { continue };
        let typed = term.span.of(text);
        if word.typed.len() < typed.len() {
            typed.clone_into(&mut word.typed);
        }
        if matches!(term.kind, TermKind::Plain | TermKind::Surface) {
            term.text.clone_into(&mut word.surface);
        }
        if let Some(normal) = term.normal() {
            word.normal.push_str(normal);
            word.normal.push(' ');
        }
    }
    for word in &mut words {
        if word.surface.is_empty() {
            word.surface.clone_from(&word.normal);
        }
    }
    words
}

/// The fewest words that must be changed, left out or added to find `said` within `quoted`, and the words of both.
fn align(said: &[Word], quoted: &[Word]) -> (usize, Vec<Difference>) {
    let (rows, columns) = (said.len(), quoted.len());
    let width = columns + 1;
    // costs[i][j]: changes that turn the first i words into some that end at the j-th.
    let mut costs = vec![0_usize; (rows + 1) * width];
    let at = |costs: &[usize], i: usize, j: usize| costs.get(i * width + j).copied().unwrap_or(usize::MAX / 2);
    let same = |i: usize, j: usize| matches!((said.get(i), quoted.get(j)), (Some(a), Some(b)) if a.is(b));
    for i in 1..=rows {
        for j in 0..=columns {
            let mut least = at(&costs, i - 1, j) + 1;
            if j > 0 {
                least = least.min(at(&costs, i, j - 1) + 1);
                least = least.min(at(&costs, i - 1, j - 1) + usize::from(!same(i - 1, j - 1)));
            }
            if let Some(cost) = costs.get_mut(i * width + j) {
                *cost = least;
            }
        }
    }
    // Of several ends the last: a word that was changed is shown beside the one it was.
    let end = (0..=columns).min_by_key(|&j| (at(&costs, rows, j), columns - j)).unwrap_or(0);
    let distance = at(&costs, rows, end);
    let (mut i, mut j) = (rows, end);
    let typed =
        |words: &'_ [Word], at: usize| -> String { words.get(at).map_or(String::new(), |word| word.typed.clone()) };
    let mut changes: Vec<(Change, String)> = Vec::new();
    while i > 0 {
        let here = at(&costs, i, j);
        if j > 0 && here == at(&costs, i - 1, j - 1) + usize::from(!same(i - 1, j - 1)) {
            (i, j) = (i - 1, j - 1);
            if same(i, j) {
                changes.push((Change::Same, typed(quoted, j)));
            } else {
                changes.push((Change::New, typed(quoted, j)));
                changes.push((Change::Gone, typed(said, i)));
            }
        } else if here == at(&costs, i - 1, j) + 1 {
            i -= 1;
            changes.push((Change::Gone, typed(said, i)));
        } else {
            j = j.saturating_sub(1);
            changes.push((Change::New, typed(quoted, j)));
        }
    }
    changes.reverse();
    (distance.min(rows), stretches(changes))
}

/// Words with the same change as one stretch; of neighbouring changes, what is gone comes first.
fn stretches(changes: Vec<(Change, String)>) -> Vec<Difference> {
    let mut found: Vec<Difference> = Vec::new();
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    let flush = |found: &mut Vec<Difference>, gone: &mut Vec<String>, new: &mut Vec<String>| {
        for (change, words) in [(Change::Gone, gone), (Change::New, new)] {
            if !words.is_empty() {
                found.push(Difference { change, text: words.join(" ") });
                words.clear();
            }
        }
    };
    for (change, word) in changes {
        match change {
            Change::Gone => gone.push(word),
            Change::New => new.push(word),
            Change::Same => {
                flush(&mut found, &mut gone, &mut new);
                match found.last_mut() {
                    Some(Difference { change: Change::Same, text }) => {
                        text.push(' ');
                        text.push_str(&word);
                    }
                    _ => found.push(Difference { change, text: word }),
                }
            }
        }
    }
    flush(&mut found, &mut gone, &mut new);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distance, and the words with `[-…-]` for what is gone and `{+…+}` for what is new.
    #[track_caller]
    fn check(said: &str, quoted: &str, distance: usize, expect: &str) {
        let mut terms = Terms::default();
        let (found, differences) = align(&words(said, &mut terms), &words(quoted, &mut terms));
        let shown: Vec<String> = differences
            .into_iter()
            .map(|Difference { change, text }| match change {
                Change::Same => text,
                Change::Gone => format!("[-{text}-]"),
                Change::New => format!("{{+{text}+}}"),
            })
            .collect();
        assert_eq!((found, shown.join(" ").as_str()), (distance, expect));
    }

    #[test]
    fn words_are_found_within_a_quotation() {
        check("no deal was possible", "We knew that no deal was possible, and left.", 0, "no deal was possible");
        check("No Deal – was ‘possible’!", "no deal was possible", 0, "no deal was possible");
        check("thirty days of colour", "30 days of color", 0, "30 days of color");
    }

    #[test]
    fn differences_are_told_word_by_word() {
        check("no deal is possible", "no deal was possible", 1, "no deal [-is-] {+was+} possible");
        check("deal was possible now", "no deal was possible", 1, "deal was possible [-now-]");
        check("we agreed", "we agree", 1, "we [-agreed-] {+agree+}");
        check("no deal possible", "no deal was possible", 1, "no deal {+was+} possible");
    }

    #[test]
    fn claims_are_no_queries() {
        assert_eq!(plain("“speaker:rubio” OR -peace* (now)"), "speaker rubio or peace now");
    }
}

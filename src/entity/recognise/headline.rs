//! Names in headlines that write every word with a capital: `Fire Chief Says Arson Likely in Maplewood`.
//!
//! There a capital tells nothing. What does is whether a word is one that news writes small elsewhere, and whether the
//! article below names somebody so.

use rustc_hash::FxHashMap;

use super::clusters::Clusters;
use crate::entity::EntityKind;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::name_span::NameSpan;
use crate::entity::tokens::{Tokens, is_all_capitals, is_capitalised};
use crate::language::english;
use crate::text::{TokenKind, Unit};

/// Long words that a headline has at least, and of ten of them those with a capital.
const WORDS: usize = 4;
const CAPITALS_OF_TEN: usize = 8;

/// Letters of a long word; headlines write shorter ones small, too.
const LONG: usize = 4;

/// Paragraphs at an article's start that can be its headline; further down such sentences are lists of names.
const PARAGRAPHS: u32 = 2;

/// Cuts names in headlines back to what can be one; what cannot be one goes. The names stay in order.
pub(super) fn correct(tokens: &Tokens, clusters: &Clusters, found: &mut Vec<NameSpan>) {
    let below = found.partition_point(|name| tokens.paragraph(name.first) < PARAGRAPHS);
    // Names come sentence by sentence: each sentence is looked through once, however many names it has.
    let mut last: Option<(u32, bool)> = None;
    let headline = |name: &NameSpan| {
        let number = tokens.sentence(name.first);
        let known = last.filter(|(sentence, _)| *sentence == number).map(|(_, headline)| headline);
        let headline = known.unwrap_or_else(|| {
            let sentence = tokens.text.sentences.get(number as usize);
            sentence.is_some_and(|sentence| is_headline(tokens, *sentence))
        });
        last = Some((number, headline));
        headline
    };
    let headlines: Vec<bool> = found.iter().take(below).map(headline).collect();
    if !headlines.contains(&true) {
        return;
    }
    let mut known: FxHashMap<u64, EntityKind> = FxHashMap::default();
    for (_, name) in found.iter().enumerate().filter(|(i, _)| headlines.get(*i) != Some(&true)) {
        for token in name.first..name.end {
            known.entry(tokens.key(token)).or_insert(name.kind);
        }
    }
    let rest = found.split_off(below);
    let mut out: Vec<NameSpan> = Vec::with_capacity(found.len());
    for (mut name, headline) in found.drain(..).zip(headlines) {
        let words = || name.first..name.end;
        if !headline {
            out.push(name);
            continue;
        }
        let is_person = |i: usize| known.get(&tokens.key(i)) == Some(&EntityKind::Person);
        let verb = words().find(|&i| english().names.headline_verbs.contains(tokens.word(i)));
        match name.kind {
            EntityKind::Organization if verb.is_some() || words().len() > 1 && words().any(is_person) => {
                out.extend(runs(tokens, &known, name));
            }
            EntityKind::Organization => out.push(name),
            EntityKind::Person | EntityKind::Place => {
                name.end = verb.unwrap_or(name.end);
                trim(tokens, clusters, &known, &mut name);
                out.extend((name.end > name.first).then_some(name));
            }
        }
    }
    out.extend(rest);
    *found = out;
}

/// The names of the article below that are in a stretch of capitals.
fn runs(tokens: &Tokens, known: &FxHashMap<u64, EntityKind>, stretch: NameSpan) -> Vec<NameSpan> {
    let mut runs: Vec<NameSpan> = Vec::new();
    for i in stretch.first..stretch.end {
        let Some(&kind) = known.get(&tokens.key(i)).filter(|_| is_capitalised(tokens.word(i))) else { continue };
        match runs.last_mut() {
            Some(run) if run.end == i && run.kind == kind => run.end = i + 1,
            _ => runs.push(NameSpan::new(i, i + 1, kind)),
        }
    }
    // One word of a body's name may be any word: `Black Lives Matter`, `Black Lawmakers`.
    let is_a_word = |run: &NameSpan| run.kind == EntityKind::Organization && run.end == run.first + 1;
    runs.retain(|run| !is_a_word(run) || is_all_capitals(tokens.word(run.first)));
    runs
}

/// Removes words that are not names from both ends of a name.
fn trim(tokens: &Tokens, clusters: &Clusters, known: &FxHashMap<u64, EntityKind>, name: &mut NameSpan) {
    let listed = gazetteer().longest((name.first..name.end).map(|i| tokens.key(i)));
    if listed.0 == name.end - name.first && name.end > name.first {
        return;
    }
    let ordinary = |i: usize| {
        let word = tokens.word(i);
        !known.contains_key(&tokens.key(i)) && is_capitalised(word) && clusters.has(&word.to_lowercase())
    };
    let given = |i: usize| tokens.lists(i).any(Lists::GIVEN);
    while name.first < name.end && ordinary(name.first) && !given(name.first) {
        name.first += 1;
    }
    while name.end > name.first && ordinary(name.end - 1) {
        let last = name.end - 1;
        let is_family = match last.checked_sub(1).filter(|&before| before >= name.first) {
            None => given(last),
            Some(before) => {
                (given(before) || tokens.word(before).ends_with('.')) && tokens.lists(last).any(Lists::SURNAME)
            }
        };
        if is_family {
            break;
        }
        name.end -= 1;
    }
}

/// True if nearly all long words of a sentence have a capital, and not all of them are in capitals.
fn is_headline(tokens: &Tokens, sentence: Unit) -> bool {
    let (mut words, mut capitals, mut loud) = (0, 0, 0);
    for i in sentence.tokens() {
        let word = tokens.word(i);
        if tokens.text.tokens.get(i).is_some_and(|t| t.kind == TokenKind::Word) && word.len() >= LONG {
            words += 1;
            capitals += usize::from(is_capitalised(word));
            loud += usize::from(is_all_capitals(word));
        }
    }
    words >= WORDS && capitals * 10 >= words * CAPITALS_OF_TEN && loud * 2 < words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Text, paragraphs};

    /// Names as found, then as they are left; the words `small` are such as news writes small.
    #[track_caller]
    fn check(raw: &str, small: &[&str], names: &[(&str, EntityKind)], expect: &[(&str, EntityKind)]) {
        let text = Text::new(raw, &paragraphs(raw));
        let tokens = Tokens::new(&text);
        let clusters = Clusters::new(small.iter().map(|word| (*word, 1, 1)));
        let mut found = Vec::new();
        let mut from = 0;
        for &(name, kind) in names {
            let start = from + raw[from..].find(name).unwrap();
            from = start + name.len();
            let at = |byte: usize| text.tokens.partition_point(|t| (t.span.start as usize) < byte);
            found.push(NameSpan::new(at(start), at(from), kind));
        }
        correct(&tokens, &clusters, &mut found);
        let left: Vec<(String, EntityKind)> = found.iter().map(|f| (tokens.phrase(f.first, f.end), f.kind)).collect();
        assert_eq!(left.iter().map(|(name, kind)| (name.as_str(), *kind)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn words_that_are_no_names_go() {
        use EntityKind::{Organization, Person, Place};
        check(
            "Fire Chief Says Arson Likely in Quorby Blaze; Mayor Quill Urges Calm\n\nMayor Ann Quill spoke in Quorby.",
            &["says", "arson", "likely", "blaze", "mayor", "calm"],
            &[
                ("Says Arson Likely", Person),
                ("Quorby Blaze", Place),
                ("Mayor Quill Urges Calm", Organization),
                ("Ann Quill", Person),
                ("Quorby", Place),
            ],
            &[("Quorby", Place), ("Quill", Person), ("Ann Quill", Person), ("Quorby", Place)],
        );
    }

    #[test]
    fn names_that_are_words_stay() {
        let names = [("Ann Brown", EntityKind::Person)];
        check("Minister Meets Ann Brown Over Pension Plan", &["brown"], &names, &names);
        check("They met Ann Brown over their pension plan.", &["brown"], &names, &names);
    }
}

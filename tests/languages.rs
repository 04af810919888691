//! Direct quotations and their speakers in the languages of the packs, sentence by sentence: the speaker, a tab, the
//! sentence. Names and events are invented.

use onrecord::entity::EntityFinder;
use onrecord::language::Pack;
use onrecord::quote::{QuoteKind, find_in_language};
use onrecord::text::normal::folded;
use onrecord::text::stem::{Stems, without_elision};
use onrecord::text::{Text, paragraphs};

/// Speakers that are found in the sentences of a language, in percent, at least.
const FLOOR: usize = 90;

/// Pairs of words, of 260, that may be told wrongly: irregular forms, and words that share a stem.
const MOST_WRONG: usize = 20;

/// Right speakers and sentences.
fn score(code: &str, cases: &str) -> (usize, usize) {
    let pack = Pack::of(Some(code)).unwrap_or_else(|| panic!("no pack for `{code}`"));
    let mut finder = EntityFinder::default();
    let cases = cases.lines().filter_map(|line| line.split_once('\t'));
    let mut right = |speaker: &str, sentence: &str| {
        let text = Text::in_language(sentence, &paragraphs(sentence), pack);
        let entities = finder.find(&text, Some(pack));
        let found = find_in_language(&text, &entities, pack);
        let mut said = found.iter().filter(|quotation| quotation.kind != QuoteKind::Indirect);
        said.any(|quotation| quotation.speakers.iter().any(|name| name == speaker))
    };
    let outcomes: Vec<bool> = cases.map(|(speaker, sentence)| right(speaker, sentence)).collect();
    (outcomes.iter().filter(|right| **right).count(), outcomes.len())
}

#[test]
fn speakers_are_found_in_every_language() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/languages");
    let mut below = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (right, all) = score(&code, &std::fs::read_to_string(&path).unwrap());
        println!("{code}: {right} of {all}");
        if right * 100 < all * FLOOR {
            below.push(format!("{code}: {right} of {all}"));
        }
    }
    assert!(below.is_empty(), "{below:?}");
}

/// A line of `tests/cases/forms/`: a word and another form of it, or with `!` another word.
#[test]
fn words_are_found_in_all_forms_and_others_are_not() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/forms");
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let pack = Pack::of(path.file_stem().and_then(|code| code.to_str())).unwrap();
        let stems = Stems::of(pack).unwrap();
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let (word, other) = line.split_once(' ').unwrap();
            let word = folded(without_elision(word, pack).unwrap_or(word));
            let form = folded(other.trim_start_matches('!'));
            let stem = stems.stem(&word);
            let found = stems.stem(&form) == stem && stems.heads(&stem).iter().any(|head| form.starts_with(head));
            if found == other.starts_with('!') {
                wrong.push(format!("{}: {line}", pack.code));
            }
        }
    }
    println!("{} wrong: {wrong:#?}", wrong.len());
    assert!(wrong.len() <= MOST_WRONG, "{wrong:#?}");
}

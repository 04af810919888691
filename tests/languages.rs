//! Direct quotations and their speakers in the languages of the packs, sentence by sentence: the speaker, a tab, the
//! sentence. Names and events are invented. The packs were written with an eye on `tests/cases/languages`; those of
//! `tests/cases/languages_apart` were written before they were run.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

use onrecord::entity::EntityFinder;
use onrecord::language::Pack;
use onrecord::quote::{QuoteKind, find_in_language};
use onrecord::text::normal::folded;
use onrecord::text::stem::{Stems, without_elision};
use onrecord::text::{Text, paragraphs};

/// Speakers that are found in the sentences of a language, in percent, at least.
const FLOOR: usize = 90;

/// The same of the sentences apart; by those in Japanese one rule was mended.
const FLOOR_APART: usize = 90;

/// Pairs of words, of 260, that may be told wrongly: irregular forms, and words that share a stem.
const MOST_WRONG: usize = 20;

/// Right speakers and sentences.
fn score(code: &str, cases: &str) -> (usize, usize) {
    let pack = Pack::of(Some(code)).unwrap_or_else(|| panic!("no pack for `{code}`"));
    let mut finder = EntityFinder::default();
    let cases = cases.lines().filter_map(|line| line.split_once('\t'));
    let mut right = |speaker: &str, sentence: &str| -> bool {
        let text = Text::in_language(sentence, &paragraphs(sentence), pack);
        let entities = finder.find(&text, Some(pack));
        let found = find_in_language(&text, &entities, pack);
        let mut said = found.iter().filter(|quotation| quotation.kind != QuoteKind::Indirect);
        let right = said.any(|quotation| quotation.speakers.iter().any(|name| name == speaker));
        if !right {
            println!("{code}: not found: {speaker}: {sentence}");
        }
        right
    };
    let outcomes: Vec<bool> = cases.map(|(speaker, sentence)| right(speaker, sentence)).collect();
    (outcomes.iter().filter(|right| **right).count(), outcomes.len())
}

#[test]
fn speakers_are_found_in_every_language() {
    let mut below = Vec::new();
    for (folder, floor) in [("languages", FLOOR), ("languages_apart", FLOOR_APART)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let code = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let (right, all) = score(&code, &fs::read_to_string(&path).unwrap());
            println!("{code}: {right} of {all}");
            if right * 100 < all * floor {
                below.push(format!("{code}: {right} of {all}"));
            }
        }
    }
    assert!(below.is_empty(), "{below:?}");
}

#[test]
fn a_pack_of_the_user_is_read_and_counts() {
    let dir = tempfile::tempdir().unwrap();
    let pack = dir.path().join("index/user/languages/sv");
    let write = |path: &Path, text: &str| fs::write(path, text).unwrap();
    // The example of the documentation.
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/languages.md")).unwrap();
    let block = |word: &str| page.split("```").find(|block| block.contains(word)).unwrap().split_once('\n').unwrap().1;
    let (lists, names) = (block("säger"), block("Karin"));
    fs::create_dir_all(&pack).unwrap();
    write(&pack.join("pack.toml"), lists);
    write(&pack.join("names.txt"), names);
    let article = dir.path().join("bron.txt");
    write(
        &article,
        "Bron stängs inte i vår, och det är klart att alla som bor på ön kan åka över som vanligt, men inte om natten.\n\n\
         ”Vi stänger inte bron”, säger borgmästaren Elsa Markelund till tidningen.\n",
    );
    let ingest = || {
        let mut command = Command::cargo_bin("onrecord").unwrap();
        let output = command.current_dir(dir.path()).args(["ingest", "bron.txt"]).output().unwrap();
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(ingest().contains("1 quotation"));
    assert!(ingest().contains("unchanged"));
    write(&pack.join("pack.toml"), &lists.replace("säger", "säger sägs"));
    assert!(ingest().contains("1 analysed again"));
    let mut query = Command::cargo_bin("onrecord").unwrap();
    query.current_dir(dir.path()).args(["query", "speaker:\"Elsa Markelund\""]).assert().success();
    write(&pack.join("names.txt"), "town Malmö\n");
    assert!(ingest().contains("no kind of name `town`"));
}

/// A line of `tests/cases/forms/`: a word and another form of it, or with `!` another word.
#[test]
fn words_are_found_in_all_forms_and_others_are_not() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/forms");
    let mut wrong = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let pack = Pack::of(path.file_stem().and_then(|code| code.to_str())).unwrap();
        let stems = Stems::of(pack).unwrap();
        for line in fs::read_to_string(&path).unwrap().lines() {
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

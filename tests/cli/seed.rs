//! What must come out of the article that everything started with, and of our own retelling of it.

use std::path::Path;

use serde_json::Value;

use super::shared::shared;
use super::workbench::{Workbench, corpus};

/// What a quotation must be: its kind, and words of its content.
struct Expected {
    kind: &'static str,
    words: &'static str,
}

const fn expected(kind: &'static str, words: &'static str) -> Expected {
    Expected { kind, words }
}

/// The binary's answers to `query` must hold every expected quotation, all said by `speaker`.
#[track_caller]
fn check(bench: &Workbench, query: &str, speaker: &str, expect: &[Expected]) {
    let (hits, code) = bench.ask(query, &["--all"]);
    assert_eq!(code, 0, "{query}: no hits");
    for Expected { kind, words } in expect {
        let found = hits.iter().find(|hit| plain(&hit["text"]).contains(words));
        let found = found.unwrap_or_else(|| panic!("{query}: nothing with `{words}` in {hits:#?}"));
        assert_eq!(found["by"], "quote", "{query}");
        let quote = &found["quotes"][0];
        assert_eq!((&quote["speaker"], &quote["kind"]), (&speaker.into(), &(*kind).into()), "{query}: {words}");
    }
}

/// With straight marks, to write expectations in.
fn plain(text: &Value) -> String {
    text.as_str().unwrap_or_default().replace(['“', '”'], "\"").replace(['‘', '’'], "'")
}

fn seed() -> Option<Workbench> {
    shared("seed").map(|folder| Workbench::with(&[Path::new(&folder)]))
}

#[test]
fn every_quotation_of_the_seed_article_is_found_by_its_speaker() {
    let Some(bench) = seed() else { return };
    check(
        &bench,
        "speaker:rubio",
        "Marco Rubio",
        &[
            expected("direct", "Frankly, at this point"),
            expected("indirect", "Washington does not have high expectations"),
            expected("indirect", "he would not meet with Moscow's delegates himself"),
        ],
    );
    check(
        &bench,
        "speaker:zelenskyy",
        "Volodymyr Zelenskyy",
        &[expected("mixed", "to attempt at least the first steps")],
    );
    check(&bench, "speaker:medinsky", "Vladimir Medinsky", &[expected("mixed", "'has the power to make decisions'")]);
    check(
        &bench,
        "speaker:yermak",
        "Andriy Yermak",
        &[
            expected("mixed", "it remains Kyiv's \"top priority\""),
            expected("mixed", "who hasn't arrived to Turkey for some reason"),
        ],
    );
}

#[test]
fn the_cue_of_zelenskyy_is_according_to() {
    let Some(bench) = seed() else { return };
    let (hits, _) = bench.ask("speaker:zelenskyy", &[]);
    let (articles, _) = bench.ask("speaker:zelenskyy", &["--by", "article"]);
    assert_eq!(articles.len(), 1);
    let shown = bench.run(&["annotate", "--format", "jsonl", shared("seed").unwrap().to_str().unwrap()]);
    let article: Value = serde_json::from_str(shown.stdout.lines().next().unwrap()).unwrap();
    let text: Vec<char> = article["text"].as_str().unwrap().chars().collect();
    let cue = &hits[0]["quotes"][0]["cue"];
    let at = |side: &str| usize::try_from(cue[side].as_u64().unwrap()).unwrap();
    assert_eq!(text[at("start")..at("end")].iter().collect::<String>(), "according to");
}

#[test]
fn a_phrase_finds_its_paragraph_and_lights_it_up() {
    let Some(bench) = seed() else { return };
    let (hits, _) = bench.ask("\"30-day ceasefire\"", &[]);
    let first = &hits[0];
    assert!(plain(&first["text"]).starts_with("Kyiv and its international partners"), "{first}");
    let lit = &first["highlights"][0];
    let at = |side: &str| usize::try_from(lit[side].as_u64().unwrap()).unwrap();
    let text: Vec<char> = first["text"].as_str().unwrap().chars().collect();
    assert_eq!(text[at("start")..at("end")].iter().collect::<String>(), "30-day ceasefire");
}

#[test]
fn speaker_and_words_hold_within_one_quotation() {
    let Some(bench) = seed() else { return };
    let (hits, _) = bench.ask("speaker:rubio said:breakthrough", &[]);
    assert_eq!(hits.len(), 1, "{hits:#?}");
    assert_eq!(bench.run(&["query", "speaker:putin said:breakthrough"]).code, 1);
}

#[test]
fn quotations_are_found_by_whom_they_are_about() {
    let Some(bench) = seed() else { return };
    let (hits, _) = bench.ask("about:putin", &["--all"]);
    let mut speakers: Vec<&str> = hits.iter().filter_map(|hit| hit["quotes"][0]["speaker"].as_str()).collect();
    speakers.sort_unstable();
    assert_eq!(speakers, ["Andriy Yermak", "Marco Rubio"]);
}

/// The same questions to the retelling that is part of the sample articles.
#[test]
fn the_retelling_answers_alike() {
    let bench = Workbench::with(&[&corpus()]);
    check(
        &bench,
        "speaker:rubio",
        "Marco Rubio",
        &[expected("direct", "Frankly, at this point"), expected("indirect", "did not have high expectations")],
    );
    check(
        &bench,
        "speaker:zelenskyy",
        "Volodymyr Zelenskyy",
        &[expected("mixed", "to attempt at least the first steps")],
    );
    check(&bench, "speaker:medinsky", "Vladimir Medinsky", &[expected("mixed", "'has the power to make decisions'")]);
    check(&bench, "speaker:yermak", "Andriy Yermak", &[expected("mixed", "\"top priority\"")]);
    assert_eq!(bench.ask("\"30-day ceasefire\"", &[]).1, 0);
    assert_eq!(bench.run(&["query", "speaker:putin said:breakthrough"]).code, 1);
}

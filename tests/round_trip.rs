//! What goes in is found: every paragraph and every quotation by its own words, and nothing by words that are not there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod support;

use std::ops::ControlFlow;
use std::path::PathBuf;

use onrecord::article::{self, Options};
use onrecord::search::{By, Hit, Request};
use proptest::prelude::*;
use support::{Indexed, id, index};

/// Quotations whose text has `words` in a row, as ids and texts.
fn said(indexed: &Indexed, query: &str) -> Vec<(String, String)> {
    let request = Request { query: query.to_owned(), by: Some(By::Quote), ..Request::default() };
    let text = |hit: &Hit| hit.quotes.first().and_then(|quote| quote.text.clone()).unwrap_or_default();
    let mut found: Vec<_> = indexed.ask(&request).iter().map(|hit| (id(hit), text(hit))).collect();
    found.sort();
    found
}

/// Three quotations: in one piece, in two pieces, over two paragraphs.
fn three() -> Indexed {
    index(&[
        ("one", "“The harbour stays shut until the talks end,” Ada Ray said. The mayor left early."),
        ("two", "“We will wait,” Ada Ray said, “until the harbour opens.” The mayor left."),
        (
            "three",
            "Ada Ray said: “The pilots asked for nothing more than rest.\n\n“The harbour owes them as much.”\n\n\
             The mayor left early.",
        ),
    ])
}

#[test]
fn what_is_said_is_found_within_quotations_alone() {
    let indexed = three();
    let ids = |query: &str| said(&indexed, query).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids("said:harbour"), ["one", "three", "two"]);
    assert_eq!(ids("said:mayor"), [""; 0]);
    assert_eq!(ids("said:wait"), ["two"]);
    assert_eq!(ids("said:waiting"), ["two"], "another form");
    assert_eq!(ids("said:(pilots AND owes)"), ["three"], "over two paragraphs");
    assert_eq!(ids("said:\"harbour stays\""), ["one"]);
    assert_eq!(ids("said:=\"harbour stays\""), ids("said:='harbour stays'"));
    assert_eq!(ids("said:(wait /p harbour)"), ["two"]);
    assert_eq!(ids("said:(harbour -talks)"), ["three", "two"]);
    assert_eq!(ids("said:*"), ["one", "three", "two"]);
    assert_eq!(ids("said:harb*"), ["one", "three", "two"]);
    assert_eq!(ids("speaker:ray said:rest"), ["three"]);
    let request = |query: &str| Request { query: query.to_owned(), by: Some(By::Passage), ..Request::default() };
    let passages = indexed.ask(&request("said:harbour"));
    assert_eq!(passages.len(), 3);
}

#[test]
fn phrases_do_not_run_from_one_part_of_a_quotation_into_the_next() {
    let indexed = three();
    for query in ["said:\"wait until\"", "said:='wait until'", "said:\"ray said\"", "said:(ada OR mayor)"] {
        let mut request = Request { query: query.to_owned(), by: Some(By::Quote), ..Request::default() };
        request.variants.near = false;
        assert_eq!(indexed.ask(&request), [], "{query}");
    }
}

#[test]
fn what_goes_up_in_a_quantity_is_found_by_itself() {
    let indexed = index(&[("one", "It rang at 10 am and 11 pm for 2 million people.".to_owned())]);
    for word in ["am", "pm", "million"] {
        assert_eq!(indexed.ids(&format!("\"{word}\"")), ["one"], "{word}");
    }
}

#[test]
fn what_folds_into_something_else_is_found_by_its_own_writing() {
    let words = ["se’cond", "ヿ", "0\u{1e023}K", "ﬁve", "İzmir", "Straße"];
    let indexed = index(&[("one", words.map(|word| format!("The {word} came.")).join(" "))]);
    for word in words {
        assert_eq!(indexed.ids(&format!("\"{word}\"")), ["one"], "{word}");
        assert_eq!(indexed.ids(&format!("='{word}'")), ["one"], "{word}");
    }
}

/// The bodies of the sample articles.
fn samples() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for file in article::files(&[PathBuf::from("corpus")]).flatten() {
        let _ = article::read(&file, &Options::default(), &mut |read| {
            texts.extend(read.ok().map(|article| (texts.len().to_string(), article.text)));
            ControlFlow::Continue(())
        });
    }
    texts
}

/// The first words of a text, as a literal.
fn head(text: &str, words: usize) -> Option<String> {
    let head: Vec<&str> = text.split_whitespace().take(words).collect();
    let head = head.join(" ").replace(['\'', '\\'], "’");
    (head.contains(char::is_alphanumeric) && !head.contains('’')).then_some(head)
}

#[test]
fn every_quotation_of_the_samples_is_found_by_its_own_words() {
    let indexed = index(&samples());
    let all = Request { query: "said:*".to_owned(), by: Some(By::Quote), ..Request::default() };
    let hits = indexed.ask(&all);
    assert!(hits.len() > 300, "only {} quotations", hits.len());
    for hit in hits.iter().step_by(3) {
        let quote = hit.quotes.first().unwrap();
        // Up to its first gap, a quotation stands in the text as it is.
        let text = quote.text.clone().unwrap();
        let Some(words) = text.split(" … ").next().and_then(|part| head(part, 4)) else { continue };
        let found = said(&indexed, &format!("said:='{words}'"));
        assert!(found.contains(&(id(hit), text.clone())), "{words:?} does not find {text:?}, but {found:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_found_by_its_own_words(
        texts in prop::collection::vec(
            "([A-Za-z]{1,9}|[0-9]{1,4}|[0-9],[0-9]{3}|[a-z]{2,6}-[a-z]{2,6}|[a-zéüß]{2,7}|U\\.S\\.)( ([A-Za-z]{1,9}|[0-9]{1,4}|\\$5 million|[a-z]{3,8}(ing|ed|s|ies))){0,12}",
            1..6,
        ),
    ) {
        let articles: Vec<(String, &String)> = texts.iter().enumerate().map(|(n, text)| (n.to_string(), text)).collect();
        let indexed = index(&articles);
        for (id, text) in &articles {
            prop_assert!(indexed.ids(&format!("=\"{text}\"")).contains(id), "{text:?} exactly");
            let words: Vec<&str> = text.split(' ').filter(|word| word.len() > 1 && word.chars().all(char::is_alphabetic)).collect();
            for word in words {
                prop_assert!(indexed.ids(&format!("\"{word}\"")).contains(id), "{word:?} in {text:?}");
            }
        }
    }
}

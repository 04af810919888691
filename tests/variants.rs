//! The variants of a mention as they are listed, counted and switched off.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod support;

use onrecord::search::{Backend as _, Request, Response, Variants};
use support::{Indexed, index};

fn explain(indexed: &Indexed, query: &str) -> Response {
    let request = Request { query: query.to_owned(), explain: true, ..Request::default() };
    indexed.engine.search(&request).unwrap()
}

fn counts(answer: &Response, class: &str) -> Vec<(String, u64)> {
    let of_class = answer.expansions.iter().filter(|one| one.class == class);
    of_class.filter_map(|one| Some((one.variant.clone(), one.count.filter(|&n| n > 0)?))).collect()
}

fn truces() -> Indexed {
    index(&[
        ("exact", "They agreed to a 30-day ceasefire."),
        ("form", "Two 30-day ceasefires were signed in Sarn."),
        ("near", "A ceasefire of 30 days was signed."),
        ("synonym", "They agreed to a 30-day truce."),
        ("elsewhere", "Ceasefires do not last."),
    ])
}

#[test]
fn each_variant_is_counted_within_the_answer() {
    let answer = explain(&truces(), "\"30-day ceasefire\"");
    assert_eq!(answer.total, 4);
    // The article that only names ceasefires is none of the answer.
    let days = |n| ("days".to_owned(), n);
    assert_eq!(counts(&answer, "forms"), [days(1), ("ceasefires".to_owned(), 1)]);
    assert_eq!(counts(&answer, "near").iter().map(|(_, n)| *n).collect::<Vec<_>>(), [1]);
    assert_eq!(counts(&answer, "synonyms"), [("truce for ceasefire".to_owned(), 1)]);
}

#[test]
fn variants_count_only_where_the_rest_of_the_query_holds() {
    let answer = explain(&truces(), "\"30-day ceasefire\" signed");
    assert_eq!(answer.total, 2);
    assert_eq!(counts(&answer, "synonyms"), []);
    assert_eq!(counts(&explain(&truces(), "ceasefire -signed"), "forms"), [("ceasefires".to_owned(), 1)]);
}

#[test]
fn of_alternatives_only_those_with_the_variant_count() {
    let answer = explain(&truces(), "\"30-day ceasefire\" OR agreed");
    assert_eq!(counts(&answer, "synonyms"), [("truce for ceasefire".to_owned(), 1)]);
}

#[test]
fn nothing_is_counted_unasked() {
    let request = Request { query: "ceasefire".to_owned(), ..Request::default() };
    let answer = truces().engine.search(&request).unwrap();
    assert!(answer.expansions.iter().any(|one| one.variant == "ceasefires" && one.count.is_none()));
}

#[test]
fn classes_that_are_off_are_not_listed() {
    let variants = Variants { forms: true, near: false, synonyms: false };
    let request = Request { query: "\"30-day ceasefire\"".to_owned(), variants, ..Request::default() };
    let answer = truces().engine.search(&request).unwrap();
    assert!(answer.expansions.iter().all(|one| one.class == "forms"), "{:?}", answer.expansions);
}

#[test]
fn capitals_tell_a_country_from_a_pronoun() {
    let indexed =
        index(&[("name", "US troops left."), ("dotted", "The U.S. troops left."), ("us", "He told us troops left.")]);
    assert_eq!(indexed.ids("\"US troops\""), ["dotted", "name"]);
    assert_eq!(indexed.ids("\"U.S. troops\""), ["dotted", "name"]);
    assert_eq!(indexed.ids("\"us troops\""), ["dotted", "name", "us"]);
}

#[test]
fn words_of_two_readings_are_found_by_either() {
    let indexed = index(&[("verb", "Prices rise."), ("past", "Prices rose."), ("flower", "A rose grew.")]);
    assert_eq!(indexed.ids("rising"), ["flower", "past", "verb"]);
    assert_eq!(indexed.ids("\"prices rise\""), ["past", "verb"]);
    assert_eq!(indexed.ids("roses"), ["flower", "past"]);
}

#[test]
fn a_thousand_parts_are_explained_within_bounds() {
    let phrases: Vec<String> = (0..490).map(|n| format!("\"ceasefire vote{n}\"")).collect();
    let answer = explain(&truces(), &format!("{} OR 30-day", phrases.join(" OR ")));
    assert_eq!(answer.total, 4);
    assert_eq!(answer.explained.len(), 492);
    let counted = answer.expansions.iter().filter(|one| one.count.is_some()).count();
    assert!((1..=250).contains(&counted) && counted < answer.expansions.len(), "{counted}");
}

use proptest::prelude::*;

use super::*;
use crate::query::{Atom, Days, Field, Filter, Link};
use crate::quote;

const TODAY: Date = Date::constant(2025, 5, 16);

fn read(query: &str) -> Parsed {
    parse(query, Matching::All, TODAY)
}

/// What it is read as; it must be read without a warning.
#[track_caller]
fn check(query: &str, expect: &str) {
    let parsed = read(query);
    assert_eq!(parsed.tree.to_string(), expect);
    assert_eq!(parsed.warnings, []);
}

/// What it is read as, and how its first warning starts.
#[track_caller]
fn warns(query: &str, expect: &str, warning: &str) {
    let parsed = read(query);
    assert_eq!(parsed.tree.to_string(), expect);
    let said = parsed.warnings.first().map(ToString::to_string).unwrap_or_default();
    assert!(said.starts_with(warning), "said: {said}");
}

#[test]
fn words_are_joined_by_and() {
    check("peace talks", "peace AND talks");
    check("peace AND talks", "peace AND talks");
    check("peace, talks.", "peace AND talks");
    check("30-day ceasefire", "30-day AND ceasefire");
    check("a -b", "a AND NOT b");
    check("a NOT b", "a AND NOT b");
    check("a AND NOT NOT b", "a AND b");
    check("peace – talks", "peace AND talks");
}

#[test]
fn groups_and_alternatives() {
    check("a OR b OR c", "a OR b OR c");
    check("(a OR b) c", "(a OR b) AND c");
    check("((a))", "a");
    check("-(a b)", "NOT (a AND b)");
    warns("a b OR c", "(a AND b) OR c", "column 5: AND binds tighter than OR");
    warns("a OR b AND c", "a OR (b AND c)", "column 13: AND binds tighter than OR");
}

#[test]
fn phrases_and_literals() {
    check("\"30-day ceasefire\"", "\"30-day ceasefire\"");
    check("“30-day ceasefire”", "\"30-day ceasefire\"");
    check("\"a b\"~3", "\"a b\"~3");
    check("='Rubio's plan' now", r"='Rubio\'s plan' AND now");
    check("=\"no deal\"", "='no deal'");
    warns("\"open end", "\"open end\"", "column 1: the quotation mark is not closed");
    warns("a \"\"", "a", "column 3: the phrase holds no word");
}

#[test]
fn patterns_and_fuzzy_words() {
    check("negotiat*", "negotiat*");
    check("w?man", "w?man");
    check("*fire", "*fire");
    check("why?", "why");
    check("ceasfire~1", "ceasfire~1");
    check("ceasfire~", "ceasfire~1");
    check("(ceasfire~1, ceasfire~?)", "ceasfire~1 AND ceasfire~1");
    check("~ceasfire~2~0", "ceasfire~2");
    check("ceasfire~2≤~", "ceasfire~2");
    check("*", "*");
    warns("word~7", "word~2", "column 1: `~7` is too far");
}

#[test]
fn fields() {
    check("speaker:rubio said:breakthrough", "speaker:rubio AND said:breakthrough");
    check("speaker:\"Marco Rubio\"", "speaker:\"Marco Rubio\"");
    check("speaker:(rubio OR putin)", "speaker:(rubio OR putin)");
    check("source:Reuters", "outlet:Reuters");
    check("speaker: rubio", "speaker:rubio");
    check("-speaker:rubio a", "NOT speaker:rubio AND a");
    check("title:='No deal'", "title:='No deal'");
    warns(
        "spaeker:rubio",
        "spaeker:rubio",
        "column 1: `spaeker:` is no field, taken as a word; did you mean `speaker:`?",
    );
    check("http://example.org/a 10:30", "http://example.org/a AND 10:30");
    warns("a speaker:", "a AND speaker", "column 3: `speaker:` has no value");
}

#[test]
fn values() {
    check("date:2025-05", "date:2025-05-01..2025-05-31");
    check("date:(2024 OR 2025-05-16)", "date:2024-01-01..2024-12-31 OR date:2025-05-16");
    check("date:>= 2025-05-01", "date:>=2025-05-01");
    check("kind:(direct OR mixed) confidence:>=0.8", "(kind:direct OR kind:mixed) AND confidence:>=0.80");
    warns("date:May", "date AND May", "column 6: `date:May` can't be read, taken as words: a date is written");
    warns(
        "date:\"06 - A\"",
        "date AND \"06 - A\"",
        "column 6: `date:06 - A` can't be read, taken as words: a date is written",
    );
    warns(
        "date:2025-06..2025-05",
        "date:2025-06-01..2025-05-31",
        "column 6: `date:2025-06-01..2025-05-31` ends before",
    );
    warns(
        "date:2025 date:2024",
        "date:2025-01-01..2025-12-31 AND date:2024-01-01..2024-12-31",
        "column 19: the dates contradict",
    );
}

#[test]
fn nearness() {
    check("a NEAR/5 b", "a NEAR/5 b");
    check("a PRE/3 \"b c\" /s d", "a PRE/3 \"b c\" /s d");
    check("(a OR b) /p c", "(a OR b) /p c");
    check("x a NEAR/5 b", "x AND (a NEAR/5 b)");
    check("ATLEAST3(a OR b)", "ATLEAST3(a OR b)");
    check("said:a NEAR/5 said:b", "said:(a NEAR/5 b)");
    warns("a NEAR/0 b", "a NEAR/1 b", "column 3: `NEAR/0` can match nothing");
    warns("a NEAR/999999 b", "a /p b", "column 3: `NEAR/999999` is farther than a paragraph");
    warns("a NEAR/99999999999999 b", "a /p b", "column 3: `NEAR/4294967295` is farther");
    warns("ATLEAST0(a)", "ATLEAST1(a)", "column 1: `ATLEAST0`");
    warns("a NEAR/5", "a", "column 3: `NEAR/5` has nothing after it");
    warns("NEAR/5 a", "a", "column 1: `NEAR/5` has nothing before it");
    warns("a NEAR b", "a AND NEAR AND b", "column 3: `NEAR` is taken as a word; a distance");
    warns("speaker:a NEAR/5 b", "speaker:a AND b", "column 18: only words of one field");
}

#[test]
fn habits_from_elsewhere_get_a_hint() {
    warns("a W/5 b", "a NEAR/5 b", "column 3: `W/5` is written `NEAR/5` here");
    warns("a w/s b", "a /s b", "column 3: `w/s` is written `/s` here");
    warns("hlead(peace)", "title:peace", "column 1: `hlead` is written `title:(…)` here");
    warns("negotiat!", "negotiat", "column 1: `negotiat!` is taken as the word `negotiat`; for every ending write");
    warns("a near5 b", "a NEAR/5 b", "column 3: `near5`");
    warns("atleast5(a)", "ATLEAST5(a)", "column 1: `atleast5`");
}

#[test]
fn what_is_broken_is_still_read() {
    warns("speaker:( \"open", "speaker:\"open\"", "column 9: `(` is not closed");
    warns("a) b", "a AND b", "column 2: `)` closes nothing");
    warns("", "()", "column 1: there is no word");
    warns("?!", "()", "column 1: there is no word");
    warns("AND a", "and AND a", "column 1: `AND` has nothing before it");
    warns("a AND", "a AND and", "column 6: `AND` has nothing after it");
    assert_eq!(read("))talks").tree.to_string(), "talks");
    check(":OR :said:x", r"\OR AND \said:x");
    warns("a OR", "a OR or", "column 5: `OR` has nothing on one side");
    warns("a NOT", "a AND not", "column 3: `NOT` has nothing after it");
    warns("a ()", "a", "column 3: the brackets are empty");
}

#[test]
fn any_of_the_words_but_all_of_the_conditions() {
    let any = |query: &str| parse(query, Matching::Any, TODAY).tree.to_string();
    assert_eq!(any("the peace talks in Istanbul"), "peace OR talks OR Istanbul");
    assert_eq!(any("to be or not to be"), "to OR be OR or OR not OR to OR be");
    assert_eq!(any("peace talks date:2025-05-16 -war"), "date:2025-05-16 AND NOT war AND (peace OR talks)");
    assert_eq!(any("peace AND talks Istanbul"), "(peace AND talks) OR Istanbul");
}

#[test]
fn the_monstrous_is_read_in_bounded_time() {
    for query in [
        "(".repeat(1000) + "a",
        "(".repeat(50_000),
        "NOT ".repeat(25_000),
        "said:".repeat(20_000) + "a",
        "ATLEAST2(".repeat(11_000),
        "a NEAR/5 ".repeat(11_000),
        "a ".repeat(50_000),
        "W/5 ".repeat(25_000),
        "a OR b ".repeat(14_000),
        ") ".repeat(50_000),
        "*".repeat(100_000),
        "date:(".repeat(16_000),
    ] {
        let parsed = read(&query);
        let printed = parsed.tree.to_string();
        assert!(printed.len() < 100_000);
    }
    let nested = format!("{}a b{} c", "(".repeat(1000), ")".repeat(1000));
    assert_eq!(read(&nested).tree.to_string(), "(a AND b) AND c");
    assert!(read(&nested).warnings[0].message.contains("nested deeper than 64"));
}

fn atom() -> impl Strategy<Value = Node> {
    let word = "[a-zé][a-z0-9]{0,5}(-[a-z]{1,4})?";
    prop_oneof![
        word.prop_map(Atom::Word),
        "[a-z]{1,4}\\*".prop_map(Atom::Pattern),
        "[a-z]{1,3}\\?[a-z]{1,3}".prop_map(Atom::Pattern),
        (word, 1_u8..3).prop_map(|(w, d)| Atom::Fuzzy(w, d)),
        "[a-z]([ \"“'\\\\][a-z]{1,3}){0,3}".prop_map(Atom::Phrase),
        ("[a-z]{1,3} [a-z]{1,3}", 0_u32..1000).prop_map(|(t, s)| Atom::Loose(t, s)),
        "[a-z][ -~’]{0,8}[a-z]".prop_map(Atom::Literal),
    ]
    .prop_map(Node::Atom)
}

/// Groups of text, as they may stand near one another.
fn text() -> impl Strategy<Value = Node> {
    let link = prop_oneof![
        (1_u32..1000).prop_map(Link::Near),
        (1_u32..1000).prop_map(Link::Pre),
        Just(Link::Sentence),
        Just(Link::Paragraph)
    ];
    atom().prop_recursive(3, 12, 3, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::Or),
            (1_u32..9, inner.clone()).prop_map(|(times, of)| Node::AtLeast { times, of: Box::new(of) }),
            (inner.clone(), prop::collection::vec((link.clone(), inner), 1..3))
                .prop_map(|(first, rest)| Node::Near { first: Box::new(first), rest }),
        ]
    })
}

fn filter() -> impl Strategy<Value = Node> {
    let day = (0_i64..20_000).prop_map(|n| Date::constant(1990, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap());
    prop_oneof![
        Just(Filter::Kind(quote::QuoteKind::Mixed)),
        Just(Filter::Attribution(quote::Attribution::Pronoun)),
        (0_u8..=100, 0_u8..=100).prop_map(|(a, b)| Filter::Confidence(a, b)),
        (prop::option::of(day.clone()), prop::option::of(day))
            .prop_map(|(since, until)| Filter::Date(Days { since, until })),
    ]
    .prop_map(Node::Filter)
}

fn tree() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        text(),
        filter(),
        Just(Node::All),
        (prop::sample::select(Field::ALL.to_vec()), text()).prop_map(|(f, of)| Node::Field(f, Box::new(of))),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::Or),
            inner.prop_filter("doubled", |n| !matches!(n, Node::Not(_))).prop_map(|n| Node::Not(Box::new(n))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_the_same(tree in tree()) {
        let printed = tree.to_string();
        prop_assert_eq!(&read(&printed).tree, &tree, "{}", printed);
    }

    #[test]
    fn anything_is_read(query in prop_oneof![
        "\\PC{0,60}",
        "[a-c ()\":*?~=/'ANDORT-]{0,60}",
        "([a-c ()\"*?~~~='!0-2.,≤\u{b}-]|AND |OR |NOT |/s |NEAR/2 |ATLEAST2\\(|date:|kind:|said:|confidence:>){0,24}",
    ]) {
        let parsed = read(&query);
        prop_assert_eq!(&read(&parsed.tree.to_string()).tree, &parsed.tree, "{}", parsed.tree);
    }
}

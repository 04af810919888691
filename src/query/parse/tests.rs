use proptest::prelude::*;

use super::*;
use crate::query::{Atom, Days, Field, Filter, Link, SpanOperator};
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
fn a_field_within_entity_stands_for_itself() {
    check("entity:entity:ray", "entity:ray");
    check("entity:(ray -speaker:lind)", "entity:ray AND NOT speaker:lind");
    check(
        "entity:(ray OR entity:(orde about:(lind entity:bay)))",
        "entity:ray OR (entity:orde AND about:(lind AND entity:bay))",
    );
    check("entity:(ray orde)", "entity:(ray AND orde)");
}

#[test]
fn phrases_and_literals() {
    check("\"30-day ceasefire\"", "\"30-day ceasefire\"");
    check("“30-day ceasefire”", "\"30-day ceasefire\"");
    check("\"a b\"~3", "\"a b\"~3");
    check("='Rubio's plan' now", r"='Rubio\'s plan' AND now");
    check("=\"no deal\"", "='no deal'");
    warns("\"open end", "\"open end\"", "column 1: unclosed quotation mark");
    warns("a \"\"", "a", "column 3: no word in the phrase");
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
    warns("word~7", "word~2", "column 1: at most 2 letters may differ; `~7`");
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
        "column 1: unknown field `spaeker:`; searched as a word; did you mean `speaker:`?",
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
    warns("after:er\"x", "date AND er AND x", "column 1: `after:` is read as `date:>=`");
    warns("after:er(x", "date AND er AND x", "column 1: `after:` is read as `date:>=`");
    warns("date:May", "date AND May", "column 6: cannot read `date:May`; searched as words: a date is written");
    warns(
        "date:\"06 - A\"",
        "date AND \"06 - A\"",
        "column 6: cannot read `date:06 - A`; searched as words: a date is written",
    );
    warns(
        "date:2025-06..2025-05",
        "date:2025-06-01..2025-05-31",
        "column 6: `date:2025-06-01..2025-05-31` ends before",
    );
    warns(
        "date:2025 date:2024",
        "date:2025-01-01..2025-12-31 AND date:2024-01-01..2024-12-31",
        "column 19: no day is in all of these dates",
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
    warns("a NEAR/0 b", "a NEAR/1 b", "column 3: `NEAR/0` matches nothing");
    warns("a NEAR/999999 b", "a /p b", "column 3: `NEAR/999999` is longer than any paragraph");
    warns("a NEAR/99999999999999 b", "a /p b", "column 3: `NEAR/4294967295` is longer");
    warns("ATLEAST0(a)", "ATLEAST1(a)", "column 1: `ATLEAST0`");
    warns("a NEAR/5", "a", "column 3: `NEAR/5` has nothing after it");
    warns("NEAR/5 a", "a", "column 1: `NEAR/5` has nothing before it");
    warns("a NEAR/x b", "a AND NEAR/x AND b", "column 3: `NEAR/x` is searched as a word; add a distance: `NEAR/5`");
    warns("ATLEASTx(a)", "ATLEASTx AND a", "column 1: `ATLEASTx` is searched as a word");
    warns("a NEAR b", "a AND NEAR AND b", "column 3: `NEAR` is searched as a word; add a distance");
    warns("speaker:a NEAR/5 b", "speaker:a AND b", "column 18: only words of one field");
}

#[test]
fn habits_from_elsewhere_get_a_hint() {
    warns("a W/5 b", "a NEAR/5 b", "column 3: `W/5` is read as `NEAR/5`");
    warns("a w/s b", "a /s b", "column 3: `w/s` is read as `/s`");
    warns("hlead(peace)", "title:peace", "column 1: `hlead` is read as `title:(…)`");
    warns("negotiat!", "negotiat", "column 1: `negotiat!` is searched as `negotiat`; write `negotiat*`");
    warns("a near5 b", "a NEAR/5 b", "column 3: `near5`");
    warns("atleast5(a)", "ATLEAST5(a)", "column 1: `atleast5`");
    warns("a AROUND(3) b", "a NEAR/3 b", "column 3: `AROUND(3)` is read as `NEAR/3`");
    warns("a /5 b", "a NEAR/5 b", "column 3: `/5` is read as `NEAR/5`");
    warns("!war peace", "NOT war AND peace", "column 1: `!` is read as `NOT`");
    warns("speaker=Rubio", "speaker:Rubio", "column 1: `speaker=` is read as `speaker:`");
    warns("speaker=\"Ada Ray\"", "speaker:\"Ada Ray\"", "column 1: `speaker=`");
    warns("site:example.org", "outlet:example.org", "column 1: `site:` is read as `outlet:`");
    warns("after:2025", "date:>=2025-01-01", "column 1: `after:` is read as `date:>=`");
    warns("a before:2025-05 b", "a AND date:<=2025-04-30 AND b", "column 3: `before:` is read as `date:<`");
    warns("published:[2025-05 TO *]", "date:>=2025-05-01", "column 1: `published:` is read as `date:`");
    check("date:[2025-05-01 TO 2025-06-01]", "date:2025-05-01..2025-06-01");
    check("date>2025-05-01 date<=2025-06", "date:>=2025-05-02 AND date:<=2025-06-30");
    check("date:05/16/2025", "date:2025-05-16");
    check("date:\"May 2025\"", "date:2025-05-01..2025-05-31");
    warns(
        "date:05/06/2025",
        "date AND 05/06/2025",
        "column 6: cannot read `date:05/06/2025`; searched as words: day and",
    );
}

#[test]
fn what_is_not_supported_gets_a_hint() {
    warns("peace | war", "peace AND war", "column 7: `|` is ignored; write `OR`");
    warns("peace^2 war^0.5", "peace AND war", "column 1: `^2` is ignored");
    warns("peace^2\u{11} war", "peace AND war", "column 1: `^2` is ignored");
    warns("\"a b\"^2", "\"a b\"", "column 6: `^2` is ignored");
    warns("/peac[ea]/", "peac[ea", "column 1: regular expressions are not supported");
    warns("talks ~3 began", "talks AND began", "column 7: `~3` is ignored; write `NEAR/3`");
    warns(
        "sorce:\"Sull Post\"",
        "sorce AND \"Sull Post\"",
        "column 1: unknown field `sorce:`; searched as a word; did you",
    );
}

#[test]
fn signs_belong_to_their_word() {
    check("C++ C# Disney+", "='C++' AND ='C#' AND ='Disney+'");
    check("9/11, 24/7 #budget @mayor", "='9/11' AND ='24/7' AND ='#budget' AND ='@mayor'");
    check("+9/11 (24/7)", "='9/11' AND ='24/7'");
    check("2/3 +peace U.S. #1", "2/3 AND peace AND U.S AND 1");
}

#[test]
fn names_go_on_as_far_as_they_are_known() {
    let knows = |_: Field, name: &str| name == "Marco Rubio" || name == "The Sull Post";
    let context = Context { matching: Matching::All, today: TODAY, requests: true, knows: &knows };
    let read = |query: &str| parse_with(query, &context);
    let parsed = read("speaker:Marco Rubio said:peace");
    assert_eq!(parsed.tree.to_string(), "speaker:\"Marco Rubio\" AND said:peace");
    assert_eq!(parsed.warnings[0].message, "read as `speaker:\"Marco Rubio\"`");
    assert_eq!(read("outlet:The Sull Post Corp").tree.to_string(), "outlet:\"The Sull Post\" AND Corp");
    let parsed = read("speaker:Ada Ray");
    assert_eq!(parsed.tree.to_string(), "speaker:Ada AND Ray");
    assert!(parsed.warnings[0].message.starts_with("`speaker:` takes one word; quote a longer name"));
    assert_eq!(read("speaker:Ada ferry").warnings, []);
}

#[test]
fn what_is_broken_is_still_read() {
    warns("speaker:( \"open", "speaker:\"open\"", "column 9: unclosed `(`");
    warns("a) b", "a AND b", "column 2: unmatched `)`");
    warns("", "()", "column 1: no word to search for");
    warns("?!", "()", "column 1: no word to search for");
    warns("AND a", "and AND a", "column 1: `AND` has nothing before it");
    warns("a AND", "a AND and", "column 6: `AND` has nothing after it");
    assert_eq!(read("))talks").tree.to_string(), "talks");
    check(":OR :said:x", r"\OR AND \said:x");
    warns("a OR", "a OR or", "column 5: `OR` has nothing on one side");
    warns("a NOT", "a AND not", "column 3: `NOT` has nothing after it");
    warns("a ()", "a", "column 3: empty brackets");
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

#[test]
fn the_rest_of_endless_queries_is_ignored() {
    let atoms = |query: &str| {
        read(query).tree.to_string().split_whitespace().filter(|word| !matches!(*word, "OR" | "AND")).count()
    };
    for query in [
        "speaker:a OR ".repeat(32_000),
        format!("\"{}\"", "a ".repeat(32_000)),
        "\"a b c d\" OR ".repeat(8000),
        "a-".repeat(32_000),
        "停".repeat(100_000),
        "='a b' ".repeat(32_000),
    ] {
        assert!(atoms(&query) <= WORDS + 2, "{} of {}", atoms(&query), &query[..12]);
        assert!(read(&query).warnings.iter().any(|warning| warning.message.contains("more than 1000 words")));
    }
    let many = read(&") ".repeat(50_000)).warnings;
    assert_eq!((many.len(), many[50].message.as_str()), (51, "and 49951 more like these"));
}

#[test]
fn what_is_cut_is_printed_so_that_it_is_read_alike() {
    for query in [
        "a b -c (".repeat(100),
        "a ".repeat(WORDS) + "-outlet:b",
        "a ".repeat(WORDS) + "ATLEAST2(b)",
        format!("a \"{}\"", "30-day c0-day-d0 ".repeat(WORDS)),
    ] {
        for matching in [Matching::All, Matching::Any] {
            let tree = parse(&query, matching, TODAY).tree;
            assert_eq!(read(&tree.to_string()).tree, tree, "{matching:?} {}", &query[..12]);
        }
    }
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

/// Groups of text, as they may be near one another.
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
            (1_u32..9, inner.clone())
                .prop_map(|(times, of)| Node::Span(SpanOperator::AtLeast { times, of: Box::new(of) })),
            (inner.clone(), prop::collection::vec((link.clone(), inner), 1..3))
                .prop_map(|(first, rest)| Node::Span(SpanOperator::Near { first: Box::new(first), rest })),
        ]
    })
}

fn filter() -> impl Strategy<Value = Node> {
    let day = (0_i64..20_000).prop_map(|n| Date::constant(1990, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap());
    prop_oneof![
        Just(Filter::Kind(quote::QuoteKind::Mixed)),
        Just(Filter::Versions),
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

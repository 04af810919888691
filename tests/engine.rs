//! What queries find, through the engine, in articles that are ingested as users ingest theirs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod support;

use std::io::Write as _;
use std::path::Path;

use onrecord::engine::Engine;
use onrecord::ingest::Options;
use onrecord::search::{
    Backend as _, By, Cursor, Deadline, Duplicates, Error, Hit, MatchClass, Matching, Request, Sort, Variants,
};
use support::shared::shared;
use support::{Indexed, highlights, index, index_in_files, index_records, url};

#[track_caller]
fn check(indexed: &Indexed, query: &str, expect: &[&str]) {
    assert_eq!(indexed.ids(query), expect, "{query}");
}

#[test]
fn phrases_hold_within_a_sentence() {
    let indexed = index(&[
        ("exact", "They agreed to a 30-day ceasefire."),
        ("words", "A thirty-day cease-fire was signed."),
        ("near", "A ceasefire of 30 days was signed."),
        ("synonym", "They agreed to a 30-day truce."),
        ("longer", "A 130-day ceasefire was signed."),
        ("shorter", "A 30-minute ceasefire was signed."),
        ("parted", "The fighting went on for 30 days. A ceasefire failed."),
    ]);
    check(&indexed, "\"30-day ceasefire\"", &["exact", "near", "synonym", "words"]);
    check(&indexed, "='30-day ceasefire'", &["exact"]);
    let hits = indexed.all("\"30-day ceasefire\"");
    assert_eq!(support::id(&hits[0]), "exact");
    assert_eq!(highlights(&hits[0]), ["30-day ceasefire"]);

    let ask = |variants| {
        let request = Request { query: "\"30-day ceasefire\"".to_owned(), variants, ..Request::default() };
        indexed.ask(&request).iter().map(support::id).collect::<Vec<_>>()
    };
    assert_eq!(ask(Variants { forms: false, near: false, synonyms: false }), ["exact"]);
    assert_eq!(ask(Variants { forms: true, near: false, synonyms: false }).len(), 2);
    let answer =
        indexed.engine.search(&Request { query: "\"30-day ceasefire\"".to_owned(), ..Request::default() }).unwrap();
    assert!(answer.expansions.iter().any(|e| e.class == "synonyms" && e.variant.starts_with("truce")));
    assert!(answer.expansions.iter().any(|e| e.class == "near"));
}

#[test]
fn operators_combine() {
    let indexed = index(&[
        ("a", "The mayor spoke of the bridge and the harbour. Nobody asked about the school."),
        ("b", "The school by the harbour has a new roof, said the mayor, and the roof leaks."),
        ("c", "A women's choir sang on the bridge."),
    ]);
    check(&indexed, "mayor bridge", &["a"]);
    check(&indexed, "mayor -bridge", &["b"]);
    check(&indexed, "bridge OR roof", &["a", "b", "c"]);
    check(&indexed, "NOT mayor", &["c"]);
    check(&indexed, "mayor /s school", &["b"]);
    check(&indexed, "mayor /p school", &["a", "b"]);
    check(&indexed, "school NEAR/3 harbour", &["b"]);
    check(&indexed, "harbour PRE/3 school", &[]);
    check(&indexed, "ATLEAST2(roof)", &["b"]);
    check(&indexed, "harbo*", &["a", "b"]);
    check(&indexed, "*bour", &["a", "b"]);
    check(&indexed, "w?men", &["c"]);
    check(&indexed, "woman", &["c"]);
    check(&indexed, "brigde~1", &["a", "c"]);
    check(&indexed, "\"the school\"~2 (bridge OR roof)", &["a", "b"]);
    check(&indexed, "(harb* OR choir) NEAR/3 (roof OR bridge)", &["a"]);
}

#[test]
fn dates_outlets_and_titles_filter() {
    let record = |url: &str, date: &str, outlet: &str, title: &str| {
        serde_json::json!({"url": support::url(url), "date": date, "outlet": outlet, "title": title,
            "text": format!("The ferry was late again. {url}")})
    };
    let indexed = index_records([
        record("a", "2025-05-15", "Kestrel Bay Courier", "Ferry late"),
        record("b", "2025-06-01", "The Corvane Press", "No ferry on Sunday"),
    ]);
    check(&indexed, "ferry date:2025-05", &["a"]);
    check(&indexed, "ferry date:>=2025-05-15 date:<2025-06-01", &["a"]);
    check(&indexed, "ferry date:2025-06..2025-05", &[]);
    check(&indexed, "outlet:corvane", &["b"]);
    check(&indexed, "source:(courier OR press) title:sunday", &["b"]);
    let order = |sort| {
        let request = Request { query: "ferry".to_owned(), sort, ..Request::default() };
        indexed.ask(&request).iter().map(support::id).collect::<Vec<_>>()
    };
    assert_eq!(order(Sort::Newest), ["b", "a"]);
    assert_eq!(order(Sort::Oldest), ["a", "b"]);
    let request =
        Request { query: "*".to_owned(), facets: vec!["outlet".to_owned(), "month".to_owned()], ..Request::default() };
    let facets = indexed.engine.search(&request).unwrap().facets;
    assert_eq!(
        facets["month"].iter().map(|f| (f.value.as_str(), f.count)).collect::<Vec<_>>(),
        [("2025-05", 1), ("2025-06", 1)]
    );
}

#[test]
fn words_of_an_article_may_stand_apart() {
    let indexed =
        index(&[("a", "The dam broke at noon.\n\nThe valley was empty."), ("b", "A dam."), ("c", "A valley.")]);
    check(&indexed, "dam valley", &[]);
    let request = Request { query: "dam valley".to_owned(), by: Some(By::Article), ..Request::default() };
    assert_eq!(indexed.ask(&request).iter().map(support::id).collect::<Vec<_>>(), ["a"]);
    let any = Request { query: "the dam of the valley".to_owned(), matching: Matching::Any, ..Request::default() };
    assert_eq!(indexed.ask(&any).len(), 4);
    let why =
        indexed.engine.why_not(&Request { query: "dam valley".to_owned(), ..Request::default() }, "paper.example/a");
    let why = why.unwrap();
    assert_eq!(why.iter().map(|v| v.holds).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(why[0].note.as_deref(), Some("the article has it, but not in one paragraph"));
}

#[test]
fn copies_are_told_once_where_asked() {
    let wire = "The reservoir above the town of Sarn is full for the first time in nine years, engineers said on \
        Monday, and the gates will be opened for two hours every night until the end of the month.";
    let record =
        |url: &str, date: &str, text: &str| serde_json::json!({"url": support::url(url), "date": date, "text": text});
    let indexed = index_records([
        record("late", "2025-05-03", wire),
        record("early", "2025-05-02", wire),
        record("other", "2025-05-01", "The reservoir is a place for herons."),
    ]);
    let request = Request { query: "reservoir".to_owned(), ..Request::default() };
    let all = indexed.ask(&request);
    assert_eq!(all.iter().map(|hit| hit.duplicates).sum::<u32>(), 2);
    let once = indexed.ask(&Request { duplicates: Duplicates::Collapse, ..request });
    let mut ids: Vec<String> = once.iter().map(support::id).collect();
    ids.sort();
    assert_eq!(ids, ["early", "other"]);
}

#[test]
fn hits_alike_stand_in_the_order_of_their_ids() {
    // The ids come in no order, and there are more of them than are gone through at first.
    let records = (0..2_500_u32).map(|n| {
        let url = format!("https://harbour.example/{:04}", n * 1_237 % 2_500);
        serde_json::json!({"url": url, "date": "2024-03-01", "text": "The harbour is closed."})
    });
    let indexed = index_records(records);
    let ask = |limit, sort| {
        let request = Request { query: "harbour".to_owned(), limit, sort, ..Request::default() };
        let hits = indexed.engine.search(&request).unwrap().hits;
        hits.iter().map(|hit| hit.article.id.clone()).collect::<Vec<_>>()
    };
    let all: Vec<String> = (0..2_500).map(|n| format!("https://harbour.example/{n:04}")).collect();
    assert_eq!(ask(10, Sort::Rank), all[..10]);
    assert_eq!(ask(10, Sort::Newest), all[..10]);
    assert_eq!(ask(1_200, Sort::Rank), all[..1_200]);
    assert_eq!(ask(2_500, Sort::Oldest), all);
}

#[test]
fn the_seed_article_answers() {
    let seed = support_seed();
    let Some(seed) = seed else { return };
    let indexed = index(&[("seed", seed.as_str())]);
    let said = |query: &str| indexed.all(query).into_iter().map(|hit| (hit.by, hit.text)).collect::<Vec<_>>();
    assert!(said("speaker:rubio").len() >= 3);
    assert!(said("speaker:rubio").iter().all(|(by, _)| *by == By::Quote));
    assert_eq!(said("speaker:rubio said:breakthrough").len(), 1);
    assert!(said("speaker:putin said:breakthrough").is_empty());
    let passages = indexed.all("\"30-day ceasefire\"");
    assert_eq!(passages.len(), 1);
    assert_eq!(highlights(&passages[0]), ["30-day ceasefire"]);
}

/// The seed article, if it is at hand.
fn support_seed() -> Option<String> {
    let mut files = std::fs::read_dir(shared("seed")?).unwrap();
    std::fs::read_to_string(files.next()?.ok()?.path()).ok()
}

#[test]
fn the_monstrous_gets_an_answer() {
    let indexed = index(&[("a", "The dam broke at noon.")]);
    for query in
        ["speaker:( \"open", "*", "(((", "a NEAR/0 b", "NEAR/999999", "ATLEAST0(dam)", "*a*", "=''", "date:x", "\"*\""]
    {
        let request = Request { query: query.to_owned(), ..Request::default() };
        indexed.engine.search(&request).unwrap();
    }
    for query in ["dam ".repeat(25_000), "(".repeat(1000) + "dam", "d* ".repeat(3_000)] {
        let answer = indexed.engine.search(&Request { query, ..Request::default() }).unwrap();
        assert_eq!(answer.total, 1);
        assert!(!answer.warnings.is_empty());
    }
    let wrong = Request { query: "*".to_owned(), facets: vec!["speakers".to_owned()], ..Request::default() };
    assert!(indexed.engine.search(&wrong).unwrap_err().to_string().contains("unknown facet"));
}

/// Some stories of Reuters, as many as `ONRECORD_STORIES` says, and 200 phrases of theirs, literally: what is returned
/// equals what a scan of the texts finds.
#[test]
fn literal_search_equals_a_scan() {
    let Some(folder) = shared("data/reuters21578") else { return };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .filter(|p| p.to_string_lossy().contains(".sgm"))
        .collect();
    files.sort();
    let stories = std::env::var("ONRECORD_STORIES").map_or(60, |stories| stories.parse().unwrap());
    let mut text = Vec::new();
    for file in files.iter().take(1 + stories / 1_000) {
        let file = std::fs::File::open(file).unwrap();
        std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(file), &mut text).unwrap();
    }
    let text = String::from_utf8_lossy(&text);
    let bodies = text.split("<BODY>").skip(1).filter_map(|b| b.split("</BODY>").next());
    let paragraphs: Vec<String> = bodies
        .take(stories)
        .flat_map(|body| {
            body.replace("&lt;", "<").replace("&amp;", "&").split("\n    ").map(joined).collect::<Vec<_>>()
        })
        .filter(|p| p.len() > 20 && !p.contains('\u{3}'))
        .collect();
    let articles: Vec<(String, &String)> = paragraphs.iter().enumerate().map(|(n, p)| (n.to_string(), p)).collect();
    let indexed = index(&articles);
    for n in 0..200 {
        let words: Vec<&str> = paragraphs[n * paragraphs.len() / 200].split(' ').collect();
        let (start, len) = (n % words.len(), 1 + n % 4);
        let phrase = words[start..(start + len).min(words.len())].join(" ");
        let phrase = phrase.trim_matches(|c: char| !c.is_alphanumeric());
        if phrase.is_empty() || phrase.contains('"') {
            continue;
        }
        let request = Request { query: format!("\"{phrase}\""), literal: true, ..Request::default() };
        let mut found: Vec<usize> = indexed.ask(&request).iter().map(|hit| support::id(hit).parse().unwrap()).collect();
        found.sort_unstable();
        let expect: Vec<usize> = (0..paragraphs.len()).filter(|&i| stands(&paragraphs[i], phrase)).collect();
        assert_eq!(found, expect, "{phrase}");
    }
}

fn joined(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True if `phrase` stands in `text` with neither letter nor digit next to it.
fn stands(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let free = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        free(text[..at].chars().next_back()) && free(text[at + phrase.len()..].chars().next())
    })
}

/// Hits that the request does not tell apart stand in the order of ids, in whatever order articles came and on however
/// many threads: few, many, and more than are gathered before their ids decide.
#[test]
fn ties_do_not_depend_on_who_came_first() {
    let record = |n: usize| {
        let text = ["The strike goes on at the yard."; 8].join("\n\n");
        serde_json::json!({"url": support::url(&format!("{n:03}")), "text": text, "date": "2025-05-16"})
    };
    for count in [4, 40, 140] {
        let forth = (0..count).map(record).collect::<Vec<_>>();
        let back = (0..count).rev().map(record).collect::<Vec<_>>();
        let two = [back[..count / 3].to_vec(), back[count / 3..].to_vec()];
        let one = index_in_files([forth], &Options { threads: 1, ..Options::default() });
        let other = index_in_files(two, &Options { threads: 4, ..Options::default() });
        for (query, sort, by) in [
            ("*", Sort::Rank, By::Passage),
            ("strike", Sort::Rank, By::Passage),
            ("strike yard", Sort::Newest, By::Passage),
            ("\"the yard\"", Sort::Oldest, By::Article),
        ] {
            for duplicates in [Duplicates::Show, Duplicates::Collapse] {
                let request =
                    Request { query: query.into(), by: Some(by), limit: 20, sort, duplicates, ..Request::default() };
                let answer = |indexed: &Indexed| {
                    let hits = indexed.engine.search(&request).unwrap().hits;
                    hits.iter().map(|hit| (support::id(hit), hit.paragraph)).collect::<Vec<_>>()
                };
                assert_eq!(answer(&one), answer(&other), "{request:?} of {count}");
            }
        }
        let first = one.engine.search(&Request { query: "*".into(), limit: 3, ..Request::default() }).unwrap().hits;
        let first: Vec<_> = first.iter().map(|hit| (support::id(hit), hit.paragraph)).collect();
        assert_eq!(first, [0, 1, 2].map(|paragraph| ("000".to_owned(), paragraph)));
    }
}

/// Where a text can't be read, nobody knows whether it matches: that is an error, and no shorter list of hits.
#[test]
fn what_cannot_be_read_is_told() {
    let indexed = index(&[("exact", "They agreed to a 30-day truce."), ("other", "A 30-DAY TRUCE failed.")]);
    // Opening finds the damage of small files; here it comes afterwards.
    let engine = Engine::open(&indexed.dir()).unwrap();
    for file in std::fs::read_dir(onrecord::index::derived(&indexed.dir())).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "store") {
            let mut file = std::fs::OpenOptions::new().write(true).open(&file).unwrap();
            file.write_all(&[0xff; 64]).unwrap();
        }
    }
    for request in [
        Request { query: "='30-day truce'".into(), ..Request::default() },
        Request { query: "='30-day truce'".into(), limit: 0, ..Request::default() },
        Request { query: "\"30-day truce\"".into(), literal: true, explain: true, ..Request::default() },
        Request { query: "truce".into(), limit: 10, ..Request::default() },
    ] {
        let error = engine.search(&request).unwrap_err().to_string();
        assert!(error.contains("is damaged") && error.contains("verify --repair"), "{request:?}: {error}");
    }
    let request = Request { query: "truce".into(), limit: 0, ..Request::default() };
    assert_eq!(engine.search(&request).unwrap().total, 2, "what needs no text is answered");
}

/// A pattern that matches more words than can be searched for is an error that says how many.
#[test]
fn a_pattern_for_thousands_of_words_is_refused() {
    let word = |n: usize| {
        format!("zq{}", [n / 676, n / 26 % 26, n % 26].map(|n| char::from(b'a' + n as u8)).iter().collect::<String>())
    };
    let words: Vec<String> = (0..5_000).map(word).collect();
    let indexed = index(&[("many", words.join(" ")), ("often", "zqaaa and zqaaa again.".to_owned())]);
    let error = indexed.engine.search(&Request { query: "zq*".into(), ..Request::default() }).unwrap_err().to_string();
    assert_eq!(error, "`zq*` matches 5000 words (limit: 4096); make it longer");
    // Each of these matches 676 words.
    let query = vec!["zqa* zqb* zqc*"; 150].join(" OR ");
    let error = indexed.engine.search(&Request { query, ..Request::default() }).unwrap_err().to_string();
    assert_eq!(error, "the patterns of this query match more than 262144 words together; make them longer, or fewer");
    assert_eq!(indexed.engine.search(&Request { query: "zqaaa*".into(), ..Request::default() }).unwrap().total, 2);
}

/// Past its deadline a request is an error, never a shorter list.
#[test]
fn a_deadline_is_an_error() {
    let indexed = index(&[("a", "The dam broke at noon.")]);
    for query in ["dam", "\"dam broke\"", "d*", "dam~1", "*", "dam OR noon", "NOT ferry"] {
        let deadline = Deadline::after(std::time::Duration::ZERO);
        let request = Request { query: query.to_owned(), deadline, ..Request::default() };
        assert!(matches!(indexed.engine.search(&request), Err(Error::Deadline { .. })), "{query}");
    }
}

/// Pages of any size, one after the other, are the whole list.
#[test]
fn pages_follow_each_other() {
    let texts =
        (0..23).map(|n| (format!("a{n:02}"), format!("The dam {}broke.\n\nA dam again.", "dam ".repeat(n % 4))));
    let texts: Vec<(String, String)> = texts.collect();
    let texts: Vec<(&str, String)> = texts.iter().map(|(id, text)| (id.as_str(), text.clone())).collect();
    let indexed = index(&texts);
    for (query, sort) in [("dam", Sort::Rank), ("\"dam broke\" OR again", Sort::Rank), ("*", Sort::Newest)] {
        let request = Request { query: query.to_owned(), sort, limit: 5, ..Request::default() };
        let place = |hit: &Hit| (hit.article.id.clone(), hit.paragraph);
        let whole: Vec<_> = indexed.ask(&request).iter().map(place).collect();
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let answer = indexed.engine.search(&Request { after, ..request.clone() }).unwrap();
            assert_eq!(answer.total, whole.len() as u64);
            pages.extend(answer.hits.iter().map(place));
            let Some(next) = answer.next else { break };
            after = Some(next.to_string().parse::<Cursor>().unwrap());
        }
        assert_eq!(pages, whole, "{query}");
    }
    let stale = Cursor { digest: "other".to_owned(), class: 0, score: 0, day: None, article: url("a00"), ordinal: 1 };
    let request = Request { query: "dam".to_owned(), after: Some(stale), ..Request::default() };
    assert!(matches!(indexed.engine.search(&request), Err(Error::StaleCursor)));
}

/// Hits say how closely they match; phrases are sorted by it, bare words are not.
#[test]
fn the_closest_hits_of_a_phrase_come_first() {
    let indexed = index(&[
        (
            "written",
            "Both sides announced a border truce late on Friday, after weeks of talks that had led nowhere at all.",
        ),
        ("form", "Several border truces failed."),
        ("near", "A truce at the border was near: a truce, no less."),
        ("synonym", "The border ceasefire held."),
    ]);
    let classes = |query: &str, by: By| {
        let request = Request { query: query.to_owned(), by: Some(by), limit: 9, classes: true, ..Request::default() };
        let answer = indexed.engine.search(&request).unwrap();
        let counted: u64 = answer.total_by_class.values().sum();
        let class = |hit: &Hit| hit.matched.as_ref().map(|matched| matched.class);
        let classes: Vec<_> = answer.hits.iter().map(class).collect();
        assert_eq!(counted, classes.iter().flatten().count() as u64, "{query}");
        (classes, answer)
    };
    for by in [By::Passage, By::Article] {
        for query in ["\"border truce\"", "\"border truce\" OR \"border truce\"", "\"border truce\" NOT ferry"] {
            let (classes, answer) = classes(query, by);
            let mut groups: Vec<_> = classes.iter().map(|class| class.unwrap().max(MatchClass::Form)).collect();
            assert!(groups.is_sorted(), "{query}: {groups:?}");
            groups.dedup();
            assert_eq!(groups, [MatchClass::Form, MatchClass::Near, MatchClass::Synonym], "{query}");
            assert_eq!(answer.total_by_class[&MatchClass::Written], 1);
            let last = answer.hits.last().unwrap().matched.as_ref().unwrap();
            assert_eq!(last.variants, ["border ceasefire"], "{query}");
        }
    }
    let (bare, _) = classes("truces", By::Passage);
    assert_eq!(bare.iter().flatten().filter(|&&class| class == MatchClass::Written).count(), 1);
    assert_eq!(bare.iter().flatten().filter(|&&class| class == MatchClass::Form).count(), 2);
    assert_eq!(classes("date:>=1900", By::Passage).0.iter().flatten().count(), 0);
}

#[test]
fn an_index_that_is_not_there_says_so() {
    let error = Engine::open(Path::new("no/such/index")).err().unwrap().to_string();
    assert!(error.contains("no index in `no/such/index`"), "{error}");
}

/// A name that the alias file calls nobody's is found by no field of names.
#[test]
fn hidden_names_are_not_found() {
    let text = "\u{201c}Ada Ray will close the harbour,\u{201d} Colm Adair said on Monday. Ada Ray was not there.";
    let indexed = index(&[("harbour", text)]);
    let hiding = "[[nobody]]\nkind = \"person\"\nnames = [\"Ada Ray\"]\n";
    let hidden = Engine::open(&indexed.dir()).unwrap().with_aliases(hiding).unwrap();
    for query in ["about:\"Ada Ray\"", "about:Ray", "entity:\"Ada Ray\"", "person:Ray"] {
        assert_eq!(indexed.ids(query), ["harbour"], "{query}");
        let request = Request { query: query.to_owned(), limit: 1, ..Request::default() };
        assert_eq!(hidden.search(&request).unwrap().total, 0, "{query}");
    }
    assert_eq!(indexed.ids("about:Adair").len(), 0);
}

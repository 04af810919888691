//! What the engine finds equals what a plain reading of the rules finds: phrases, nearness, sentences, counting,
//! patterns and their combinations, over random texts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod support;

use std::sync::LazyLock;

use onrecord::query::{Atom, Link, Node, SpanOperator};
use onrecord::search::{Backend as _, Request, Variants};
use proptest::prelude::*;
use support::{Indexed, id, index};

/// None is an inflection, a number or a small word, and no two together are a third.
const WORDS: [&str; 6] = ["alpha", "brava", "delta", "kilo", "omega", "zulu"];

/// Sentences of words.
type Text = Vec<Vec<&'static str>>;

/// Texts of one to three sentences, drawn with a small generator of our own so that they are the same in every run.
fn texts() -> Vec<Text> {
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    (0..120)
        .map(|_| (0..=next(3)).map(|_| (0..=next(7)).map(|_| WORDS[next(WORDS.len())]).collect()).collect())
        .collect()
}

fn written(text: &Text) -> String {
    let sentence = |words: &Vec<&str>| {
        let line = words.join(" ");
        format!("{}{}.", line[..1].to_uppercase(), &line[1..])
    };
    text.iter().map(sentence).collect::<Vec<_>>().join(" ")
}

static INDEXED: LazyLock<(Vec<Text>, Indexed)> = LazyLock::new(|| {
    let texts = texts();
    let articles: Vec<(String, String)> = texts.iter().enumerate().map(|(n, t)| (n.to_string(), written(t))).collect();
    let indexed = index(&articles);
    (texts, indexed)
});

/// The same texts as the paragraphs of longer articles.
static JOINED: LazyLock<Indexed> = LazyLock::new(|| {
    let written: Vec<String> = texts().iter().map(written).collect();
    let articles: Vec<(String, String)> =
        written.chunks(5).enumerate().map(|(n, paragraphs)| (n.to_string(), paragraphs.join("\n\n"))).collect();
    index(&articles)
});

/// A text as the rules see it: every word with its place; a sentence border takes a place of its own.
struct Plain {
    words: Vec<(usize, &'static str)>,
    borders: Vec<usize>,
}

impl Plain {
    fn new(text: &Text) -> Self {
        let mut plain = Plain { words: Vec::new(), borders: Vec::new() };
        let mut at = 0;
        for (number, sentence) in text.iter().enumerate() {
            if number > 0 {
                plain.borders.push(at);
                at += 1;
            }
            for &word in sentence {
                plain.words.push((at, word));
                at += 1;
            }
        }
        plain
    }

    /// Every stretch, as its first place and the one after its last.
    fn places(&self, node: &Node) -> Vec<(usize, usize)> {
        let mut found = match node {
            Node::Atom(Atom::Word(word)) => self.fitting(|w| w == word),
            Node::Atom(Atom::Pattern(pattern)) => self.fitting(|w| w.starts_with(pattern.trim_end_matches('*'))),
            Node::Atom(Atom::Phrase(text)) => self.in_order(text, 0),
            Node::Atom(Atom::Loose(text, between)) => self.in_order(text, *between as usize),
            Node::Span(SpanOperator::Near { first, rest }) => {
                rest.iter().fold(self.places(first), |left, (link, part)| {
                    let right = self.places(part);
                    let pairs = left.iter().flat_map(|&a| right.iter().map(move |&b| (a, b)));
                    pairs
                        .filter(|&(a, b)| self.linked(a, *link, b))
                        .map(|(a, b)| (a.0.min(b.0), a.1.max(b.1)))
                        .collect()
                })
            }
            Node::Span(SpanOperator::AtLeast { times, of }) => {
                let found = self.places(of);
                if found.len() >= *times as usize { found } else { Vec::new() }
            }
            Node::Or(parts) => parts.iter().flat_map(|part| self.places(part)).collect(),
            Node::And(parts) => {
                let found: Vec<Vec<_>> = parts.iter().map(|part| self.places(part)).collect();
                if found.iter().any(Vec::is_empty) { Vec::new() } else { found.concat() }
            }
            other => panic!("{other:?} has no places"),
        };
        found.sort_unstable();
        found.dedup();
        found
    }

    fn fitting(&self, fits: impl Fn(&str) -> bool) -> Vec<(usize, usize)> {
        self.words.iter().filter(|(_, word)| fits(word)).map(|&(at, _)| (at, at + 1)).collect()
    }

    /// Every row of the words in one sentence, with at most so many places between them in all.
    fn in_order(&self, text: &str, between: usize) -> Vec<(usize, usize)> {
        let words: Vec<&str> = text.split(' ').collect();
        let mut rows: Vec<(usize, usize)> = self.fitting(|w| w == words[0]);
        for word in &words[1..] {
            let next = self.fitting(|w| w == *word);
            rows =
                rows.iter().flat_map(|&(s, e)| next.iter().filter(move |n| n.0 >= e).map(move |n| (s, n.1))).collect();
        }
        let crossed = |start, end| self.borders.iter().any(|&at| start < at && at < end);
        rows.retain(|&(start, end)| end - start <= words.len() + between && !crossed(start, end));
        rows
    }

    fn linked(&self, a: (usize, usize), link: Link, b: (usize, usize)) -> bool {
        let (first, second) = if a.0 <= b.0 { (a, b) } else { (b, a) };
        let apart = second.0 >= first.1;
        let distance = (second.0 + 1).saturating_sub(first.1);
        apart
            && match link {
                Link::Near(n) => distance <= n as usize,
                Link::Pre(n) => distance <= n as usize && a.0 < b.0,
                Link::Sentence => !self.borders.iter().any(|&at| first.0 < at && at < second.1),
                Link::Paragraph => true,
            }
    }

    fn holds(&self, node: &Node) -> bool {
        match node {
            Node::And(parts) => parts.iter().all(|part| self.holds(part)),
            Node::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Node::Not(of) => !self.holds(of),
            text => !self.places(text).is_empty(),
        }
    }
}

fn words(count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS.to_vec()), count).prop_map(|words| words.join(" "))
}

fn atom() -> impl Strategy<Value = Node> {
    prop_oneof![
        4 => prop::sample::select(WORDS.to_vec()).prop_map(|w| Atom::Word(w.to_owned())),
        1 => prop::sample::select(vec!["a*", "d*", "kil*", "om*"]).prop_map(|p| Atom::Pattern(p.to_owned())),
        2 => words(2..4).prop_map(Atom::Phrase),
        1 => words(2..3).prop_flat_map(|text| (Just(text), 0_u32..4)).prop_map(|(t, n)| Atom::Loose(t, n)),
    ]
    .prop_map(Node::Atom)
}

fn link() -> impl Strategy<Value = Link> {
    prop_oneof![
        (1_u32..6).prop_map(Link::Near),
        (1_u32..6).prop_map(Link::Pre),
        Just(Link::Sentence),
        Just(Link::Paragraph)
    ]
}

fn text() -> impl Strategy<Value = Node> {
    atom().prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            3 => (inner.clone(), prop::collection::vec((link(), inner.clone()), 1..3))
                .prop_map(|(first, rest)| Node::Span(SpanOperator::Near { first: Box::new(first), rest })),
            1 => prop::collection::vec(inner.clone(), 2..3).prop_map(Node::Or),
            1 => (1_u32..4, inner).prop_map(|(times, of)| Node::Span(SpanOperator::AtLeast { times, of: Box::new(of) })),
        ]
    })
}

fn tree() -> impl Strategy<Value = Node> {
    text().prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Node::Or),
            inner.prop_filter("doubled", |n| !matches!(n, Node::Not(_))).prop_map(|n| Node::Not(Box::new(n))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_finds_what_the_rules_say(tree in tree()) {
        let (texts, indexed) = &*INDEXED;
        let variants = Variants { forms: true, near: false, synonyms: false };
        let request = Request { query: tree.to_string(), variants, ..Request::default() };
        let mut found: Vec<usize> = indexed.ask(&request).iter().map(|hit| id(hit).parse().unwrap()).collect();
        found.sort_unstable();
        let expect: Vec<usize> = (0..texts.len()).filter(|&n| Plain::new(&texts[n]).holds(&tree)).collect();
        prop_assert_eq!(found, expect, "{}", tree);
    }

    /// Where a query is one part alone, its hits tell what their article says; a filter that everything passes takes that
    /// way from it. And what can't be among the first ten is not scored to the end.
    #[test]
    fn scores_are_the_same_whatever_the_way(tree in tree()) {
        let all = Request { query: tree.to_string(), limit: 1000, ..Request::default() };
        let filtered = Request { filters: vec!["*".to_owned()], ..all.clone() };
        let first = Request { limit: 10, ..all.clone() };
        let scores = |request: &Request| -> Vec<(String, u32, f32)> {
            let hits = JOINED.engine.search(request).unwrap().hits;
            hits.iter().map(|hit| (id(hit), hit.paragraph, hit.score)).collect()
        };
        let all = scores(&all);
        let near = |a: f32, b: f32| (a - b).abs() < 1e-4 * a.abs().max(1.0);
        for (article, paragraph, score) in scores(&filtered) {
            let same = all.iter().find(|(a, p, _)| *a == article && *p == paragraph);
            prop_assert!(same.is_some_and(|(.., own)| near(*own, score)), "{}: {:?} and {}", tree, same, score);
        }
        let first = scores(&first);
        prop_assert_eq!(first.len(), all.len().min(10));
        for (first, all) in first.iter().zip(&all) {
            prop_assert!(near(first.2, all.2), "{}: {:?} and {:?}", tree, first, all);
        }
    }
}

//! Seeded copies: articles edited in ten ways, with 1 to 20% of their words changed, must find their originals and
//! nothing else.
//!
//! `ONRECORD_ARTICLES=articles.jsonl cargo test --release --lib seeded -- --nocapture` does the same with other articles.

use rustc_hash::FxHashMap;

use super::forest::{DisjointSets, forest};
use super::*;
use crate::index::Key;

/// Xorshift (Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n.max(1)
    }
}

/// Changes so many percent of an article's words.
type Edit = fn(&[&str], usize, &mut Random) -> Vec<String>;

/// The ways of editing; `share` of the words, in percent, are changed.
const EDITS: [(&str, Edit); 10] = [
    ("words replaced by others of the article", |words, share, random| {
        let other: Vec<usize> = words.iter().map(|_| random.below(words.len())).collect();
        each(words, share, random, |at, _| vec![words[other[at]].to_owned()])
    }),
    ("words replaced by unknown ones", |words, share, random| {
        each(words, share, random, |at, _| vec![format!("xylo{at}")])
    }),
    ("words left out", |words, share, random| each(words, share, random, |_, _| Vec::new())),
    ("words put in", |words, share, random| {
        each(words, share, random, |at, word| vec![word.to_owned(), format!("nova{at}")])
    }),
    ("neighbours exchanged", |words, share, random| {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        for _ in 0..words.len() * share / 200 {
            let at = random.below(words.len() - 1);
            words.swap(at, at + 1);
        }
        words
    }),
    ("end cut off", |words, share, _| own(&words[..words.len() * (100 - share) / 100])),
    ("beginning cut off", |words, share, _| own(&words[words.len() * share / 100..])),
    ("a note of the outlet's own", |words, share, _| {
        let mut words = own(words);
        words.extend((0..words.len() * share / 100).map(|n| format!("note{n}")));
        words
    }),
    ("a passage moved to the end", |words, share, random| {
        let length = words.len() * share / 100;
        let from = random.below(words.len() - length);
        [own(&words[..from]), own(&words[from + length..]), own(&words[from..from + length])].concat()
    }),
    ("case and marks changed, words spelt otherwise", |words, share, random| {
        let marked: Vec<String> = words.iter().map(|word| word.to_uppercase().replace(['“', '”', ','], "")).collect();
        let marked: Vec<&str> = marked.iter().map(String::as_str).collect();
        each(&marked, share, random, |_, word| vec![format!("{word}e")])
    }),
];

fn own(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn each(words: &[&str], share: usize, random: &mut Random, edit: impl Fn(usize, &str) -> Vec<String>) -> Vec<String> {
    let edited = words
        .iter()
        .enumerate()
        .map(|(at, word)| if random.below(100) < share { edit(at, word) } else { vec![(*word).to_owned()] });
    edited.flatten().collect()
}

/// Articles of the sample corpus, or those of `ONRECORD_ARTICLES`, of 80 words at least.
fn originals() -> Vec<String> {
    let path = std::env::var("ONRECORD_ARTICLES").unwrap_or_else(|_| "corpus".to_owned());
    let mut texts = Vec::new();
    for file in crate::article::files(&[path.into()]).flatten() {
        let _ = crate::article::read(&file, &crate::article::Options::default(), &mut |article| {
            texts.extend(article.ok().filter(|article| article.words() >= 80).map(|article| article.text));
            std::ops::ControlFlow::Continue(())
        });
    }
    assert!(texts.len() > 30, "{} articles", texts.len());
    texts
}

/// The group of each article by number: the least number in it.
fn groups_of(mut articles: Vec<Sketched>) -> FxHashMap<u64, u64> {
    let mut sets = DisjointSets::new(articles.len());
    for (a, b) in forest(&mut articles, 2) {
        sets.unite(a, b);
    }
    let mut least: FxHashMap<u32, u64> = FxHashMap::default();
    for (at, article) in (0..).zip(&articles) {
        let group = least.entry(sets.root(at)).or_insert(article.number);
        *group = article.number.min(*group);
    }
    (0..).zip(&articles).map(|(at, article)| (article.number, least[&sets.root(at)])).collect()
}

#[test]
fn groups_depend_on_the_articles_alone() {
    // Every text shares a word in two with the next: a chain, whose ends have nothing in common.
    let texts: Vec<String> = (0..60)
        .map(|n| (n * 8..n * 8 + 32).flat_map(|word| ["word".to_owned(), word.to_string(), " ".to_owned()]).collect())
        .collect();
    let articles: Vec<Sketched> = (0..)
        .zip(&texts)
        .map(|(n, text)| Sketched {
            sketch: Words::default().read([text.as_str()]).sketch().unwrap(),
            key: Key(n * 7 % 60),
            number: n,
        })
        .collect();
    let links = |order: Vec<Sketched>, threads| {
        let mut sorted = order;
        let links = forest(&mut sorted, threads);
        links.into_iter().map(|(a, b)| (sorted[a as usize].key, sorted[b as usize].key)).collect::<Vec<_>>()
    };
    let expect = links(articles.clone(), 1);
    assert_eq!(expect.len(), articles.len() - 1);
    let mut random = Random(7);
    for threads in 1..9 {
        let mut order = articles.clone();
        for at in 0..order.len() {
            order.swap(at, random.below(60));
        }
        for (number, article) in (100..).zip(&mut order) {
            article.number = number;
        }
        assert_eq!(links(order, threads), expect);
    }
}

#[test]
fn seeded_copies_find_their_originals() {
    let texts = originals();
    let sketch = |text: &str| Words::default().read([text]).sketch();
    let mut articles: Vec<Sketched> = Vec::new();
    let mut add = |text: &str, number: u64| {
        articles.extend(sketch(text).map(|sketch| Sketched { sketch, key: Key(number), number }));
    };
    let mut random = Random(0x5EED);
    let mut made = Vec::new();
    for (n, text) in (0..).zip(&texts) {
        add(text, n);
        let words: Vec<&str> = text.split_whitespace().collect();
        for (way, (_, edit)) in EDITS.iter().enumerate() {
            made.push((n, way));
            add(&edit(&words, 1 + random.below(20), &mut random).join(" "), (texts.len() + made.len()) as u64 - 1);
        }
    }
    let groups = groups_of(articles.clone());
    // Originals may be copies of each other: those of one group are one family.
    let families = groups_of(articles.into_iter().filter(|article| article.number < texts.len() as u64).collect());
    let joined = families.iter().filter(|(number, family)| number != family).count();
    let (mut right, mut by_edit) = (0, [0; EDITS.len()]);
    for (number, &(original, way)) in (texts.len() as u64..).zip(&made) {
        let is_right = groups.get(&number) == groups.get(&original);
        right += usize::from(is_right);
        by_edit[way] += usize::from(is_right);
    }
    // Families that copies of two of them brought together.
    let mut whole: Vec<(u64, u64)> = families.iter().map(|(number, family)| (groups[number], *family)).collect();
    whole.sort_unstable();
    whole.dedup();
    let confused = whole.chunk_by(|a, b| a.0 == b.0).map(|family| family.len() - 1).sum::<usize>();
    let (recall, precision) = (right as f64 / made.len() as f64, 1.0 - confused as f64 / whole.len() as f64);
    let made = made.len();
    println!(
        "{} originals, {joined} of them joined another; {made} copies: recall {recall:.4}, precision {precision:.4}",
        texts.len()
    );
    for ((what, _), count) in EDITS.iter().zip(by_edit) {
        println!("{:.4} {what}", count as f64 / texts.len() as f64);
    }
    assert!(recall >= 0.98, "recall {recall}");
    assert!(precision >= 0.99, "precision {precision}");
}

#[test]
fn parts_of_copies_stand_for_each_other() {
    let passages =
        ["The harbour of Sarn stays shut until the spring, the port said.", "Nobody asked the pilots of the harbour."];
    let edited =
        ["The harbour of Sarn remains shut until the spring, the port said.", "No pilot of it was heard at all today."];
    let units = |texts: &[&str]| -> Vec<DedupUnit> {
        let mut words = Words::default();
        texts.iter().map(|text| DedupUnit::passage(text, &mut words).sketched(&words)).collect()
    };
    let (originals, copies) = (units(&passages), units(&edited));
    assert_eq!(align(&copies, &originals), [(copies[0].group, originals[0].group)]);
}

#[test]
fn words_of_one_speaker_are_not_those_of_another() {
    let quote = |speaker| DedupUnit::quote(&["“No deal,”"], [speaker], &mut Words::default()).group;
    assert_eq!(quote("Ada Ray"), DedupUnit::quote(&["\"No deal\""], ["Ada Ray"], &mut Words::default()).group);
    assert_ne!(quote("Ada Ray"), quote("Ben Lu"));
}

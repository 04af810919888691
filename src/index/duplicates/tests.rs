//! Seeded copies: articles edited in ten ways, with 1 to 20% of their words changed, must find their originals and
//! nothing else.
//!
//! `ONRECORD_ARTICLES=articles.jsonl cargo test --release --lib seeded -- --nocapture` does the same with other articles.

use super::*;

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

#[test]
fn seeded_copies_find_their_originals() {
    let texts = originals();
    let mut duplicates = Duplicates::new([]);
    let mut file = |text: &str, number: usize| {
        let sketch = Words::default().read([text]).sketch()?;
        let nearest = duplicates.nearest(&sketch, |_| true);
        let group = nearest.map_or(number as u64, |nearest| nearest.group);
        duplicates.remember(Seen { key: Key(number as u64), number: number as u64, group, sketch });
        nearest.map(|_| group)
    };
    // Originals may be copies of each other: what they were grouped with is part of what they are.
    let families: Vec<u64> = (0..).zip(&texts).map(|(n, text)| file(text, n).unwrap_or(n as u64)).collect();
    let joined = (0u64..).zip(&families).filter(|(n, family)| *n != **family).count();
    let mut random = Random(0x5EED);
    let (mut made, mut found, mut right) = (0, 0, 0);
    let mut by_edit = [0; EDITS.len()];
    for (n, text) in texts.iter().enumerate() {
        let words: Vec<&str> = text.split_whitespace().collect();
        for (way, (_, edit)) in EDITS.iter().enumerate() {
            let copy = edit(&words, 1 + random.below(20), &mut random).join(" ");
            made += 1;
            if let Some(group) = file(&copy, texts.len() + made) {
                found += 1;
                right += usize::from(group == families[n]);
                by_edit[way] += usize::from(group == families[n]);
            }
        }
    }
    let (recall, precision) = (right as f64 / f64::from(made as u32), right as f64 / f64::from(found as u32));
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
    let others: Vec<DedupUnit> = passages.iter().map(|text| DedupUnit::passage(text, &mut Words::default())).collect();
    let mut parts: Vec<DedupUnit> = edited.iter().map(|text| DedupUnit::passage(text, &mut Words::default())).collect();
    align(&mut parts, &others);
    assert_eq!(parts[0].group, others[0].group);
    assert_ne!(parts[1].group, others[1].group);
}

#[test]
fn words_of_one_speaker_are_not_those_of_another() {
    let quote = |speaker| DedupUnit::quote(&["“No deal,”"], [speaker], &mut Words::default()).group;
    assert_eq!(quote("Ada Ray"), DedupUnit::quote(&["\"No deal\""], ["Ada Ray"], &mut Words::default()).group);
    assert_ne!(quote("Ada Ray"), quote("Ben Lu"));
}

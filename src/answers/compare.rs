//! Two filters side by side: how much each has of the same, what both printed, what only one did.

use std::collections::{HashMap, HashSet};

use crate::present::compare::{Comparison, Pair, Side};
use crate::query::{Filter, Node, parse};
use crate::search::{Backend, By, Difference, Error, Hit, Request, Sort};
use crate::text::wording::{compare as differences, likeness};

/// Hits of each side that are compared with those of the other, at most: the newest.
const COMPARED: u64 = 500;

/// The share of words that nearly identical texts have in common, in order.
const ALIKE: f64 = 0.8;

/// The share of different words, in any order, from which on two texts are worth comparing in order.
const WORTH_COMPARING: f64 = 0.7;

/// Texts of fewer words are alike by chance: `No comment`.
const FEWEST_WORDS: usize = 4;

/// Compares the hits of a request that pass the filter `a` with those that pass `b`; every list has up to `limit` entries.
pub fn compare(engine: &dyn Backend, request: &Request, [a, b]: [&str; 2], limit: usize) -> Result<Comparison, Error> {
    let (mut first, hits_a) = side(engine, request, a)?;
    let (mut second, hits_b) = side(engine, request, b)?;
    let found = pairs(&hits_a, &hits_b);
    let with_match = |of: fn(&(usize, usize, f64)) -> usize| found.iter().map(of).collect::<HashSet<usize>>();
    for (side, hits, matched) in
        [(&mut first, &hits_a, with_match(|pair| pair.0)), (&mut second, &hits_b, with_match(|pair| pair.1))]
    {
        let only = hits.iter().enumerate().filter(|(at, _)| !matched.contains(at)).map(|(_, hit)| hit);
        side.in_both = matched.len() as u64;
        side.only_total = side.compared - side.in_both;
        side.only = only.take(limit).cloned().collect();
    }
    let both = closest(found);
    let both_total = both.len() as u64;
    let pair = |(a, b, likeness): (usize, usize, f64)| {
        let (a, b) = (hits_a.get(a)?.clone(), hits_b.get(b)?.clone());
        let words = differences(&a.text, &b.text);
        let differences = words.into_iter().map(|(change, text)| Difference { change, text }).collect();
        Some(Pair { a, b, likeness: likeness as f32, differences })
    };
    let mut warnings = first.warnings.clone();
    warnings.extend(second.warnings.iter().filter(|warning| !first.warnings.contains(warning)).cloned());
    Ok(Comparison {
        query: request.query.clone(),
        both_total,
        both: both.into_iter().take(limit).filter_map(pair).collect(),
        warnings,
        a: first,
        b: second,
        index: engine.info(),
    })
}

/// What passes one filter, and the hits that are compared.
fn side(engine: &dyn Backend, request: &Request, filter: &str) -> Result<(Side, Vec<Hit>), Error> {
    let with = |base: Vec<String>| base.into_iter().chain([filter.to_owned()]).collect::<Vec<String>>();
    let request = Request {
        filters: with(request.filters.clone()),
        sort: Sort::Newest,
        limit: COMPARED,
        facets: Vec::new(),
        explain: false,
        after: None,
        ..request.clone()
    };
    let answer = engine.search(&request)?;
    let count = |request: Request| engine.search(&Request { by: Some(By::Article), limit: 0, ..request });
    let articles = count(request.clone())?.total;
    let published = count(Request { query: "*".to_owned(), filters: with(days(&request)), ..request.clone() })?.total;
    let side = Side {
        filter: filter.to_owned(),
        read_as: answer.read_as,
        total: answer.total,
        articles,
        published,
        share: (published > 0).then(|| articles as f64 / published as f64),
        compared: answer.hits.len() as u64,
        in_both: 0,
        only_total: 0,
        only: Vec::new(),
        warnings: answer.warnings,
    };
    Ok((side, answer.hits))
}

/// The conditions of a request on the day of publication: they hold for what was published in all, too.
fn days(request: &Request) -> Vec<String> {
    let mut days = Vec::new();
    for text in std::iter::once(&request.query).chain(&request.filters) {
        let tree = parse(text, request.matching, request.today).tree;
        let parts = match tree {
            Node::And(parts) => parts,
            other => vec![other],
        };
        days.extend(parts.iter().filter(|part| matches!(part, Node::Filter(Filter::Date(_)))).map(ToString::to_string));
    }
    days
}

/// The pairs of nearly identical texts: places in both lists, and how alike they are.
fn pairs(a: &[Hit], b: &[Hit]) -> Vec<(usize, usize, f64)> {
    let words = |hit: &Hit| -> HashSet<String> {
        let words = hit.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let of_b: Vec<HashSet<String>> = b.iter().map(words).collect();
    let mut having: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, words) in of_b.iter().enumerate() {
        for word in words {
            having.entry(word).or_default().push(at);
        }
    }
    let mut found = Vec::new();
    for (at, hit) in a.iter().enumerate() {
        let own = words(hit);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for other in own.iter().filter_map(|word| having.get(word.as_str())).flatten() {
            *shared.entry(*other).or_default() += 1;
        }
        for (other, shared) in shared {
            let (Some(others), Some(text)) = (of_b.get(other), b.get(other).map(|hit| &hit.text)) else { continue };
            let fewest = own.len().min(others.len());
            if fewest < FEWEST_WORDS || 2.0 * (shared as f64) < WORTH_COMPARING * (own.len() + others.len()) as f64 {
                continue;
            }
            let likeness = likeness(&hit.text, text);
            if likeness >= ALIKE {
                found.push((at, other, likeness));
            }
        }
    }
    found
}

/// Of pairs, those that leave each text in one at most, the most alike first taken; in order of the first list.
fn closest(mut pairs: Vec<(usize, usize, f64)>) -> Vec<(usize, usize, f64)> {
    pairs.sort_by(|x, y| y.2.total_cmp(&x.2).then_with(|| (x.0, x.1).cmp(&(y.0, y.1))));
    let (mut used_a, mut used_b) = (HashSet::new(), HashSet::new());
    pairs.retain(|&(a, b, _)| !used_a.contains(&a) && !used_b.contains(&b) && used_a.insert(a) && used_b.insert(b));
    pairs.sort_by_key(|&(a, _, _)| a);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Meta;
    use crate::search::Names;

    fn hits(texts: &[&str]) -> Vec<Hit> {
        let hit = |text: &&str| Hit {
            rank: 1,
            score: 0.0,
            by: By::Quote,
            article: Meta::default(),
            paragraph: 0,
            locator: None,
            start: 0,
            end: 0,
            text: (*text).to_owned(),
            highlights: Vec::new(),
            matched: None,
            quotes: Vec::new(),
            entities: Names::default(),
            duplicates: 0,
            also_in: None,
            wordings: Vec::new(),
            tags: Vec::new(),
            notes: Vec::new(),
        };
        texts.iter().map(hit).collect()
    }

    #[track_caller]
    fn check(a: &[&str], b: &[&str], expect: &[(usize, usize)]) {
        let found: Vec<(usize, usize)> =
            closest(pairs(&hits(a), &hits(b))).into_iter().map(|(a, b, _)| (a, b)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn nearly_the_same_words_are_paired_once() {
        check(
            &["We will not sell the harbour to anybody.", "No comment", "The ferry sails at noon again."],
            &["No comment", "We will not sell our harbour to anybody", "We will not sell the harbour to anybody!"],
            &[(0, 2)],
        );
        check(&["The ferry sails at noon again."], &["At noon again sails the ferry, and she is late."], &[]);
    }

    #[test]
    fn days_hold_for_all_that_was_published() {
        let request = Request {
            query: "ferry date:2031-05".to_owned(),
            filters: vec!["speaker:\"Ada Ray\"".to_owned(), "date:>=2031".to_owned()],
            ..Request::default()
        };
        assert_eq!(days(&request), ["date:2031-05-01..2031-05-31", "date:>=2031-01-01"]);
    }
}

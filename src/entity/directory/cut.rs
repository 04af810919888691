//! Names of bodies that were cut out of longer ones, or run together of two, as the other names of an index tell.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Why;
use super::body::{BodyName, usual};
use crate::language::english;

/// How often longer names must end with a name for each time that it is used alone for it to be cut out of them, and how often
/// the names must be used that another runs together.
const TIMES: u64 = 10;

/// How often a longer name must be used for each time that a piece of it is.
const TWICE: u64 = 2;

/// Words of the longest name that is looked at.
const LONGEST: usize = 16;

/// Names by their words.
type ByWords = FxHashMap<String, Vec<usize>>;

/// The names that are cut out of names of several bodies, or run together. Those that are cut out of one body's names are added
/// to `short`.
pub(super) fn cut(bodies: &[BodyName], short: &mut FxHashMap<usize, (usize, Why)>) -> FxHashSet<usize> {
    let mut by_words = ByWords::default();
    for (i, body) in bodies.iter().enumerate() {
        by_words.entry(joined(&body.written)).or_default().push(i);
    }
    let mut run_together = FxHashSet::default();
    let mut uses_of_longer = vec![0_u64; bodies.len()];
    let mut fuller: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (i, body) in bodies.iter().enumerate().filter(|(_, body)| (2..=LONGEST).contains(&body.written.len())) {
        let mut is_run_together = false;
        for start in 1..body.written.len() {
            let (begin, end) = body.written.split_at(start);
            let Some(ends) = by_words.get(&joined(end)) else { continue };
            is_run_together |= runs_together(bodies, &by_words, i, begin, ends);
            for &short in ends.iter().filter(|&&short| bodies[short].key != body.key) {
                uses_of_longer[short] += body.count;
                // `Goldman, | Sachs and Co`
                if body.is_firm && end.len() > 1 && are_partners(begin) {
                    fuller.entry(short).or_default().push(i);
                }
            }
        }
        if is_run_together && !body.is_listed {
            run_together.insert(i);
        }
        // `Senate Banking | Committee`
        if let Some(((what, _), begin)) = body.written.split_last()
            && begin.len() > 1
            && english().names.governing.contains(what)
            && let Some(begins) = by_words.get(&joined(begin))
        {
            for &short in begins.iter().filter(|&&short| bodies[short].key != body.key) {
                fuller.entry(short).or_default().push(i);
            }
        }
    }
    let mut left_out = run_together.clone();
    for (i, body) in bodies.iter().enumerate() {
        if body.is_listed || short.contains_key(&i) {
            continue;
        }
        let fuller = fuller.get(&i).into_iter().flatten().copied().filter(|full| !run_together.contains(full));
        let full = usual(bodies, &fuller.collect::<Vec<_>>(), 9);
        match full.filter(|(_, count)| *count >= TWICE * body.count) {
            Some((full, _)) => {
                short.insert(i, (full, Why::Piece));
            }
            None if uses_of_longer[i] >= TIMES * body.count => {
                left_out.insert(i);
            }
            None => {}
        }
    }
    left_out
}

/// True if name `i` is `begin`, a name by itself, and then one of `ends`, with `and` between them or nothing.
fn runs_together(bodies: &[BodyName], by_words: &ByWords, i: usize, begin: &[(String, bool)], ends: &[usize]) -> bool {
    let (own, key) = (bodies[i].count, &bodies[i].key);
    let (begin, times) = match begin.split_last() {
        Some(((and, _), begin)) if and == "and" => (begin, 1),
        _ => (begin, TIMES),
    };
    let is_used = |names: &[usize]| {
        let names = || names.iter().map(|&name| &bodies[name]);
        // `Johnson and Johnson`
        let is_one = |body: &BodyName| body.written.len() > 1 || body.is_listed;
        names().all(|body| body.key != *key)
            && names().any(is_one)
            && names().map(|body| body.count).sum::<u64>() >= times * own
    };
    is_used(ends) && by_words.get(&joined(begin)).is_some_and(|begins| is_used(begins))
}

/// True for words of which each is a partner's name: `Merrow, Lind and`.
fn are_partners(words: &[(String, bool)]) -> bool {
    let is_one = |i: usize| {
        let (word, comma) = &words[i];
        word == "and" || *comma || words.get(i + 1).is_some_and(|(next, _)| next == "and")
    };
    (0..words.len()).all(is_one)
}

fn joined(words: &[(String, bool)]) -> String {
    words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::body::merge_organizations;

    /// The names shown for names with these counts.
    #[track_caller]
    fn check(names: &[(&str, u64)], expect: &[Option<&str>]) {
        let groups = merge_organizations(names);
        let shown =
            |i: usize| groups.iter().find(|group| group.iter().any(|(j, _)| *j == i)).map(|group| names[group[0].0].0);
        assert_eq!((0..names.len()).map(shown).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn what_is_cut_out_of_one_name_is_short_for_it() {
        let firm = "Merrow, Lind and Co";
        check(&[(firm, 9), ("Lind and Co", 3)], &[Some(firm); 2]);
        let bank = "Sarn Bank and Lind Trust and Co";
        check(&[(bank, 9), ("Lind Trust and Co", 3)], &[Some(bank), Some("Lind Trust and Co")]);
        check(&[("Fish and Rope Council", 9), ("Fish and Rope", 3)], &[Some("Fish and Rope Council"); 2]);
    }

    #[test]
    fn what_is_cut_out_of_several_is_nobody() {
        let (fish, rope) = ("Fish Trade Chamber", "Rope Trade Chamber");
        check(&[(fish, 20), (rope, 9), ("Trade Chamber", 2)], &[Some(fish), Some(rope), None]);
        check(&[(fish, 9), (rope, 9), ("Trade Chamber", 2)], &[Some(fish), Some(rope), Some("Trade Chamber")]);
    }

    #[test]
    fn what_is_run_together_is_nobody() {
        let (fish, rope) = ("Fish Chamber", "Rope Council");
        check(&[(fish, 10), (rope, 10), ("Fish Chamber Rope Council", 1)], &[Some(fish), Some(rope), None]);
        check(&[(fish, 2), (rope, 2), ("Fish Chamber and Rope Council", 2)], &[Some(fish), Some(rope), None]);
        let both = "Fish Chamber Rope Council";
        check(&[(fish, 9), (rope, 10), (both, 1)], &[Some(fish), Some(rope), Some(both)]);
        let sons = "Merrow and Merrow";
        check(&[("Merrow", 9), (sons, 9)], &[Some("Merrow"), Some(sons)]);
    }
}

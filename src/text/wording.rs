//! How two wordings of a text differ, word by word.
//!
//! The longest common subsequence of their words (Wagner & Fischer 1974), ignoring case and punctuation.

/// The kind of a stretch of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is in both.
    Same,
    /// It is in the first only.
    Gone,
    /// It is in the second only.
    New,
}

/// Words of the longer text times words of the shorter one that are compared at most: this takes half a second, and
/// quotations are far shorter. Words beyond count as changed.
const MOST_COMPARED: usize = 4_000_000;

/// The stretches in which `before` and `after` agree and differ, in order: deletions before insertions. Equal stretches
/// are given as in `after`.
pub fn compare(before: &str, after: &str) -> Vec<(Change, String)> {
    stretches(&words(before, letters), &words(after, letters))
}

/// The same, where case and punctuation count too.
pub fn compare_exactly(before: &str, after: &str) -> Vec<(Change, String)> {
    stretches(&words(before, spaced), &words(after, spaced))
}

fn stretches(old: &[Word], new: &[Word]) -> Vec<(Change, String)> {
    let mut stretches: Vec<(Change, String)> = Vec::new();
    let mut add = |change: Change, word: &str| match stretches.last_mut() {
        Some((last, text)) if *last == change => {
            text.push(' ');
            text.push_str(word);
        }
        _ => stretches.push((change, word.to_owned())),
    };
    let (mut i, mut j) = (0, 0);
    for (a, b) in common(old, new).into_iter().chain([(old.len(), new.len())]) {
        old.get(i..a).into_iter().flatten().for_each(|word| add(Change::Gone, word.typed));
        new.get(j..b).into_iter().flatten().for_each(|word| add(Change::New, word.typed));
        if let Some(word) = new.get(b) {
            add(Change::Same, word.typed);
        }
        (i, j) = (a + 1, b + 1);
    }
    stretches
}

/// The same for texts of several paragraphs: only the places where paragraphs differ, each as [`compare_exactly`] gives it.
pub fn compare_paragraphs(before: &str, after: &str) -> Vec<Vec<(Change, String)>> {
    let (old, new) = (paragraphs(before), paragraphs(after));
    let typed = |paragraphs: Option<&[Word]>| {
        paragraphs.unwrap_or_default().iter().map(|paragraph| paragraph.typed).collect::<Vec<_>>().join("\n")
    };
    let mut changes = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (a, b) in common(&old, &new).into_iter().chain([(old.len(), new.len())]) {
        if i < a || j < b {
            changes.push(compare_exactly(&typed(old.get(i..a)), &typed(new.get(j..b))));
        }
        (i, j) = (a + 1, b + 1);
    }
    changes
}

/// The share of words that two wordings have in common, in order: 1 where all are, 0 where none is.
pub fn likeness(before: &str, after: &str) -> f64 {
    let (old, new) = (words(before, letters), words(after, letters));
    if old.is_empty() || new.is_empty() {
        return 0.0;
    }
    2.0 * common(&old, &new).len() as f64 / (old.len() + new.len()) as f64
}

/// A word as typed, and what it is compared by.
struct Word<'t> {
    typed: &'t str,
    key: String,
}

fn words(text: &str, key: fn(&str) -> String) -> Vec<Word<'_>> {
    text.split_whitespace().map(|typed| Word { typed, key: key(typed) }).collect()
}

fn paragraphs(text: &str) -> Vec<Word<'_>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|typed| Word { typed, key: spaced(typed) }).collect()
}

/// The text with single spaces.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The places of the common words, in both.
fn common(old: &[Word], new: &[Word]) -> Vec<(usize, usize)> {
    let same = |a: usize, b: usize| matches!((old.get(a), new.get(b)), (Some(a), Some(b)) if a.key == b.key);
    let shorter = old.len().min(new.len());
    let head = (0..shorter).take_while(|&at| same(at, at)).count();
    let tail = (1..=shorter - head).take_while(|&back| same(old.len() - back, new.len() - back)).count();
    let (rows, columns) = (old.len() - head - tail, new.len() - head - tail);
    let mut found: Vec<(usize, usize)> = (0..head).map(|at| (at, at)).collect();
    if rows.saturating_mul(columns) <= MOST_COMPARED {
        // longest[a][b]: how many words are common from a and b on.
        let width = columns + 1;
        let mut longest = vec![0_u32; (rows + 1) * width];
        let at = |a: usize, b: usize| a * width + b;
        let get = |longest: &[u32], a, b| longest.get(at(a, b)).copied().unwrap_or(0);
        for a in (0..rows).rev() {
            for b in (0..columns).rev() {
                let best = if same(head + a, head + b) {
                    get(&longest, a + 1, b + 1) + 1
                } else {
                    get(&longest, a + 1, b).max(get(&longest, a, b + 1))
                };
                if let Some(cell) = longest.get_mut(at(a, b)) {
                    *cell = best;
                }
            }
        }
        let (mut a, mut b) = (0, 0);
        while a < rows && b < columns {
            if same(head + a, head + b) {
                found.push((head + a, head + b));
                (a, b) = (a + 1, b + 1);
            } else if get(&longest, a + 1, b) >= get(&longest, a, b + 1) {
                a += 1;
            } else {
                b += 1;
            }
        }
    }
    found.extend((1..=tail).rev().map(|back| (old.len() - back, new.len() - back)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is gone as `[-…-]`, what is new as `{+…+}`.
    #[track_caller]
    fn check(before: &str, after: &str, expect: &str) {
        let shown = compare(before, after).into_iter().map(|(change, text)| match change {
            Change::Same => text,
            Change::Gone => format!("[-{text}-]"),
            Change::New => format!("{{+{text}+}}"),
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expect);
    }

    #[test]
    fn what_differs_is_told_by_stretches() {
        check("We will repair the wall", "We will mend the wall", "We will [-repair-] {+mend+} the wall");
        check("“We will repair it,”", "We will repair it", "We will repair it");
        check("never again", "Never, ever again", "Never, {+ever+} again");
        check("a b c", "c", "[-a b-] c");
        check("", "new", "{+new+}");
        check("gone", "", "[-gone-]");
        check("x a y", "a", "[-x-] a [-y-]");
    }

    #[test]
    fn paragraphs_that_differ_are_told_alone() {
        let before = "Rain fell.\n\nThe mayor spoke of nine schools.\n\nNobody came.\n";
        let after = "Rain fell.\n\nThe mayor spoke of eight schools.\n\nNobody came.\n\nIt ended at noon.\n";
        let changes = compare_paragraphs(before, after);
        let stretch = |change, text: &str| (change, text.to_owned());
        assert_eq!(
            changes,
            [
                vec![
                    stretch(Change::Same, "The mayor spoke of"),
                    stretch(Change::Gone, "nine"),
                    stretch(Change::New, "eight"),
                    stretch(Change::Same, "schools.")
                ],
                vec![stretch(Change::New, "It ended at noon.")]
            ]
        );
        assert!(compare_paragraphs(before, &before.replace(' ', "  ")).is_empty());
        let comma = [stretch(Change::Gone, "a"), stretch(Change::New, "a,"), stretch(Change::Same, "b")];
        assert_eq!(compare_paragraphs("a b", "a, b"), [comma]);
    }

    #[test]
    fn likeness_is_a_share() {
        assert!((likeness("one two three four", "one two three five") - 0.75).abs() < 1e-9);
        assert!((likeness("Same.", "same") - 1.0).abs() < 1e-9);
        assert!(likeness("", "").abs() < 1e-9);
    }

    #[test]
    fn endless_texts_are_compared_by_their_ends() {
        let (old, new) = ("a ".repeat(3000) + "x " + &"b ".repeat(3000), "c ".repeat(3000) + "x " + &"b ".repeat(3000));
        let changes: Vec<Change> = compare(&old, &new).into_iter().map(|(change, _)| change).collect();
        assert_eq!(changes, [Change::Gone, Change::New, Change::Same]);
    }
}

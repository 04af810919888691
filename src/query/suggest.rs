//! "Did you mean": the known word that is closest to what was typed.

/// The closest of `known` to `typed`, if at most a third of its letters have to be changed (and at least one may be).
pub fn closest<'k>(typed: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let most = (typed.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|word| (distance(typed, word, most), word))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// How many letters must be changed, added, left out or swapped with their neighbour to turn `a` into `b`
/// (Damerau 1964, in the restricted form); anything above `most` may come out as `most + 1`.
pub fn distance(a: &str, b: &str, most: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, &y) in b.iter().enumerate() {
            let changed = at(&last, j) + usize::from(x != y);
            let mut least = changed.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(&y) && b.get(j - 1) == Some(&x) {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    at(&last, b.len())
}

fn at(row: &[usize], i: usize) -> usize {
    row.get(i).copied().unwrap_or(usize::MAX / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_is_found() {
        let fields = ["speaker", "said", "about", "section", "collection"];
        assert_eq!(closest("spaeker", fields), Some("speaker"));
        assert_eq!(closest("sad", fields), Some("said"));
        assert_eq!(closest("http", fields), None);
    }

    #[test]
    fn swaps_count_once() {
        assert_eq!(distance("putin", "puitn", 2), 1);
        assert_eq!(distance("kyiv", "kiev", 2), 2);
        assert_eq!(distance("a", "abcdef", 2), 3);
    }
}

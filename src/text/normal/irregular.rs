//! Irregular forms: `rose`, `met`, `children`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::inflect::regular;

/// What is left of an irregular form, folded, when its inflection is taken off.
pub fn irregular(form: &str) -> Option<&'static str> {
    IRREGULAR.get(form).map(|irregular| irregular.stem.as_str())
}

/// The other reading of a folded word: `rose` is also a word of its own.
pub(super) fn other_reading(word: &str) -> Option<&'static str> {
    IRREGULAR.get(word)?.own.as_deref()
}

/// What an irregular form is read as.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Irregular {
    stem: String,
    /// What is left of it as a word of its own, where it is one as well: `rose`, `left`, `found`.
    own: Option<String>,
}

/// The irregular forms, by form.
static IRREGULAR: LazyLock<FxHashMap<&'static str, Irregular>> = LazyLock::new(|| {
    let mut forms = FxHashMap::default();
    let lines = || include_str!("../../../data/en/irregular.txt").lines().filter(|line| !line.starts_with('#'));
    for word in lines().filter_map(|line| line.strip_prefix('=')).flat_map(str::split_whitespace) {
        forms.insert(word, Irregular { stem: word.to_owned(), own: None });
    }
    for line in lines().filter(|line| !line.starts_with('=')) {
        let mut words = line.split_whitespace();
        let Some(base) = words.next() else { continue };
        let stem = forms.get(base).map_or_else(|| regular(base), |fixed: &Irregular| fixed.stem.clone());
        for form in words {
            let (form, own) = form.strip_suffix('|').map_or((form, false), |form| (form, true));
            let own =
                own.then(|| forms.get(form).map_or_else(|| regular(form), |fixed: &Irregular| fixed.stem.clone()));
            forms.insert(form, Irregular { stem: stem.clone(), own });
        }
    }
    forms
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_two_words_is_read_as_both() {
        assert_eq!((irregular("rose"), other_reading("rose")), (Some("rise"), Some("rose")));
        assert_eq!((irregular("people"), other_reading("people")), (Some("person"), Some("peopl")));
        assert_eq!(other_reading("risen"), None);
    }

    #[test]
    fn every_irregular_form_is_listed_once() {
        let lines = || include_str!("../../../data/en/irregular.txt").lines().filter(|line| !line.starts_with('#'));
        let forms = lines().filter(|line| !line.starts_with('=')).flat_map(|line| line.split_whitespace().skip(1));
        let mut forms: Vec<&str> = forms.map(|form| form.trim_end_matches('|')).collect();
        forms.sort_unstable();
        for pair in forms.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }
}

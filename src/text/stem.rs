//! Stems of words in languages other than English. Words come folded, as the index holds them.

use std::borrow::Cow;

use frostem::Stemmer;

use super::normal::folded;
use crate::language::Pack;

/// Letters that a stem keeps, at least.
const LEAST: usize = 3;

/// Cuts words of one language to their stems: by its Snowball algorithm, or by the endings of its pack.
pub struct Stems {
    snowball: Option<Stemmer>,
    endings: Vec<String>,
    prefixes: Vec<String>,
    /// Endings, and what replaces them.
    read_as: Vec<(String, String)>,
}

impl Stems {
    /// The stems of the language of `pack`; none where words have no endings.
    pub fn of(pack: &Pack) -> Option<Self> {
        if pack.text.ideographs {
            return None;
        }
        let folded = |words: &crate::language::Words| {
            let mut words: Vec<String> = words.iter().map(folded).collect();
            words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
            words.dedup();
            words
        };
        let snowball = Stemmer::try_from_name(&pack.search.stemmer).ok();
        let read_as = pack.search.read_as.iter().filter_map(|pair| pair.split_once('='));
        Some(Stems {
            snowball,
            endings: folded(&pack.search.endings),
            prefixes: folded(&pack.search.prefixes),
            read_as: read_as.map(|(ending, other)| (ending.to_owned(), other.to_owned())).collect(),
        })
    }

    /// The stem of a folded word.
    pub fn stem<'w>(&self, word: &'w str) -> Cow<'w, str> {
        let long = |rest: &&str| rest.chars().count() >= LEAST;
        let bare =
            self.prefixes.iter().find_map(|prefix| word.strip_prefix(prefix.as_str()).filter(long)).unwrap_or(word);
        let other = self.read_as.iter().find_map(|(ending, other)| {
            let rest = bare.strip_suffix(ending.as_str()).filter(long)?;
            Some(format!("{rest}{other}"))
        });
        match other {
            Some(other) => Cow::Owned(self.cut(&other).into_owned()),
            None => self.cut(bare),
        }
    }

    /// A word without its ending.
    fn cut<'w>(&self, bare: &'w str) -> Cow<'w, str> {
        if let Some(snowball) = self.snowball {
            return snowball.stem(bare);
        }
        let long = |rest: &&str| rest.chars().count() >= LEAST;
        let cut = self.endings.iter().find_map(|ending| bare.strip_suffix(ending.as_str()).filter(long));
        Cow::Borrowed(cut.unwrap_or(bare))
    }

    /// How every word starts whose stem is `stem`: algorithms may change its last letters.
    pub fn heads(&self, stem: &str) -> Vec<String> {
        let letters = stem.chars().count();
        let changed = self.snowball.is_some() || !self.read_as.is_empty();
        let kept = if changed { letters.saturating_sub(2).max(LEAST) } else { letters };
        let head: String = stem.chars().take(kept).collect();
        let with = self.prefixes.iter().map(|prefix| format!("{prefix}{head}"));
        std::iter::once(head.clone()).chain(with).collect()
    }
}

/// The word behind an elided one: `incendie` of `l'incendie`.
pub fn without_elision<'w>(typed: &'w str, pack: &Pack) -> Option<&'w str> {
    let (before, after) = typed.split_once(['\'', '’'])?;
    (!after.is_empty() && pack.text.elisions.contains(&before.to_lowercase())).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(language: &str, same: &[&str], other: &[&str]) {
        let stems = Stems::of(Pack::of(Some(language)).unwrap()).unwrap();
        let folded: Vec<String> = same.iter().map(|word| folded(word)).collect();
        let stem = stems.stem(&folded[0]).into_owned();
        for word in &folded {
            assert_eq!(stems.stem(word), stem, "{word}");
            assert!(stems.heads(&stem).iter().any(|head| word.starts_with(head)), "{word}");
        }
        for word in other {
            assert_ne!(stems.stem(&super::folded(word)), stem, "{word}");
        }
    }

    #[test]
    fn forms_of_a_word_share_a_stem() {
        check("de", &["Brücke", "Brücken"], &["Brocken"]);
        check("fr", &["incendie", "incendies"], &["incident"]);
        check("ru", &["война", "войны", "войне", "войной"], &["волна"]);
        check("uk", &["місто", "міста", "місту"], &["мости"]);
        check("pl", &["wojna", "wojny", "wojnę", "wojną"], &["wojsko"]);
        check("cs", &["válka", "války", "válku", "válkou"], &["valcha"]);
        check("hr", &["rat", "rata", "ratu", "ratom"], &["ratar"]);
        check("ar", &["كتاب", "الكتاب", "والكتاب"], &["كاتب"]);
        check("tr", &["savaş", "savaşlar"], &["savcı"]);
        check("pt", &["eleição", "eleições"], &["eleitor"]);
        check("cs", &["dělník", "dělníci", "dělníka"], &["dělo"]);
        check("hr", &["ministar", "ministri", "ministra"], &["mineral"]);
    }

    #[test]
    fn elided_words_are_cut() {
        let french = Pack::of(Some("fr")).unwrap();
        assert_eq!(without_elision("l'incendie", french), Some("incendie"));
        assert_eq!(without_elision("d’Aujac", french), Some("Aujac"));
        assert_eq!(without_elision("aujourd", french), None);
    }
}

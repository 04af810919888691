//! Which words newspapers use for the same thing: a built-in list and the user's own.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::text::normal::Terms;

/// Groups of words and phrases, each of which stands for every other of its group.
#[derive(Debug, Clone, Default)]
pub struct Thesaurus {
    groups: Vec<Vec<String>>,
    /// By the normal forms of a member, joined by spaces: the groups it is in.
    members: FxHashMap<String, Vec<usize>>,
}

/// Why a user's synonyms can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ThesaurusError {
    /// It is no TOML, or not of the shape we read; says the line.
    #[error("synonyms are written `groups = [[\"ceasefire\", \"truce\"], …]`: {0}")]
    Toml(#[from] toml::de::Error),
}

/// The longest member in words that is looked for in a phrase.
pub const LONGEST_MEMBER: usize = 5;

static NEWS: LazyLock<Thesaurus> = LazyLock::new(|| {
    let lines = include_str!("thesaurus.txt").lines().filter(|line| !line.starts_with('#'));
    let groups =
        lines.map(|line| line.split(',').map(|word| word.trim().to_owned()).filter(|w| !w.is_empty()).collect());
    Thesaurus::default().with(groups)
});

impl Thesaurus {
    /// The built-in news thesaurus.
    pub fn news() -> &'static Thesaurus {
        &NEWS
    }

    /// The built-in thesaurus and the groups of a user's `synonyms.toml`.
    pub fn with_own(toml: &str) -> Result<Thesaurus, ThesaurusError> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            groups: Vec<Vec<String>>,
        }
        let file: File = toml::from_str(toml)?;
        Ok(NEWS.clone().with(file.groups))
    }

    fn with(mut self, groups: impl IntoIterator<Item = Vec<String>>) -> Self {
        for group in groups.into_iter().filter(|group| group.len() > 1) {
            for word in &group {
                let known = self.members.entry(key(word)).or_default();
                if known.last() != Some(&self.groups.len()) {
                    known.push(self.groups.len());
                }
            }
            self.groups.push(group);
        }
        self
    }

    /// What else stands for the words with these normal forms, joined by spaces.
    pub fn synonyms(&self, normal: &str) -> Vec<&str> {
        let groups = self.members.get(normal).into_iter().flatten();
        let mut found: Vec<&str> = Vec::new();
        for word in groups.filter_map(|&group| self.groups.get(group)).flatten() {
            if key(word) != normal && !found.contains(&word.as_str()) {
                found.push(word);
            }
        }
        found
    }
}

/// The normal forms of `words`, joined by spaces.
fn key(words: &str) -> String {
    let mut terms = Terms::default();
    terms.read(words);
    let normals: Vec<&str> = terms.iter().filter_map(|term| term.normal()).collect();
    normals.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stand_for_each_other() {
        let news = Thesaurus::news();
        assert!(news.synonyms(&key("ceasefires")).contains(&"truce"));
        assert!(news.synonyms(&key("peace deal")).contains(&"peace accord"));
        assert!(news.synonyms(&key("table")).is_empty());
    }

    #[test]
    fn users_add_their_own() {
        let own = Thesaurus::with_own("groups = [[\"the Hill\", \"Congress\"]]").unwrap();
        assert_eq!(own.synonyms(&key("the Hill"))[0], "Congress");
        let wrong = Thesaurus::with_own("groups = 1").unwrap_err().to_string();
        assert!(wrong.contains("line 1"), "{wrong}");
    }

    #[test]
    fn every_built_in_group_has_two_members() {
        for line in include_str!("thesaurus.txt").lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            assert!(line.split(',').filter(|w| !w.trim().is_empty()).count() > 1, "{line}");
        }
    }
}

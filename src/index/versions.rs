//! Earlier texts of articles that their outlets changed, kept in the user's half of the index folder: once a source has
//! changed, nothing else holds them.
//!
//! They are in a few files by the hash of the article's id, so that none grows too large to be read at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Key;
use crate::article::{Article, Meta};
use crate::search::Annotated;
use crate::user::{Error, UserFiles};

/// Whether versions are kept: the last line says it.
const SETTING: &str = "versions.jsonl";

/// How many files hold them.
const FILES: u64 = 16;

#[derive(Debug, Serialize, Deserialize)]
struct Setting {
    keep: bool,
}

/// An article as it was before it was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Id of the article.
    pub article: String,
    /// When the change was noticed.
    pub noticed: Timestamp,
    /// Headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub byline: Vec<String>,
    /// When it was published, as it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The body.
    pub text: String,
    /// A hash of what it was changed to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub became: Option<String>,
}

impl Version {
    /// What an index holds of an article, if that is not what was read of it now.
    pub fn before(held: &Annotated, read: &Article) -> Option<Self> {
        let version = Version::of(&held.article, &held.text);
        let now = Version::of(&read.meta, &read.text).hash();
        (version.hash() != now).then_some(Version { became: Some(now), ..version })
    }

    /// An article as it is now.
    pub fn of(article: &Meta, text: &str) -> Self {
        Version {
            article: article.id.clone(),
            noticed: Timestamp::now(),
            title: article.title.clone(),
            byline: article.byline.clone(),
            published: article.published.as_ref().map(|published| published.at.clone()),
            text: text.to_owned(),
            became: None,
        }
    }

    /// A hash of what it says.
    fn hash(&self) -> String {
        let Version { article: _, noticed: _, title, byline, published, text, became: _ } = self;
        let told = serde_json::json!([title, byline, published, text]);
        blake3::hash(told.to_string().as_bytes()).to_hex().to_string()
    }

    /// True if it was changed to this one, with nothing in between that was not kept.
    pub fn is_right_before(&self, next: &Version) -> bool {
        self.became.as_ref().is_none_or(|became| *became == next.hash())
    }
}

/// The versions of one index.
#[derive(Debug, Clone)]
pub struct Versions(UserFiles);

impl Versions {
    /// Those of the index in `dir`.
    pub fn of(dir: &Path) -> Self {
        Versions::among(UserFiles::of(dir))
    }

    /// Those among a user's files.
    pub fn among(files: UserFiles) -> Self {
        Versions(files)
    }

    /// True if ingests keep them.
    pub fn are_kept(&self) -> Result<bool, Error> {
        Ok(self.0.records::<Setting>(SETTING)?.last().is_some_and(|setting| setting.keep))
    }

    /// Has ingests keep them, or not any more.
    pub fn keep(&self, keep: bool) -> Result<(), Error> {
        if self.are_kept()? == keep {
            return Ok(());
        }
        self.0.update(SETTING, |settings| *settings = vec![Setting { keep }])
    }

    /// Adds versions, but for those that are the last of their article already: a run that was killed may have kept them.
    pub fn add(&self, versions: Vec<Version>) -> Result<(), Error> {
        let mut files: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        for version in versions {
            files.entry(file(&version.article)).or_default().push(version);
        }
        for (file, versions) in files {
            self.0.update(&file, |all: &mut Vec<Version>| {
                for version in versions {
                    let last = all.iter().rfind(|known| known.article == version.article);
                    if last.is_none_or(|last| last.hash() != version.hash()) {
                        all.push(version);
                    }
                }
            })?;
        }
        Ok(())
    }

    /// Those of an article, the oldest first.
    pub fn of_article(&self, id: &str) -> Result<Vec<Version>, Error> {
        let mut versions: Vec<Version> = self.0.records(&file(id))?;
        versions.retain(|version| version.article == id);
        Ok(versions)
    }

    /// The ids of all articles that have any.
    pub fn articles(&self) -> Result<BTreeSet<String>, Error> {
        let mut articles = BTreeSet::new();
        for number in 0..FILES {
            let versions: Vec<Version> = self.0.records(&name(number))?;
            articles.extend(versions.into_iter().map(|version| version.article));
        }
        Ok(articles)
    }

    /// Gives those of articles the ids that `new` maps theirs to.
    pub fn rename(&self, new: impl Fn(&str) -> Option<String>) -> Result<(), Error> {
        for id in self.articles()? {
            let Some(new) = new(&id) else { continue };
            let moved = self.forget(&id)?.into_iter();
            self.add(moved.map(|version| Version { article: new.clone(), ..version }).collect())?;
        }
        Ok(())
    }

    /// Forgets those of an article, and gives them.
    pub fn forget(&self, id: &str) -> Result<Vec<Version>, Error> {
        let forgotten = self.of_article(id)?;
        if !forgotten.is_empty() {
            self.0.update(&file(id), |all: &mut Vec<Version>| all.retain(|version| version.article != id))?;
        }
        Ok(forgotten)
    }
}

/// The file of an article.
fn file(id: &str) -> String {
    name(Key::of(id).0 % FILES)
}

fn name(number: u64) -> String {
    format!("versions-{number:02}.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(article: &str, text: &str) -> Version {
        Version::of(&Meta { id: article.to_owned(), ..Meta::default() }, text)
    }

    #[test]
    fn versions_are_kept_by_article_and_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let versions = Versions::of(dir.path());
        assert!(!versions.are_kept().unwrap() && versions.articles().unwrap().is_empty());
        versions.keep(true).unwrap();
        assert!(versions.are_kept().unwrap());
        let texts = |id: &str| -> Vec<String> {
            versions.of_article(id).unwrap().into_iter().map(|version| version.text).collect()
        };
        versions.add((0..40).map(|n| version(&format!("{n}"), "first")).collect()).unwrap();
        versions.add(vec![version("7", "first"), version("7", "second"), version("7", "first")]).unwrap();
        assert_eq!(texts("7"), ["first", "second", "first"]);
        assert_eq!(versions.articles().unwrap().len(), 40);
        assert_eq!(versions.forget("7").unwrap().len(), 3);
        assert!(texts("7").is_empty() && versions.articles().unwrap().len() == 39);
        let mut found = Vec::new();
        UserFiles::of(dir.path()).check(&mut |error| found.push(error.to_string()));
        assert_eq!(found, Vec::<String>::new());
        versions.keep(false).unwrap();
        assert!(!versions.are_kept().unwrap());
    }
}

//! Corrections: speakers that people gave quotations, in `corrections.toml` in the user's half of the index folder.
//!
//! ```toml
//! [[correction]]
//! article = "news/ferry.txt"
//! speaker = "Lena Ode"              # left out: nobody known
//! quote = { exact = "“We will not pay,”", prefix = "", suffix = " Ode said." }
//! ```
//!
//! They are part of what an article is indexed as, so that an ingest keeps them, and every search sees them.

use serde::{Deserialize, Serialize};

use crate::analysis::Analysis;
use crate::article::Article;
use crate::quote::Attribution;
use crate::text::normal::folded;
use crate::text::{CodePoints, Span, TextQuote};
use crate::user::{self, CORRECTIONS, UserFiles};

/// The speaker of a quotation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Id of the article.
    pub article: String,
    /// Who said it; none where that is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// The words of the quotation.
    pub quote: TextQuote,
}

/// All corrections of an index.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    #[serde(default, rename = "correction")]
    list: Vec<Correction>,
}

impl Corrections {
    /// Those of an index folder.
    pub fn read(files: &UserFiles) -> Result<Self, user::Error> {
        parse(files, files.text(CORRECTIONS)?)
    }

    /// Adds a correction in place of an earlier one of the same quotation.
    pub fn add(files: &UserFiles, correction: Correction) -> Result<(), user::Error> {
        change(files, |list| {
            list.retain(|other| (&other.article, &other.quote) != (&correction.article, &correction.quote));
            list.push(correction);
        })
    }

    /// Gives the corrections of articles the ids that `new` maps theirs to.
    pub fn rename(files: &UserFiles, new: impl Fn(&str) -> Option<String>) -> Result<(), user::Error> {
        if Self::read(files)?.list.iter().all(|correction| new(&correction.article).is_none()) {
            return Ok(());
        }
        change(files, |list| {
            for correction in list {
                correction.article = new(&correction.article).unwrap_or_else(|| correction.article.clone());
            }
        })
    }

    /// Removes corrections; says how many.
    pub fn remove(files: &UserFiles, which: impl Fn(&Correction) -> bool) -> Result<usize, user::Error> {
        // Without corrections, no file is made.
        if Self::read(files)?.list.is_empty() {
            return Ok(0);
        }
        let mut removed = 0;
        change(files, |list| {
            removed = list.len();
            list.retain(|correction| !which(correction));
            removed -= list.len();
        })?;
        Ok(removed)
    }

    /// The corrections, in the order of the file.
    pub fn all(&self) -> &[Correction] {
        &self.list
    }

    /// Gives the quotations of an article the speakers that the user gave them.
    pub fn apply(&self, article: &Article, analysis: &mut Analysis) {
        let mut own = self.list.iter().filter(|correction| correction.article == article.meta.id).peekable();
        if own.peek().is_none() {
            return;
        }
        let points = CodePoints::new(&article.text);
        for correction in own {
            let Some(at) = correction.quote.find(&article.text) else { continue };
            let overlap = |content: &[Span]| content.iter().map(|&part| at.overlap(points.chars(part))).sum::<u32>();
            let quotations = analysis.quotations.iter_mut().filter(|quotation| overlap(&quotation.content) > 0);
            let Some(quotation) = quotations.max_by_key(|quotation| overlap(&quotation.content)) else { continue };
            // The name that the article gives in full, where it is known there.
            let fullest = |name: &String| {
                let entities = &analysis.entities.list;
                let own = folded(name);
                let known = |other: &String| folded(other) == own;
                let is_last = |other: &String| folded(other).rsplit(' ').next() == Some(own.as_str());
                let by_name = entities.iter().find(|entity| known(&entity.name) || entity.aliases.iter().any(known));
                let mut by_family = entities.iter().filter(|entity| is_last(&entity.name));
                let only = by_family.next().filter(|_| by_family.next().is_none());
                let entity = by_name.or(only);
                entity.map_or_else(|| name.clone(), |entity| entity.name.clone())
            };
            quotation.speakers = correction.speaker.iter().map(fullest).collect();
            let named = correction.speaker.is_some();
            quotation.attribution = if named { Attribution::Named } else { Attribution::Unknown };
            quotation.described &= !named;
            quotation.confidence = 1.0;
            quotation.corrected = true;
        }
    }
}

fn parse(files: &UserFiles, text: Option<String>) -> Result<Corrections, user::Error> {
    let damaged =
        |error: toml::de::Error| user::Error::Damaged { path: files.path(CORRECTIONS), what: error.to_string() };
    text.map_or_else(|| Ok(Corrections::default()), |text| toml::from_str(&text).map_err(damaged))
}

fn change(files: &UserFiles, change: impl FnOnce(&mut Vec<Correction>)) -> Result<(), user::Error> {
    files.change_text(CORRECTIONS, |text| {
        let mut corrections = parse(files, text)?;
        change(&mut corrections.list);
        let damaged =
            |error: toml::ser::Error| user::Error::Damaged { path: files.path(CORRECTIONS), what: error.to_string() };
        toml::to_string(&corrections).map_err(damaged)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analyser;
    use crate::article::Meta;

    #[test]
    fn the_speaker_is_the_one_given_by_the_name_that_the_article_has() {
        let text = "“We will not pay,” Lena Ode said.\n\n“The ferry must leave,” said Ole Berg.\n";
        let article = Article::from_plain(Meta { id: "a".to_owned(), ..Meta::default() }, text.to_owned());
        let quote =
            TextQuote { exact: "The ferry must leave".to_owned(), prefix: String::new(), suffix: String::new() };
        let speakers = |speaker: Option<&str>, id: &str| {
            let correction =
                Correction { article: id.to_owned(), speaker: speaker.map(str::to_owned), quote: quote.clone() };
            let mut analysis = Analyser::new().analyse(&article);
            Corrections { list: vec![correction] }.apply(&article, &mut analysis);
            let said: Vec<_> = analysis.quotations.iter().map(|q| (q.speakers.join(" & "), q.corrected)).collect();
            said
        };
        let pair = |speaker: &str, corrected| [("Lena Ode".to_owned(), false), (speaker.to_owned(), corrected)];
        assert_eq!(speakers(Some("ode"), "a"), pair("Lena Ode", true));
        assert_eq!(speakers(Some("Ada Finch"), "a"), pair("Ada Finch", true));
        assert_eq!(speakers(None, "a"), pair("", true));
        assert_eq!(speakers(Some("Ada Finch"), "b"), pair("Ole Berg", false));
    }
}

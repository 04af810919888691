//! A saved search: the request, how it was read, which index answered, and every hit by its place and words.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::vocabulary::Vocabulary;
use crate::query::Thesaurus;
use crate::search::{Expansion, Hit, IndexInfo, Request, Response};

/// A search that can be repeated and compared.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SearchManifest {
    /// Version of onrecord that wrote it.
    onrecord: String,
    /// When it was written, ISO 8601 in UTC.
    written: String,
    /// The request.
    pub(super) request: Request,
    /// Digest of the built-in thesaurus; none in manifests of old.
    #[serde(default)]
    thesaurus: Option<String>,
    /// The synonyms and names that were given with it, in full.
    #[serde(default)]
    pub(super) vocabulary: Vocabulary,
    /// How it was understood.
    read_as: String,
    /// Variants that were searched for as well.
    expansions: Vec<Expansion>,
    /// All hits there were.
    pub(super) total: u64,
    /// Which index answered.
    pub(super) index: IndexInfo,
    /// Every hit, printed or not.
    hits: Vec<RecordedHit>,
}

/// A hit by its place and words.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct RecordedHit {
    /// Id of its article.
    pub(super) article: String,
    /// Number of its paragraph, from 0.
    pub(super) paragraph: u32,
    /// First code point.
    start: u32,
    /// The code point after the last.
    end: u32,
    /// The first half of the BLAKE3 hash of its text, in hexadecimal.
    text: String,
}

/// Hits of two runs are the same if article and words are: offsets move when an article is corrected.
pub(super) type Identity = (String, String);

impl SearchManifest {
    /// The search just answered, its hits still to be added.
    pub(super) fn of(request: &Request, vocabulary: Vocabulary, answer: &Response) -> Self {
        SearchManifest {
            onrecord: env!("CARGO_PKG_VERSION").to_owned(),
            written: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            request: request.clone(),
            thesaurus: Some(Thesaurus::digest()),
            vocabulary,
            read_as: answer.read_as.clone(),
            expansions: answer.expansions.clone(),
            total: answer.total,
            index: answer.index.clone(),
            hits: Vec::new(),
        }
    }

    /// The day on which it was written, `YYYY-MM-DD`.
    pub(super) fn day(&self) -> &str {
        self.written.get(..10).unwrap_or(&self.written)
    }

    /// True if the built-in synonyms are others now than when it was written.
    pub(super) fn has_other_synonyms(&self) -> bool {
        self.request.variants.synonyms && self.thesaurus.as_ref().is_some_and(|then| *then != Thesaurus::digest())
    }

    /// Writes down one more hit.
    pub(super) fn add(&mut self, hit: &Hit) {
        self.hits.push(RecordedHit::of(hit));
    }

    /// Reads a manifest that was written before.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        serde_json::from_str(&text).with_context(|| {
            format!("`{}` is not a saved search; write one with `onrecord query … --manifest FILE`", path.display())
        })
    }

    /// Writes it, a hit a line.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        fs::write(path, text + "\n").with_context(|| format!("cannot write `{}`", path.display()))
    }

    /// Its hits; several of one identity where an article repeats itself.
    pub(super) fn hits(&self) -> HashMap<Identity, Vec<&RecordedHit>> {
        let mut hits: HashMap<Identity, Vec<&RecordedHit>> = HashMap::new();
        for mark in &self.hits {
            hits.entry(mark.identity()).or_default().push(mark);
        }
        hits
    }
}

impl RecordedHit {
    /// The mark of a hit.
    pub(super) fn of(hit: &Hit) -> Self {
        let hash = blake3::hash(hit.text.as_bytes()).to_hex();
        RecordedHit {
            article: hit.article.id.clone(),
            paragraph: hit.paragraph,
            start: hit.start,
            end: hit.end,
            text: hash.get(..32).unwrap_or_default().to_owned(),
        }
    }

    /// What it is recognised by.
    pub(super) fn identity(&self) -> Identity {
        (self.article.clone(), self.text.clone())
    }
}

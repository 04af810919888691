//! What a cluster keeps beside the articles: the last commit, files, and who writes.
//!
//! | index | holds |
//! |---|---|
//! | `NAME-articles` | a nested document an article |
//! | `NAME-files` | the manifest, the counts of the corpus, its sources and near-duplicates, in pieces |
//! | `NAME-user` | what people made, a document a file |
//! | `NAME-meta` | the last commit, and the writer's lease |

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::client::Client;
use super::error::ClusterError;
use crate::index::nested::mapped;
use crate::index::schema::VERSION;
use crate::index::{CorpusStatistics, State};

/// Version of the mapping, and of all that is kept beside the articles. The format of the articles has its own.
const FORMAT: u32 = 300 + VERSION;

/// Bytes of a file in one document.
const PIECE: usize = 4 << 20;

/// The last commit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Commit {
    pub(super) format: u32,
    /// Articles count that were born in this generation or before.
    pub(super) generation: u64,
    /// What the commit says of the articles.
    pub(super) state: State,
    /// Documents that count no more and may still be there.
    pub(super) dead: Vec<String>,
    /// The file with the counts of the corpus.
    pub(super) counts: Option<String>,
    /// The file with what is known of the sources; none between the commits of one run, which may have read others since.
    pub(super) sources: Option<String>,
    /// The file with the groups of near-duplicates: of the last run, between the commits of one.
    pub(super) duplicates: Option<String>,
    /// Chosen anew by each writer, so that the commit of one that lost its lease is refused.
    pub(super) writer: String,
}

/// A document with a part of a file.
#[derive(Serialize, Deserialize)]
struct Piece<'a> {
    #[serde(borrow)]
    data: Cow<'a, str>,
    last: bool,
}

/// A document's version: writing it fails if it was written since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DocumentVersion {
    number: u64,
    term: u64,
}

impl DocumentVersion {
    /// That of an answer.
    pub(super) fn of(answer: &Value) -> Option<Self> {
        let number = |name: &str| answer.get(name).and_then(Value::as_u64);
        Some(DocumentVersion { number: number("_seq_no")?, term: number("_primary_term")? })
    }

    fn condition(self) -> String {
        format!("if_seq_no={}&if_primary_term={}", self.number, self.term)
    }
}

/// What is kept beside the articles.
#[derive(Debug, Clone)]
pub(super) struct Store {
    pub(super) client: Client,
}

impl Store {
    /// Makes the indices that are not there yet.
    pub(super) fn create(&self) -> Result<(), ClusterError> {
        for (what, body) in [("articles", articles()), ("files", blobs()), ("user", blobs()), ("meta", unmapped())] {
            self.client.put(&self.client.index(what), &body)?;
        }
        Ok(())
    }

    /// The last commit and its version; none if there is no index.
    pub(super) fn commit(&self) -> Result<Option<(Commit, DocumentVersion)>, ClusterError> {
        let path = format!("{}/_doc/commit", self.client.index("meta"));
        let Some(found) = self.client.document(&path)? else { return Ok(None) };
        let source = found.get("_source").ok_or_else(|| self.client.damaged("its commit is empty"))?;
        let format = source.get("format").and_then(Value::as_u64).unwrap_or_default() as u32;
        if format != FORMAT {
            return Err(ClusterError::Format { url: self.client.shown(), found: format, needed: FORMAT });
        }
        let commit = Commit::deserialize(source).map_err(|error| self.client.damaged(error))?;
        let version = DocumentVersion::of(&found).ok_or_else(|| self.client.damaged("its commit has no version"))?;
        Ok(Some((commit, version)))
    }

    /// Puts a commit in place of the one with this version, or where there was none.
    pub(super) fn replace(
        &self,
        commit: &Commit,
        before: Option<DocumentVersion>,
    ) -> Result<DocumentVersion, ClusterError> {
        self.compare_and_set("commit", &json!(commit), before)?
            .ok_or_else(|| ClusterError::Replaced { url: self.client.shown() })
    }

    /// Writes a document of `meta` in place of that with this version; none if it was written since.
    pub(super) fn compare_and_set(
        &self,
        id: &str,
        body: &Value,
        before: Option<DocumentVersion>,
    ) -> Result<Option<DocumentVersion>, ClusterError> {
        let meta = self.client.index("meta");
        let path = match before {
            Some(version) => format!("{meta}/_doc/{id}?refresh=true&{}", version.condition()),
            None => format!("{meta}/_create/{id}?refresh=true"),
        };
        Ok(self.client.put(&path, body)?.as_ref().and_then(DocumentVersion::of))
    }

    /// Reads a file.
    pub(super) fn file(&self, name: &str) -> Result<Vec<u8>, ClusterError> {
        let missing = || self.client.damaged(format_args!("its file {name} is missing"));
        let mut packed = Vec::new();
        for piece in 0.. {
            let path = format!("{}/_source/{name}.{piece}", self.client.index("files"));
            let found = self.client.bytes(&path)?.ok_or_else(missing)?;
            let piece: Piece = serde_json::from_slice(&found).map_err(|_| missing())?;
            BASE64.decode_vec(piece.data.as_bytes(), &mut packed).map_err(|_| missing())?;
            if piece.last {
                break;
            }
        }
        let mut bytes = Vec::with_capacity(packed.len().saturating_mul(3));
        zstd::stream::copy_decode(packed.as_slice(), &mut bytes).map_err(|_| missing())?;
        Ok(bytes)
    }

    /// Writes a file. It is read once a commit names it.
    pub(super) fn write_file(&self, name: &str, bytes: &[u8]) -> Result<(), ClusterError> {
        let packed = zstd::encode_all(bytes, 3).unwrap_or_default();
        let pieces: Vec<&[u8]> = packed.chunks(PIECE).collect();
        for (number, piece) in pieces.iter().enumerate() {
            let body = json!(Piece { data: BASE64.encode(piece).into(), last: number + 1 == pieces.len() });
            self.client.put(&format!("{}/_doc/{name}.{number}", self.client.index("files")), &body)?;
        }
        Ok(())
    }

    /// Deletes the files that no commit names any more.
    pub(super) fn delete_files_but(&self, named: &[&str]) -> Result<(), ClusterError> {
        let files = self.client.index("files");
        self.client.lines(&format!("{files}/_refresh"), b"")?;
        let all: Value = self.client.post(
            &format!("{files}/_search"),
            &json!({ "size": 10_000, "_source": false, "query": { "match_all": {} } }),
        )?;
        let ids = all.pointer("/hits/hits").and_then(Value::as_array).into_iter().flatten();
        let ids = ids.filter_map(|hit| hit.get("_id").and_then(Value::as_str));
        let stale = ids.filter(|id| !named.contains(&id.rsplit_once('.').map_or(*id, |(name, _)| name)));
        let mut lines = String::new();
        for id in stale {
            lines.push_str(&json!({ "delete": { "_id": id } }).to_string());
            lines.push('\n');
        }
        if !lines.is_empty() {
            self.client.lines(&format!("{files}/_bulk"), lines.as_bytes())?;
        }
        Ok(())
    }

    /// The corpus of a commit.
    pub(super) fn corpus(&self, commit: &Commit) -> Result<CorpusStatistics, ClusterError> {
        let corpus = match &commit.counts {
            None => CorpusStatistics::default(),
            Some(name) => CorpusStatistics::decode(&self.file(name)?)
                .map_err(|error| self.client.damaged(format_args!("its file {name}: {error}")))?,
        };
        Ok(corpus.with_state(commit.state.clone()))
    }
}

impl Commit {
    /// All of its files.
    pub(super) fn files(&self) -> impl Iterator<Item = &String> {
        self.state.manifest.iter().chain(&self.counts).chain(&self.sources).chain(&self.duplicates)
    }

    /// The first one, of nothing.
    pub(super) fn first(state: State) -> Self {
        Commit {
            format: FORMAT,
            generation: 0,
            state,
            dead: Vec::new(),
            counts: None,
            sources: None,
            duplicates: None,
            writer: String::new(),
        }
    }

    /// A filter for what counts.
    pub(super) fn filter(&self) -> Value {
        let born = json!({ "range": { "born": { "lte": self.generation } } });
        if self.dead.is_empty() {
            return born;
        }
        json!({ "bool": { "filter": [born], "must_not": [{ "ids": { "values": self.dead } }] } })
    }
}

/// Settings and mapping of the articles.
fn articles() -> Value {
    let texts = mapped().into_iter().map(|(name, has_terms)| {
        let kind = if has_terms {
            json!({ "type": "text", "analyzer": "terms", "norms": false, "index_options": "docs" })
        } else {
            json!({ "type": "keyword", "doc_values": false })
        };
        (name, kind)
    });
    let mut article: serde_json::Map<String, Value> = texts.collect();
    article.insert("group".to_owned(), json!({ "type": "long", "doc_values": false }));
    let (passage, quote) = (article.clone(), article.clone());
    let with = |mut properties: serde_json::Map<String, Value>, more: Value| {
        properties.extend(more.as_object().cloned().unwrap_or_default());
        Value::Object(properties)
    };
    let quote = with(quote, json!({ "confidence": { "type": "long" } }));
    let passage = with(passage, json!({ "q": { "type": "nested", "dynamic": "strict", "properties": quote } }));
    let article = with(
        article,
        json!({
            "number": { "type": "long" },
            "key": { "type": "keyword", "doc_values": false },
            "born": { "type": "long" },
            "day": { "type": "long" },
            "names": { "type": "keyword", "doc_values": false },
            "block": { "type": "binary", "store": true },
            "p": { "type": "nested", "dynamic": "strict", "properties": passage },
        }),
    );
    json!({
        "settings": {
            "index.refresh_interval": "-1",
            "index.mapping.nested_objects.limit": 100_000,
            "index.max_terms_count": 65_536,
            "index.auto_expand_replicas": "0-1",
            "analysis": {
                "tokenizer": { "terms": { "type": "whitespace", "max_token_length": 65_535 } },
                "analyzer": { "terms": { "type": "custom", "tokenizer": "terms" } },
            },
        },
        "mappings": { "dynamic": "strict", "_source": { "enabled": false }, "properties": article },
    })
}

/// Those of files.
fn blobs() -> Value {
    json!({
        "settings": { "index.number_of_shards": 1, "index.auto_expand_replicas": "0-1" },
        "mappings": { "dynamic": "strict", "properties": {
            "data": { "type": "binary" },
            "last": { "type": "boolean", "index": false },
        } },
    })
}

/// Those of what is looked up by its id alone.
fn unmapped() -> Value {
    json!({
        "settings": { "index.number_of_shards": 1, "index.auto_expand_replicas": "0-1" },
        "mappings": { "dynamic": false },
    })
}

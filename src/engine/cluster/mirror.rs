//! What people made: kept in `NAME-user`, a document a file, with copies on this machine.

use std::any::Any;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::client::Client;
use super::error::ClusterError;
use super::lease::{FILES, Lease};
use super::store::{DocumentVersion, Store};
use crate::groups::GROUPS;
use crate::index::derived;
use crate::user::{self, ALIASES, Cause, FOLDER, SYNONYMS, SharedFiles, UserFiles};

/// A folder on this machine with copies of what a cluster keeps in files; it goes when it is dropped.
#[derive(Debug, Clone)]
pub struct Mirror {
    store: Store,
    folder: Arc<TempDir>,
    /// The version of each file that was copied.
    copied: Arc<Mutex<BTreeMap<String, DocumentVersion>>>,
}

impl Mirror {
    /// Copies the user's files.
    pub fn open(client: &Client) -> Result<Self, ClusterError> {
        let folder = tempfile::tempdir().map_err(no_folder)?;
        std::fs::create_dir_all(derived(folder.path())).map_err(no_folder)?;
        std::fs::create_dir_all(folder.path().join(FOLDER)).map_err(no_folder)?;
        let store = Store { client: client.clone() };
        let mirror = Mirror { store, folder: Arc::new(folder), copied: Arc::default() };
        mirror.update()?;
        Ok(mirror)
    }

    /// The folder: it has the shape of an index, with the user's files.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The user's files: what is written to them goes to the cluster as well.
    pub fn user_files(&self) -> UserFiles {
        UserFiles::copies(self.path(), Arc::new(self.clone()))
    }

    /// Where the manifest is.
    pub(super) fn derived(&self) -> PathBuf {
        derived(self.path())
    }

    fn user_file(&self, name: &str) -> PathBuf {
        self.path().join(FOLDER).join(name)
    }

    fn document(&self, name: &str) -> String {
        format!("{}/_doc/{name}", self.store.client.index("user"))
    }

    /// Copies the user's files that changed in the cluster.
    pub fn update(&self) -> Result<(), ClusterError> {
        let client = &self.store.client;
        // One at a time, as each file is written by renaming.
        let mut copied = self.copied.lock().unwrap_or_else(PoisonError::into_inner);
        let is_first = copied.is_empty();
        let all =
            json!({ "size": 10_000, "_source": is_first, "seq_no_primary_term": true, "query": { "match_all": {} } });
        let options = "allow_partial_search_results=false&ignore_unavailable=true";
        let all: Value = client.post(&format!("{}/_search?{options}", client.index("user")), &all)?;
        for hit in all.pointer("/hits/hits").and_then(Value::as_array).into_iter().flatten() {
            let name = hit.get("_id").and_then(Value::as_str).filter(|name| !name.contains('/'));
            let Some((name, version)) = name.zip(DocumentVersion::of(hit)) else { continue };
            if copied.get(name).is_some_and(|known| *known == version) {
                continue;
            }
            let read = if hit.get("_source").is_none() { client.document(&self.document(name))? } else { None };
            let found = read.as_ref().unwrap_or(hit);
            let data = found.pointer("/_source/data").and_then(Value::as_str).and_then(|data| BASE64.decode(data).ok());
            let (Some(data), Some(version)) = (data, DocumentVersion::of(found)) else { continue };
            let begun = self.user_file(&format!(".{name}.copy"));
            std::fs::write(&begun, &data)
                .and_then(|()| std::fs::rename(&begun, self.user_file(name)))
                .map_err(no_folder)?;
            copied.insert(name.to_owned(), version);
        }
        Ok(())
    }

    /// Takes the files that people edit by hand from where they did.
    pub fn take_edited(&self, from: &UserFiles) -> Result<(), user::Error> {
        for name in [ALIASES, SYNONYMS, GROUPS] {
            if let Some(text) = from.text(name)?
                && self.user_files().text(name)?.as_ref() != Some(&text)
            {
                self.user_files().replace(name, &text)?;
            }
        }
        Ok(())
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ClusterError> {
        let path = format!("{}?refresh=true", self.document(name));
        let answer = self.store.client.put(&path, &json!({ "data": BASE64.encode(bytes) }))?;
        if let Some(version) = answer.as_ref().and_then(DocumentVersion::of) {
            let mut copied = self.copied.lock().unwrap_or_else(PoisonError::into_inner);
            copied.insert(name.to_owned(), version);
        }
        Ok(())
    }
}

impl SharedFiles for Mirror {
    fn lock(&self) -> Result<Box<dyn Any>, Cause> {
        if self.store.client.document(&self.store.client.index("user"))?.is_none() {
            self.store.create()?;
        }
        let lease = Lease::take(&self.store, FILES, true)?;
        self.update()?;
        Ok(Box::new(lease))
    }

    fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), Cause> {
        Ok(self.put(name, bytes)?)
    }
}

/// Why a temporary folder cannot be used.
pub(super) fn no_folder(source: io::Error) -> ClusterError {
    ClusterError::File { path: "the temporary folder".to_owned(), variable: "TMPDIR", source }
}

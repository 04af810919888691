//! One writer at a time: a document that says who writes, and until when.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::ClusterError;
use super::store::{DocumentVersion, Store};

/// The document in `meta` of who writes articles.
pub(super) const ARTICLES: &str = "lease";

/// That of who writes the user's files.
pub(super) const FILES: &str = "user-lease";

/// How long a lease holds, and how often it is renewed: a writer that dies elsewhere is waited for so long.
const HOLDS: i64 = 60;
const RENEWED_EVERY: Duration = Duration::from_secs(15);

/// The lease of one writer; it ends when it is dropped.
pub(super) struct Lease {
    lost: Arc<AtomicBool>,
    stop: Option<Sender<()>>,
    renewal: Option<JoinHandle<()>>,
}

/// Who holds a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    host: String,
    process: u32,
    /// Seconds since 1970.
    until: i64,
}

impl Holder {
    fn this(until: i64) -> Self {
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default().trim().to_owned();
        Holder { host, process: std::process::id(), until }
    }

    /// True if other writers need not wait for it: its time is over, or its process on this machine is gone.
    fn is_over(&self) -> bool {
        let here = Holder::this(0).host;
        let is_dead = !here.is_empty()
            && self.host == here
            && Path::new("/proc/self").exists()
            && !Path::new(&format!("/proc/{}", self.process)).exists();
        self.until < Timestamp::now().as_second() || is_dead
    }
}

impl Lease {
    /// Takes the lease that a document holds; waits for another writer, or fails.
    pub(super) fn take(store: &Store, document: &'static str, wait: bool) -> Result<Self, ClusterError> {
        loop {
            let found = store.client.document(&format!("{}/_doc/{document}", store.client.index("meta")))?;
            let version = found.as_ref().and_then(DocumentVersion::of);
            let holder = found.as_ref().and_then(|found| Holder::deserialize(found.get("_source")?).ok());
            if holder.as_ref().is_none_or(Holder::is_over)
                && let Some(version) = store.compare_and_set(document, &renewed(), version)?
            {
                return Ok(Self::kept(store.clone(), document, version));
            }
            if !wait {
                let holder = holder.map_or("another onrecord".to_owned(), |holder| {
                    format!("another onrecord (process {} on {})", holder.process, holder.host)
                });
                return Err(ClusterError::Locked { url: store.client.shown(), holder });
            }
            std::thread::sleep(Duration::from_secs(1));
        }
    }

    /// Renews it from now on.
    fn kept(store: Store, document: &'static str, mut version: DocumentVersion) -> Self {
        let lost = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = bounded::<()>(0);
        let flag = Arc::clone(&lost);
        let renewal = std::thread::spawn(move || {
            let mut renewed_at = Timestamp::now();
            while stopped.recv_timeout(RENEWED_EVERY).is_err_and(|ended| ended.is_timeout()) {
                match store.compare_and_set(document, &renewed(), Some(version)) {
                    Ok(Some(now)) => (version, renewed_at) = (now, Timestamp::now()),
                    Ok(None) => flag.store(true, Ordering::Relaxed),
                    Err(error) => {
                        tracing::debug!(%error, "the lease is not renewed");
                        let age = Timestamp::now().as_second() - renewed_at.as_second();
                        flag.fetch_or(age >= HOLDS, Ordering::Relaxed);
                    }
                }
            }
            // If it cannot be given back, it ends by itself.
            let _ = store.compare_and_set(document, &json!(Holder::this(0)), Some(version));
        });
        Lease { lost, stop: Some(stop), renewal: Some(renewal) }
    }

    /// True if another writer may have taken over.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(renewal) = self.renewal.take() {
            let _ = renewal.join();
        }
    }
}

fn renewed() -> Value {
    json!(Holder::this(Timestamp::now().as_second() + HOLDS))
}

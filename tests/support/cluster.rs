//! The same articles in a cluster, where `ONRECORD_TEST_ENGINE` names one: every question is then put to both engines.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use onrecord::engine::Error;
use onrecord::engine::cluster::{Client, Cluster, Committed, Credentials, Mirror, Writer};
use onrecord::index::{Paths, Sink};
use onrecord::ingest::{self, Options, Summary, Target};
use onrecord::search::{Backend, Hit, IndexInfo, Request, Response};

/// An index in a cluster.
pub(crate) struct Remote {
    pub(crate) client: Client,
    paths: Paths,
}

impl Remote {
    /// A new one; none where the variable is not set, which CI does not allow. `dir` is where the index on this machine
    /// is.
    pub(crate) fn new(dir: &Path) -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let Ok(engine) = std::env::var("ONRECORD_TEST_ENGINE") else {
            assert!(
                std::env::var_os("CI").is_none(),
                "ONRECORD_TEST_ENGINE must name a cluster: use tests/cluster/opensearch"
            );
            return None;
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let url = format!("{engine}/test-{}-{number}", std::process::id());
        let client = Client::open(&url, Credentials::from_variables().unwrap()).unwrap();
        Some(Remote { client, paths: Paths::new(dir) })
    }

    /// Brings it up to date.
    pub(crate) fn ingest(&self, paths: &[PathBuf], options: &Options) -> Summary {
        let mirror = Mirror::open(&self.client).unwrap();
        let writer = Writer::open(&self.client, &mirror, false).unwrap();
        let manifest = writer.manifest();
        let sink: (Option<Box<dyn Sink>>, _) = (Some(Box::new(writer)), manifest);
        let target = Target { dir: mirror.path(), names: self.paths.clone(), files: mirror.user_files() };
        let (present, stop) = (Committed::of(&self.client), AtomicBool::new(false));
        ingest::ingest_into(sink, target, &present, paths, options, &stop, &mut ()).unwrap()
    }

    /// Opens it.
    pub(crate) fn open(&self) -> Cluster {
        Cluster::open(&self.client, self.paths.clone(), Ok::<_, Error>).unwrap()
    }
}

/// Asserts that both engines answer alike, to the last hit.
#[track_caller]
pub(crate) fn compare(engine: &dyn Backend, cluster: &dyn Backend, request: &Request) {
    let [here, there] = [engine, cluster].map(|engine| answer(engine, request));
    assert_eq!(here.0, there.0, "{request:?}");
    for (here, there) in here.1.iter().zip(&there.1) {
        assert_eq!(here, there, "{request:?}");
    }
    assert_eq!(here.1.len(), there.1.len(), "{request:?}");
}

fn answer(engine: &dyn Backend, request: &Request) -> (Response, Vec<Hit>) {
    let mut results = engine.all_results(request).unwrap();
    // Scores differ once something was deleted, as an index on this machine counts that until it merges.
    let plain = |hit: Hit| {
        let mut plain = Hit { score: 0.0, ..hit };
        // The two ingests read a file one after the other.
        if let Some(custody) = &mut plain.article.custody {
            custody.read_at.clear();
        }
        plain
    };
    let hits = results.by_ref().map(Result::unwrap).map(plain).collect();
    // The digest of some collections is that of a commit.
    let index = IndexInfo { digest: String::new(), ..engine.info() };
    (Response { took_ms: 0, suggestions: Vec::new(), index, ..results.response().clone() }, hits)
}

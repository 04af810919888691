//! The page and the API: a request becomes the same [`search::Request`](crate::search::Request) that the command line
//! makes, and an answer is the same [`search::Response`](crate::search::Response). Nothing is decided here but who may
//! ask, how much at a time, and how an answer looks.
//!
//! | file | what it does |
//! |---|---|
//! | `listen` | connections: how many, how long, how they end |
//! | `router` | every address |
//! | `admission` | what every request and every answer passes |
//! | `access` | hosts, origins, tokens |
//! | `request` | the body, the address and the index that a request is about |
//! | `pool` | bounded blocking work |
//! | `cache` | answers that were given before |
//! | `state`, `keys` | the index as one commit left it; articles by the keys that addresses have |
//! | `searches` | saved searches |
//! | `search_params`, `claim` | a search, and words to check, as an address says them |
//! | `api` | JSON, NDJSON, Atom, and files in every export format |
//! | `page` | the screens |
//! | `mcp` | the same searches for an assistant |
//! | `chart` | the timeline of the screens |
//! | `failure`, `metrics`, `assets` | errors, counts, style and script |

mod access;
mod admission;
mod api;
mod assets;
mod cache;
mod chart;
mod claim;
mod failure;
mod keys;
mod listen;
#[cfg(feature = "mcp")]
mod mcp;
mod metrics;
mod page;
mod pool;
mod request;
mod router;
mod search_params;
mod searches;
mod state;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

pub use access::{TokenError, Tokens};
#[cfg(feature = "mcp")]
pub use mcp::{McpError, serve_assistant};
pub use state::{Cause, Opened, Source};

use access::Access;
use router::router;
use state::Server;

/// How often the server looks for a new commit of the index.
const LOOK: Duration = Duration::from_secs(2);

/// How long nobody asks before articles are read more deeply.
const IDLE: Duration = Duration::from_secs(5);

/// How often the server looks whether there are such articles, once there were none.
const LOOK_DEEPER: Duration = Duration::from_mins(1);

/// How the server is set up.
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// Who may ask; anybody where there is none.
    pub tokens: Option<Tokens>,
    /// Names that it answers for besides its own address.
    pub hosts: Vec<String>,
    /// Sites whose pages may use the API: `https://desk.example`.
    pub origins: Vec<String>,
    /// Proxies whose word is taken for how a client reached them.
    pub proxies: Vec<IpAddr>,
    /// How often it brings the index up to date itself.
    pub every: Option<Duration>,
    /// Whether it reads articles more deeply while nobody asks.
    pub deepens: bool,
}

/// Why the server ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The index cannot be opened.
    #[error("{0}")]
    Open(Cause),
    /// It cannot listen at the address.
    #[error("cannot listen on {address}; free the port or take another with `--address`")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The system refuses something.
    #[error("cannot serve")]
    Io(#[from] std::io::Error),
}

/// Serves until the process gets a signal to stop; `listening` is called with the address once it can be reached.
pub fn serve(
    settings: Settings,
    source: Box<dyn Source>,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.clamp(2, 4))
        .max_blocking_threads(threads + 8)
        .enable_all()
        .build()?;
    let access = Access {
        tokens: settings.tokens,
        hosts: settings.hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
        origins: settings.origins,
        is_public: !settings.address.ip().is_loopback(),
        proxies: settings.proxies,
    };
    let server = Arc::new(Server::new(source, access, threads).map_err(ServeError::Open)?);
    let ended = runtime.block_on(async {
        let failed = |source| ServeError::Listen { address: settings.address, source };
        let listener = TcpListener::bind(settings.address).await.map_err(failed)?;
        listening(listener.local_addr()?);
        let quit = Arc::new(AtomicBool::new(false));
        let keeper = keep_up_to_date(server.clone(), (settings.every, settings.deepens), quit.clone());
        let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let stopped = {
            let (server, quit) = (server.clone(), quit.clone());
            async move {
                tokio::select! {
                    _ = terminated.recv() => {}
                    _ = interrupted.recv() => {}
                }
                server.ready.store(false, Ordering::Relaxed);
                quit.store(true, Ordering::Relaxed);
            }
        };
        let metrics = server.metrics.clone();
        let ended = listen::serve(listener, router(server), metrics, stopped).await;
        quit.store(true, Ordering::Relaxed);
        if settings.every.is_some() || settings.deepens {
            // An ingest under way commits what it has.
            let _ = keeper.join();
        }
        Ok(ended?)
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

/// Takes up new commits of the index, and makes them where the server is asked to: `every` so often it brings the index up to
/// date, and where it `deepens`, it reads articles more deeply while nobody asks.
fn keep_up_to_date(
    server: Arc<Server>,
    (every, deepens): (Option<Duration>, bool),
    quit: Arc<AtomicBool>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut updated = Instant::now();
        let mut looked = Instant::now();
        let mut answers = 0;
        let mut deepen_at = Instant::now() + IDLE;
        while !quit.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(100));
            if every.is_some_and(|every| updated.elapsed() >= every) {
                if let Err(error) = server.source.update(&quit) {
                    tracing::warn!(error, "cannot bring the index up to date; the server goes on with what it has");
                }
                updated = Instant::now();
            }
            let answered = server.metrics.answers();
            if std::mem::replace(&mut answers, answered) != answered {
                deepen_at = deepen_at.max(Instant::now() + IDLE);
            }
            if deepens && Instant::now() >= deepen_at {
                let more = server.source.deepen(&quit).unwrap_or_else(|error| {
                    tracing::warn!(error, "cannot read articles more carefully; the server goes on with what it has");
                    false
                });
                deepen_at = if more { Instant::now() } else { Instant::now() + LOOK_DEEPER };
            }
            if looked.elapsed() >= LOOK {
                if let Err(error) = server.reload() {
                    tracing::warn!(error, "cannot open the index anew; the server goes on with what it has");
                }
                looked = Instant::now();
            }
        }
    })
}

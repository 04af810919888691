//! Connections: how many there may be, how long they may take, and how they end.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tower_service::Service as _;

use super::metrics::Metrics;

/// How long a client may take to send the head of a request.
const FOR_HEADERS: Duration = Duration::from_secs(10);

/// Bytes that the head of a request may have.
const HEAD: usize = 64 << 10;

/// How long requests under way may take once the server is asked to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Connections that may be open; past that, the one that has been idle longest is closed for a new one.
const CONNECTIONS: usize = 700;

/// Where a request came from and where it arrived.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) peer: SocketAddr,
    pub(super) local: SocketAddr,
}

/// The connections that are open, the oldest first.
#[derive(Default)]
struct Open {
    next: AtomicU64,
    connections: Mutex<BTreeMap<u64, Connection>>,
}

#[derive(Clone, Default)]
struct Connection {
    /// Whether a request is being answered.
    is_busy: Arc<AtomicBool>,
    close: Arc<Notify>,
}

impl Open {
    /// Enters a connection, and closes the oldest idle one where there are too many; none where all are busy.
    fn enter(&self, metrics: &Metrics) -> Option<(u64, Connection)> {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        if connections.len() >= CONNECTIONS {
            let idle = connections.iter().find(|(_, one)| !one.is_busy.load(Ordering::Relaxed)).map(|(&id, _)| id);
            let closed = connections.remove(&idle?)?;
            closed.close.notify_one();
            metrics.evicted.fetch_add(1, Ordering::Relaxed);
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let connection = Connection::default();
        connections.insert(id, connection.clone());
        Some((id, connection))
    }

    fn leave(&self, id: u64) {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

/// Serves until `stop`, then finishes what is under way, but no longer than ten seconds.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    metrics: Arc<Metrics>,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let open = Arc::new(Open::default());
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, or a client that went away: both pass.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Some((id, connection)) = open.enter(&metrics) else { continue };
        if let Some(served) = one(stream, peer, &router, &connection) {
            let watched = graceful.watch(served);
            let (open, metrics) = (open.clone(), metrics.clone());
            tokio::spawn(async move {
                metrics.connections.fetch_add(1, Ordering::Relaxed);
                tokio::select! {
                    ended = watched => {
                        if let Err(error) = ended {
                            tracing::debug!(%error, "a connection ended early");
                        }
                    }
                    () = connection.close.notified() => {}
                }
                open.leave(id);
                metrics.connections.fetch_sub(1, Ordering::Relaxed);
            });
        } else {
            open.leave(id);
        }
    }
    drop(listener);
    // Connections that do not end in time are cut off by the end of the process.
    let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
    Ok(())
}

fn one(
    stream: TcpStream,
    peer: SocketAddr,
    router: &Router,
    connection: &Connection,
) -> Option<impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send + 'static> {
    let local = stream.local_addr().ok()?;
    // Answers are written whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let ends = Ends { peer, local };
    let is_busy = connection.is_busy.clone();
    let router = router.clone();
    let service = hyper::service::service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ends);
        let is_busy = is_busy.clone();
        let mut router = router.clone();
        async move {
            is_busy.store(true, Ordering::Relaxed);
            let answer = router.call(request).await;
            is_busy.store(false, Ordering::Relaxed);
            answer
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(FOR_HEADERS).max_buf_size(HEAD).half_close(false);
    Some(http.serve_connection(TokioIo::new(stream), service))
}

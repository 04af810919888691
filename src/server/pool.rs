//! A bounded pool for work that blocks: so many pieces at a time, so many waiting, and the rest is refused at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::failure::Failure;
use crate::search::Deadline;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(20);

/// Runs blocking work on a few threads.
pub(super) struct Pool {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Requests that may wait.
    queue: usize,
}

/// Sets a flag when it is dropped: with the future of a request whose client has gone away.
pub(super) struct OnDrop(Arc<AtomicBool>);

impl OnDrop {
    /// A guard, and a deadline that also comes when the guard is dropped.
    pub(super) fn with(deadline: Deadline) -> (Self, Deadline) {
        let flag = Arc::new(AtomicBool::new(false));
        (OnDrop(flag.clone()), deadline.or_cancelled(flag))
    }
}

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Counts a waiting request for as long as it waits.
struct Waiting<'p>(&'p AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Pool {
    /// A pool of `threads`, for which at most `queue` requests wait.
    pub(super) fn new(threads: usize, queue: usize) -> Self {
        Pool { turns: Arc::new(Semaphore::new(threads.max(1))), waiting: AtomicUsize::new(0), queue }
    }

    /// Requests that wait for their turn.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Runs `work` when its turn has come. What it is given stops it when it takes too long, or when its client goes away.
    pub(super) async fn run<T, W>(&self, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(Deadline) -> Result<T, Failure> + Send + 'static,
    {
        let turn = self.turn().await?;
        let (guard, deadline) = OnDrop::with(Deadline::after(LIMIT));
        let done = tokio::task::spawn_blocking(move || {
            let done = work(deadline);
            drop(turn);
            done
        });
        let done = done.await;
        drop(guard);
        done.unwrap_or_else(|_| Err(Failure::internal("the request could not be answered; the server's log says why")))
    }

    /// Waits for a turn: work may be done until it is dropped.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, Failure> {
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.queue {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Failure::busy());
        }
        let _waiting = Waiting(&self.waiting);
        match tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(Failure::busy()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap()
    }

    #[test]
    fn what_exceeds_the_queue_is_refused_at_once() {
        runtime().block_on(async {
            let pool = Arc::new(Pool::new(1, 1));
            let (release, held) = std::sync::mpsc::channel::<()>();
            let first = tokio::spawn({
                let pool = pool.clone();
                async move { pool.run(move |_| Ok(held.recv().is_ok())).await.is_ok() }
            });
            tokio::time::sleep(Duration::from_millis(50)).await;
            let second = tokio::spawn({
                let pool = pool.clone();
                async move { pool.run(|_| Ok(())).await.is_ok() }
            });
            tokio::time::sleep(Duration::from_millis(50)).await;
            assert!(pool.run(|_| Ok(())).await.is_err());
            release.send(()).unwrap();
            assert!(first.await.unwrap() && second.await.unwrap());
            assert_eq!(pool.waiting(), 0);
        });
    }

    #[test]
    fn work_is_told_when_its_client_goes() {
        runtime().block_on(async {
            let pool = Arc::new(Pool::new(1, 1));
            let (seen, told) = std::sync::mpsc::channel();
            let request = tokio::spawn({
                let pool = pool.clone();
                async move {
                    let _: Result<(), Failure> = pool
                        .run(move |deadline| {
                            while !deadline.is_past() {
                                std::thread::sleep(Duration::from_millis(5));
                            }
                            seen.send(()).map_err(|_| Failure::busy())
                        })
                        .await;
                }
            });
            tokio::time::sleep(Duration::from_millis(50)).await;
            request.abort();
            assert!(told.recv_timeout(Duration::from_secs(5)).is_ok());
        });
    }
}

//! Answers of any size, written while they are read.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body::{Body as HttpBody, Frame};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::super::failure::Failure;
use super::super::pool::OnDrop;
use super::super::state::Server;
use crate::search::Deadline;

/// Bytes that are sent at a time.
const CHUNK: usize = 32 << 10;

/// How long a client may leave a chunk unread.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long an answer may take in all.
const LIMIT: Duration = Duration::from_mins(30);

/// Takes the bytes of an answer; what is written fails once the client is gone.
pub(super) struct Writer {
    chunk: Vec<u8>,
    chunks: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
}

impl Writer {
    fn send(&mut self) -> io::Result<()> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let chunk = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK));
        let sent =
            self.runtime.block_on(async { tokio::time::timeout(PATIENCE, self.chunks.send(Ok(chunk.into()))).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.chunk.extend_from_slice(bytes);
        if self.chunk.len() >= CHUNK {
            self.send()?;
        }
        Ok(bytes.len())
    }

    /// Sends what there is; only the end of an answer is worth a small chunk.
    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

/// What a client reads. When it is dropped, the work stops.
struct Chunks {
    received: mpsc::Receiver<io::Result<Bytes>>,
    _guard: OnDrop,
}

impl HttpBody for Chunks {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.received.poll_recv(context).map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }
}

/// Says that an answer begins.
pub(super) struct Begin(Mutex<Option<Waiting>>);

/// The channel to a request that waits for its answer to begin.
type Waiting = oneshot::Sender<Result<(), Failure>>;

impl Begin {
    /// The answer begins: what fails from now on cuts it off.
    pub(super) fn now(&self) {
        self.tell(Ok(()));
    }

    /// True if nothing was told before.
    fn tell(&self, how: Result<(), Failure>) -> bool {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A client that is gone does not mind.
        waiting.is_some_and(|waiting| waiting.send(how).is_ok())
    }
}

/// An answer that `work` writes, to be kept as `file` if it is one. Until it begins, a failure is an answer of its own; later it cuts the answer off, so that
/// nobody takes a part for the whole.
pub(super) async fn answer<W>(
    server: &Arc<Server>,
    kind: &'static str,
    file: Option<String>,
    work: W,
) -> Result<Response, Failure>
where
    W: FnOnce(&mut Writer, &Begin, Deadline) -> Result<(), Failure> + Send + 'static,
{
    let turn = server.streams.turn().await?;
    let (guard, deadline) = OnDrop::with(Deadline::after(LIMIT));
    let (chunks, received) = mpsc::channel(2);
    let (waiting, begun) = oneshot::channel();
    let begin = Begin(Mutex::new(Some(waiting)));
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut writer = Writer { chunk: Vec::with_capacity(CHUNK), chunks, runtime };
        let done = work(&mut writer, &begin, deadline);
        let done = done.and_then(|()| writer.send().map_err(|_| Failure::too_slow()));
        if let Err(failure) = done
            && !begin.tell(Err(failure))
        {
            // A client that is gone needs no end.
            let _ = writer.chunks.try_send(Err(io::ErrorKind::Interrupted.into()));
        }
        drop(turn);
    });
    if let Ok(Err(failure)) = begun.await {
        return Err(failure);
    }
    let body = Body::new(Chunks { received, _guard: guard });
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    if let Some(value) = file.and_then(|file| HeaderValue::try_from(format!("attachment; filename=\"{file}\"")).ok()) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

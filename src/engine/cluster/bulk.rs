//! Sends documents in bulk, while the next ones are made.

use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use serde::Deserialize;
use serde_json::Value;

use super::client::Client;
use super::error::ClusterError;

/// Bytes that are sent at once.
const FULL: usize = 5 << 20;

/// How often documents are sent again that the cluster was too busy for: the pauses add up to half a minute.
const TRIES: u32 = 8;

/// Sends documents to the articles of a cluster.
pub(super) struct Bulk {
    /// Each with the line that says what to do with it.
    waiting: Vec<String>,
    bytes: usize,
    /// Batches sent whose answer is not here yet.
    pending: usize,
    batches: Option<Sender<Vec<String>>>,
    answers: Receiver<Result<(), ClusterError>>,
    thread: Option<JoinHandle<()>>,
}

/// What became of each document.
#[derive(Deserialize)]
struct Answer {
    errors: bool,
    items: Vec<Value>,
}

impl Bulk {
    pub(super) fn new(client: Client) -> Self {
        let (batches, to_send) = bounded::<Vec<String>>(1);
        let (answered, answers) = bounded(4);
        let thread = std::thread::spawn(move || {
            for batch in to_send {
                if answered.send(send(&client, batch)).is_err() {
                    break;
                }
            }
        });
        Bulk { waiting: Vec::new(), bytes: 0, pending: 0, batches: Some(batches), answers, thread: Some(thread) }
    }

    /// Adds a document; `id` must be new.
    pub(super) fn add(&mut self, id: &str, document: &str) -> Result<(), ClusterError> {
        let entry = format!("{{\"index\":{{\"_id\":\"{id}\"}}}}\n{document}\n");
        self.bytes += entry.len();
        self.waiting.push(entry);
        if self.bytes >= FULL { self.send() } else { Ok(()) }
    }

    /// Deletes a document, if it is there.
    pub(super) fn delete(&mut self, id: &str) -> Result<(), ClusterError> {
        let entry = format!("{{\"delete\":{{\"_id\":\"{id}\"}}}}\n");
        self.bytes += entry.len();
        self.waiting.push(entry);
        if self.bytes >= FULL { self.send() } else { Ok(()) }
    }

    /// Sends what is left and waits for all answers.
    pub(super) fn flush(&mut self) -> Result<(), ClusterError> {
        self.send()?;
        while self.pending > 0 {
            let Ok(answer) = self.answers.recv() else { break };
            self.pending -= 1;
            answer?;
        }
        Ok(())
    }

    fn send(&mut self) -> Result<(), ClusterError> {
        while let Ok(answer) = self.answers.try_recv() {
            self.pending -= 1;
            answer?;
        }
        let batch = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        if !batch.is_empty()
            && let Some(batches) = &self.batches
            && batches.send(batch).is_ok()
        {
            self.pending += 1;
        }
        Ok(())
    }
}

impl Drop for Bulk {
    fn drop(&mut self) {
        self.batches.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Sends documents until each was taken.
fn send(client: &Client, mut batch: Vec<String>) -> Result<(), ClusterError> {
    let path = format!("{}/_bulk", client.index("articles"));
    let mut pause = Duration::from_millis(100);
    for attempt in 1.. {
        let answer = client.lines(&path, batch.concat().as_bytes())?;
        let refused = |status, what: String| ClusterError::Refused { url: client.shown(), status, what };
        let answer: Answer = serde_json::from_slice(&answer).map_err(|error| refused(200, error.to_string()))?;
        if !answer.errors {
            return Ok(());
        }
        let mut again = Vec::new();
        for (entry, item) in batch.into_iter().zip(&answer.items) {
            let item = item.get("index").or_else(|| item.get("delete"));
            let status = item.and_then(|item| item.get("status")).and_then(Value::as_u64).unwrap_or_default();
            match status {
                200..300 | 404 => {}
                429 | 503 if attempt < TRIES => again.push(entry),
                _ => {
                    let error = item.and_then(|item| item.get("error")).map(Value::to_string).unwrap_or_default();
                    return Err(if error.contains("cluster_block_exception") {
                        ClusterError::Blocked { url: client.shown() }
                    } else {
                        refused(status as u16, error)
                    });
                }
            }
        }
        if again.is_empty() {
            return Ok(());
        }
        batch = again;
        std::thread::sleep(pause);
        pause *= 2;
    }
    Ok(())
}

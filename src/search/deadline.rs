//! When a request gives up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Error;

/// The moment at which a request gives up, and a flag that stops it earlier.
#[derive(Debug, Clone, Default)]
pub struct Deadline {
    /// The limit, and the moment at which it is reached.
    at: Option<(Duration, Instant)>,
    cancelled: Option<Arc<AtomicBool>>,
}

impl Deadline {
    /// A deadline that never comes.
    pub fn none() -> Self {
        Deadline::default()
    }

    /// A deadline `limit` from now.
    pub fn after(limit: Duration) -> Self {
        Deadline { at: Instant::now().checked_add(limit).map(|at| (limit, at)), cancelled: None }
    }

    /// The same, also past as soon as `flag` is set: for clients that go away.
    #[must_use]
    pub fn or_cancelled(self, flag: Arc<AtomicBool>) -> Self {
        Deadline { cancelled: Some(flag), ..self }
    }

    /// True if work should stop.
    pub fn is_past(&self) -> bool {
        self.cancelled.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
            || self.at.is_some_and(|(_, at)| Instant::now() >= at)
    }

    /// An error if work should stop.
    pub fn check(&self) -> Result<(), Error> {
        if self.is_past() { Err(self.error()) } else { Ok(()) }
    }

    /// The error of a request that was stopped.
    pub fn error(&self) -> Error {
        if self.cancelled.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return Error::Cancelled;
        }
        Error::Deadline { limit: self.at.map_or(Duration::ZERO, |(limit, _)| limit) }
    }
}

/// All deadlines are equal, so that requests are compared by what they ask for.
impl PartialEq for Deadline {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Deadline {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_passes_or_is_cancelled() {
        assert!(Deadline::none().check().is_ok());
        assert!(Deadline::after(Duration::from_mins(1)).check().is_ok());
        assert!(matches!(Deadline::after(Duration::ZERO).check(), Err(Error::Deadline { .. })));
        let flag = Arc::new(AtomicBool::new(false));
        let deadline = Deadline::none().or_cancelled(flag.clone());
        assert!(deadline.check().is_ok());
        flag.store(true, Ordering::Relaxed);
        assert!(matches!(deadline.check(), Err(Error::Cancelled)));
    }
}

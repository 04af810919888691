//! What all scans of one request share: its deadline, and the first error of any of them.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::Error;
use crate::search::Deadline;

/// What all scans of one request share. A `DocSet` cannot return errors: a scan that fails keeps its error here and ends,
/// and whoever started it calls [`ScanContext::check`] afterwards.
#[derive(Default)]
pub(crate) struct ScanContext {
    deadline: Deadline,
    failed: Mutex<Option<Error>>,
}

impl ScanContext {
    pub(crate) fn new(deadline: Deadline) -> Arc<Self> {
        Arc::new(ScanContext { deadline, failed: Mutex::default() })
    }

    pub(crate) fn deadline(&self) -> &Deadline {
        &self.deadline
    }

    /// Keeps the first error.
    pub(crate) fn fail(&self, error: Error) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// True if the scan should end since its deadline has passed, which [`ScanContext::check`] then gives as an error.
    pub(crate) fn is_over(&self) -> bool {
        let past = self.deadline.is_past();
        if past {
            self.fail(self.deadline.error());
        }
        past
    }

    /// The first error that was kept, or that of a deadline that has passed.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner).take();
        failed.map_or_else(|| self.deadline.check(), Err)
    }
}

/// Steps between two looks at the clock: some microseconds of work.
const STEPS: u32 = 256;

/// Lists that are opened between two looks at the clock.
pub(crate) const LISTS: usize = 32;

/// Counts the steps of one scan and looks at the clock now and then.
pub(crate) struct Steps {
    context: Arc<ScanContext>,
    left: Cell<u32>,
}

impl Steps {
    pub(crate) fn new(context: Arc<ScanContext>) -> Self {
        Steps { context, left: Cell::new(STEPS) }
    }

    /// Counts `steps`; false if the scan should end, which [`ScanContext::check`] then gives as an error.
    pub(crate) fn go_on(&self, steps: u32) -> bool {
        let left = self.left.get();
        if steps < left {
            self.left.set(left - steps);
            return true;
        }
        self.left.set(STEPS);
        !self.context.is_over()
    }
}

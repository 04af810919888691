//! One manifest for all threads of an ingest.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::Manifest;

/// A manifest that one thread writes while others read.
#[derive(Debug, Clone, Default)]
pub struct SharedManifest(Arc<RwLock<Manifest>>);

impl SharedManifest {
    /// Shares a manifest.
    pub fn new(manifest: Manifest) -> Self {
        SharedManifest(Arc::new(RwLock::new(manifest)))
    }

    /// Read access.
    pub fn read(&self) -> RwLockReadGuard<'_, Manifest> {
        // A panic cannot leave a change half made, so a poisoned lock is safe to use.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Write access.
    pub fn write(&self) -> RwLockWriteGuard<'_, Manifest> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

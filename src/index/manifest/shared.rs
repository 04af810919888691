//! One manifest for all threads of an ingest.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::Manifest;

/// A manifest that several threads look at while one writes.
#[derive(Debug, Clone, Default)]
pub struct SharedManifest(Arc<RwLock<Manifest>>);

impl SharedManifest {
    /// Shares a manifest.
    pub fn new(manifest: Manifest) -> Self {
        SharedManifest(Arc::new(RwLock::new(manifest)))
    }

    /// Looks at it.
    pub fn read(&self) -> RwLockReadGuard<'_, Manifest> {
        // Every change is whole before anything could panic.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes it.
    pub fn write(&self) -> RwLockWriteGuard<'_, Manifest> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

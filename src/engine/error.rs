//! Errors of the index as errors of a request.

use crate::index;
pub use crate::search::Error;

/// tantivy fails.
#[derive(Debug, thiserror::Error)]
#[error("cannot search the index; run `onrecord verify` to see what is wrong")]
struct Unsearchable(#[source] tantivy::TantivyError);

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        Error::Backend(Box::new(Unsearchable(error)))
    }
}

impl From<index::Error> for Error {
    fn from(error: index::Error) -> Self {
        Error::Backend(Box::new(error))
    }
}

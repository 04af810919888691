//! The index on disk: what it holds, how it is written and opened, and how it stays whole.

pub mod analyser;
pub mod block;
mod codec;
pub mod content;
mod document;
pub mod duplicates;
mod error;
pub mod filing;
mod guarded;
mod lock;
mod lookup;
mod manifest;
mod merging;
mod names;
mod open;
mod read_only;
pub mod record;
pub mod schema;
pub mod sketch;
pub mod stretch;
mod survey;
pub mod verify;
mod writer;

pub use codec::Damaged;
pub use error::Error;
pub use filing::Filed;
pub use lock::{Holder, Lock};
pub use lookup::Lookup;
pub use manifest::{
    Entry, Key, Kinship, LoadError, MOST_PROBLEMS, Manifest, Problem, SharedManifest, Source, SourceId, Stamp, State,
};
pub use open::Index;
pub use survey::Survey;
pub use writer::{Settings, Writer};

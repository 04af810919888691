//! How answers look: one file an output format. Searches nothing and changes nothing.

pub mod csv;
pub mod entity;
pub mod explain;
pub mod facets;
pub mod harmless;
pub mod json;
pub mod jsonl;
pub mod kwic;
pub mod marked;
pub mod phrase;
pub mod report;
pub mod status;
pub mod style;
pub mod summary;
pub mod svg;
pub mod terminal;
pub mod timeline;
pub mod wrap;

use std::io;

use crate::search::{Hit, Response};

pub use style::Look;

/// A format for hits. They are handed over one by one, so that answers of any size pass through.
pub trait Sheet {
    /// Starts with what is known before the first hit; `answer.hits` is empty.
    fn open(&mut self, answer: &Response) -> io::Result<()>;

    /// Takes the next hit.
    fn hit(&mut self, hit: &Hit) -> io::Result<()>;

    /// Ends, and writes out what was held back.
    fn close(&mut self) -> io::Result<()>;
}

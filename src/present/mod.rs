//! Output formats, one file each. They neither search nor change what they show.

pub mod check;
pub mod compare;
pub mod csv;
pub mod entity;
pub mod explain;
pub mod facets;
pub mod harmless;
pub mod html;
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

/// A format for hits, which are written one by one, so that an answer of any size takes little memory.
pub trait HitWriter {
    /// Writes what comes before the first hit; `answer.hits` is empty.
    fn open(&mut self, answer: &Response) -> io::Result<()>;

    /// Writes the next hit.
    fn hit(&mut self, hit: &Hit) -> io::Result<()>;

    /// Writes what comes after the last hit.
    fn close(&mut self) -> io::Result<()>;
}

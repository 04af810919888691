//! How answers look: one file an output format. Searches nothing and changes nothing.

pub mod csv;
pub mod jsonl;
pub mod marked;
pub mod phrase;
pub mod style;
pub mod terminal;
pub mod wrap;

pub use style::Look;

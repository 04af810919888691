//! How answers look: one file an output format. Searches nothing and changes nothing.

pub mod csv;
pub mod facets;
pub mod json;
pub mod jsonl;
pub mod kwic;
pub mod marked;
pub mod phrase;
pub mod style;
pub mod svg;
pub mod terminal;
pub mod timeline;
pub mod wrap;

pub use style::Look;

//! How answers look: one file an output format. Searches nothing and changes nothing.

pub mod jsonl;
pub mod marked;

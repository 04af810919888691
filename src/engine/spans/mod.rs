//! Phrases, nearness and counting, decided on positions: the same code for an index and for a text in memory.

pub(crate) mod counts;
pub(crate) mod find;
pub(crate) mod linked;
pub(crate) mod literal;
pub(crate) mod memory;
pub(crate) mod query;
pub(crate) mod relation;

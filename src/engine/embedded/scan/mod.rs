//! Finds the documents that match: candidates from postings, verified on positions.

pub(crate) mod conjunction;
pub(crate) mod context;
pub(crate) mod cursor;
pub(crate) mod field_query;
pub(crate) mod parallel;
mod positions;
pub(crate) mod postings;
pub(crate) mod quotations;
mod span_counter;
pub(crate) mod stored_texts;

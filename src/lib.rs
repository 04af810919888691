//! onrecord: full-text search for news coverage. Every quote, every mention, who said it.
//!
//! The modules are in the order in which the data flows; `ARCHITECTURE.md` says what each must never do.

// What comes from outside may have any length: an index out of range is a case like any other.
#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

pub mod language;
pub mod text;
pub mod article;
#[allow(clippy::indexing_slicing, reason = "rows and columns of a model have the lengths that it was trained with")]
pub mod tagger;
#[allow(
    clippy::indexing_slicing,
    clippy::inline_always,
    reason = "rows are as long as the matrices of a model; what is not inlined is not compiled for the processor's instructions"
)]
pub mod encoder;
#[allow(clippy::indexing_slicing, reason = "the indices are those of a text's own tokens and mentions")]
pub mod entity;
#[allow(clippy::indexing_slicing, reason = "the indices are those of a text's own tokens")]
pub mod quote;
pub mod analysis;
pub mod passage;
pub mod user;
pub mod index;
pub mod corrections;
pub mod ingest;
pub mod query;
pub mod search;
pub mod marks;
pub mod groups;
pub mod engine;
pub mod present;
pub mod answers;
pub mod saved;
pub mod server;
pub mod command;

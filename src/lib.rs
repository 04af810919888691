//! onrecord: full-text search for news coverage. Every quote, every mention, who said it.
//!
//! The modules stand in the order in which the data flows; `ARCHITECTURE.md` says what each must never do.

pub mod analysis;
pub mod article;
pub mod command;
pub mod engine;
pub mod entity;
pub mod index;
pub mod ingest;
pub mod passage;
pub mod present;
pub mod query;
pub mod quote;
pub mod search;
pub mod tagger;
pub mod text;

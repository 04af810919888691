//! onrecord: full-text search for news coverage. Every quote, every mention, who said it.
//!
//! The modules are in the order in which the data flows; `ARCHITECTURE.md` says what each must never do.

pub mod language;
pub mod text;
pub mod article;
pub mod tagger;
pub mod entity;
pub mod quote;
pub mod analysis;
pub mod passage;
pub mod user;
pub mod index;
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

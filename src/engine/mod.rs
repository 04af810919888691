//! Answers requests: a query tree in, hits out.
//!
//! | folder | what it does | depends on tantivy |
//! |---|---|---|
//! | `plan/` | turns the words of a query into terms: forms, synonyms, patterns, unit variants | no |
//! | `spans/` | matches phrases and nearness on positions, in an index as in a text | no |
//! | `hits/` | builds hits from articles: text, highlights, quotations, names | no |
//! | `embedded/` | the engine over one tantivy index on this machine | yes |
//! | `opened` | what both know of their index beside answers | no |
//! | `cluster/` | an index in a cluster of OpenSearch or Elasticsearch | no |
//!
//! ARCHITECTURE.md lists the functions that a query passes through, in order.

pub mod cluster;
mod embedded;
mod error;
mod hits;
mod opened;
mod plan;
mod spans;

pub use self::embedded::Engine;
pub use self::error::Error;
pub use self::opened::OpenIndex;

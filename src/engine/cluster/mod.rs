//! An index in a cluster of OpenSearch or Elasticsearch.
//!
//! | file | what it does |
//! |---|---|
//! | `client`, `error` | calls over HTTP, and why they fail |
//! | `store`, `lease` | the indices, the last commit, files, and who writes |
//! | `bulk`, `writer` | articles in and out |
//! | `superset` | the query tree as a query that finds all articles with a hit, and some others |
//! | `reader` | answers, by an engine in memory over these articles |

mod bulk;
mod client;
mod error;
mod lease;
mod reader;
mod store;
mod superset;
mod writer;

pub use client::{Client, Credentials};
pub use error::ClusterError;
pub use reader::Cluster;
pub use store::Mirror;
pub use writer::Writer;

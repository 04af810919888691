//! An index in a cluster of OpenSearch or Elasticsearch.
//!
//! | file | what it does |
//! |---|---|
//! | `client`, `error` | calls over HTTP, and why they fail |
//! | `store`, `lease` | the indices, the last commit, files, and who writes |
//! | `mirror` | what people made |
//! | `bulk`, `writer` | articles in and out |
//! | `superset` | the query tree as a query that finds all articles with a hit, and some others |
//! | `point_in_time` | the articles of one commit, page by page |
//! | `candidates` | the articles that may have hits, and an engine in memory over them |
//! | `reader` | answers by such an engine |

mod bulk;
mod candidates;
mod client;
mod error;
mod lease;
mod mirror;
mod point_in_time;
mod reader;
mod store;
mod superset;
mod writer;

pub use client::{Client, Credentials};
pub use error::ClusterError;
pub use mirror::Mirror;
pub use reader::Cluster;
pub use writer::{Committed, Writer};
